"""`identity-center mfa`: who signed in with MFA, as CloudTrail tells it, and the policy for IAM users."""

import csv
import io
import json
import uuid
from pathlib import Path
from typing import Any

import boto3
import pytest

from identity_center_cli.aws.cloudtrail.sign_in_evidence import Evidence, sign_ins
from identity_center_cli.main import main
from sandbox.aws.modelled import service_model
from sandbox.aws.shapes import violations
from tests.support.sign_ins import Directory, Post, Run, directory, event, evidence, sign_in

__all__ = ["directory", "evidence"]


def test_each_person_is_reported(
    directory: Directory, evidence: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """One person without MFA is the way in; a person who was not seen is no proof of anything."""
    for name in ("ada", "bob", "cat", "dan", "eve", "fay"):
        directory.user(name)
    directory.seen(sign_in("ada", "PASSWORD", "TOTP"))
    directory.seen(sign_in("bob", "PASSWORD", "WEBAUTHN"))
    directory.seen(sign_in("bob", "PASSWORD"))
    directory.seen(sign_in("cat", "EXTERNAL_IDP"))
    enrolled = {"DeviceEnrollmentRequired": "true"}
    directory.seen(sign_in("eve", "PASSWORD", extra=enrolled))
    directory.seen(sign_in("fay", "EMAIL_OTP", extra={"UserName": "fay"}))

    status, found = evidence()

    assert status == 1
    assert found == {
        "ada": "MFA",
        "bob": "without MFA",
        "cat": "external, unknown",
        "dan": "not seen",
        "eve": "registered a device",
        "fay": "without MFA",
    }
    shown = capsys.readouterr().out
    assert "1 of 6 people did not sign in within 30 days" in shown
    assert "to do: in the console" in shown
    printed = json.loads(shown.splitlines()[-1])["mfa-evidence"]
    assert Path(printed["evidenceFile"]).exists()
    assert printed["organizationId"].startswith("o-")


def test_what_a_pipeline_reads_is_what_is_kept(
    directory: Directory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sign-in of nobody in the directory may be that of somebody who was removed: it is counted, too."""
    directory.user("ada")
    directory.seen(sign_in("ada", "PASSWORD", "WEBAUTHN"))
    directory.seen(sign_in("gone", "PASSWORD"))
    file = tmp_path / "evidence.json"

    status = main(
        ["mfa", "evidence", "--format", "json", "--output", str(file), "--requests-per-second", "500"]
    )

    printed = json.loads(capsys.readouterr().out)
    assert status == 0
    assert printed == json.loads(file.read_text(encoding="utf-8"))
    (ada,) = printed["people"].values()
    assert (ada["evidence"], ada["kinds"], ada["signIns"]) == ("MFA", ["WEBAUTHN"], 1)
    assert printed["signInsOfStrangers"] == 1
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_spreadsheet_gets_each_person_and_nothing_else(
    directory: Directory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Advice between the rows would be a row; a user name that begins with = would be calculated."""
    directory.user("ada")
    directory.user("=cmd()")
    directory.seen(sign_in("ada", "PASSWORD", "WEBAUTHN"))
    file = str(tmp_path / "evidence.json")

    main(["mfa", "evidence", "--format", "csv", "--output", file, "--requests-per-second", "500"])

    listed = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {each["userName"]: each["evidence"] for each in listed} == {"ada": "MFA", "'=cmd()": "not seen"}


def test_the_newer_form_of_an_event_names_the_person_by_id(directory: Directory, evidence: Run) -> None:
    """AWS recommends the id: a name can be typed in several ways."""
    ada = directory.user("ada")
    identity = {
        "type": "IdentityCenterUser",
        "accountId": "123456789012",
        "onBehalfOf": {
            "userId": ada,
            "identityStoreArn": "arn:aws:identitystore::123456789012:identitystore/d-1",
        },
        "credentialId": "EXAMPLE",
    }
    directory.seen(sign_in("somebody@else", "PASSWORD", "TOTP", userIdentity=identity))

    assert evidence() == (0, {"ada": "MFA"})


def test_a_failed_attempt_is_no_sign_in(directory: Directory, evidence: Run) -> None:
    """Who guesses a password has not signed in, and the person guessed has no evidence from it."""
    directory.user("ada")
    workflow = str(uuid.uuid4())
    directory.seen(
        [
            event("CredentialChallenge", workflow, "PASSWORD", extra={"UserName": "ada"}),
            event("CredentialVerification", workflow, "PASSWORD", outcome="Failure"),
            event("UserAuthentication", workflow, "PASSWORD", outcome="Failure"),
        ]
    )

    assert evidence() == (2, {"ada": "not seen"})


def test_all_pages_are_read_and_old_events_are_not_counted(directory: Directory, evidence: Run) -> None:
    """A page holds 50 events; the one without MFA may stand on the last."""
    directory.user("ada")
    directory.seen(sign_in("ada", "PASSWORD", hours_ago=20))
    for _ in range(55):
        directory.seen(sign_in("ada", "PASSWORD", "TOTP"))

    assert evidence("--days", "1") == (1, {"ada": "without MFA"})

    directory.user("bob")
    directory.seen(sign_in("bob", "PASSWORD", "TOTP", hours_ago=30))
    assert evidence("--days", "1")[1]["bob"] == "not seen"


@pytest.mark.parametrize("place", ["first", "second"])
def test_a_page_that_is_refused_makes_no_report(
    directory: Directory, evidence: Run, order_fault: Post, place: str
) -> None:
    """Half of the events would show half of the people as never seen, or as fine."""
    directory.user("ada")
    for _ in range(55):
        directory.seen(sign_in("ada", "PASSWORD", "TOTP"))
    order_fault(
        service="cloudtrail",
        operation="LookupEvents",
        code="AccessDeniedException",
        after=int(place == "second"),
    )

    assert evidence() == (2, {})


@pytest.mark.parametrize("service", ["cloudtrail", "identitystore"])
def test_half_an_answer_makes_no_report(
    directory: Directory, evidence: Run, cut_short: Post, service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Botocore takes it for an answer without events, or without people; and its error would quote them."""
    directory.user("ada")
    directory.seen(sign_in("ada", "PASSWORD"))
    cut_short(service, {"cloudtrail": "LookupEvents", "identitystore": "ListUsers"}[service])

    assert evidence() == (2, {})
    assert capsys.readouterr().err == "identity-center: an answer of AWS broke off; run again\n"


@pytest.mark.parametrize("code", ["ExpiredTokenException", "AccessDeniedException"])
def test_a_refusal_is_named_and_makes_no_report(
    directory: Directory, evidence: Run, order_fault: Post, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever reads it knows whether to get new credentials or another permission."""
    directory.user("ada")
    order_fault(service="cloudtrail", operation="LookupEvents", code=code)

    assert evidence() == (2, {})
    shown = capsys.readouterr().err
    assert code in shown
    assert "LookupEvents" in shown


def test_throttling_is_waited_for(directory: Directory, evidence: Run, order_fault: Post) -> None:
    """CloudTrail takes two requests a second."""
    directory.user("ada")
    directory.seen(sign_in("ada", "PASSWORD", "TOTP"))
    order_fault(service="cloudtrail", operation="LookupEvents", code="ThrottlingException", times=2)

    assert evidence() == (0, {"ada": "MFA"})


@pytest.mark.usefixtures("session")
def test_a_directory_without_people_says_so(evidence: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty table could be a broken one."""
    assert evidence() == (0, {})
    assert "nobody is in the directory" in capsys.readouterr().out


@pytest.mark.parametrize("days", ["0", "-3", "many", "99999"])
def test_days_that_are_none_are_named(evidence: Run, days: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A look at no day would find that nobody signed in without MFA."""
    with pytest.raises(SystemExit) as ended:
        evidence(f"--days={days}")

    assert ended.value.code == 2
    assert f"`{days}` is not a number of days: 1 or more" in capsys.readouterr().err


def test_a_sign_in_counts_once() -> None:
    """Log files of several trails hold the same event."""
    events = sign_in("ada", "PASSWORD", "TOTP")

    (seen,) = sign_ins([*events, *events])

    assert (seen.user_name, seen.evidence) == ("ada", Evidence.MFA)


def test_the_history_answers_in_the_shape_of_the_model(session: boto3.Session, directory: Directory) -> None:
    """The sandbox's CloudTrail must be no kinder than AWS's."""
    directory.seen(sign_in("ada", "PASSWORD"))
    answer: Any = session.client("cloudtrail").lookup_events()
    del answer["ResponseMetadata"]
    for row in answer["Events"]:
        row["EventTime"] = row["EventTime"].timestamp()

    assert answer["Events"]
    assert violations(service_model("cloudtrail").operation_model("LookupEvents").output_shape, answer) == []


def test_the_policy_for_iam_users_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """To attach by hand, or to compare with what is there."""
    assert main(["mfa", "policy"]) == 0

    (statement,) = json.loads(capsys.readouterr().out)["Statement"]
    assert statement["Condition"] == {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
