"""`identity-center`: what `pulumi` has no verb for. One module for each verb."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError, NoRegionError
from botocore.parsers import ResponseParserError

from identity_center.packaged_files import IncompleteInstallationError
from identity_center_cli.aws.answers import BrokenAnswerError
from identity_center_cli.aws.instance.found import InstanceNotFoundError
from identity_center_cli.connection import NO_REGION, UnusableOutputsError
from identity_center_cli.exit_status import COULD_NOT_READ
from identity_center_cli.file_errors import told
from identity_center_cli.installed import version
from identity_center_cli.verbs import (
    access,
    completion,
    expire,
    grant,
    init,
    mfa,
    organisation,
    paths,
    provision,
    report,
    review,
    snapshot,
    validate,
)
from identity_center_cli.verbs.adopt import verb as adopt
from identity_center_cli.verbs.changes import verb as changes
from identity_center_cli.verbs.check import verb as check
from identity_center_cli.verbs.drift import verb as drift
from identity_center_cli.verbs.explain import verb as explain
from identity_center_cli.verbs.profiles import verb as profiles
from identity_center_cli.verbs.recover import verb as recover
from identity_center_cli.verbs.root import verb as root
from identity_guard.iam.catalogue.data import MissingDataError

EPILOG: Final = """Credentials come from where boto3 finds them: the environment, a profile, a role.
`identity-center COMMAND --help` shows examples.
Exit status: 0 all is as it should be, 1 something is not, 2 it could not be read or the call was wrong."""
VERBS: Final = (
    init,
    paths,
    validate,
    check,
    explain,
    changes,
    report,
    review,
    grant,
    expire,
    profiles,
    access,
    snapshot,
    adopt,
    drift,
    recover,
    provision,
    organisation,
    root,
    mfa,
    completion,
)
ERRORS: Final = (
    BotoCoreError,
    ClientError,
    IncompleteInstallationError,
    InstanceNotFoundError,
    MissingDataError,
    UnusableOutputsError,
    *init.ERRORS,
    *organisation.ERRORS,
    *check.ERRORS,
    *validate.ERRORS,
    *explain.ERRORS,
    *changes.ERRORS,
    *report.ERRORS,
    *expire.ERRORS,
    *grant.ERRORS,
    *review.ERRORS,
    *profiles.ERRORS,
    *root.ERRORS,
    *mfa.ERRORS,
    *adopt.ERRORS,
    *drift.ERRORS,
    *snapshot.ERRORS,
    *recover.ERRORS,
    *provision.ERRORS,
)
"""What ends a verb with a message of its own."""
#: The status of a program that ends because nobody reads what it says, as shells report it.
NOBODY_READS: Final = 128 + signal.SIGPIPE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit status."""
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # As with `identity-center … | head`. Python would complain once more when it closes the output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    return status


def _run(arguments: Sequence[str] | None) -> int:
    parsed = parser().parse_args(arguments)
    try:
        status: int = parsed.act(parsed)
    except BrokenPipeError:
        raise
    except (BrokenAnswerError, ResponseParserError):
        # botocore's text quotes the answer.
        return _refuse(str(BrokenAnswerError()))
    except NoRegionError:
        return _refuse(NO_REGION)
    except OSError as error:
        return _refuse(told(error))
    except ERRORS as error:
        return _refuse(str(error))
    return status


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line, all verbs included."""
    command = argparse.ArgumentParser(
        prog="identity-center",
        description="Tells what an organisation's access to AWS really is.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--version", action="version", version=f"%(prog)s {version()}")
    verbs = command.add_subparsers(title="commands", required=True)
    for verb in VERBS:
        verb.add_verb(verbs)
    completion.complete(command)
    return command


def _refuse(text: str) -> int:
    sys.stderr.write(f"identity-center: {text}\n")
    return COULD_NOT_READ
