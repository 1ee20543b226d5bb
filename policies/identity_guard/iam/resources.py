"""The resources that a set of rules tells apart, as examples.

Whether a listed statement reaches "every role" or "every bucket" is asked of example ARNs of each shape
(arn_shapes.py). Shapes that no list tells apart are asked about together.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Final

from .arn_shapes import ALL_NAMES, EXAMPLE_NAMES, ArnShape, Own, arn_shapes, union
from .catalogue import catalogue
from .rules import Rule
from .scope import EVERY_RESOURCE, SERVICE_PART, Extent, Group, applies_to, extent_of, own_of
from .wildcard import has_wildcard, instance, matches, matches_any

MANY_PATTERNS: Final = 10
"""From this many patterns on, a list may cover names letter by letter, so each first letter is asked for."""
MOST_EXAMPLES: Final = 64
"""How many of the ARNs that policies name are looked at as resources of their own."""


class Resources:
    """The resources that a set of rules tells apart."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.extents = {id(rule): extent_of(rule) for rule in rules}
        self._groups: dict[int, list[Group]] = {}

    @cached_property
    def own(self) -> Own:
        """The partition and account that the rules belong to."""
        return own_of(self.rules)

    def told_apart(self, target: int) -> list[Rule]:
        """Return the rules about the target actions that do not treat all resources alike."""
        return [
            rule
            for rule in self.rules
            if self.extents[id(rule)] in (Extent.LISTED, Extent.EVERY_ARN) and rule.actions.possible & target
        ]

    def applies(self, rule: Rule, group: Group) -> bool:
        """Say whether a rule is about the resources of a group."""
        extent = self.extents[id(rule)]
        if extent in (Extent.EVERYTHING, Extent.NOTHING):
            return extent is Extent.EVERYTHING
        return id(rule) in group.listed

    def groups(self, target: int) -> list[Group]:
        """Return example resources of every shape that the target actions take.

        Shapes that all rules treat alike are one group. Only the target actions may be asked of the groups.
        """
        found = self._groups.get(target)
        if found is None:
            rules = self.told_apart(target)
            found = self._split(rules, target) if rules else [Group(EVERY_RESOURCE, target, 0, frozenset())]
            self._groups[target] = found
        return found

    def _split(self, rules: list[Rule], target: int) -> list[Group]:
        shapes = arn_shapes()
        reached: dict[int, set[int]] = {number: set() for number in shapes.taken_by(target)}
        for rule in rules:
            for number in self._shapes_of(rule, reached):
                reached[number].add(id(rule))
        alike: dict[frozenset[int], list[ArnShape]] = {}
        for number, takers in reached.items():
            signature = frozenset(
                id(rule) for rule in rules if (id(rule) in takers) != rule.statement.resources_excluded
            )
            alike.setdefault(signature, []).append(shapes.shapes[number])
        groups = [self._group(signature, members) for signature, members in alike.items()]
        star = frozenset(id(rule) for rule in rules if applies_to(rule, EVERY_RESOURCE))
        without = shapes.without | catalogue().future
        every = len(reached)
        nearly = frozenset(
            id(rule)
            for rule in rules
            if not rule.statement.resources_excluded and _count(reached, id(rule)) == every
        )
        return [*groups, Group(EVERY_RESOURCE, without, 0, star, nearly)]

    def _group(self, signature: frozenset[int], members: list[ArnShape]) -> Group:
        return Group(
            members[0].example(self.own, EXAMPLE_NAMES[0]),
            union(shape.takers for shape in members),
            union(shape.requirers for shape in members),
            signature,
        )

    def _shapes_of(self, rule: Rule, among: Collection[int]) -> Iterable[int]:
        """Return the shapes whose resources the rule's patterns take, whichever name they have."""
        if self.extents[id(rule)] is Extent.EVERY_ARN:
            return among
        patterns = rule.statement.resources
        found: set[int] = set()
        for pattern in patterns:
            if "*" in pattern:
                for number in self._candidates(pattern, among):
                    if number not in found and self._takes_examples(pattern, patterns, number):
                        found.add(number)
        return found

    def _candidates(self, pattern: str, among: Collection[int]) -> Iterable[int]:
        parts = pattern.split(":", 5)
        if len(parts) > SERVICE_PART and not has_wildcard(parts[SERVICE_PART]):
            return [each for each in arn_shapes().by_service.get(parts[SERVICE_PART], ()) if each in among]
        return among

    def _takes_examples(self, pattern: str, patterns: Sequence[str], number: int) -> bool:
        shape = arn_shapes().shapes[number]
        if all(matches(pattern, shape.example(self.own, name)) for name in EXAMPLE_NAMES):
            return True
        if len(patterns) < MANY_PATTERNS:
            return False
        return all(matches_any(patterns, shape.example(self.own, name)) for name in ALL_NAMES)

    def named(self, target: int) -> list[str]:
        """Return ARNs that the patterns of rules about the target actions name, wildcards filled in."""
        found: dict[str, None] = {}
        for rule in self.told_apart(target):
            for pattern in rule.statement.resources:
                found.setdefault(instance(pattern, "x1-example"), None)
        return list(found)[:MOST_EXAMPLES]


def _count(reached: dict[int, set[int]], rule: int) -> int:
    return sum(rule in takers for takers in reached.values())
