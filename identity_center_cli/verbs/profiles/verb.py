"""`identity-center profiles`: what people need to use their access from a terminal."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center_cli.aws.portal.sso_session import SsoSession
from identity_center_cli.connection import (
    NoPortalError,
    add_outputs_option,
    add_portal_options,
    read_outputs,
    sso_session,
)
from identity_center_cli.exit_status import AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.report.of_person import UnknownPersonError
from identity_center_cli.report.of_stack import NOT_OF_A_STATE, report_of
from identity_center_cli.stacks.options import add_stack_options
from identity_center_cli.stacks.recorded import UnusableStackError
from identity_center_cli.stacks.snapshots import UnusableModelError

from .config_file import UnusableConfigFileError, kept_profiles, merged, part_of, write_config
from .wanted import Profile, wanted_profiles

if TYPE_CHECKING:
    from argparse import _SubParsersAction


DESCRIPTION: Final = """Writes an sso-session and a profile for each account and permission set that a model
or state grants, as the AWS CLI and the SDKs read them: sign in once with `aws sso login --sso-session NAME`,
then `aws --profile ACCOUNT-SET ...`. Nothing is asked of AWS or the portal. With --write, an existing file
keeps every byte that this command did not write; profiles of access that is gone stay until --prune."""


class IncompleteQuestionError(ValueError):
    """The options do not say enough."""


ERRORS: Final = (
    IncompleteQuestionError,
    NoPortalError,
    UnknownPersonError,
    UnusableConfigFileError,
    UnusableModelError,
    UnusableStackError,
)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "profiles", help="profiles of the AWS CLI for what is granted", description=DESCRIPTION
        ),
        "pulumi stack output --json > outputs.json",
        "identity-center profiles --model access/ --outputs outputs.json --for ada",
        "identity-center profiles --model access/ --outputs outputs.json --for ada --write ~/.aws/config",
    )
    add_stack_options(verb)
    verb.add_argument(
        "--organisation", type=Path, metavar="FILE", help="names of accounts: a snapshot of them"
    )
    verb.add_argument("--for", dest="person", metavar="PERSON", help="one person's (default: everybody's)")
    portal = verb.add_argument_group("where people sign in")
    add_outputs_option(portal)
    add_portal_options(portal)
    verb.add_argument("--region", metavar="REGION", help="what the profiles work in (default: not said)")
    verb.add_argument(
        "--write", type=Path, metavar="FILE", help="add to this file, such as ~/.aws/config (default: print)"
    )
    verb.add_argument("--prune", action="store_true", help="with --write: drop those of access that is gone")
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    session = _session(arguments)
    report = report_of(arguments.model, arguments.state, arguments.organisation)
    profiles, notes = wanted_profiles(report, arguments.person)
    for note in (*notes, *(each for each in report.notes if each not in NOT_OF_A_STATE)):
        sys.stderr.write(f"note: {note}\n")
    if arguments.write is None:
        sys.stdout.write(part_of(session, profiles, arguments.region))
    else:
        _write(arguments, session, profiles)
    return AS_IT_SHOULD_BE


def _session(arguments: argparse.Namespace) -> SsoSession:
    if arguments.prune and arguments.write is None:
        raise IncompleteQuestionError("--prune belongs to --write: what is printed has no earlier profiles")
    return sso_session(arguments, read_outputs(arguments.outputs) if arguments.outputs else {})


def _write(arguments: argparse.Namespace, session: SsoSession, profiles: Iterable[Profile]) -> None:
    path: Path = arguments.write.expanduser()
    text = _read(path)
    earlier = kept_profiles(text, session.name)
    new = {each.name: each for each in profiles}
    gone = [each for each in earlier if each.name not in new]
    kept = {} if arguments.prune else {each.name: each for each in gone}
    part = part_of(session, sorted((new | kept).values()), arguments.region)
    write_config(path, merged(text, session.name, part))
    added = len(new.keys() - {each.name for each in earlier})
    told = f"{path}: {len(new)} profiles, {added} of them new"
    if gone:
        names = ", ".join(each.name for each in gone)
        told += (
            f"; dropped: {names}" if arguments.prune else f"; no longer granted: {names} (--prune drops them)"
        )
    sys.stdout.write(f"{told}\nsign in with: aws sso login --sso-session {session.name}\n")


def _read(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError as error:
        raise UnusableConfigFileError(f"{os.fspath(path)} is not in UTF-8; nothing was written") from error
