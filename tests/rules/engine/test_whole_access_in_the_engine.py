"""Access as a whole in real updates without a preview: the last piece is refused before it is made."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from identity_guard.pack import registration
from sandbox.project import Ended, Project

pytestmark = pytest.mark.engine

PACK: Final = Path(registration.__file__).parents[2]
ACCOUNT: Final = "444444444444"

START: Final = f"""
import pulumi
import pulumi_aws as aws
from identity_center.resources import PrincipalType
from identity_center.resources.permission_set import PermissionSet


found = aws.ssoadmin.get_instances()
instance, store = found.arns[0], found.identity_store_ids[0]


def after(*resources):
    return pulumi.ResourceOptions(depends_on=list(resources))


def person(name):
    return aws.identitystore.User(
        name, identity_store_id=store, user_name=name, display_name=name,
        name={{"given_name": name, "family_name": "Example"}})


def group(name):
    return aws.identitystore.Group(name, identity_store_id=store, display_name=name)


def member(of, who, *before):
    return aws.identitystore.GroupMembership(
        f"{{of._name}}-{{who._name}}", identity_store_id=store, group_id=of.group_id, member_id=who.user_id,
        opts=after(*before))


def component(name, to, *managed):
    return PermissionSet(name.lower(), {{
        "instance_arn": instance, "name": name, "managed_policy_arns": list(managed),
        "assignments": [{{"principal_type": PrincipalType.GROUP, "principal_key": to._name,
                          "principal_id": to.group_id, "account_ids": ["{ACCOUNT}"]}}]}})


"""

PAIR: Final = """
eve, payers, approvers = person("eve"), group("payers"), group("approvers")
first = member(payers, eve)
pay, approve = component("Pay", payers), component("Approve", approvers)
member(approvers, eve, first, pay, approve)
"""
"""Two groups have a permission set each; who joins both completes the pair."""

HEADS: Final = """
operators = group("operators")
rights = component("Operators", operators, *(
    f"arn:aws:iam::aws:policy/{name}" for name in ("PowerUserAccess", "IAMFullAccess")))
first, second, third = (person(name) for name in ("p1", "p2", "p3"))
before = member(operators, second, member(operators, first, rights))
member(operators, third, before)
"""
"""Two people may administer the account; a third one joins."""


def up(project: Project, program: str, bounds: dict[str, Any]) -> Ended:
    """Update without a preview, with the bounds as mandatory."""
    (project.folder / "__main__.py").write_text(START + program, encoding="utf-8")
    rule = {"enforcementLevel": "mandatory", **bounds}
    configuration = {"access-as-a-whole": rule, "mfa-requirement": "disabled"}
    (project.folder / "pack.json").write_text(json.dumps(configuration), encoding="utf-8")
    options = ("--policy-pack", str(PACK), "--policy-pack-config", "pack.json", "--suppress-progress")
    return project.pulumi("up", "--yes", "--skip-preview", *options)


@pytest.mark.parametrize(
    ("program", "bounds", "claim", "refused"),
    [
        (
            PAIR,
            {"toxicPairs": [["Pay", "Approve"]]},
            f"somebody holds `Pay` and `Approve` in account {ACCOUNT}",
            "approvers-eve",
        ),
        (
            HEADS,
            {"mostAdministrators": 2},
            f"3 people administer account {ACCOUNT}, and 2 is the most",
            "operators-p3",
        ),
    ],
    ids=["toxic pair", "administrators"],
)
def test_an_update_without_a_preview_refuses_what_completes_it(
    project: Project, program: str, bounds: dict[str, Any], claim: str, refused: str
) -> None:
    """At its end the update tells too; by then people have the access."""
    ended = up(project, program, bounds)
    made = [each["urn"].rsplit("::", 1)[-1] for each in project.exported()["deployment"]["resources"]]

    assert ended.status != 0, ended.output
    assert claim in " ".join(ended.output.split()), ended.output
    assert f"GroupMembership: {refused})" in ended.output, ended.output
    assert refused not in made
    assert len([name for name in made if name.endswith(f"/{ACCOUNT}")]) == len(
        bounds.get("toxicPairs", [[1]])[0]
    )
