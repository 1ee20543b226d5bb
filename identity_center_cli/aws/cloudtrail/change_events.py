"""Who changed something in Identity Center, and when: from CloudTrail's event history.

The history holds 90 days of the account and Region that is asked, newest first, in pages of 50, and takes two
requests a second (CloudTrail API reference, LookupEvents). Changes are recorded where they were made: in the
management account or the delegated administrator's, in the Region of the instance. Identity Center's events
have the request's members with a small first letter; consoles change the directory under names of their own
(``sso-directory.amazonaws.com``: AddMemberToGroup and others). Source: IAM Identity Center user guide,
"Logging IAM Identity Center API calls with AWS CloudTrail".
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import boto3

from identity_center.model.existing.change_clues import Clue
from identity_center_cli.aws.answers import part
from identity_center_cli.aws.cloudtrail.sign_in_events import HISTORY_DAYS, REQUESTS_PER_SECOND
from identity_center_cli.aws.retries import PATIENT
from identity_center_cli.aws.token_bucket import TokenBucket

_OURS: Final = frozenset(
    {
        "sso.amazonaws.com",
        "sso-directory.amazonaws.com",
        "identitystore.amazonaws.com",
        "account-access.amazonaws.com",
    }
)
NOT_FOUND: Final = f"who changed it is not known: no event within {HISTORY_DAYS} days"


@dataclass(frozen=True, slots=True)
class Change:
    """One request that AWS carried out."""

    when: str
    """UTC, as 2026-11-30T03:17:00Z."""
    who: str
    """ARN of the caller; where there is none, what CloudTrail says instead."""
    operation: str
    in_console: bool

    def __str__(self) -> str:
        """Say it in one line."""
        console = ", in the console" if self.in_console else ""
        return f"by {self.who} at {self.when} ({self.operation}{console})"


def last_changes(
    session: boto3.Session, clues: Mapping[int, Clue], per_second: float = REQUESTS_PER_SECOND
) -> dict[int, Change]:
    """Return the last change that fits each clue, by the clue's number; without one, there is none.

    Asks once for each name of an event, and no longer than until every clue is met. Raises botocore's errors
    and BrokenAnswerError.
    """
    client: Any = session.client("cloudtrail", config=PATIENT)
    TokenBucket(per_second, burst=1).keep(client)
    found: dict[int, Change] = {}
    for name in sorted({name for clue in clues.values() for name in clue.names}):
        open_clues = {number: clue for number, clue in clues.items() if name in clue.names}
        for number, change in _of_name(client, name, open_clues):
            known = found.get(number)
            if known is None or known.when < change.when:
                found[number] = change
    return found


def _of_name(client: Any, name: str, clues: Mapping[int, Clue]) -> Iterator[tuple[int, Change]]:  # noqa: ANN401 - boto3 makes its classes
    """Yield the newest event of a name for each clue."""
    left = dict(clues)
    pages = client.get_paginator("lookup_events").paginate(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}]
    )
    for page in pages:
        for row in part(page, "Events"):
            event = json.loads(row["CloudTrailEvent"])
            if event.get("eventSource") not in _OURS or event.get("errorCode"):
                continue
            said = frozenset(_texts([event.get("requestParameters"), event.get("responseElements")]))
            for number in [number for number, clue in left.items() if clue.values <= said]:
                yield number, _change(event)
                del left[number]
        if not left:
            return


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, Iterable):
        yield from (text for each in value for text in _texts(each))


def _change(event: Mapping[str, Any]) -> Change:
    return Change(
        str(event.get("eventTime", "")),
        _who(event.get("userIdentity") or {}),
        str(event.get("eventName", "")),
        event.get("sessionCredentialFromConsole") in (True, "true"),
    )


def _who(identity: Mapping[str, Any]) -> str:
    """Name who called: a session of a role says in its last part which person it is."""
    person = (identity.get("onBehalfOf") or {}).get("userId")
    named = identity.get("arn") or (f"user {person}" if person else None) or identity.get("invokedBy")
    return str(named or f"{identity.get('type', 'somebody')} of {identity.get('accountId', 'an account')}")
