"""The proxy before a policy pack: waits until the stack is known, then hands every call on unread."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import analyzer_pb2

_SERVICE = "/pulumirpc.Analyzer/"
#: A stack's resources come in one message; the engine's own limit is 400 MB.
_LIMITS = [("grpc.max_receive_message_length", 400 << 20), ("grpc.max_send_message_length", 400 << 20)]
#: The engine analyses several resources at a time.
_THREADS = 32


class PolicyProxy(grpc.GenericRpcHandler):
    """An Analyzer service on a port of its own.

    Handshake and ConfigureStack are answered here. Every other call waits for the pack and is handed to it as
    bytes. The order of events: the engine dials the proxy; ConfigureStack (or another call, as in `policy
    publish`) says which stack; the pack is started; its first line is its port; calls go through.
    """

    def __init__(self) -> None:
        """Serve on a free loopback port."""
        self._stack: Future[dict[str, str]] = Future()
        self._pack: Future[grpc.Channel] = Future()
        self._configure_request = b""
        self._unread = b""
        self._lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(_THREADS), options=_LIMITS)
        self._server.add_generic_rpc_handlers((self,))
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes] | None:
        """Find what answers a call (gRPC's own question to a generic handler)."""
        if not details.method.startswith(_SERVICE):
            return None
        name = details.method.removeprefix(_SERVICE)
        own = {"Handshake": self._handshake, "ConfigureStack": self._configure_stack}
        return grpc.unary_unary_rpc_method_handler(own.get(name) or self._forward(details.method))

    def wait_for_stack(self) -> dict[str, str]:
        """Wait until the engine has told the stack; return the variables that tell it to the policy SDK."""
        return self._stack.result()

    def read_port(self, chunk: bytes) -> bytes:
        """Take the pack's port from the first line it prints; return what is for the user."""
        if self._pack.done():
            return chunk
        self._unread += chunk
        line, found, rest = self._unread.partition(b"\n")
        if not found:
            return b""
        if not line.strip().isdigit():
            self.fail("the policy pack printed something before its port")
            return self._unread
        self._attach(int(line))
        return rest

    def fail(self, reason: str) -> None:
        """Answer every waiting call with an error, where the pack has not come up."""
        with self._lock:
            if not self._pack.done():
                self._pack.set_exception(RuntimeError(reason))

    def stop(self) -> None:
        """End: whoever waits is told so."""
        self._tell_stack({})
        self.fail("the policy pack was stopped")
        self._server.stop(grace=0)

    def _attach(self, port: int) -> None:
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_LIMITS)
        if self._configure_request:
            try:
                call = _raw_call(channel, f"{_SERVICE}ConfigureStack")
                call(self._configure_request, wait_for_ready=True)
            except grpc.RpcError as error:
                # Packs of older SDKs read the stack from their environment only.
                if error.code() != grpc.StatusCode.UNIMPLEMENTED:
                    self.fail(f"the policy pack refused the stack: {error.details()}")
                    return
        self._pack.set_result(channel)

    def _handshake(self, _request: bytes, _context: grpc.ServicerContext) -> bytes:
        return analyzer_pb2.AnalyzerHandshakeResponse().SerializeToString()

    def _configure_stack(self, request: bytes, _context: grpc.ServicerContext) -> bytes:
        self._configure_request = request
        self._tell_stack(_stack_variables(analyzer_pb2.AnalyzerStackConfigureRequest.FromString(request)))
        return analyzer_pb2.AnalyzerStackConfigureResponse().SerializeToString()

    def _tell_stack(self, variables: dict[str, str]) -> None:
        with self._lock:
            if not self._stack.done():
                self._stack.set_result(variables)

    def _forward(self, method: str) -> Callable[[bytes, grpc.ServicerContext], bytes]:
        def forward(request: bytes, context: grpc.ServicerContext) -> bytes:
            self._tell_stack({})
            try:
                return _raw_call(self._pack.result(), method)(request)
            except grpc.RpcError as error:
                context.abort(error.code(), error.details() or "")
                raise
            except RuntimeError as error:
                context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
                raise

        return forward


def _raw_call(channel: grpc.Channel, method: str) -> grpc.UnaryUnaryMultiCallable[bytes, bytes]:
    """Call with bytes and get bytes."""
    return channel.unary_unary(method, request_serializer=None, response_deserializer=None)


def _stack_variables(request: analyzer_pb2.AnalyzerStackConfigureRequest) -> dict[str, str]:
    """Say project, stack and config as `pulumi.policy` expects them.

    Source: pulumi/sdk/python/cmd/pulumi-language-python/main.go and the SDK's `pulumi/policy/__main__.py`.
    """
    return {
        "PULUMI_ORGANIZATION": request.organization,
        "PULUMI_PROJECT": request.project,
        "PULUMI_STACK": request.stack,
        "PULUMI_DRY_RUN": "true" if request.dry_run else "false",
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
    }
