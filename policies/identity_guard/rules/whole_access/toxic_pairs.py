"""Two permission sets or roles that nobody should hold together in one account."""

from collections.abc import Iterator
from typing import Final

from identity_guard.stack.findings import Finding, quoted

from .directory import Holding
from .findings import accounts_named, open_question, people_in_sight, place_of, violation

REMEDY: Final = "give one of the two to somebody else"


def toxic(holdings: list[Holding], pair: tuple[str, ...]) -> Iterator[Finding]:
    """Tell who holds both of a pair in one account, or may do so for all that is known."""
    for account in accounts_named(holdings):
        certain = [_of(name, account, holdings) for name in pair] if account else [[]]
        both = frozenset.intersection(*(people_in_sight(side) for side in certain))
        if both:
            who = "somebody holds" if len(both) == 1 else f"{len(both)} people hold"
            claim = f"{who} {quoted(pair)} in account {account}, which nobody should hold together"
            yield violation(claim, [each for side in certain for each in side], REMEDY)
            continue
        possible = [_perhaps(name, account, holdings) for name in pair]
        every = [each for side in possible for each in side]
        if all(possible) and _could_meet(possible):
            question = f"whether somebody holds {quoted(pair)} in {place_of(account)}"
            yield open_question(question, every, REMEDY)


def _of(name: str, account: str, holdings: list[Holding]) -> list[Holding]:
    """Find who holds a permission set or role in an account."""
    return [each for each in holdings if each.name == name and each.account == account]


def _perhaps(name: str, account: str | None, holdings: list[Holding]) -> list[Holding]:
    """Find who may hold it there, for all that is known."""
    return [each for each in holdings if each.may_be_called(name) and each.account in (account, None)]


def _could_meet(sides: list[list[Holding]]) -> bool:
    """Say whether one person may be on both sides, by two assignments of different permission sets."""
    return any(
        one.identity.key != other.identity.key
        and (one.people is None or other.people is None or not one.people.isdisjoint(other.people))
        for one in sides[0]
        for other in sides[1]
    )
