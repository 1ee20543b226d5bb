"""The verb on what a stack lists, and somebody who has signed in."""

import json
from pathlib import Path
from typing import Any

import pytest

from identity_center_cli.main import main
from tests.support.changed_by_hand import Instance
from tests.support.signed_in import keep_token, sign_in

from .asked import Run, outputs_of


@pytest.fixture
def run(
    instance: Instance,
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Return a function that runs the verb on the stack's outputs, and one that is for the portal."""
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(outputs_of(instance)), encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    assert model.is_dir()

    def verify(*options: str) -> tuple[int, str, str]:
        status = main(["verify", *(each.format(folder=tmp_path) for each in options)])
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return verify


@pytest.fixture
def kim(instance: Instance, tmp_path: Path) -> dict[str, Any]:
    """Sign kim in, as the AWS CLI does; give the token."""
    token = sign_in(instance.made, "kim")
    keep_token(tmp_path / "cache", instance.made, token)
    return token
