"""`drift --who`: who made each difference, and when, as far as CloudTrail's event history says it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import boto3

from identity_center.model.existing.change_clues import clue_of
from identity_center.model.existing.drift import Drifted
from identity_center.model.existing.existing import Existing
from identity_center_cli.aws.answers import NO_ANSWER, BrokenAnswerError, reason
from identity_center_cli.aws.cloudtrail import change_events


@dataclass(frozen=True)
class History:
    """What is known of who made which difference."""

    said: dict[Drifted, str] = field(default_factory=dict)
    """In words, also that no event was found."""
    unread: str = ""
    """Why the history could not be read; empty where it was."""


def read_history(session: boto3.Session, rows: Sequence[Drifted], existing: Existing) -> History:
    """Ask the event history of the session's account, in the instance's Region, about each difference."""
    clues = {number: clue for number, row in enumerate(rows) if (clue := clue_of(row, existing)) is not None}
    try:
        found = change_events.last_changes(session, clues) if clues else {}
    except (*NO_ANSWER, BrokenAnswerError) as error:
        why = str(error) if isinstance(error, BrokenAnswerError) else reason(error)
        return History(unread=f"who changed it: cloudtrail:LookupEvents: {why}")
    return History({row: str(found.get(number, change_events.NOT_FOUND)) for number, row in enumerate(rows)})
