"""Adopting what exists: imported under the names that the program gives, nothing is left to change."""

import json
import shutil
import time
from typing import Any

import boto3
import pytest

from identity_center_cli.aws.access import AccountAssignment, read_access
from sandbox.project import Project
from sandbox.provider.rows.schema import MISSING_ID

pytestmark = pytest.mark.engine


def _instance(session: boto3.Session) -> tuple[str, str]:
    (instance,) = session.client("sso-admin").list_instances()["Instances"]
    return instance["InstanceArn"], instance["IdentityStoreId"]


def test_a_hand_made_group_and_assignment_are_imported_without_changes(
    program: Project, session: boto3.Session, dev_config: dict[str, Any]
) -> None:
    """Organisations that start with us have an Identity Center already."""
    store = session.client("identitystore")
    sso = session.client("sso-admin")
    instance_arn, store_id = _instance(session)
    account = session.client("organizations").describe_organization()["Organization"]["MasterAccountId"]
    group_id = store.create_group(
        IdentityStoreId=store_id, DisplayName="Auditors", Description="People who look"
    )["GroupId"]
    program.up()
    (set_arn,) = sso.list_permission_sets(InstanceArn=instance_arn)["PermissionSets"]
    sso.create_account_assignment(
        InstanceArn=instance_arn,
        TargetId=account,
        TargetType="AWS_ACCOUNT",
        PermissionSetArn=set_arn,
        PrincipalType="GROUP",
        PrincipalId=group_id,
    )
    _wait_for(session, read_access(session).assignments | {_grant(group_id, set_arn, account)})
    dev_config["identity-center:groups"]["auditors"] = {
        "displayName": "Auditors",
        "description": "People who look",
    }
    dev_config["identity-center:assignments"].append(
        {"group": "auditors", "permissionSets": ["power-user-with-iam"], "accounts": ["management"]}
    )
    directory, set_component = (_component(program, kind) for kind in ("Directory", "PermissionSet"))
    parent = f"directory={directory}"

    _import(program, "aws:identitystore/group:Group", "auditors", f"{store_id}/{group_id}", parent)
    _import(
        program,
        "aws:ssoadmin/accountAssignment:AccountAssignment",
        f"power-user-with-iam/group/auditors/{account}",
        f"{group_id},GROUP,{account},AWS_ACCOUNT,{set_arn},{instance_arn}",
        f"set={set_component}",
    )
    program.write_config(dev_config)

    shown = program.succeed("preview", "--diff", "--expect-no-changes")
    assert shown.status == 0


def _component(program: Project, kind: str) -> str:
    """Return the URN of a component of the stack."""
    urns = (str(each["urn"]) for each in program.exported()["deployment"]["resources"])
    return next(urn for urn in urns if urn.split("::")[2].endswith(f"identity-center:index:{kind}"))


def _import(program: Project, token: str, name: str, identifier: str, parent: str) -> None:
    """Import one resource under its component, as a person does by hand."""
    options = ("--yes", "--skip-preview", "--protect=false")
    program.succeed("import", token, name, identifier, "--parent", parent, *options)


def _import_id(state: dict[str, Any]) -> str:
    """Return what `pulumi import` takes for a resource: its id, or where it has none what the docs name."""
    if state["id"] != MISSING_ID:
        return str(state["id"])
    return ",".join(state["outputs"][name] for name in ("instanceArn", "permissionSetArn"))


def _grant(group_id: str, set_arn: str, account: str) -> AccountAssignment:
    return AccountAssignment("GROUP", group_id, set_arn, account)


def _wait_for(session: boto3.Session, assignments: frozenset[AccountAssignment]) -> None:
    """Wait until the API, which assigns in its own time, shows the assignments."""
    deadline = time.monotonic() + 30
    while read_access(session).assignments != assignments:
        assert time.monotonic() < deadline, "the API does not show the assignment"
        time.sleep(0.1)


@pytest.mark.thorough
def test_an_existing_organisation_is_adopted_whole(program: Project) -> None:
    """The way for an organisation that starts with us: list, fill in the ids, import, no change."""
    program.up()
    ids = {
        (state["type"], state["urn"].split("::")[-1]): _import_id(state)
        for state in program.exported()["deployment"]["resources"]
        if "id" in state
    }
    shutil.copy(program.folder / "Pulumi.dev.yaml", program.folder / "Pulumi.adopted.yaml")
    program.succeed("stack", "init", "adopted")
    program = Project(program.folder, program.environment | {"PULUMI_STACK": "adopted"})
    # All of it is taken, which is what there is to import.
    listing = Project(program.folder, program.environment | {"IDENTITY_CENTER_ADOPTING": "1"})
    listing.succeed("preview", "--import-file", "resources.json")
    listed = json.loads((program.folder / "resources.json").read_text(encoding="utf-8"))
    for resource in listed["resources"]:
        if "id" in resource:
            resource["id"] = ids[resource["type"], resource.get("logicalName", resource["name"])]
    (program.folder / "resources.json").write_text(json.dumps(listed), encoding="utf-8")

    program.succeed("import", "--file", "resources.json", "--yes", "--skip-preview", "--protect=false")

    steps = program.succeed("preview", "--json").json()["steps"]
    changed = {
        step["urn"].split("::")[-2].split("$")[-1]: step.get("diffReasons")
        for step in steps
        if step["op"] != "same"
    }
    # Components are known to Pulumi alone: their arguments enter the state with the next update, and so does
    # how long the provider waits, which an import does not tell.
    assert {kind: why for kind, why in changed.items() if not kind.startswith("identity-center:")} == {
        "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive": ["timeouts"]
    }
    program.up()
    assert program.up("--expect-no-changes").status == 0
