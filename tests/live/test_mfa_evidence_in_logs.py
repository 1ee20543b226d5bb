"""`identity-center mfa evidence --logs`: who signed in with MFA, as a trail's log files tell it."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox.home import CHECKOUT
from sandbox.settings import TODAY
from tests.support.sign_ins import Directory, Event, Run, directory, evidence, sign_in

__all__ = ["directory", "evidence"]


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
