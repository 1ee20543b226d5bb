"""`identity-center mfa`: who signed in with MFA, as CloudTrail tells it, and the policy for IAM users.

The events are those of AWS's page, with the people and times of a test (IAM Identity Center user guide,
https://docs.aws.amazon.com/singlesignon/latest/userguide/understanding-sign-in-events.html and
https://docs.aws.amazon.com/singlesignon/latest/userguide/username-sign-in-cloudtrail-events.html), in the
form of before and after the change of `userIdentity` (https://aws.amazon.com/blogs/security/
modifications-to-aws-cloudtrail-event-data-of-iam-identity-center/).
"""

import csv
import gzip
import io
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from identity_center_cli.aws.cloudtrail.sign_in_evidence import Evidence, sign_ins
from identity_center_cli.main import main
from sandbox.aws.modelled import service_model
from sandbox.aws.shapes import violations
from sandbox.home import CHECKOUT
from sandbox.settings import TODAY

Post = Callable[..., None]
Event = dict[str, Any]


def event(name: str, workflow: str, credentials: str, **more: Any) -> Event:  # noqa: ANN401 - members of an event
    """Write an event as AWS's page has it."""
    outcome = more.pop("outcome", "Success")
    extra = more.pop("extra", {})
    hours_ago = more.pop("hours_ago", 1)
    return {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "Unknown",
            "principalId": "123456789012",
            "arn": "",
            "accountId": "123456789012",
        },
        "eventTime": f"{datetime.now(UTC) - timedelta(hours=hours_ago):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "signin.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "203.0.113.0",
        "additionalEventData": {"AuthWorkflowID": workflow, "CredentialType": credentials, **extra},
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "eventCategory": "Management",
        "recipientAccountId": "123456789012",
        "serviceEventDetails": {name: outcome},
        **more,
    }


def sign_in(user_name: str, *factors: str, **more: Any) -> list[Event]:  # noqa: ANN401 - members of an event
    """Write a whole sign-in: the user name stands in the password's challenge only."""
    workflow = str(uuid.uuid4())
    said = {"UserName": user_name}
    if factors == ("EXTERNAL_IDP",):
        return [event("UserAuthentication", workflow, "EXTERNAL_IDP", extra=said, **more)]
    steps = [
        event(
            name,
            workflow,
            factor,
            extra=said if (name, factor) == ("CredentialChallenge", "PASSWORD") else {},
        )
        for factor in factors
        for name in ("CredentialChallenge", "CredentialVerification")
    ]
    return [*steps, event("UserAuthentication", workflow, ",".join(factors), **more)]


class Directory:
    """People of the instance, and what CloudTrail saw of them."""

    def __init__(self, session: boto3.Session, record: Post) -> None:
        """Begin with nobody."""
        self.store = session.client("identitystore")
        (instance,) = session.client("sso-admin").list_instances()["Instances"]
        self.store_id = instance["IdentityStoreId"]
        self.record = record

    def user(self, name: str) -> str:
        """Make a user."""
        made = self.store.create_user(
            IdentityStoreId=self.store_id,
            UserName=name,
            DisplayName=name,
            Name={"GivenName": name, "FamilyName": "Example"},
        )
        return made["UserId"]

    def seen(self, events: list[Event]) -> None:
        """Let CloudTrail have events."""
        for each in events:
            self.record(**each)


@pytest.fixture
def directory(session: boto3.Session, record_event: Post) -> Directory:
    """Give the directory."""
    return Directory(session, record_event)


@pytest.fixture
def evidence(tmp_path: Path) -> Callable[..., tuple[int, dict[str, str]]]:
    """Run the command; return its exit status and the evidence by user name."""

    def run(*options: str) -> tuple[int, dict[str, str]]:
        file = tmp_path / "evidence.json"
        status = main(["mfa", "evidence", "--output", str(file), "--requests-per-second", "500", *options])
        if not file.exists():
            return status, {}
        people = json.loads(file.read_text(encoding="utf-8"))["people"]
        return status, {row["userName"]: row["evidence"] for row in people.values()}

    return run


Run = Callable[..., tuple[int, dict[str, str]]]


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


def test_exported_log_files_tell_the_same(directory: Directory, evidence: Run, tmp_path: Path) -> None:
    """Trails keep years; the event history keeps 90 days."""
    directory.user("ada")
    directory.user("bob")
    logs = tmp_path / "AWSLogs" / "2026"
    logs.mkdir(parents=True)
    records = json.dumps({"Records": sign_in("ada", "PASSWORD", "TOTP")})
    (logs / "1.json.gz").write_bytes(gzip.compress(records.encode()))
    (logs / "2.json").write_text(json.dumps({"Records": sign_in("bob", "PASSWORD")}), encoding="utf-8")

    assert evidence("--logs", str(tmp_path / "AWSLogs")) == (1, {"ada": "MFA", "bob": "without MFA"})


BUCKET = "trail-of-the-organisation"
KEY = "AWSLogs/o-1/123456789012/CloudTrail/us-east-1/{day:%Y/%m/%d}/123456789012_CloudTrail_{name}.json.gz"


@pytest.fixture
def bucket(session: boto3.Session) -> Callable[[str, list[Event]], None]:
    """Give a trail's bucket: put events into it, as a file of a day and name."""
    s3 = session.client("s3")
    s3.create_bucket(Bucket=BUCKET)

    def put(key: str, events: list[Event]) -> None:
        body = gzip.compress(json.dumps({"Records": events}).encode())
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    return put


def _key(name: str, days_ago: int = 0) -> str:
    return KEY.format(day=datetime.now(UTC) - timedelta(days=days_ago), name=name)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let S3 list two files a page, where it lists 1000."""
    real = boto3.Session.client

    def client(self: boto3.Session, name: str, **more: Any) -> Any:  # noqa: ANN401 - a boto3 client
        made = real(self, name, **more)  # type: ignore[call-overload]  # the name of any service
        made.meta.events.register(
            "provide-client-params.s3.ListObjectsV2", lambda params, **_more: {**params, "MaxKeys": 2}
        )
        return made

    monkeypatch.setattr(boto3.Session, "client", client)


@pytest.mark.usefixtures("short_pages")
def test_a_trails_bucket_tells_the_same(
    directory: Directory, evidence: Run, bucket: Callable[[str, list[Event]], None]
) -> None:
    """Most organisations keep their trail in a bucket, of more files than one page of a list holds."""
    for name in ("ada", "bob", "cat"):
        directory.user(name)
    bucket(_key("0"), sign_in("ada", "PASSWORD", "TOTP"))
    bucket(_key("1"), [])
    bucket(_key("2"), sign_in("bob", "PASSWORD"))
    bucket(f"elsewhere/{_key('3')}", sign_in("cat", "PASSWORD", "TOTP"))

    found = evidence("--logs", f"s3://{BUCKET}/AWSLogs/")

    assert found == (1, {"ada": "MFA", "bob": "without MFA", "cat": "not seen"})


def test_what_lies_beside_the_log_files_is_left_alone(
    directory: Directory, evidence: Run, bucket: Callable[[str, list[Event]], None], session: boto3.Session
) -> None:
    """Digests are no logs, and years of old files would take hours to fetch."""
    directory.user("ada")
    bucket(_key("new"), sign_in("ada", "PASSWORD", "TOTP"))
    for key in (
        _key("digest").replace("/CloudTrail/", "/CloudTrail-Digest/"),
        _key("old", days_ago=40),
        "AWSLogs/README.txt",
    ):
        session.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"no log file")

    assert evidence("--logs", f"s3://{BUCKET}") == (0, {"ada": "MFA"})
    # With more days the old file counts, and cannot be read.
    assert evidence("--logs", f"s3://{BUCKET}", "--days", "60")[0] == 2


@pytest.mark.parametrize("place", [f"s3://{BUCKET}/nothing/", "s3://no-such-bucket-anywhere/AWSLogs/"])
@pytest.mark.usefixtures("bucket")
def test_a_bucket_without_log_files_is_an_error(directory: Directory, evidence: Run, place: str) -> None:
    """A misspelt prefix would report that nobody signed in."""
    directory.user("ada")

    assert evidence("--logs", place) == (2, {})


def test_a_file_of_the_bucket_that_cannot_be_read_makes_no_report(
    directory: Directory,
    evidence: Run,
    bucket: Callable[[str, list[Event]], None],
    session: boto3.Session,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What stands in it is unknown."""
    directory.user("ada")
    bucket(_key("1"), sign_in("ada", "PASSWORD", "TOTP"))
    session.client("s3").put_object(Bucket=BUCKET, Key=_key("2"), Body=b"half a file")

    assert evidence("--logs", f"s3://{BUCKET}/AWSLogs/") == (2, {})
    assert "2.json.gz is no CloudTrail log file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [b"no gzip", gzip.compress(b"{}"), gzip.compress(b'{"Records": ')],
    ids=["no gzip", "no records", "half of the records"],
)
def test_a_log_file_that_cannot_be_read_makes_no_report(
    directory: Directory, evidence: Run, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands in it is unknown."""
    directory.user("ada")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "1.json.gz").write_bytes(content)

    assert evidence("--logs", str(tmp_path / "logs")) == (2, {})
    assert "1.json.gz is no CloudTrail log file" in capsys.readouterr().err


def test_a_folder_without_log_files_is_an_error(directory: Directory, evidence: Run, tmp_path: Path) -> None:
    """A misspelt folder would report that nobody signed in."""
    directory.user("ada")

    assert evidence("--logs", str(tmp_path / "nothing"))[0] == 2


@pytest.mark.usefixtures("session")
def test_a_directory_without_people_says_so(evidence: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty table could be a broken one."""
    assert evidence() == (0, {})
    assert "nobody is in the directory" in capsys.readouterr().out


def test_the_example_of_the_documentation_shows_a_sign_in_without_mfa(
    directory: Directory, evidence: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is the first that a newcomer sees of this, on the sandbox's own day."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", TODAY)
    directory.user("ada")

    assert evidence("--logs", str(CHECKOUT / "docs" / "examples" / "sign-ins")) == (1, {"ada": "without MFA"})
    shown = capsys.readouterr().out
    assert "TOTP" in shown
    assert "2026-11-21" in shown


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
