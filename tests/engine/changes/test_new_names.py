"""Names that are taken are refused before anything is made, and names are passed on in turn."""

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from identity_center_cli.aws.access import read_access
from sandbox.project import Project

if TYPE_CHECKING:
    from mypy_boto3_identitystore import IdentityStoreClient

pytestmark = pytest.mark.engine

KEY = "identity-center:"
Config = dict[str, Any]


@pytest.fixture
def store(session: boto3.Session) -> "IdentityStoreClient":
    """Return a client of the directory."""
    return session.client("identitystore")


@pytest.fixture
def instance(session: boto3.Session) -> dict[str, Any]:
    """Return the instance of the sandbox."""
    (one,) = session.client("sso-admin").list_instances()["Instances"]
    return dict(one)


def said(output: str) -> str:
    """Return an output in one line."""
    return " ".join(output.split())


def test_an_organisation_that_has_the_names_is_told_in_the_first_preview(
    program: Project,
    session: boto3.Session,
    store: "IdentityStoreClient",
    instance: dict[str, Any],
    dev_config: Config,  # as above
) -> None:
    """Today's preview is green, and the run of the real provider hangs at the permission set for an hour."""
    store_id, arn = instance["IdentityStoreId"], instance["InstanceArn"]
    group = store.create_group(IdentityStoreId=store_id, DisplayName="developers")["GroupId"]
    user = store.create_user(
        IdentityStoreId=store_id,
        UserName="ADA",
        DisplayName="Ada",
        Name={"GivenName": "Ada", "FamilyName": "L"},
    )["UserId"]
    sso = session.client("sso-admin")
    set_ = sso.create_permission_set(InstanceArn=arn, Name="PowerUserWithIAM")["PermissionSet"]
    sso.create_instance_access_control_attribute_configuration(
        InstanceArn=arn,
        InstanceAccessControlAttributeConfiguration={
            "AccessControlAttributes": [{"Key": "Team", "Value": {"Source": ["${path:userType}"]}}]
        },
    )
    project = program.without_pack()
    dev_config[f"{KEY}accessControlAttributes"] = {"Team": "${path:userType}"}
    project.write_config(dev_config)

    for ended in (project.pulumi("preview"), project.pulumi("up", "--yes", "--skip-preview")):
        told = said(ended.output)
        assert ended.status != 0
        assert "4 mistakes; nothing was changed" in told
        for found in (group, user, set_["PermissionSetArn"]):
            assert f"already, {found}, and this stack's record does not have it" in told
        assert "AWS has a configuration of attributes for access control already" in told
        assert "Pulumi.dev.yaml:" in told
    assert [one["GroupId"] for one in store.list_groups(IdentityStoreId=store_id)["Groups"]] == [group]
    assert len(sso.list_permission_sets(InstanceArn=arn)["PermissionSets"]) == 1


def display_names(store: "IdentityStoreClient", instance: dict[str, Any]) -> dict[str, str]:
    """Return the groups of the directory: id by name."""
    listed = store.list_groups(IdentityStoreId=instance["IdentityStoreId"])["Groups"]
    return {one["DisplayName"]: one["GroupId"] for one in listed}


def test_groups_pass_their_names_on_and_swap_in_two_runs(
    program: Project,
    store: "IdentityStoreClient",
    instance: dict[str, Any],
    dev_config: Config,  # as above
) -> None:
    """AWS refuses a display name that another group has, and Pulumi changes several at once."""
    project = program.without_pack()

    def write(**names: str) -> None:
        groups = {key: {"displayName": name} for key, name in names.items()}
        dev_config[f"{KEY}groups"] = {
            "developers": {"displayName": "Developers", "members": ["ada"]},
            **groups,
        }
        project.write_config(dev_config)

    write(a="Alpha", b="Beta", c="Gamma")
    project.up()
    before = display_names(store, instance)
    write(a="Beta", b="Gamma", c="Delta")
    project.up()
    passed = display_names(store, instance)
    write(a="Gamma", b="Beta", c="Delta")
    refused = project.pulumi("preview")
    write(a="Between", b="Beta", c="Delta")
    project.up()
    write(a="Gamma", b="Beta", c="Delta")
    project.up()
    swapped = display_names(store, instance)

    assert (passed["Beta"], passed["Gamma"], passed["Delta"]) == (
        before["Alpha"],
        before["Beta"],
        before["Gamma"],
    )
    assert refused.status != 0
    assert "would pass their display names on in a circle" in said(refused.output)
    assert (swapped["Gamma"], swapped["Beta"]) == (passed["Beta"], passed["Gamma"])
    project.succeed("preview", "--expect-no-changes")


@pytest.mark.thorough
def test_a_user_takes_the_user_name_that_another_leaves(
    program: Project, session: boto3.Session, dev_config: Config
) -> None:
    """Whoever left the name is deleted before they are made anew, and the name is free in between only."""
    project = program.without_pack()
    ada = dev_config[f"{KEY}users"]["ada"]
    project.write_config(dev_config)
    project.up()
    dev_config[f"{KEY}users"] = {
        "newcomer": {**ada, "email": "newcomer@example.com", "displayName": "Newcomer"},
        "ada": {**ada, "userName": "ada.lovelace"},
    }
    project.write_config(dev_config)

    project.up()

    assert {one.person for one in read_access(session).sign_ins} == {"ada.lovelace"}
    project.succeed("preview", "--expect-no-changes")


@pytest.mark.thorough
def test_a_new_key_with_an_old_name_is_told_of_formerly(made_program: Project, dev_config: Config) -> None:
    """The group would be deleted with its memberships, after AWS refused the new one."""
    groups = dev_config[f"{KEY}groups"]
    groups["engineers"] = groups.pop("developers")
    dev_config[f"{KEY}assignments"][0]["group"] = "engineers"
    project = made_program.without_pack()
    project.write_config(dev_config)

    refused = project.pulumi("preview")
    groups["engineers"]["formerly"] = "developers"
    project.write_config(dev_config)

    assert refused.status != 0
    assert "write `formerly: developers`" in said(refused.output)
    project.succeed("preview", "--expect-no-changes")
