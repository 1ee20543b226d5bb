"""Provisioning that failed is told by every update until it is mended, with the real engine."""

from typing import Any

import boto3
import pytest

from sandbox.project import Project

pytestmark = pytest.mark.engine

KEY = "identity-center:"
SET = "power-user-with-iam"
SHOP = "444444444444"
MISSING: Any = {"Name": "NobodyHasIt", "Path": "/"}


def test_no_update_is_green_while_an_account_keeps_the_old_role(
    program: Project, dev_config: dict[str, Any], session: boto3.Session
) -> None:
    """A policy that was taken away is still in the account, and the provider takes the set for finished."""
    project, sso = program.without_pack(), session.client("sso-admin")
    dev_config[f"{KEY}assignments"][0]["accounts"] = [SHOP]
    project.write_config(dev_config)
    project.up()
    (instance,) = (each["InstanceArn"] for each in sso.list_instances()["Instances"])
    (permission_set,) = sso.list_permission_sets(InstanceArn=instance)["PermissionSets"]
    where = {"InstanceArn": instance, "PermissionSetArn": permission_set}

    # Provisioning fails for a reason that somebody mends, and by then the policies are attached.
    sso.attach_customer_managed_policy_reference_to_permission_set(
        **where, CustomerManagedPolicyReference=MISSING
    )
    dev_config[f"{KEY}permissionSets"][SET]["managedPolicies"] = ["ReadOnlyAccess"]
    project.write_config(dev_config)
    assert project.pulumi("up", "--yes", "--skip-preview").status
    sso.detach_customer_managed_policy_reference_from_permission_set(
        **where, CustomerManagedPolicyReference=MISSING
    )

    for _ in range(2):
        again = project.pulumi("up", "--yes", "--skip-preview")
        assert again.status
        assert f"permission set `{SET}`: 1 account, such as {SHOP}" in again.output
    mended = project.run("identity-center", "provision")
    assert mended.status == 0, mended.output
    project.up()
    project.succeed("preview", "--expect-no-changes")
    assert "outdated_accounts" not in project.succeed("stack", "output", "--json").json()
