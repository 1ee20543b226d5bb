"""Access as a whole: who holds what where, taken together.

What no single assignment shows: two permission sets that nobody should hold at once, more administrators of
an account than anybody can keep an eye on, and an emergency access that nobody could use when it is needed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from .directory_access import DirectoryAccess, Holding
from .exposure import ONE_HOUR, session_minutes
from .findings import Finding, Outcome, compose, quoted
from .identities import Identity
from .observe import Known
from .resource_types import IdentityKind
from .rule import EXCEPTIONS, Level, Rule, Setting, Settings, Severity
from .stack import Resource
from .view import View

NAME: Final = "access-as-a-whole"

MOST_ADMINISTRATORS: Final = 5
"""How many people may administer one account, unless configured otherwise."""
LEAST_FOR_EMERGENCIES: Final = 2
"""How many people an emergency access needs: one may be the emergency."""


class WholeAccessJudge:
    """Judges all assignments together. One resource alone shows nothing of this."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge every account."""
        holdings = list(DirectoryAccess(view).holdings())
        by_account: dict[str, list[Holding]] = defaultdict(list)
        for holding in holdings:
            if holding.account is not None:
                by_account[holding.account].append(holding)
        for account, held in by_account.items():
            for pair in settings.get("toxicPairs") or []:
                yield from _toxic(account, held, tuple(map(str, pair)))
            yield from _administrators(account, held, view, settings.get("mostAdministrators"))
        if emergency := settings.get("breakGlass"):
            yield from _emergency(str(emergency), holdings, view)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterable[Finding]:
        """Find nothing: what belongs together is not there yet."""
        del resource, view, settings
        return ()


def _name(identity: Identity) -> str:
    known = identity.resource.identifier("name") if identity.resource else None
    return known.value if isinstance(known, Known) and isinstance(known.value, str) else identity.key.value


def _finding(outcome: Outcome, claim: str, held: Iterable[Holding], remedy: str) -> Finding:
    assignments = [holding.assignment for holding in held]
    details = [("through", quoted(dict.fromkeys(each.name for each in assignments)))] if assignments else []
    about = frozenset(each.urn for each in assignments)
    urn = assignments[0].urn if assignments else None
    return Finding(NAME, outcome, compose(claim, details, remedy), urn, about)


def _toxic(account: str, held: list[Holding], pair: tuple[str, ...]) -> Iterator[Finding]:
    sides = [[each for each in held if _name(each.permission_set) == name] for name in pair]
    if not all(sides):
        return
    remedy = "give one of the two to somebody else"
    both = frozenset.intersection(
        *(frozenset().union(*(each.people or () for each in side)) for side in sides)
    )
    every = [each for side in sides for each in side]
    if both:
        who = "somebody holds" if len(both) == 1 else f"{len(both)} people hold"
        claim = f"{who} {quoted(pair)} in account {account}, which nobody should hold together"
        yield _finding(Outcome.VIOLATION, claim, every, remedy)
    elif any(each.people is None for each in every):
        claim = f"undecided: whether somebody holds {quoted(pair)} in account {account}; not all are in sight"
        yield _finding(Outcome.UNDECIDED, claim, every, remedy)


def _administrators(account: str, held: list[Holding], view: View, most: float | None) -> Iterator[Finding]:
    limit = MOST_ADMINISTRATORS if most is None else most
    powerful = [each for each in held if _is_powerful(each.permission_set, view)]
    people = frozenset[str]().union(*(each.people or () for each in powerful))
    if len(people) > limit:
        claim = f"{len(people)} people administer account {account}, and {limit:g} is the most"
        yield _finding(Outcome.VIOLATION, claim, powerful, "keep those who do it daily, and give others less")


def _is_powerful(identity: Identity, view: View) -> bool:
    judgement = view.judgement(identity)
    return bool(judgement.root_level or judgement.known.administrator)


def _emergency(name: str, holdings: list[Holding], view: View) -> Iterator[Finding]:
    held = [each for each in holdings if _name(each.permission_set) == name]
    sets = [
        identity
        for identity in view.identities.everyone
        if identity.key.kind is IdentityKind.PERMISSION_SET and _name(identity) == name
    ]
    if not held:
        claim = f"nobody could use the emergency access `{name}`: nobody of this stack is assigned it"
        yield _finding(Outcome.VIOLATION, claim, [], "assign it to a group of at least two people")
        return
    people = frozenset[str]().union(*(each.people or () for each in held))
    if len(people) < LEAST_FOR_EMERGENCIES:
        unseen = any(each.people is None for each in held)
        outcome = Outcome.UNDECIDED if unseen else Outcome.VIOLATION
        sight = "in sight " if unseen else ""
        count = "one person" if len(people) == 1 else f"{len(people)} people"
        claim = f"the emergency access `{name}` has {count} {sight}and needs {LEAST_FOR_EMERGENCIES}"
        yield _finding(outcome, claim, held, "let at least two people have it: one may be the emergency")
    for identity in sets:
        if (session_minutes(identity) or 0) > ONE_HOUR:
            claim = f"a session of the emergency access `{name}` lasts longer than an hour"
            yield _finding(Outcome.VIOLATION, claim, held, "set sessionDuration to PT1H")


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
                "description": "Pairs of permission sets, by name, that nobody holds together in one account",
            },
            [],
        ),
        Setting(
            "mostAdministrators",
            {"type": "number", "minimum": 0, "description": "How many people may administer one account"},
            MOST_ADMINISTRATORS,
        ),
        Setting(
            "breakGlass",
            {"type": "string", "description": "The name of the permission set for emergencies"},
        ),
        *EXCEPTIONS,
    ),
)
