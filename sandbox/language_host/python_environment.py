"""The Python that a program, a plugin or a policy pack runs with."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from pulumi.runtime.proto import language_pb2

#: Printed by the interpreter that is asked, whose packages are not those of the language host.
_LIST_PACKAGES = """
import importlib.metadata, json
print(json.dumps(sorted({(d.name, d.version) for d in importlib.metadata.distributions()})))
"""
_LIST_PLUGINS = """
import json, pathlib, sysconfig
site = pathlib.Path(sysconfig.get_path("purelib"))
print(json.dumps([json.loads(f.read_text()) for f in sorted(site.glob("*/pulumi-plugin.json"))]))
"""


class PythonEnvironmentError(Exception):
    """There is no usable Python where the project says it is."""


@dataclass(frozen=True, slots=True)
class PythonEnvironment:
    """A Python, and the virtual environment that the project names for it, if it names one."""

    root: Path
    virtualenv: Path | None

    @classmethod
    def of(cls, info: language_pb2.ProgramInfo, *, is_plugin: bool = False) -> "PythonEnvironment":
        """Read `runtime.options` of a Pulumi.yaml, PulumiPolicy.yaml or PulumiPlugin.yaml.

        A virtual environment is relative to the project's root. A plugin that names none has `venv`; a
        policy pack is no plugin here and runs with the Python on PATH. Raises PythonEnvironmentError where
        upstream's host would use uv or poetry, which this one has not.
        Source: pulumi 1b59498, sdk/python/cmd/pulumi-language-python/main.go, parseOptions;
        sdk/python/toolchain/toolchain.go, ResolveToolchain.
        """
        options: dict[str, Any] = json_format.MessageToDict(info.options)
        _require_pip(options.get("toolchain"), Path(info.program_directory or info.root_directory))
        root = Path(info.root_directory)
        named = options.get("virtualenv") or ("venv" if is_plugin else None)
        return cls(root, (root / named).absolute() if named else None)

    @property
    def executable(self) -> str:
        """The interpreter's path.

        Raises PythonEnvironmentError where the named environment is not there.
        """
        if self.virtualenv is None:
            wanted = os.environ.get("PULUMI_PYTHON_CMD")
            found = next(filter(None, map(shutil.which, [wanted] if wanted else ["python3", "python"])), None)
            if found is None:
                raise PythonEnvironmentError("there is no python3 on PATH")
            return found
        python = self.virtualenv / "bin" / "python"
        if not python.exists():
            raise PythonEnvironmentError(
                f"there is no virtual environment {self.virtualenv}: run `pulumi install` in {self.root}"
            )
        return str(python)

    def variables(self, given: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return `given`, or this process's environment, with the named virtual environment active."""
        variables = dict(given or os.environ)
        if self.virtualenv is not None:
            variables["VIRTUAL_ENV"] = str(self.virtualenv)
            variables["PATH"] = f"{self.virtualenv / 'bin'}{os.pathsep}{variables.get('PATH', '')}"
            variables.pop("PYTHONHOME", None)
        return variables

    def version(self) -> str:
        """Return the interpreter's version, such as `3.11.7`."""
        return self._ask("import platform; print(platform.python_version())").strip()

    def packages(self) -> list[tuple[str, str]]:
        """Return name and version of every installed package."""
        return [(name, version) for name, version in json.loads(self._ask(_LIST_PACKAGES))]

    def pulumi_plugins(self) -> list[dict[str, Any]]:
        """Return what installed Pulumi SDKs say of the plugin they need (their `pulumi-plugin.json`)."""
        return [plugin for plugin in json.loads(self._ask(_LIST_PLUGINS)) if plugin.get("resource")]

    def install_commands(self) -> Iterator[list[str]]:
        """Yield the commands that `pulumi install` runs: make the environment, then fill it.

        Upstream's host brings pip, setuptools and wheel up to date in between; here they are as they come.
        """
        python = sys.executable
        if self.virtualenv is not None:
            if not (self.virtualenv / "bin" / "python").exists():
                yield [sys.executable, "-m", "venv", str(self.virtualenv)]
            python = str(self.virtualenv / "bin" / "python")
        if (self.root / "requirements.txt").exists():
            yield [python, "-m", "pip", "install", "--requirement", "requirements.txt"]
        elif (self.root / "pyproject.toml").exists():
            yield [python, "-m", "pip", "install", "--editable", "."]

    def _ask(self, program: str) -> str:
        asked = subprocess.run(  # noqa: S603  # the project's own interpreter, with a program of ours
            [self.executable, "-c", program],
            env=self.variables(),
            check=False,
            capture_output=True,
            text=True,
        )
        if asked.returncode:
            raise PythonEnvironmentError(f"{self.executable} failed: {asked.stderr.strip()}")
        return asked.stdout


def _require_pip(toolchain: str | None, folder: Path) -> None:
    """Refuse what upstream's host would hand to uv or poetry: their locks in any folder above choose them."""
    if toolchain == "pip":
        return
    if toolchain is not None:
        raise PythonEnvironmentError(f"the sandbox has no toolchain {toolchain}: write `toolchain: pip`")
    for tool in ("uv", "poetry"):
        for above in (folder, *folder.absolute().parents):
            lock = above / f"{tool}.lock"
            if lock.exists():
                raise PythonEnvironmentError(
                    f"{lock} makes Pulumi run {folder} with {tool}: write `toolchain: pip` below `options`"
                )
