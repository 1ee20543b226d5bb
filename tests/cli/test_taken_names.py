"""`identity-center validate --existing`: names that AWS has already, found without asking it."""

import json
from typing import Any, Final

import pytest

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import Application, Attribute, Email, Group, PermissionSet, User
from identity_center.model.existing.parts import Part, Unread
from identity_center.model.existing.snapshot_file import for_review, write_existing
from tests.support.command import Command, Ended

MODEL: Final = """\
users:
  ada: {userName: Ada, givenName: Ada, familyName: L, displayName: Ada L, email: ada@example.com}
groups:
  crew: {displayName: Crew, description: who works here, members: [ada]}
permissionSets:
  reading: {name: Reading, description: looks, managedPolicies: [job-function/ViewOnlyAccess]}
accessControlAttributes:
  team: "${path:enterprise.department}"
"""
SET: Final = "arn:aws:sso:::permissionSet/ssoins-1/ps-"
TAKEN: Final = Existing(
    region="eu-central-1",
    instance_arn="arn:aws:sso:::instance/ssoins-1",
    identity_store_id="d-1",
    read_from="2026-11-20T10:00:00Z",
    read_until="2026-11-20T10:01:00Z",
    users=(User(id="u-1", user_name="ada", emails=(Email(value="ADA@example.com"),)),),
    groups=(Group(id="g-1", name="crew"),),
    permission_sets=(PermissionSet(arn=f"{SET}1", name="Reading"),),
    applications=(Application(arn="arn:aws:sso::123456789012:application/ssoins-1/apl-1", name="Shop"),),
    attributes=(Attribute(key="team", sources=("${path:enterprise.department}",)),),
)
PLACES: Final = {
    "users.ada.userName": ("u-1", 2),
    "users.ada.email": ("u-1", 2),
    "groups.crew.displayName": ("g-1", 4),
    "permissionSets.reading.name": (f"{SET}1", 6),
    "accessControlAttributes": ("arn:aws:sso:::instance/ssoins-1", 8),
}


def validated(command: Command, existing: Existing, *options: str) -> Ended:
    """Validate the model beside a snapshot."""
    command.write("access/model.yaml", MODEL)
    command.write("existing.json", write_existing(existing))
    return command("validate", "access", "--existing", "existing.json", "--format", "json", *options)


def refused(ended: Ended) -> dict[str, tuple[str, int]]:
    """Return the keys whose names are taken, with the id that AWS has and the line."""
    found = {}
    for each in ended.json()["results"]:
        key, _, said = each["message"].partition(": AWS has a")
        if said:
            found[key.removeprefix("identity-center:")] = (
                said.split("already, ")[1].split(",")[0],
                each["line"],
            )
    return found


def test_each_kind_of_name_that_is_taken_is_refused_at_its_line(command: Command) -> None:
    """The update fails in the middle, for a permission set after an hour; small letters are no other name."""
    ended = validated(command, TAKEN)

    assert refused(ended) == PLACES
    assert ended.status == 1
    assert not [each for each in ended.json()["unchecked"] if "AWS has" in each]


def test_names_of_others_are_in_nobodys_way(command: Command) -> None:
    """A check that refuses what is free is switched off."""
    other = TAKEN.model_copy(
        update={
            "users": (User(id="u-2", user_name="bob", emails=(Email(value="bob@example.com"),)),),
            "groups": (Group(id="g-2", name="others"),),
            "permission_sets": (
                PermissionSet(arn="arn:aws:sso:::permissionSet/ssoins-1/ps-2", name="reading"),
            ),
            "attributes": (),
        }
    )

    assert refused(validated(command, other)) == {}


def entry(types: str, key: str, outputs: dict[str, Any]) -> dict[str, Any]:
    """Write a resource as a state has it."""
    whole = f"identity-center:index:AccessModel$identity-center:index:{types}"
    kind = whole.rsplit("$", 1)[-1]
    return {
        "urn": f"urn:pulumi:dev::identity-center::{whole}::{key}",
        "type": kind,
        "custom": True,
        "id": key,
        "inputs": {},
        "outputs": outputs,
    }


def test_what_the_stack_has_itself_is_free_for_it(command: Command) -> None:
    """Every pull request to a stack that is there would be refused."""
    group = entry("Group$aws:identitystore/group:Group", "crew", {"groupId": "g-1", "displayName": "Crew"})
    command.write("state.json", json.dumps({"version": 3, "deployment": {"resources": [group]}}))

    found = refused(validated(command, TAKEN, "--state", "state.json"))

    assert found == {key: each for key, each in PLACES.items() if not key.startswith("groups")}


@pytest.mark.parametrize("part", [Part.USERS, Part.GROUPS, Part.PERMISSION_SETS, Part.ATTRIBUTES])
def test_what_the_snapshot_does_not_hold_is_unchecked(command: Command, part: Part) -> None:
    """An empty list that nobody read looks like a free name."""
    unread = Unread(part=part.value, of="", operation="", why="not asked for")
    ended = validated(command, TAKEN.model_copy(update={"unread": (unread,)}))

    assert any(f"the snapshot has no {part.value}" in each for each in ended.json()["unchecked"])


def test_addresses_that_a_snapshot_for_review_leaves_out_are_unchecked(command: Command) -> None:
    """People who review have no addresses; a taken one would end the update all the same."""
    ended = validated(command, for_review(TAKEN))

    assert "users.ada.userName" in refused(ended)
    assert any("e-mail address of a new user" in each for each in ended.json()["unchecked"])


def test_without_a_snapshot_names_are_unchecked(command: Command) -> None:
    """Silence would pass for a look."""
    command.write("access/model.yaml", MODEL)

    ended = command("validate", "access")

    assert "under the same names: no snapshot of the instance is given (--existing)" in ended.output
    assert command("validate", "access", "--state", "state.json").status == 2
