"""`drift --adopt`: writes what AWS has into the folder of the model: what is extra, and what is changed."""

import argparse
import os
import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from identity_center.model.adoption.adopting import Share
from identity_center.model.adoption.import_file import import_file
from identity_center.model.adoption.new_values import NewValue, is_value
from identity_center.model.existing.drift import Drifted
from identity_center.model.existing.excerpt import without
from identity_center.model.existing.things import OF_A_SET, Kind
from identity_center.model.language.clock import clock
from identity_center.model.language.ignored_drift import Difference
from identity_center_cli.aws.private_file import write_text
from identity_center_cli.verbs.adopt.folder import Adopted, Asked, Tried, adopt_into, try_values
from identity_center_cli.verbs.adopt.where import where_written
from identity_center_cli.verbs.drift.told import Told

_SHARES: Final = {
    Kind.USER: Share.PEOPLE,
    Kind.USER_ATTRIBUTE: Share.PEOPLE,
    Kind.GROUP: Share.PEOPLE,
    Kind.GROUP_DESCRIPTION: Share.PEOPLE,
    Kind.MEMBER: Share.PEOPLE,
    Kind.PERMISSION_SET: Share.PERMISSION_SETS,
    Kind.ASSIGNMENT: Share.ASSIGNMENTS,
    Kind.APPLICATION: Share.APPLICATIONS,
    Kind.APPLICATION_SETTING: Share.APPLICATIONS,
    Kind.APPLICATION_ASSIGNMENT: Share.APPLICATIONS,
    Kind.ENTITLEMENT: Share.ENTITLEMENTS,
    Kind.ATTRIBUTE: Share.ATTRIBUTES,
    Kind.REGION: Share.REGIONS,
    **dict.fromkeys(OF_A_SET, Share.PERMISSION_SETS),
}

_AGAIN: Final = "`pulumi up --refresh` makes it again; or take it out of the model"


def adopt(told: Told, arguments: argparse.Namespace) -> bool:
    """Add what is extra to the model, and write what is changed there where that is agreed.

    What is ignored is left out. Return whether no difference is left.

    Raises UnadoptableError or UnchangeableFileError: then nothing was written.
    """
    extra = [row.thing for row in told.rows if row.difference is Difference.EXTRA]
    stays = {row.thing for row in told.aside if row.difference is Difference.EXTRA}
    existing = without(told.existing, stays)
    where, now = where_written(arguments.model, None), clock(os.environ)
    tried = try_values(where, existing, filter(is_value, told.rows), now)
    values = _agreed(told, tried, arguments)
    asked = Asked(
        shares=frozenset(_SHARES[each.kind] for each in extra),
        clock=now,
        parts=frozenset(each for each in extra if each.kind in OF_A_SET),
        values=values,
    )
    adopted = adopt_into(where, existing, asked)
    if adopted.texts:
        write_text(import_file(adopted.beside.imports, version("pulumi-aws")), arguments.import_file)
    return _summarise(told, adopted, _Values(tried, values), arguments)


def _agreed(told: Told, tried: Tried, arguments: argparse.Namespace) -> tuple[NewValue, ...]:
    """Show what the model says otherwise and ask once: a line that somebody wrote is theirs to give up."""
    over = [each for each in tried.fitting if each.replaces]
    for each in over:
        sys.stdout.write(f"write over: {tried.places[each.row]}: {told.words(each.row)}\n")
    if not over or arguments.yes:
        return tried.fitting
    if sys.stdin.isatty():
        values = "this value" if len(over) == 1 else f"these {len(over)} values"
        sys.stdout.write(f"Write {values} of AWS over what the model says? Type yes: ")
        sys.stdout.flush()
        if sys.stdin.readline().strip() == "yes":
            return tried.fitting
    return tuple(each for each in tried.fitting if not each.replaces)


@dataclass(frozen=True)
class _Values:
    """Other values for entries of the model: what was tried, and what was written."""

    tried: Tried
    written: tuple[NewValue, ...]

    def has(self, row: Drifted) -> bool:
        return any(each.row == row for each in self.written)

    def why_not(self, row: Drifted) -> str:
        if row in self.tried.places:
            return f"{self.tried.places[row]} says otherwise; `--yes` writes over it"
        return self.tried.unfit.get(row, "")


def _summarise(told: Told, adopted: Adopted, values: _Values, arguments: argparse.Namespace) -> bool:
    left = {row.thing for row in adopted.beside.left()}
    done = [
        row
        for row in told.rows
        if values.has(row) or (row.difference is Difference.EXTRA and row.thing not in left)
    ]
    files = ", ".join(str(arguments.model / name) for name in adopted.texts)
    sys.stdout.write(f"{len(done)} of {len(told.rows)} are in the model now{f': {files}' if files else ''}\n")
    why = {each.thing: each.why for each in adopted.proposal.left_out}
    for row in told.rows:
        if row not in done:
            again = _AGAIN if row.difference is Difference.MISSING else ""
            reason = values.why_not(row) or why.get(row.thing) or again
            sys.stdout.write(f"not adopted: {told.line(row)}{f': {reason}' if reason else ''}\n")
    sys.stdout.writelines(f"warning: {each}\n" for each in adopted.proposal.warnings)
    if adopted.texts:
        refresh = "`pulumi up --refresh`, then " if values.written else ""
        sys.stdout.write(
            f"next, so that the state has it too: {refresh}identity-center adopt --into {arguments.model} "
            "--verify\n"
        )
    return len(done) == len(told.rows)
