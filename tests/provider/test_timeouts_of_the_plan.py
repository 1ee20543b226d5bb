"""What the plan says of time-outs, where AWS takes longer than the provider waits by itself."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from identity_center.model.plan.permission_sets import assigned_of_args, plan_permission_set
from identity_center.model.plan.planned import ASSIGNMENT, MANAGED_POLICIES, PlannedResource, Ref
from sandbox import pace
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.provider.rows.attached import Attached
from sandbox.provider.rows.timeouts import duration

READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
MANAGEMENT = "123456789012"


@pytest.fixture
def slow() -> Iterator[None]:
    """Let a second be a millisecond, and AWS take 15 minutes for everything."""
    undo = pace.current.fix(replace(pace.OFF, request=0.9, provisioning=0.9, timeouts=0.001))
    yield
    undo()


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("token", [ASSIGNMENT, MANAGED_POLICIES])
def test_fifteen_minutes_are_waited_for(attached: Attached, endpoint: str, unique: str, token: str) -> None:
    """After five minutes, or ten, the access would be granted and in no state, the accounts out of date."""
    around = Surroundings(endpoint, "us-east-1", unique)
    held, group = around.permission_set(), around.group()
    if token == MANAGED_POLICIES:
        around.assign(held, around.group(f"{unique}-other"), MANAGEMENT)
    planned = _planned(token, around.instance, group)
    inputs = {name: held if isinstance(value, Ref) else value for name, value in planned.inputs.items()}
    patience = duration(planned.timeouts.get("create", "0s"))

    attached.create(token, "a", inputs, patience)


def _planned(token: str, instance: str, group: str) -> PlannedResource:
    given = {
        "principal_type": "GROUP",
        "principal_key": "g",
        "principal_id": group,
        "account_ids": [MANAGEMENT],
    }
    args = {
        "instance_arn": instance,
        "name": "Any",
        "managed_policy_arns": [READ],
        "assignments": [given],
    }
    return next(
        each for each in plan_permission_set("any", args, assigned_of_args(args)) if each.type == token
    )
