"""Targets in the real engine: what they reach, and that no change elsewhere makes an assignment anew."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from cli.main import main
from live.access import read_access
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


def _unit(session: boto3.Session, path: str) -> str:
    """Return the id of a unit."""
    organizations = session.client("organizations")
    parent = organizations.list_roots()["Roots"][0]["Id"]
    for name in path.split("/"):
        units = organizations.list_organizational_units_for_parent(ParentId=parent)["OrganizationalUnits"]
        (parent,) = [unit["Id"] for unit in units if unit["Name"] == name]
    return parent


def _assignments(project: Project) -> dict[str, tuple[str, str]]:
    """Return the account assignments of the state: when each was made, and its id, by name."""
    return {
        one["urn"].rsplit("::", 1)[-1]: (one["created"], one["id"])
        for one in project.exported()["deployment"]["resources"]
        if one["type"].endswith("accountAssignment:AccountAssignment")
    }


@pytest.fixture
def made(program: Project, dev_config: Config, session: boto3.Session) -> Project:
    """Make stack dev with targets; production is named by the id of its unit."""
    project = program.without_pack()
    unit = {"unit": _unit(session, "Workloads/Production")}
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
    unit = _unit(session, "Workloads/Production")
    session.client("organizations").update_organizational_unit(OrganizationalUnitId=unit, Name="Live")


def _with_a_new_account(_config: Config, session: boto3.Session) -> None:
    organizations = session.client("organizations")
    tags: list[TagTypeDef] = [{"Key": "team", "Value": "data"}]
    made = organizations.create_account(AccountName="another", Email="another@example.com", Tags=tags)
    organizations.move_account(
        AccountId=made["CreateAccountStatus"]["AccountId"],
        SourceParentId=organizations.list_roots()["Roots"][0]["Id"],
        DestinationParentId=_unit(session, "Workloads/Production"),
    )


def _with_a_group_of_the_same_run(config: Config, _session: boto3.Session) -> None:
    config[f"{KEY}groups"] = {"auditors": {"displayName": "Auditors"}, **config[f"{KEY}groups"]}
    config[f"{KEY}assignments"].insert(
        0, {"group": "auditors", "permissionSets": ["reading"], "accounts": [SHOP]}
    )


@pytest.mark.parametrize(
    ("change", "added"),
    [(_reordered, 0), (_relabelled, 0), (_with_a_new_account, 2), (_with_a_group_of_the_same_run, 1)],
    ids=["reordering", "renaming labels", "a new account", "a group made in the same run"],
)
def test_no_change_elsewhere_makes_an_assignment_anew(
    made: Project,
    dev_config: Config,
    session: boto3.Session,
    change: Callable[[Config, boto3.Session], None],
    added: int,
) -> None:
    """An assignment that is made anew locks people out for minutes, and gives roles new ARNs."""
    before = _assignments(made)
    change(dev_config, session)
    made.write_config(dev_config)
    made.up()
    after = _assignments(made)

    assert {name: after.get(name) for name in before} == before
    assert len(after) == len(before) + added


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
        OrganizationalUnitId=_unit(session, "Workloads/Production"), Name="Live"
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
