"""Runs a plugin that is written in Python: a policy pack, a component package, a provider."""

import subprocess
from collections.abc import Iterator

import grpc
from pulumi.runtime.proto import language_pb2

from sandbox.language_host.children import Children
from sandbox.language_host.output_stream import Stream, stream_output
from sandbox.language_host.policy_proxy import PolicyProxy
from sandbox.language_host.python_environment import PythonEnvironment

#: The kind of plugin that is a policy pack. Source: pulumi/sdk/go/common/apitype/plugins.go.
POLICY_PACK = "analyzer"


def run_plugin(
    request: language_pb2.RunPluginRequest, engine: str, children: Children, context: grpc.ServicerContext
) -> Iterator[language_pb2.RunPluginResponse]:
    """Run the plugin and yield what it prints; its exit status comes last.

    When the engine ends the call, the plugin is ended with it.
    """
    if request.kind == POLICY_PACK:
        yield from _run_policy_pack(request, engine, children, context)
        return
    environment = PythonEnvironment.of(request.info, is_plugin=True)
    command = [environment.executable, "-u", request.info.program_directory, *request.args]
    folder = request.pwd or request.info.program_directory
    child = _start(command, folder, environment.variables(_given(request)), children, context)
    for name, chunk in stream_output(child):
        yield _printed(name, chunk)
    yield language_pb2.RunPluginResponse(exitcode=children.wait(child))


def _run_policy_pack(
    request: language_pb2.RunPluginRequest, engine: str, children: Children, context: grpc.ServicerContext
) -> Iterator[language_pb2.RunPluginResponse]:
    """Start the pack once the engine has told which stack it is for, and put a proxy before it.

    The Python policy SDK reads project, stack and config from its process environment, so it cannot be
    started before the engine's ConfigureStack; the engine in turn wants an address first.
    """
    environment = PythonEnvironment.of(request.info)
    proxy = PolicyProxy()
    context.add_callback(proxy.stop)
    yield language_pb2.RunPluginResponse(stdout=f"{proxy.port}\n".encode())
    stack = proxy.wait_for_stack()
    if not context.is_active():
        return
    engine_address = request.args[0] if request.args else engine
    command = [environment.executable, "-u", "-m", "pulumi.policy", engine_address, "."]
    variables = environment.variables(_given(request)) | stack
    # The pack's own folder, so that it works wherever the program is.
    child = _start(command, request.info.program_directory, variables, children, context)
    for name, chunk in stream_output(child):
        rest = proxy.read_port(chunk) if name == "stdout" else chunk
        if rest:
            yield _printed(name, rest)
    status = children.wait(child)
    proxy.fail(f"the policy pack ended with exit status {status}")
    yield language_pb2.RunPluginResponse(exitcode=status)


def _start(
    command: list[str],
    folder: str,
    variables: dict[str, str],
    children: Children,
    context: grpc.ServicerContext,
) -> subprocess.Popen[bytes]:
    child = children.start(command, folder, variables, subprocess.PIPE, subprocess.PIPE)
    if not context.add_callback(lambda: children.end(child)):
        children.end(child)
    return child


def _given(request: language_pb2.RunPluginRequest) -> dict[str, str]:
    """Return the variables that the engine wants the plugin to have."""
    return dict(pair.split("=", 1) for pair in request.env)


def _printed(name: Stream, chunk: bytes) -> language_pb2.RunPluginResponse:
    if name == "stdout":
        return language_pb2.RunPluginResponse(stdout=chunk)
    return language_pb2.RunPluginResponse(stderr=chunk)
