"""The call that proves an answer: written as AWS writes it, and allowed by the very documents."""

from typing import Any

import pytest

from identity_guard.iam import Request, Verdict, Witness, attach, judge, judge_trust, may
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.evaluate.context_state import OTHER
from identity_guard.iam.evaluate.resource_reach import takers_of
from identity_guard.iam.evaluate.strangers import STRANGE_ACCOUNT

Json = dict[str, Any]
NOW = 1_795_000_000.0
ORDINARY = {
    "aws:PrincipalArn": "arn:aws:iam::111122223333:user/example-holder",
    "aws:PrincipalAccount": "111122223333",
    "aws:PrincipalType": "User",
    "aws:userid": "AIDAEXAMPLEHOLDER",
    "aws:username": "example-holder",
    "aws:SecureTransport": "true",
    "aws:SourceIp": "198.51.100.10",
    "aws:CurrentTime": "2026-11-18T11:06:40Z",
    "aws:EpochTime": "1795000000",
    "aws:RequestedRegion": "us-east-1",
    "aws:ViaAWSService": "false",
    "aws:PrincipalIsAWSService": "false",
    "aws:ResourceAccount": "111122223333",
}


def allow(actions: Any = "*", resource: Any = "*", **condition: Any) -> Json:  # noqa: ANN401 - any of JSON
    """Return an Allow, under a condition if one is given."""
    found = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return {**found, "Condition": condition} if condition else found


def verdict(*statements: Json, boundary: Json | None = None) -> Verdict:
    """Judge statements of one document."""
    limit = None if boundary is None else attach({"Version": "2012-10-17", "Statement": boundary}, "limit")
    return judge([attach({"Version": "2012-10-17", "Statement": list(statements)}, "own")], limit, now=NOW)


def shown(*statements: Json) -> Witness:
    """Return the call without MFA, which the documents must allow when it is asked for."""
    found = verdict(*statements).witness_without_mfa
    assert found is not None
    document = attach({"Version": "2012-10-17", "Statement": list(statements)})
    assert may([document], Request(found.action, found.resource, found.context)).allowed is True
    return found


def test_an_ordinary_call_is_written_whole() -> None:
    """A reader can put it into AWS's own policy simulator."""
    assert shown(allow("s3:*")).context == ORDINARY


CHANGED: dict[str, tuple[Json, Json]] = {
    "the Region": (
        {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
        {"aws:RequestedRegion": "eu-west-1"},
    ),
    "the address": ({"IpAddress": {"aws:SourceIp": "203.0.113.7"}}, {"aws:SourceIp": "203.0.113.7"}),
    "a net of the example address": ({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, {}),
    "the time": (
        {"DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
        {"aws:CurrentTime": "2030-01-01T00:00:01Z", "aws:EpochTime": "1893456001"},
    ),
    "a list of services": (
        {"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}},
        {
            "aws:ViaAWSService": "true",
            "aws:CalledVia": ["athena.amazonaws.com"],
            "aws:CalledViaFirst": "athena.amazonaws.com",
            "aws:CalledViaLast": "athena.amazonaws.com",
        },
    ),
    "a list of one tag": (
        {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}},
        {"aws:tagkeys": ["team"]},
    ),
    "a name": ({"StringEquals": {"aws:username": "alice"}}, {"aws:username": "alice"}),
    "a key that is not there": ({"Null": {"aws:username": "true"}}, {"aws:username": None}),
    "MFA that was not used": (
        {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
        {"aws:MultiFactorAuthPresent": "false"},
    ),
    "a tag that is the own name": (
        {"StringEquals": {"aws:ResourceTag/owner": "${aws:username}"}},
        {"aws:resourcetag/owner": "example-holder"},
    ),
    "two tags that are the same": (
        {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
        {"aws:resourcetag/team": OTHER, "aws:principaltag/team": OTHER},
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_condition_changes_what_it_is_about_and_nothing_else(name: str) -> None:
    """What is not asked for stays ordinary, so that the reader sees what matters."""
    condition, changed = CHANGED[name]
    expected = {key: value for key, value in {**ORDINARY, **changed}.items() if value is not None}

    assert shown(allow("ec2:RunInstances", **condition)).context == expected


def test_what_another_statement_asks_for_is_not_put_on() -> None:
    """A call without MFA has none, also where another statement asks for it; nor a route of others."""
    others = [
        allow("ec2:*", Bool={"aws:MultiFactorAuthPresent": "true"}),
        allow("ec2:*", StringEquals={"aws:SourceVpce": "vpce-1", "aws:RequestedRegion": "eu-west-1"}),
        allow("ec2:*", DateGreaterThan={"aws:CurrentTime": "2030-01-01T00:00:00Z"}),
    ]

    assert shown(allow("s3:GetObject"), *others).context == ORDINARY


@pytest.mark.parametrize(
    ("partition", "region"), [("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")]
)
def test_the_call_is_made_in_the_own_partition_and_account(partition: str, region: str) -> None:
    """A call of another partition is none."""
    found = shown(allow("iam:PutRolePolicy", f"arn:{partition}:iam::444455556666:role/app"))

    assert found.resource == f"arn:{partition}:iam::444455556666:role/app"
    assert found.context["aws:PrincipalArn"] == f"arn:{partition}:iam::444455556666:user/example-holder"
    assert found.context["aws:PrincipalAccount"] == "444455556666"
    assert found.context["aws:RequestedRegion"] == region


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:iam::111122223333:user/${aws:username}", "arn:aws:iam::111122223333:user/example-holder"),
        (
            "arn:aws:iam::111122223333:user/${aws:PrincipalTag/x}-${aws:username}",
            f"arn:aws:iam::111122223333:user/{OTHER}-example-holder",
        ),
    ],
)
def test_a_variable_in_a_resource_has_its_value(resource: str, expected: str) -> None:
    """The reader sees whose user it is."""
    statement = allow("iam:PutUserPolicy", resource, StringLike={"aws:PrincipalTag/x": "*"})
    found = verdict(statement).witness_without_mfa

    assert found is not None
    assert found.resource == expected


def test_a_variable_of_a_list_of_one_has_that_value() -> None:
    """Of a list of several no call is shown: which of them AWS takes is not said."""
    condition = {"ForAnyValue:StringEquals": {"aws:VpceOrgPaths": "team"}}
    statement = allow("iam:PutUserPolicy", "arn:aws:iam::111122223333:user/${aws:VpceOrgPaths}", **condition)

    assert shown(statement).resource == "arn:aws:iam::111122223333:user/team"


def test_a_call_hands_the_role_to_the_service_that_the_path_goes_through() -> None:
    """Also where another statement names another service."""
    found = verdict(
        allow(["iam:PassRole", "ec2:RunInstances"]),
        allow("s3:*", StringEquals={"iam:PassedToService": "lambda.amazonaws.com"}),
    )
    (path,) = found.escalation
    call = found.witness_of(path)

    assert call is not None
    assert (call.action, call.context["iam:passedtoservice"]) == ("iam:PassRole", "ec2.amazonaws.com")


def test_the_statement_that_allows_it_is_named_and_not_the_limit() -> None:
    """Who wants to close the way has to change the grant."""
    found = verdict(allow("s3:*"), allow("iam:PutRolePolicy"), boundary=allow()).witness

    assert found is not None
    assert [(place.document, place.layer) for place in found.statements] == [("own", 0), ("limit", 1)]
    assert str(found) == f"iam:PutRolePolicy on {found.resource}, allowed by own, Statement[1]"


def test_a_stranger_is_of_another_account_also_where_the_own_one_is_named() -> None:
    """What is shown of a public role is a call from elsewhere."""
    trust = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    found = judge_trust({"Version": "2012-10-17", "Statement": trust}, NOW).witness

    assert found is not None
    assert found.context["aws:PrincipalAccount"] == STRANGE_ACCOUNT
    assert found.context["aws:PrincipalArn"] == f"arn:aws:iam::{STRANGE_ACCOUNT}:user/example-holder"


def test_what_setting_up_mfa_needs_is_not_shown_as_a_call_without_it() -> None:
    """To see oneself without MFA is meant to be possible; to write one's own policy is what is wrong."""
    found = verdict(allow(["iam:GetUser", "iam:PutUserPolicy"], "arn:aws:iam::*:user/x")).witness_without_mfa

    assert found is not None
    assert found.action == "iam:PutUserPolicy"


@pytest.mark.parametrize(
    "statements",
    [
        [allow(), {**allow("iam:*", "arn:aws:iam::*:role/protected/*"), "Effect": "Deny"}],
        [allow(resource="arn:aws:*")],
        [{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::audit-logs/*"}],
    ],
    ids=["a Deny of some roles", "every ARN", "all but a bucket"],
)
def test_a_call_is_shown_on_a_resource_that_its_action_takes(statements: list[Json]) -> None:
    """Nobody attaches a policy to an address book, though nothing in the documents says so."""
    found = verdict(*statements)

    for shown in (found.witness, found.witness_without_mfa):
        assert shown is not None
        bit = catalogue().bit_of(shown.action)
        assert bit is not None
        assert takers_of(shown.resource) >> bit & 1
