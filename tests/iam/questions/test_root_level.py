"""What is root-level, what is administrator-equivalent, and what only looks like it."""

from string import ascii_lowercase
from typing import Any

import pytest

from identity_guard.iam import Verdict, attach, judge, managed_attachment, managed_names, unknown
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.regions import REGIONS

Json = dict[str, Any]
NOW = 1_795_000_000.0
ALL: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def verdict(
    *statements: Json, boundary: list[Json] | None = None, scps: list[list[Json]] | None = None
) -> Verdict:
    """Judge statements of one document, within a boundary and levels of SCPs."""
    limit = None if boundary is None else attach({"Version": "2012-10-17", "Statement": boundary}, "boundary")
    levels = [[attach({"Version": "2012-10-17", "Statement": level}, "scp")] for level in scps or []]
    return judge([attach({"Version": "2012-10-17", "Statement": list(statements)})], limit, levels, NOW)


def allow(**changes: Any) -> Json:  # noqa: ANN401 - elements of a statement
    """Return an Allow of everything with some elements changed; None takes one away."""
    return {name: value for name, value in {**ALL, **changes}.items() if value is not None}


def deny(**changes: Any) -> Json:  # noqa: ANN401 - elements of a statement
    """Return a Deny of everything with some elements changed."""
    return {**allow(**changes), "Effect": "Deny"}


def only_if(**blocks: Json) -> Json:
    """Return an Allow of everything under a condition."""
    return allow(Condition=blocks)


LETTERS = [f"{letter}*" for letter in ascii_lowercase]

ROOT: dict[str, list[Json]] = {
    "star": [ALL],
    "any case": [allow(Action="IAM:*"), allow(Action=None, NotAction="iAm:*")],
    "star in a list": [allow(Action=["s3:GetObject", "*"], Resource=["arn:aws:s3:::x", "*"])],
    "wildcards in any place": [allow(Action="*:*")],
    "question mark and star": [allow(Action="?*:?*")],
    "letter by letter": [allow(Action=[f"{letter}:*" for letter in LETTERS])],
    "names letter by letter": [allow(Action=[f"*:{letter}" for letter in LETTERS])],
    "ARNs letter by letter": [allow(Resource=[f"arn:aws:{letter}" for letter in LETTERS])],
    "NotAction of nothing": [allow(Action=None, NotAction=[])],
    "NotAction of what does not exist": [allow(Action=None, NotAction="nosuch:*")],
    "NotAction of one small service": [allow(Action=None, NotAction="sns:*")],
    "NotAction of organizations": [allow(Action=None, NotAction="organizations:*")],
    "NotResource of one bucket": [allow(Resource=None, NotResource="arn:aws:s3:::one/*")],
    "NotResource of nothing": [allow(Resource=None, NotResource=[])],
    "two halves": [allow(Action=None, NotAction="ec2:*"), allow(Action=None, NotAction="iam:*")],
    "two halves of resources": [
        allow(Resource=None, NotResource="arn:aws:iam::*:*"),
        allow(Resource="arn:aws:iam::*:*"),
    ],
    "every ARN": [allow(Resource="arn:aws:*")],
    "every ARN of China": [allow(Resource="arn:aws-cn:*:*:*:*")],
    "one Deny": [ALL, deny(Action="account:CloseAccount")],
    "a Deny of nothing": [ALL, deny(Action=None, NotAction="*")],
    "a Deny of no resource": [ALL, deny(Resource=None, NotResource="*")],
    "a Deny on one path": [ALL, deny(Action="iam:*", Resource="arn:aws:iam::*:role/protected/*")],
    "a Deny for somebody else": [
        ALL,
        deny(Condition={"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:user/other"}}),
    ],
    "a Deny of plain HTTP": [ALL, deny(Condition={"Bool": {"aws:SecureTransport": "false"}})],
    "a Deny that has run out": [ALL, deny(Condition={"DateLessThan": {"aws:CurrentTime": "2020-01-01"}})],
    "a Deny outside the own organisation": [
        ALL,
        deny(Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-own1234567"}}),
    ],
}


@pytest.mark.parametrize("name", ROOT)
def test_root_level_however_it_is_written(name: str) -> None:
    """A checker that compares strings lets most of these through."""
    found = verdict(*ROOT[name])

    assert found.root_level is True
    assert found.administrator is False
    assert found.escalation == ()
    assert found.undecided == ()
    assert found.witness is not None


NO_RESTRICTION: dict[str, Json] = {
    "a match-all pattern": {"StringLike": {"aws:PrincipalArn": "*"}},
    "a match-all ARN": {"ArnLike": {"aws:PrincipalArn": "arn:*:*:*:*:*"}},
    "any address": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
    "any address in halves": {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
    "any IPv6 address": {"IpAddress": {"aws:SourceIp": "::/0"}},
    "all addresses but one": {"NotIpAddress": {"aws:SourceIp": "192.0.2.1"}},
    "all but private addresses": {"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"]}},
    "TLS": {"Bool": {"aws:SecureTransport": "true"}},
    "a past date": {"DateGreaterThan": {"aws:CurrentTime": "2015-01-01T00:00:00Z"}},
    "a far date": {"DateLessThan": {"aws:CurrentTime": "2099-01-01T00:00:00Z"}},
    "an epoch": {"NumericGreaterThanEquals": {"aws:EpochTime": "0"}},
    "a key that is always there": {"Null": {"aws:PrincipalArn": "false"}},
    "a key that never is": {"Null": {"nosuch:Key": "true"}},
    "IfExists on a key that never is": {"StringEqualsIfExists": {"nosuch:Key": "x"}},
    "IfExists on a key that nobody documents": {"StringEqualsIfExists": {"aws:NoSuchKey": "x"}},
    "IfExists on another route": {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-0123456789abcdef0"}},
    "a negated operator on another route": {"StringNotEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}},
    "ForAllValues on an absent key": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}},
    "no Region that exists": {"StringNotEquals": {"aws:RequestedRegion": "xx-nowhere-1"}},
    "every Region": {"StringEquals": {"aws:RequestedRegion": list(REGIONS["aws"])}},
    "every Region of China": {"StringLike": {"aws:RequestedRegion": ["cn-north-*", "cn-northwest-1"]}},
    "not through a service": {"Bool": {"aws:ViaAWSService": "false"}},
    "MFA": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    "a recent sign-in": {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}},
    "the own organisation": {"StringEquals": {"aws:PrincipalOrgID": "o-own1234567"}},
    "the own account's resources": {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}},
    "a key that equals itself": {"StringEquals": {"aws:username": "${aws:username}"}},
    "any tag but one": {"StringNotEquals": {"aws:ResourceTag/keep": "yes"}},
    "what few actions carry": {"StringEqualsIfExists": {"s3:prefix": "home/"}},
    "nothing": {"StringEquals": {}},
    "two that always hold": {"StringLike": {"aws:userid": "*"}, "Bool": {"aws:SecureTransport": "true"}},
}


@pytest.mark.parametrize("name", NO_RESTRICTION)
def test_a_condition_that_restricts_nothing_hides_nothing(name: str) -> None:
    """A condition that always holds is the oldest trick against checkers that ignore or trust conditions."""
    found = verdict(only_if(**NO_RESTRICTION[name]))

    assert found.root_level is True
    assert found.witness is not None


RESTRICTION: dict[str, Json] = {
    "one Region": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    "all Regions but that of the global services": {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}},
    "one network": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    "half of all addresses": {"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}},
    "an address as text": {"StringLike": {"aws:SourceIp": "203.0.113.*"}},
    "one route": {"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}},
    "any private route": {"Null": {"aws:SourceVpce": "false"}},
    "a tag of the principal": {"StringEquals": {"aws:PrincipalTag/team": "blue"}},
    "a tag of the resource": {"StringEquals": {"aws:ResourceTag/team": "blue"}},
    "a tag of the resource, if any": {"StringEqualsIfExists": {"aws:ResourceTag/team": "blue"}},
    "a tag of the request": {"StringEquals": {"aws:RequestTag/team": "blue"}},
    "a date that has passed": {"DateLessThan": {"aws:CurrentTime": "2016-01-01T00:00:00Z"}},
    "a date to come": {"DateGreaterThan": {"aws:CurrentTime": "2099-01-01T00:00:00Z"}},
    "a year from now": {"DateLessThan": {"aws:CurrentTime": "2027-11-01T00:00:00Z"}},
    "plain HTTP": {"Bool": {"aws:SecureTransport": "false"}},
    "through a service": {"Bool": {"aws:ViaAWSService": "true"}},
    "a key that is always there, absent": {"Null": {"aws:PrincipalArn": "true"}},
    "a star that is only a star": {"StringEquals": {"aws:PrincipalArn": "*"}},
    "what no request carries": {"StringEquals": {"nosuch:Key": "x"}},
    "what few actions carry": {"StringEquals": {"s3:prefix": "home/"}},
    "what many actions carry, if any": {"StringEqualsIfExists": {"ec2:Region": "eu-west-1"}},
}


@pytest.mark.parametrize("name", RESTRICTION)
def test_a_condition_that_restricts_is_no_root_level_access(name: str) -> None:
    """An alarm on what is fine teaches people to switch the check off."""
    assert verdict(only_if(**RESTRICTION[name])).root_level is False


def test_complementary_conditions_add_up() -> None:
    """One statement for a Region and one for all others is one for all Regions."""
    here = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}

    assert verdict(only_if(**here), only_if(**elsewhere)).root_level is True
    assert verdict(only_if(**here), only_if(**here)).root_level is False


def test_a_key_that_nobody_documents_leaves_a_restriction_open() -> None:
    """AWS adds keys; whether an unknown one restricts cannot be known, and is not called safe."""
    found = verdict(only_if(StringEquals={"aws:KeyOfTomorrow": "x"}))

    assert found.root_level is None
    assert "aws:keyoftomorrow" in found.undecided[0]


NOT_ROOT: dict[str, list[Json]] = {
    "no IAM": [allow(Action=None, NotAction="iam:*")],
    "no account": [allow(Action=None, NotAction="account:*")],
    "no sts": [allow(Action=None, NotAction="sts:*")],
    "no Identity Center": [allow(Action=None, NotAction="sso:*")],
    "no ec2": [allow(Action=None, NotAction="ec2:*")],
    "no way to write policies": [ALL, deny(Action=["iam:Put*", "iam:Attach*", "iam:Create*", "iam:Update*"])],
    "one service's ARNs": [allow(Resource="arn:aws:s3:::*")],
    "no IAM resources": [allow(Resource=None, NotResource="arn:aws:iam::*:*")],
    "a Deny of everything": [ALL, deny()],
    "a Deny of everything under a condition that always holds": [
        ALL,
        deny(Condition={"StringLike": {"aws:PrincipalArn": "*"}}),
    ],
    "a Deny of all but one service": [ALL, deny(Action=None, NotAction="ec2:*")],
    "a Deny outside two Regions": [
        ALL,
        deny(Condition={"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}),
    ],
    "a Deny outside the office": [ALL, deny(Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})],
    "only a Deny": [deny()],
    "no action": [allow(Action=None, NotAction="*")],
    "no resource": [allow(Resource=None, NotResource="*")],
    "the word": [{"Sid": "AdministratorAccess", **allow(Action="s3:GetObject")}],
}


@pytest.mark.parametrize("name", NOT_ROOT)
def test_what_is_not_root_level(name: str) -> None:
    """What is left out decides, not how much is left."""
    assert verdict(*NOT_ROOT[name]).root_level is False


def test_boundaries_and_scps_take_away() -> None:
    """A grant counts only as far as every limit lets it through."""
    assert verdict(ALL, boundary=[ALL]).root_level is True
    assert verdict(ALL, boundary=[allow(Action="s3:*")]).root_level is False
    assert verdict(ALL, boundary=[deny(Action="s3:GetObject")]).root_level is False
    assert verdict(ALL, boundary=[ALL, deny(Action="iam:*")]).root_level is False
    assert verdict(ALL, scps=[[ALL], [ALL]]).root_level is True
    assert verdict(ALL, scps=[[ALL], [allow(Action="ec2:*")]]).root_level is False
    assert verdict(ALL, scps=[[ALL, deny(Action="iam:*")], [ALL]]).root_level is False


def test_a_boundary_alone_is_no_grant() -> None:
    """A boundary of everything on an identity without policies gives nothing."""
    found = judge([], attach({"Version": "2012-10-17", "Statement": [ALL]}), now=NOW)

    assert (found.root_level, found.escalates, found.witness) == (False, False, None)


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_administrator_access_is_root_level_in_every_partition(partition: str) -> None:
    """The policy has the same name everywhere and another ARN in each partition."""
    assert (
        judge([managed_attachment(f"arn:{partition}:iam::aws:policy/AdministratorAccess")]).root_level is True
    )


def test_power_user_with_iam_is_an_administrator_and_not_root_level() -> None:
    """The walkthrough's permission set: all of IAM and nearly all else, yet not the account itself."""
    names = ("PowerUserAccess", "IAMFullAccess")
    found = judge([managed_attachment(f"arn:aws:iam::aws:policy/{name}") for name in names], now=NOW)

    assert (found.root_level, found.administrator, found.escalates) == (False, True, True)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow(Action=None, NotAction="account:*")], True),
        ([allow(Action=None, NotAction=["account:*", "ec2:*"])], True),
        ([allow(Action=None, NotAction=["account:*", "iam:CreateUser"])], True),
        ([allow(Action=None, NotAction=["iam:*"])], False),
        ([allow(Action=["iam:*", "s3:*"])], False),
        ([ALL], False),
    ],
)
def test_administrator_equivalent(statements: list[Json], *, expected: bool) -> None:
    """IAM whole and nine tenths of everything else, without being root-level."""
    assert verdict(*statements).administrator is expected


def test_a_list_of_todays_services_is_root_level_today() -> None:
    """Naming every service is as much as a star until AWS adds one; the verdict says both."""
    services = sorted({block.service for block in catalogue().blocks if not block.future})
    listed = verdict(allow(Action=[f"{service}:*" for service in services]))

    assert (listed.root_level, listed.root_level_today_only) == (True, True)
    assert verdict(ALL).root_level_today_only is False
    assert verdict(allow(Action=[f"*:{letter}" for letter in LETTERS])).root_level_today_only is False


def test_an_unknown_document_leaves_the_whole_open() -> None:
    """A customer-managed policy that is not at hand may allow everything, or deny it."""
    admin = attach({"Version": "2012-10-17", "Statement": [ALL]})
    reader = attach({"Version": "2012-10-17", "Statement": [allow(Action="s3:GetObject")]})
    missing = unknown("team-policy", "the stack does not hold it")

    assert judge([admin, missing]).root_level is None
    assert judge([reader, missing]).escalates is None
    assert judge([admin], missing).root_level is None
    assert judge([reader], missing).root_level is False
    assert judge([admin, missing]).undecided == ("team-policy: the stack does not hold it",)


def test_only_administrator_access_of_all_managed_policies_is_root_level() -> None:
    """Of the 1,582 policies that AWS manages there is one; any other is a false alarm on all its users."""
    found = [
        name
        for name in managed_names()
        if judge([managed_attachment(f"arn:aws:iam::aws:policy/{name}")], now=NOW).root_level is not False
    ]

    assert found == ["AdministratorAccess"]


@pytest.mark.parametrize(
    ("key", "variable"),
    [
        ("aws:username", "${aws:username}"),
        ("aws:PrincipalArn", "${aws:PrincipalArn}"),
        ("aws:PrincipalAccount", "${aws:PrincipalAccount}"),
        ("aws:ResourceAccount", "${aws:PrincipalAccount}"),
    ],
)
def test_a_document_of_2008_has_no_variables(key: str, variable: str) -> None:
    """There a variable is compared as it is written, and nobody is called so: such a grant is none.

    IAM User Guide, reference_policies_variables: the version has to be 2012-10-17.
    """
    statement = only_if(StringEquals={key: variable})
    found = {
        version: judge([attach({"Version": version, "Statement": statement})], now=NOW).root_level
        for version in ("2008-10-17", "2012-10-17")
    }

    assert found == {"2008-10-17": False, "2012-10-17": True}
