"""Which credential people signed in with, from Identity Center's sign-in events in CloudTrail.

The only evidence of MFA that AWS gives: the settings have no API. Sources: IAM Identity Center user guide,
"Understanding IAM Identity Center sign-in events" and "Username in sign-in CloudTrail events". A sign-in is a
UserAuthentication event with the outcome Success; its CredentialType lists every factor that was verified.
With an external identity provider it says EXTERNAL_IDP, and nobody at AWS knows whether that asked for MFA.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from identity_center_cli.aws import clock

SOURCE: Final = "signin.amazonaws.com"
EVENTS: Final = ("CredentialChallenge", "CredentialVerification", "UserAuthentication")
SECOND_FACTORS: Final = frozenset({"TOTP", "WEBAUTHN"})
"""RESYNC_TOTP corrects a device's clock, EMAIL_OTP is no second factor (AWS: it does not meet the bar)."""
EXTERNAL: Final = "EXTERNAL_IDP"
_HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"


class Evidence(Enum):
    """What the events show of a person, the worst first."""

    WITHOUT_MFA = "without MFA"
    """At least one sign-in was verified without a second factor."""
    EXTERNAL_UNKNOWN = "external, unknown"
    """The external identity provider decides; AWS does not know what it asked for."""
    REGISTERED = "registered a device"
    """A sign-in in which the person had to register a device, and did: the first one under `register`."""
    MFA = "MFA"
    """Every sign-in that was seen was verified with a second factor."""
    NOT_SEEN = "not seen"
    """No sign-in in the time that was looked at."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One successful sign-in."""

    user_id: str
    """Id in the identity store; empty in events of the older form."""
    user_name: str
    """As the person typed it or the directory has it; empty where the event does not tell."""
    when: datetime
    credentials: tuple[str, ...]
    """The factors that were verified."""
    registered: bool = False
    """Whether a device was registered on the way (DeviceEnrollmentRequired)."""

    @property
    def evidence(self) -> Evidence:
        """Say what it shows."""
        if SECOND_FACTORS & set(self.credentials):
            return Evidence.MFA
        if self.registered:
            return Evidence.REGISTERED
        return Evidence.EXTERNAL_UNKNOWN if EXTERNAL in self.credentials else Evidence.WITHOUT_MFA


@dataclass(frozen=True, slots=True)
class Person:
    """What was seen of one person of the directory."""

    user_id: str
    user_name: str
    evidence: Evidence
    kinds: tuple[str, ...] = ()
    """The second factors that were used."""
    last_seen: datetime | None = None
    last_without: datetime | None = None
    """When the person last signed in without a second factor."""
    sign_ins: int = 0


def sign_ins(events: Iterable[Mapping[str, Any]]) -> list[SignIn]:
    """Return the successful sign-ins among CloudTrail events, each once.

    The user name stands in another event of the same sign-in, so events are joined by their AuthWorkflowID.
    """
    relevant = {str(event.get("eventID")): event for event in events if _is_sign_in_event(event)}
    names: dict[str, str] = {}
    for event in relevant.values():
        name = _user_name(event)
        if name:
            names.setdefault(_workflow(event), name)
    return [
        SignIn(
            _user_id(event),
            _user_name(event) or names.get(_workflow(event), ""),
            clock.read(str(event["eventTime"])),
            _credentials(event),
            str(_more(event).get("DeviceEnrollmentRequired")).lower() == "true",
        )
        for event in relevant.values()
        if _is_success(event)
    ]


def _is_sign_in_event(event: Mapping[str, Any]) -> bool:
    return event.get("eventSource") == SOURCE and event.get("eventName") in EVENTS


def _is_success(event: Mapping[str, Any]) -> bool:
    outcome = (event.get("serviceEventDetails") or {}).get("UserAuthentication")
    return event.get("eventName") == "UserAuthentication" and outcome == "Success"


def _more(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return event.get("additionalEventData") or {}


def _workflow(event: Mapping[str, Any]) -> str:
    return str(_more(event).get("AuthWorkflowID", ""))


def _credentials(event: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        part.strip() for part in str(_more(event).get("CredentialType", "")).split(",") if part.strip()
    )


def _user_id(event: Mapping[str, Any]) -> str:
    return str(((event.get("userIdentity") or {}).get("onBehalfOf") or {}).get("userId", ""))


def _user_name(event: Mapping[str, Any]) -> str:
    name = _more(event).get("UserName") or (event.get("userIdentity") or {}).get("userName") or ""
    return "" if name == _HIDDEN else str(name)


def judge_people(people: Mapping[str, str], seen: Iterable[SignIn]) -> tuple[list[Person], int]:
    """Join sign-ins to the directory's people (user names by id).

    Return the people by user name, and how many sign-ins belong to nobody in the directory.
    """
    ids = {name.casefold(): user_id for user_id, name in people.items()}
    by_person: dict[str, list[SignIn]] = {user_id: [] for user_id in people}
    strangers = 0
    for one in seen:
        user_id = one.user_id if one.user_id in people else ids.get(one.user_name.casefold(), "")
        if user_id:
            by_person[user_id].append(one)
        else:
            strangers += 1
    found = [_judge(user_id, people[user_id], theirs) for user_id, theirs in by_person.items()]
    return sorted(found, key=lambda person: person.user_name), strangers


def _judge(user_id: str, user_name: str, theirs: list[SignIn]) -> Person:
    order = list(Evidence)
    without = [one.when for one in theirs if one.evidence is Evidence.WITHOUT_MFA]
    return Person(
        user_id,
        user_name,
        min((one.evidence for one in theirs), key=order.index, default=Evidence.NOT_SEEN),
        tuple(sorted(SECOND_FACTORS & {kind for one in theirs for kind in one.credentials})),
        max((one.when for one in theirs), default=None),
        max(without, default=None),
        len(theirs),
    )
