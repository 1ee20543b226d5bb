"""gRPC statuses: what each error tells the engine about the resource that it was working on."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf import any_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import status_pb2

from sandbox.provider.lifecycle import HalfMadeError
from sandbox.provider.rows.call import FailedError, WaitError
from sandbox.provider.rows.clients import (
    CancelledError,
    NotConnectedError,
    RefusedByAwsError,
    UnansweredError,
)
from sandbox.provider.rows.values import Value, to_wire, without_secrets

Answer = TypeVar("Answer")
# What the engine may conclude: UNKNOWN means that nobody knows whether anything was changed.
_CODES: dict[type[Exception], grpc.StatusCode] = {
    CancelledError: grpc.StatusCode.CANCELLED,
    UnansweredError: grpc.StatusCode.UNKNOWN,
    NotConnectedError: grpc.StatusCode.UNKNOWN,
    WaitError: grpc.StatusCode.UNKNOWN,
    FailedError: grpc.StatusCode.FAILED_PRECONDITION,
    RefusedByAwsError: grpc.StatusCode.FAILED_PRECONDITION,
}

_EXPECTED: tuple[type[Exception], ...] = (*_CODES, ValueError)


def guarded(
    context: grpc.ServicerContext, what: str, do: Callable[[], Answer], values: Value = None
) -> Answer:
    """Do something; turn what it raises into the status that tells the engine what is known.

    ``values`` are those whose secrets no message may quote.
    """
    try:
        return do()
    except HalfMadeError as error:
        _abort_half_made(context, f"{what}: {without_secrets(str(error), values)}", error)
    except _EXPECTED as error:
        code = _CODES.get(type(error), grpc.StatusCode.INVALID_ARGUMENT)
        abort(context, code, f"{what}: {without_secrets(str(error), values)}")


def abort(context: grpc.ServicerContext, code: grpc.StatusCode, message: str) -> NoReturn:
    """End the call under way with an error."""
    context.abort(code, message)
    raise AssertionError("unreachable: abort raises")


class _Status(grpc.Status):
    """A status with details, as ``abort_with_status`` takes it."""

    def __init__(self, message: str, trailing: tuple[tuple[str, bytes], ...]) -> None:
        self.code = grpc.StatusCode.UNKNOWN
        self.details = message
        self.trailing_metadata = trailing


def _abort_half_made(context: grpc.ServicerContext, message: str, error: HalfMadeError) -> NoReturn:
    """Answer with ErrorResourceInitFailed: the engine keeps the resource and finishes it next time."""
    detail = any_pb2.Any()
    detail.Pack(
        proto.ErrorResourceInitFailed(
            id=error.identifier,
            properties=to_wire(error.state),
            inputs=to_wire(error.inputs),
            reasons=[message],
        )
    )
    code: Mapping[str, Any] = {"code": grpc.StatusCode.UNKNOWN.value[0], "message": message}
    status = status_pb2.Status(**code, details=[detail])
    trailing = (("grpc-status-details-bin", status.SerializeToString()),)
    context.abort_with_status(_Status(message, trailing))
    raise AssertionError("unreachable: abort_with_status raises")
