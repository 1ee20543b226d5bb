"""How long the provider waits: read from the model, and said of each resource that waits."""

from typing import Any

import pytest

from identity_center.model.language.keys.waiting_time import waiting_time
from identity_center.model.language.timeouts import TimeoutsEntry
from identity_center.model.mistakes import WrongValueError
from identity_center.model.plan.permission_sets import assigned_of_args, plan_assignment, plan_permission_set
from identity_center.model.plan.planned import ASSIGNMENT, MANAGED_POLICIES, PERMISSION_SET, PlannedResource
from identity_center.model.plan.whole_model import ModelParts, plan_model
from sandbox.provider.rows.timeouts import duration

INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
ADA: dict[str, Any] = {
    "principal_type": "USER",
    "principal_key": "ada",
    "principal_id": "id",
    "account_ids": ["444444444444"],
}
READING: dict[str, Any] = {
    "instance_arn": INSTANCE,
    "name": "Reading",
    "managed_policy_arns": [],
    "customer_managed_policies": [{"name": "Read"}],
    "inline_policy": "{}",
    "permissions_boundary": {"managed_policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    "assignments": [ADA],
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("45 minutes", "45m"),
        ("1h30m", "1h30m"),
        ("PT90M", "1h30m"),
        ("1 hour 30 minutes", "1h30m"),
        ("24 hours", "24h"),
        ("PT61S", "1m1s"),
    ],
)
def test_a_time_out_is_told_as_the_engine_reads_it(text: str, told: str) -> None:
    """The engine takes Go's durations only, and refuses the resource otherwise."""
    assert waiting_time(text) == told
    assert duration(told) > 0


@pytest.mark.parametrize("text", ["", "soon", "59 seconds", "PT59S", "25 hours", "0m", "1d", "-5m", "5"])
def test_any_other_time_out_is_refused(text: str) -> None:
    """A pipeline that waits forever, or for nothing, is found in the middle of an update."""
    with pytest.raises(WrongValueError, match="is not a time-out from 1 minute to 24 hours"):
        waiting_time(text)


def told(plan: tuple[PlannedResource, ...]) -> dict[str, object]:
    """Return the time-outs of a plan, by the type's name."""
    return {
        each.type.rpartition(":")[2]: each.timeouts or each.inputs["timeouts"]
        for each in plan
        if each.timeouts or "timeouts" in each.inputs
    }


def test_everything_of_a_set_that_waits_waits_long_enough_for_many_accounts() -> None:
    """A changed set takes longer than the provider's ten minutes, and the state takes it for done."""
    plan = plan_permission_set("reading", READING, assigned_of_args(READING))

    hour = {"create": "1h", "delete": "1h"}
    assert told(plan) == {
        "PermissionSet": {"update": "1h"},
        "PermissionsBoundaryAttachment": hour,
        "ManagedPolicyAttachmentsExclusive": {"create": "1h", "update": "1h"},
        "CustomerManagedPolicyAttachment": hour,
        "PermissionSetInlinePolicy": hour,
        "AccountAssignment": {"create": "30m", "delete": "30m"},
    }


def test_components_are_told_other_times() -> None:
    """Whoever has 5,000 accounts needs more than the defaults."""
    times = {"assignments": "2 hours", "provisioning": "4 hours"}
    plan = plan_permission_set("reading", {**READING, "timeouts": times}, assigned_of_args(READING))
    alone = plan_assignment("a", {**ADA, "permission_set_arn": "x", "instance_arn": "y", "timeouts": times})

    assert told(plan)["PermissionSet"] == {"update": "4h"}
    assert told(plan)["ManagedPolicyAttachmentsExclusive"] == {"create": "4h", "update": "4h"}
    assert told(plan)["AccountAssignment"] == told(alone)["AccountAssignment"]
    assert told(alone)["AccountAssignment"] == {"create": "2h", "delete": "2h"}
    assert all("timeouts" not in each.inputs for each in plan if each.type == PERMISSION_SET)


def test_a_model_tells_all_its_parts() -> None:
    """One key of the model is enough for every permission set of it."""
    args = {
        "instance_arn": INSTANCE,
        "identity_store_id": "d-1",
        "permission_sets": {"reading": {"name": "Reading"}, "writing": {"name": "Writing"}},
        "account_access_tags": {"team": "identity"},
        "timeouts": {"provisioning": "2h", "account_access": "20m"},
    }
    plan = plan_model("m", ModelParts.of_args(args))

    exclusive = [each.inputs["timeouts"] for each in plan if each.type == MANAGED_POLICIES]
    assert exclusive == [{"create": "2h", "update": "2h"}] * 2
    assert told(plan)["Application"] == {"create": "20m", "delete": "20m"}


def test_nothing_is_said_of_account_access_unless_somebody_does() -> None:
    """Its application does not grow with the organisation, and a new input is an update of every stack."""
    args = {
        "instance_arn": INSTANCE,
        "identity_store_id": "d-1",
        "account_access_tags": {"team": "identity"},
    }

    assert "Application" not in told(plan_model("m", ModelParts.of_args(args)))
    assert TimeoutsEntry().account_access is None
    assert ASSIGNMENT not in told(plan_model("m", ModelParts.of_args(args)))
