"""Targets in the real engine: what they reach, and that no change elsewhere makes an assignment anew."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from identity_center_cli.aws.access import read_access
from identity_center_cli.main import main
from sandbox.aws.accounts.organizations import account_number
from sandbox.project import Project

if TYPE_CHECKING:
    from mypy_boto3_organizations.type_defs import TagTypeDef

pytestmark = pytest.mark.engine

Config = dict[str, Any]
KEY = "identity-center:"
SHOP, DATA, STAGING = "444444444444", "555555555555", "666666666666"


def _with_targets(config: Config, production: object) -> Config:
    """Return stack dev with a second group and permission set, and targets of several kinds."""
    config[f"{KEY}groups"]["readers"] = {"displayName": "Readers", "members": ["ada"]}
    config[f"{KEY}permissionSets"]["reading"] = {"name": "Reading", "managedPolicies": ["SecurityAudit"]}
    config[f"{KEY}assignments"] += [
        {"group": "readers", "permissionSets": ["reading"], "accounts": [production, "shop-staging"]},
        {
            "group": "developers",
            "permissionSets": ["reading"],
            "accounts": [
                "all",
                {"except": [{"tagged": {"not": {"tag": "team", "in": ["shop", "data"]}}}, STAGING]},
            ],
        },
    ]
    return config


def unit_id(session: boto3.Session, path: str) -> str:
    """Return the id of a unit."""
    organizations = session.client("organizations")
    parent = organizations.list_roots()["Roots"][0]["Id"]
    for name in path.split("/"):
        units = organizations.list_organizational_units_for_parent(ParentId=parent)["OrganizationalUnits"]
        (parent,) = [unit["Id"] for unit in units if unit["Name"] == name]
    return parent


ASSIGNMENT = "aws:ssoadmin/accountAssignment:AccountAssignment"


def _assignments(project: Project) -> dict[str, tuple[str, str]]:
    """Return the account assignments of the state: when each was made, and its id, by name."""
    return {
        one["urn"].rsplit("::", 1)[-1]: (one["created"], one["id"])
        for one in project.exported()["deployment"]["resources"]
        if one["type"] == ASSIGNMENT
    }


def _planned(project: Project) -> Counter[tuple[str, str]]:
    """Preview; return what the engine would do with each account assignment, by name."""
    steps = project.succeed("preview", "--json", "--show-sames").json()["steps"]
    return Counter((_name(step), step["op"]) for step in steps if _is_assignment(step))


def _done(project: Project) -> Counter[tuple[str, str]]:
    """Update; return what the engine did with each account assignment, by name, from its events."""
    log = project.folder / "events.jsonl"
    log.unlink(missing_ok=True)
    project.environment["PULUMI_DEBUG_COMMANDS"] = "true"
    project.up("--event-log", str(log))
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    steps = [event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event]
    return Counter((_name(step), step["op"]) for step in steps if _is_assignment(step))


def _name(step: dict[str, Any]) -> str:
    return str(step["urn"].rsplit("::", 1)[-1])


def _is_assignment(step: dict[str, Any]) -> bool:
    return bool(step["urn"].split("::")[2].rsplit("$", 1)[-1] == ASSIGNMENT)


@pytest.fixture
def made(program: Project, dev_config: Config, session: boto3.Session) -> Project:
    """Make stack dev with targets; production is named by the id of its unit."""
    project = program.without_pack()
    unit = {"unit": unit_id(session, "Workloads/Production")}
    project.write_config(_with_targets(dev_config, unit))
    project.up()
    return project


def test_targets_reach_in_the_api_what_they_say(made: Project, session: boto3.Session) -> None:
    """A selection is worth what the API shows, not what a plan promised."""
    reached = {
        (one.through, one.permission_set, one.account_id)
        for one in read_access(session).sign_ins
        if one.permission_set == "Reading"
    }

    assert reached == {
        *(("group Readers", "Reading", account) for account in (SHOP, DATA, STAGING)),
        *(("group Developers", "Reading", account) for account in (SHOP, DATA)),
    }
    assert made.up("--expect-no-changes").status == 0


def _reordered(config: Config, _session: boto3.Session) -> None:
    for part in ("users", "groups", "permissionSets"):
        config[f"{KEY}{part}"] = dict(reversed(config[f"{KEY}{part}"].items()))
    config[f"{KEY}assignments"].reverse()
    for assignment in config[f"{KEY}assignments"]:
        assignment["accounts"].reverse()


def _relabelled(config: Config, session: boto3.Session) -> None:
    config[f"{KEY}groups"]["readers"]["displayName"] = "People who read"
    config[f"{KEY}groups"]["developers"]["description"] = "Others"
    config[f"{KEY}users"]["ada"]["displayName"] = "Countess Lovelace"
    config[f"{KEY}permissionSets"]["reading"]["description"] = "Looks and does not touch"
    unit = unit_id(session, "Workloads/Production")
    session.client("organizations").update_organizational_unit(OrganizationalUnitId=unit, Name="Live")


def _with_renamed_accounts(config: Config, session: boto3.Session) -> None:
    """Rename an account that is chosen by its unit, and one that is chosen by its name."""
    session.client("organizations").enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    names = session.client("account")
    names.put_account_name(AccountId=SHOP, AccountName="web shop")
    names.put_account_name(AccountId=STAGING, AccountName="shop-rehearsal")
    for assignment in config[f"{KEY}assignments"]:
        accounts = assignment["accounts"]
        assignment["accounts"] = ["shop-rehearsal" if one == "shop-staging" else one for one in accounts]


def _with_a_new_account(_config: Config, session: boto3.Session) -> None:
    organizations = session.client("organizations")
    tags: list[TagTypeDef] = [{"Key": "team", "Value": "data"}]
    made = organizations.create_account(AccountName="another", Email="another@example.com", Tags=tags)
    organizations.move_account(
        AccountId=made["CreateAccountStatus"]["AccountId"],
        SourceParentId=organizations.list_roots()["Roots"][0]["Id"],
        DestinationParentId=organizations.list_parents(ChildId=SHOP)["Parents"][0]["Id"],
    )


def _with_a_group_of_the_same_run(config: Config, _session: boto3.Session) -> None:
    config[f"{KEY}groups"] = {"auditors": {"displayName": "Auditors"}, **config[f"{KEY}groups"]}
    config[f"{KEY}assignments"].insert(
        0, {"group": "auditors", "permissionSets": ["reading"], "accounts": [SHOP]}
    )


@dataclass(frozen=True)
class Elsewhere:
    """A change of something else than an assignment, and the assignments that it adds."""

    change: Callable[[Config, boto3.Session], None]
    added: frozenset[str] = frozenset()


NEW = account_number("another@example.com")
ELSEWHERE = {
    "reordering": Elsewhere(_reordered),
    "renaming labels": Elsewhere(_relabelled),
    "renaming accounts": Elsewhere(_with_renamed_accounts),
    "a new account": Elsewhere(
        _with_a_new_account,
        frozenset({f"reading/group/readers/{NEW}", f"reading/group/developers/{NEW}"}),
    ),
    "a group made in the same run": Elsewhere(
        _with_a_group_of_the_same_run, frozenset({f"reading/group/auditors/{SHOP}"})
    ),
}


@pytest.mark.thorough
def test_no_change_elsewhere_makes_an_assignment_anew(
    made: Project, dev_config: Config, session: boto3.Session
) -> None:
    """An assignment that is made anew locks people out for minutes, and gives roles new ARNs.

    The changes come one upon the other in one stack, as they do in an organisation's life.
    """
    for name, elsewhere in ELSEWHERE.items():
        before = _assignments(made)
        elsewhere.change(dev_config, session)
        made.write_config(dev_config)
        expected = Counter(
            [*((each, "same") for each in before), *((one, "create") for one in elsewhere.added)]
        )

        assert _planned(made) == expected, name
        assert _done(made) == expected, name
        after = _assignments(made)
        assert {each: after.get(each) for each in before} == before, name
        assert after.keys() - before.keys() == elsewhere.added, name


def test_a_renamed_account_that_is_still_called_by_its_old_name_is_told(
    program: Project, session: boto3.Session, dev_config: Config
) -> None:
    """Otherwise the rename in the console would take the access away in silence."""
    _with_renamed_accounts({f"{KEY}assignments": []}, session)
    program.write_config(_with_targets(dev_config, "data-production"))

    ended = program.pulumi("preview")

    assert ended.status != 0
    assert "no account has the name `shop-staging`" in ended.output


def test_a_snapshot_is_used_instead_of_aws_and_its_age_is_said(
    program: Project, dev_config: Config, session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A preview in a pull request has no credentials for the organisation."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", "2026-09-01")
    for name, value in {"AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": "sandbox"}.items():
        monkeypatch.setenv(name, value)
    assert session.region_name
    monkeypatch.setenv("AWS_DEFAULT_REGION", session.region_name)
    snapshot: Path = program.folder / "organisation.json"
    assert main(["organisation", "snapshot", "--output", str(snapshot)]) == 0
    config = _with_targets(dev_config, {"unit": "Workloads/Production"})
    config[f"{KEY}organisationSnapshot"] = "organisation.json"
    program.write_config(config)
    # What AWS says now no longer matters.
    session.client("organizations").update_organizational_unit(
        OrganizationalUnitId=unit_id(session, "Workloads/Production"), Name="Live"
    )

    shown = program.without_pack().succeed("preview").output

    assert "targets are resolved in the organisation of `organisation.json`, taken on 2026-09-01" in shown
    assert f"reading/group/readers/{DATA}" in shown


def test_wrong_targets_are_all_told_with_their_places_and_nothing_is_made(
    program: Project, dev_config: Config, session: boto3.Session
) -> None:
    """A misspelt unit must not be an empty one."""
    config = _with_targets(dev_config, {"unit": "Workloads/Prodution"})
    config[f"{KEY}assignments"][2]["accounts"].append({"tagged": {"tag": "enviroment"}})
    config[f"{KEY}assignments"][0]["accounts"].append("shop-prodution")
    program.write_config(config)

    ended = program.without_pack().pulumi("up", "--yes", "--skip-preview")

    assert ended.status != 0
    assert "3 mistakes" in ended.output
    for words in (
        "did you mean `Workloads/Production`?",
        "did you mean `environment`?",
        "did you mean `shop-production`?",
    ):
        assert words in ended.output
    assert ended.output.count("Pulumi.dev.yaml:") == 3
    assert read_access(session).assignments == frozenset()
