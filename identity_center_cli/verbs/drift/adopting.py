"""`drift --adopt`: adds what AWS has and the code has not to the folder of the model."""

import argparse
import os
import sys
from importlib.metadata import version
from typing import Final

from identity_center.model.adoption.adopting import Share
from identity_center.model.adoption.import_file import import_file
from identity_center.model.existing.drift import Drifted
from identity_center.model.existing.excerpt import without
from identity_center.model.existing.things import OF_A_SET, OWNER_OF, Kind
from identity_center.model.language.clock import clock
from identity_center.model.language.ignored_drift import Difference
from identity_center_cli.aws.private_file import write_text
from identity_center_cli.verbs.adopt.folder import Adopted, Asked, adopt_into
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

_DETAILS: Final = OWNER_OF.keys() - OF_A_SET


def adopt(told: Told, arguments: argparse.Namespace) -> bool:
    """Add what is extra, but for what is ignored, to the model; return whether no difference is left.

    Raises UnadoptableError or UnchangeableFileError: then nothing was written.
    """
    extra = [row.thing for row in told.rows if row.difference is Difference.EXTRA]
    stays = {row.thing for row in told.aside if row.difference is Difference.EXTRA}
    asked = Asked(
        shares=frozenset(_SHARES[each.kind] for each in extra),
        clock=clock(os.environ),
        parts=frozenset(each for each in extra if each.kind in OF_A_SET),
    )
    where = where_written(arguments.model, None)
    adopted = adopt_into(where, without(told.existing, stays), asked)
    if adopted.texts:
        write_text(import_file(adopted.beside.imports, version("pulumi-aws")), arguments.import_file)
    return _summarise(told, adopted, arguments)


def _by_hand(row: Drifted) -> str:
    """Say what to do with a detail that is extra: what an entry has is a person's to change."""
    by_hand = row.difference is Difference.EXTRA and row.thing.kind in _DETAILS
    return "write it into the entry that the model has" if by_hand else ""


def _summarise(told: Told, adopted: Adopted, arguments: argparse.Namespace) -> bool:
    left = {row.thing for row in adopted.beside.left()}
    done = [row for row in told.rows if row.difference is Difference.EXTRA and row.thing not in left]
    files = ", ".join(str(arguments.model / name) for name in adopted.texts)
    sys.stdout.write(f"{len(done)} of {len(told.rows)} are in the model now{f': {files}' if files else ''}\n")
    why = {each.thing: each.why for each in adopted.proposal.left_out}
    for row in told.rows:
        if row not in done:
            reason = why.get(row.thing) or _by_hand(row)
            sys.stdout.write(f"not adopted: {told.line(row)}{f': {reason}' if reason else ''}\n")
    sys.stdout.writelines(f"warning: {each}\n" for each in adopted.proposal.warnings)
    if adopted.texts:
        sys.stdout.write(
            f"next, so that the state has it too: identity-center adopt --into {arguments.model} --verify\n"
        )
    return len(done) == len(told.rows)
