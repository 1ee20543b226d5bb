"""Which actions take a concrete resource, and which of some actions take what patterns name."""

from collections.abc import Iterable

from .action_pattern import ScanBudget
from .action_set import ActionSet
from .arn_shapes import arn_shapes
from .catalogue import catalogue
from .masks import union, without
from .resources import MOST_COMPARISONS
from .rules import Rule
from .scope import EVERY_RESOURCE, EXAMPLE_PART, SERVICE_PART, can_be_matched
from .wildcard import instance


def takers_of(arn: str) -> int:
    """Return the actions that take a concrete resource.

    An ARN of no known shape counts as a resource of its service; one of no known service as anybody's.
    """
    if arn == EVERY_RESOURCE:
        return arn_shapes().without
    return union(shape.takers for shape in arn_shapes().of_arn(arn)) or _takers_of_service(arn)


def _takers_of_service(arn: str) -> int:
    service = "".join(arn.split(":")[SERVICE_PART : SERVICE_PART + 1])
    return arn_shapes().takers_by_service.get(service, catalogue().everything)


def _takers_among(wanted: int, arn: str) -> int:
    """Return those of some actions that take a concrete resource; other shapes than theirs are left out."""
    found = union(shape.takers for shape in arn_shapes().of_arn(arn, wanted)) & wanted
    if found or next(arn_shapes().of_arn(arn), None):
        return found
    return _takers_of_service(arn) & wanted


def named_and_unknown(rule: Rule) -> int:
    """Return the symbol for unknown actions if a rule names some: which resources they take, nobody knows."""
    return (rule.actions.possible ^ rule.actions.certain) & catalogue().unknown


def taken_by(patterns: Iterable[str], wanted: int) -> ActionSet:
    """Return the wanted actions that take a resource which some pattern names.

    What a pattern's service cannot add is not looked for. Where that takes too long, it is a possibility.
    """
    shapes = arn_shapes()
    budget = ScanBudget(MOST_COMPARISONS)
    certain = possible = 0
    for pattern in filter(can_be_matched, patterns):
        service = "".join(pattern.split(":", SERVICE_PART + 1)[SERVICE_PART : SERVICE_PART + 1])
        at_most = shapes.takers_by_service.get(service, wanted) & wanted
        if not without(at_most, certain):
            continue
        if budget.take(1 + len(shapes.by_service.get(service, ()))):
            certain |= _takers_among(wanted, instance(pattern, EXAMPLE_PART))
        else:
            possible |= at_most
    return ActionSet(certain, certain | possible)
