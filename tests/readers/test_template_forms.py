"""The forms in which templates grant and withhold access, and those that do not tell what they do."""

import json
from typing import Any

import pytest

from identity_center_cli.readers.templates.loops import DEEPEST

from .conftest import rules_of, template
from .template_texts import ADMIN, EVERYTHING, ROOT, TRUST, granting, parameter, role

SAM = "Transform: AWS::Serverless-2016-10-31"
PARTS_OF_DOCUMENT = "{Version: '2012-10-17', Statement: [%s]}"
ONE_OF_TWO = (
    "[!If [Here, arn:aws:iam::aws:policy/ReadOnlyAccess, arn:aws:iam::aws:policy/AdministratorAccess]]"
)
OPEN_TRUST = "{Version: '2012-10-17', Statement: [{Effect: Allow, Principal: '*', Action: 'sts:AssumeRole'}]}"


def function(properties: str, head: str = "", kind: str = "Function") -> str:
    """Write a template of the Serverless Application Model."""
    return f"{SAM}\n{head}\nResources: {{F: {{Type: AWS::Serverless::{kind}, Properties: {{{properties}}}}}}}"


def permission_set(text: str) -> str:
    """Write a permission set whose inline policy is put together as a text."""
    return (
        f"{parameter('Bucket')}\nResources:\n  P:\n    Type: AWS::SSO::PermissionSet\n    Properties:\n"
        f"      Name: x\n      InlinePolicy: !Sub '{text}'\n"
    )


def json_text(action: str, resource: str) -> str:
    """Write a document as a text of JSON."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, "Sid": "${Bucket}"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def looped(members: str, head: str = "") -> str:
    """Write roles in a loop."""
    inner = f"{{Type: AWS::IAM::Role, Properties: {{ManagedPolicyArns: ['{ADMIN}']}}}}"
    return f"{head}\nResources: {{'Fn::ForEach::X': [N, {members}, {{'R${{N}}': {inner}}}]}}"


def withheld(condition: str, of_role: str = "") -> str:
    """Write an administrator's role from which a policy that is made under a condition takes everything."""
    nothing = "{Effect: Deny, Action: '*', Resource: '*'}"
    return f"""{parameter("Kind", Default="a")}
Conditions: {{Wanted: !Equals [!Ref Kind, a]}}
Resources:
  Deploy:
    Type: AWS::IAM::Role
    {of_role}
    Properties: {{AssumeRolePolicyDocument: {TRUST}, ManagedPolicyArns: ['{ADMIN}']}}
  Nothing:
    Type: AWS::IAM::Policy
    {condition}
    Properties:
      PolicyName: nothing
      Roles: [!Ref Deploy]
      PolicyDocument: {PARTS_OF_DOCUMENT % nothing}
"""


FORMS: dict[str, tuple[str, list[str]]] = {
    "a function's policy that a parameter decides on": (
        function(
            f"Policies: [!If [Prod, {PARTS_OF_DOCUMENT % EVERYTHING}, !Ref AWS::NoValue]]",
            parameter("Stage") + "\nConditions: {Prod: !Equals [!Ref Stage, prod]}",
        ),
        [ROOT],
    ),
    "a function with a boundary": (
        function(
            "Policies: AdministratorAccess, PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess'"
        ),
        [],
    ),
    "a boundary for all functions": (
        function(
            "Policies: AdministratorAccess",
            "Globals: {Function: {PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess'}}",
        ),
        [],
    ),
    "a function that anybody may be": (
        function(f"AssumeRolePolicyDocument: {OPEN_TRUST}"),
        ["no-public-trust"],
    ),
    "a state machine": (function("Policies: [AdministratorAccess]", kind="StateMachine"), [ROOT]),
    "what is never made": (
        granting(EVERYTHING, "Conditions: {Never: !Equals [a, b]}").replace(
            "    Type:", "    Condition: Never\n    Type:"
        ),
        [],
    ),
    "a Deny that is always there": (withheld(""), []),
    "a Deny that may not be there": (withheld("Condition: Wanted"), ["undecided"]),
    "a Deny that is there whenever the role is": (
        withheld("Condition: Wanted", "Condition: Wanted"),
        [],
    ),
    "by the Region": (
        role(
            f"      ManagedPolicyArns: {ONE_OF_TWO}",
            "Conditions: {Here: !Equals [!Ref AWS::Region, eu-central-1]}",
        ),
        [ROOT],
    ),
    "by the account": (
        role(
            f"      ManagedPolicyArns: {ONE_OF_TWO}",
            "Conditions: {Here: !Not [!Equals [!Ref AWS::AccountId, '444455556666']]}",
        ),
        [ROOT],
    ),
    "by a map of Regions": (
        role(
            "      ManagedPolicyArns: [!FindInMap [Of, !Ref AWS::Region, Policy]]",
            "Mappings: {Of: {eu-central-1: {Policy: 'arn:aws:iam::aws:policy/ReadOnlyAccess'}, "
            f"us-east-1: {{Policy: '{ADMIN}'}}}}}}",
        ),
        ["undecided"],
    ),
    "everything in a text with an open part": (permission_set(json_text("*", "*")), [ROOT]),
    "reading in a text with an open part": (
        permission_set(json_text("s3:GetObject", "arn:aws:s3:::${Bucket}/*")),
        [],
    ),
    "actions in a text that are open": (permission_set(json_text("${Bucket}", "*")), ["undecided"]),
    "a loop over numbers": (looped("[111122223333]"), [ROOT]),
    "a loop over what a parameter brings": (
        looped("!Ref L", "Parameters: {L: {Type: CommaDelimitedList}}"),
        [ROOT],
    ),
    "a loop over properties": (
        role(f"      Fn::ForEach::X: [N, [ManagedPolicyArns], {{'${{N}}': ['{ADMIN}']}}]"),
        [ROOT],
    ),
}


@pytest.mark.parametrize("case", FORMS)
def test_a_form_hides_nothing_and_blames_nobody(case: str) -> None:
    """The same access has the same verdict, in whichever form a template grants or withholds it."""
    text, expected = FORMS[case]

    assert [rule for rule, _ in rules_of(template(text)) if rule != "identity-advice"] == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Resources: {Fn::Transform: {Name: AWS::Include}, B: {Type: AWS::S3::Bucket}}", "Fn::Transform"),
        ("Resources: {R: {Fn::Transform: {Name: AWS::Include}}}", "Fn::Transform"),
        ("Resources: {R: {Type: AWS::IAM::Role, Properties: {Fn::Transform: {Name: A}}}}", "properties from"),
        ("Resources: {R: [{Type: AWS::IAM::Role}]}", "no object"),
        ("Resources: {R: }", "no object"),
        ("Resources: {R: {Properties: {Policies: []}}}", "no `Type`"),
        ("Resources: {R: {Type: AWS::IAM::Role, Properties: x}}", "`Properties` are no object"),
        ("Resources: {R: {Type: AWS::IAM::role}}", "not written as"),
        ("Resources: {'Fn::ForEach::X': x}", "no loop"),
        (looped("!Ref L", "Parameters: {L: {Type: CommaDelimitedList}}"), "is not known"),
        (function("Policies: [!Ref P]", parameter("P")), "`Ref P` names is open"),
        (function("Policies: [5]"), "no policy that SAM takes"),
    ],
)
def test_what_a_template_cannot_tell_is_undecided(text: str, why: str) -> None:
    """A part that cannot be worked out must not pass with the status of a clean template."""
    found = template(text)

    assert [(why in each.why, each.undecided) for each in found.unseen] == [(True, True)]
    assert all(each.place for each in found.unseen)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Resources: {R: {Type: 'My::Iam::Role::MODULE'}}", "what the module makes"),
        ("Resources: {R: {Type: !Rain::Module roles.yaml}}", "a module that a tool puts in"),
        ("Fn::Transform: {Name: AWS::Include}\nResources: {}", "AWS::Include"),
    ],
)
def test_modules_and_transforms_are_told(text: str, why: str) -> None:
    """What somebody else's text makes of a template is no part of what was looked at."""
    assert [why in each.why for each in template(f"AWSTemplateFormatVersion: x\n{text}").unseen] == [True]


def test_loops_within_loops_without_end_are_told_once_each() -> None:
    """Thirty members in each of twelve loops are 30^12: told in a line for each loop, and soon."""
    inner: dict[str, Any] = {"x": 1}
    for number in range(12):
        inner = {f"Fn::ForEach::L{number}": ["N", ["a", "b"] * 15, inner]}
    found = template({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": inner}}})

    assert 0 < len(found.unseen) <= DEEPEST + 1
    assert all(each.undecided and "more than a template" in each.why for each in found.unseen)
