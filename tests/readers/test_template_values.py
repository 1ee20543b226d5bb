"""What a template's values come to: by what is declared of parameters, and by where a reference stands."""

import pytest

from identity_center_cli.readers.templates.parameters import may_hold_wildcards, range_of, split_range

from .conftest import rules_of, template
from .template_texts import granting, parameter, role

ESCALATION = "privilege-escalation"
PUBLIC = "no-public-trust"
ACCOUNTS = r"^(\d{12})$|^((\d{12}(,|, ))*\d{12})$"


def _trusting(principal: str, head: str) -> str:
    statement = f"{{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 'sts:AssumeRole'}}"
    return role("      Path: /", head, f"{{Version: '2012-10-17', Statement: [{statement}]}}")


@pytest.mark.parametrize(
    ("principal", "head"),
    [
        ("!Split [',', !Ref Who]", parameter("Who", AllowedPattern=ACCOUNTS)),
        ("!Select [0, !Split [',', !Ref Who]]", parameter("Who", AllowedPattern=ACCOUNTS)),
        ("!Ref Who", parameter("Who", Type="CommaDelimitedList", AllowedPattern=r"\d{12}")),
        ("!Ref Who", parameter("Who", Type="List<Number>")),
        ("!Ref Who", parameter("Who", MinLength=12, MaxLength=12)),
        ("!Ref Who", parameter("Who", AllowedPattern=r"arn:aws:iam::\d{12}:role/.+")),
        ("111122223333", ""),
    ],
)
def test_a_parameter_that_cannot_be_everybody_is_no_stranger(principal: str, head: str) -> None:
    """Lose this, and a template that lets in listed accounts only is undecided, whatever it declares."""
    told = rules_of(template(_trusting(principal, head)))
    assert not [each for each in told if each[0] in ("undecided", PUBLIC)], told


@pytest.mark.parametrize(
    ("principal", "head"),
    [
        ("!Split [',', !Ref Who]", parameter("Who")),
        ("!Split [',', !Ref Who]", parameter("Who", AllowedPattern=".+")),
        ("!Split [';', !Ref Who]", parameter("Who", AllowedPattern="[^,]+")),
        ("!Ref Who", parameter("Who", Type="CommaDelimitedList", MinLength=12)),
        ("!Ref Who", parameter("Who", MinLength=1)),
        ("!Ref Who", parameter("Who", AllowedValues=["111122223333", "*"])),
        ("!Split [',', !Ref Who]", parameter("Who", AllowedValues=["111122223333", "111122223333,*"])),
    ],
)
def test_a_parameter_that_may_be_everybody_is_undecided(principal: str, head: str) -> None:
    """Lose this, and whoever deploys the template may open the role to everybody, and nobody is told."""
    assert ("undecided", "Deploy") in rules_of(template(_trusting(principal, head)))


@pytest.mark.parametrize(
    ("pattern", "may"),
    [
        (r"^\d{12}$", False),
        (r"[a-zA-Z0-9_.-]+", False),
        (r"[\w+=,.@-]{1,64}", False),
        (r"(?:eu|us)-[a-z]+-[0-9]", False),
        (r"\*", True),
        (r"[!-~]*", True),
        (r"[*]", True),
        (r"\S+", True),
        (r"[^ ]+", True),
        (r"[\W]", True),
        (r"a\x2a", True),
        ("[a-z", True),
        ("[a[^b]]+", True),
        (r"(?!x)y", True),
        (r"\?", True),
        ("ab?c*", False),
    ],
)
def test_only_a_pattern_that_keeps_wildcards_out_does(pattern: str, may: bool) -> None:  # noqa: FBT001
    """Lose this, and a parameter that takes `*` counts as one single thing."""
    assert may_hold_wildcards(pattern) is may


@pytest.mark.parametrize(
    ("action", "head"),
    [
        ("!Ref What", parameter("What", AllowedPattern="[a-zA-Z:]+", Default="s3:GetObject")),
        ("!Sub '${What}:*'", parameter("What", AllowedPattern="[a-z0-9]+", Default="s3")),
        ("!Sub '${What}:*'", parameter("What", AllowedPattern="i[a-z]+")),
        ("!Select [0, !Split [',', !Ref What]]", parameter("What", AllowedPattern="[a-zA-Z:,]+")),
        ("!Ref What", parameter("What", Type="CommaDelimitedList", AllowedPattern="[a-zA-Z:]+")),
        ("!Sub '${What}:*'", parameter("What", AllowedValues=["s3", "iam"], Default="s3")),
    ],
)
def test_an_action_without_a_wildcard_may_still_be_any(action: str, head: str) -> None:
    """Lose this, and whoever deploys the template passes `iam`, which a check of it had called clean."""
    text = granting(f"{{Effect: Allow, Action: {action}, Resource: '*'}}", head)
    assert ("undecided", "Deploy") in rules_of(template(text))


@pytest.mark.parametrize(
    ("action", "head"),
    [
        ("!Ref What", parameter("What", AllowedPattern="s3:Get[A-Z][A-Za-z]*")),
        ("!Sub '${What}:GetObject'", parameter("What", AllowedValues=["s3", "sqs"])),
    ],
)
def test_an_action_of_a_harmless_service_is_none_of_all(action: str, head: str) -> None:
    """Lose this, and declaring what a parameter may be is for nothing."""
    text = granting(f"{{Effect: Allow, Action: {action}, Resource: '*'}}", head)
    assert not [each for each in rules_of(template(text)) if each[0] == "undecided"]


def test_what_begins_alike_and_goes_on_freely_is_a_pattern_of_iam() -> None:
    """A role's name that begins with `app-` is not all roles, and not one of them either."""
    assert range_of({"AllowedPattern": "^app-.*$"}, "String", None)[0] == ("app-*",)
    assert range_of({"AllowedPattern": "app-?.*"}, "String", None)[0] == ("app*",)
    assert range_of({"AllowedPattern": "^a.*|b.*"}, "String", None)[0] == ("*",)


def test_a_text_that_is_split_keeps_what_its_members_may_be() -> None:
    """The values allowed for a text that is split are its members', too."""
    assert split_range(("a,b", "b,c"), ",") == ("a", "b", "c")
    assert split_range(("a,*",), ",") == ("*",)


@pytest.mark.parametrize(
    ("resource", "of"),
    [
        ("!Ref Work", "AWS::Serverless::StateMachine"),
        ("!Ref Work", "AWS::Batch::JobQueue"),
        ("[!Ref Work]", "AWS::ECS::TaskDefinition"),
        ("!Sub '${Work}'", "AWS::Lambda::LayerVersion"),
        ("!GetAtt Work.Something", "AWS::IoT::Thing"),
        ("!Sub '${Work}/types/Mutation/*'", "AWS::AppSync::GraphQLApi"),
    ],
)
def test_what_a_policy_refers_to_is_an_arn(resource: str, of: str) -> None:
    """Lose this, and a template that AWS takes is refused as one that IAM would not read."""
    text = granting(f"{{Effect: Allow, Action: 'states:StartExecution', Resource: {resource}}}")
    assert not rules_of(template(f"{text}\n  Work: {{Type: '{of}'}}\n"))


@pytest.mark.parametrize("expression", ["!Ref Answer", "!GetAtt Answer.Arn"])
def test_what_code_answers_is_open(expression: str) -> None:
    """Lose this, and a custom resource that answers `*` counts as a name."""
    statement = f"{{Effect: Allow, Action: 'iam:*', Resource: {expression}}}"
    text = granting(statement) + "\n  Answer: {Type: 'Custom::Names', Properties: {ServiceToken: x}}\n"
    assert ("undecided", "Deploy") in rules_of(template(text))


def test_an_attribute_with_a_propertys_name_has_its_value() -> None:
    """Lose this, and everything that goes through a parameter of Systems Manager is called a mistake."""
    statement = "{Effect: Allow, Action: 'iam:*', Resource: !GetAtt Kept.Value}"
    kept = "\n  Kept: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: '*'}}\n"
    assert (ESCALATION, "Deploy") in rules_of(template(granting(statement) + kept))


SCP = """
Parameters: {{Where: {{Type: CommaDelimitedList}}}}
Resources:
  Scp:
    Type: AWS::Organizations::Policy
    Properties:
      Name: regions
      Type: SERVICE_CONTROL_POLICY
      Content: {{Version: '2012-10-17', Statement: [{{Effect: Deny, NotAction: 'iam:*', Resource: '*',
        Condition: {{{condition}}}}}]}}
"""


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("StringNotEquals: {'aws:RequestedRegion': !Ref Where}", []),
        ("ArnLike: {'aws:PrincipalArn': !Ref Where}", [("undecided", "Scp")]),
        ("'Fn::If': [x, {}, !Ref 'AWS::NoValue']", [("undecided", "Scp")]),
    ],
)
def test_a_control_policy_with_open_regions_is_about_no_root_user(
    condition: str, told: list[tuple[str, str]]
) -> None:
    """Lose this, and every template of a control policy with a parameter is undecided."""
    assert rules_of(template(SCP.format(condition=condition))) == told


def test_numbers_and_truth_values_are_texts_for_iam() -> None:
    """Lose this, and `Sid: 1` makes a template refused that CloudFormation deploys every day."""
    statement = (
        "{Sid: 1, Effect: Allow, Action: 's3:GetObject', Resource: '*', "
        "Condition: {Bool: {'aws:SecureTransport': true}, NumericLessThan: {'s3:max-keys': 10}}}"
    )
    assert not rules_of(template(granting(statement)))


@pytest.mark.parametrize("default", ["machineArn", "TODO: the ARN", ""])
def test_a_default_that_is_no_arn_only_holds_the_place_of_one(default: str) -> None:
    """Lose this, and what a tool fills in when it deploys is refused as a mistake."""
    statement = "{Effect: Allow, Action: 'states:StartExecution', Resource: [!Ref Machine]}"
    assert not rules_of(template(granting(statement, parameter("Machine", Default=default))))
    dangerous = statement.replace("states:StartExecution", "iam:*")
    text = granting(dangerous, parameter("Machine", Default=default))
    assert ("undecided", "Deploy") in rules_of(template(text))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("AWSLambdaBasicExecutionRole", []),
        ("AWSLambdaVPCAccessExecutionRole", []),
        ("AmazonS3FullAccess", []),
        ("AdministratorAccess", [("no-root-level-access", "Work")]),
        ("NoSuchPolicyAtAll", [("undecided", "Work")]),
    ],
)
def test_sam_takes_the_name_of_a_managed_policy_without_its_path(
    name: str, told: list[tuple[str, str]]
) -> None:
    """Lose this, and every function that says `AWSLambdaBasicExecutionRole` is undecided."""
    properties = f"{{Runtime: python3.13, Handler: a.b, Policies: [{name}]}}"
    text = f"Resources:\n  Work: {{Type: 'AWS::Serverless::Function', Properties: {properties}}}\n"
    assert rules_of(template(text)) == told
