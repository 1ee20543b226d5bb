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
