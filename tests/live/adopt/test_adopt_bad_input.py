"""`identity-center adopt` on what nobody makes on purpose: adopted or named, and nothing half-written."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from identity_center_cli.main import main
from sandbox.aws.accounts.large_instance import Size, populate
from sandbox.aws.accounts.surroundings import ANY_POLICY, Surroundings
from sandbox.aws.identity_center.identitystore import IdentityStore
from sandbox.settings import REGION
from tests.support.adopting import adopt, folder, model
from tests.support.lived_in import MANAGEMENT, PROVIDER, SHOP

__all__ = ["folder"]

CONTROL_TOWER_SETS: Final = 6
PEOPLE: Final = 2000


@pytest.fixture
def made(around: Surroundings) -> Surroundings:
    """Give an instance that has nothing yet."""
    return around


def imports() -> dict[str, list[str]]:
    """Return the ids to import, by the last part of the type."""
    listed = json.loads(Path("identity-center.import.json").read_text(encoding="utf-8"))["resources"]
    found: dict[str, list[str]] = {}
    for each in listed:
        if "id" in each:
            found.setdefault(each["type"].rpartition(":")[2], []).append(each["id"])
    return found


#: Of what user and group names may hold: `\p{L}\p{M}\p{S}\p{N}\p{P}`. Source: botocore, identitystore, shapes
#: UserName and GroupDisplayName; white space in the second only.
PRINTED: Final = "".join(
    chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] in "LMSNP"
)
SPACES: Final = "\t\n\r \u00a0\u3000"
#: One of each category, with what YAML and Python read as something else.
OF_SETS: Final = "Az09_+=,.@-"


def _pieces(text: str, most_bytes: int) -> Iterator[str]:
    """Cut a text: the provider counts the bytes of a name, and a character has up to four."""
    size = most_bytes // 4
    yield from (text[start : start + size] for start in range(0, len(text), size))


def _every_character() -> str:
    """Return all that is printed up to the ideographs, one in a hundred of the rest, and what is white."""
    low = "".join(c for c in PRINTED if ord(c) < 0x3400)
    return low + PRINTED[len(low) :: 100]


#: What YAML reads as something else than a text, or as an end of it.
FOR_YAML: Final = (
    *("true", "null", "~", "1e3", "0x1F", "2026-11-30", "1:30", "- a", "a: b", "a #b", "&a", "*a", "!a"),
    *(
        "%a",
        "@a",
        "`a`",
        "'",
        '"',
        "\\",
        "{a}",
        "[a]",
        "<<",
        "=",
        "? a",
        "|",
        ">",
        "no",
        "123",
        "…",
        "👩",
        "---",
    ),
)


def test_names_of_every_character_that_aws_allows_come_through(
    made: Surroundings, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One name that is quoted wrongly, and the model has another group than AWS, or cannot be read at all."""
    every = _every_character()
    groups = [*(f"x{piece}x" for piece in _pieces(every, 1000)), *FOR_YAML]
    groups += [f"a{space}b" for space in SPACES] + [f"{space}edge{space}" for space in SPACES]
    users = [*(f"x{piece}" for piece in _pieces(every, 127)), *(each for each in FOR_YAML if " " not in each)]
    for name in groups:
        made.group(name, Description=name[:1024])
    for number, name in enumerate(users):
        made.user(name, DisplayName=name, Emails=[{"Value": f"p{number}@example.com", "Primary": True}])
    for name in (OF_SETS, "-", "true", "1e3", "2026-11-30", "1.0"):
        arn = made.permission_set(name, Description="\xa1\xff~\t ¶ & # : - '")
        made.assign(arn, made.group(f"of {name}"), SHOP)
        made.sso.put_inline_policy_to_permission_set(**made.of_set(arn), InlinePolicy=ANY_POLICY)
    applications = ("Wiki: \u2028 # 'x' \"y\"", "- \t\x7f", "1e3")
    for name in applications:
        made.sso.create_application(
            InstanceArn=made.instance, ApplicationProviderArn=PROVIDER, Name=name, Description=name
        )

    made.group("Я" * 600)

    assert adopt(folder) == 0

    told = capsys.readouterr().out
    assert "1200 bytes" in told, "what the provider refuses is left out"
    said, ids = model(folder), imports()
    assert {each["displayName"] for each in said["groups"].values()} >= set(groups)
    assert {each["userName"] for each in said["users"].values()} >= set(users)
    assert {each["name"] for each in said["permissionSets"].values()} >= {OF_SETS, "-", "true", "1e3"}
    assert {each["name"] for each in said["applications"].values()} == set(applications)
    assert (len(ids["User"]), len(ids["Application"])) == (len(users), len(applications))
    assert len(ids["Group"]) == len(groups) + 6
    assert (adopt(folder), model(folder)) == (0, said), "a second run finds everything said"


def test_thousands_of_people_are_adopted(session: boto3.Session, folder: Path) -> None:
    """What takes the square of the number of people ends a large adoption after a night."""
    assert session.region_name == REGION
    populate(REGION, Size(sets=CONTROL_TOWER_SETS + 1, accounts=2, assignments=20, users=PEOPLE, groups=20))

    assert adopt(folder, "--only", "people") == 0

    said = model(folder)
    people = set(said["users"])
    assert PEOPLE - 1 <= len(people) == len(imports()["User"]) <= PEOPLE
    assert {who for each in said["groups"].values() for who in each.get("members", ())} == people


def test_what_has_no_name_or_address_is_named_and_the_rest_adopted(
    made: Surroundings, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A directory may give neither, and a model cannot make them: their grants must not fall on others."""
    robot, nameless = made.user("robot"), made.group("")
    ada = made.user("ada", Emails=[{"Value": "ada@example.com", "Primary": True}])
    for user in (robot, ada):
        made.store.create_group_membership(
            IdentityStoreId=made.store_id, GroupId=made.group(f"of {user}"), MemberId={"UserId": user}
        )
    reading = made.permission_set("Reading")
    made.assign(reading, nameless, SHOP)
    made.assign(reading, robot, SHOP, "USER")
    made.assign(reading, ada, MANAGEMENT, "USER")
    asked_of_aws = IdentityStore.list_groups

    def without_a_name(backend: IdentityStore, asked: dict[str, Any]) -> dict[str, Any]:
        answer = asked_of_aws(backend, asked)
        rows = [dict(row) for row in answer["Groups"]]
        for row in rows:
            if row["GroupId"] == nameless:
                # Not among what an answer must have. Source: botocore, identitystore, shape Group.
                del row["DisplayName"]
        return {**answer, "Groups": rows}

    monkeypatch.setattr(IdentityStore, "list_groups", without_a_name)
    assert adopt(folder) == 0

    told, said = capsys.readouterr().out, model(folder)
    assert f"left out: group {nameless}: " in told
    assert f"left out: assignment of Reading in {SHOP} to group {nameless}: " in told
    assert f"left out: user {robot}: it has 0 e-mail addresses, and the model wants one" in told
    assert said["users"].keys() == {"ada"}
    assert said["externalUsers"] == {"robot": {"userName": "robot"}}
    assert {(each["user"], *each["accounts"]) for each in said["assignments"]} == {
        ("robot", SHOP),
        ("ada", MANAGEMENT),
    }


@pytest.mark.usefixtures("lived_in")
def test_an_account_that_was_closed_is_left_out_with_its_grants_named(
    session: boto3.Session, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody can use a closed account, and a model that names it takes the grants away in the next update."""
    session.client("organizations").close_account(AccountId=SHOP)

    assert adopt(folder) == 0

    told = capsys.readouterr().out
    assert (
        f"left out: assignment of Billing in {SHOP} to group Auditors: the account is suspended or closed"
        in told
    )
    assert {account for each in model(folder)["assignments"] for account in each["accounts"]} == {MANAGEMENT}
    assert not any(SHOP in each for each in imports()["AccountAssignment"])


@pytest.mark.usefixtures("lived_in")
def test_an_account_that_is_closed_after_the_snapshot_is_left_out_by_the_next_run(
    session: boto3.Session, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The snapshot of yesterday says that it is there; what it wrote stays, and nothing of it is imported."""
    assert main(["snapshot", "--requests-per-second", "10000"]) == 0
    session.client("organizations").close_account(AccountId=SHOP)
    assert adopt(folder, "--snapshot", "identity-center.snapshot.json") == 0
    first = model(folder)
    assert any(SHOP in each for each in imports()["AccountAssignment"])
    capsys.readouterr()

    assert adopt(folder) == 0

    told = capsys.readouterr().out
    assert "nothing is new: the model says all that it can" in told
    assert f"in {SHOP} to group Auditors: the account is suspended or closed" in told
    assert model(folder) == first
    assert not any(SHOP in each for each in imports()["AccountAssignment"])
