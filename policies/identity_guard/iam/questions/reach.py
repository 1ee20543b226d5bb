"""What can be done in some state of the world: the question behind missing MFA and behind escalation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from identity_guard.iam.catalogue.action_sets import ActionSet
from identity_guard.iam.catalogue.actions import catalogue, union, without
from identity_guard.iam.catalogue.arn_shapes import arn_shapes
from identity_guard.iam.evaluate.arn_patterns import can_be_matched
from identity_guard.iam.evaluate.grants import Active, Grants
from identity_guard.iam.evaluate.resource_reach import MOST_EXAMPLES, named_and_unknown, taken_by, takers_of
from identity_guard.iam.evaluate.statements import (
    EXAMPLE_PART,
    Group,
    LayeredStatement,
    ResourceScope,
    applies_to,
)
from identity_guard.iam.evaluate.worlds import Assumptions, State, World
from identity_guard.iam.text.wildcard import instance


@dataclass(repr=False)
class Reached:
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

    def __init__(self, grants: Grants, assumptions: Assumptions, target: int) -> None:
        self.grants = grants
        self.assumptions = assumptions
        self.target = target

    @cached_property
    def active(self) -> Active:
        """The statements about the target actions that can hold in the states looked at."""
        return self.grants.active(self.assumptions, self.target)

    def within(self, groups: Sequence[Group]) -> Reached:
        """Return which of the target actions are allowed on a resource of some group in some state."""
        found = Reached()
        for layered in self.active.allows:
            wanted = without(layered.actions.possible & self.target, found.certain)
            if wanted and not self._denied_everywhere(wanted):
                self._add_statement(layered, wanted, groups, found)
        return found

    def _denied_everywhere(self, wanted: int) -> bool:
        """Recognise the usual case without going through states: one Deny takes the whole statement back."""
        return any(
            wanted & deny.actions.certain == wanted
            and deny.scope is ResourceScope.EVERYTHING
            and self.grants.space.must_hold(deny, self.assumptions)
            for deny in self.grants.denies
        )

    def _add_statement(
        self, layered: LayeredStatement, wanted: int, groups: Sequence[Group], found: Reached
    ) -> None:
        for world, group, allowed in self._states(layered, wanted, groups):
            del world, group
            found.add(allowed)
            if wanted & found.certain == wanted:
                return
        if not self._complete(layered, wanted):
            found.possible |= wanted

    def any_call(self) -> bool | None:
        """Say whether some target action is allowed in some state; stops at the first."""
        perhaps = False
        statements = sorted(self.grants.allows, key=lambda each: each.statement.clause_count)
        for layered in statements:
            wanted = layered.actions.possible & self.target
            truth = self._can_call(layered, wanted) if wanted else False
            if truth:
                return True
            perhaps = perhaps or truth is None
        return None if perhaps else False

    def _can_call(self, layered: LayeredStatement, wanted: int) -> bool | None:
        unlimited = self._unlimited(wanted)
        truth = self._alone(layered, unlimited) if unlimited else False
        if truth or unlimited == wanted:
            return truth
        if self._denied_everywhere(wanted) or not self.grants.space.can_hold(layered, self.assumptions):
            return False
        return self._somewhere(layered, wanted)

    def _unlimited(self, wanted: int) -> int:
        """Return the wanted actions that no boundary, SCP or Deny touches."""
        if self.grants.limiting_layers:
            return 0
        left = wanted
        for deny in self.grants.denies:
            left = without(left, deny.actions.possible)
        # Denies that take all known actions may take unknown ones, too.
        return left if left == wanted or left != catalogue().unknown else 0

    def _alone(self, layered: LayeredStatement, wanted: int) -> bool | None:
        """Decide a statement that nothing limits: it does allow the actions that take what it names.

        The same action has to be the statement's, to take what it names, and to be called in the state.
        """
        taken = self._taken(layered, wanted)
        certain = layered.actions.certain & taken.certain
        if not layered.statement.clause_count or self.grants.space.can_hold_for_all(
            layered, self.assumptions
        ):
            return True if certain else None if taken.possible else False
        worlds = self.grants.space.worlds([layered], self.assumptions)
        perhaps = worlds is None
        for world in worlds or ():
            truth = self.grants.space.holds(layered, world)
            possible = self.grants.valid(world) & taken.possible if truth is not False else 0
            if truth and possible & certain:
                return True
            perhaps = perhaps or bool(possible)
        return None if perhaps else False

    def _taken(self, layered: LayeredStatement, wanted: int) -> ActionSet:
        """Return the wanted actions that take a resource which the statement applies to.

        What takes no resource is decided against `*`, which `arn:aws:*` does not match: such an action needs
        "all resources" (Service Authorization Reference, the actions table).
        """
        scope = layered.scope
        if scope is ResourceScope.NOTHING:
            return ActionSet(0, 0)
        if scope is ResourceScope.EVERY_ARN:
            wanted = without(wanted, arn_shapes().without)
        if scope is not ResourceScope.LISTED:
            return ActionSet(wanted, wanted)
        if not layered.statement.resources_excluded:
            taken = taken_by(layered.statement.resources, wanted)
            return ActionSet(taken.certain, taken.possible | named_and_unknown(layered) & wanted)
        resources = self.grants.resources
        told = [(resources.applies(layered, group), group.actions_on) for group in resources.groups(wanted)]
        return ActionSet(
            wanted & union(actions_on for applies, actions_on in told if applies),
            wanted & union(actions_on for applies, actions_on in told if applies is not False),
        )

    def _somewhere(self, layered: LayeredStatement, wanted: int) -> bool | None:
        perhaps = False
        for groups in self._places(layered, wanted):
            for _, _, allowed in self._states(layered, wanted, groups):
                if allowed.certain:
                    return True
                perhaps = True
        complete = self._complete(layered, wanted) and self.grants.resources.named(wanted).complete
        if named_and_unknown(layered) & wanted:
            complete = complete and len(layered.statement.resources) <= MOST_EXAMPLES
        return None if perhaps or not complete else False

    def _places(self, layered: LayeredStatement, wanted: int) -> Iterator[Sequence[Group]]:
        """Yield the resources on which the wanted actions may be allowed, the likeliest first.

        An action that nobody here knows may take any of those that its statement names.
        """
        yield self.grants.resources.groups(wanted)
        yield named_groups(self.grants, wanted)
        new = named_and_unknown(layered) & wanted
        if (
            new
            and layered.scope in (ResourceScope.LISTED, ResourceScope.EVERY_ARN)
            and not layered.statement.resources_excluded
        ):
            patterns = filter(can_be_matched, layered.statement.resources[:MOST_EXAMPLES])
            arns = [instance(pattern, EXAMPLE_PART) for pattern in patterns]
            yield [group_of(self.grants, arn, wanted)._replace(actions_on=new) for arn in arns]

    def calls(self, groups: Sequence[Group]) -> Iterator[tuple[int, Call]]:
        """Yield states with the target actions that are certainly allowed in each."""
        for layered in self.active.allows:
            wanted = layered.actions.certain & self.target
            if wanted:
                for world, group, allowed in self._states(layered, wanted, groups):
                    if allowed.certain:
                        yield allowed.certain, Call(group, State(world, self.assumptions))

    def _states(
        self, layered: LayeredStatement, wanted: int, groups: Sequence[Group]
    ) -> Iterator[tuple[World, Group, ActionSet]]:
        subset = self._relevant(layered, wanted)
        for world in self._worlds(layered, subset):
            if self.grants.space.holds(layered, world) is False:
                continue
            valid = self.grants.valid(world) & wanted
            for group in groups if valid else ():
                mask = valid & group.actions_on
                if mask:
                    allowed = self.grants.allowed(world, group, subset)
                    if allowed.possible & mask:
                        yield world, group, ActionSet(allowed.certain & mask, allowed.possible & mask)

    def _worlds(self, layered: LayeredStatement, subset: Active) -> Iterator[World]:
        """Go through states, the likeliest first; only through that one where there are too many."""
        space = self.grants.space
        limits = [each for layer in subset.limits for each in layer]
        first = space.likeliest(layered, limits, subset.denies, self.assumptions)
        if first is not None:
            yield first
        yield from space.worlds(subset.statements, self.assumptions) or ()

    def _relevant(self, layered: LayeredStatement, wanted: int) -> Active:
        """Return the statement with the limits and Denies that touch the wanted actions."""
        return Active(
            [layered],
            [[each for each in layer if each.actions.possible & wanted] for layer in self.active.limits],
            [each for each in self.active.denies if each.actions.possible & wanted],
        )

    def _complete(self, layered: LayeredStatement, wanted: int) -> bool:
        """Say whether every state that matters was looked at."""
        subset = self._relevant(layered, wanted)
        return self.grants.space.worlds(subset.statements, self.assumptions) is not None


def all_groups(grants: Grants, target: int) -> list[Group]:
    """Return the resources that no policy names, and those that some policy does."""
    return [*grants.resources.groups(target), *named_groups(grants, target)]


def named_groups(grants: Grants, target: int) -> list[Group]:
    """Return the resources that the policies name, each as a group of its own."""
    return [group_of(grants, arn, target) for arn in grants.resources.named(target).arns]


def group_of(grants: Grants, arn: str, target: int) -> Group:
    """Return one concrete resource as a group."""
    statements = grants.resources.telling_apart(target)
    listed = frozenset(id(layered) for layered in statements if applies_to(layered, arn))
    return Group(arn, takers_of(arn), 0, listed)


def usable(groups: Iterable[Group], allowed: Iterable[Reached], target: int) -> Reached:
    """Return the actions that can be called given what is allowed on each group's resources.

    An action needs every kind of resource that it requires, and at least one of those it takes.
    """
    lost_certain = lost_possible = 0
    result = Reached()
    for group, of_group in zip(groups, allowed, strict=True):
        result.certain |= of_group.certain & group.actions_on
        result.possible |= of_group.possible & group.actions_on
        lost_certain |= without(target & group.requirers, of_group.possible)
        lost_possible |= without(target & group.requirers, of_group.certain)
    result.certain = without(result.certain, lost_possible)
    result.possible = without(result.possible, lost_certain)
    return result
