"""How far a statement's resources reach, and whose they are."""

from typing import Any

import pytest

from identity_guard.iam import attach, judge
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import Own
from identity_guard.iam.evaluate.arn_patterns import LONGEST_ARN, can_be_matched
from identity_guard.iam.evaluate.context_state import Setting
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.statements import ResourceScope, takes_every_arn

Json = dict[str, Any]
EVERYTHING, EVERY_ARN, LISTED, NOTHING = (
    ResourceScope.EVERYTHING,
    ResourceScope.EVERY_ARN,
    ResourceScope.LISTED,
    ResourceScope.NOTHING,
)
OTHER = "444455556666"


def grants(*statements: Json) -> Grants:
    """Return one document, ready for questions."""
    whole = [{"Effect": "Allow", "Action": "*", **each} for each in statements]
    document = attach({"Version": "2012-10-17", "Statement": whole})
    assert document.statements
    return Grants([[document]], Setting(Own(), 1_795_000_000.0))


@pytest.mark.parametrize(
    ("patterns", "listed", "excluded"),
    [
        (["*"], EVERYTHING, NOTHING),
        (["**"], EVERYTHING, NOTHING),
        (["?*"], EVERYTHING, NOTHING),
        (["arn:aws:s3:::a", "*"], EVERYTHING, NOTHING),
        (["arn:*", "*"], EVERYTHING, NOTHING),
        (["arn:*"], EVERY_ARN, LISTED),
        (["arn:aws:s3:::a", "arn:*"], EVERY_ARN, LISTED),
        (["arn:aws:s3:::a"], LISTED, LISTED),
        (["arn:aws:s3:::*"], LISTED, LISTED),
        (["??*"], LISTED, LISTED),
    ],
    ids=str,
)
def test_how_far_a_list_of_patterns_reaches(
    patterns: list[str], listed: ResourceScope, excluded: ResourceScope
) -> None:
    """Everything but nothing is everything, and everything but every ARN is what is no ARN."""
    found = grants({"Resource": patterns}, {"NotResource": patterns})

    assert [rule.scope for rule in found.statements] == [listed, excluded]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("arn:*", True),
        ("arn*", True),
        ("*", True),
        ("arn:aws:*", True),
        ("arn:aws-cn:*", True),
        ("arn:*:*:*:*:*", True),
        ("arn:**:*", True),
        ("arn::*", True),
        ("*:*", True),
        ("*:aws:*", True),
        ("arn:aws:*:*:*:*:*", True),
        ("arn:aws", False),
        ("arn:aws:", False),
        ("arn:aws:*:", False),
        ("arn:nosuch:*", False),
        ("arn:a*:*", False),
        ("arn:aws:s3:*", False),
        ("arn:aws:*:*:*:a*", False),
        ("arn:aws:*:eu-west-1:*:*", False),
        ("urn:aws:*", False),
        ("arn", False),
    ],
)
def test_what_takes_every_arn(pattern: str, *, expected: bool) -> None:
    """A pattern that leaves something open in every part but the partition is a star over all resources."""
    assert takes_every_arn(pattern) is expected


def test_a_pattern_that_is_longer_than_any_arn_takes_none() -> None:
    """Its stars may stand for nothing, so they do not count."""
    rest = "x" * (LONGEST_ARN - len("arn:"))
    assert can_be_matched(f"arn:{rest}")
    assert can_be_matched(f"arn:{rest}**")
    assert not can_be_matched(f"arn:{rest}x")
    assert not can_be_matched(f"arn:{rest}?")
    assert not can_be_matched("x")
    assert LONGEST_ARN == 2048


def test_a_variable_of_a_document_that_has_none_is_in_no_name_of_iam() -> None:
    """An object's name in a bucket may have braces; an account, user or role has none."""
    assert not can_be_matched("arn:aws:iam::${aws:PrincipalAccount}:role/*")
    assert not can_be_matched("arn:aws:iam::*:role/${aws:username}")
    assert not can_be_matched("${aws:username}*")
    assert can_be_matched("arn:aws:s3:::home/${aws:username}/*")


def to(*resources: str, **elements: Any) -> Json:  # noqa: ANN401 - elements of a statement
    """Return a statement about resources."""
    return {"Resource": list(resources), **elements}


def in_regions(*names: str) -> Json:
    """Return a statement about everything in some Regions."""
    return to("*", Condition={"StringEquals": {"aws:RequestedRegion": list(names)}})


@pytest.mark.parametrize(
    ("statements", "partition", "account"),
    [
        ([to("*")], "aws", Own().account),
        ([to(f"arn:aws:iam::{OTHER}:role/a")], "aws", OTHER),
        ([to(f"arn:aws-cn:iam::{OTHER}:role/a")], "aws-cn", OTHER),
        ([to("arn:aws-us-gov:s3:::a")], "aws-us-gov", Own().account),
        ([to("arn:no*such:s3:::a")], "aws", Own().account),
        ([to("arn:aws-cn*")], "aws", Own().account),
        ([to("arn:aws-cn:*")], "aws-cn", Own().account),
        ([to(f"arn:aws:iam::{OTHER}*")], "aws", Own().account),
        ([to(f"arn:aws:iam::{OTHER}:*")], "aws", OTHER),
        ([to(f"arn:aws:iam:{OTHER}:*")], "aws", Own().account),
        ([to("arn:aws:iam::44445555666:role/a")], "aws", Own().account),
        ([to("arn:aws:iam::4444555566667:role/a")], "aws", Own().account),
        ([to("arn:aws:iam::44445555666x:role/a")], "aws", Own().account),
        ([to("arn:aws:iam::44445555666*:role/a")], "aws", Own().account),
        ([to(f"arn:aws:s3:::a:{OTHER}:b")], "aws", Own().account),
        ([in_regions("cn-north-1")], "aws-cn", Own().account),
        ([in_regions("cn-north-1", "eu-west-1", "eu-west-3")], "aws", Own().account),
        ([in_regions("nowhere-1", "us-gov-west-1")], "aws-us-gov", Own().account),
        ([in_regions("cn-north-1"), to("arn:aws:s3:::a", "arn:aws:s3:::b")], "aws", Own().account),
        ([in_regions("us-east-1", "eu-west-1"), to("arn:aws-cn:s3:::a")], "aws-cn", Own().account),
        ([to("*", Condition={"StringEquals": {"aws:userid": "cn-north-1"}})], "aws", Own().account),
        ([{"NotResource": f"arn:aws-cn:iam::{OTHER}:role/a"}], "aws-cn", OTHER),
    ],
    ids=str,
)
def test_the_own_partition_and_account_are_those_named_most(
    statements: list[Json], partition: str, account: str
) -> None:
    """Whether a list takes all roles is asked of the account that the document is written for."""
    assert grants(*statements).resources.own == Own(partition, account)


ROLE_OF_ANOTHER = f"arn:aws:iam::{OTHER}:role/a"
QUEUES_OF_ONES_OWN = ["arn:aws:sqs:*:111122223333:a", "arn:aws:sqs:*:111122223333:b"]


@pytest.mark.parametrize(
    ("action", "account"), [("iam:PassRole", OTHER), ("*", OTHER), ("sts:AssumeRole", "111122223333")]
)
def test_the_account_that_actions_of_iam_name_is_the_own_one(action: str, account: str) -> None:
    """IAM's actions reach no other account, while a role is assumed and a queue is read there."""
    found = grants(to(ROLE_OF_ANOTHER, Action=action), to(*QUEUES_OF_ONES_OWN, Action="sqs:SendMessage"))

    assert found.resources.own.account == account


CENTER = ["arn:aws:sso:::instance/ssoins-1", "arn:aws:sso:::permissionSet/ssoins-2/ps-1"]


def test_the_own_instance_and_identity_store_are_those_named_most() -> None:
    """An organisation has one of each: to name it leaves nothing out."""
    store = "arn:aws:identitystore::111122223333:identitystore/d-1"
    found = grants(to(*CENTER, "arn:aws:sso:::permissionSet/ssoins-2/*", store, "arn:aws:s3:::ssoins-3"))

    assert (found.resources.own.instance, found.resources.own.identity_store) == ("ssoins-2", "d-1")
    assert grants(to("*")).resources.own == Own()


SEND, LOG = "sqs:SendMessage", "logs:PutLogEvents"
QUEUES, GROUPS = "arn:aws:sqs:eu-west-1:111122223333", "arn:aws:logs:eu-west-1:111122223333"


@pytest.mark.parametrize(
    ("action", "statements", "named"),
    [
        (SEND, [to(f"{QUEUES}:jobs")], [f"{QUEUES}:jobs"]),
        (SEND, [to(f"{QUEUES}:jobs-*")], [f"{QUEUES}:jobs-x1-example"]),
        (
            SEND,
            [to(f"{QUEUES}:jobs"), to(f"{QUEUES}:jobs", f"{QUEUES}:mail")],
            [f"{QUEUES}:jobs", f"{QUEUES}:mail"],
        ),
        (SEND, [to(f"{QUEUES}:jobs", Action="sqs:*"), to(f"{QUEUES}:mail", Action=LOG)], [f"{QUEUES}:jobs"]),
        (SEND, [to("arn:aws:s3:::reports/*", f"{QUEUES}:jobs")], [f"{QUEUES}:jobs"]),
        (SEND, [to("arn:aws:sqs:*:*:*")], []),
        (SEND, [to("arn:aws:sqs:*:*")], ["arn:aws:sqs:x1-example:x1-example"]),
        (SEND, [to(f"{QUEUES}:**")], []),
        (SEND, [to("arn:aws:*")], []),
        (SEND, [to("*")], []),
        (SEND, [to("arn:aws:tomorrow:*:*:*")], ["arn:aws:tomorrow:x1-example:x1-example:x1-example"]),
        (LOG, [to(f"{GROUPS}:log-group:*")], [f"{GROUPS}:log-group:x1-example"]),
        (LOG, [to(f"{GROUPS}:log-group:a:*")], [f"{GROUPS}:log-group:a:x1-example"]),
        (SEND, [{"NotResource": f"{QUEUES}:jobs"}], [f"{QUEUES}:jobs"]),
    ],
    ids=str,
)
def test_each_resource_that_a_policy_names_is_looked_at_by_itself(
    action: str, statements: list[Json], named: list[str]
) -> None:
    """What holds of all queues may not hold of this one; all of a service at once is no name."""
    found = grants(*statements).resources.named(catalogue().mask_of([action]))

    assert (list(found.arns), found.complete) == (named, True)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("arn:aws:lambda:*:*:function:*", True),
        ("arn:aws:lambda:*:111122223333:function:*", True),
        ("arn:aws:lambda:*:function:*", True),
        ("arn:aws:lambda:*", True),
        ("arn:aws:lambda:*::function:*", False),
        ("arn:aws:lambda::*:function:*", False),
        ("arn:aws:lambda:*:11112222333:function:*", False),
        ("arn:aws-us-gov:glue:*::job/*", False),
        ("arn:aws:ec2:*::instance/*", False),
        ("arn:aws:ec2:*::image/*", True),
        ("arn:aws:ec2:*:aws:prefix-list/*", True),
        ("arn:aws:ec2:*::thing-of-tomorrow/*", True),
        ("arn:aws:ssm:*::document/AWS-*", True),
        ("arn:aws:iam::*:user*", True),
        ("arn:aws:iam::*user/*", True),
        ("arn:aws:iam::*:users/*", False),
        ("arn:aws:iam::*:boss", False),
        ("arn:aws:iam::*:User/boss", False),
        ("arn:aws:iam::aws:policy/*", True),
        ("arn:aws:iam::aws:user/*", False),
        ("arn:aws:sso:::permissionset/*", False),
        ("arn:aws:sso:::permissionSet/*", True),
        ("arn:aws:sso::aws:applicationProvider/*", True),
        ("arn:aws:sso:eu-west-1::permissionSet/*", False),
        ("arn:aws:organizations::aws:policy/service_control_policy/*", True),
        ("arn:aws:states:*:*:stateMachine:*", True),
        ("arn:aws:states:*:*:*:app", True),
        ("arn:aws:states:::stateMachine:*", False),
    ],
)
def test_which_arns_there_can_be(pattern: str, *, expected: bool) -> None:
    """An ARN without the account that its kind has is nobody's; one of a kind that nobody knows may be."""
    assert can_be_matched(pattern) is expected


@pytest.mark.parametrize(
    "resource", ["arn:aws:iam::*:role*", "arn:aws:iam::*:u*", "arn:aws:iam::*:[a-z]*", "arn:aws:iam::*:boss"]
)
def test_a_pattern_of_iam_is_about_the_kinds_that_it_can_name(resource: str) -> None:
    """A way through groups was told of whoever has roles."""
    statement = {"Effect": "Allow", "Action": "iam:*", "Resource": resource}
    found = judge([attach({"Version": "2012-10-17", "Statement": [statement]})], now=1_795_000_000.0)

    assert found.undecided == ()
    assert not [path.name for path in found.escalation if "group" in path.name]
    assert bool(found.escalation) is (resource.endswith(("role*", "u*")))
