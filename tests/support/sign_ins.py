"""Sign-ins as CloudTrail records them, and `identity-center mfa evidence` of the people of a directory.

The events are those of AWS's page, with the people and times of a test (IAM Identity Center user guide,
https://docs.aws.amazon.com/singlesignon/latest/userguide/understanding-sign-in-events.html and
https://docs.aws.amazon.com/singlesignon/latest/userguide/username-sign-in-cloudtrail-events.html), in the
form of before and after the change of `userIdentity` (https://aws.amazon.com/blogs/security/
modifications-to-aws-cloudtrail-event-data-of-iam-identity-center/).
"""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from identity_center_cli.main import main

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
