"""`identity-center drift --adopt`: what somebody added by hand stands in the model afterwards."""

import json
from typing import Any, Final

from identity_center.model.existing.existing import Account, Existing, Unit
from identity_center.model.existing.objects import Boundary, Membership, PolicyName, User
from identity_center.model.existing.snapshot_file import write_existing
from tests.support.command import Command, Ended
from tests.support.recorded_instance import ADMIN, EXTRA, HELD, READ, SET, SHOP

MODEL: Final = """\
# Who we are.
users:
  ada:  # our first
    userName: ada
    givenName: Ada
    familyName: Lovelace
    displayName: Ada Lovelace
    email: ada@example.com
groups:
  devs: {displayName: Developers, members: [ada]}
permissionSets:
  builders:
    name: Builders
    managedPolicies: [ReadOnlyAccess]  # no more
assignments:
  - group: devs
    permissionSets: [builders]
    accounts: ["444444444444"]
"""
INLINE: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}
PARTS: Final[dict[str, Any]] = {
    "session_duration": "PT1H",
    "managed_policies": (ADMIN, READ),
    "customer_managed_policies": (PolicyName(path="/team/", name="Deploy"),),
    "inline_policy": json.dumps(INLINE),
    "boundary": Boundary(managed_policy_arn=READ),
    "tags": {"team": "web"},
    "relay_state": "https://console.aws.amazon.com/s3",
}
ADA: Final = {
    "display_name": "Ada Lovelace",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "emails": ({"value": "ada@example.com", "kind": "", "primary": True},),
}
KIM: Final = {
    "display_name": "Kim",
    "given_name": "Kim",
    "family_name": "K",
    "emails": ({"value": "kim@example.com", "kind": "", "primary": True},),
}


def _existing(**changed: Any) -> Existing:  # noqa: ANN401 - members of Existing
    attributes = {"kim": KIM, "ada": ADA}
    users = tuple(
        each.model_validate({**each.model_dump(), **attributes.get(each.user_name, {})})
        for each in EXTRA.users
    )
    account = Account(id=SHOP, name="shop", state="ACTIVE", unit="r-1")
    whole = {"accounts": (account,), "management_account_id": SHOP, "units": (Unit(id="r-1", name="Root"),)}
    return EXTRA.model_copy(
        update={**whole, "users": users, "permission_sets": (SET.model_copy(update=PARTS),), **changed}
    )


def _drift(command: Command, existing: Existing, *options: str) -> Ended:
    command.write("held.json", write_existing(existing))
    return command("drift", "--model", "access", "--snapshot", "held.json", *options)


def test_everything_that_was_added_is_in_the_model_and_no_line_is_lost(command: Command) -> None:
    """What is typed over by hand from a list of differences gets lost or wrong."""
    command.write("access/all.yaml", MODEL)

    ended = _drift(command, _existing(), "--adopt")

    assert ended.status == 0, ended.output.splitlines()[-6:]
    assert "8 of 8 are in the model now: " in ended.output
    again = _drift(command, _existing())
    assert (again.status, again.output) == (0, "0 differences\n")
    text = (command.folder / "access/all.yaml").read_text()
    for comment in ("# Who we are.", "# our first", "# no more"):
        assert comment in text
    imported = json.loads((command.folder / "identity-center.import.json").read_text())
    assert any("kim" in each["name"] for each in imported["resources"])


def test_what_is_ignored_is_not_adopted(command: Command) -> None:
    """Somebody answers for it to be gone on a day; in the model it would stay."""
    command.write("access/all.yaml", MODEL)
    command.write(
        "access/ignored.yaml",
        {
            "ignoredDrift": [
                {
                    "kind": "account assignment",
                    "names": ["Builders", SHOP, "USER", "kim"],
                    "owner": "identity team",
                    "reason": "until the fault is found",
                    "lastDay": "2027-12-31",
                }
            ]
        },
    )

    # Adopted is an assignment of somebody else, so that assignments are looked at.
    of_ada = HELD.model_copy(update={"principal_type": "USER", "principal_id": "u-1"})

    ended = _drift(command, _existing(assignments=(*EXTRA.assignments, of_ada)), "--adopt")

    assert (ended.status, "8 of 8 are in the model now" in ended.output) == (0, True), ended.errors
    assignments = (command.folder / "access/all.yaml").read_text().partition("assignments:")[2]
    assert ("user: ada" in assignments, "kim" in assignments) == (True, False), assignments


def test_what_cannot_be_adopted_is_named_with_why(command: Command) -> None:
    """Who believes that all is in the model lets the next update take the rest away."""
    command.write("access/all.yaml", MODEL)
    gone = HELD.model_copy(update={"principal_id": "g-9"})
    changed = SET.model_copy(update={**PARTS, "session_duration": "PT8H"})

    ended = _drift(command, _existing(assignments=(HELD, gone), permission_sets=(changed,)), "--adopt")

    assert ended.status == 1
    assert "7 of 9 are in the model now" in ended.output, ended.output.splitlines()[-6:]
    assert "not adopted: changed: session duration Builders: PT1H in the code, PT8H in AWS" in ended.output
    assert "not adopted: assigned to a principal that is gone: account assignment Builders" in ended.output


def test_what_somebody_got_besides_the_name_goes_to_the_entry_that_they_have(command: Command) -> None:
    """What stood in no entry took nothing from anybody, and typing it over by hand gets it wrong."""
    command.write("access/all.yaml", MODEL)
    existing = _existing()
    users = tuple(
        each.model_copy(update={"attributes": {"title": "Analyst"}}) if each.user_name == "ada" else each
        for each in existing.users
    )

    ended = _drift(command, existing.model_copy(update={"users": users}), "--adopt")

    assert (ended.status, "9 of 9 are in the model now" in ended.output) == (0, True), ended.output
    assert "write over" not in ended.output
    assert "Analyst" not in ended.output + ended.errors
    assert (
        "    email: ada@example.com\n    title: Analyst\n" in (command.folder / "access/all.yaml").read_text()
    )


def test_who_is_only_in_a_group_of_the_model_is_named_by_it_and_no_drift(command: Command) -> None:
    """A part could not be adopted by itself: a user whom the model refers to was taken for nobody's."""
    model = MODEL.replace("members: [ada]", "members: [ada, robot]")
    command.write("access/all.yaml", model + "externalUsers:\n  robot: {userName: robot}\n")
    robot = User(id="u-9", user_name="robot")
    joined = Membership(group_id="g-1", user_id="u-9", id="m-9")
    existing = _existing()
    more = {"users": (*existing.users, robot), "memberships": (*existing.memberships, joined)}

    told = _drift(command, existing.model_copy(update=more))
    ended = _drift(command, existing.model_copy(update=more), "--only", "managed-policies", "--adopt")

    assert ("user kim" in told.output, "user robot" in told.output) == (True, False), told.output
    assert (ended.status, "1 of 1 are in the model now" in ended.output) == (0, True), ended


def test_a_file_that_would_come_back_changed_is_left_as_it_is(command: Command) -> None:
    """A tool that writes a person's file anew loses what the person meant."""
    odd = MODEL.replace("    name: Builders\n", "    name:    >-\n      Builders\n")
    command.write("access/all.yaml", odd)

    ended = _drift(command, _existing(), "--adopt")

    assert ended.status == 2
    assert "all.yaml" in ended.errors
    assert (command.folder / "access/all.yaml").read_text() == odd
