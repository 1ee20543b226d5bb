"""A stand-in for the engine: it records what a program registers, and answers as AWS would.

Beyond the SDK's own mock it keeps the whole request of each resource (parent, dependencies, secrets), and its
URNs name all ancestors, as the engine's do.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import grpc
import pulumi
import pytest
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_pulumi_func
from pulumi.runtime.sync_await import _sync_await

from identity_center.model.language.settings import AwsSettings
from identity_center.model.plan.name_changes import NamesInUse
from identity_center_cli.aws import readers
from tests.support.answers import Answers

PROJECT, STACK = "identity-center", "dev"

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


class _UnknownResourceError(grpc.RpcError):
    """How the engine refuses."""


def _known_resource(urn: str, refreshed: Mapping[str, Any]) -> resource_pb2.ResourceInvokeResponse:
    """Answer as the engine does of a resource before the program registers it."""
    if urn not in refreshed:
        raise _UnknownResourceError(f"unknown resource {urn}")
    response = resource_pb2.ResourceInvokeResponse()
    getattr(response, "return").update({"urn": urn, "state": refreshed[urn].get("outputs") or {}})
    return response


class _Monitor(mocks.MockMonitor):
    def __init__(self, recorded: "_Mocks", registered: list[str]) -> None:
        super().__init__(recorded)
        self._answers = recorded.answers
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

    def Invoke(self, request: Any) -> Any:  # noqa: ANN401, N802  # as above; the SDK's mock has no types
        if request.tok == "pulumi:pulumi:getResource":
            return _known_resource(rpc.deserialize_properties(request.args)["urn"], self._answers.refreshed)
        return super().Invoke(request)  # type: ignore[no-untyped-call]  # as above

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


@dataclass
class NamesOfAws:
    """What AWS says of names but those of people, and for which types it was asked."""

    answer: NamesInUse = field(default_factory=lambda: NamesInUse({}))
    asked: list[frozenset[str]] = field(default_factory=list)

    def __call__(self, settings: AwsSettings, instance_arn: str, types: frozenset[str]) -> NamesInUse:
        """Answer, and note what was asked."""
        assert isinstance(settings, AwsSettings)
        assert instance_arn.startswith("arn:")
        self.asked.append(types)
        return self.answer


@pytest.fixture(autouse=True)
def names_of_aws(monkeypatch: pytest.MonkeyPatch) -> NamesOfAws:
    """Let the program ask a stand-in for names, in which nothing is taken until a test says so."""
    names = NamesOfAws()
    monkeypatch.setattr(readers, "READERS", replace(readers.READERS, names_in_use=names))
    return names


@pytest.fixture
def messages(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Return what programs told the engine to show."""
    caplog.set_level(logging.INFO)
    return caplog
