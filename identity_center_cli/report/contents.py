"""What a report holds, whatever it was read from: plain values, sorted, without a clock of its own.

A report is read by people who decide: so what was not seen is a note in it, never left out, and a set whose
strength could not be decided is shown as undecided, never as weak.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal


class Strength(Enum):
    """How strong the access of a permission set is, the strongest first; the words are the evaluator's."""

    ROOT_LEVEL = "root-level"
    ADMINISTRATOR = "administrator"
    ESCALATES = "can give itself more"
    WRITES = "writes"
    READS = "reads"
    NOTHING = "nothing"
    UNDECIDED = "undecided"


#: What is undecided may be as strong as any, and is shown before what is harmless.
STRONGEST_FIRST: Final = (
    Strength.ROOT_LEVEL,
    Strength.ADMINISTRATOR,
    Strength.ESCALATES,
    Strength.UNDECIDED,
    Strength.WRITES,
    Strength.READS,
    Strength.NOTHING,
)


class Seen(Enum):
    """Where a grant stands."""

    CODE = "in the code"
    AWS = "in AWS"
    BOTH = "in both"


DIRECTORY: Final = "Identity Center"
ELSEWHERE: Final = "elsewhere"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    key: str
    name: str
    """What the access portal shows."""
    user_name: str | None = None
    kept_in: str = DIRECTORY
    last_sign_in: str | None = None
    """A day, where evidence was given; None: not known."""
    mfa: str | None = None
    """Whether the sign-ins that were seen had MFA, in words."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group and the keys of its members."""

    key: str
    name: str
    members: tuple[str, ...]
    kept_in: str = DIRECTORY
    members_known: bool = True
    """False where the members are kept elsewhere and were not read."""
    only_in_code: tuple[str, ...] = ()
    """Members who are missing in AWS, where both were read."""
    only_in_aws: tuple[str, ...] = ()
    """Members whom nobody wrote."""


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """A permission set, with what it comes to."""

    key: str
    name: str
    strength: Strength
    why: str
    """What makes it so strong, or why that is undecided."""
    policies: tuple[str, ...]
    boundary: str | None
    session: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the organisation."""

    id: str
    name: str | None = None
    unit: str | None = None
    """The units above it, from the root down, joined by `/`."""
    root: str | None = None
    """How its root user stands by the newest audit; None: not known."""
    root_seen: str | None = None
    """The day of that audit."""


@dataclass(frozen=True, slots=True, order=True)
class Terms:
    """What somebody wrote about a grant."""

    owner: str | None = None
    ticket: str | None = None
    review_by: str | None = None
    expires: str | None = None
    break_glass: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """One account assignment."""

    kind: Literal["user", "group"]
    principal: str
    """The key of the person or group."""
    permission_set: str
    account: str
    seen: Seen
    terms: Terms = Terms()


@dataclass(frozen=True, slots=True, order=True)
class OtherAccess:
    """An application that somebody reaches, or a role that account access manager lets somebody take."""

    who: str
    kind: str
    what: str
    seen: Seen = field(compare=False)


@dataclass(frozen=True, slots=True, order=True)
class AnsweredFinding:
    """A finding of the policy pack that somebody answers for until a day."""

    rule: str
    about: str
    reason: str
    owner: str
    expires: str


@dataclass(frozen=True, slots=True)
class Report:
    """All of it."""

    title: str
    about: str
    """Where it was read from, and of which day it is."""
    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    permission_sets: tuple[PermissionSet, ...]
    accounts: tuple[Account, ...]
    grants: tuple[Grant, ...]
    others: tuple[OtherAccess, ...] = ()
    mfa: tuple[tuple[str, str], ...] = ()
    """The settings of MFA at sign-in, as somebody confirmed them."""
    exceptions: tuple[AnsweredFinding, ...] = ()
    due: tuple[tuple[str, str], ...] = ()
    """Days and what has to be looked at by then."""
    notes: tuple[str, ...] = ()
    """What is not known."""
    unplaced: tuple[str, ...] = ()
    """Those of the notes that tell of grants which are not among `grants`."""
