"""What Terraform's role repeats of its policies is judged once, as what it is: no list of anybody's."""

import json
from typing import Any

import pytest

from identity_center_cli.readers.reading import Reading
from identity_center_cli.readers.terraform.plan import read_plan

from .conftest import rules_of

Json = dict[str, Any]
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
ROLE = "aws_iam_role.deploy"
EMPTY = {"name": "", "policy": ""}


def _document(**statement: Any) -> str:  # noqa: ANN401 - of any form
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


READ = _document(Action="s3:GetObject", Resource="*")
ALL = _document(Action="*", Resource="*")


def _role(**more: Any) -> Json:  # noqa: ANN401 - attributes
    trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    return {"type": "aws_iam_role", "values": {"name": "deploy", "assume_role_policy": trust, **more}}


def _attachment(arn: str) -> Json:
    return {
        "type": "aws_iam_role_policy_attachment",
        "values": {"role": "deploy", "policy_arn": arn},
    }


def _policy(name: str, text: str) -> Json:
    return {"type": "aws_iam_role_policy", "values": {"role": "deploy", "name": name, "policy": text}}


def _state(*resources: Json) -> Json:
    entries = [
        {"address": f"{each['type']}.deploy", "mode": "managed", "name": "deploy", **each}
        for each in resources
    ]
    return {"format_version": "1.0", "values": {"root_module": {"resources": entries}}}


def _plan(*resources: Json, written: Json, removed: Json | None = None) -> Json:
    state = _state(*resources)
    gone = {"change": {"actions": ["delete"], "before": removed["values"], "after": None}} if removed else {}
    return {
        "format_version": "1.0",
        "planned_values": state["values"],
        "resource_changes": [
            {"address": "x.y", "mode": "managed", "type": removed["type"], "name": "y", **gone}
            for _ in range(1)
            if removed
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        "address": ROLE,
                        "mode": "managed",
                        "type": "aws_iam_role",
                        "name": "deploy",
                        "expressions": written,
                    }
                ]
            }
        },
    }


def _told(value: Json) -> list[tuple[str, str]]:
    reading: Reading = read_plan(value)
    return rules_of(reading)


@pytest.mark.parametrize(
    "value",
    [
        _state(_role(inline_policy=[EMPTY], managed_policy_arns=[])),
        _state(_role(inline_policy=[{}])),
        _state(_role(managed_policy_arns=[READ_ONLY]), _attachment(READ_ONLY)),
        _state(_role(managed_policy_arns=[]), _attachment(READ_ONLY)),
        _state(_role(inline_policy=[{"name": "x", "policy": READ}]), _policy("x", READ)),
        _plan(_role(managed_policy_arns=[ADMIN]), written={}, removed=_attachment(ADMIN)),
        _plan(_role(inline_policy=[{"name": "x", "policy": ALL}]), _policy("x", READ), written={}),
    ],
)
def test_what_is_only_repeated_is_no_finding(value: Json) -> None:
    """Lose this, and every state of Terraform with a role is refused, or told that its resources fight."""
    assert not _told(value)


def test_what_was_attached_elsewhere_counts() -> None:
    """Lose this, and a role that somebody made an administrator in the console looks harmless."""
    assert ("no-root-level-access", f"{ROLE}") in _told(_state(_role(managed_policy_arns=[ADMIN])))
    inline = [{"name": "x", "policy": ALL}]
    assert ("no-root-level-access", f"{ROLE}") in _told(_state(_role(inline_policy=inline)))


def test_a_list_that_is_written_takes_off_what_is_beside_it() -> None:
    """Lose this, and two resources that undo each other's work are not told of."""
    written = {"managed_policy_arns": {"constant_value": [READ_ONLY]}}
    other = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
    told = _told(_plan(_role(managed_policy_arns=[READ_ONLY]), _attachment(other), written=written))
    assert [rule for rule, _ in told] == ["identity-advice"]
