"""What `pulumi state move` brought from another stack is known again, and nothing else is taken for it."""

from collections.abc import Callable
from typing import Any

import pytest

from identity_center.model.access.grant import Grant
from identity_center.model.plan.planned import Id, moved_in
from identity_center.model.plan.whole_model import MODEL, Given, ModelParts, plan_model
from identity_center.program.state.last_model import LastUpdate, read_last_update
from identity_center.resources.access_model import WholeModel
from tests.support.answers import Answers

Run = Callable[..., Any]
OURS = "identity-center:index:PermissionSet"
DEV = Id(OURS, "dev")
PLAN = plan_model(
    MODEL,
    ModelParts(
        {
            "instance_arn": "arn:aws:sso:::instance/ssoins-1",
            "identity_store_id": "d-1",
            "groups": {"crew": {"display_name": "Crew", "members": []}},
            "permission_sets": {"dev": {"name": "Dev"}},
        },
        [Given(Grant("dev", "crew", "GROUP", "444444444444"))],
    ),
)


def urn(types: str, name: str) -> str:
    """Return the URN of a resource in the stack."""
    return f"urn:pulumi:dev::identity-center::{types}::{name}"


def state_of(key: str, under: str = "") -> dict[str, Any]:
    """Return a state that has a permission set and its assignment, under a component or directly."""
    return {
        urn(f"{under}{OURS}", key): {"type": OURS},
        urn(f"{under}{OURS}$aws:ssoadmin/permissionSet:PermissionSet", key): {
            "outputs": {"name": key.title()}
        },
        urn(
            f"{under}{OURS}$aws:ssoadmin/accountAssignment:AccountAssignment",
            f"{key}/group/crew/444444444444",
        ): {},
    }


@pytest.fixture
def last(run: Run, answers: Answers) -> Callable[[dict[str, Any]], LastUpdate]:
    """Return a function that reads a state."""

    def read(state: dict[str, Any]) -> LastUpdate:
        answers.last_update = state
        found: LastUpdate = run(read_last_update).result
        return found

    return read


def test_a_part_that_was_moved_in_counts_as_the_models(last: Callable[[dict[str, Any]], LastUpdate]) -> None:
    """Else the preview says that its people gain what they have, and refuses its names as taken."""
    found = last(state_of("dev"))
    assert not found.assignments
    taken = last({**state_of("dev"), **state_of("own")}).taking_in(PLAN)
    assert taken.moved_in == {DEV}
    assert taken.assignments == {"dev/group/crew/444444444444"}
    assert taken.state is not None
    assert {each.key: each.outermost for each in taken.state.holders} == {
        "dev": "identity-center:index:AccessModel",
        "own": OURS,
    }


@pytest.mark.parametrize(
    "state",
    [
        state_of("other"),
        state_of("dev", "identity-center:index:AccessModel$"),
        {**state_of("dev", "identity-center:index:AccessModel$"), **state_of("dev")},
    ],
    ids=["of another name", "where it belongs", "a program's own beside the model's"],
)
def test_whatever_else_stands_in_the_stack_stays_what_it_is(
    last: Callable[[dict[str, Any]], LastUpdate], state: dict[str, Any]
) -> None:
    """A program may have components of its own: to take one for the model's would make two of them one."""
    found = last(state)
    assert found.taking_in(PLAN) is found


def test_the_engine_is_told_where_a_moved_part_was(run: Run) -> None:
    """Without it the engine deletes what was moved in and makes it anew."""
    made = run(lambda: WholeModel(moved_in(PLAN, {DEV})))
    request = made.requests[made.urn(OURS, "dev")]
    assert [alias.spec.noParent for alias in request.aliases] == [True]
    untouched = run(lambda: WholeModel(moved_in(PLAN, ())))
    assert not untouched.requests[untouched.urn(OURS, "dev")].aliases
