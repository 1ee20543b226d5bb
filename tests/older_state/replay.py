"""Gives the sandbox's AWS what a recorded stack made, by asking for the same again, in the same order.

AWS chooses the ids, so they are others than those of the record: the answers tell which is which, and
`Ids.renewed` writes any text of the record (a state, outputs) in the ids of today.
"""

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from sandbox.aws import reset
from sandbox.settings import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY

MANAGEMENT = "123456789012"
#: AWS is still busy with what was asked before: the record has no waiting in it.
BUSY = {"ConflictException", "ResourceInProgressException"}
SECONDS_OF_PATIENCE = 30.0
#: What AWS does later: the answer's status, and how one asks what became of it.
STARTED = {
    "AccountAssignmentCreationStatus": (
        "describe_account_assignment_creation_status",
        "AccountAssignmentCreationRequestId",
    ),
    "PermissionSetProvisioningStatus": (
        "describe_permission_set_provisioning_status",
        "ProvisionPermissionSetRequestId",
    ),
}
#: A word that two answers have in common or not, such as a status: never an id.
STATUS = re.compile(r"[A-Z_]+")

Json = dict[str, Any]


@dataclass
class Ids:
    """The ids of the record, each with the one of today."""

    of_today: dict[str, str] = field(default_factory=dict)

    def learn(self, recorded: object, answered: object) -> None:
        """Compare two answers to the same question."""
        for old, new in _pairs(recorded, answered):
            if old != new and not STATUS.fullmatch(old):
                self.of_today[old] = new

    def renewed(self, text: str) -> str:
        """Write today's ids instead of those of the record, whole words only."""
        if not self.of_today:
            return text
        longest_first = sorted(self.of_today, key=len, reverse=True)
        words = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
        return words.sub(lambda found: self.of_today[found[0]], text)


def _pairs(one: object, other: object) -> Iterator[tuple[str, str]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() & other.keys():
            yield from _pairs(one[key], other[key])
    elif isinstance(one, list) and isinstance(other, list):
        for left, right in zip(one, other, strict=False):
            yield from _pairs(left, right)
    elif isinstance(one, str) and isinstance(other, str):
        yield one, other


def replay(record: Path, endpoint: str) -> Ids:
    """Begin AWS anew and make in it what the record made; return the ids."""
    reset(endpoint)
    clients, ids = _Clients(endpoint), Ids()
    for line in record.read_text(encoding="utf-8").splitlines():
        asked: Json = json.loads(ids.renewed(line))
        if "door" in asked:
            _post(f"{endpoint}{asked['door']}", asked["body"])
        else:
            answer = _answer(clients, asked)
            ids.learn(json.loads(line)["answer"], answer)
            _await(clients, asked, answer)
    return ids


class _Clients:
    """Clients of the API, by account and service."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._sessions = {
            MANAGEMENT: boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION),
        }

    def get(self, account: str, service: str) -> Any:  # noqa: ANN401 - a boto3 client of any service
        """Return a client, in a member account through the role that the organisation has there."""
        if account not in self._sessions:
            role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
            key = self.get(MANAGEMENT, "sts").assume_role(RoleArn=role, RoleSessionName="replay")[
                "Credentials"
            ]
            self._sessions[account] = boto3.Session(
                key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"], REGION
            )
        session: Any = self._sessions[account]
        return session.client(service, endpoint_url=self._endpoint)


def _answer(clients: _Clients, asked: Json) -> Json:
    """Ask as often as AWS is busy."""
    client = clients.get(asked["account"], asked["service"])
    names = {api: method for method, api in client.meta.method_to_api_mapping.items()}
    deadline = time.monotonic() + SECONDS_OF_PATIENCE
    while True:
        try:
            return dict(getattr(client, names[asked["operation"]])(**asked["parameters"]))
        except ClientError as refused:
            if refused.response["Error"]["Code"] not in BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _await(clients: _Clients, asked: Json, answer: Json) -> None:
    """Let AWS end what it has begun, as the provider did: what is asked meanwhile may undo it."""
    for member, (operation, parameter) in STARTED.items():
        status = answer.get(member, {})
        client = clients.get(asked["account"], asked["service"])
        while status.get("Status") == "IN_PROGRESS":
            time.sleep(0.02)
            where = {"InstanceArn": asked["parameters"]["InstanceArn"], parameter: status["RequestId"]}
            status = getattr(client, operation)(**where)[member]
        if status.get("Status") == "FAILED":
            raise AssertionError(f"{asked['operation']}: {status['FailureReason']}")


def _post(address: str, body: Json) -> None:
    request = urllib.request.Request(address, json.dumps(body).encode(), method="POST")  # noqa: S310  # loopback
    urllib.request.urlopen(request, timeout=30).close()  # noqa: S310  # loopback
