"""Is what a stack lists in the instance? What AWS did not say is never fine."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import boto3
import pytest

from identity_center_cli.main import main
from sandbox.aws.identity_center.ssoadmin import identity_center
from sandbox.settings import REGION
from tests.support import calls_of_a_key
from tests.support.changed_by_hand import S3, SHOP, Instance
from tests.support.lived_in import PROVIDER, TRUST

from .asked import EXPECT, Fault, Run, outputs_of, unassign

MANAGEMENT: Final = "123456789012"


def _withdraw(instance: Instance, name: str) -> None:
    """Leave an assignment whose role nobody made, which the sandbox's API has no way to."""
    identity_center(MANAGEMENT, REGION).instances[instance.made.instance].permission_sets[
        instance.sets[name]
    ].withdraw(SHOP)


def test_what_is_there_is_counted(run: Run) -> None:
    """The walkthrough ends with a sentence that says that everybody has what was written."""
    status, out, err = run(*EXPECT)

    assert (status, err) == (0, "")
    assert out.startswith(
        "5 of 5 assignments of the stack are in the instance, each permission set provisioned"
    )


def _delete_set(instance: Instance) -> None:
    unassign(instance)
    instance.made.sso.delete_permission_set(**instance.made.of_set(instance.sets["Reading"]))


def _assign_another(instance: Instance) -> None:
    unassign(instance)
    instance.made.assign(instance.sets["Reading"], instance.users["leo"], SHOP, "USER")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (unassign, "MISSING: group emergency -> Reading -> 444444444444"),
        (_assign_another, "MISSING: group emergency -> Reading -> 444444444444"),
        (_delete_set, "MISSING: group emergency -> Reading -> 444444444444"),
        (
            lambda instance: instance.write(S3, "Reading"),
            (
                "OUTDATED: group emergency -> Reading -> 444444444444: run identity-center provision "
                "--set Reading --account 444444444444"
            ),
        ),
        (
            lambda instance: _withdraw(instance, "Reading"),
            "NOT PROVISIONED: group emergency -> Reading -> 444444444444",
        ),
    ],
)
def test_what_is_broken_is_named(
    run: Run, instance: Instance, change: Callable[[Instance], None], says: str
) -> None:
    """An engine can report success over half a job, and AWS can change it afterwards."""
    change(instance)

    status, out, err = run(*EXPECT)

    assert status == 1
    assert out.startswith("4 of 5 assignments")
    (line,) = err.splitlines()
    assert line.startswith(says)


def test_what_aws_does_not_say_is_not_fine(run: Run, order_fault: Fault) -> None:
    """A verification that was refused half of its questions has verified nothing of that half."""
    order_fault(
        service="sso-admin", operation="ListAccountAssignments", code="AccessDeniedException", times=1
    )
    order_fault(
        service="sso-admin",
        operation="ListAccountsForProvisionedPermissionSet",
        code="AccessDeniedException",
        after=2,
        times=1,
    )

    status, out, err = run(*EXPECT, "--format", "json")

    found = json.loads(out)["assignments"]
    assert status == 2
    assert sorted(one["standing"] for one in found["listed"]) == [
        "fine",
        "fine",
        "fine",
        "not read",
        "not read",
    ]
    assert "NOT READ: sso:ListAccountAssignments: AccessDeniedException" in err
    assert "NOT READ: sso:ListAccountsForProvisionedPermissionSet: AccessDeniedException" in err


def test_only_what_the_stack_lists_is_asked_for(run: Run, instance: Instance, endpoint: str) -> None:
    """`access --expect` reads the whole instance: minutes, where the stack is a small part of a large one."""
    for number in range(4):
        other = instance.made.permission_set(f"Other{number}")
        instance.made.assign(other, instance.group, SHOP)
    calls_of_a_key.count(endpoint)

    assert run(*EXPECT)[0] == 0

    assert calls_of_a_key.asked(endpoint) == {
        "sso:ListInstances": 1,
        "sso:ListAccountsForProvisionedPermissionSet": 10,
        "sso:ListAccountAssignments": 5,
    }


@pytest.fixture
def beside(run: Run, instance: Instance, tmp_path: Path) -> dict[str, str]:
    """Let the stack list an application and a role, both of which are there."""
    assert callable(run)
    made, access = instance.made, boto3.client("account-access")
    wiki = made.sso.create_application(
        InstanceArn=made.instance, ApplicationProviderArn=PROVIDER, Name="Wiki"
    )["ApplicationArn"]
    made.sso.create_application_assignment(
        ApplicationArn=wiki, PrincipalId=instance.group, PrincipalType="GROUP"
    )
    made.in_account("iam", SHOP).create_role(RoleName="Auditor", AssumeRolePolicyDocument=TRUST)
    role = f"arn:aws:iam::{SHOP}:role/Auditor"
    source = {"identityCenter": {"instanceArn": made.instance}}
    manager = access.create_application(identitySource=source)["applicationArn"]
    entitled = {"roleArn": role, "principal": {"identityCenter": {"groupId": instance.group}}}
    entitlement = access.create_entitlement(applicationArn=manager, entitlement={"principalRole": entitled})[
        "entitlementId"
    ]
    outputs = outputs_of(instance)
    who = {"principalType": "GROUP", "principalId": instance.group, "principal": "emergency"}
    outputs["application_assignments"] = {"wiki": {**who, "applicationArn": wiki, "application": "Wiki"}}
    outputs["role_entitlements"] = {"auditor": {**who, "roleArn": role}}
    (tmp_path / "outputs.json").write_text(json.dumps(outputs), encoding="utf-8")
    return {"wiki": wiki, "manager": manager, "entitlement": entitlement}


def test_applications_and_roles_are_looked_for_as_well(
    run: Run, instance: Instance, beside: dict[str, str]
) -> None:
    """A way in that is no permission set is granted all the same."""
    status, out, err = run(*EXPECT)
    assert (status, err) == (0, "")
    assert out.endswith("2 of 2 assignments of applications and entitlements to roles are there\n")

    instance.made.sso.delete_application_assignment(
        ApplicationArn=beside["wiki"], PrincipalId=instance.group, PrincipalType="GROUP"
    )
    boto3.client("account-access").delete_entitlement(
        applicationArn=beside["manager"], entitlementId=beside["entitlement"]
    )
    status, out, err = run(*EXPECT)
    assert status == 1
    assert err.splitlines() == [
        "MISSING: group emergency -> application Wiki: run `pulumi up --refresh`",
        f"MISSING: group emergency -> role arn:aws:iam::{SHOP}:role/Auditor: run `pulumi up --refresh`",
    ]
    assert out.endswith("0 of 2 assignments of applications and entitlements to roles are there\n")


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize(
    ("service", "operation"),
    [("sso-admin", "DescribeApplicationAssignment"), ("account-access", "ListEntitlements")],
)
def test_an_application_or_role_that_was_not_read_is_not_fine(
    run: Run, order_fault: Fault, service: str, operation: str
) -> None:
    """Half of an answer is no verification."""
    order_fault(service=service, operation=operation, code="AccessDeniedException")

    status, out, err = run(*EXPECT, "--format", "json")

    found = json.loads(out)["assignments"]
    assert status == 2
    assert sorted(one["standing"] for one in found["others"]) == ["fine", "not read"]
    assert operation in err


def test_without_an_account_access_manager_in_sight_nothing_is_known_of_roles(
    run: Run, beside: dict[str, str]
) -> None:
    """It may be gone, or the management account's while the delegated administrator asks."""
    access = boto3.client("account-access")
    access.delete_application(applicationArn=beside["manager"])
    while access.list_applications()["applications"]:
        pass

    status, _, err = run(*EXPECT)

    assert status == 2
    assert "NOT READ: entitlements to roles" in err


def test_an_older_stack_says_nothing_of_applications_and_is_told_so(
    run: Run, instance: Instance, tmp_path: Path
) -> None:
    """Silence would say that they are there."""
    outputs = outputs_of(instance)
    del outputs["application_assignments"], outputs["role_entitlements"]
    (tmp_path / "outputs.json").write_text(json.dumps(outputs), encoding="utf-8")

    status, _, err = run(*EXPECT)

    assert status == 0
    assert err == "note: applications and roles are not looked at: the outputs do not list them\n"


def test_outputs_without_their_secrets_are_told(session: boto3.Session, monkeypatch: pytest.MonkeyPatch,
                                                capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """An empty list would verify that nothing is there."""
    assert session.region_name == REGION
    monkeypatch.setattr("sys.stdin", io.StringIO('{"account_assignments": "[secret]"}'))

    assert main(["verify", "--expect", "-"]) == 2
    assert "--show-secrets" in capsys.readouterr().err
