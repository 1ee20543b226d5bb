"""How findings about access as a whole are told, and what they read from assignments."""

from collections.abc import Iterable
from typing import Final

from identity_guard.stack.findings import Finding, Outcome, compose, not_known_yet, quoted, undecided

from .directory import Holding

NAME: Final = "access-as-a-whole"

WAITING_REMEDY: Final = "give values that the preview knows; otherwise it is told when all is made"
NAMING_REMEDY: Final = (
    "give its assignments the permission set, or a component PermissionSet, as their parent; or run the "
    "update with its preview, which joins the two"
)


def _waiting(held: Iterable[Holding]) -> list[str]:
    """Name the values of some assignments, and of their permission sets, that are not known yet."""
    found: list[str] = []
    for holding in held:
        found += holding.waiting
        made = holding.identity.resource
        if made is not None and holding.name is None:
            found.append(f"`name` of {made.label}")
    return list(dict.fromkeys(found))


def accounts_named(holdings: Iterable[Holding]) -> list[str | None]:
    """Return the accounts that are named; None where none is."""
    return list(dict.fromkeys(each.account for each in holdings if each.account)) or [None]


def people_in_sight(held: Iterable[Holding]) -> frozenset[str]:
    """Return all people who are in sight."""
    return frozenset[str]().union(*(each.seen for each in held))


def violation(claim: str, held: Iterable[Holding], remedy: str) -> Finding:
    """Say what is out of bounds."""
    return _told(Outcome.VIOLATION, claim, held, remedy)


def open_question(question: str, held: list[Holding], remedy: str, others: Iterable[str] = ()) -> Finding:
    """Say what is open, and which values, which names or which groups' members it takes."""
    waiting = [*_waiting(held), *others]
    because = [("because", line) for line in not_known_yet(waiting)]
    if waiting:
        remedy = WAITING_REMEDY
    elif nameless := dict.fromkeys(each.identity.label for each in held if each.name is None):
        because = [("because", f"how {label} is called is told at the end only") for label in nameless]
        remedy = NAMING_REMEDY
    else:
        because.append(("because", "not all people who hold it are in sight: they are made elsewhere"))
    claim = undecided(question, waiting=bool(waiting))
    return _told(Outcome.UNDECIDED, claim, held, remedy, because)


def _told(
    outcome: Outcome,
    claim: str,
    held: Iterable[Holding],
    remedy: str,
    because: Iterable[tuple[str, str]] = (),
) -> Finding:
    assignments = [holding.assignment for holding in held]
    details = [("through", quoted(dict.fromkeys(each.name for each in assignments)))] if assignments else []
    about = frozenset(each.urn for each in assignments)
    urn = assignments[0].urn if assignments else None
    return Finding(NAME, outcome, compose(claim, [*because, *details], remedy), urn, about)


def place_of(account: str | None) -> str:
    """Name an account."""
    return f"account {account}" if account else "an account that is not known yet"
