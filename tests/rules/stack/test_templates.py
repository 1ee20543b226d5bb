"""What a CloudFormation template makes is told as not seen by the pack, and read by the command."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [ADMIN]}}
TEMPLATE = json.dumps({"Resources": {"Deploy": ROLE}})
BUCKET = json.dumps({"Resources": {"B": {"Type": "AWS::S3::Bucket"}}})


@pytest.mark.parametrize("token", ["aws:cloudformation/stack:Stack", "aws:cloudformation/stackSet:StackSet"])
@pytest.mark.parametrize(
    ("inputs", "count"),
    [
        ({"templateBody": TEMPLATE}, 1),
        ({"templateBody": UNKNOWN}, 1),
        ({"templateUrl": "https://example.com/x.yaml"}, 1),
        ({"templateBody": BUCKET}, 0),
    ],
)
def test_a_template_that_may_give_access_is_told_as_not_seen(
    preview: Run, token: str, inputs: dict[str, Any], count: int
) -> None:
    """An administrator in a template must not pass as if the stack had been looked at."""
    told = preview(Made(token, "inner", inputs))

    assert [each.policy for each in told] == ["undecided"] * count


@pytest.mark.parametrize(
    ("token", "inputs", "count"),
    [
        ("aws-native:cloudformation:Stack", {"templateBody": json.loads(TEMPLATE)}, 1),
        ("aws-native:cloudformation:StackSet", {"templateUrl": "https://example.com/x.yaml"}, 1),
        ("aws-native:cloudformation:Stack", {"templateBody": json.loads(BUCKET)}, 0),
        ("aws-native:index:ExtensionResource", {"type": "AWS::IAM::Role", "properties": {}}, 1),
        ("aws-native:index:ExtensionResource", {"type": "AWS::S3::Bucket", "properties": {}}, 0),
        ("aws:cloudcontrol/resource:Resource", {"typeName": "AWS::IAM::User", "desiredState": "{}"}, 1),
        ("aws:cloudcontrol/resource:Resource", {"typeName": "AWS::SSO::Assignment", "desiredState": "{}"}, 1),
        ("aws:cloudcontrol/resource:Resource", {"typeName": UNKNOWN, "desiredState": "{}"}, 1),
        ("aws:cloudcontrol/resource:Resource", {"typeName": "AWS::ECS::Cluster", "desiredState": "{}"}, 0),
        ("aws:servicecatalog/provisionedProduct:ProvisionedProduct", {"productName": "account"}, 1),
        ("aws-native:servicecatalog:CloudFormationProvisionedProduct", {"productName": "account"}, 1),
        (
            "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
            {"applicationId": "x", "capabilities": ["CAPABILITY_NAMED_IAM"]},
            1,
        ),
        (
            "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
            {"applicationId": "x", "capabilities": UNKNOWN},
            1,
        ),
        (
            "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
            {"applicationId": "x", "capabilities": ["CAPABILITY_RESOURCE_POLICY"]},
            0,
        ),
    ],
)
def test_what_is_made_behind_the_engines_back_is_told_as_not_seen(
    preview: Run, token: str, inputs: dict[str, Any], count: int
) -> None:
    """A role through Cloud Control or in a product must not pass as if the stack had been looked at."""
    told = preview(Made(token, "inner", inputs))

    assert [each.policy for each in told] == ["undecided"] * count


@pytest.mark.parametrize(
    "nested", ["AWS::CloudFormation::Stack", "AWS::ServiceCatalog::CloudFormationProduct"]
)
def test_a_template_that_makes_templates_is_told_as_not_seen(preview: Run, nested: str) -> None:
    """What gives access may stand one template further down."""
    body = json.dumps({"Resources": {"Inner": {"Type": nested, "Properties": {"TemplateURL": "x"}}}})
    told = preview(Made("aws:cloudformation/stack:Stack", "inner", {"templateBody": body}))

    assert [each.policy for each in told] == ["undecided"]
