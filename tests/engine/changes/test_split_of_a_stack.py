"""A stack that became too large is made two without a change in AWS, as docs/large-organisations.md says."""

import copy
from typing import Any

import boto3
import pytest

from sandbox.project import Project

pytestmark = pytest.mark.engine

KEY = "identity-center:"
ACCOUNTS = ["222222222222", "444444444444"]
OF_SET = (
    "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:PermissionSet::"
)


def _requests(session: boto3.Session) -> tuple[int, ...]:
    """Count what Identity Center was asked to change, and what it holds."""
    sso: Any = session.client("sso-admin")
    (instance,) = (each["InstanceArn"] for each in sso.list_instances()["Instances"])
    kinds = ("creation", "deletion")
    asked = [getattr(sso, f"list_account_assignment_{kind}_status")(InstanceArn=instance) for kind in kinds]
    provisioned = sso.list_permission_set_provisioning_status(InstanceArn=instance)
    sets = sso.list_permission_sets(InstanceArn=instance)["PermissionSets"]
    return (
        *(
            len(each[f"AccountAssignments{kind.title()}Status"])
            for each, kind in zip(asked, kinds, strict=True)
        ),
        len(provisioned["PermissionSetsProvisioningStatus"]),
        len(sets),
    )


def _of_aws(project: Project, stack: str) -> dict[str, str]:
    """Return the ids of the resources of a stack that AWS has, by their URNs without the stack's name."""
    state = project.succeed("stack", "export", "--stack", stack).json()["deployment"]
    return {
        each["urn"].partition("::")[2]: each["id"]
        for each in state["resources"]
        if each["type"].startswith("aws:") and each.get("id")
    }


@pytest.mark.thorough
def test_half_of_a_stack_moves_to_another_and_aws_sees_nothing_of_it(
    program: Project, dev_config: dict[str, Any], session: boto3.Session
) -> None:
    """Whoever deletes and makes a thousand assignments to split a stack locks people out meanwhile."""
    dev_config[f"{KEY}permissionSets"] = {
        key: {"name": key.title(), "managedPolicies": ["ReadOnlyAccess"]} for key in ("reading", "moving")
    }
    dev_config[f"{KEY}assignments"] = [
        {"group": "developers", "permissionSets": ["reading"], "accounts": ACCOUNTS},
        {"group": "developers", "permissionSets": ["moving"], "accounts": ACCOUNTS},
    ]
    project = program.without_pack()
    project.write_config(dev_config)
    project.up()
    before, held = _requests(session), _of_aws(project, "dev")
    first, second = copy.deepcopy(dev_config), copy.deepcopy(dev_config)
    moved = first[f"{KEY}permissionSets"].pop("moving")
    first[f"{KEY}assignments"].pop()
    first[f"{KEY}allowRemovals"] = {"assignments": len(ACCOUNTS)}
    for section in ("users", "groups"):
        second.pop(f"{KEY}{section}")
    second[f"{KEY}externalGroups"] = {"developers": {"displayName": "Developers"}}
    second[f"{KEY}permissionSets"] = {"moving": moved}
    second[f"{KEY}assignments"] = [dev_config[f"{KEY}assignments"][1]]

    project.succeed("stack", "init", "second")
    project.write_config(first)
    project.write_config(second, "second")
    project.succeed("state", "move", "--yes", "--source", "dev", "--dest", "second", f"{OF_SET}moving")
    for stack in ("dev", "second"):
        shown = project.succeed("preview", "--stack", stack, "--diff").output
        assert "aws:ssoadmin/" not in shown, shown
        project.up("--stack", stack)

    assert _requests(session) == before
    after = {stack: _of_aws(project, stack) for stack in ("dev", "second")}
    assert [urn for urn in after["second"] if "moving" in urn]
    assert not [urn for urn in after["dev"] if "moving" in urn]
    assert {**after["second"], **after["dev"]} == held
    for stack in ("dev", "second"):
        project.succeed("preview", "--stack", stack, "--expect-no-changes")
