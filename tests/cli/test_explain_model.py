"""`identity-center explain --model`: the same questions before anything is made."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from identity_center.model.aws.partitions import PARTITIONS, Partition
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.model.organisation.snapshot import write_snapshot
from identity_center_cli.stacks.written_model import read_model
from tests.support.command import Command, Ended

ACCOUNT: Final = "444444444444"
MANAGEMENT: Final = "123456789012"


MODEL: Final[dict[str, Any]] = {
    "users": {
        "ada": {
            "userName": "ada",
            "givenName": "Ada",
            "familyName": "Lovelace",
            "displayName": "Ada Lovelace",
            "email": "ada@example.com",
        }
    },
    "externalUsers": {"grace": {"userName": "grace@corp.example.com"}},
    "groups": {"readers": {"displayName": "Readers", "members": ["ada", "grace"]}},
    "externalGroups": {"platform": {"displayName": "Platform"}},
    "permissionSets": {
        "reading": {"name": "Reading", "managedPolicies": ["ReadOnlyAccess"]},
        "bounded": {
            "name": "Bounded",
            "inlinePolicy": {
                "Version": "2012-10-17",
                "Statement": [{"Sid": "Put", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}],
            },
            "permissionsBoundary": {"managedPolicy": "ReadOnlyAccess"},
        },
        "company": {"name": "Company", "customerManagedPolicies": ["/team/Deploy"]},
    },
    "externalPermissionSets": {"theirs": {"name": "AWSReadOnlyAccess"}},
    "assignments": [
        {"group": "readers", "permissionSets": ["reading", "bounded"], "accounts": [ACCOUNT]},
        {"group": "readers", "permissionSets": ["reading"], "accounts": ["management"]},
        {"group": "platform", "permissionSets": ["company"], "accounts": [ACCOUNT]},
        {"user": "grace", "permissionSets": ["theirs"], "accounts": ["666666666666"]},
    ],
    "accountAccess": {
        "entitlements": [{"user": "ada", "roles": ["arn:aws:iam::555555555555:role/Operator"]}]
    },
}

Ask = Callable[..., Ended]


@pytest.fixture
def ask(command: Command) -> Ask:
    """Ask about the model, written as a stack's file."""

    def asked(*arguments: str, **changes: Any) -> Ended:  # noqa: ANN401 - parts of the model
        parts = {f"identity-center:{name}": value for name, value in {**MODEL, **changes}.items()}
        path = command.write("Pulumi.dev.yaml", yaml.safe_dump({"config": parts}))
        return command("explain", "--model", path, "--format", "json", *arguments)

    return asked


def test_a_model_is_asked_before_anything_is_made(ask: Ask) -> None:
    """Every link has the name that the run would give it."""
    ended = ask("--who", "ada", "--can", "s3:GetObject", "--in", ACCOUNT)

    assert ended.status == 0, ended.errors
    way = next(
        each for each in ended.json()["ways"] if each["answer"] == "yes" and each["account"] == ACCOUNT
    )
    assert (way["person"], way["through"]) == ("ada", "group Readers")
    assert way["holds"] == "permission set Reading"
    assert way["assignment"] == f"AccountAssignment `reading/group/readers/{ACCOUNT}`"
    assert way["statements"][0]["document"] == "ReadOnlyAccess"


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("--who", "ada", "--can", "s3:PutObject", "--in", ACCOUNT), "undecided"),  # is she of Platform?
        (("--who", "grace@corp.example.com", "--can", "s3:GetObject", "--in", ACCOUNT), "yes"),
        (("--who", "Platform", "--can", "s3:PutObject", "--in", ACCOUNT), "undecided"),  # no text at hand
        (("--who", "ada", "--can", "s3:GetObject", "--in", MANAGEMENT), "undecided"),  # which account is it?
        (("--who", "ada", "--can", "s3:GetObject", "--in", "555555555555"), "undecided"),
        # By a permission set of somebody else's.
        (("--who", "grace@corp.example.com", "--can", "s3:GetObject", "--in", "666666666666"), "undecided"),
    ],
)
def test_the_answers_are_the_models(ask: Ask, arguments: tuple[str, ...], answer: str) -> None:
    """What only AWS could tell is undecided, never no."""
    assert ask(*arguments).json()["answer"] == answer


def test_a_boundary_of_the_model_holds(ask: Ask) -> None:
    """The inline policy allows it, and the boundary withholds it."""
    found = ask(
        "--who", "ada", "--can", "s3:PutObject", "--in", ACCOUNT, assignments=MODEL["assignments"][:1]
    ).json()

    assert found["answer"] == "no"
    assert {way["holds"] for way in found["ways"]} == {"permission set Reading", "permission set Bounded"}


def test_everybody_who_can_is_named_from_the_model(ask: Ask) -> None:
    """The other way round, entitlements to roles included; members of elsewhere leave it open."""
    found = ask("--who-can", "s3:GetObject", "--in", ACCOUNT).json()
    assert {way["person"] for way in found["ways"] if way["answer"] == "yes"} == {
        "ada",
        "grace@corp.example.com",
    }
    assert any("not all members of group Platform" in each for each in found["notKnown"])

    found = ask("--who-can", "s3:GetObject", "--in", "555555555555").json()
    (way,) = [each for each in found["ways"] if each["account"] == "555555555555"]
    assert (way["person"], way["holds"], way["answer"]) == ("ada", "IAM role Operator", "undecided")


def test_without_the_organisation_it_says_what_would_tell_the_accounts(ask: Ask) -> None:
    """Whoever asks about an account by its id learns which file is missing."""
    found = ask("--who", "ada", "--can", "s3:GetObject", "--in", MANAGEMENT).json()

    assert any("--organisation" in each for each in found["notKnown"])


def test_a_folder_of_the_model_is_asked_as_well(command: Command) -> None:
    """A larger model has no stack's file of its own."""
    folder = command.write("access/model.yaml", yaml.safe_dump({**MODEL, "assignments": []}))
    command.write("access/grants.yaml", yaml.safe_dump({"assignments": MODEL["assignments"][:1]}))
    ended = command(
        "explain",
        "--model",
        folder.rpartition("/")[0],
        "--who",
        "ada",
        "--can",
        "s3:GetObject",
        "--in",
        ACCOUNT,
    )

    assert ended.status == 0, ended.errors
    assert ended.output.startswith(f"yes: ada, s3:GetObject on some resource in account {ACCOUNT}\n")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"groups": {"readers": {"displayName": "Readers", "members": ["eve"]}}}, "Pulumi.dev.yaml:"),
        ({"users": {"secure": "v1:abc"}}, "`users` is encrypted there"),
        ({"organisationSnapshot": "nowhere.json"}, "`nowhere.json` cannot be read"),
    ],
)
def test_a_model_that_no_run_would_take_answers_nothing(ask: Ask, changes: Any, said: str) -> None:  # noqa: ANN401
    """A mistake in it must not read as `no`."""
    ended = ask("--who", "ada", "--can", "s3:GetObject", **changes)

    assert ended.status == 2
    assert said in ended.errors, ended.errors
    assert ended.output == ""


def test_an_account_is_given_by_the_name_that_it_has_in_the_models_snapshot(
    ask: Ask, command: Command
) -> None:
    """Nobody knows twelve digits by heart, and the model names the file that knows them."""
    names = {MANAGEMENT: "top", ACCOUNT: "shop-production", "555555555555": "data", "666666666666": "staging"}
    accounts = [MemberAccount(number, name, AccountState.ACTIVE) for number, name in names.items()]
    taken = datetime(2026, 11, 19, tzinfo=UTC)
    command.write("organisation.json", write_snapshot(Organisation.of(MANAGEMENT, accounts), taken))
    asked = ("--who", "ada", "--can", "s3:GetObject", "--in")

    found = ask(*asked, "Shop-Production", organisationSnapshot="organisation.json")
    slip = ask(*asked, "shop-prodction", organisationSnapshot="organisation.json")

    assert found.status == 0, found.errors
    assert json.loads(found.output)["question"]["account"] == ACCOUNT
    assert slip.status == 2
    assert "--in: no account is called `shop-prodction`; did you mean `shop-production`?" in slip.errors


def test_what_is_no_model_is_refused(command: Command) -> None:
    """Neither a state nor some other YAML."""
    path = command.write("state.json", json.dumps({"version": 3, "deployment": {}}))
    asked = ("--who", "a", "--can", "s3:GetObject")

    assert "no stack's file" in command("explain", "--model", path, *asked).errors
    both = command("explain", "--model", path, "--state", path, *asked)
    assert (both.status, "either --model or --state" in both.errors) == (2, True)


def test_what_a_run_refuses_is_refused_here(ask: Ask) -> None:
    """AWS allows 25 policies in a permission set; a model with 27 would never be made."""
    many = {"name": "Many", "customerManagedPolicies": [f"Policy{number}" for number in range(27)]}
    ended = ask(
        "--who", "ada", "--can", "s3:GetObject", permissionSets={**MODEL["permissionSets"], "many": many}
    )

    assert ended.status == 2
    assert "permissionSets.many: has 27 policies; AWS allows 25 in one permission set" in ended.errors


def test_an_unquoted_id_that_begins_with_zero_is_refused_here(command: Command) -> None:
    """A run refuses it, since the engine drops the zero."""
    parts = {**MODEL, "assignments": [{"group": "readers", "permissionSets": ["reading"], "accounts": ["@"]}]}
    text = yaml.safe_dump(parts).replace("'@'", "012345678901")
    folder = command.write("access/model.yaml", text).rpartition("/")[0]
    ended = command("explain", "--model", folder, "--who", "ada", "--can", "s3:GetObject")

    assert ended.status == 2
    assert "`012345678901` is not an account id; write the 12 digits in quotes" in ended.errors


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda each: each.name)
def test_policies_are_those_of_the_regions_partition(partition: Partition, tmp_path: Path) -> None:
    """A policy under the ARN of another partition is one that is not there."""
    sets = {"reading": MODEL["permissionSets"]["reading"]}
    (tmp_path / "Pulumi.dev.yaml").write_text(
        yaml.safe_dump(
            {"config": {"aws:region": partition.regions[-1], "identity-center:permissionSets": sets}}
        ),
        encoding="utf-8",
    )
    model = read_model(tmp_path / "Pulumi.dev.yaml", None)

    assert model.access.permission_sets["reading"].managed_policy_arns == (
        f"arn:{partition.name}:iam::aws:policy/ReadOnlyAccess",
    )
