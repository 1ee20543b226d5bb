"""The pack in this process, asked as the engine asks it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from identity_guard.stack.phase import DRY_RUN_VARIABLE, TODAY_VARIABLE, Phase
from identity_guard.testing.in_process_engine import InProcessEngine, Made, Told
from sandbox import lifecycle
from sandbox.environment import inside
from sandbox.home import Home
from sandbox.project import Project
from sandbox.shell.commands import write_commands
from sandbox.toolchain.pulumi_cli import find_or_build
from tests.support.unfolded import UNFOLDED

TODAY: Final = "2026-11-20"


class Runner:
    """Runs one phase of the engine over resources."""

    def __init__(self, phase: Phase, *, full: bool = True) -> None:
        """Choose the phase, and whether what refuses nothing is told in full, as most tests read it."""
        self.phase = phase
        self.full = full

    def __call__(self, *resources: Made, **configuration: Any) -> list[Told]:  # noqa: ANN401 - the engine checks it
        """Return all that was told; `mfa_requirement` configures `mfa-requirement`."""
        named = {name.replace("_", "-"): given for name, given in configuration.items()}
        advice = named.get("identity-advice", {})
        if self.full:
            given = advice if isinstance(advice, dict) else {"enforcementLevel": advice}
            named["identity-advice"] = {"details": "full", **given}
        return InProcessEngine(self.phase, named).run(resources)


@pytest.fixture(autouse=True)
def _a_quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fix the day, and let no run of the engine around the tests be mistaken for theirs."""
    monkeypatch.setenv(TODAY_VARIABLE, TODAY)
    monkeypatch.delenv(DRY_RUN_VARIABLE, raising=False)


@pytest.fixture
def preview() -> Runner:
    """Preview resources and return all that was told."""
    return Runner(Phase.PREVIEW)


@pytest.fixture
def usual_preview() -> Runner:
    """Preview resources as people do who configure nothing."""
    return Runner(Phase.PREVIEW, full=False)


@pytest.fixture
def update() -> Runner:
    """Make resources one by one, without a preview, and return all that was told."""
    return Runner(Phase.UPDATE)


@pytest.fixture
def audit() -> Runner:
    """Analyze a state and return all that was told."""
    return Runner(Phase.AUDIT)


@pytest.fixture(scope="session")
def sandbox_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Give the environment inside a sandbox: the engine, a language host, AWS on this machine."""
    home = Home(tmp_path_factory.mktemp("sandbox"))
    cli = find_or_build()
    server = lifecycle.find_or_start(home).server
    write_commands(home, cli)
    # What tests look for in a message is not cut in two.
    yield inside(home, server, cli) | UNFOLDED | {TODAY_VARIABLE: TODAY}
    assert lifecycle.end(home), "the sandbox did not live to the end of the tests"


@pytest.fixture
def project(sandbox_environment: dict[str, str], tmp_path: Path) -> Project:
    """Make an empty project with a backend of its own."""
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: own\nruntime: python\n", encoding="utf-8")
    (tmp_path / "backend").mkdir()
    project = Project(folder, sandbox_environment | {"PULUMI_BACKEND_URL": f"file://{tmp_path / 'backend'}"})
    project.succeed("stack", "init", "dev")
    return project
