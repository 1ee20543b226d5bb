"""One document has one verdict, in whatever form it stands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from identity_center_cli.readers.aws_answers import read_answer
from identity_center_cli.readers.reading import Reading
from identity_center_cli.readers.templates.template import read_template
from identity_center_cli.readers.terraform.plan import read_plan
from identity_guard.pack.configuration import audit, read_configuration
from identity_guard.stack.observe import Properties
from identity_guard.stack.phase import Phase
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .conftest import MFA

CORPUS = Path(__file__).parents[1] / "corpus"
Json = dict[str, Any]
TRUST: Json = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def _cases() -> list[tuple[str, Json]]:
    """Return every twentieth document of the corpus that is alone on its identity."""
    found = []
    for file in sorted(CORPUS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            policies = case["policies"]
            alone = len(policies) == 1 and isinstance(policies[0], dict) and case.get("boundary") is None
            if case["kind"] == "identity" and alone and isinstance(policies[0].get("document"), dict):
                found.append((case["id"], policies[0]["document"]))
    return found[::20]


CASES = _cases()


def stack(document: Json) -> Reading:
    """Read a role as a stack of Pulumi has it: what the other forms are held against."""
    inputs = {
        "name": "r",
        "assumeRolePolicy": TRUST,
        "inlinePolicies": [{"name": "p", "policy": json.dumps(document)}],
    }
    resource = Resource("aws:iam/role:Role", "urn:pulumi:x::y::aws:iam/role:Role::r", "r", Properties(inputs))
    return Reading({resource.urn: resource})


def template(document: Json) -> Reading:
    """Read the same as a template."""
    return read_template(
        {
            "Resources": {
                "r": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {
                        "RoleName": "r",
                        "AssumeRolePolicyDocument": TRUST,
                        "Policies": [{"PolicyName": "p", "PolicyDocument": document}],
                    },
                }
            }
        }
    )


def plan(document: Json) -> Reading:
    """Read the same as a plan."""
    values = {
        "name": "r",
        "assume_role_policy": json.dumps(TRUST),
        "inline_policy": [{"name": "p", "policy": json.dumps(document)}],
    }
    row = {"address": "r", "mode": "managed", "type": "aws_iam_role", "name": "r", "values": values}
    return read_plan({"format_version": "1.0", "planned_values": {"root_module": {"resources": [row]}}})


def answer(document: Json) -> Reading:
    """Read the same as authorization details."""
    entry = {
        "RoleName": "r",
        "Arn": "arn:aws:iam::111122223333:role/r",
        "AssumeRolePolicyDocument": TRUST,
        "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": document}],
    }
    return read_answer(
        {"UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": [entry]}
    )


def told(reading: Reading) -> list[tuple[str, str]]:
    """Return rule and claim of all that is told."""
    view = View.of_all(Phase.AUDIT, reading.resources, {})
    found = audit(view, read_configuration({}))
    return [
        (each.policy.name, each.finding.message.splitlines()[0]) for each in found if each.policy.name != MFA
    ]


@pytest.mark.parametrize("form", [template, plan, answer])
@pytest.mark.parametrize("number", range(len(CASES)), ids=[name for name, _ in CASES])
def test_a_document_has_the_verdict_of_the_pack(form: Callable[[Json], Reading], number: int) -> None:
    """Who moves from one tool to another must not hear another verdict on the same access."""
    _, document = CASES[number]

    assert told(form(document)) == told(stack(document))
