"""Texts that say something else than they seem to are findings, whoever holds them."""

import json
from typing import Any

import pytest

from identity_guard.iam import parse
from identity_guard.iam.document.document import Document
from identity_guard.iam.questions.unknown_actions import unknown_actions
from identity_guard.pack.configuration import audit, read_configuration
from identity_guard.stack.held_policies import HeldPolicy
from identity_guard.stack.identities import Identity, Key
from identity_guard.stack.observe import Known
from identity_guard.stack.phase import Phase
from identity_guard.stack.resource_types import Content, IdentityKind
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

PRESENT = "aws:MultiFactorAuthPresent"
AGE = "aws:MultiFactorAuthAge"
SET_UP = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices", "sts:GetSessionToken"]
Json = dict[str, Any]


def force(condition: Json, *spared: str) -> Json:
    """Write the usual policy that is to force MFA, with a condition of one's own."""
    return {
        "Sid": "Force",
        "Effect": "Deny",
        "NotAction": [*SET_UP, *spared],
        "Resource": "*",
        "Condition": condition,
    }


def allow(condition: Json) -> Json:
    """Write an Allow that is to ask for MFA."""
    return {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}


def told(*statements: Json, kind: IdentityKind = IdentityKind.DOCUMENT) -> list[tuple[str, str]]:
    """Return rule and first line of all that is told of one document."""
    view = View(Phase.AUDIT)
    holder = Resource("file", "document:x", "x")
    identity = Identity(Key(kind, None, "x"))
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    identity.grants.append(HeldPolicy(holder, Content.DOCUMENT, Known(text)))
    view.identities.by_key[identity.key] = identity
    found = audit(view, read_configuration({}))
    return [(each.policy.name, each.finding.message) for each in found]


WRONG: dict[str, Json] = {
    "Bool": force({"Bool": {PRESENT: "false"}}),
    "a list with one value": force({"Bool": {PRESENT: ["false"]}}),
    "a truth value": force({"Bool": {PRESENT: False}}),
    "StringEquals": force({"StringEquals": {PRESENT: "false"}}),
    "the value as Python writes it": force({"StringEqualsIfExists": {PRESENT: "False"}}),
    "Null alone": force({"Null": {PRESENT: "true"}}),
    "both at once": force({"Bool": {PRESENT: "false"}, "Null": {PRESENT: "true"}}),
    "ForAnyValue": force({"ForAnyValue:Bool": {PRESENT: "false"}}),
    "the wrong way round": force({"BoolIfExists": {PRESENT: "true"}}),
    "an age without IfExists": force({"NumericGreaterThan": {AGE: "3600"}}),
    "a key that is misspelt": force({"BoolIfExists": {"aws:MultiFactorAuthPresents": "false"}}),
    "a key of another name": force({"BoolIfExists": {"aws:MFAPresent": "false"}}),
    "an Allow with IfExists": allow({"BoolIfExists": {PRESENT: "true"}}),
    "an Allow with StringEqualsIfExists": allow({"StringEqualsIfExists": {PRESENT: "true"}}),
    "an Allow with ForAllValues": allow({"ForAllValues:Bool": {PRESENT: "true"}}),
    "an Allow that asks whether the key is there": allow({"Null": {PRESENT: "false"}}),
    "an Allow of those without": allow({"Bool": {PRESENT: "false"}}),
    "an Allow by what it is not": allow({"StringNotEquals": {PRESENT: "false"}}),
    "an Allow by age with IfExists": allow({"NumericLessThanIfExists": {AGE: "3600"}}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_policy_that_seems_to_require_mfa_is_refused(name: str) -> None:
    """Whoever checks the policy hears that it lets keys pass, before it is attached; it was clean before."""
    assert [rule for rule, _ in told(WRONG[name])] == ["iam-mfa"]


RIGHT: dict[str, list[Json]] = {
    "BoolIfExists": [force({"BoolIfExists": {PRESENT: "false"}})],
    "StringNotEqualsIfExists": [force({"StringNotEqualsIfExists": {PRESENT: "true"}})],
    "an age with IfExists": [force({"NumericGreaterThanIfExists": {AGE: "3600"}})],
    "two Denies that make up for each other": [
        force({"Bool": {PRESENT: "false"}}),
        {**force({"Null": {PRESENT: "true"}}), "Sid": "Absent"},
    ],
    "an Allow with Bool": [allow({"Bool": {PRESENT: "true"}})],
    "an Allow by age": [allow({"NumericLessThan": {AGE: "3600"}})],
    "an Allow that a Deny makes up for": [
        allow({"BoolIfExists": {PRESENT: "true"}}),
        force({"BoolIfExists": {PRESENT: "false"}}),
    ],
    "one's own password spared": [force({"BoolIfExists": {PRESENT: "false"}}, "iam:ChangePassword")],
    "no word of MFA": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_policy_that_requires_mfa_is_clean(name: str) -> None:
    """A right text that is refused makes people write a wrong one."""
    assert told(*RIGHT[name]) == []


@pytest.mark.parametrize(
    "spared", ["iam:CreateAccessKey", "iam:*", "sts:AssumeRole", "iam:DeactivateMFADevice"]
)
def test_what_a_deny_spares_beside_setting_up_is_advised(spared: str) -> None:
    """A Deny that leaves keys or roles without MFA looks like AWS's own text and is worth little."""
    ((rule, message),) = told(force({"BoolIfExists": {PRESENT: "false"}}, spared))

    assert rule == "identity-advice"
    assert "without MFA" in message


def test_of_a_group_it_is_advice() -> None:
    """In a stack users with credentials are refused; a group's policy alone stops nobody's update."""
    found = told(WRONG["Bool"], kind=IdentityKind.GROUP)

    assert [rule for rule, _ in found] == ["identity-advice"]


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("s3:GetObjekt", "s3:GetObject"),
        ("S3:getobjects", "S3:GetObject"),
        ("s3:Gett*", None),
        ("lamda:InvokeFunction", "lambda:InvokeFunction"),
        ("nothing-like-it:Do", None),
        ("iam:", None),
    ],
)
def test_an_action_that_aws_does_not_have_is_named(written: str, nearest: str | None) -> None:
    """A misspelt Deny takes nothing back, and nobody notices until it matters."""
    statement = {"Effect": "Deny", "Action": [written, "s3:PutObject"], "Resource": "*"}
    document = parse(json.dumps({"Version": "2012-10-17", "Statement": statement}))

    if isinstance(document, Document):
        assert [(each.written, each.nearest) for each in unknown_actions(document)] == [(written, nearest)]
        assert [rule for rule, _ in told(statement)] == ["identity-advice"]
    else:
        assert written == "iam:"


@pytest.mark.parametrize(
    "written", ["*", "s3:*", "s3:Get*", "s3:GetObject", "S3:GETOBJECT", "s3:Get?bject", "*:*"]
)
def test_an_action_that_aws_has_is_not(written: str) -> None:
    """A false alarm on a pattern would be on nearly every policy."""
    document = parse(
        {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": written, "Resource": "*"}}
    )

    assert isinstance(document, Document)
    assert list(unknown_actions(document)) == []
