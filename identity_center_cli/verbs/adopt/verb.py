"""`identity-center adopt`: what exists becomes a model as a person would write it, and is imported."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center.model.adoption.adopting import EVERYTHING, READ_FOR, Share
from identity_center.model.adoption.import_file import import_file
from identity_center.model.adoption.open_file import UnchangeableFileError
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.least_calls import PER_SECOND
from identity_center.model.existing.parts import Part, Unread, with_needs
from identity_center.model.existing.snapshot_file import UnusableExistingError
from identity_center.model.language.clock import clock
from identity_center.model.organisation.organisation import AccountState, UnreadOrganisationError
from identity_center.model.reading.sources import project_of
from identity_center_cli.aws.organisation import read_organisation
from identity_center_cli.aws.private_file import write_text
from identity_center_cli.connection import add_connection_options, connection
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.numbers import positive
from identity_center_cli.verbs.adopt.folder import Adopted, Asked, adopt_into, offered
from identity_center_cli.verbs.adopt.pulumi import Pulumi, PulumiError
from identity_center_cli.verbs.adopt.selecting import Choose, asked, marked, nothing, write_offers
from identity_center_cli.verbs.adopt.verifying import verify
from identity_center_cli.verbs.adopt.where import UnadoptableError, Where, where_written
from identity_center_cli.verbs.snapshot import read_as_told, read_snapshot_file

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Writes what an Identity Center instance holds as an access model, and the file with
which `pulumi import` takes it into a stack. A folder that has a model keeps every line of it: what exists
and is not said there is added. What somebody else owns is left out and listed. Nothing in AWS is changed.
Exit status: 0 done; 1 with --verify: something was not imported, or the preview is not empty; 2 something
could not be read, or nothing was written."""
DEFAULT_FILE: Final = "identity-center.import.json"
ERRORS: Final = (UnadoptableError, UnchangeableFileError, UnusableExistingError, PulumiError)
"""What ends the verb with a message."""
#: What is counted, by its key in the model.
_WORDS: Final = {
    "users": ("user", "users"),
    "groups": ("group", "groups"),
    "members": ("member of a group", "members of groups"),
    "externalUsers": ("user from elsewhere", "users from elsewhere"),
    "externalGroups": ("group from elsewhere", "groups from elsewhere"),
    "permissionSets": ("permission set", "permission sets"),
    "externalPermissionSets": ("permission set of somebody else's", "permission sets of somebody else's"),
    "assignments": ("entry of assignments", "entries of assignments"),
    "applications": ("application", "applications"),
    "entitlements": ("entry of role entitlements", "entries of role entitlements"),
    "accessControlAttributes": ("attribute for access control", "attributes for access control"),
    "additionalRegions": ("additional Region", "additional Regions"),
}
#: In the place of a file: somebody is asked.
_ASK: Final = Path("-")
#: So many of what is left out for one reason are named.
_NAMED: Final = 10


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    text = "write what exists as a model, and import it"
    verb = with_examples(
        verbs.add_parser("adopt", help=text, description=DESCRIPTION),
        "identity-center adopt --into access/ --region eu-central-1",
        "identity-center adopt --into access/ --verify",
        "identity-center adopt --into access/ --only people permission-sets",
        "identity-center adopt --into access/ --selections selections.yaml",
        "identity-center adopt --into access/ --snapshot identity-center.snapshot.json",
    )
    verb.add_argument("--into", type=Path, required=True, metavar="FOLDER", help="the folder of the model")
    verb.add_argument(
        "--only", nargs="+", dest="shares", type=_share, metavar="PART", default=None,
        help=f"adopt these (default: everything): {', '.join(each.value for each in Share)}",
    )  # fmt: skip
    verb.add_argument(
        "--snapshot", type=Path, metavar="FILE", help="what `snapshot` wrote, instead of asking AWS"
    )
    verb.add_argument(
        "--selections", type=Path, nargs="?", const=_ASK, metavar="FILE",
        help="offer units, tags and `all` in the place of lists of accounts of new entries, each with what "
        "it would reach later: ask for each, or write them to FILE, and take what is marked in it next time",
    )  # fmt: skip
    verb.add_argument(
        "--import-file", type=Path, default=Path(DEFAULT_FILE), metavar="FILE",
        help=f"where to write what `pulumi import --file` takes (default: {DEFAULT_FILE})",
    )  # fmt: skip
    verb.add_argument(
        "--verify", "--import", action="store_true", dest="verify",
        help="import with Pulumi, preview, and name each difference",
    )  # fmt: skip
    verb.add_argument(
        "--project", type=Path, metavar="FOLDER",
        help="with --verify: the Pulumi project (default: the nearest one above the model)",
    )  # fmt: skip
    verb.add_argument(
        "--stack", metavar="NAME",
        help="whose file is read beside the folder (default: the only one that says something of a model), "
        "and with --verify, which one imports (default: the one that is selected)",
    )  # fmt: skip
    add_connection_options(verb, instance=True)
    verb.add_argument(
        "--requests-per-second", type=positive, default=float(PER_SECOND), metavar="N",
        help=f"default: {PER_SECOND}, all that the service takes",
    )  # fmt: skip
    verb.set_defaults(act=_act)


def _share(text: str) -> Share:
    try:
        return Share(text)
    except ValueError as error:
        known = ", ".join(each.value for each in Share)
        raise argparse.ArgumentTypeError(
            f"`{text}` cannot be adopted by itself; there are: {known}"
        ) from error


def _act(arguments: argparse.Namespace) -> int:
    shares = frozenset(arguments.shares or EVERYTHING)
    where = where_written(arguments.into, arguments.stack)
    existing = _existing(arguments, shares)
    unread = list(_unread(existing, shares))
    for each in unread:
        sys.stderr.write(f"NOT READ: {each}\n")
    asked_for = Asked(shares, clock(os.environ))
    choose = _choose(arguments, where, existing, asked_for)
    if choose is None:
        return COULD_NOT_READ if unread else AS_IT_SHOULD_BE
    adopted = adopt_into(where, existing, asked_for, choose)
    write_text(import_file(adopted.beside.imports, version("pulumi-aws")), arguments.import_file)
    sys.stdout.write("".join(f"{line}\n" for line in _told(adopted, arguments)))
    whole = _verified(arguments, existing) if arguments.verify else True
    if unread:
        return COULD_NOT_READ
    return AS_IT_SHOULD_BE if whole else NOT_AS_IT_SHOULD_BE


def _choose(
    arguments: argparse.Namespace, where: Where, existing: Existing, asked_for: Asked
) -> Choose | None:
    """Return what takes selections; None where a file of them was only written."""
    names = {account.id: account.name for account in existing.accounts}
    file: Path | None = arguments.selections
    if file is None:
        return nothing
    if file == _ASK:
        return asked(names)
    if file.exists():
        return marked(file)
    found = offered(where, existing, asked_for)
    write_offers(found, names, file)
    sys.stdout.write(
        f"{len(found)} selections could stand in the place of lists of accounts; they are in {file}, and "
        "nothing else was written\n"
        "next: mark with `take: true` what is to be written, and run the same command again\n"
    )
    return None


def _existing(arguments: argparse.Namespace, shares: frozenset[Share]) -> Existing:
    if arguments.snapshot is None:
        parts = with_needs(frozenset(part for share in shares for part in READ_FOR[share]))
        parts |= {Part.ACCOUNT_TAGS} if arguments.selections is not None else frozenset()
        arguments.only = sorted(parts, key=lambda part: part.value)
        return read_as_told(arguments, keep_in=None)
    return read_snapshot_file(arguments.snapshot)


def _unread(existing: Existing, shares: frozenset[Share]) -> Iterator[Unread]:
    """Yield what is wanted and not known; a snapshot may have left it out as well."""
    wanted = {part.value for part in with_needs(frozenset(p for share in shares for p in READ_FOR[share]))}
    return (each for each in existing.unread if each.part in wanted)


def _told(adopted: Adopted, arguments: argparse.Namespace) -> Iterator[str]:
    files = ", ".join(str(arguments.into / name) for name in adopted.texts)
    said = f": new in {files}" if files else ": the model says all that it can"
    yield f"{_counted(adopted)}{said}"
    count = len(adopted.beside.imports.ids)
    yield f"{count} resources exist and are in the model; their import ids are in {arguments.import_file}"
    by_why: dict[str, list[str]] = {}
    for each in adopted.proposal.left_out:
        by_why.setdefault(each.why, []).append(each.what)
    for why, listed in by_why.items():
        yield from (f"left out: {what}: {why}" for what in listed[:_NAMED])
        if len(listed) > _NAMED:
            yield f"left out: {len(listed) - _NAMED} more: {why}"
    yield from (f"warning: {each}" for each in adopted.proposal.warnings)
    if not arguments.verify:
        yield from _next(arguments)


def _counted(adopted: Adopted) -> str:
    """Count what is new, in the order of a model."""
    said = [*adopted.proposal.mappings.items(), *adopted.proposal.lists.items()]
    counts = Counter({place[-1]: 0 for place, _ in said})
    for place, each in said:
        counts[place[-1]] += len(each)
    shown = [(counts[part], words) for part, words in _WORDS.items() if counts[part]]
    return ", ".join(f"{count} {words[count > 1]}" for count, words in shown) or "nothing is new"


def _next(arguments: argparse.Namespace) -> Iterator[str]:
    yield "next, in the project's folder:"
    yield f"  pulumi config set identity-center:modelFolder {arguments.into}"
    yield f"  identity-center adopt --into {arguments.into} --verify"


def _verified(arguments: argparse.Namespace, existing: Existing) -> bool:
    project = arguments.project or project_of(arguments.into)
    stack = Pulumi(project, arguments.stack)
    found = verify(stack, arguments.import_file, existing, partial(_closed, arguments))
    sys.stdout.write("".join(f"{line}\n" for line in found.lines()))
    return found.is_whole


def _closed(arguments: argparse.Namespace) -> frozenset[str]:
    """Ask which accounts are not in use; none where AWS does not say, since it only gives a reason."""
    try:
        organisation = read_organisation(connection(arguments).settings(), frozenset())
    except UnreadOrganisationError:
        return frozenset()
    accounts = (organisation.accounts or {}).items()
    return frozenset(each for each, account in accounts if account.state is not AccountState.ACTIVE)
