"""CloudFormation templates have the pack's verdicts, and what only a deployment tells is undecided."""

import json
from typing import Any

import pytest

from identity_center_cli.readers.reading import NotThisFormError
from identity_center_cli.readers.templates.template import is_template, read_template

from .conftest import rules_of, template, told_of
from .template_texts import ADMIN, EVERYTHING, READ, ROOT, TRUST, granting, parameter, role

CASES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "everything": (granting(EVERYTHING), [(ROOT, "Deploy")]),
    "reading": (granting(READ), []),
    "a managed policy by the partition": (
        role("      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess']"),
        [(ROOT, "Deploy")],
    ),
    "the same joined": (
        role(
            "      ManagedPolicyArns:\n"
            "        - !Join ['', ['arn:', !Ref AWS::Partition, ':iam::aws:policy/', 'AdministratorAccess']]"
        ),
        [(ROOT, "Deploy")],
    ),
    "the same selected and split": (
        role(f"      ManagedPolicyArns: [!Select [1, !Split [',', 'x,{ADMIN}']]]"),
        [(ROOT, "Deploy")],
    ),
    "the same from a map": (
        role(
            "      ManagedPolicyArns: [!FindInMap [Of, Here, Policy]]",
            f"Mappings: {{Of: {{Here: {{Policy: {ADMIN}}}}}}}",
        ),
        [(ROOT, "Deploy")],
    ),
    "a parameter that is everything by default": (
        role("      ManagedPolicyArns: [!Ref Wanted]", parameter("Wanted", Default=ADMIN)),
        [(ROOT, "Deploy")],
    ),
    "a parameter without a default": (
        role("      ManagedPolicyArns: [!Ref Wanted]", parameter("Wanted")),
        [("undecided", "Deploy")],
    ),
    "a parameter for a bucket's name changes nothing": (
        granting(
            "{Effect: Allow, Action: 's3:*', Resource: !Sub 'arn:aws:s3:::${Bucket}/*'}", parameter("Bucket")
        ),
        [],
    ),
    "a parameter as action": (
        granting("{Effect: Allow, Action: !Ref What, Resource: '*'}", parameter("What")),
        [("undecided", "Deploy")],
    ),
    "a parameter that allows harmless actions only": (
        granting(
            "{Effect: Allow, Action: !Ref What, Resource: '*'}",
            parameter("What", AllowedValues=["s3:GetObject", "s3:PutObject"]),
        ),
        [],
    ),
    "a parameter as effect": (
        granting("{Effect: !Ref What, Action: '*', Resource: '*'}", parameter("What")),
        [("undecided", "Deploy")],
    ),
    "a condition that a parameter fills": (
        granting(
            "{Effect: Allow, Action: '*', Resource: '*', "
            "Condition: {StringEquals: {'aws:RequestedRegion': !Ref Where}}}",
            parameter("Where"),
        ),
        [("undecided", "Deploy")],
    ),
    "a Deny that a parameter fills takes nothing back for certain": (
        granting(
            f"{EVERYTHING}, {{Effect: Deny, Action: !Ref What, Resource: '*'}}",
            parameter("What", Default="iam:*"),
        ),
        [("undecided", "Deploy"), ("privilege-escalation", "Deploy")],
    ),
    "one of two statements, by a condition": (
        granting(
            f"!If [All, {EVERYTHING}, {READ}]",
            f"{parameter('Env')}\nConditions: {{All: !Equals [!Ref Env, prod]}}",
        ),
        [("undecided", "Deploy")],
    ),
    "the same by default": (
        granting(
            f"!If [All, {EVERYTHING}, {READ}]",
            f"{parameter('Env', Default='prod')}\nConditions: {{All: !Equals [!Ref Env, prod]}}",
        ),
        [(ROOT, "Deploy")],
    ),
    "a condition that no parameter changes": (
        granting(f"!If [All, {EVERYTHING}, {READ}]", "Conditions: {All: !Equals [a, b]}"),
        [],
    ),
    "a statement that a macro writes": (
        granting(f"{READ}, !Transform {{Name: AWS::Include, Parameters: {{Location: 's3://x'}}}}"),
        [("undecided", "Deploy")],
    ),
    "what another stack exports": (
        role("      ManagedPolicyArns: [!ImportValue shared-policy]"),
        [("undecided", "Deploy")],
    ),
    "a trust in an account that is a parameter": (
        role(
            "      Path: /",
            parameter("Account"),
            TRUST.replace("Service: ec2.amazonaws.com", "AWS: !Sub 'arn:aws:iam::${Account}:root'"),
        ),
        [("identity-advice", "Deploy")],
    ),
    "a trust in whatever a parameter says": (
        role("      Path: /", parameter("Who"), TRUST.replace("Service: ec2.amazonaws.com", "AWS: !Ref Who")),
        [("undecided", "Deploy")],
    ),
    "a trust in everybody by default": (
        role(
            "      Path: /",
            parameter("Who", Default="*"),
            TRUST.replace("Service: ec2.amazonaws.com", "AWS: !Ref Who"),
        ),
        [("no-public-trust", "Deploy")],
    ),
    "a boundary that is there by a condition only": (
        role(
            f"      ManagedPolicyArns: [{ADMIN}]\n"
            "      PermissionsBoundary: !If\n"
            "        [Bound, 'arn:aws:iam::aws:policy/ReadOnlyAccess', !Ref AWS::NoValue]",
            f"{parameter('B', Default='yes')}\nConditions: {{Bound: !Equals [!Ref B, 'yes']}}",
        ),
        [("undecided", "Deploy")],
    ),
    "a policy attached to a group of the template, and a user in it": (
        """
Resources:
  Admins: {Type: AWS::IAM::Group}
  Ada: {Type: AWS::IAM::User, Properties: {Groups: [!Ref Admins]}}
  All:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: all
      Groups: [!Ref Admins]
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}
""",
        [(ROOT, "All")],
    ),
    "a managed policy that a role names by its Ref": (
        """
Resources:
  All:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: x.amazonaws.com}, Action: 'sts:AssumeRole'}]
      ManagedPolicyArns: [!Ref All]
""",
        [(ROOT, "Deploy")],
    ),
    "a permission set with an inline policy": (
        """
Resources:
  Set:
    Type: AWS::SSO::PermissionSet
    Properties:
      Name: all
      InstanceArn: arn:aws:sso:::instance/ssoins-1111111111111111
      InlinePolicy: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}
""",
        [(ROOT, "Set")],
    ),
    "a loop": (
        """
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Roles:
    - Team
    - [Red, Blue]
    - ${Team}Role:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement: [{Effect: Allow, Principal: {Service: x.amazonaws.com}, Action: 'sts:AssumeRole'}]
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']
""",
        [(ROOT, "RedRole"), (ROOT, "BlueRole")],
    ),
    "a function of the Serverless Application Model": (
        """
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [AdministratorAccess, {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}]
""",
        [(ROOT, "Worker")],
    ),
    "a template in a template": (
        "Resources: {Inner: {Type: AWS::CloudFormation::StackSet, Properties: {TemplateBody: "
        + json.dumps(granting(EVERYTHING))
        + "}}}",
        [(ROOT, "Inner")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_template_is_judged_as_what_it_makes(name: str) -> None:
    """People who deploy with CloudFormation hear what the pack would say, and nothing open is called fine."""
    text, expected = CASES[name]

    assert rules_of(template(text)) == expected


def test_an_open_part_is_named_with_its_expression() -> None:
    """Who reads `undecided` has to find what to fill in."""
    found = template(role("      ManagedPolicyArns: [!Ref Wanted]", parameter("Wanted")))
    ((_, _, message),) = told_of(found)

    assert message == "undecided: whether IAM role `Deploy` has root-level access"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Transform: Own\nResources: {A: {Type: AWS::S3::Bucket}}", "the macro `Own`"),
        (
            "Resources: {A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://x'}}}",
            "the template that it makes is elsewhere",
        ),
        (
            "Resources: {'Fn::ForEach::X': [N, !Ref Names, {'${N}': {Type: AWS::IAM::User}}]}",
            "the list that the loop goes through is not known",
        ),
        (
            "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Policies: [{S3CrudPolicy: {}}]}}}",
            "SAM's policy template S3CrudPolicy is not looked at",
        ),
        (
            "Resources: {F: {Type: AWS::Serverless::Connector}}",
            "the policies that the transform makes",
        ),
    ],
)
def test_what_a_template_leaves_to_others_is_told(text: str, why: str) -> None:
    """What nobody saw is never left unmentioned."""
    found = template(text)

    assert [why in each.why for each in found.unseen] == [True]


def test_a_template_without_resources_is_none() -> None:
    """A template that was cut off must not pass."""
    with pytest.raises(NotThisFormError):
        read_template({"AWSTemplateFormatVersion": "2010-09-09"})
    assert not is_template({"Resources": ["x"]})


def test_expressions_that_ask_for_each_other_end() -> None:
    """Nobody's template may keep a pipeline busy for ever."""
    conditions = {f"C{n}": {"Fn::And": [{"Condition": f"C{n + 1}"}] * 2} for n in range(60)}
    loop = {"A": {"Condition": "B"}, "B": {"Condition": "A"}}
    names: dict[str, Any] = {
        "One": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Ref": "Two"}}},
        "Two": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Ref": "One"}}},
    }
    deep: Any = "x"
    for _ in range(500):
        deep = {"Fn::Sub": ["${A}", {"A": deep}]}
    names["Three"] = {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": {"Fn::If": ["C0", deep, {"Fn::If": ["A", "a", "b"]}]}},
    }
    found = template({"Conditions": {**conditions, **loop}, "Resources": names})

    assert len(found.resources) == 3


@pytest.mark.parametrize(
    "broken", [None, 1, "x", [], {}, [[]], {"Fn::Sub": 1}, {"Fn::Join": []}, {"Fn::If": ["a"]}]
)
@pytest.mark.parametrize(
    "at", ["Properties", "Policies", "PolicyDocument", "Type", "AssumeRolePolicyDocument"]
)
def test_a_template_that_is_written_wrong_is_read_to_its_end(broken: object, at: str) -> None:
    """A mistake in one resource must not hide what the others grant."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    wrong: Any = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": document,
            "Policies": [{"PolicyName": "a", "PolicyDocument": document}],
        },
    }
    if at in wrong:
        wrong[at] = broken
    elif at == "PolicyDocument":
        wrong["Properties"]["Policies"][0][at] = broken
    else:
        wrong["Properties"][at] = broken
    other = {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [ADMIN]}}
    found = template({"Resources": {"Wrong": wrong, "Other": other}})

    assert (ROOT, "Other") in rules_of(found)
