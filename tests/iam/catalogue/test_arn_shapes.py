"""The shapes of ARNs: which actions take a resource of each, and which cannot do without one."""

import pytest

from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.arn_shapes import MOST_REMEMBERED, ArnShapes, arn_shapes

SHAPES = arn_shapes()


def bit(action: str) -> int:
    """Return one action as a mask."""
    number = catalogue().bit_of(action)
    assert number is not None
    return 1 << number


def number_of(kind: str) -> int:
    """Return the number of the one shape that ends in a kind of resource."""
    (found,) = [number for number, shape in enumerate(SHAPES.shapes) if kind in shape.template]
    return found


def test_an_action_may_take_a_resource_that_it_can_do_without() -> None:
    """Tags may be put on a gateway or on something else; a gateway is deleted or nothing is."""
    gateway = SHAPES.shapes[number_of(":customer-gateway/")]

    assert gateway.actions_on & bit("ec2:CreateTags")
    assert not gateway.requirers & bit("ec2:CreateTags")
    assert gateway.requirers & gateway.actions_on & bit("ec2:DeleteCustomerGateway")


def test_the_shapes_that_an_action_takes_are_its_own() -> None:
    """A role is passed and a bucket listed; asked about all shapes, each answer would take far longer."""
    taken = SHAPES.taken_by(bit("iam:PassRole"))

    assert [SHAPES.shapes[number].template for number in taken] == [
        "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"
    ]


def test_what_is_remembered_is_bounded() -> None:
    """One set of actions after another must not make a long-lived process grow."""
    remembered: dict[int, dict[int, None]] = {}
    shapes = ArnShapes(SHAPES.shapes, SHAPES.without, remembered)
    for number in range(MOST_REMEMBERED + 20):
        shapes.taken_by(1 << number)

    assert list(remembered) == [1 << number for number in range(MOST_REMEMBERED)]
    assert shapes.taken_by(1) is remembered[1]


@pytest.mark.parametrize("kind", [":customer-gateway/", ":a4b:${Region}:${Account}:address-book/"])
def test_all_shapes_but_one_are_taken_together_as_one_by_one(kind: str) -> None:
    """Services are taken many at a time; one that is left out on the way is not asked about."""
    left_out = number_of(kind)
    others = [number for number in range(len(SHAPES.shapes)) if number != left_out]

    assert SHAPES.masks_without({left_out}) == SHAPES.masks_of(others)


def test_every_service_is_among_those_taken_together() -> None:
    """The first and the last service of the list count like those between."""
    assert SHAPES.masks_without(frozenset()) == SHAPES.masks_of(range(len(SHAPES.shapes)))


def test_no_action_is_left_without_a_place_to_be_called_on() -> None:
    """An action of no shape that is not for `*` either would never be open beside a named resource."""
    placed = union(shape.actions_on for shape in SHAPES.shapes) | SHAPES.without

    assert catalogue().known & ~placed == 0
    assert bit("backup:StartRestoreJob") & SHAPES.shapes[number_of(":recovery-point:")].requirers


def test_every_shape_is_of_one_service() -> None:
    """Shapes are found by the service in an ARN: one of any service would be found by nobody."""
    assert [shape.template for shape in SHAPES.shapes if "${" in shape.service] == []
