"""The components in a program of one's own, by import."""

import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from identity_center_cli.aws.access import read_access
from sandbox.home import CHECKOUT
from sandbox.project import Project
from sandbox.standing_stack import StandingStack

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi
from identity_center.resources import Assignment, Group, PermissionSet, PrincipalType, User, find_instance

instance = find_instance()
config = pulumi.Config()
people = {}
for key in config.require_object("people"):
    people[key] = User(key, {
        "identity_store_id": instance.identity_store_id,
        "user_name": key,
        "given_name": key.title(),
        "family_name": "Example",
        "display_name": config.get("label") or key.title(),
        "email": f"{key}@example.com",
    })
group = Group("auditors", {
    "identity_store_id": instance.identity_store_id,
    "display_name": config.get("group") or "Auditors",
    "members": {key: person.user_id for key, person in people.items()},
})
auditing = PermissionSet("auditing", {
    "instance_arn": instance.arn,
    "name": "Auditing",
    "managed_policy_arns": config.get_object("policies") or [],
})
Assignment("auditors-auditing", {
    "instance_arn": instance.arn,
    "permission_set_arn": auditing.arn,
    "principal_type": PrincipalType.GROUP,
    "principal_id": group.group_id,
    "account_ids": config.require_object("accounts"),
})
"""
AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"


CONFIG = {
    "aws:region": "us-east-1",
    "own:people": ["ada", "bob"],
    "own:accounts": ["444444444444", "123456789012"],
    "own:policies": [AUDIT],
}


@pytest.fixture
def made(standing_stack: StandingStack, new_project: Callable[[], Project]) -> Project:
    """Make two people in a group with one permission set in two accounts; tests that only look share it."""

    def make() -> Project:
        project = new_project()
        (project.folder / "__main__.py").write_text(textwrap.dedent(PROGRAM), encoding="utf-8")
        project.write_config(CONFIG)
        project.up()
        return project

    project = standing_stack.get("components", make)
    project.write_config(CONFIG)
    return project


def _attached(session: boto3.Session) -> list[str]:
    sso = session.client("sso-admin")
    (instance,) = sso.list_instances()["Instances"]
    (set_arn,) = sso.list_permission_sets(InstanceArn=instance["InstanceArn"])["PermissionSets"]
    listed = sso.list_managed_policies_in_permission_set(
        InstanceArn=instance["InstanceArn"], PermissionSetArn=set_arn
    )
    return [policy["Name"] for policy in listed["AttachedManagedPolicies"]]


@pytest.mark.usefixtures("made")
def test_single_components_make_what_they_say(session: boto3.Session) -> None:
    """Somebody with a program of their own gets the same care as the program of this project."""
    access = read_access(session)

    assert {(s.person, s.through, s.permission_set, s.account_id) for s in access.sign_ins} == {
        (person, "group Auditors", "Auditing", account)
        for person in ("ada", "bob")
        for account in ("123456789012", "444444444444")
    }
    assert _attached(session) == ["SecurityAudit"]


def test_another_order_or_label_recreates_nothing(made: Project) -> None:
    """The first complaint about other tools: everybody lost access because a list was sorted."""
    made.write_config(
        {
            **CONFIG,
            "own:people": ["bob", "ada"],
            "own:accounts": ["123456789012", "444444444444"],
            "own:group": "People who look",
            "own:label": "Same person",
        }
    )

    preview = made.succeed("preview").output

    assert "replace" not in preview
    assert "create" not in preview
    assert "delete" not in preview
    assert "to update" in preview


def test_the_folder_is_a_component_package_with_a_schema(
    empty_project: Project, component_folder: Path
) -> None:
    """Programs in other languages see the components through this schema."""
    shown = empty_project.succeed("package", "get-schema", str(component_folder)).output
    # What comes before is what installing the package's requirements printed.
    schema = json.loads(shown[shown.index("{\n") :])

    assert {
        f"identity-center:index:{name}" for name in ("User", "Group", "PermissionSet", "Assignment")
    } <= set(schema["resources"])


def test_assignments_come_last_and_go_first(made: Project) -> None:
    """Nobody ever signs in to a permission set that is half made or half gone."""
    states = made.exported()["deployment"]["resources"]
    (policies,) = [s for s in states if s["type"].endswith("ManagedPolicyAttachmentsExclusive")]
    assignments = [s for s in states if s["type"].endswith("AccountAssignment")]

    assert len(assignments) == 2
    for assignment in assignments:
        assert policies["urn"] in assignment["dependencies"]

    made.succeed("destroy", "--yes", "--skip-preview")
    assert made.exported()["deployment"].get("resources", []) == []


def test_the_last_policy_leaves_the_permission_set(made: Project, session: boto3.Session) -> None:
    """A policy that stays behind is access that the program no longer shows."""
    made.write_config({**CONFIG, "own:policies": []})

    made.up()

    assert _attached(session) == []


def test_the_program_of_the_readme_is_made_with_the_pack_on(
    empty_project: Project, session: boto3.Session
) -> None:
    """People copy it, and the README tells them to keep the pack on."""
    (program,) = re.findall(r"```python\n(.*?)```", (CHECKOUT / "README.md").read_text("utf-8"), re.DOTALL)
    (empty_project.folder / "__main__.py").write_text(program, encoding="utf-8")
    empty_project.succeed("config", "set", "aws:region", "us-east-1")

    made = empty_project.up("--policy-pack", str(CHECKOUT / "policies"))

    assert "identity-guard" in made.output
    assert [(one.person, one.permission_set, one.account_id) for one in read_access(session).sign_ins] == [
        ("ada", "Auditing", "444444444444")
    ]
