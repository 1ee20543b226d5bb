"""`identity-center grant`: access that ends at an hour, written into the model."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from identity_center.model.access.grants import Access
from identity_center.model.adoption.open_file import UnchangeableFileError
from identity_center.model.adoption.proposal import Proposal
from identity_center.model.adoption.written_files import written_files
from identity_center.model.language.accounts import is_account_id
from identity_center.model.language.clock import end_of_access, said
from identity_center.model.language.keys.values import DEFAULT_SESSION, LONGEST, PrincipalType, parse_duration
from identity_center.model.mistakes import WrongValueError
from identity_center.model.organisation.organisation import Organisation
from identity_center_cli.aws import clock
from identity_center_cli.exit_status import AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.stacks.model_texts import texts_of, write_texts
from identity_center_cli.stacks.named import (
    ACCOUNT,
    PERMISSION_SET,
    PERSON,
    UnknownNameError,
    accounts_of,
    find,
    organisation_of,
    people_of,
    sets_of,
)
from identity_center_cli.stacks.snapshots import UnusableModelError
from identity_center_cli.stacks.written_model import WrittenModel, read_written, refused

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Writes into a folder of the model that a person gets a permission set in accounts for
some hours, and says when the access really ends. It begins with the next update and is taken away by the
first run after its end: let a scheduler run `identity-center expire`. Nothing is written where the model
would have a mistake, or where the person has the access already. AWS is not asked."""
HEADER: Final = "# Written by `identity-center grant`. Change it as you like.\n"


class UngrantableError(ValueError):
    """The grant would be wrong, or would give nothing; nothing was written."""


ERRORS: Final = (
    UngrantableError, UnknownNameError, UnusableModelError, UnchangeableFileError, WrongValueError
)  # fmt: skip


@dataclass(frozen=True)
class _Wanted:
    """Who gets what, where, until when; by keys and numbers."""

    person: str
    permission_set: str
    accounts: tuple[str, ...]
    """As they are written: numbers where the organisation is known, else as they were given."""
    end: date

    def entry(self, arguments: argparse.Namespace) -> dict[str, Any]:
        """Return the entry of the model."""
        terms = {"owner": arguments.owner, "reason": arguments.reason, "ticket": arguments.ticket}
        end = self.end
        return {
            "user": self.person,
            "permissionSets": [self.permission_set],
            "accounts": list(self.accounts),
            **{name: text for name, text in terms.items() if text},
            "expires": clock.written(end) if isinstance(end, datetime) else end.isoformat(),
        }


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser("grant", help="access that ends at an hour", description=DESCRIPTION),
        'identity-center grant ada deploying shop-production --for 4h --reason "INC-7: payments fail"',
        "identity-center grant ada deploying 444444444444 --until 2026-12-01T18:00:00+01:00 --reason audit",
    )
    verb.add_argument("person", metavar="PERSON", help="key, user name, display name or e-mail address")
    verb.add_argument("permission_set", metavar="SET", help="key or name of a permission set")
    verb.add_argument("accounts", metavar="ACCOUNT", nargs="+", help="number or name of an account")
    end = verb.add_mutually_exclusive_group(required=True)
    end.add_argument("--for", dest="duration", type=_duration, metavar="TIME", help="such as 4h or 90m")
    end.add_argument("--until", type=_end, metavar="END", help="a last day, or a moment with its zone")
    verb.add_argument("--reason", required=True, metavar="TEXT", help="why it is given")
    verb.add_argument("--ticket", metavar="TEXT", help="where it was asked for and agreed")
    verb.add_argument("--owner", metavar="TEXT", help="who answers for it")
    verb.add_argument(
        "--model", type=Path, default=Path("access"), metavar="FOLDER",
        help="the folder of the model (default: access)",
    )  # fmt: skip
    verb.add_argument(
        "--organisation", type=Path, metavar="FILE",
        help="names of accounts: a snapshot of them (default: what the model names)",
    )  # fmt: skip
    verb.set_defaults(act=_act)


def _duration(text: str) -> timedelta:
    duration = parse_duration(text)
    if not duration:
        raise argparse.ArgumentTypeError(f"`{text}` is not a time such as 4h, 90m or 1h30m")
    return duration


def _end(text: str) -> date:
    try:
        return end_of_access(text)
    except WrongValueError as error:
        raise argparse.ArgumentTypeError(f"`{text}` {error}") from error


def _act(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.model
    if not folder.is_dir():
        raise UngrantableError(f"{folder} is no folder of a model; name it with --model")
    written = _read(folder, folder, arguments.organisation)
    organisation = organisation_of(written, arguments.organisation)
    wanted = _wanted(arguments, written.assembled.access, organisation)
    _refuse_what_is_there(wanted, written.assembled.access)
    accounts = (organisation and organisation.accounts) or {}
    names = {number: each.name for number, each in accounts.items()}
    proposal = Proposal(lists={("assignments",): [wanted.entry(arguments)]})
    texts = written_files(proposal, texts_of(folder), names, HEADER)
    after = _tried(folder, texts, organisation)
    write_texts(folder, texts)
    sys.stdout.write("".join(f"{line}\n" for line in _told(folder, texts, wanted, after, names)))
    return AS_IT_SHOULD_BE


def _read(place: Path, folder: Path, organisation: Path | Organisation | None) -> WrittenModel:
    written = read_written(place, organisation)
    if written.assembled.mistakes:
        told = refused(written.assembled.mistakes, folder, written.sources.places)
        raise UngrantableError(f"{folder}: nothing was written\n{told}")
    return written


def _tried(folder: Path, texts: Mapping[str, str], organisation: Organisation | None) -> WrittenModel:
    """Read the model as it would be, in the organisation as read: no snapshot is beside the copy."""
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / (folder.resolve().name or "access")
        shutil.copytree(folder, copy)
        write_texts(copy, texts)
        return _read(copy, folder, organisation)


def _wanted(arguments: argparse.Namespace, access: Access, organisation: Organisation | None) -> _Wanted:
    now = clock.now()
    end = arguments.until or (now + arguments.duration).replace(second=0)
    if (end <= now) if isinstance(end, datetime) else (end < now.date()):
        raise UngrantableError(f"{said(end)} is over already; nothing was written")
    known = accounts_of(organisation)
    return _Wanted(
        find(arguments.person, PERSON, people_of(access)),
        find(arguments.permission_set, PERMISSION_SET, sets_of(access)),
        tuple(find(each, ACCOUNT, known) if known else each for each in arguments.accounts),
        end,
    )


def _refuse_what_is_there(wanted: _Wanted, access: Access) -> None:
    """Refuse what the person has without an end: the grant would give nothing and take nothing away."""
    groups = {key for key, group in access.groups.items() if wanted.person in group.members}
    for grant in access.grants:
        through_group = grant.kind == PrincipalType.GROUP.value and grant.principal in groups
        is_own = grant.kind == PrincipalType.USER.value and grant.principal == wanted.person
        same = grant.permission_set == wanted.permission_set and grant.account_id in wanted.accounts
        if same and (through_group or is_own):
            way = f"through group {grant.principal}" if through_group else "directly"
            raise UngrantableError(
                f"{wanted.person} has {grant.permission_set} in {grant.account_id} already, {way}; "
                "nothing was written"
            )


def _told(
    folder: Path, texts: Mapping[str, str], wanted: _Wanted, after: WrittenModel, names: Mapping[str, str]
) -> Sequence[str]:
    access = after.assembled.access
    name, made = access.set_names[wanted.permission_set], access.permission_sets.get(wanted.permission_set)
    # How long a session of somebody else's set lasts nobody says here: it may be the longest that there is.
    session = (parse_duration(made.entry.session_duration or DEFAULT_SESSION) if made else None) or LONGEST
    where = ", ".join(f"{names[each]} ({each})" if each in names else each for each in wanted.accounts)
    files = ", ".join(str(folder / each) for each in texts)
    lines = [
        f"{files}: {wanted.person} gets {name} in {where}",
        "begins with the next update",
        _end_in_truth(wanted.end, session),
    ]
    if not names and not all(map(is_account_id, wanted.accounts)):
        lines.append("the names of accounts are unchecked: no snapshot of the organisation is named")
    return [*lines, "next: commit it, then pulumi up; let a scheduler run identity-center expire"]


def _end_in_truth(end: date, session: timedelta) -> str:
    """Say when nobody can use the access any more: a session outlives the assignment that it began by.

    Source: AWS IAM Identity Center user guide, "Set session duration for AWS accounts".
    """
    is_moment = isinstance(end, datetime)
    over = end if isinstance(end, datetime) else datetime.combine(end + timedelta(days=1), time(), UTC)
    last = said(over + session)
    first_run = f"the first run after {said(over) if is_moment else end}"
    return f"taken away by {first_run}; sessions begun before may last until {last}"
