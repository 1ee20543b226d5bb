"""Policy documents come out as the real provider writes them."""

import json
from typing import Any

import grpc
import pytest

from sandbox.provider.rows.attached import Attached

DOCUMENT = "aws:iam/getPolicyDocument:getPolicyDocument"
BASE = '{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
OVER = BASE.replace("Allow", "Deny")


def _written(attached: Attached, **asked: Any) -> Any:  # noqa: ANN401 - arguments of the function
    found = attached.invoke(DOCUMENT, asked)
    assert json.loads(found["json"]) == json.loads(found["minifiedJson"])
    return json.loads(found["minifiedJson"])


def test_a_statement_is_written_with_all_its_parts(attached: Attached) -> None:
    """A condition that got lost would give more than the program says."""
    statement = {
        "sid": "x", "actions": ["s3:Get*", "s3:List*"], "resources": ["arn:aws:s3:::b/&{aws:username}"],
        "principals": [{"type": "AWS", "identifiers": ["111111111111", "222222222222"]}],
        "conditions": [{"test": "Bool", "variable": "aws:MultiFactorAuthPresent", "values": ["true"]}],
    }  # fmt: skip
    assert _written(attached, statements=[statement])["Statement"] == [
        {
            "Sid": "x",
            "Effect": "Allow",
            "Action": ["s3:List*", "s3:Get*"],
            "Resource": "arn:aws:s3:::b/${aws:username}",
            "Principal": {"AWS": ["222222222222", "111111111111"]},
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        }
    ]


def test_documents_under_and_over_are_merged_by_sid(attached: Attached) -> None:
    """An override that only added its statement would leave the one that it replaces in force."""
    extra = {"actions": ["ec2:*"], "resources": ["*"]}
    found = _written(
        attached, sourcePolicyDocuments=[BASE], statements=[extra], overridePolicyDocuments=[OVER]
    )
    assert [one["Effect"] for one in found["Statement"]] == ["Deny", "Allow"]


def test_anybody_is_a_star_and_not_an_object(attached: Attached) -> None:
    """IAM reads the two differently in a trust policy."""
    star = [{"type": "*", "identifiers": ["*"]}]
    aws = [{"type": "AWS", "identifiers": ["*"]}]
    found = _written(attached, statements=[{"principals": star}, {"principals": aws}])
    assert [one["Principal"] for one in found["Statement"]] == ["*", {"AWS": "*"}]


def test_a_sid_twice_is_refused(attached: Attached) -> None:
    """Of two statements with one Sid the real provider keeps none silently."""
    with pytest.raises(grpc.RpcError, match=r"duplicate Sid \(a\)"):
        attached.invoke(DOCUMENT, {"sourcePolicyDocuments": [BASE, OVER]})
