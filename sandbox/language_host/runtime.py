"""The LanguageRuntime service: what the engine asks of a language host."""

import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from sandbox.language_host.children import Children
from sandbox.language_host.output_stream import stream_output
from sandbox.language_host.plugin import run_plugin
from sandbox.language_host.python_environment import PythonEnvironment, PythonEnvironmentError
from sandbox.language_host.version import VERSION

#: The launcher's exit status after it has shown the error itself; the engine must not add another.
#: Source: pulumi/sdk/python/cmd/pulumi-language-python/main.go.
ERROR_ALREADY_SHOWN = 32


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs Python programs, policy packs and plugins for one engine."""

    def __init__(
        self, engine: str, launcher: Path, children: Children, on_cancel: Callable[[], None]
    ) -> None:
        """Serve the engine at `engine` (host:port); `on_cancel` is called when it asks to end."""
        self._engine = engine
        self._launcher = launcher
        self._children = children
        self._on_cancel = on_cancel

    def Handshake(  # noqa: N802  # the service's name
        self, request: language_pb2.LanguageHandshakeRequest, _context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        """Take the engine's address where it was not on the command line."""
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(  # noqa: N802  # the service's name
        self, _request: empty_pb2.Empty, _context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        """Tell the version of the SDK that this host is written for."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetRequiredPackages(  # noqa: N802  # the service's name
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """Tell which provider plugins the program's installed SDKs need.

        One that is attached to the engine already needs no plugin: the engine would go and fetch it.
        """
        with _refusing(context):
            installed = PythonEnvironment.of(request.info).pulumi_plugins()
        plugins = [plugin for plugin in installed if plugin["name"] not in _attached_providers()]
        return language_pb2.GetRequiredPackagesResponse(
            packages=[
                plugin_pb2.PackageDependency(
                    kind="resource",
                    name=plugin["name"],
                    version=plugin.get("version", ""),
                    server=plugin.get("server", ""),
                )
                for plugin in plugins
            ]
        )

    def Run(  # noqa: N802  # the service's name
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run a program to its end."""
        with _refusing(context):
            environment = PythonEnvironment.of(request.info)
            command = [environment.executable, "-u", str(self._launcher), *self._launcher_options(request)]
        variables = environment.variables() | {
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        child = self._children.start(command, request.pwd or request.info.program_directory, variables)
        status = self._children.wait(child)
        if status == ERROR_ALREADY_SHOWN:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=_exit_text(status) if status else "")

    def _launcher_options(self, request: language_pb2.RunRequest) -> list[str]:
        folder, entry = request.info.program_directory, request.info.entry_point
        options = {
            "monitor": request.monitor_address,
            "engine": self._engine,
            "project": request.project,
            "stack": request.stack,
            "pwd": request.pwd or folder,
            "dry_run": "true" if request.dryRun else "false",
            "parallel": str(request.parallel),
            "organization": request.organization,
            "root_directory": request.info.root_directory,
        }
        given = [part for name, value in options.items() if value for part in (f"--{name}", value)]
        return [*given, str(Path(folder) / entry), *request.args]

    def RunPlugin(  # noqa: N802  # the service's name
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a policy pack or another plugin, handing on what it prints, until it ends."""
        with _refusing(context):
            yield from run_plugin(request, self._engine, self._children, context)

    def InstallDependencies(  # noqa: N802  # the service's name
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Make the project's virtual environment and install what the project requires."""
        with _refusing(context):
            environment = PythonEnvironment.of(request.info, is_plugin=request.is_plugin)
        for command in environment.install_commands():
            child = self._children.start(
                command, request.directory, environment.variables(), subprocess.PIPE, subprocess.PIPE
            )
            for name, chunk in stream_output(child):
                yield language_pb2.InstallDependenciesResponse(**{name: chunk})
            if status := self._children.wait(child):
                context.abort(grpc.StatusCode.INTERNAL, f"{' '.join(command)} {_exit_text(status)}")

    def About(  # noqa: N802  # the service's name
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        """Tell which Python runs the program."""
        with _refusing(context):
            environment = PythonEnvironment.of(request.info)
            return language_pb2.AboutResponse(
                executable=environment.executable,
                version=environment.version(),
                metadata={"language host": f"identity-center sandbox {VERSION}"},
            )

    def GetProgramDependencies(  # noqa: N802  # the service's name
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        """List the packages that the program's Python has."""
        with _refusing(context):
            packages = PythonEnvironment.of(request.info).packages()
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[language_pb2.DependencyInfo(name=n, version=v) for n, v in packages]
        )

    def RuntimeOptionsPrompts(  # noqa: N802  # the service's name
        self, _request: language_pb2.RuntimeOptionsRequest, _context: grpc.ServicerContext
    ) -> language_pb2.RuntimeOptionsResponse:
        """Ask nothing more of the user in `pulumi new`."""
        return language_pb2.RuntimeOptionsResponse()

    def Cancel(  # noqa: N802  # the service's name
        self, _request: empty_pb2.Empty, _context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        """End what runs, and only then answer: the engine kills its host as soon as it has the answer."""
        self._children.end_all()
        self._on_cancel()
        return empty_pb2.Empty()


@contextlib.contextmanager
def _refusing(context: grpc.ServicerContext) -> Iterator[None]:
    """Turn an unusable Python environment into a refusal that the engine shows."""
    try:
        yield
    except PythonEnvironmentError as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))


def _attached_providers() -> set[str]:
    """Return the names in PULUMI_DEBUG_PROVIDERS, such as `aws:7788,random:7789`."""
    pairs = os.environ.get("PULUMI_DEBUG_PROVIDERS", "").split(",")
    return {pair.partition(":")[0] for pair in pairs if pair}


def _exit_text(status: int) -> str:
    if status < 0:
        return f"Program ended by signal {-status}"
    return f"Program exited with non-zero exit code: {status}"
