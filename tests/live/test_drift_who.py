"""`identity-center drift --who`: who made a difference and when, from CloudTrail's event history."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from identity_center_cli.aws.cloudtrail import change_events
from identity_center_cli.main import main
from sandbox.aws.accounts.surroundings import POWER
from tests.support.changed_by_hand import S3, SHOP, Instance

Who = Callable[..., tuple[int, dict[tuple[str, ...], str], str]]
SANDBOX: Final = "by arn:aws:iam::123456789012:user/sandbox at "


@pytest.fixture
def who(model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Who:
    """Run the command; give the status, who made what by its names, and what it complains of."""
    monkeypatch.setattr(change_events, "TokenBucket", Unhurried)

    def run(*more: str) -> tuple[int, dict[tuple[str, ...], str], str]:
        capsys.readouterr()
        arguments = ["drift", "--model", str(model), "--requests-per-second", "10000", "--who", *more]
        status = main([*arguments, "--format", "json"])
        shown = capsys.readouterr()
        rows = json.loads(shown.out)["drift"]
        return status, {(row["kind"], *row["names"]): row.get("changedBy", "") for row in rows}, shown.err

    return run


class Unhurried:
    """A token bucket that gives at once: its own tests hold the rate."""

    def __init__(self, per_second: float, burst: int) -> None:
        """Hold the rate that is meant."""
        assert (per_second, burst) == (2.0, 1)

    def keep(self, _client: Any) -> None:  # noqa: ANN401 - boto3 makes its classes
        """Let everything through."""


def test_each_change_by_hand_is_told_with_its_author(instance: Instance, who: Who) -> None:
    """A name and a time end the search for who did it, and whether it is somebody who may."""
    instance.change_nine_things()

    status, changes, errors = who()

    assert (status, errors) == (1, "")
    assert {names: change.rpartition("(")[2] for names, change in changes.items()} == {
        ("account assignment", "Emergency", SHOP, "USER", "kim"): "CreateAccountAssignment)",
        ("member", "Emergency", "leo"): "CreateGroupMembership)",
        ("inline policy", "Auditing"): "PutInlinePolicyToPermissionSet)",
        (
            "customer-managed policy",
            "Reading",
            "/Extra",
        ): "AttachCustomerManagedPolicyReferenceToPermissionSet)",
        ("session duration", "Reading"): "UpdatePermissionSet)",
        ("managed policy", "Auditing", POWER): "AttachManagedPolicyToPermissionSet)",
        ("permissions boundary", "Bounded"): "PutPermissionsBoundaryToPermissionSet)",
        ("inline policy", "Written"): "PutInlinePolicyToPermissionSet)",
        ("account assignment", "Emergency", SHOP, "GROUP", "Emergency"): "DeleteAccountAssignment)",
    }
    today = f"{datetime.now(UTC):%Y-%m}"
    assert all(change.startswith(f"{SANDBOX}{today}") for change in changes.values()), changes


def _by_console(instance: Instance, days_ago: float = 0.0, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - of an event
    """Write what the console records when somebody puts leo into the group Emergency."""
    return {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole",
            "arn": "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_1/kim@example.com",
        },
        "eventTime": f"{datetime.now(UTC) - timedelta(days=days_ago):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "sso-directory.amazonaws.com",
        "eventName": "AddMemberToGroup",
        "awsRegion": "us-east-1",
        "requestParameters": {"groupId": instance.group, "member": {"memberId": instance.users["leo"]}},
        "responseElements": None,
        "eventID": "1",
        "readOnly": False,
        "recipientAccountId": "123456789012",
        "sessionCredentialFromConsole": "true",
        **more,
    }


@pytest.fixture
def joined(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Instance:
    """Put leo into the group as the console does: without the API, whose events are told apart."""
    from sandbox.aws import change_events as recorded  # noqa: PLC0415 - the sandbox's, beside the product's

    monkeypatch.setattr(recorded, "is_change", lambda _request: False)
    instance.join("leo")
    return instance


MEMBER: Final = ("member", "Emergency", "leo")


def test_what_a_console_did_is_known_by_its_own_event(
    joined: Instance, who: Who, record_event: Callable[..., None]
) -> None:
    """Most of what is done by hand is done there, and the directory's events have other names."""
    other: dict[str, Any] = {
        "requestParameters": {"groupId": joined.group, "member": {"memberId": joined.users["kim"]}}
    }
    failed: dict[str, Any] = {
        "errorCode": "AccessDenied",
        "userIdentity": {"type": "Root", "accountId": "123456789012"},
    }
    older: dict[str, Any] = {"userIdentity": {"arn": "arn:aws:iam::123456789012:user/earlier"}}
    record_event(**_by_console(joined, 2, **older))
    record_event(**_by_console(joined, 1))
    record_event(**_by_console(joined, **other))
    record_event(**_by_console(joined, **failed))

    _, changes, _ = who()

    assert changes[MEMBER].startswith(
        "by arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_1/kim@example.com at "
    )
    assert changes[MEMBER].endswith("(AddMemberToGroup, in the console)")


def test_all_pages_of_90_days_are_read_and_what_is_not_found_is_said(
    joined: Instance, who: Who, record_event: Callable[..., None]
) -> None:
    """Silence reads as if nobody had done it; a first page alone finds what happened today."""
    record_event(**_by_console(joined, 91))
    _, changes, errors = who()
    assert (changes[MEMBER], errors) == ("who changed it is not known: no event within 90 days", "")

    record_event(**_by_console(joined, 89))
    for number in range(60):
        record_event(**_by_console(joined, 1, eventID=str(number), requestParameters={"groupId": "other"}))
    assert who()[1][MEMBER].endswith("(AddMemberToGroup, in the console)")


def test_a_refused_history_is_named_and_the_drift_is_told_all_the_same(
    joined: Instance, who: Who, order_fault: Callable[..., None]
) -> None:
    """Without the history everything else is still true, and nobody is told that nobody did it."""
    assert joined.group
    order_fault(service="cloudtrail", operation="LookupEvents", code="AccessDeniedException")

    status, changes, errors = who()

    assert (status, changes) == (2, {MEMBER: ""})
    assert "NOT READ: who changed it: cloudtrail:LookupEvents: AccessDeniedException" in errors


def test_people_are_hidden_in_events_of_the_directory(instance: Instance) -> None:
    """The sandbox would be kinder than AWS, whose events say nothing of a person."""
    instance.write(S3, "Auditing")
    client: Any = boto3.Session().client("cloudtrail")
    asked = [{"AttributeKey": "EventName", "AttributeValue": "CreateUser"}]
    events = client.lookup_events(LookupAttributes=asked)["Events"]

    assert events
    assert not any("kim" in row["CloudTrailEvent"] or "Lovelace" in row["CloudTrailEvent"] for row in events)
    assert "HIDDEN_DUE_TO_SECURITY_REASONS" in events[0]["CloudTrailEvent"]
