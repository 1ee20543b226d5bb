"""Of documents that a stack keeps secret nothing is told, and of no document a value."""

import json
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import Made
from tests.rules.access_parts import DECLARED, SET_ARN, Run, existing_set, fresh_set, role, sso

SECRET: Final = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
HUSH: Final = "hush0hush"


def secret(document: object) -> dict[str, object]:
    """Mark a document as the engine marks a secret."""
    return {**SECRET, "value": json.dumps(document)}


def kept(statement: dict[str, Any]) -> dict[str, Any]:
    """Write a document with a Sid that nobody may read."""
    return {"Version": "2012-10-17", "Statement": {"Sid": HUSH, "Effect": "Allow", **statement}}


SECRETS: Final = {
    "everything": kept({"Action": "*", "Resource": "*"}),
    "a way to more access": kept(
        {"Action": "iam:CreateAccessKey", "Resource": [f"arn:aws:iam::111122223333:user/{HUSH}", "*"]}
    ),
    "no document": {"Statement": [{HUSH: 1}]},
    "a condition of which nothing is known": kept(
        {"Action": "*", "Resource": "*", "Condition": {"StringEquals": {f"aws:PrincipalTag/{HUSH}": HUSH}}}
    ),
    "AssumeRoot": kept({"Action": "sts:AssumeRoot", "Resource": "*"}),
    "MFA of a session": kept(
        {"Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    ),
}


@pytest.mark.parametrize("name", SECRETS)
def test_nothing_of_a_document_that_the_stack_keeps_secret_is_told(
    preview: Run, update: Run, audit: Run, name: str
) -> None:
    """It is judged like any other, and what is told of it has no word of its text."""
    for run, permission_set, known in (
        (preview, fresh_set(), {}),
        (update, existing_set(), {"permissionSetArn": SET_ARN}),
        (audit, existing_set(), {"permissionSetArn": SET_ARN}),
    ):
        inline = sso(
            "PermissionSetInlinePolicy",
            "rights",
            permission_set,
            inlinePolicy=secret(SECRETS[name]),
            **known,
        )
        told = run(permission_set, inline, mfa_requirement={"declared": DECLARED})

        assert told, run.phase  # type: ignore[attr-defined] # a runner, from a fixture
        assert HUSH not in str(told)


def test_nothing_of_a_secret_trust_policy_is_told(preview: Run) -> None:
    """Whom it lets in is judged, and its statements have numbers only."""
    anybody = {"Sid": HUSH, "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    trusting = role(assumeRolePolicy=secret({"Version": "2012-10-17", "Statement": anybody}))
    told = preview(trusting)

    assert [each.policy for each in told] == ["no-public-trust"]
    assert HUSH not in str(told)


def test_no_value_of_a_document_shows(preview: Run) -> None:
    """A policy can be a secret of the stack; names of statements and actions are enough to find it."""
    secret = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::hunter2"},
            ],
        }
    )
    told = preview(role(inlinePolicies=[{"name": "rights", "policy": secret}]))

    assert told
    assert "hunter2" not in repr(told)


@pytest.mark.parametrize("marked", [("inputs",), ("outputs",), ("inputs", "outputs")])
def test_a_document_is_secret_wherever_it_is_marked(preview: Run, marked: tuple[str, ...]) -> None:
    """A provider marks outputs that the program did not, or loses the mark: nothing of the text is told."""
    asked = {"StringEquals": {f"aws:PrincipalTag/{HUSH}": "yes"}}
    written = kept({"Action": "iam:CreateAccessKey", "Resource": "*", "Condition": asked})
    inputs, outputs = (
        {"user": "eve", "policy": secret(written) if part in marked else json.dumps(written)}
        for part in ("inputs", "outputs")
    )
    told = preview(Made("aws:iam/userPolicy:UserPolicy", "rights", inputs, outputs=outputs))

    assert "privilege-escalation" in {each.policy for each in told}
    assert not any(HUSH in each.message for each in told)
