"""CloudFormation templates have the pack's verdicts, and what only a deployment tells is undecided."""

import json
from typing import Any

import pytest

from identity_center_cli.readers.reading import NotThisFormError
from identity_center_cli.readers.templates.loops import DEEPEST
from identity_center_cli.readers.templates.template import is_template, read_template

from .conftest import rules_of, template, told_of

ROOT = "no-root-level-access"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
TRUST = (
    "{Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, "
    "Action: 'sts:AssumeRole'}]}"
)


def role(properties: str, head: str = "", trust: str = TRUST) -> str:
    """Write a template of one role."""
    return f"""{head}
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {trust}
{properties}
"""


def granting(statement: str, head: str = "") -> str:
    """Write a template of a role with an inline policy of one statement."""
    document = f"{{Version: '2012-10-17', Statement: [{statement}]}}"
    return role(f"      Policies: [{{PolicyName: own, PolicyDocument: {document}}}]", head)


def parameter(name: str, **given: Any) -> str:  # noqa: ANN401 - as a template declares it
    """Declare one parameter."""
    return "Parameters: " + json.dumps({name: {"Type": "String", **given}})


EVERYTHING = "{Effect: Allow, Action: '*', Resource: '*'}"
READ = "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}"
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
