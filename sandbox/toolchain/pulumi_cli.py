"""The Pulumi CLI: the one on PATH where it is complete, else one built from its Go modules.

Built once for a user and version (about four minutes on two cores) into the user's cache; the versions and
checksums of the modules are in `sandbox/toolchain`. The launcher of Python programs is upstream's own script,
taken from the same modules; only the language host around it is ours (`sandbox/language_host`), because
upstream's cannot be had as a Go module.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.progress import long_step
from sandbox.toolchain.go_toolchain import TOOLCHAIN, find_go
from sandbox.user_cache import exclusive, user_cache

CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
#: Where the SDK's module keeps the script that runs a Python program inside the engine.
LAUNCHER_IN_SDK = Path("python/cmd/pulumi-language-python-exec")


#: Names the Python that the language host runs with: the cache is shared, the environment is a checkout's.
PYTHON_VARIABLE = "IDENTITY_CENTER_SANDBOX_PYTHON"
#: Stands beside the CLI, where the engine looks for a language host first.
LANGUAGE_HOST = f"""#!/bin/sh
# Written by the sandbox. The engine starts this to run Python programs and policy packs.
# gRPC writes a line where a pack is ended, which the engine would show to the user.
export GRPC_VERBOSITY="${{GRPC_VERBOSITY:-NONE}}"
exec "${{{PYTHON_VARIABLE}:?is set inside the sandbox only}}" -P -m sandbox.language_host \\
    --launcher "$(dirname "$0")/{LAUNCHER_IN_SDK.name}" "$@"
"""


def find_or_build() -> Path:
    """Return a complete CLI, one with its Python language host; build it where there is none.

    Raises SandboxError where it can neither be found nor built.
    """
    return _on_path() or _cached() or _built()


def wanted_version() -> str:
    """Return the version that go.mod pins, for example `v3.259.0`."""
    text = (TOOLCHAIN / "go.mod").read_text(encoding="utf-8")
    found = re.search(r"github\.com/pulumi/pulumi/pkg/v3 (v\S+)", text)
    if found is None:
        raise SandboxError(f"{TOOLCHAIN / 'go.mod'} does not require github.com/pulumi/pulumi/pkg/v3")
    return found[1]


def _on_path() -> Path | None:
    """Find a CLI with its Python language host; one without the other cannot run this program."""
    executable, host = shutil.which("pulumi"), shutil.which("pulumi-language-python")
    if not executable or not host or _is_ours(Path(executable)) or _is_ours(Path(host)):
        return None
    return Path(executable)


def _is_ours(command: Path) -> bool:
    """Tell whether a command is a sandbox's own wrapper: inside `make shell` those come first on PATH."""
    with command.open("rb") as file:
        return b"sandbox." in file.read(512)


def _folder() -> Path:
    pins = hashlib.sha256((TOOLCHAIN / "go.sum").read_bytes() + LANGUAGE_HOST.encode()).hexdigest()[:12]
    return user_cache() / f"pulumi-{wanted_version()}-{sys.platform}-{platform.machine()}-{pins}"


def _cached() -> Path | None:
    executable = _folder() / "pulumi"
    return executable if executable.is_file() else None


def _built() -> Path:
    def say_waiting() -> None:
        sys.stderr.write("another checkout is building the Pulumi CLI; waiting for it\n")

    with exclusive(_folder().with_name(f"{_folder().name}.lock"), say_waiting):
        return _cached() or _build()


def _build() -> Path:
    """Build into a folder of its own and rename it: a build that was cut short leaves nothing behind."""
    version, target = wanted_version(), _folder()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="building-") as temporary:
        folder = Path(temporary) / "cli"
        folder.mkdir()
        go = find_go()
        _go_build(go, version, folder / "pulumi")
        shutil.copyfile(_module_folder(go, SDK_MODULE) / LAUNCHER_IN_SDK, folder / LAUNCHER_IN_SDK.name)
        host = folder / "pulumi-language-python"
        host.write_text(LANGUAGE_HOST, encoding="utf-8")
        host.chmod(0o755)
        folder.rename(target)
    return target / "pulumi"


def _go_environment() -> dict[str, str]:
    return os.environ | {"GOWORK": "off", "GOFLAGS": f"{os.environ.get('GOFLAGS', '')} -mod=readonly".strip()}


def _go_build(go: Path, version: str, output: Path) -> None:
    command = [str(go), "build", "-v", "-buildvcs=false", "-ldflags", f"-X {VERSION_VARIABLE}={version}"]
    command += ["-o", str(output), CLI_PACKAGE]
    lines: list[str] = []
    step = f"building the Pulumi CLI {version} from its Go modules (minutes, once for this user)"
    with (
        long_step(step, lambda: _doing(lines)),
        subprocess.Popen(  # noqa: S603  # the command is fixed but for paths of our own
            command,
            cwd=TOOLCHAIN,
            env=_go_environment(),
            stderr=subprocess.PIPE,
            text=True,
        ) as build,
    ):
        try:
            # One by one: `lines` is what the progress shows meanwhile.
            for line in build.stderr or ():
                lines += [line.rstrip()]
        except BaseException:
            build.terminate()
            raise
    if build.returncode:
        tail = "\n".join(lines[-15:])
        raise SandboxError(
            f"building the Pulumi CLI failed:\n{tail}\n"
            "The Go module proxy must be reachable, or a complete `pulumi` on PATH"
        )


def _doing(lines: list[str]) -> str:
    """Sum up the lines of `go build -v`: modules are downloaded first, then packages are compiled."""
    downloads = sum(line.startswith("go: downloading") for line in lines)
    compiled = len(lines) - downloads
    return f"{compiled} packages compiled" if compiled else f"{downloads} modules downloaded"


def _module_folder(go: Path, module: str) -> Path:
    command = [str(go), "list", "-m", "-f", "{{.Dir}}", module]
    listed = subprocess.run(  # noqa: S603  # the command is fixed
        command, cwd=TOOLCHAIN, env=_go_environment(), check=True, capture_output=True, text=True
    )
    return Path(listed.stdout.strip())
