"""Which states of a condition key are tried: what nobody tries, nobody is warned of."""

from typing import Final

import pytest

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import Own
from identity_guard.iam.document.condition import Values, read_condition
from identity_guard.iam.evaluate.context_space import actions_carrying, cut
from identity_guard.iam.evaluate.context_state import MOST_VALUES, UNTRIED, Setting
from tests.iam.statements import NOW, Json, verdict

SETTING = Setting(Own(), NOW)


def allow(condition: Json, action: str | list[str] = "*") -> Json:
    """Return an Allow under a condition."""
    return {"Effect": "Allow", "Action": action, "Resource": "*", "Condition": condition}


def tried(key: str, condition: Json, setting: Setting = SETTING) -> list[Values]:
    """Return the values that are tried for a key that stands in a condition."""
    clauses = read_condition(condition, variables=True)
    return [dict(cell.values)[key] for cell in cut(key, clauses, setting).context_states]


TAG, TAG_KEYS, ORGANISATION = "aws:RequestTag/team", "aws:TagKeys", "aws:PrincipalOrgPaths"
CARRIED, SEVERAL_CARRIED = "iam:ResourceTag/team", "sts:TransitiveTagKeys"


TAGGED: Final = ["sts:AssumeRole", "sts:TagSession"]
"""What a path takes on which the caller hands tags over."""


def open_to(condition: Json, action: str | list[str] = "iam:AttachRolePolicy") -> bool:
    """Say whether a path that needs one action is open under a condition."""
    found = verdict(allow(condition, action))
    assert found.escalation_undecided == ()
    return bool(found.escalation)


@pytest.mark.parametrize(
    ("key", "action"),
    [(TAG_KEYS, TAGGED), (SEVERAL_CARRIED, "sts:AssumeRole")],
)
@pytest.mark.parametrize(
    "condition",
    [
        {"ForAnyValue:StringEquals": "a"},
        {"ForAnyValue:StringEquals": "a", "ForAnyValue:StringLike": "b"},
        {"ForAnyValue:StringEquals": "a", "ForAnyValue:StringNotEquals": "a"},
        {"ForAnyValue:StringEquals": "a", "ForAnyValue:StringNotEquals": ["a", "b"]},
        {"ForAnyValue:StringEquals": "b", "ForAnyValue:StringNotEquals": ["a", "b"]},
        {
            "ForAnyValue:StringEquals": "a",
            "ForAnyValue:StringLike": "b",
            "ForAnyValue:StringNotEquals": ["a", "b"],
        },
        {"ForAllValues:StringEquals": "a", "Null": "false"},
    ],
)
def test_a_list_can_hold_several_values_at_once(key: str, action: str | list[str], condition: Json) -> None:
    """A key with a list is passed by a list that somebody puts together; so a path behind it is open."""
    assert open_to({operator: {key: value} for operator, value in condition.items()}, action)


@pytest.mark.parametrize(
    ("key", "action"),
    [(TAG, TAGGED), ("aws:username", "iam:AttachRolePolicy"), (CARRIED, "sts:AssumeRole")],
)
@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": "a", "StringLike": "b"},
        {"StringEquals": "a", "StringLike": "o*"},
        {"StringEquals": "a", "Null": "true"},
        {"StringEquals": "a", "StringNotLike": "a*"},
    ],
)
def test_a_single_value_is_not_two_at_once(key: str, action: str | list[str], condition: Json) -> None:
    """A path behind a condition that nothing fulfils is a false alarm."""
    assert open_to({"StringEquals": {key: "a"}}, action)
    assert not open_to({operator: {key: value} for operator, value in condition.items()}, action)


def test_who_calls_can_be_on_two_paths_of_an_organisation_and_has_one_name() -> None:
    """An organisation's paths are a list, and the holder of a grant may stand on every one that it names."""
    both = {
        "ForAnyValue:StringEquals": {ORGANISATION: "o-a/"},
        "ForAnyValue:StringLike": {ORGANISATION: "o-b/*"},
    }
    two_names = {"StringEquals": {"aws:username": "a"}, "StringLike": {"aws:username": "b*"}}

    assert verdict(allow(both)).root_level is True
    assert verdict(allow(two_names)).root_level is False


@pytest.mark.parametrize(
    ("condition", "root_level"),
    [
        ({"StringEquals": {"s3:prefix": "x"}}, False),
        ({"StringEquals": {"kms:EncryptionContext:app": "x"}}, False),
        ({"StringEquals": {"kms:EncryptionContext:app/team": "x"}}, False),
        ({"StringEquals": {"ec2:ResourceTag/team": "x"}}, False),
        ({"StringEquals": {"ec2:ResourceTag/team/part": "x"}}, False),
        ({"StringEquals": {"s3:ExistingObjectTag/team": "x"}}, False),
        ({"StringEquals": {"secretsmanager:ResourceTag/team": "x"}}, False),
        ({"StringEquals": {"rds:snapshot-tag/team": "x"}}, False),
        ({"StringEquals": {"codebuild:environment.environmentVariables/STAGE.value": "x"}}, False),
        ({"StringEquals": {"codebuild:environment.environmentVariables/STAGE.kind": "x"}}, None),
        ({"StringEquals": {"token.actions.acme.ghe.com:actor": "x"}}, False),
        ({"StringEquals": {"ec2:RoleDelivery": "2.0"}}, False),
        ({"StringEquals": {"identitystore:UserId": "x"}}, False),
        ({"StringEquals": {"nosuch:Key": "x"}}, False),
        ({"StringEquals": {"s3": "x"}}, None),
        ({"StringEquals": {"s3:KeyOfTomorrow": "x"}}, None),
        ({"StringEquals": {"s3:KeyOfTomorrow/s3": "x"}}, None),
        ({"StringEquals": {"nosuch:s3": "x"}}, False),
        ({"StringEquals": {"aws:KeyOfTomorrow": "x"}}, None),
        ({"StringEquals": {"aws:NewA": "x"}, "Null": {"aws:NewB": "true"}}, None),
        ({"StringEquals": {"aws:UserAgent": "tool/*"}}, True),
        ({"StringEquals": {"aws:Referer": "{page}?"}}, True),
    ],
)
def test_what_is_known_of_a_key_decides_what_a_condition_on_it_restricts(
    condition: Json, *, root_level: bool | None
) -> None:
    """A key of the catalogue is there in the calls that carry it; one that may be new leaves it open."""
    assert verdict(allow(condition)).root_level is root_level


def test_a_key_that_may_be_new_opens_what_it_guards() -> None:
    """Whoever may call with the value that a policy asks for passes; nothing says that nobody can."""
    assert open_to({"StringEquals": {"aws:KeyOfTomorrow": "x"}})
    assert open_to({"StringNotEquals": {"aws:KeyOfTomorrow": "x"}, "Null": {"aws:KeyOfTomorrow": "false"}})


@pytest.mark.parametrize(
    ("key", "carrying", "not_carrying"),
    [
        ("s3:prefix", "s3:ListBucket", "s3:GetBucketLocation"),
        ("ec2:resourcetag/team", "ec2:RunInstances", "s3:ListBucket"),
        ("ec2:resourcetag/team/part", "ec2:RunInstances", "s3:ListBucket"),
        ("kms:encryptioncontext:app", "kms:Decrypt", "ec2:RunInstances"),
        ("kms:encryptioncontext:app:part", "kms:Decrypt", "ec2:RunInstances"),
        ("iam:resourcetag/team", "sts:AssumeRole", "iam:CreateAccountAlias"),
        ("ssm:resourcetag/team", "ssm:SendCommand", "ssm:DescribeParameters"),
        ("ssm:resourcetag/team", "ssm:UpdateManagedInstanceRole", "ssm:DescribeParameters"),
        ("ssm:resourcetag/aws:ssmmessages:session-id", "ssm:ResumeSession", "ssm:SendCommand"),
        ("secretsmanager:resourcetag/team", "secretsmanager:GetSecretValue", "secretsmanager:ListSecrets"),
        ("s3:existingobjecttag/team", "s3:GetObject", "s3:ListBucket"),
        ("s3:requestobjecttag/team", "s3:PutObject", "s3:GetObject"),
        ("s3-outposts:existingobjecttag/team", "s3-outposts:GetObject", "s3:GetObject"),
        ("s3:buckettag/team", "s3:ListBucket", "s3:ListAllMyBuckets"),
        ("rds:db-tag/team", "rds:DeleteDBInstance", "rds:DescribeEvents"),
        ("rds:snapshot-tag/team", "rds:DeleteDBSnapshot", "rds:DeleteDBSubnetGroup"),
        ("ecr:resourcetag/team", "ecr:PutImage", "ecr:GetAuthorizationToken"),
        ("dms:task-tag/team", "dms:StartReplicationTask", "dms:DescribeEvents"),
        ("events:metadata/team", "events:PutRawEvents", "events:PutRule"),
        (
            "codebuild:environment.environmentvariables/stage.value",
            "codebuild:StartBuild",
            "codebuild:ListBuilds",
        ),
        ("codebuild:secondarysources/extra.location", "codebuild:CreateProject", "codebuild:ListBuilds"),
        ("codebuild:secondarysources/extra.auth.type", "codebuild:CreateProject", "codebuild:ListBuilds"),
        ("codebuild:filesystemlocations/disk.type", "codebuild:CreateProject", "codebuild:StartBuild"),
        ("token.actions.acme.ghe.com:actor", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"),
        ("token.actions.githubusercontent.com/acme:ref", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"),
        ("agent.acme.buildkite.dev:cluster_id", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"),
    ],
)
def test_keys_with_a_part_of_their_own_have_the_carriers_of_their_kind(
    key: str, carrying: str, not_carrying: str
) -> None:
    """A tag's name follows a slash, an encryption context's a colon, and either may hold more of them.

    AWS writes that part in several ways, at the end or in the middle: `s3:ExistingObjectTag/<key>`,
    `ssm:resourceTag/tag-key`, `codebuild:environment.environmentVariables/${name}.value`.
    """
    carrying_actions = actions_carrying(key)

    assert carrying_actions is not None
    assert carrying in set(catalogue().names(carrying_actions))
    assert not_carrying not in set(catalogue().names(carrying_actions))


@pytest.mark.parametrize(
    ("key", "operator", "value", "expected"),
    [
        ("sts:durationseconds", "NumericLessThan", "2000", ["1999", "2000", "2001"]),
        ("sts:durationseconds", "NumericEquals", "0.5", ["-0.5", "0.5", "1.5"]),
        ("sts:durationseconds", "NumericEquals", "soon", []),
        ("aws:tokenissuetime", "DateLessThan", "2026-11-18", ["1794959999", "1794960000", "1794960001"]),
        ("aws:tokenissuetime", "DateLessThan", "2026-01-01", []),
        ("sts:durationseconds", "DateGreaterThan", "2026", ["1767225599", "1767225600", "1767225601"]),
        ("aws:vpcsourceip", "IpAddress", "10.1.0.0/16", ["10.1.0.0", "10.2.0.0"]),
        ("aws:vpcsourceip", "NotIpAddress", "255.255.255.0/24", ["255.255.255.0"]),
        ("aws:vpcsourceip", "IpAddress", "fd00::/16", ["fd00:0:0:0:0:0:0:0", "fd01:0:0:0:0:0:0:0"]),
        ("aws:vpcsourceip", "IpAddress", "ffff::/16", ["ffff:0:0:0:0:0:0:0"]),
        ("aws:vpcsourceip", "IpAddress", "somewhere", []),
        ("aws:requesttag/team", "StringLike", "a*", ["aother-value-0x7"]),
        ("aws:requesttag/team", "Null", "true", []),
        ("aws:ec2instancesourcevpc", "Bool", "true", ["true", "false"]),
    ],
)
def test_a_condition_is_tried_on_both_sides_of_each_limit(
    key: str, operator: str, value: str, expected: list[str]
) -> None:
    """A limit one too high or too low lets in who is meant to be kept out, and only such a value shows it."""
    named = [(each,) for each in expected]
    others = {None, ("other-value-0x7",), (f"{NOW:.0f}",)}

    assert [each for each in tried(key, {operator: {key: value}}) if each not in others] == named


@pytest.mark.parametrize(
    ("action", "key"),
    [
        ("iam:AttachRolePolicy", "iam:ResourceTag/team"),
        ("iam:UpdateAssumeRolePolicy", "iam:ResourceTag/team"),
        ("ssm:StartSession", "ssm:ResourceTag/team"),
        ("codebuild:StartBuild", "codebuild:environment.environmentVariables/STAGE.value"),
    ],
)
def test_a_call_carries_the_keys_of_the_resource_that_it_is_about(action: str, key: str) -> None:
    """Of most services AWS says which keys a type of resource has, and not which each action carries."""
    allowed = {
        "Effect": "Allow",
        "Action": action,
        "Resource": "*",
        "Condition": {"StringEquals": {key: "x"}},
    }

    assert verdict(allowed).mfa_enforced is False
    assert bool(verdict(allowed).paths.certain) == bool(verdict({**allowed, "Condition": {}}).paths.certain)


def test_an_address_inside_one_range_and_outside_the_others_is_found() -> None:
    """Where two small networks are cut off a large one's ends, all between them is still let in."""
    inside = {
        "IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"},
        "NotIpAddress": {"aws:VpcSourceIp": ["10.0.0.0/24", "10.255.255.0/24"]},
    }
    nowhere = {**inside, "NotIpAddress": {"aws:VpcSourceIp": ["10.0.0.0/9", "10.128.0.0/9"]}}

    assert open_to(inside)
    assert not open_to(nowhere)


def test_more_values_than_are_tried_leave_the_answer_open() -> None:
    """What was not looked at must not be called safe; what was, every value of it, is decided."""
    known = [f"name-{number}" for number in range(MOST_VALUES + 1)]

    def complete(values: list[str]) -> bool:
        return UNTRIED not in tried(TAG.lower(), {"StringEquals": {TAG: values}})

    assert complete(known[:-1])
    assert not complete(known)
    assert (known[MOST_VALUES - 1],) in tried(TAG.lower(), {"StringEquals": {TAG: known}})
    assert (known[MOST_VALUES],) not in tried(TAG.lower(), {"StringEquals": {TAG: known}})
