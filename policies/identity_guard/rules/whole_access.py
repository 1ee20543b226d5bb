"""Access as a whole: who holds what where, taken together.

What no single assignment shows: two permission sets that nobody should hold at once, more administrators of
an account than anybody can keep an eye on, and an emergency access that nobody could use when it is needed.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from .directory_access import DirectoryAccess, Holding
from .exposure import ONE_HOUR, session_minutes
from .findings import Finding, Outcome, compose, quoted, undecided
from .identities import Identity
from .observe import Known, NotYetKnown
from .resource_types import ACCOUNT_ASSIGNMENT
from .rule import EXCEPTIONS, Level, Rule, Setting, Settings, Severity
from .stack import Resource
from .view import View

NAME: Final = "access-as-a-whole"

MOST_ADMINISTRATORS: Final = 5
"""How many people may administer one account, unless configured otherwise."""
LEAST_FOR_EMERGENCIES: Final = 2
"""How many people an emergency access needs: one may be the emergency."""
MOST_REASONS: Final = 3
"""How many values a message names that are not known yet; the others are counted."""

WAITING_REMEDY: Final = "give values that the preview knows; otherwise it is told when all is made"
TOXIC_REMEDY: Final = "give one of the two to somebody else"
HEADS_REMEDY: Final = "keep those who do it daily, and give others less"
COUNT_REMEDY: Final = "count them where they are made, and keep those who do it daily"
EMERGENCY_REMEDY: Final = "let at least two people have it: one may be the emergency"


class WholeAccessJudge:
    """Judges all assignments together. One resource alone shows nothing of this."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge every account."""
        holdings = list(DirectoryAccess(view).holdings())
        for pair in settings.get("toxicPairs") or []:
            yield from _toxic(holdings, tuple(map(str, pair)))
        yield from _administrators(holdings, view, settings.get("mostAdministrators"))
        if emergency := settings.get("breakGlass"):
            yield from _emergency(str(emergency), holdings, view)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterable[Finding]:
        """Find nothing: what belongs together is not there yet."""
        del resource, view, settings
        return ()


def _known_name(identity: Identity) -> str | None:
    """Return the name of a permission set or role; None where it is made here and not known yet."""
    if identity.resource is None:
        return identity.key.value
    known = identity.resource.identifier("name")
    return known.value if isinstance(known, Known) and isinstance(known.value, str) else None


def _waiting(held: Iterable[Holding]) -> list[str]:
    """Name the values of some assignments, and of their permission sets, that are not known yet."""
    found: list[str] = []
    for holding in held:
        found += holding.waiting
        made = holding.identity.resource
        if made is not None and _known_name(holding.identity) is None:
            found.append(f"`name` of {made.label}")
    return list(dict.fromkeys(found))


def _accounts(holdings: list[Holding]) -> list[str | None]:
    """Return the accounts that are named; None where none is."""
    return list(dict.fromkeys(each.account for each in holdings if each.account)) or [None]


def _finding(claim: str, held: Iterable[Holding], remedy: str) -> Finding:
    return _told(Outcome.VIOLATION, claim, held, remedy)


def _undecided(question: str, held: list[Holding], remedy: str, others: Iterable[str] = ()) -> Finding:
    """Say what is open, and which values or which groups' members it takes."""
    waiting = [*_waiting(held), *others]
    because = [("because", f"{place} is not known yet") for place in waiting[:MOST_REASONS]]
    if len(waiting) > MOST_REASONS:
        because.append(("because", f"{len(waiting) - MOST_REASONS} more values are not known yet"))
    if not waiting:
        because.append(("because", "not all people who hold it are in sight: they are made elsewhere"))
    claim = undecided(question, waiting=bool(waiting))
    if waiting:
        remedy = WAITING_REMEDY
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


def _toxic(holdings: list[Holding], pair: tuple[str, ...]) -> Iterator[Finding]:
    for account in _accounts(holdings):
        certain = [_of(name, account, holdings, certain=True) for name in pair]
        both = frozenset.intersection(*(_people(side) for side in certain))
        if both:
            who = "somebody holds" if len(both) == 1 else f"{len(both)} people hold"
            claim = f"{who} {quoted(pair)} in account {account}, which nobody should hold together"
            yield _finding(claim, [each for side in certain for each in side], TOXIC_REMEDY)
            continue
        possible = [_of(name, account, holdings, certain=False) for name in pair]
        every = [each for side in possible for each in side]
        if all(possible) and _could_meet(possible):
            question = f"whether somebody holds {quoted(pair)} in {_place(account)}"
            yield _undecided(question, every, TOXIC_REMEDY)


def _of(name: str, account: str | None, holdings: list[Holding], *, certain: bool) -> list[Holding]:
    """Find who holds a permission set in an account, or may do so for all that is known."""
    names, accounts = ((name,), (account,)) if certain else ((name, None), (account, None))
    return [each for each in holdings if _known_name(each.identity) in names and each.account in accounts]


def _people(held: Iterable[Holding]) -> frozenset[str]:
    return frozenset[str]().union(*(each.seen for each in held))


def _could_meet(sides: list[list[Holding]]) -> bool:
    """Say whether one person may be on both sides, by two assignments."""
    return any(
        one.assignment.urn != other.assignment.urn
        and (one.people is None or other.people is None or not one.people.isdisjoint(other.people))
        for one in sides[0]
        for other in sides[1]
    )


def _place(account: str | None) -> str:
    return f"account {account}" if account else "an account that is not known yet"


def _administrators(holdings: list[Holding], view: View, most: float | None) -> Iterator[Finding]:
    limit = MOST_ADMINISTRATORS if most is None else most
    powerful = [each for each in holdings if _is_powerful(each.identity, view)]
    open_accounts: list[str | None] = []
    for account in _accounts(powerful):
        people = _people(each for each in powerful if each.account == account)
        if account is not None and len(people) > limit:
            claim = f"{len(people)} people administer account {account}, and {limit:g} is the most"
            held = [each for each in powerful if each.account == account]
            yield _finding(claim, held, HEADS_REMEDY)
        elif _most_heads([each for each in powerful if each.account in (account, None)], most) > limit:
            open_accounts.append(account)
    if open_accounts:
        held = [each for each in powerful if each.account in (*open_accounts, None)]
        where = (
            f"account {quoted(str(each) for each in open_accounts)}"
            if open_accounts != [None]
            else _place(None)
        )
        question = f"whether more than {limit:g} people administer {where}"
        yield _undecided(
            question, [each for each in held if each.people is None or each.waiting], COUNT_REMEDY
        )


def _most_heads(held: list[Holding], configured: float | None) -> float:
    """Count who may be there at most. Members of elsewhere count where somebody configured a number."""
    heads = float(len(_people(held)))
    for each in held:
        if each.people is None and (each.open_people or configured is not None):
            heads += 1 if each.person else float("inf")
    return heads


def _is_powerful(identity: Identity, view: View) -> bool:
    judgement = view.judgement(identity)
    return bool(judgement.root_level or judgement.known.administrator)


def _emergency(name: str, holdings: list[Holding], view: View) -> Iterator[Finding]:
    held = [each for each in holdings if _known_name(each.identity) == name]
    if not held:
        yield _nobody(name, holdings, view)
        return
    people = _people(held)
    if len(people) < LEAST_FOR_EMERGENCIES:
        count = "one person" if len(people) == 1 else f"{len(people)} people"
        if any(each.people is None for each in held):
            question = f"whether {LEAST_FOR_EMERGENCIES} people have the emergency access `{name}`"
            yield _undecided(question, held, EMERGENCY_REMEDY)
        else:
            claim = f"the emergency access `{name}` has {count} and needs {LEAST_FOR_EMERGENCIES}"
            yield _finding(claim, held, EMERGENCY_REMEDY)
    for identity in dict.fromkeys(each.identity.key for each in held):
        yield from _session(name, view.identities.by_key[identity], held)


def _nobody(name: str, holdings: list[Holding], view: View) -> Finding:
    """Say that nobody is assigned it, unless an assignment or a name is not known yet."""
    unnamed = [each for each in holdings if _known_name(each.identity) is None]
    unjoined = [
        f"`{each.path}` of {each.holder.label}"
        for each in view.identities.unresolved
        if each.holder.type == ACCOUNT_ASSIGNMENT
    ]
    if unnamed or unjoined:
        question = f"whether anybody has the emergency access `{name}`"
        return _undecided(question, unnamed, EMERGENCY_REMEDY, unjoined)
    claim = f"nobody could use the emergency access `{name}`: nobody of this stack is assigned it"
    return _finding(claim, [], "assign it to a group of at least two people")


def _session(name: str, identity: Identity, held: list[Holding]) -> Iterator[Finding]:
    remedy = "set sessionDuration to PT1H"
    if (session_minutes(identity) or 0) > ONE_HOUR:
        claim = f"a session of the emergency access `{name}` lasts longer than an hour"
        yield _finding(claim, held, remedy)
        return
    made = identity.resource
    duration = made.declared.get("sessionDuration") if made is not None else None
    if made is not None and isinstance(duration, NotYetKnown):
        question = f"whether a session of the emergency access `{name}` lasts longer than an hour"
        yield _undecided(question, held, remedy, [f"`{duration.path}` of {made.label}"])


_PAIR: Final[Mapping[str, Any]] = {
    "type": "array",
    "items": {"type": "string"},
    "minItems": 2,
    "maxItems": 2,
}

RULE: Final = Rule(
    name=NAME,
    title="Access as a whole stays within bounds",
    description="Who holds what where, taken together, stays within what one organisation wants.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    remediation="change who is assigned what, or the bounds in the pack's configuration",
    url="https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html",
    judge=WholeAccessJudge(),
    settings=(
        Setting(
            "toxicPairs",
            {
                "type": "array",
                "items": _PAIR,
                "description": "Pairs of permission sets, by name, that nobody holds together in one "
                "account; the names of roles that people are entitled to count, too",
            },
            [],
        ),
        Setting(
            "mostAdministrators",
            {
                "type": "number",
                "minimum": 0,
                "description": f"How many people may administer one account. {MOST_ADMINISTRATORS} where it "
                "is not set, and then groups whose members are made elsewhere are not counted; where it is "
                "set, they are told as undecided",
            },
        ),
        Setting(
            "breakGlass",
            {"type": "string", "description": "The name of the permission set for emergencies"},
        ),
        *EXCEPTIONS,
    ),
)
