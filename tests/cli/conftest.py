"""Fixtures of the command: an empty folder, a fixed day, and stacks that are recorded."""

from pathlib import Path

import pytest

from identity_guard.stack.phase import DRY_RUN_VARIABLE, TODAY_VARIABLE
from tests.support.command import SECRET_MARK, Command, Recorded


@pytest.fixture(autouse=True)
def _a_quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fix the day."""
    monkeypatch.setenv(TODAY_VARIABLE, "2026-11-20")
    monkeypatch.delenv(DRY_RUN_VARIABLE, raising=False)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run `identity-center` in an empty folder."""
    return Command(tmp_path, monkeypatch, capsys)


@pytest.fixture
def readers() -> Recorded:
    """Give a stack that nothing is wrong with."""
    return Recorded(["ReadOnlyAccess"])


@pytest.fixture
def administrators() -> Recorded:
    """Give a stack whose permission set is root-level."""
    return Recorded(["AdministratorAccess"])


@pytest.fixture
def secret_inline() -> Recorded:
    """Give a stack whose inline policy is encrypted in its state."""
    return Recorded(["ReadOnlyAccess"], inline={**SECRET_MARK, "ciphertext": "AAAA"})
