"""The resources that a set of statements tells apart, as examples.

Whether a listed statement reaches "every role" or "every bucket" is asked of example ARNs of each shape
(arn_shapes.py). Shapes that no list tells apart are asked about together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import ActionSet
from identity_guard.iam.catalogue.actions import catalogue, union, without
from identity_guard.iam.catalogue.arn_shapes import ALL_NAMES, EXAMPLE_NAMES, ArnShape, Own, arn_shapes
from identity_guard.iam.text.arn import ACCOUNT_PART, ARN_PARTS, AWS_ACCOUNT, SERVICE_PART
from identity_guard.iam.text.wildcard import Glob, has_wildcard, matches

from .arn_patterns import can_be_matched, examples_of
from .own_names import in_own_partition, names_own_center, own_of
from .statements import (
    EVERY_RESOURCE,
    EXAMPLE_PART,
    Group,
    LayeredStatement,
    ResourceScope,
    applies_to,
    takes_every_arn,
)

MANY_PATTERNS: Final = 10
"""From this many patterns on, a list may cover names letter by letter, so each first letter is asked for."""
LATER_PARTS: Final = 3
"""How many parts of an ARN follow its service."""
MOST_COMPARISONS: Final = 10_000
"""How often patterns are compared with examples for one verdict: a few milliseconds. What lies beyond is
left open, and the verdict says so."""
MOST_EXAMPLES: Final = 64
"""How many of the ARNs that policies name are looked at as resources of their own."""


MOST_REMEMBERED: Final = 2_000
"""For how many ARNs it is kept which actions take them: examples come again in each verdict."""


Signature = tuple[bool | None, ...]
"""For each of some statements, whether its patterns take a shape."""


class Resources:
    """The resources that a set of statements tells apart."""

    def __init__(self, statements: Sequence[LayeredStatement]) -> None:
        self.statements = statements
        self._groups: dict[int, list[Group]] = {}

    @cached_property
    def _budget(self) -> ScanBudget:
        """What may be compared."""
        return ScanBudget(MOST_COMPARISONS)

    @cached_property
    def own(self) -> Own:
        """The partition and account that the statements belong to."""
        return own_of(self.statements)

    @cached_property
    def _examples(self) -> Callable[[int], tuple[str, str]]:
        """What makes two examples of a shape."""
        return arn_shapes().examples(self.own)

    def telling_apart(self, target: int) -> list[LayeredStatement]:
        """Return the statements about the target actions that do not treat all resources alike."""
        return [layered for layered in self.told_apart if layered.actions.possible & target]

    @cached_property
    def told_apart(self) -> list[LayeredStatement]:
        """The statements that do not treat all resources alike."""
        scopes = (ResourceScope.LISTED, ResourceScope.EVERY_ARN)
        return [layered for layered in self.statements if layered.scope in scopes]

    def applies(self, layered: LayeredStatement, group: Group) -> bool | None:
        """Say whether a statement is about a group's resources; None where finding out takes too long."""
        scope = layered.scope
        if scope in (ResourceScope.EVERYTHING, ResourceScope.NOTHING):
            return scope is ResourceScope.EVERYTHING
        return None if id(layered) in group.unsure else id(layered) in group.listed

    def groups(self, target: int) -> list[Group]:
        """Return example resources of every shape that the target actions take.

        Shapes that all statements treat alike are one group. The groups answer for the target actions only.
        """
        statements = self.telling_apart(target)
        if not statements:
            return [Group(EVERY_RESOURCE, target, 0, frozenset())]
        for asked, groups in self._groups.items():
            if asked & target == target:
                return groups
        found = self._groups[target] = self._split(statements, target)
        return found

    def _split(self, statements: list[LayeredStatement], target: int) -> list[Group]:
        shapes = arn_shapes()
        numbers = shapes.taken_by(target)
        # Statements that are written many times over are looked at once.
        scope_by_patterns: dict[tuple[str, ...], _Taken] = {}
        for layered in statements:
            if layered.statement.resources not in scope_by_patterns:
                scope_by_patterns[layered.statement.resources] = self._shapes_of(layered, numbers)
        scopes = [scope_by_patterns[layered.statement.resources] for layered in statements]
        touched = set[int]().union(*(scope.apart for scope in scopes))
        alike: dict[Signature, list[int]] = {}
        for number in touched:
            alike.setdefault(tuple(scope.takes(number) for scope in scopes), []).append(number)
        groups = [
            self._group(statements, taken, shapes.shapes[members[0]], shapes.masks_of(members))
            for taken, members in alike.items()
        ]
        rest = next((number for number in numbers if number not in touched), None)
        if rest is not None:
            taken = tuple(scope.otherwise for scope in scopes)
            groups.append(self._group(statements, taken, shapes.shapes[rest], shapes.masks_without(touched)))
        star = frozenset(id(layered) for layered in statements if applies_to(layered, EVERY_RESOURCE))
        nearly = frozenset(
            id(layered)
            for layered, scope in zip(statements, scopes, strict=True)
            if layered.statement.resources_excluded != layered.allows and scope.takes_all(numbers)
        )
        return [*groups, Group(EVERY_RESOURCE, _without_resources(), 0, star, nearly)]

    def _group(
        self, statements: list[LayeredStatement], taken: Signature, shape: ArnShape, masks: tuple[int, int]
    ) -> Group:
        told = list(zip(statements, taken, strict=True))
        return Group(
            shape.example(self.own, EXAMPLE_NAMES[0]),
            *masks,
            frozenset(
                id(layered)
                for layered, does in told
                if does is not None and does != layered.statement.resources_excluded
            ),
            unsure=frozenset(id(layered) for layered, does in told if does is None),
        )

    def _shapes_of(self, layered: LayeredStatement, among: Mapping[int, None]) -> "_Taken":
        """Return the shapes whose resources the statement's patterns take, whichever name they have."""
        if any(map(takes_every_arn, layered.statement.resources)):
            return _Taken({}, otherwise=True)
        apart: dict[int, bool | None] = {}
        otherwise: bool | None = False
        patterns = []
        for pattern in layered.statement.resources:
            service = _whole_services(pattern, self.own.partition)
            if service is not None and self._budget.take(len(arn_shapes().by_service)):
                apart.update((number, True) for number in _shapes_of_services(service) if number in among)
            elif self._may_take_a_shape(pattern):
                patterns.append(pattern)
        for service, globs in _by_service(patterns).items():
            numbers = among if service is None else arn_shapes().by_service.get(service, ())
            left = [number for number in numbers if number in among and not apart.get(number)]
            if self._budget.take(len(globs) * len(left)):
                apart.update((number, True) for number in left if self._takes_examples(globs, number))
            elif service is None:
                otherwise = None
            else:
                apart.update(dict.fromkeys(left, None))
        return _Taken(apart, otherwise)

    def _may_take_a_shape(self, pattern: str) -> bool:
        """Say whether a pattern may take all resources of a shape, not only one that it names."""
        if not has_wildcard(pattern) and not names_own_center(pattern, self.own):
            return False
        return can_be_matched(pattern)

    def _takes_examples(self, globs: Sequence[Glob], number: int) -> bool:
        """Say whether patterns take two examples of a shape that have nothing in common.

        One pattern that takes both takes nearly all; of many patterns, each may take some first letters.
        """
        first, second = self._examples(number)
        hits = [glob for glob in globs if glob.matches(first)]
        if any(glob.matches(second) for glob in hits):
            return True
        if not hits or len(globs) < MANY_PATTERNS or not self._budget.take(len(globs) * len(ALL_NAMES)):
            return False
        examples = (arn_shapes().shapes[number].example(self.own, name) for name in ALL_NAMES)
        return all(any(glob.matches(example) for glob in globs) for example in examples)

    @property
    def exhausted(self) -> bool:
        """Say whether some patterns were left open because comparing them takes too long."""
        return any(group.unsure for groups in self._groups.values() for group in groups)

    def named(self, target: int) -> "NamedResources":
        """Return ARNs that target actions take and that statements about them name, wildcards filled in."""
        taken = arn_shapes().actions_by_service
        found: dict[str, None] = {}
        for layered in self.telling_apart(target):
            for pattern in filter(can_be_matched, layered.statement.resources):
                parts = pattern.split(":", SERVICE_PART + 1)
                service = parts[SERVICE_PART] if len(parts) > SERVICE_PART else ""
                if taken.get(service, target) & target:
                    found.update(dict.fromkeys(self._filled(pattern, service)))
                if len(found) > MOST_EXAMPLES:
                    return NamedResources(tuple(found)[:MOST_EXAMPLES], complete=False)
        return NamedResources(tuple(found))

    def _filled(self, pattern: str, service: str) -> tuple[str, ...]:
        """Fill in the wildcards of a pattern; nothing for all resources, or all of a known service.

        Of those `groups` has asked for each shape, and what fills the last part is none of them. What AWS
        has itself, under an account of its own, is among none of these shapes.
        """
        if takes_every_arn(pattern):
            return ()
        parts = pattern.split(":", ARN_PARTS - 1)
        is_all = service in arn_shapes().by_service and len(parts) == ARN_PARTS and not parts[-1].strip("*")
        if is_all and parts[ACCOUNT_PART] != AWS_ACCOUNT:
            return ()
        return examples_of(in_own_partition(pattern, self.own), EXAMPLE_PART)


def _without_resources() -> int:
    """Return the actions that take no resource, and those of which that is not known."""
    return arn_shapes().without | catalogue().future | catalogue().unknown


class NamedResources(NamedTuple):
    """Resources that policies name."""

    arns: tuple[str, ...]
    complete: bool = True
    """False where there are more than are looked at."""


@dataclass(frozen=True)
class _Taken:
    """The shapes that a statement's patterns take: those told apart, and what holds of all others.

    None stands for shapes of which it takes too long to find out.
    """

    apart: dict[int, bool | None]
    otherwise: bool | None

    def takes(self, number: int) -> bool | None:
        """Say whether the patterns take a shape."""
        return self.apart.get(number, self.otherwise)

    def takes_all(self, numbers: Mapping[int, None]) -> bool:
        """Say whether the patterns take every one of some shapes."""
        if self.otherwise:
            return all(self.apart.values())
        return len(self.apart) >= len(numbers) and all(self.apart.get(number) for number in numbers)


def _whole_services(pattern: str, partition: str) -> str | None:
    """Return the service part of a pattern such as `arn:aws:s*` or `arn:aws:ec2:*:*:*`; None for others."""
    parts = pattern.split(":")
    if len(parts) <= SERVICE_PART or parts[0] != "arn" or not matches(parts[1], partition):
        return None
    rest = parts[SERVICE_PART + 1 :]
    if any(part.strip("*") or not part for part in rest):
        return None
    if not rest and "*" in parts[SERVICE_PART].rstrip("*"):
        # `iam*role/*`: the star stands for more than the rest of a service's name.
        return None
    # Region, account and resource follow the service; a star at its end takes them all.
    return parts[SERVICE_PART] if pattern.endswith("*") and len(rest) <= LATER_PARTS else None


def _shapes_of_services(pattern: str) -> Iterable[int]:
    for service, numbers in arn_shapes().by_service.items():
        if matches(pattern, service):
            yield from numbers


def _by_service(patterns: Iterable[str]) -> dict[str | None, list[Glob]]:
    """Sort patterns by the service part of the ARN; None stands for any service."""
    found: dict[str | None, list[Glob]] = {}
    for pattern in patterns:
        parts = pattern.split(":", SERVICE_PART + 1)
        service = parts[SERVICE_PART] if len(parts) > SERVICE_PART + 1 else "*"
        found.setdefault(None if has_wildcard(service) else service, []).append(Glob(pattern))
    return found


# Which actions take a concrete resource, and which of some actions take what patterns name.


@lru_cache(maxsize=MOST_REMEMBERED)
def needing_of(arn: str) -> int:
    """Return the actions that are asked about on a concrete resource.

    Those are the ones that need such a resource, and those that take it and need none.
    """
    shapes = list(arn_shapes().of_arn(arn))
    if not shapes:
        return takers_of(arn)
    needing = union(shape.requirers for shape in shapes)
    return needing | without(union(shape.actions_on for shape in shapes), arn_shapes().needing)


@lru_cache(maxsize=MOST_REMEMBERED)
def takers_of(arn: str) -> int:
    """Return the actions that take a concrete resource.

    An ARN of no known shape counts as a resource of its service; one of no known service as anybody's.
    """
    if arn == EVERY_RESOURCE:
        return arn_shapes().without
    return union(shape.actions_on for shape in arn_shapes().of_arn(arn)) or _actions_of_service(arn)


def _actions_of_service(arn: str) -> int:
    service = "".join(arn.split(":")[SERVICE_PART : SERVICE_PART + 1])
    return arn_shapes().actions_by_service.get(service, catalogue().everything)


def _takers_among(wanted: int, arn: str) -> int:
    """Return those of some actions that take a concrete resource; other shapes than theirs are left out."""
    found = union(shape.actions_on for shape in arn_shapes().of_arn(arn, wanted)) & wanted
    if found or next(arn_shapes().of_arn(arn), None):
        return found
    return _actions_of_service(arn) & wanted


def named_and_unknown(layered: LayeredStatement) -> int:
    """Return the bit of unknown actions if a statement names some: nobody knows which resources they take."""
    return (layered.actions.possible ^ layered.actions.certain) & catalogue().unknown


def taken_by(patterns: Iterable[str], wanted: int) -> ActionSet:
    """Return the wanted actions that take a resource which some pattern names.

    What a pattern's service cannot add is not looked for. Where that takes too long, it is a possibility.
    """
    shapes = arn_shapes()
    budget = ScanBudget(MOST_COMPARISONS)
    certain = possible = 0
    for pattern in filter(can_be_matched, patterns):
        service = "".join(pattern.split(":", SERVICE_PART + 1)[SERVICE_PART : SERVICE_PART + 1])
        at_most = shapes.actions_by_service.get(service, wanted) & wanted
        if not without(at_most, certain):
            continue
        if budget.take(1 + len(shapes.by_service.get(service, ()))):
            certain |= union(_takers_among(wanted, each) for each in examples_of(pattern, EXAMPLE_PART))
        else:
            possible |= at_most
    return ActionSet(certain, certain | possible)
