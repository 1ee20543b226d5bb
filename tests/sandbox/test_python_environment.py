"""Which Python runs a program, a plugin and a pack: the choice of upstream's language host."""

from pathlib import Path
from typing import Any

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2

from sandbox.language_host.python_environment import PythonEnvironment, PythonEnvironmentError


def _info(folder: Path, **options: Any) -> language_pb2.ProgramInfo:  # noqa: ANN401 - options of a runtime
    given = struct_pb2.Struct()
    given.update(options)
    return language_pb2.ProgramInfo(
        root_directory=str(folder), program_directory=str(folder), entry_point=".", options=given
    )


def test_a_plugin_has_an_environment_of_its_own(tmp_path: Path) -> None:
    """Whoever has not run `pulumi install` in the components' folder is told so, here as with upstream's."""
    environment = PythonEnvironment.of(_info(tmp_path), is_plugin=True)
    assert environment.virtualenv == tmp_path / "venv"
    with pytest.raises(PythonEnvironmentError, match=f"run `pulumi install` in {tmp_path}"):
        _ = environment.executable


def test_a_pack_runs_in_the_active_environment(tmp_path: Path) -> None:
    """The pack of an installed wheel is where the wheel is."""
    assert PythonEnvironment.of(_info(tmp_path, toolchain="pip")).virtualenv is None


@pytest.mark.parametrize("lock", ["uv.lock", "poetry.lock"])
def test_a_lock_in_a_folder_above_chooses_another_toolchain(tmp_path: Path, lock: str) -> None:
    """A checkout inside another project would run with that project's tool, unless it says otherwise."""
    (tmp_path / lock).touch()
    folder = tmp_path / "vendor" / "components"
    folder.mkdir(parents=True)
    with pytest.raises(PythonEnvironmentError, match=f"{lock} makes Pulumi run .* with {lock[:-5]}"):
        PythonEnvironment.of(_info(folder), is_plugin=True)
    said = _info(folder, toolchain="pip", virtualenv="venv")
    assert PythonEnvironment.of(said, is_plugin=True).virtualenv == folder / "venv"


def test_a_toolchain_that_the_sandbox_has_not_is_refused(tmp_path: Path) -> None:
    """Run with pip all the same, a project of uv's would be tried with other packages than it has."""
    with pytest.raises(PythonEnvironmentError, match="has no toolchain uv"):
        PythonEnvironment.of(_info(tmp_path, toolchain="uv"))
