"""Additional Regions of an instance: read, adopted, compared, shown."""

import json
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
import yaml

from identity_center.model.existing.snapshot_file import read_existing
from identity_center.model.language.settings import AwsSettings
from identity_center.model.plan.region_checks import Encryption, InstanceRegions
from identity_center_cli.aws.lookups.instance_regions import read_instance_regions
from identity_center_cli.main import main
from sandbox import pace
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.aws.identity_center.ssoadmin import SsoAdmin
from sandbox.aws.refusals.table import RefusedError
from sandbox.settings import REGION

SETTINGS = AwsSettings(region=REGION)
MANAGEMENT = "123456789012"
FAST = ("--requests-per-second", "10000")


@pytest.fixture
def around(
    session: boto3.Session, endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Surroundings:
    """Give an instance of the first day, and a folder to run in."""
    assert session.region_name == REGION
    monkeypatch.chdir(tmp_path)
    return Surroundings(endpoint, REGION, "word")


def drift(
    capsys: pytest.CaptureFixture[str], regions: list[str] | None = None
) -> tuple[int, list[dict[str, Any]]]:
    """Compare the model, or one of nothing but Regions, with the instance: the status, what differs."""
    if regions is not None:
        Path("access").mkdir(exist_ok=True)
        Path("access/all.yaml").write_text(json.dumps({"additionalRegions": regions}), encoding="utf-8")
    capsys.readouterr()
    status = main(["drift", "--model", "access", "--only", "regions", "--format", "json", *FAST])
    return status, json.loads(capsys.readouterr().out)["drift"]


def told(row: dict[str, Any]) -> tuple[str, str, list[str]]:
    """Return what a difference is about."""
    return row["difference"], row["kind"], row["names"]


def test_an_update_is_told_what_it_needs_to_know(around: Surroundings) -> None:
    """The check before an update is as good as what it reads: of an instance without a key, and with one."""
    before = read_instance_regions(SETTINGS, around.instance, ["eu-west-1"])
    key = around.ready_for("eu-west-1", "eu-west-2")
    around.add_region("eu-west-1")

    assert before == InstanceRegions(REGION, MANAGEMENT, {REGION: "ACTIVE"}, Encryption())
    assert read_instance_regions(SETTINGS, around.instance, ["eu-west-2"]) == InstanceRegions(
        REGION,
        MANAGEMENT,
        {REGION: "ACTIVE", "eu-west-1": "ACTIVE"},
        Encryption(key),
        frozenset({REGION, "eu-west-1", "eu-west-2"}),
    )
    kms = boto3.client("kms", region_name="eu-west-2")
    replica = key.replace(REGION, "eu-west-2")
    policy = json.loads(kms.get_key_policy(KeyId=replica, PolicyName="default")["Policy"])
    policy["Statement"][0]["Principal"] = {"Service": "sso.amazonaws.com"}
    kms.put_key_policy(KeyId=replica, PolicyName="default", Policy=json.dumps(policy))
    assert read_instance_regions(SETTINGS, around.instance, ["eu-west-2"]).other_key_policies == (
        "eu-west-2",
    )
    gone = read_instance_regions(SETTINGS, around.instance, [])
    assert gone.key_regions is None, "where nothing is new, KMS is not asked"


def test_adopt_writes_the_regions_and_drift_then_finds_nothing(
    around: Surroundings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A Region that somebody added in the console is taken in instead of being added again."""
    around.ready_for("eu-west-1", "eu-central-1")
    for region in ("eu-west-1", "eu-central-1"):
        around.add_region(region)

    assert main(["adopt", "--into", "access", "--only", "regions", *FAST]) == 0

    (text,) = [path.read_text(encoding="utf-8") for path in Path("access").rglob("*.yaml")]
    assert yaml.safe_load(text) == {"additionalRegions": ["eu-central-1", "eu-west-1"]}
    imported = json.loads(Path("identity-center.import.json").read_text(encoding="utf-8"))["resources"]
    assert {(one["type"], one["logicalName"], one["id"]) for one in imported if "id" in one} == {
        ("aws:ssoadmin/region:Region", region, f"{around.instance},{region}")
        for region in ("eu-central-1", "eu-west-1")
    }
    assert drift(capsys) == (0, [])


def test_drift_names_regions_that_are_more_less_and_on_their_way(
    around: Surroundings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A Region that nobody wrote down holds a copy of every person; one that is missing lets nobody in."""
    around.ready_for("eu-west-1", "eu-west-2")
    around.add_region("eu-west-1")

    status, rows = drift(capsys, ["eu-central-1"])

    assert (status, list(map(told, rows))) == (
        1,
        [
            ("missing", "additional Region", ["eu-central-1"]),
            ("extra", "additional Region", ["eu-west-1"]),
        ],
    )
    undo = pace.current.fix(pace.Pace(replication=60))
    try:
        around.sso.add_region(InstanceArn=around.instance, RegionName="eu-west-2")
        status, rows = drift(capsys, ["eu-west-1", "eu-west-2"])
    finally:
        undo()
    assert (status, list(map(told, rows))) == (1, [("changed", "additional Region", ["eu-west-2"])])
    assert (rows[0]["wanted"], rows[0]["found"]) == ("ACTIVE", "ADDING")


def test_drift_takes_no_region_away_and_says_what_does(
    around: Surroundings, capsys: pytest.CaptureFixture[str]
) -> None:
    """People sign in there: that is no tidying up, and AWS takes one at a time."""
    around.ready_for("eu-west-1")
    around.add_region("eu-west-1")
    drift(capsys, [])

    main(["drift", "--model", "access", "--only", "regions", "--remove", "--yes", *FAST])

    said = capsys.readouterr()
    assert "aws sso-admin remove-region" in said.out + said.err
    assert around.regions()["eu-west-1"] == "ACTIVE"


def test_a_snapshot_of_an_older_version_is_never_taken_for_one_region(
    around: Surroundings, capsys: pytest.CaptureFixture[str]
) -> None:
    """It did not read them: an additional Region of the model would be told as missing."""
    assert around.instance
    assert main(["snapshot", "--output", "all.json", *FAST]) == 0
    document = json.loads(Path("all.json").read_text(encoding="utf-8"))
    assert document["regions"] == [{"isPrimary": True, "name": REGION, "status": "ACTIVE"}]
    del document["regions"]
    Path("all.json").write_text(json.dumps(document), encoding="utf-8")

    (unread,) = read_existing(Path("all.json").read_text(encoding="utf-8")).unread

    assert str(unread) == "regions: it was not asked for"
    assert capsys.readouterr()


def test_access_shows_where_people_sign_in(
    around: Surroundings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reviews access sees the doors as well as the keys; what was refused is named."""
    around.ready_for("eu-west-1")
    around.add_region("eu-west-1")

    assert main(["access"]) == 0
    assert "people sign in at us-east-1 (primary), eu-west-1\n" in capsys.readouterr().out
    assert main(["access", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["regions"] == [
        {"name": REGION, "status": "ACTIVE", "isPrimary": True},
        {"name": "eu-west-1", "status": "ACTIVE", "isPrimary": False},
    ]

    def refuse(_backend: SsoAdmin, _asked: dict[str, Any]) -> None:
        raise RefusedError("AccessDeniedException", "a refusal that a test ordered")

    monkeypatch.setattr(SsoAdmin, "list_regions", refuse)
    assert main(["access"]) == 2
    assert "NOT READ: regions: AccessDeniedException (sso:ListRegions)" in capsys.readouterr().err


OUTPUTS: Final = {
    "region": REGION,
    "account_assignments": {},
    "application_assignments": {},
    "role_entitlements": {},
    "regional_portal_urls": {"eu-west-1": "https://one.example.com", "eu-west-2": "https://two.example.com"},
}


def test_the_regions_of_a_stack_are_looked_for_in_the_instance(
    around: Surroundings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update ends green, somebody takes a Region away, and it is missed on the day it is needed."""
    around.ready_for("eu-west-1", "eu-west-2", "eu-central-1")
    around.add_region("eu-west-1")
    around.add_region("eu-central-1")
    Path("outputs.json").write_text(json.dumps(OUTPUTS), encoding="utf-8")

    assert main(["verify", "--expect", "outputs.json"]) == 1
    shown = capsys.readouterr()
    assert shown.err == "MISSING: additional Region eu-west-2: run `pulumi up --refresh`\n"
    assert "people can sign in at 1 of 2 additional Regions of the stack\n" in shown.out
    assert main(["verify", "--expect", "outputs.json", "--format", "csv"]) == 1
    assert [row for row in capsys.readouterr().out.splitlines() if ",region," in row] == [
        "instance,,,region,eu-west-1,,active,",
        "instance,,,region,eu-west-2,,not in the instance,",
    ]
    assert main(["access", "--expect", "outputs.json", "--exactly"]) == 1
    shown = capsys.readouterr()
    assert "MISSING: the stack lists additional Region eu-west-2, and the API does not show it\n" in shown.err
    assert "NOT of the stack: additional Region eu-central-1\n" in shown.err
    assert "1 of 2 additional Regions of the stack are in the API; 1 other was not made by it\n" in shown.out

    undo = pace.current.fix(pace.Pace(replication=60))
    try:
        around.sso.add_region(InstanceArn=around.instance, RegionName="eu-west-2")
        assert main(["verify", "--expect", "outputs.json", "--format", "json"]) == 1
    finally:
        undo()
    assert json.loads(capsys.readouterr().out)["regions"]["listed"] == [
        {"name": "eu-west-1", "status": "ACTIVE"},
        {"name": "eu-west-2", "status": "ADDING"},
    ]

    def refuse(_backend: SsoAdmin, _asked: dict[str, Any]) -> None:
        raise RefusedError("AccessDeniedException", "a refusal that a test ordered")

    monkeypatch.setattr(SsoAdmin, "describe_instance", refuse)
    assert main(["verify", "--expect", "outputs.json"]) == 2
    shown = capsys.readouterr()
    assert "NOT VERIFIED: additional Region eu-west-1\n" in shown.err
    assert "NOT READ: sso:DescribeInstance: AccessDeniedException" in shown.err
    assert "people can sign in" not in shown.out
