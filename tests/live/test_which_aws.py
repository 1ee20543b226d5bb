"""Which AWS a verb asks: what options say, then what a stack's outputs say, then boto3's own rules."""

import json
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from identity_center_cli.connection import NO_REGION
from identity_center_cli.main import main
from sandbox.settings import REGION

Outputs = Callable[..., str]
INSTANCE = "arn:aws:sso:::instance/ssoins-9999999999999999"
#: Verbs that ask in a Region, each with the option that takes a stack's outputs.
VERBS = {
    "access": ("access", "--expect"),
    "mfa": ("mfa", "evidence", "--outputs"),
    "root": ("root", "audit", "--outputs"),
    "organisation": ("organisation", "snapshot", "--outputs"),
}


@pytest.fixture
def outputs(session: boto3.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Return a function that writes what a stack of the session's Region and instance put out."""
    (instance,) = session.client("sso-admin").list_instances()["Instances"]
    monkeypatch.chdir(tmp_path)

    def write(**other: str) -> str:
        told = {
            "account_assignments": [],
            "region": REGION,
            "instance_arn": instance["InstanceArn"],
        }
        (tmp_path / "outputs.json").write_text(json.dumps(told | other), encoding="utf-8")
        return "outputs.json"

    return write


@pytest.fixture(params=sorted(VERBS))
def verb(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Give each verb that asks AWS."""
    words: tuple[str, ...] = VERBS[request.param]
    return words


def test_the_stacks_region_is_asked_where_none_is_configured(
    outputs: Outputs,
    verb: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The README pipes a stack's outputs to a verb and says nothing of AWS_REGION."""
    configured = main(list(verb[:-1]))
    file = outputs()
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    capsys.readouterr()

    assert main([*verb, file]) == configured
    assert main([*verb[:-1], "--region", REGION]) == configured
    assert NO_REGION not in capsys.readouterr().err


def test_the_stacks_region_wins_over_a_configured_one(
    outputs: Outputs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A profile's default Region is seldom the instance's: it would show no instance, or another one."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    assert main(["access", "--expect", outputs()]) == 0
    assert main(["access"]) == 2
    assert "eu-west-1 shows 0 Identity Center instances" in capsys.readouterr().err


def test_an_option_wins_over_the_stack(outputs: Outputs, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever says it means it."""
    assert main(["access", "--expect", outputs(region="eu-west-1")]) == 2
    assert main(["access", "--expect", outputs(region="eu-west-1"), "--region", "us-east-1"]) == 0
    capsys.readouterr()
    assert main(["access", "--expect", outputs(), "--instance-arn", INSTANCE]) == 2
    assert f"shows no Identity Center instance {INSTANCE}" in capsys.readouterr().err


def test_without_any_region_it_is_said_how_to_name_one(
    session: boto3.Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What botocore says is that one must specify a region, not how."""
    assert session.region_name
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    assert main(["access"]) == 2
    assert "give --region, set AWS_REGION, or give what `pulumi stack output --json` prints" in (
        capsys.readouterr().err
    )


def test_a_profile_that_is_not_there_is_named(
    session: boto3.Session, capsys: pytest.CaptureFixture[str]
) -> None:
    """The credentials of another profile would answer for another organisation."""
    assert session.region_name

    assert main(["access", "--profile", "not-there"]) == 2
    assert "not-there" in capsys.readouterr().err


def test_outputs_that_are_none_are_refused(
    session: boto3.Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """To go on without them would ask some other Region, and report on that."""
    assert session.region_name
    file = tmp_path / "outputs.json"
    for text in ("[]", "not JSON"):
        file.write_text(text, encoding="utf-8")
        assert main(["mfa", "evidence", "--outputs", str(file)]) == 2
        assert "is not what `pulumi stack output --json` prints" in capsys.readouterr().err
