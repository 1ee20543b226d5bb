"""`identity-center report`: what a model and a state grant, for whoever decides about access."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.model.organisation.snapshot import write_snapshot
from tests.support.command import Command, Recorded

ACCOUNT: Final = "444444444444"


def person(name: str) -> dict[str, str]:
    """Write a user."""
    given, family = name.split()
    return {
        "userName": given.lower(),
        "givenName": given,
        "familyName": family,
        "displayName": name,
        "email": f"{given.lower()}@example.com",
    }


SETS: Final[dict[str, dict[str, Any]]] = {
    "root-level": {"managedPolicies": ["AdministratorAccess"]},
    "administrator": {"managedPolicies": ["PowerUserAccess", "IAMFullAccess"]},
    "can give itself more": {
        "inlinePolicy": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*"}],
        }
    },
    "writes": {
        "inlinePolicy": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}],
        }
    },
    "reads": {
        "inlinePolicy": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
        }
    },
    "nothing": {},
    "undecided": {"customerManagedPolicies": ["/team/Unknown"]},
}
"""A permission set of each strength."""


def model(**more: object) -> dict[str, Any]:
    """Write a model that gives one set of each strength to a group, with terms."""
    sets = {f"s{number}": {"name": f"S{number}", **parts} for number, parts in enumerate(SETS.values())}
    return {
        "users": {"ada": person("Ada Lovelace"), "bob": person("Bob Berg")},
        "groups": {"readers": {"displayName": "Readers", "members": ["ada", "bob"]}},
        "permissionSets": sets,
        "assignments": [
            {
                "group": "readers",
                "permissionSets": sorted(sets),
                "accounts": [ACCOUNT],
                "owner": "platform team",
                "ticket": "ACCESS-1",
                "reviewBy": "2027-06-30",
            }
        ],
        **more,
    }


@pytest.fixture
def folder(command: Command) -> str:
    """Write the model into a folder."""
    return command.write("access/model.yaml", yaml.safe_dump(model())).rpartition("/")[0]


def table(text: str) -> list[dict[str, str]]:
    """Read the CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def test_each_strength_is_told_by_what_the_policies_allow(command: Command, folder: str) -> None:
    """A lead who reads `reads` beside an administrator's set signs what they would have refused."""
    rows = table(command("report", "--model", folder, "--format", "csv").output)

    told = {row["permissionSet"]: row["strength"] for row in rows}
    assert told == {f"S{number}": strength for number, strength in enumerate(SETS)}


def test_accounts_are_called_as_the_snapshot_calls_them_that_the_model_names(command: Command) -> None:
    """A lead knows the shop and no number; nobody has to name the file twice."""
    named = {"organisationSnapshot": "organisation.json"}
    folder = command.write("access/model.yaml", yaml.safe_dump(model(**named))).rpartition("/")[0]
    names = {"123456789012": "management", ACCOUNT: "shop-production"}
    accounts = [MemberAccount(number, name, AccountState.ACTIVE) for number, name in names.items()]
    taken = datetime(2026, 11, 19, tzinfo=UTC)
    command.write("organisation.json", write_snapshot(Organisation.of("123456789012", accounts), taken))
    command.write("Pulumi.yaml", "name: access\nruntime: python\n")

    rows = table(command("report", "--model", folder, "--format", "csv").output)

    assert {(row["accountId"], row["accountName"]) for row in rows} == {(ACCOUNT, "shop-production")}
    assert '["shop-production' in command("graph", "--model", folder).output


def test_what_cannot_be_placed_is_called_by_its_names(command: Command) -> None:
    """`AccountAssignment … its account is not known` sends a lead to whoever wrote the program."""
    parts = model()
    parts["assignments"][0] |= {"accounts": ["management"], "permissionSets": ["s4"]}
    folder = command.write("access/model.yaml", yaml.safe_dump(parts)).rpartition("/")[0]

    notes = command("report", "--model", folder, "--format", "json").json()["notes"]

    gap = "S4 for group Readers: in which account is not known (s4/group/readers/the management account)"
    assert gap in notes


def test_a_grant_is_shown_with_everybody_it_reaches_and_its_terms(command: Command, folder: str) -> None:
    """A group's name does not say who is in it, and a grant without an owner has nobody to ask."""
    rows = table(command("report", "--model", folder, "--format", "csv").output)

    assert {(row["person"], row["through"]) for row in rows} == {
        ("Ada Lovelace", "group Readers"),
        ("Bob Berg", "group Readers"),
    }
    assert {(row["owner"], row["ticket"], row["reviewBy"], row["accountId"]) for row in rows} == {
        ("platform team", "ACCESS-1", "2027-06-30", ACCOUNT)
    }


def test_what_nobody_looked_at_is_a_note(command: Command, folder: str) -> None:
    """A report without a word on what it could not see is taken for the whole."""
    document = json.loads(command("report", "--model", folder, "--format", "json").output)

    assert any("accounts are unchecked" in note for note in document["notes"])


def test_the_page_is_written_to_the_file_and_to_nothing_else(
    command: Command, folder: str, tmp_path: Path
) -> None:
    """The file goes into a mail as it is."""
    file = tmp_path / "access.html"
    ended = command("report", "--model", folder, "--output", str(file))

    assert (ended.status, ended.output) == (0, "")
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_model_with_mistakes_is_refused_and_the_old_report_stays(command: Command, tmp_path: Path) -> None:
    """Half a report looks like a whole one."""
    broken = model(groups={"readers": {"displayName": "Readers", "members": ["adda"]}})
    folder = command.write("access/model.yaml", yaml.safe_dump(broken)).rpartition("/")[0]
    file = tmp_path / "access.html"
    file.write_text("the report of yesterday", encoding="utf-8")
    ended = command("report", "--model", folder, "--output", str(file))

    assert ended.status == 2
    assert "adda" in ended.errors
    assert file.read_text(encoding="utf-8") == "the report of yesterday"


def test_a_state_is_reported_with_what_it_does_not_say(command: Command) -> None:
    """Who has no model at hand still sees who reaches what, and that owners are not in a state."""
    state = command.write(
        "state.json", {"version": 3, "deployment": {"resources": Recorded(["ReadOnlyAccess"]).resources}}
    )
    rows = table(command("report", "--state", state, "--format", "csv").output)
    document = json.loads(command("report", "--state", state, "--format", "json").output)

    assert [(row["person"], row["through"], row["permissionSet"]) for row in rows] == [
        ("ada", "group Developers", "Builders")
    ]
    assert any("owns a grant" in note for note in document["notes"])


@pytest.mark.parametrize("verb", ["report", "graph"])
def test_the_state_of_another_stack_is_no_report_of_nobody(command: Command, verb: str) -> None:
    """The wrong file of two would say that nobody has access to anything."""
    bucket = {"type": "aws:s3/bucket:Bucket", "urn": "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::logs"}
    state = command.write("shop.json", {"version": 3, "deployment": {"resources": [bucket]}})
    ended = command(verb, "--state", state)

    assert (ended.status, ended.output) == (2, "")
    assert "shop.json: none of its resources is of Identity Center" in ended.errors


def test_a_stack_of_which_nothing_is_made_is_reported_as_nothing(command: Command) -> None:
    """It is the right file on its first day."""
    stack = {"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:dev::x::pulumi:pulumi:Stack::x-dev"}
    state = command.write("state.json", {"version": 3, "deployment": {"resources": [stack]}})
    ended = command("report", "--state", state, "--format", "csv")

    assert ended.status == 0
    assert table(ended.output) == []


@pytest.mark.parametrize("text", ["[]", "{}", "no json"])
def test_a_file_that_is_no_state_is_one_clear_message(command: Command, text: str) -> None:
    """A report of nothing would say that nobody has access."""
    ended = command("report", "--state", command.write("state.json", text))

    assert ended.status == 2
    assert "state.json" in ended.errors
    assert "Traceback" not in ended.errors
    assert ended.output == ""
