"""Fixtures of `identity-center changes`: a model as it was and as it is to be."""

import copy
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.cli.report.test_report import ACCOUNT, model
from tests.support.command import Command

OTHER: Final = "555555555555"


def changed() -> dict[str, Any]:
    """Write the model with bob gone, one set stronger, and one more account."""
    after = copy.deepcopy(model())
    after["groups"]["readers"]["members"] = ["ada"]
    after["permissionSets"]["s4"]["inlinePolicy"]["Statement"][0]["Action"] = ["s3:GetObject", "s3:PutObject"]
    after["assignments"][0]["accounts"] = [ACCOUNT, OTHER]
    return after


@pytest.fixture
def sides(command: Command) -> tuple[str, str]:
    """Write the model as it was and as it is to be."""
    before = command.write("before/all.yaml", yaml.safe_dump(model()))
    after = command.write("after/all.yaml", yaml.safe_dump(changed()))
    return str(Path(before).parent), str(Path(after).parent)
