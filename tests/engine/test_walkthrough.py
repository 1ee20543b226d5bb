"""Stack dev, the walkthrough: made, seen in the API, unchanged when run again, changed by hand, gone."""

from pathlib import Path
from typing import Any

import boto3
import pytest

from identity_center_cli.aws.access import AccessInAws, AccountAssignment, read_access
from sandbox.project import Project

pytestmark = pytest.mark.engine

GOLDEN_URNS = Path(__file__).with_name("golden_urns_of_dev.txt")


def _instance(session: boto3.Session) -> tuple[str, str]:
    (instance,) = session.client("sso-admin").list_instances()["Instances"]
    return instance["InstanceArn"], instance["IdentityStoreId"]


def _management_account(session: boto3.Session) -> str:
    return session.client("organizations").describe_organization()["Organization"]["MasterAccountId"]


def _everything(session: boto3.Session) -> dict[str, Any]:
    """Read from the API everything that the walkthrough makes."""
    sso, store = session.client("sso-admin"), session.client("identitystore")
    instance_arn, store_id = _instance(session)
    return {
        "users": store.list_users(IdentityStoreId=store_id)["Users"],
        "groups": store.list_groups(IdentityStoreId=store_id)["Groups"],
        "permission sets": sso.list_permission_sets(InstanceArn=instance_arn)["PermissionSets"],
        "assignments": read_access(session).assignments,
    }


def test_the_pack_passes_it_with_one_advisory(program: Project) -> None:
    """PowerUserAccess with IAMFullAccess cannot close the account, and the user is told what it can do."""
    shown = program.succeed("preview").output

    assert shown.count("[advisory]") == 1, shown
    assert "[mandatory]" not in shown
    assert "PowerUserWithIAM" in shown or "power-user-with-iam" in shown
    assert "no policy pack judges this run" not in shown

    del program.environment["PULUMI_OPTION_POLICY_PACK"]
    assert "no policy pack judges this run" in program.succeed("preview").output


def test_a_preview_makes_nothing(program: Project, session: boto3.Session) -> None:
    """People preview on production."""
    program.succeed("preview")

    assert not any(_everything(session).values())


def test_the_walkthrough_is_made_as_its_config_says(made_program: Project, session: boto3.Session) -> None:
    """Success that only the engine reports is the commonest failure of tools like this one."""
    outputs = made_program.succeed("stack", "output", "--json", "--show-secrets").json()
    sso, store = session.client("sso-admin"), session.client("identitystore")
    instance_arn, store_id = _instance(session)
    (user,) = store.list_users(IdentityStoreId=store_id)["Users"]
    (group,) = store.list_groups(IdentityStoreId=store_id)["Groups"]
    (set_arn,) = sso.list_permission_sets(InstanceArn=instance_arn)["PermissionSets"]
    permission_set = sso.describe_permission_set(InstanceArn=instance_arn, PermissionSetArn=set_arn)
    policies = sso.list_managed_policies_in_permission_set(InstanceArn=instance_arn, PermissionSetArn=set_arn)
    access = read_access(session)

    assert (user["UserName"], user["Name"]["GivenName"], user["Name"]["FamilyName"]) == (
        "ada",
        "Ada",
        "Lovelace",
    )
    assert user["Emails"][0]["Value"] == "ada@example.com"
    assert group["DisplayName"] == "Developers"
    assert permission_set["PermissionSet"]["Name"] == "PowerUserWithIAM"
    assert permission_set["PermissionSet"]["SessionDuration"] == "PT4H"
    assert {p["Name"] for p in policies["AttachedManagedPolicies"]} == {"PowerUserAccess", "IAMFullAccess"}
    assert [(s.person, s.through, s.permission_set, s.account_id) for s in access.sign_ins] == [
        ("ada", "group Developers", "PowerUserWithIAM", _management_account(session))
    ]
    assert outputs["portal_url"] == f"https://{store_id}.awsapps.com/start"
    assert outputs["instance_arn"] == instance_arn
    assert outputs["identity_store_id"] == store_id
    assert outputs["users"] == {"ada": user["UserId"]}
    assert outputs["groups"] == {"developers": group["GroupId"]}
    assert outputs["permission_sets"] == {"power-user-with-iam": set_arn}
    assert len(outputs["assignments"]) == 1
    assert "password" in str(outputs["first_sign_in"])


def test_the_engine_knows_everything_by_the_names_it_always_had(made_program: Project) -> None:
    """A name that changes deletes a person and an assignment and makes them again.

    Whoever has to change the list ships aliases with the change, and a test that shows no difference.
    """
    urns = {state["urn"].split("::", 2)[2] for state in made_program.exported()["deployment"]["resources"]}
    ours = {urn for urn in urns if not urn.startswith("pulumi:")}

    assert ours == set(GOLDEN_URNS.read_text(encoding="utf-8").splitlines())


def test_the_state_says_each_id_once(made_program: Project) -> None:
    """Ids of a thousand people in three places would make every state and every preview larger."""
    components = {
        state["type"].split(":")[-1]: state.get("outputs", {})
        for state in made_program.exported()["deployment"]["resources"]
        if state["type"].startswith("identity-center:")
    }

    assert {kind for kind, outputs in components.items() if outputs} == {"AccessModel", "MfaRequirement"}
    assert {*components["AccessModel"]} == {"userIds", "groupIds", "permissionSetArns", "applicationArns"}


def test_running_it_again_changes_nothing(made_program: Project) -> None:
    """Whoever sees changes in every preview stops reading previews."""
    assert made_program.up("--expect-no-changes").status == 0


def test_an_assignment_deleted_by_hand_is_noticed_and_made_again(
    made_program: Project, session: boto3.Session
) -> None:
    """Somebody who loses access in the console gets it back with the next refresh and up."""
    (assignment,) = read_access(session).assignments
    instance_arn, _store = _instance(session)
    session.client("sso-admin").delete_account_assignment(
        InstanceArn=instance_arn,
        TargetId=assignment.account_id,
        TargetType="AWS_ACCOUNT",
        PermissionSetArn=assignment.permission_set_arn,
        PrincipalType="GROUP",
        PrincipalId=assignment.principal_id,
    )
    _wait_for(session, frozenset())

    assert made_program.pulumi("preview", "--refresh", "--expect-no-changes").status != 0
    made_program.up("--refresh")

    assert read_access(session).assignments == {assignment}


def test_a_policy_attached_by_hand_is_drift_that_up_removes(
    made_program: Project, session: boto3.Session
) -> None:
    """A permission set that was widened in the console is access that no review has seen."""
    sso = session.client("sso-admin")
    instance_arn, _store = _instance(session)
    (set_arn,) = sso.list_permission_sets(InstanceArn=instance_arn)["PermissionSets"]
    sso.attach_managed_policy_to_permission_set(
        InstanceArn=instance_arn,
        PermissionSetArn=set_arn,
        ManagedPolicyArn="arn:aws:iam::aws:policy/SecurityAudit",
    )

    made_program.up("--refresh")

    attached = sso.list_managed_policies_in_permission_set(InstanceArn=instance_arn, PermissionSetArn=set_arn)
    assert {p["Name"] for p in attached["AttachedManagedPolicies"]} == {"PowerUserAccess", "IAMFullAccess"}


def test_a_person_changed_in_the_console_shows_up_in_refresh(
    made_program: Project, session: boto3.Session
) -> None:
    """A state that does not follow the directory shows wrong differences."""
    store = session.client("identitystore")
    _arn, store_id = _instance(session)
    (user,) = store.list_users(IdentityStoreId=store_id)["Users"]
    changed = {"displayName": "Ada Byron", "title": "Countess", "locale": "en-GB"}
    operations: Any = [{"AttributePath": path, "AttributeValue": value} for path, value in changed.items()]
    store.update_user(IdentityStoreId=store_id, UserId=user["UserId"], Operations=operations)

    made_program.succeed("refresh", "--yes", "--skip-preview")

    states = made_program.exported()["deployment"]["resources"]
    (outputs,) = [one["outputs"] for one in states if one["type"].endswith("user:User")]
    assert {path: outputs[path] for path in changed} == changed


def test_destroy_leaves_nothing_behind(made_program: Project, session: boto3.Session) -> None:
    """What stays in the directory after a destroy is access that nobody manages any more."""
    made_program.succeed("destroy", "--yes", "--skip-preview")

    assert not any(_everything(session).values())


def _wait_for(session: boto3.Session, assignments: frozenset[AccountAssignment]) -> None:
    """Wait until the API, which assigns in its own time, shows the assignments."""
    for _attempt in range(100):
        access: AccessInAws = read_access(session)
        if access.assignments == assignments:
            return
    raise AssertionError(f"the API still shows {access.assignments}")
