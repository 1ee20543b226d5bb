"""`identity-center`: what `pulumi` has no verb for. One module for each verb."""

import argparse
import gc
import os
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

from identity_center.packaged_files import IncompleteInstallationError
from identity_center_cli.command_parser import COMMAND, CommandParser
from identity_center_cli.connection import UnusableOutputsError
from identity_center_cli.exit_status import COULD_NOT_READ
from identity_center_cli.file_errors import told
from identity_center_cli.installed import version
from identity_center_cli.verbs import completion
from identity_guard.iam.catalogue.data import MissingDataError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

EPILOG: Final = """Credentials come from where boto3 finds them: the environment, a profile, a role.
`identity-center COMMAND --help` shows examples.
Exit status: 0 all is as it should be, 1 something is not, 2 it could not be read or the call was wrong."""
VERBS: Final[Mapping[str, str]] = {
    "init": "init",
    "schemas": "init",
    "pack-path": "paths",
    "components-path": "paths",
    "validate": "validate",
    "check": "check.verb",
    "explain": "explain.verb",
    "report": "report",
    "graph": "graph",
    "changes": "changes.verb",
    "review": "review",
    "grant": "grant",
    "expire": "expire",
    "profiles": "profiles.verb",
    "access": "access.verb",
    "verify": "verify.verb",
    "snapshot": "snapshot",
    "adopt": "adopt.verb",
    "drift": "drift.verb",
    "recover": "recover.verb",
    "provision": "provision",
    "organisation": "organisation",
    "root": "root.verb",
    "mfa": "mfa",
    "completion": "completion",
}
"""Each verb, in the order of the help text, and its module of `verbs`. Only what is asked for is loaded: some
need the SDK of pulumi-aws, which takes a second."""
ERRORS: Final = (IncompleteInstallationError, MissingDataError, UnusableOutputsError)
"""What ends any verb with a message of its own, besides what AWS answers. A verb's module names more, as its
`ERRORS`."""
OBJECTS_BETWEEN_COLLECTIONS: Final = 50_000
"""A few megabytes."""
#: The status of a program that ends because nobody reads what it says, as shells report it.
NOBODY_READS: Final = 128 + signal.SIGPIPE


class VerbModule(Protocol):
    """What a module of `verbs` has."""

    def add_verb(self, verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
        """Add the module's verbs to the command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit status."""
    if arguments is None:
        _collect_rarely()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # As with `identity-center … | head`. Python would complain once more when it closes the output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    return status


def _collect_rarely() -> None:
    """Look for rings of objects rarely, as fits a process that reads much, answers once and ends.

    Python looks after every 700 objects that stay, which takes a fifth of the time that a stack of 5,000
    identities takes (bench/who_can.py). Whoever calls `main` in a process of their own keeps their settings.
    """
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


def _run(arguments: Sequence[str] | None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    modules = [*_modules(words)]
    parsed = _parser(modules).parse_args(words)
    try:
        status: int = parsed.act(parsed)
    except BrokenPipeError:
        raise
    except Exception as error:
        text = _told(error, modules)
        if text is None:
            raise
        return _refuse(text)
    return status


def _told(error: Exception, modules: Iterable[VerbModule]) -> str | None:
    """Return the message with which an error ends a verb; None for one that no verb expects."""
    from identity_center_cli.failed_calls import told_of_aws  # noqa: PLC0415  # loads botocore, which takes long

    if (text := told_of_aws(error)) is not None:
        return text
    if isinstance(error, OSError):
        return told(error)
    return str(error) if isinstance(error, _errors(modules)) else None


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line, all verbs included."""
    return _parser(_modules(()))


def _modules(words: Sequence[str]) -> Iterable[VerbModule]:
    """Load the module of the verb that begins the command line; all where none does, as for `--help`."""
    if completion.asked_for():
        words = completion.words()
    if [*words] == ["--version"]:
        return
    asked = VERBS.get(words[0]) if words else None
    for name in dict.fromkeys([asked] if asked else VERBS.values()):
        yield cast("VerbModule", import_module(f"identity_center_cli.verbs.{name}"))


def _parser(modules: Iterable[VerbModule]) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = CommandParser(
        prog="identity-center",
        description="Tells what an organisation's access to AWS really is.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--version", action="version", version=f"%(prog)s {version()}")
    verbs = command.add_subparsers(title="commands", metavar=COMMAND, required=True)
    for module in modules:
        module.add_verb(verbs)
    completion.complete(command)
    return command


def _errors(modules: Iterable[VerbModule]) -> tuple[type[Exception], ...]:
    """Return what ends the verbs of these modules with a message of its own."""
    return (*ERRORS, *(error for module in modules for error in getattr(module, "ERRORS", ())))


def _refuse(text: str) -> int:
    sys.stderr.write(f"identity-center: {text}\n")
    return COULD_NOT_READ
