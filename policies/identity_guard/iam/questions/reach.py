"""What can be done in some state of the world: the question behind missing MFA and behind escalation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from identity_guard.iam.catalogue.action_patterns import ActionSet
from identity_guard.iam.catalogue.actions import catalogue, union, without
from identity_guard.iam.catalogue.arn_shapes import arn_shapes
from identity_guard.iam.evaluate.grants import Active, Grants
from identity_guard.iam.evaluate.resource_reach import MOST_EXAMPLES, named_and_unknown, taken_by, takers_of
from identity_guard.iam.evaluate.statements import (
    EXAMPLE_PART,
    Extent,
    Group,
    Pins,
    Rule,
    State,
    World,
    applies_to,
    can_be_matched,
)
from identity_guard.iam.text.wildcard import instance


@dataclass(repr=False)
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

    group: Group
    state: State


class Reach:
    """Looks for states of the world in which some of the target actions are allowed."""

    def __init__(self, grants: Grants, pins: Pins, target: int) -> None:
        self.grants = grants
        self.pins = pins
        self.target = target

    @cached_property
    def active(self) -> Active:
        """The rules about the target actions that can hold in the states looked at."""
        return self.grants.active(self.pins, self.target)

    def within(self, groups: Sequence[Group]) -> Found:
        """Return which of the target actions are allowed on a resource of some group in some state."""
        found = Found()
        for rule in self.active.allows:
            wanted = without(rule.actions.possible & self.target, found.certain)
            if wanted and not self._denied_everywhere(wanted):
                self._add_rule(rule, wanted, groups, found)
        return found

    def _denied_everywhere(self, wanted: int) -> bool:
        """Recognise the usual case without going through states: one Deny takes the whole statement back."""
        return any(
            wanted & deny.actions.certain == wanted
            and deny.extent is Extent.EVERYTHING
            and self.grants.space.must_hold(deny, self.pins)
            for deny in self.grants.denies
        )

    def _add_rule(self, rule: Rule, wanted: int, groups: Sequence[Group], found: Found) -> None:
        for world, group, allowed in self._states(rule, wanted, groups):
            del world, group
            found.add(allowed)
            if wanted & found.certain == wanted:
                return
        if not self._complete(rule, wanted):
            found.possible |= wanted

    def any_call(self) -> bool | None:
        """Say whether some target action is allowed in some state; stops at the first."""
        perhaps = False
        rules = sorted(self.grants.allows, key=lambda each: each.statement.clause_count)
        for rule in rules:
            wanted = rule.actions.possible & self.target
            truth = self._can_call(rule, wanted) if wanted else False
            if truth:
                return True
            perhaps = perhaps or truth is None
        return None if perhaps else False

    def _can_call(self, rule: Rule, wanted: int) -> bool | None:
        unlimited = self._unlimited(wanted)
        truth = self._alone(rule, unlimited) if unlimited else False
        if truth or unlimited == wanted:
            return truth
        if self._denied_everywhere(wanted) or not self.grants.space.can_hold(rule, self.pins):
            return False
        return self._somewhere(rule, wanted)

    def _unlimited(self, wanted: int) -> int:
        """Return the wanted actions that no boundary, SCP or Deny touches."""
        if self.grants.limiting_layers:
            return 0
        left = wanted
        for deny in self.grants.denies:
            left = without(left, deny.actions.possible)
        # Denies that take all known actions may take unknown ones, too.
        return left if left == wanted or left != catalogue().unknown else 0

    def _alone(self, rule: Rule, wanted: int) -> bool | None:
        """Decide a rule that nothing limits: it does allow the actions that take what it names.

        One and the same action has to be the rule's, to take what it names and to be called in the state.
        """
        taken = self._taken(rule, wanted)
        certain = rule.actions.certain & taken.certain
        if not rule.statement.clause_count or self.grants.space.can_hold_for_all(rule, self.pins):
            return True if certain else None if taken.possible else False
        worlds = self.grants.space.worlds([rule], self.pins)
        perhaps = worlds is None
        for world in worlds or ():
            truth = self.grants.space.holds(rule, world)
            possible = self.grants.valid(world) & taken.possible if truth is not False else 0
            if truth and possible & certain:
                return True
            perhaps = perhaps or bool(possible)
        return None if perhaps else False

    def _taken(self, rule: Rule, wanted: int) -> ActionSet:
        """Return the wanted actions that take a resource which the rule applies to.

        What takes no resource is decided against `*`, which `arn:aws:*` does not match: such an action needs
        "all resources" (Service Authorization Reference, the actions table).
        """
        extent = rule.extent
        if extent is Extent.NOTHING:
            return ActionSet(0, 0)
        if extent is Extent.EVERY_ARN:
            wanted = without(wanted, arn_shapes().without)
        if extent is not Extent.LISTED:
            return ActionSet(wanted, wanted)
        if not rule.statement.resources_excluded:
            taken = taken_by(rule.statement.resources, wanted)
            return ActionSet(taken.certain, taken.possible | named_and_unknown(rule) & wanted)
        resources = self.grants.resources
        told = [(resources.applies(rule, group), group.takers) for group in resources.groups(wanted)]
        return ActionSet(
            wanted & union(takers for applies, takers in told if applies),
            wanted & union(takers for applies, takers in told if applies is not False),
        )

    def _somewhere(self, rule: Rule, wanted: int) -> bool | None:
        perhaps = False
        for groups in self._places(rule, wanted):
            for _, _, allowed in self._states(rule, wanted, groups):
                if allowed.certain:
                    return True
                perhaps = True
        complete = self._complete(rule, wanted) and self.grants.resources.named(wanted).complete
        if named_and_unknown(rule) & wanted:
            complete = complete and len(rule.statement.resources) <= MOST_EXAMPLES
        return None if perhaps or not complete else False

    def _places(self, rule: Rule, wanted: int) -> Iterator[Sequence[Group]]:
        """Yield the resources on which the wanted actions may be allowed, the likeliest first.

        An action that nobody here knows may take any of those that its rule names.
        """
        yield self.grants.resources.groups(wanted)
        yield named_groups(self.grants, wanted)
        new = named_and_unknown(rule) & wanted
        if new and rule.extent in (Extent.LISTED, Extent.EVERY_ARN) and not rule.statement.resources_excluded:
            patterns = filter(can_be_matched, rule.statement.resources[:MOST_EXAMPLES])
            arns = [instance(pattern, EXAMPLE_PART) for pattern in patterns]
            yield [group_of(self.grants, arn, wanted)._replace(takers=new) for arn in arns]

    def calls(self, groups: Sequence[Group]) -> Iterator[tuple[int, Call]]:
        """Yield states with the target actions that are certainly allowed in each."""
        for rule in self.active.allows:
            wanted = rule.actions.certain & self.target
            if wanted:
                for world, group, allowed in self._states(rule, wanted, groups):
                    if allowed.certain:
                        yield allowed.certain, Call(group, State(world, self.pins))

    def _states(
        self, rule: Rule, wanted: int, groups: Sequence[Group]
    ) -> Iterator[tuple[World, Group, ActionSet]]:
        subset = self._relevant(rule, wanted)
        for world in self._worlds(rule, subset):
            if self.grants.space.holds(rule, world) is False:
                continue
            valid = self.grants.valid(world) & wanted
            for group in groups if valid else ():
                mask = valid & group.takers
                if mask:
                    allowed = self.grants.allowed(world, group, subset)
                    if allowed.possible & mask:
                        yield world, group, ActionSet(allowed.certain & mask, allowed.possible & mask)

    def _worlds(self, rule: Rule, subset: Active) -> Iterator[World]:
        """Go through states, the likeliest first; only through that one where there are too many."""
        space = self.grants.space
        limits = [each for layer in subset.limits for each in layer]
        first = space.likeliest(rule, limits, subset.denies, self.pins)
        if first is not None:
            yield first
        yield from space.worlds(subset.rules, self.pins) or ()

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
        return self.grants.space.worlds(subset.rules, self.pins) is not None


def all_groups(grants: Grants, target: int) -> list[Group]:
    """Return the resources that no policy names, and those that some policy does."""
    return [*grants.resources.groups(target), *named_groups(grants, target)]


def named_groups(grants: Grants, target: int) -> list[Group]:
    """Return the resources that the policies name, each as a group of its own."""
    return [group_of(grants, arn, target) for arn in grants.resources.named(target).arns]


def group_of(grants: Grants, arn: str, target: int) -> Group:
    """Return one concrete resource as a group."""
    rules = grants.resources.told_apart(target)
    listed = frozenset(id(rule) for rule in rules if applies_to(rule, arn))
    return Group(arn, takers_of(arn), 0, listed)


def usable(groups: Iterable[Group], allowed: Iterable[Found], target: int) -> Found:
    """Return the actions that can be called given what is allowed on each group's resources.

    An action needs every kind of resource that it requires, and at least one of those it takes.
    """
    lost_certain = lost_possible = 0
    result = Found()
    for group, of_group in zip(groups, allowed, strict=True):
        result.certain |= of_group.certain & group.takers
        result.possible |= of_group.possible & group.takers
        lost_certain |= without(target & group.requirers, of_group.possible)
        lost_possible |= without(target & group.requirers, of_group.certain)
    result.certain = without(result.certain, lost_possible)
    result.possible = without(result.possible, lost_certain)
    return result
