"""`identity-center drift`: what AWS has otherwise than the code says."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center.model.existing.drift import Drift, Drifted, compare, narrowed, read_for
from identity_center.model.existing.excerpt import excerpt
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.ignoring import sift
from identity_center.model.existing.snapshot_file import UnusableExistingError
from identity_center.model.language.clock import clock
from identity_center.model.language.ignored_drift import IgnoredDriftEntry
from identity_center_cli.aws.instance.reader import EVERYTHING
from identity_center_cli.connection import Connection, connection
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.stacks.options import add_stack_options
from identity_center_cli.stacks.recorded import UnusableStackError, read_state
from identity_center_cli.stacks.snapshots import UnusableModelError
from identity_center_cli.stacks.written_model import read_usable
from identity_center_cli.verbs.adopt.verb import DEFAULT_FILE
from identity_center_cli.verbs.adopt.verb import ERRORS as ADOPT_ERRORS
from identity_center_cli.verbs.drift.adopting import adopt
from identity_center_cli.verbs.drift.desired_things import Desired, of_model, of_state
from identity_center_cli.verbs.drift.forms import FORMS
from identity_center_cli.verbs.drift.history import History, read_history
from identity_center_cli.verbs.drift.removing import NobodyToAskError, remove
from identity_center_cli.verbs.drift.told import Told
from identity_center_cli.verbs.snapshot import add_reading_options, read_as_told, read_snapshot_file

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Names what AWS has otherwise than the code says: in the code and not in AWS, in AWS
and not in the code, changed; and assignments of principals that are gone, sets in accounts where nobody is
assigned and accounts with an older form of a set. Nothing is changed. Exit status: 0 no drift, 1 drift,
2 something could not be read."""


class UnfitOptionsError(Exception):
    """Options that do not go together."""


ERRORS: Final = (
    UnusableStackError,
    UnusableModelError,
    UnusableExistingError,
    UnfitOptionsError,
    NobodyToAskError,
    *ADOPT_ERRORS,
)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser("drift", help="what AWS has otherwise than the code says", description=DESCRIPTION),
        "identity-center drift --model access/ --region eu-central-1",
        "pulumi stack export --show-secrets | identity-center drift --state - --format markdown",
        "identity-center drift --model access/ --snapshot identity-center.snapshot.json --format csv",
    )
    add_stack_options(verb)
    verb.add_argument(
        "--snapshot", type=Path, metavar="FILE", help="what `snapshot` wrote, instead of asking AWS"
    )
    verb.add_argument(
        "--ignored-in", type=Path, metavar="PATH",
        help="with --state: the stack's file or folder of the model whose `ignoredDrift` holds",
    )  # fmt: skip
    verb.add_argument(
        "--who", action="store_true",
        help="ask CloudTrail who made each difference, and when: the history of 90 days of the account and "
        "Region that are asked",
    )  # fmt: skip
    verb.add_argument("--format", choices=tuple(FORMS), default="human", help="default: human")
    _add_actions(verb)
    add_reading_options(verb)
    verb.set_defaults(act=_act)


def _add_actions(verb: argparse.ArgumentParser) -> None:
    group = verb.add_argument_group("what to do about it")
    action = group.add_mutually_exclusive_group()
    action.add_argument(
        "--adopt", action="store_true",
        help="add what is extra to the model's folder and, after showing it and asking, write what is "
        "changed over what the model says; and write what `pulumi import` takes",
    )  # fmt: skip
    action.add_argument(
        "--remove", action="store_true",
        help="take away what is extra, after showing it and asking: grants and policies first, then "
        "boundaries, then sets, groups and users",
    )  # fmt: skip
    group.add_argument("--yes", action="store_true", help="do not ask: for pipelines")
    group.add_argument(
        "--break-glass", action="append", default=[], metavar="NAME",
        help="with --remove: also take away what is for emergencies, by the last name of its line; may be "
        "repeated",
    )  # fmt: skip
    group.add_argument(
        "--import-file", type=Path, default=Path(DEFAULT_FILE), metavar="FILE",
        help=f"with --adopt: where to write what `pulumi import --file` takes (default: {DEFAULT_FILE})",
    )  # fmt: skip


def _check(arguments: argparse.Namespace) -> None:
    """Refuse what cannot be meant, before anything is read."""
    acts = arguments.remove or arguments.adopt
    if acts and arguments.format != "human":
        raise UnfitOptionsError("--adopt and --remove tell people what they do: leave --format out")
    if arguments.remove and arguments.snapshot is not None:
        raise UnfitOptionsError("--remove needs what AWS has now: leave --snapshot out")
    if arguments.adopt and (arguments.model is None or not arguments.model.is_dir()):
        raise UnfitOptionsError("--adopt adds to the folder of a model: name it with --model")


def _act(arguments: argparse.Namespace) -> int:
    _check(arguments)
    day = clock(os.environ).day
    existing = _existing(arguments)
    desired = _desired(arguments, existing)
    entries = desired.ignored if arguments.ignored_in is None else _ignored_in(arguments.ignored_in)
    found = compare(desired.facts, existing, desired.in_doubt)
    drift = Drift(found.rows, (*found.not_compared, *desired.gaps), found.owned)
    if arguments.only:
        drift = narrowed(drift, frozenset(arguments.only))
    sifted = sift(drift, entries, day)
    history = _history(arguments, sifted.rows, existing)
    aside = tuple(row for row in found.rows if row not in sifted.rows)
    told = Told(drift, sifted, existing, desired, history.said, aside)
    sys.stdout.write(FORMS[arguments.format](told))
    sys.stderr.writelines(f"{line}\n" for line in _warnings(told))
    if history.unread:
        sys.stderr.write(f"NOT READ: {history.unread}\n")
    equal = _acted(told, arguments) if told.rows else True
    if drift.unreadable or history.unread:
        return COULD_NOT_READ
    return AS_IT_SHOULD_BE if equal else NOT_AS_IT_SHOULD_BE


def _acted(told: Told, arguments: argparse.Namespace) -> bool:
    """Take away or adopt what differs, as is wanted; return whether no difference is left."""
    if arguments.remove:
        return remove(told, arguments)
    return adopt(told, arguments) if arguments.adopt else False


def _existing(arguments: argparse.Namespace) -> Existing:
    # Whoever acts has to know what a thing is tied to, also where it is not asked for.
    acts = arguments.remove or arguments.adopt
    parts = read_for(frozenset(arguments.only)) if arguments.only and not acts else EVERYTHING
    if arguments.snapshot is None:
        return read_as_told(arguments, keep_in=None, parts=parts)
    return excerpt(read_snapshot_file(arguments.snapshot), parts)


def _desired(arguments: argparse.Namespace, existing: Existing) -> Desired:
    if arguments.model is not None:
        return of_model(arguments.model, existing)
    return of_state(read_state(arguments.state), arguments.state, existing)


def _ignored_in(place: Path) -> tuple[IgnoredDriftEntry, ...]:
    return read_usable(place, None).assembled.access.declared.ignored_drift


def _history(arguments: argparse.Namespace, rows: Sequence[Drifted], existing: Existing) -> History:
    if not arguments.who or not rows:
        return History()
    asked = connection(arguments)
    session = Connection(asked.profile, asked.region or existing.region).session()
    return read_history(session, rows, existing)


def _warnings(told: Told) -> Iterable[str]:
    """Say what was not compared, and what of the entries that ignore needs a person."""
    yield from (f"NOT COMPARED: {each}" for each in told.drift.not_compared)
    for each in told.sifted.ended:
        yield f"IGNORED NO MORE since {each.last_day}: {told.entry(each)} ({each.owner})"
    for each in told.sifted.unused:
        yield f"IGNORES NOTHING: {told.entry(each)}; take it out of `ignoredDrift` ({each.owner})"
