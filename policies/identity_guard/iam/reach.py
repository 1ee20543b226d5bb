"""What can be done in some state of the world: the question behind missing MFA and behind escalation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from .action_set import ActionSet
from .arn_shapes import arn_shapes, union
from .catalogue import catalogue
from .grants import Active, Grants
from .rules import Pins, Rule, World
from .scope import EVERY_RESOURCE, Extent, Group, applies_to


@dataclass
class Found:
    """Actions that can be called in some state, within two bounds."""

    certain: int = 0
    possible: int = 0

    def add(self, found: ActionSet) -> None:
        """Take in what one more state allows."""
        self.certain |= found.certain
        self.possible |= found.possible


@dataclass(frozen=True)
class Call:
    """A state and a resource in which an action is allowed."""

    world: World
    group: Group


class Reach:
    """Looks for states of the world in which something is allowed."""

    def __init__(self, grants: Grants, pins: Pins) -> None:
        self.grants = grants
        self.pins = pins
        self.tried_all = True

    @cached_property
    def active(self) -> Active:
        """The rules that can hold in the states looked at."""
        return self.grants.active(self.pins)

    def within(self, target: int, groups: Sequence[Group]) -> Found:
        """Return which of the target actions are allowed on a resource of some group in some state."""
        found = Found()
        for rule in self.active.allows:
            wanted = rule.actions.possible & target & ~found.certain
            if wanted and not self._denied_everywhere(rule, wanted):
                self._add_rule(rule, wanted, groups, found)
        return found

    def _denied_everywhere(self, rule: Rule, wanted: int) -> bool:
        """Recognise the usual case without going through states: one Deny takes the whole statement back."""
        return any(
            wanted & ~deny.actions.certain == 0
            and self.grants.resources.extents[id(deny)] is Extent.EVERYTHING
            and self.grants.space.must_hold(deny, self.pins)
            for deny in self.active.denies
        )

    def _add_rule(self, rule: Rule, wanted: int, groups: Sequence[Group], found: Found) -> None:
        for world, group, allowed in self._states(rule, wanted, groups):
            del world, group
            found.add(allowed)
            if wanted & ~found.certain == 0:
                return
        if not self._complete(rule, wanted):
            found.possible |= wanted

    def any_call(self, target: int, groups: Sequence[Group]) -> bool | None:
        """Say whether some target action is allowed in some state; stops at the first."""
        perhaps = False
        for rule in self.active.allows:
            wanted = rule.actions.possible & target
            if not wanted or self._denied_everywhere(rule, wanted):
                continue
            for _, _, allowed in self._states(rule, wanted, groups):
                if allowed.certain:
                    return True
                perhaps = True
            perhaps = perhaps or not self._complete(rule, wanted)
        return None if perhaps else False

    def calls(self, target: int, groups: Sequence[Group]) -> Iterator[tuple[int, Call]]:
        """Yield states with the target actions that are certainly allowed in each."""
        for rule in self.active.allows:
            wanted = rule.actions.certain & target
            if wanted:
                for world, group, allowed in self._states(rule, wanted, groups):
                    if allowed.certain:
                        yield allowed.certain, Call(world, group)

    def _states(
        self, rule: Rule, wanted: int, groups: Sequence[Group]
    ) -> Iterator[tuple[World, Group, ActionSet]]:
        subset = self._relevant(rule, wanted)
        worlds = self.grants.space.worlds(subset.rules, self.pins)
        for world in worlds or ():
            if self.grants.space.holds(rule, world) is False:
                continue
            valid = self.grants.valid(world) & wanted
            for group in groups if valid else ():
                mask = valid & group.takers
                if mask:
                    allowed = self.grants.allowed(world, group, subset)
                    if allowed.possible & mask:
                        yield world, group, ActionSet(allowed.certain & mask, allowed.possible & mask)

    def _relevant(self, rule: Rule, wanted: int) -> Active:
        """Return the rule with the limits and Denies that touch the wanted actions."""
        return Active(
            [rule],
            [[each for each in layer if each.actions.possible & wanted] for layer in self.active.limits],
            [each for each in self.active.denies if each.actions.possible & wanted],
        )

    def _complete(self, rule: Rule, wanted: int) -> bool:
        """Say whether every state that matters was looked at."""
        subset = self._relevant(rule, wanted)
        space = self.grants.space
        if space.worlds(subset.rules, self.pins) is not None and space.all_tried(subset.rules):
            return True
        self.tried_all = False
        return False


def named_groups(grants: Grants) -> list[Group]:
    """Return the resources that the policies name, each as a group of its own."""
    return [group_of(grants, arn) for arn in grants.resources.named]


def group_of(grants: Grants, arn: str) -> Group:
    """Return one concrete resource as a group. An ARN of no known shape may be of any action's resource."""
    listed = frozenset(id(rule) for rule in grants.resources.told_apart if applies_to(rule, arn))
    if arn == EVERY_RESOURCE:
        return Group(arn, arn_shapes().without, 0, listed)
    shapes = list(arn_shapes().of_arn(arn))
    takers = union(shape.takers for shape in shapes) if shapes else catalogue().everything
    return Group(arn, takers, 0, listed)


def usable(groups: Iterable[Group], found: dict[str, Found], target: int) -> Found:
    """Return the actions that can be called given what is allowed on each group's resources.

    An action needs every kind of resource that it requires, and at least one of those it takes.
    """
    lost_certain = lost_possible = 0
    result = Found()
    for group in groups:
        of_group = found[group.example]
        result.certain |= of_group.certain & group.takers
        result.possible |= of_group.possible & group.takers
        lost_certain |= target & group.requirers & ~of_group.possible
        lost_possible |= target & group.requirers & ~of_group.certain
    result.certain &= ~lost_possible
    result.possible &= ~lost_certain
    return result
