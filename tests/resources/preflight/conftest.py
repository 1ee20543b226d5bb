"""Runs the project's own program with a model, beside accounts that answer."""

import json
import runpy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pulumi
import pytest
import yaml
from pulumi.runtime.config import set_all_config

from identity_center_cli.aws import readers as readers_of_aws
from tests.resources.preflight.organisation import Elsewhere, OfManagement

PROJECT: Final = Path(__file__).parents[3]
DEFAULTS: Final = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]


@pytest.fixture
def of_management() -> OfManagement:
    """Return what the management account has; a test changes it before it runs a program."""
    return OfManagement()


@pytest.fixture
def elsewhere() -> Elsewhere:
    """Return what other accounts answer; a test changes it before it runs a program."""
    return Elsewhere()


@pytest.fixture
def program(
    run: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    elsewhere: Elsewhere,
    of_management: OfManagement,
) -> Iterator[Callable[[dict[str, Any]], Any]]:
    """Return a function that runs the program with a model."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", "2026-11-23")
    asked = readers_of_aws.READERS
    readers = replace(
        asked, accounts=replace(asked.accounts, reader=elsewhere), provisioned_sets=of_management
    )
    monkeypatch.setattr("identity_center_cli.aws.readers.READERS", readers)

    def run_program(model: dict[str, Any], aws: dict[str, str] | None = None) -> Any:  # noqa: ANN401  # what conftest's run gives
        values = {key: entry["default"] for key, entry in DEFAULTS.items()}
        values |= {f"identity-center:{key}": value for key, value in model.items()}
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
        set_all_config(texts | (aws or {}), [])
        exported: dict[str, Any] = {}
        monkeypatch.setattr(pulumi, "export", exported.__setitem__)

        def main() -> None:
            runpy.run_path(str(PROJECT / "__main__.py"))

        return run(main, root=tmp_path)

    yield run_program
    set_all_config({}, [])
