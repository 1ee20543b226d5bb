"""What a question about everybody costs: each document is read once, however many hold it."""

import json
from typing import Any

import pytest

from identity_center_cli.stacks.recorded import resources_of_state, view_of
from identity_center_cli.verbs.explain.access import Explainer, Question
from identity_guard.iam import DocumentKind, parse
from identity_guard.iam.evaluate import attachment

ACCOUNT = "444444444444"


def role(name: str, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Record a role and its policy."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    return [
        {
            "urn": f"urn:pulumi:dev::own::{token}::{name}",
            "type": token,
            "custom": True,
            "id": name,
            "inputs": inputs,
            "outputs": inputs,
        }
        for token, inputs in (
            ("aws:iam/role:Role", {"name": name, "arn": arn}),
            ("aws:iam/rolePolicy:RolePolicy", {"role": name, "policy": json.dumps(document)}),
        )
    ]


def allowing(*resources: str) -> dict[str, Any]:
    """Write a policy."""
    statements = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": each} for each in resources]
    return {"Version": "2012-10-17", "Statement": statements}


def test_each_text_is_read_once_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of roles made from one template would be read thousands of times, for each bucket anew."""
    read: list[object] = []

    def counting(source: str, *rest: DocumentKind) -> object:
        read.append(source)
        return parse(source, *rest)

    monkeypatch.setattr(attachment, "parse", counting)
    same = allowing("arn:aws:s3:::a/*", "arn:aws:s3:::b/*", "arn:aws:s3:::c/*")
    own = allowing("arn:aws:s3:::d/*")
    entries = [*role("one", same), *role("two", same), *role("three", same), *role("four", own)]
    view = view_of(resources_of_state({"version": 3, "deployment": {"resources": entries}}), {})
    found = Explainer(view).who_can(Question("s3:GetObject", None, ACCOUNT))

    assert [len(way.reasoned.on) for way in found.ways] == [3, 3, 3, 1]
    assert read == [json.dumps(same), json.dumps(own)]
