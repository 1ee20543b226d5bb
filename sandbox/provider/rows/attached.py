"""One connection to the provider as the engine makes it: for tests, and to ask something by hand."""

from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import status_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from sandbox.provider.rows.values import Value, from_wire, to_wire


@dataclass(frozen=True)
class Made:
    """A resource as the engine keeps it in the state."""

    token: str
    name: str
    id: str
    state: dict[str, Value]
    inputs: dict[str, Value]

    @property
    def urn(self) -> str:
        """Return its URN in a stack of tests."""
        return urn(self.token, self.name)


@dataclass(frozen=True)
class Difference:
    """The answer of Diff: kinds by path, what replaces, and whether the old one goes first."""

    kinds: dict[str, str]
    replaces: list[str]
    delete_before_replace: bool
    stables: list[str]


class RejectedError(Exception):
    """Inputs that Check rejects: reasons by property."""

    def __init__(self, failures: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in failures.items()))
        self.failures = failures


def urn(token: str, name: str) -> str:
    """Return the URN of a resource in a stack of tests."""
    return f"urn:pulumi:test::tests::{token}::{name}"


class Attached:
    """A connection: Handshake, Attach and Configure done, as the engine does them."""

    def __init__(self, port: int, **options: Value) -> None:
        # Python's channels share one TCP connection unless told not to; engines' never do.
        alone = [("grpc.use_local_subchannel_pool", 1)]
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=alone)
        self.stub = ResourceProviderStub(self.channel)
        self._options = options
        self.begin()

    def begin(self) -> None:
        """Say the first words of an engine; again for another engine that got the same port."""
        options = self._options
        self.stub.Handshake(proto.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
        self.stub.CheckConfig(proto.CheckRequest(urn="provider", news=to_wire(options)))
        self.configured = self.stub.Configure(
            proto.ConfigureRequest(args=to_wire(options), acceptSecrets=True)
        )

    def close(self) -> None:
        """End the connection."""
        self.channel.close()

    def check(self, token: str, name: str, inputs: dict[str, Value], **more: Any) -> dict[str, Value]:  # noqa: ANN401 - further fields of the request
        """Check inputs; ``RejectedError`` names what is wrong."""
        olds = to_wire(more.pop("olds", {}))
        answer = self.stub.Check(
            proto.CheckRequest(urn=urn(token, name), news=to_wire(inputs), olds=olds, **more)
        )
        if answer.failures:
            raise RejectedError({failure.property: failure.reason for failure in answer.failures})
        return from_wire(answer.inputs)

    def preview(self, token: str, name: str, inputs: dict[str, Value]) -> dict[str, Value]:
        """Return the state that a create would give."""
        checked = to_wire(self.check(token, name, inputs))
        request = proto.CreateRequest(urn=urn(token, name), properties=checked, preview=True)
        return from_wire(self.stub.Create(request).properties)

    def create(self, token: str, name: str, inputs: dict[str, Value], timeout: float = 0) -> Made:
        """Check and create a resource; ``timeout`` is customTimeouts' in seconds."""
        checked = self.check(token, name, inputs)
        answer = self.stub.Create(
            proto.CreateRequest(urn=urn(token, name), properties=to_wire(checked), timeout=timeout)
        )
        return Made(token, name, answer.id, from_wire(answer.properties), checked)

    def refresh(self, made: Made) -> Made | None:
        """Read a resource as ``pulumi refresh`` does; None where it is gone."""
        return self._read(
            made, proto.ReadRequest(
                urn=made.urn, id=made.id, properties=to_wire(made.state), inputs=to_wire(made.inputs)
            )
        )  # fmt: skip

    def adopt(self, token: str, name: str, identifier: str) -> Made | None:
        """Read a resource as ``pulumi import`` does, by its id alone; None where there is none."""
        blank = Made(token, name, identifier, {}, {})
        return self._read(blank, proto.ReadRequest(urn=blank.urn, id=identifier))

    def _read(self, made: Made, request: proto.ReadRequest) -> Made | None:
        answer = self.stub.Read(request)
        if not answer.id:
            return None
        return Made(made.token, made.name, answer.id, from_wire(answer.properties), from_wire(answer.inputs))

    def diff(self, made: Made, inputs: dict[str, Value], ignore: tuple[str, ...] = ()) -> Difference:
        """Check new inputs and compare them with what the resource was made from."""
        news = self.check(made.token, made.name, inputs, olds=made.inputs)
        answer = self.stub.Diff(
            proto.DiffRequest(
                urn=made.urn,
                id=made.id,
                olds=to_wire(made.state),
                old_inputs=to_wire(made.inputs),
                news=to_wire(news),
                ignoreChanges=ignore,
            )
        )
        kinds = {path: proto.PropertyDiff.Kind.Name(one.kind) for path, one in answer.detailedDiff.items()}
        # The three ways in which the answer says that something changed must agree.
        if bool(kinds) != (answer.changes == proto.DiffResponse.DIFF_SOME) or bool(kinds) != bool(
            answer.diffs
        ):
            raise AssertionError(f"Diff contradicts itself: {answer}")
        return Difference(kinds, list(answer.replaces), answer.deleteBeforeReplace, list(answer.stables))

    def update(self, made: Made, inputs: dict[str, Value], *, preview: bool = False) -> Made:
        """Check new inputs and change the resource."""
        news = self.check(made.token, made.name, inputs, olds=made.inputs)
        answer = self.stub.Update(
            proto.UpdateRequest(
                urn=made.urn,
                id=made.id,
                olds=to_wire(made.state),
                old_inputs=to_wire(made.inputs),
                news=to_wire(news),
                preview=preview,
            )
        )
        return Made(made.token, made.name, made.id, from_wire(answer.properties), news)

    def delete(self, made: Made) -> None:
        """Delete a resource."""
        self.stub.Delete(
            proto.DeleteRequest(
                urn=made.urn, id=made.id, properties=to_wire(made.state), old_inputs=to_wire(made.inputs)
            )
        )

    def invoke(self, token: str, arguments: dict[str, Value] | None = None) -> dict[str, Value]:
        """Run a function."""
        answer = self.stub.Invoke(proto.InvokeRequest(tok=token, args=to_wire(arguments or {})))
        if answer.failures:
            raise RejectedError({failure.property: failure.reason for failure in answer.failures})
        return from_wire(getattr(answer, "return"))

    def cancel(self) -> None:
        """Tell the provider to stop what it does for this connection."""
        self.stub.Cancel(empty_pb2.Empty())


def half_made(error: grpc.RpcError) -> proto.ErrorResourceInitFailed | None:
    """Return what an error says about a resource that was made in part."""
    trailing: Any = error.trailing_metadata() or ()
    for key, value in trailing:
        if key == "grpc-status-details-bin":
            status = status_pb2.Status.FromString(value)
            found = proto.ErrorResourceInitFailed()
            if status.details and status.details[0].Unpack(found):
                return found
    return None
