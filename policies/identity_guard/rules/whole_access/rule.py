"""Access as a whole: who holds what where, taken together.

What no single assignment shows: two permission sets that nobody should hold at once, more administrators of
an account than anybody can keep an eye on, and an emergency access that nobody could use when it is needed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from identity_guard.rules.rule import EXCEPTIONS, Level, Rule, Setting, Settings, Severity
from identity_guard.stack.access_so_far import WayIn
from identity_guard.stack.findings import Finding
from identity_guard.stack.resource_types import PERMISSION_SET
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .administrators import MOST, administrators, emergency, is_powerful, session
from .directory import DirectoryAccess, Holding
from .findings import NAME
from .toxic_pairs import toxic


class WholeAccessJudge:
    """Judges all assignments together; in an update, those of the accounts where a resource gives more."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge every account."""
        holdings = list(DirectoryAccess(view).holdings())
        yield from _judge(holdings, view, settings)
        if name := settings.get("breakGlass"):
            yield from emergency(str(name), holdings, view)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge what a resource completes. Whether enough people have an emergency access the end tells."""
        for finding in _completed(resource, view, settings):
            yield replace(finding, urn=resource.urn)


def _judge(holdings: list[Holding], view: View, settings: Settings) -> Iterator[Finding]:
    for pair in _pairs(settings):
        yield from toxic(holdings, pair)
    yield from administrators(holdings, view, settings.get("mostAdministrators"))


def _pairs(settings: Settings) -> list[tuple[str, ...]]:
    return [tuple(map(str, pair)) for pair in settings.get("toxicPairs") or []]


def _completed(resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
    if resource.type == PERMISSION_SET:
        name = settings.get("breakGlass")
        for identity in view.touched:
            if name is not None and view.access.name_of(identity) == name:
                yield from session(str(name), identity, [])
        return
    changed = view.access.changed_by(resource, view.touched)
    if not changed:
        return
    names = _Names.of(view, settings)
    for account in sorted({each.account for each in changed if names.matter(each)}):
        yield from _judge([names.holding(each) for each in view.access.at(account)], view, settings)


@dataclass(frozen=True, slots=True)
class _Names:
    """How permission sets are called in an update, as far as it is told."""

    view: View
    meant: frozenset[str]
    """Those that are part of a pair."""
    nameless: frozenset[str]
    """Those of sets of this stack of which nobody knows which ARN they have."""

    @classmethod
    def of(cls, view: View, settings: Settings) -> "_Names":
        meant = frozenset(name for pair in _pairs(settings) for name in pair)
        return cls(view, meant, view.access.nameless() if meant else meant)

    def name(self, way_in: WayIn) -> str | None:
        """Return how it is called: by its ARN where the configuration calls it so, as one of elsewhere."""
        called = way_in.identity.key.value
        return called if called in self.meant else self.view.access.name_of(way_in.identity)

    def matter(self, way_in: WayIn) -> bool:
        """Say whether what it lets people use counts for any of the bounds."""
        name = self.name(way_in)
        named = name in self.meant if name is not None else not self.meant.isdisjoint(self.nameless)
        return named or is_powerful(way_in.identity, self.view)

    def holding(self, way_in: WayIn) -> Holding:
        """Make what the whole knows of an assignment. Whoever joins its group later is asked about then."""
        people = self.view.access.people(way_in)
        return Holding(
            way_in.resource,
            way_in.identity,
            way_in.account,
            people,
            way_in.principal,
            people,
            person=way_in.person,
            name=self.name(way_in),
            may_be=self.nameless,
        )


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
                "description": f"How many people may administer one account. {MOST} where it "
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
