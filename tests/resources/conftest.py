"""A stand-in for the engine: it records what a program registers, and answers as AWS would.

Beyond the SDK's own mock it keeps the whole request of each resource (parent, dependencies, secrets), and its
URNs name all ancestors, as the engine's do.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_pulumi_func
from pulumi.runtime.sync_await import _sync_await

PROJECT, STACK = "identity-center", "dev"
INSTANCE_ARN = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
STORE_ID = "d-1234567890"
MANAGEMENT, MEMBER = "111122223333", "444455556666"

#: What AWS adds to the inputs of a resource, by its type: the test's names instead of made-up numbers.
_IDS = {
    "aws:identitystore/user:User": "userId",
    "aws:identitystore/group:Group": "groupId",
    "aws:identitystore/groupMembership:GroupMembership": "membershipId",
    "aws:ssoadmin/permissionSet:PermissionSet": "arn",
    "aws:ssoadmin/application:Application": "arn",
    "aws:accountaccess/application:Application": "arn",
    "aws:iam/policy:Policy": "arn",
    "aws:accountaccess/entitlement:Entitlement": "entitlementId",
}


def account(account_id: str, name: str, state: str = "ACTIVE") -> dict[str, str]:
    """Return an account as the provider's getOrganization gives it."""
    return {
        "arn": f"arn:aws:organizations::{MANAGEMENT}:account/o-1/{account_id}",
        "email": "account@example.com",
        "id": account_id,
        "joinedMethod": "CREATED",
        "joinedTimestamp": "2026-01-01T00:00:00Z",
        "name": name,
        "state": state,
        "status": state,
    }


@dataclass
class Answers:
    """What AWS answers to lookups. An exception is raised as the provider's error."""

    instances: Any = field(
        default_factory=lambda: {
            "arns": [INSTANCE_ARN],
            "identityStoreIds": [STORE_ID],
            "id": "us-east-1",
            "region": "us-east-1",
        }
    )
    instances_elsewhere: dict[str, Any] = field(default_factory=dict)
    """By Region; the others have none."""
    regions_asked: list[str] = field(default_factory=list)
    """Regions that a lookup named, in order."""
    organisation: Any = field(
        default_factory=lambda: {
            "masterAccountId": MANAGEMENT,
            "accounts": [account(MANAGEMENT, "Management"), account(MEMBER, "Production")],
        }
    )
    account_id: Any = MANAGEMENT
    """Whose credentials the run has."""
    users: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    policies: dict[str, Any] = field(default_factory=dict)
    """By ARN; any other does not exist."""
    roles: dict[str, Any] = field(default_factory=dict)
    """By name; any other does not exist."""

    last_update: dict[str, Any] = field(default_factory=dict)
    """The state that the last update left, by URN; empty before the first."""

    def to(self, token: str, args: dict[str, Any]) -> dict[str, Any]:
        """Answer one lookup."""
        answer = {
            "aws:index/getCallerIdentity:getCallerIdentity": self._identity(),
            "aws:index/getPartition:getPartition": {"partition": "aws", "id": "aws"},
            "aws:identitystore/getUsers:getUsers": {"identityStoreId": STORE_ID, "users": self.users},
            "aws:identitystore/getGroups:getGroups": {"identityStoreId": STORE_ID, "groups": self.groups},
            "pulumi:pulumi:readStackResourceOutputs": {"outputs": self.last_update},
            "aws:ssoadmin/getInstances:getInstances": self._instances(args),
            "aws:organizations/getOrganization:getOrganization": self.organisation,
            "aws:iam/getPolicy:getPolicy": self.policies.get(
                str(args.get("arn")), RuntimeError("reading IAM Policy: couldn't find resource")
            ),
            "aws:iam/getRole:getRole": self.roles.get(
                str(args.get("name")), RuntimeError("reading IAM Role: couldn't find resource")
            ),
        }[token]
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)

    def _identity(self) -> Any:  # noqa: ANN401  # an answer or an exception
        if isinstance(self.account_id, Exception):
            return self.account_id
        return {"accountId": self.account_id, "arn": "arn", "id": self.account_id, "userId": "u"}

    def _instances(self, args: dict[str, Any]) -> Any:  # noqa: ANN401  # an answer or an exception
        region = args.get("region")
        if region is None:
            return self.instances
        self.regions_asked.append(region)
        none = {"arns": [], "identityStoreIds": [], "id": region, "region": region}
        return self.instances_elsewhere.get(region, none)


class _Mocks(mocks.Mocks):
    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        made = _IDS.get(args.typ)
        return f"id of {args.name}", {**args.inputs, **({made: f"{made} of {args.name}"} if made else {})}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        self.calls.append((args.token, args.args))
        try:
            return self.answers.to(args.token, args.args), []
        except RuntimeError as error:
            return {}, [("", str(error))]


class _Monitor(mocks.MockMonitor):
    def __init__(self, recorded: mocks.Mocks, registered: list[str]) -> None:
        super().__init__(recorded)
        self.registered = registered
        self.requests: dict[str, resource_pb2.RegisterResourceRequest] = {}
        self.outputs: dict[str, dict[str, Any]] = {}

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        ancestors = parent.split("::")[2] if parent else ""
        path = f"{ancestors}${type_}" if ancestors not in ("", "pulumi:pulumi:Stack") else type_
        return f"urn:pulumi:{STACK}::{PROJECT}::{path}::{name}"

    def RegisterResource(  # noqa: N802  # the name of the call in the engine's protocol
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        response: resource_pb2.RegisterResourceResponse
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's mock has no types
        self.requests[response.urn] = request
        if request.type != "pulumi:pulumi:Stack":
            self.registered.append(response.urn)
        return response

    def RegisterResourceOutputs(  # noqa: N802  # as above
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> Any:  # noqa: ANN401  # the protocol's empty message has no type here
        self.outputs[request.urn] = rpc.deserialize_properties(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]  # as above


@dataclass
class Run:
    """What one run of a program registered."""

    requests: dict[str, resource_pb2.RegisterResourceRequest]
    outputs: dict[str, dict[str, Any]]
    calls: list[tuple[str, dict[str, Any]]]
    result: Any

    def urn(self, kind: str, name: str) -> str:
        """Return the only URN of a resource type's last part and a name."""
        (found,) = [urn for urn in self.requests if urn.endswith(f"{kind}::{name}")]
        return found

    def inputs(self, kind: str, name: str) -> dict[str, Any]:
        """Return what the program said of a resource."""
        request = self.requests[self.urn(kind, name)]
        return dict(rpc.deserialize_properties(request.object, keep_unknowns=True))

    def registered(self, kind: str, name: str) -> dict[str, Any]:
        """Return the outputs that a component registered."""
        return self.outputs[self.urn(kind, name)]


@pytest.fixture
def answers() -> Answers:
    """Return what AWS answers; a test changes it before it runs a program."""
    return Answers()


@pytest.fixture
def registered() -> list[str]:
    """Return the URNs of all that programs of the test registered, also of one that ended with an error."""
    return []


@pytest.fixture
def run(answers: Answers, registered: list[str]) -> Iterator[Callable[..., Run]]:
    """Return a function that runs a program and tells what it registered.

    The SDK's settings are those of the process, so they are put back afterwards.
    """
    before = dict(settings.SETTINGS.__dict__)

    def run_program(program: Callable[[], Any], *, preview: bool = False, root: Path | None = None) -> Run:
        recorded = _Mocks(answers)
        monitor = _Monitor(recorded, registered)
        mocks.set_mocks(recorded, project=PROJECT, stack=STACK, preview=preview, monitor=monitor)
        settings.SETTINGS.root_directory = str(root) if root else None
        results: list[Any] = []

        async def main() -> None:
            result = program()
            results.append(await result.future() if isinstance(result, pulumi.Output) else result)

        _sync_await(run_pulumi_func(main))
        return Run(monitor.requests, monitor.outputs, recorded.calls, results[0])

    yield run_program
    settings.SETTINGS.__dict__.update(before)


@pytest.fixture
def messages(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Return what programs told the engine to show."""
    caplog.set_level(logging.INFO)
    return caplog
