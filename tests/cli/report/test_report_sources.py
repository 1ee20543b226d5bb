"""`identity-center report` of AWS, alone and beside the code, with what was seen of people and root users."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import yaml

from identity_center.model.existing.existing import Account, Existing, Unit
from identity_center.model.existing.objects import (
    AccountAccess,
    Application,
    ApplicationAssignment,
    Assignment,
    Entitlement,
    ExternalId,
    Group,
    Membership,
    PermissionSet,
    User,
)
from identity_center.model.existing.parts import Part, Unread
from identity_center.model.existing.snapshot_file import write_existing
from identity_center_cli.aws.root.audit import RootAudit
from identity_center_cli.aws.root.audit_file import to_json
from identity_center_cli.aws.root.posture import RootPosture
from tests.cli.report.test_report import ACCOUNT, model
from tests.support.command import Command

MANAGEMENT: Final = "123456789012"
AWS: Final = "arn:aws:iam::aws:policy/"


def permission_set(number: int, *policies: str, inline: str = "") -> PermissionSet:
    """Return a set as AWS has it, all of whose parts were read."""
    return PermissionSet(
        arn=f"arn:aws:sso:::permissionSet/ssoins-1/ps-{number}",
        name=f"S{number}",
        session_duration="PT1H",
        managed_policies=tuple(f"{AWS}{each}" for each in policies),
        customer_managed_policies=(),
        inline_policy=inline,
    )


ROOT_LEVEL: Final = permission_set(0, "AdministratorAccess")
NOTHING: Final = permission_set(5, "PowerUserAccess")
OWN: Final = permission_set(99)


def assigned(granted: PermissionSet, kind: str, principal: str, account: str = ACCOUNT) -> Assignment:
    """Return an assignment."""
    return Assignment(
        permission_set_arn=granted.arn, account_id=account, principal_type=kind, principal_id=principal
    )


#: As the model of test_report.py wants it, but for: bob is not in the group and kim is; S5 is stronger than
#: written; kim has S0 by hand; a set that nobody wrote; all of the model's sets but two are missing.
HELD: Final = Existing(
    region="eu-central-1",
    instance_arn="arn:aws:sso:::instance/ssoins-1",
    identity_store_id="d-1",
    read_from="2026-11-30T00:00:00Z",
    read_until="2026-11-30T00:01:00Z",
    management_account_id=MANAGEMENT,
    accounts=(
        Account(id=MANAGEMENT, name="management", state="ACTIVE", unit="r-1"),
        Account(id=ACCOUNT, name="shop-production", state="ACTIVE", unit="ou-1"),
    ),
    units=(Unit(id="r-1", name="Root"), Unit(id="ou-1", name="Shop", parent="r-1")),
    users=(
        User(id="u-1", user_name="Ada", display_name="Ada Lovelace"),
        User(id="u-2", user_name="bob", display_name="Bob Berg"),
        User(id="u-3", user_name="kim", external_ids=(ExternalId(issuer="scim", id="1"),)),
    ),
    groups=(Group(id="g-1", name="readers"),),
    memberships=(
        Membership(group_id="g-1", user_id="u-1", id="m-1"),
        Membership(group_id="g-1", user_id="u-3", id="m-3"),
    ),
    permission_sets=(ROOT_LEVEL, NOTHING, OWN),
    assignments=(
        assigned(ROOT_LEVEL, "GROUP", "g-1"),
        assigned(NOTHING, "GROUP", "g-1"),
        assigned(ROOT_LEVEL, "USER", "u-3", MANAGEMENT),
        assigned(OWN, "USER", "u-9"),
    ),
    applications=(
        Application(
            arn="arn:app",
            name="Wiki",
            assignments=(ApplicationAssignment(principal_type="GROUP", principal_id="g-1"),),
        ),
    ),
    account_access=(AccountAccess(arn="arn:access"),),
    entitlements=(
        Entitlement(
            application_arn="arn:access",
            id="e-1",
            role_arn=f"arn:aws:iam::{ACCOUNT}:role/Operator",
            principal_type="USER",
            principal_id="u-1",
        ),
    ),
)


@pytest.fixture
def snapshot(command: Command) -> str:
    """Write the snapshot."""
    return command.write("identity-center.snapshot.json", write_existing(HELD))


@pytest.fixture
def folder(command: Command) -> str:
    """Write the model into the folder that `--from model` reads."""
    return command.write("access/model.yaml", yaml.safe_dump(model())).rpartition("/")[0]


def document(command: Command, *arguments: str) -> dict[str, Any]:
    """Return the report as JSON."""
    ended = command("report", *arguments, "--format", "json")
    assert ended.status == 0, ended.errors
    read: dict[str, Any] = json.loads(ended.output)
    return read


def grants(told: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    """Return whom each grant lets in, to what, where, and where it stands."""
    names = ("people", "groups")
    return {
        (
            told[names[kind]][who]["name"],
            told["sets"][granted]["name"],
            told["accounts"][account]["id"],
            told["states"][state],
        )
        for kind, who, granted, account, state, _ in told["grants"]
    }


def test_aws_alone_is_reported_with_names_and_units(command: Command, snapshot: str) -> None:
    """An organisation that has no model yet sees who can do what before it writes one."""
    told = document(command, "--snapshot", snapshot)

    assert grants(told) == {
        ("readers", "S0", ACCOUNT, "in AWS"),
        ("readers", "S5", ACCOUNT, "in AWS"),
        ("kim", "S0", MANAGEMENT, "in AWS"),
        ("u-9 (gone from the directory)", "S99", ACCOUNT, "in AWS"),
    }
    assert [(each["name"], each["unit"]) for each in told["accounts"]] == [
        ("management", "/"),
        ("shop-production", "/Shop"),
    ]
    assert {each["name"]: told["strengths"][each["strength"]] for each in told["sets"]} == {
        "S0": "root-level",
        "S5": "can give itself more",
        "S99": "nothing",
    }
    assert [(each["who"], each["kind"], each["what"]) for each in told["others"]] == [
        ("Ada", "role", f"arn:aws:iam::{ACCOUNT}:role/Operator"),
        ("readers", "application", "Wiki"),
    ]
    assert "on 2026-11-30" in told["about"]
    assert next(each["keptIn"] for each in told["people"] if each["name"] == "kim") == "elsewhere"


def test_what_was_not_read_is_a_note_and_no_weak_set(command: Command) -> None:
    """A set whose policies AWS refused to show would be called harmless."""
    refused = Unread(part=Part.INLINE_POLICIES.value, of=ROOT_LEVEL.arn, operation="sso:Get", why="denied")
    file = command.write("held.json", write_existing(HELD.model_copy(update={"unread": (refused,)})))

    ended = command("report", "--snapshot", file, "--format", "json")

    told = json.loads(ended.output)
    assert ended.status == 2
    assert next(each["why"] for each in told["sets"] if each["name"] == "S0") == (
        "not all of its policies were read"
    )
    assert any("inline-policies" in note for note in told["notes"])


def test_both_sides_are_one_report_in_which_each_grant_says_where_it_stands(
    command: Command, folder: str, snapshot: str
) -> None:
    """Access that nobody wrote, and access that nobody has, stand in the same table as all other."""
    assert (folder, snapshot) == ("access", "identity-center.snapshot.json"), "where `--from` looks for them"
    told = document(command, "--from", "model", "snapshot")

    found = grants(told)
    assert {each for each in found if each[3] == "in both"} == {
        ("Readers", "S0", ACCOUNT, "in both"),
        ("Readers", "S5", ACCOUNT, "in both"),
    }
    assert {each for each in found if each[3] == "in AWS"} == {
        ("kim", "S0", MANAGEMENT, "in AWS"),
        ("u-9 (gone from the directory)", "S99", ACCOUNT, "in AWS"),
    }
    assert ("Readers", "S1", ACCOUNT, "in the code") in found
    (group,) = told["groups"]
    names = [each["name"] for each in told["people"]]
    assert [names[each] for each in group["missing"]] == ["Bob Berg"]
    assert [names[each] for each in group["extra"]] == ["kim"]
    assert told["states"] == ["in the code", "in AWS", "in both"]


def test_a_set_that_is_stronger_in_aws_is_as_strong_as_that(
    command: Command, folder: str, snapshot: str
) -> None:
    """Somebody attached a policy by hand: by the code alone the set would be called harmless."""
    told = document(command, "--model", folder, "--snapshot", snapshot)

    (changed,) = [each for each in told["sets"] if each["name"] == "S5"]
    assert told["strengths"][changed["strength"]] == "can give itself more"
    assert changed["why"].startswith("in the code nothing (its policies allow nothing), in AWS can give")


def test_terms_of_the_code_stay_beside_what_aws_has(command: Command, folder: str, snapshot: str) -> None:
    """Who answers for a grant is written in the code alone."""
    ended = command("report", "--model", folder, "--snapshot", snapshot, "--format", "csv")

    rows = [row for row in csv.DictReader(io.StringIO(ended.output)) if row["where"] == "in both"]
    assert {(row["owner"], row["accountName"]) for row in rows} == {("platform team", "shop-production")}
    assert {row["person"] for row in rows} == {"Ada Lovelace", "Bob Berg", "kim"}


def test_the_same_input_is_the_same_bytes(command: Command, folder: str, snapshot: str) -> None:
    """Two reports are compared, and kept in version control."""
    once = command("report", "--model", folder, "--snapshot", snapshot).output
    assert once == command("report", "--model", folder, "--snapshot", snapshot).output


EVIDENCE: Final = {
    "kind": "identity-center/mfa-evidence",
    "version": 1,
    "organizationId": "o-1",
    "readAt": "2026-11-29T08:00:00Z",
    "days": 90,
    "people": {
        "u-1": {"userName": "ada", "evidence": "MFA", "lastSeen": "2026-11-28T08:00:00Z"},
        "u-2": {"userName": "bob", "evidence": "not seen", "lastSeen": None},
    },
}


def test_sign_ins_that_were_seen_stand_beside_people(command: Command, folder: str) -> None:
    """Whoever has not signed in for months does not need the access that is up for review."""
    evidence = command.write("mfa.json", EVIDENCE)
    told = document(command, "--model", folder, "--mfa-evidence", evidence)

    assert {each["name"]: (each["lastSignIn"], each["mfa"]) for each in told["people"]} == {
        "Ada Lovelace": ("2026-11-28", "MFA, as of 2026-11-29"),
        "Bob Berg": ("not within 90 days", "not seen, as of 2026-11-29"),
    }


def test_root_users_stand_with_the_day_on_which_they_were_seen(command: Command, folder: str) -> None:
    """A posture without its age is believed for years."""
    when = datetime(2026, 11, 20, tzinfo=UTC)
    postures = {
        MANAGEMENT: RootPosture(MANAGEMENT, "management", management=True, read_at=when, seen_through="x"),
    }
    audit = RootAudit("o-1", MANAGEMENT, None, when, postures)
    told = document(command, "--model", folder, "--root-audit", command.write("root.json", to_json(audit)))

    assert told["root"] == [[f"{MANAGEMENT} management", "unknown", "2026-11-20"]]


@pytest.mark.parametrize("option", ["--mfa-evidence", "--root-audit"])
@pytest.mark.parametrize("text", ["no json", "[]", '{"kind": "identity-center/else", "version": 1}'])
def test_a_file_of_another_kind_is_one_clear_message(
    command: Command, folder: str, option: str, text: str
) -> None:
    """An empty column would say that nobody ever signed in."""
    ended = command("report", "--model", folder, option, command.write("other.json", text))

    assert (ended.status, ended.output) == (2, "")
    assert "other.json is no" in ended.errors.replace("is not JSON", "is no JSON")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "it is not said what to report"),
        (("--from", "model", "state"), "model and state are two words for one side"),
        (("--model", "access", "--state", "x"), "model and state are two words for one side"),
        (("--from", "aws", "snapshot"), "aws and snapshot are two words for one side"),
        (("--snapshot", "nofile.json"), "nofile.json"),
    ],
)
def test_an_unclear_source_is_a_message(command: Command, arguments: tuple[str, ...], says: str) -> None:
    """A guess would be a report of something else."""
    ended = command("report", *arguments)

    assert (ended.status, ended.output) == (2, "")
    assert says in ended.errors
    assert "Errno" not in ended.errors
