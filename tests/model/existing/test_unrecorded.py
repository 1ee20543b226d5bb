"""Members and assignments that AWS has and the stack's state does not."""

from typing import Any

import pytest

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.unrecorded import LINKS, already_there, new_links
from identity_center.model.plan import planned
from identity_center.model.plan.planned import Id, PlannedResource, Ref

from .test_recovery import EMPTY, FULL, INSTANCE, MADE, SET, STORE

#: The ends of all links, as the state has them.
ENDS = {
    Id(planned.USER, "ada"): {"userId": "u-1"},
    Id(planned.GROUP, "developers"): {"groupId": "g-1"},
    Id(planned.PERMISSION_SET, "power"): {"arn": SET},
}
MEMBER = PlannedResource(
    planned.MEMBERSHIP,
    "developers/ada",
    {
        "identityStoreId": STORE,
        "groupId": Ref(planned.GROUP, "developers", "groupId"),
        "memberId": Ref(planned.USER, "ada", "userId"),
    },
)


def _planned(kind: str, inputs: dict[str, Any]) -> PlannedResource:
    return PlannedResource(kind, "it", inputs)


@pytest.mark.parametrize("kind", LINKS)
def test_a_link_that_aws_has_is_refused_in_the_key_that_says_it(kind: str) -> None:
    """The provider refuses it in the middle of an update, or tries for an hour."""
    links = new_links([_planned(kind, MADE[kind][0])], {})

    (mistake,) = already_there(links, FULL)

    assert mistake.path == (LINKS[kind][0],)
    assert "identity-center recover" in mistake.remedy
    assert list(already_there(links, EMPTY)) == []


def test_the_ends_of_a_link_are_taken_from_the_state() -> None:
    """A plan names groups and users by keys, AWS by ids."""
    (link,) = new_links([MEMBER], ENDS)

    assert link.inputs["groupId"] == "g-1"
    assert [mistake.problem for mistake in already_there([link], FULL)] == [
        "AWS has members of groups already that this stack's record does not have: developers/ada"
    ]


@pytest.mark.parametrize("missing", [Id(planned.USER, "ada"), Id(planned.GROUP, "developers")])
def test_between_what_is_not_there_is_nothing(missing: Id) -> None:
    """A first run makes everything, and asks nothing."""
    assert new_links([MEMBER], {key: value for key, value in ENDS.items() if key != missing}) == ()


def test_what_the_state_has_is_not_asked_for() -> None:
    """A run that makes no link makes no call."""
    assert (
        new_links([MEMBER], {**ENDS, Id(planned.MEMBERSHIP, "developers/ada"): {"membershipId": "m"}}) == ()
    )


def test_a_link_whose_key_was_renamed_is_in_the_state_under_the_former_one() -> None:
    """Else every `formerly` would be refused."""
    renamed = PlannedResource(
        planned.MEMBERSHIP, "builders/ada", MEMBER.inputs, former_names=("developers/ada",)
    )

    assert new_links([renamed], {**ENDS, Id(planned.MEMBERSHIP, "developers/ada"): {}}) == ()


def test_a_thousand_are_one_line() -> None:
    """Who reads a log reads the first lines."""
    grants = [
        FULL.assignments[0].model_copy(update={"account_id": f"{number:012}"}) for number in range(1000)
    ]
    existing: Existing = EMPTY.model_copy(update={"assignments": tuple(grants)})
    inputs = MADE[planned.ASSIGNMENT][0]
    plan = [
        PlannedResource(planned.ASSIGNMENT, f"{number}", {**inputs, "targetId": f"{number:012}"})
        for number in range(1000)
    ]

    (mistake,) = already_there(new_links(plan, {}), existing)

    assert "AWS has account assignments already" in mistake.problem
    assert mistake.problem.endswith(": 0, 1, 2, 3, 4 and 995 more")
    assert INSTANCE not in mistake.problem
