"""Which resources a statement applies to: all, none, or those that its patterns name.

Whether a listed statement reaches "every role" or "every bucket" is asked of example ARNs of each shape
(arn_shapes.py). Shapes that no list tells apart are asked about together.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Final

from .arn_shapes import ALL_NAMES, EXAMPLE_NAMES, ArnShape, Own, arn_shapes, union
from .catalogue import catalogue
from .regions import REGIONS
from .rules import Rule
from .wildcard import has_wildcard, instance, is_everything, matches, matches_any

ACCOUNT_DIGITS: Final = 12
MANY_PATTERNS: Final = 10
"""From this many patterns on, a list may cover names letter by letter, so each first letter is asked for."""
MOST_EXAMPLES: Final = 64
"""How many of the ARNs that policies name are looked at as resources of their own."""

EVERY_RESOURCE: Final = "*"
"""What an action that takes no resource is decided against."""


class Extent(Enum):
    """How far a statement's Resource or NotResource reaches."""

    EVERYTHING = "every resource"
    EVERY_ARN = "every ARN, which leaves out the actions that take no resource"
    LISTED = "what its patterns name"
    NOTHING = "no resource"


def extent_of(rule: Rule) -> Extent:
    """Return how far a rule's resources reach."""
    found = _extent(rule.statement.resources)
    if not rule.statement.resources_excluded:
        return found
    return {Extent.EVERYTHING: Extent.NOTHING, Extent.NOTHING: Extent.EVERYTHING}.get(found, Extent.LISTED)


def _extent(patterns: Sequence[str]) -> Extent:
    if not patterns:
        return Extent.NOTHING
    if any(map(is_everything, patterns)):
        return Extent.EVERYTHING
    if any(map(_takes_every_arn, patterns)):
        return Extent.EVERY_ARN
    return Extent.LISTED


def _takes_every_arn(pattern: str) -> bool:
    """Recognise `arn:*`, `arn:aws:*`, `arn:*:*:*:*:*` and the like."""
    parts = pattern.split(":")
    is_partition = len(parts) == 1 or parts[1] in REGIONS or not parts[1].strip("*")
    return (
        parts[0] in ("arn", "*", "arn*")
        and is_partition
        and pattern.endswith("*")
        and not "".join(parts[2:]).strip("*")
    )


def own_of(rules: Iterable[Rule]) -> Own:
    """Return the partition and account that the ARNs in the rules name most often."""
    partitions: Counter[str] = Counter()
    accounts: Counter[str] = Counter()
    for rule in rules:
        for pattern in rule.statement.resources:
            parts = pattern.split(":", 5)
            if len(parts) > 1 and parts[1] in REGIONS:
                partitions[parts[1]] += 1
            if len(parts) > 4 and len(parts[4]) == ACCOUNT_DIGITS and parts[4].isdigit():  # noqa: PLR2004 - ARN parts
                accounts[parts[4]] += 1
    partition = partitions.most_common(1)[0][0] if partitions else Own().partition
    return Own(partition, accounts.most_common(1)[0][0] if accounts else Own().account)


def applies_to(rule: Rule, resource: str) -> bool:
    """Say whether a rule is about one concrete resource."""
    return matches_any(rule.statement.resources, resource) != rule.statement.resources_excluded


@dataclass(frozen=True)
class Group:
    """Resources that all rules treat alike."""

    example: str
    takers: int
    """The actions that such resources belong to."""
    requirers: int
    """The actions that cannot be called without one of them."""
    listed: frozenset[int]
    """The ids of the listed rules that apply."""


class Resources:
    """The resources that a set of rules tells apart."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.own = own_of(rules)
        self.extents = {id(rule): extent_of(rule) for rule in rules}

    @cached_property
    def told_apart(self) -> list[Rule]:
        """The rules that do not treat all resources alike."""
        return [rule for rule in self.rules if self.extents[id(rule)] in (Extent.LISTED, Extent.EVERY_ARN)]

    def applies(self, rule: Rule, group: Group) -> bool:
        """Say whether a rule is about the resources of a group."""
        extent = self.extents[id(rule)]
        if extent in (Extent.EVERYTHING, Extent.NOTHING):
            return extent is Extent.EVERYTHING
        return id(rule) in group.listed

    @cached_property
    def groups(self) -> list[Group]:
        """The example resources of every shape, those together that all rules treat alike."""
        if not self.told_apart:
            return [Group(EVERY_RESOURCE, catalogue().everything, 0, frozenset())]
        shapes = arn_shapes()
        reached: dict[int, set[int]] = {}
        for rule in self.told_apart:
            for number in self._shapes_of(rule):
                reached.setdefault(number, set()).add(id(rule))
        by_rules: dict[frozenset[int], list[ArnShape]] = {}
        untouched = frozenset(id(rule) for rule in self.told_apart if self._by_default(rule))
        for number, found in reached.items():
            signature = frozenset(self._as_applied(found))
            by_rules.setdefault(signature, []).append(shapes.shapes[number])
        rest = [number for number in range(len(shapes.shapes)) if number not in reached]
        groups = [self._group(signature, members) for signature, members in by_rules.items()]
        if rest:
            found_rest = self._group(untouched, [shapes.shapes[number] for number in rest])
            groups.append(replace(found_rest, takers=found_rest.takers | catalogue().future))
        star = frozenset(id(rule) for rule in self.told_apart if applies_to(rule, EVERY_RESOURCE))
        groups.append(Group(EVERY_RESOURCE, shapes.without, 0, star))
        return groups

    def _by_default(self, rule: Rule) -> bool:
        """Say whether a rule applies to resources that its patterns do not name."""
        return rule.statement.resources_excluded

    def _as_applied(self, reached: set[int]) -> Iterable[int]:
        for rule in self.told_apart:
            if (id(rule) in reached) != rule.statement.resources_excluded:
                yield id(rule)

    def _group(self, signature: frozenset[int], members: list[ArnShape]) -> Group:
        return Group(
            members[0].example(self.own),
            union(shape.takers for shape in members),
            union(shape.requirers for shape in members),
            signature,
        )

    def _shapes_of(self, rule: Rule) -> Iterable[int]:
        """Return the shapes whose resources the rule's patterns take, whichever name they have."""
        patterns = rule.statement.resources
        if self.extents[id(rule)] is Extent.EVERY_ARN:
            return range(len(arn_shapes().shapes))
        found: set[int] = set()
        for pattern in patterns:
            if "*" not in pattern:
                continue
            for number in self._candidates(pattern):
                if number not in found and self._takes_examples(pattern, patterns, number):
                    found.add(number)
        return found

    def _candidates(self, pattern: str) -> Sequence[int]:
        parts = pattern.split(":", 5)
        shapes = arn_shapes()
        if len(parts) > 2 and not has_wildcard(parts[2]):  # noqa: PLR2004 - the service part of an ARN
            return shapes.by_service.get(parts[2], ())
        return range(len(shapes.shapes))

    def _takes_examples(self, pattern: str, patterns: Sequence[str], number: int) -> bool:
        shape = arn_shapes().shapes[number]
        first, second = (shape.example(self.own, name) for name in EXAMPLE_NAMES)
        if matches(pattern, first) and matches(pattern, second):
            return True
        if len(patterns) < MANY_PATTERNS:
            return False
        return all(matches_any(patterns, shape.example(self.own, name)) for name in ALL_NAMES)

    @cached_property
    def named(self) -> list[str]:
        """ARNs that the rules' patterns name, wildcards filled in."""
        found: dict[str, None] = {}
        for rule in self.told_apart:
            for pattern in rule.statement.resources:
                found.setdefault(instance(pattern, "x1-example"), None)
        return list(found)[:MOST_EXAMPLES]
