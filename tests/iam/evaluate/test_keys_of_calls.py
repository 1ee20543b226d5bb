"""Which calls carry which keys: those of services, of sessions, of tags; and times that cannot be."""

from typing import Final

import pytest

from identity_guard.iam import attach, judge, judge_trust
from tests.iam.statements import NOW, Json, allow, deny, opened, verdict

INSTANCES: Final = "arn:aws:ec2:*:*:instance/*"
OLD, LONG_AGO = "2026-11-01T00:00:00Z", "2020-01-01T00:00:01Z"
LATER: Final = "2030-01-01T00:00:00Z"
SINCE_THIS_MORNING: Final = "2026-11-18T06:00:00Z"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ec2:SourceInstanceARN", INSTANCES),
        ("ssm:SourceInstanceArn", INSTANCES),
        ("lambda:SourceFunctionArn", "arn:aws:lambda:*:*:function:*"),
        ("codebuild:BuildArn", "arn:aws:codebuild:*:*:build/*"),
        ("codebuild:ProjectArn", "arn:aws:codebuild:*:*:project/*"),
        ("glue:RoleAssumedBy", "glue.amazonaws.com"),
        ("ec2:RoleDelivery", "2.0"),
        ("identitystore:UserId", "1111-2222"),
        ("IdentityStore:IdentityStoreArn", "arn:aws:identitystore::111122223333:identitystore/d-*"),
        ("identitycenter:ApplicationArn", "arn:aws:sso::111122223333:application/*"),
        ("identitycenter:InstanceArn", "arn:aws:sso:::instance/*"),
        ("identitycenter:CredentialId", "*"),
        ("credentials-iot:ThingName", "camera-*"),
        ("cognito-identity.amazonaws.com:sub", "eu-west-1:*"),
        ("www.amazon.com:user_id", "amzn1.account.*"),
        ("saml:sub", "_*"),
        ("SAML:NameQualifier", "*"),
    ],
)
@pytest.mark.parametrize("action", ["iam:CreateAccessKey", "iam:PutUserPolicy", "iam:UpdateAssumeRolePolicy"])
def test_a_cross_service_key_is_carried_by_calls_of_every_service(key: str, value: str, action: str) -> None:
    """Credentials of an instance or function open the path, and no MFA is asked of them."""
    named = allow(action, Condition={"StringLike": {key: value}})
    unless = [allow(action), deny(Condition={"Null": {key: "true"}})]

    for statements in ([named], unless):
        assert opened(*statements)
        assert verdict(*statements).mfa_enforced is False


@pytest.mark.parametrize(
    "service", ["events.amazonaws.com", "ssm.amazonaws.com", "personalize.amazonaws.com"]
)
@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:events:*:111122223333:rule/*"}},
        {"StringEquals": {"aws:SourceOrgID": "o-abcdefghij"}},
        {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-abcdefghij/*"}},
        {"Bool": {"aws:PrincipalIsAWSService": "true"}},
        {"StringEquals": {"aws:PrincipalServiceName": "events.amazonaws.com"}},
        {"Null": {"aws:SourceArn": "false"}, "StringEquals": {"aws:SourceAccount": "111122223333"}},
    ],
)
def test_a_service_comes_with_the_keys_of_its_own_calls(service: str, condition: Json) -> None:
    """A role that a service assumes is assumed without MFA; to say otherwise would vouch for it."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    trust = judge_trust({"Version": "2012-10-17", "Statement": {**statement, "Condition": condition}}, NOW)

    (trusted,) = trust.trusted_principals
    assert (trusted.name, trusted.requires_mfa) == (service, False)
    assert trust.requires_mfa is False
    assert trust.public is False


def test_an_account_does_not_come_with_the_keys_of_services() -> None:
    """Only a service's own calls have a source account."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "444455556666"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    }

    assert judge_trust({"Version": "2012-10-17", "Statement": statement}, NOW).trusted_principals == ()


@pytest.mark.parametrize(
    ("condition", "root_level", "escalates"),
    [
        ({"DateLessThan": {"aws:TokenIssueTime": LONG_AGO}}, False, False),
        ({"DateLessThanEquals": {"aws:TokenIssueTime": OLD}}, False, False),
        ({"DateEquals": {"aws:TokenIssueTime": LONG_AGO}}, False, False),
        ({"DateGreaterThan": {"aws:TokenIssueTime": LONG_AGO}}, True, False),
        ({"DateLessThan": {"aws:TokenIssueTime": LATER}}, True, False),
        ({"DateLessThan": {"aws:TokenIssueTime": SINCE_THIS_MORNING}}, True, False),
        ({"DateGreaterThan": {"aws:TokenIssueTime": LATER}}, False, True),
        ({"DateLessThanIfExists": {"aws:TokenIssueTime": LONG_AGO}}, True, False),
        ({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "200000"}}, False, False),
        ({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "86400"}}, True, False),
    ],
)
def test_no_session_is_older_than_sessions_get(condition: Json, *, root_level: bool, escalates: bool) -> None:
    """A leave for sessions of years ago is nobody's; one for later sessions opens its way later."""
    found = verdict(allow(Condition=condition))

    assert (found.root_level, found.escalates) == (root_level, escalates)


@pytest.mark.parametrize(
    "action",
    [
        "iam:PutUserPolicy",
        "iam:CreateAccessKey",
        "iam:CreatePolicyVersion",
        "iam:AttachRolePolicy",
        "sso:Create*",
    ],
)
@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:RequestTag/x": "y"}},
        {"StringLike": {"aws:RequestTag/x": "*"}},
        {"ForAnyValue:StringEquals": {"aws:TagKeys": ["x"]}},
        {"Null": {"aws:TagKeys": "false"}},
    ],
)
def test_a_call_without_tags_has_none(action: str, condition: Json) -> None:
    """`iam:PutUserPolicy` takes no tags: a condition that asks for some grants nothing."""
    if action == "sso:Create*":
        action = "sso:CreateAccountAssignment"
    assert opened(allow(action, Condition=condition)) == []


@pytest.mark.parametrize(
    ("actions", "condition", "is_open"),
    [
        (["sts:AssumeRole"], {"StringEquals": {"aws:RequestTag/x": "y"}}, False),
        (["sts:AssumeRole", "sts:TagSession"], {"StringEquals": {"aws:RequestTag/x": "y"}}, True),
        (["sts:AssumeRole"], {"StringNotEquals": {"aws:RequestTag/x": "y"}}, True),
        (["sts:AssumeRole"], {"StringEquals": {"sts:SourceIdentity": "me"}}, False),
        (["sts:AssumeRole", "sts:SetSourceIdentity"], {"StringEquals": {"sts:SourceIdentity": "me"}}, True),
        (["sts:*"], {"ForAnyValue:StringEquals": {"aws:TagKeys": "x"}}, True),
    ],
)
def test_what_a_session_is_given_takes_its_own_leave(
    actions: list[str], condition: Json, *, is_open: bool
) -> None:
    """A session gets tags by sts:TagSession and a source identity by sts:SetSourceIdentity, else none."""
    assert ("sts-assume-role" in opened(allow(actions, Condition=condition))) is is_open


WITH_TAG: Final = {"StringEquals": {"aws:RequestTag/x": "y"}}
EUROPE: Final = {"aws:RequestedRegion": "eu-west-1"}


@pytest.mark.parametrize(
    ("denies", "is_open"),
    [
        ([deny("sts:TagSession")], False),
        ([{"Effect": "Deny", "NotAction": "sts:AssumeRole", "Resource": "*"}], False),
        (
            [
                deny("sts:TagSession", Condition={"StringEquals": EUROPE}),
                deny("sts:T*", Condition={"StringNotEquals": EUROPE}),
            ],
            False,
        ),
        ([deny("sts:TagSession", Condition={"StringEquals": EUROPE})], True),
        ([deny("sts:TagSession", "arn:aws:iam::*:role/one")], True),
    ],
)
def test_leave_for_tags_that_denies_take_back_is_none(denies: list[Json], *, is_open: bool) -> None:
    """Allow everything and deny the rest says the same as to allow the one thing, so it is judged alike."""
    assert ("sts-assume-role" in opened(allow("sts:*", Condition=WITH_TAG), *denies)) is is_open


OF_USERS: Final[dict[str, list[Json]]] = {
    "by name": [allow(Condition={"StringLike": {"aws:username": "*"}})],
    "by kind": [allow(Condition={"StringEquals": {"aws:PrincipalType": "User"}})],
    "by ARN": [allow(Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}})],
    "by unique id": [allow(Condition={"StringLike": {"aws:userid": "AIDA*"}})],
    "by not being a session": [allow(Condition={"Null": {"aws:TokenIssueTime": "true"}})],
    "all but roles": [allow(), deny(Condition={"StringEquals": {"aws:PrincipalType": "AssumedRole"}})],
    "all but sessions": [allow(), deny(Condition={"DateGreaterThan": {"aws:TokenIssueTime": LONG_AGO}})],
    "their own user": [allow("iam:PutUserPolicy", "arn:aws:iam::*:user/${aws:username}")],
}


@pytest.mark.parametrize("name", OF_USERS)
def test_the_holder_of_a_permission_set_is_no_user(name: str) -> None:
    """Who signs in through Identity Center uses a role: what is for IAM users gives them nothing."""
    document = {"Version": "2012-10-17", "Statement": OF_USERS[name]}
    of_set = judge([attach(document)], now=NOW, role_session=True)
    of_anybody = judge([attach(document)], now=NOW)

    assert (of_set.root_level, of_set.escalates) == (False, False)
    assert of_anybody.root_level or of_anybody.escalates


@pytest.mark.parametrize(
    "statement",
    [
        allow(Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/aws-reserved/*"}}),
        allow(Condition={"StringEquals": {"aws:PrincipalType": "AssumedRole"}}),
        allow(Condition={"StringNotLike": {"aws:username": "x*"}}),
        allow(Condition={"StringLike": {"aws:userid": "AROA*"}}),
    ],
)
def test_what_a_session_has_is_no_limit_for_it(statement: Json) -> None:
    """Everything for everybody who signs in is root-level access."""
    document = {"Version": "2012-10-17", "Statement": statement}

    assert judge([attach(document)], now=NOW, role_session=True).root_level is True


@pytest.mark.parametrize(
    "key", ["saml:aud", "saml:edupersonorgdn", "sts:ExternalId", "sts:RequestContextProviders"]
)
def test_a_key_of_one_call_is_in_no_other(key: str) -> None:
    """It comes with the call that assumes a role, and with none that is made with the role's session."""
    assert opened(allow("iam:CreateAccessKey", Condition={"StringLike": {key: "*"}})) == []


@pytest.mark.parametrize("key", ["sts:RequestContext/identitystore:UserId", "sts:RequestContextProviders"])
def test_a_context_is_handed_in_by_the_call_that_assumes_the_role(key: str) -> None:
    """An application that has an assertion assumes any role by it."""
    assert opened(allow("sts:AssumeRole", Condition={"StringLike": {key: "*"}})) == ["sts-assume-role"]
    assert opened(allow("iam:CreateAccessKey", Condition={"StringLike": {key: "*"}})) == []


TAG: Final = "aws:ResourceTag/team"
OF_GROUPS: Final = ["iam:PutGroupPolicy", "iam:AddUserToGroup", "iam:AttachGroupPolicy"]


@pytest.mark.parametrize("action", [*OF_GROUPS, "identitystore:CreateGroupMembership", "iam:*Group*"])
@pytest.mark.parametrize("key", [TAG, "AWS:resourcetag/Team", "iam:ResourceTag/team"])
def test_no_call_carries_the_tag_of_what_cannot_be_tagged(action: str, key: str) -> None:
    """A user group has no tags: who waits for one waits in vain, and all but one tag is every group."""
    tagged: Json = {"StringEquals": {key: "blue"}}
    other: Json = {"StringNotEquals": {key: "blue"}}

    assert opened(allow(action, Condition=tagged)) == []
    assert opened(allow(action, Condition={"Null": {key: "false"}})) == []
    assert opened(allow(action), deny(action, Condition=other)) == []
    assert opened(allow(action, Condition=other))
    assert opened(allow(action, Condition={"StringEqualsIfExists": {key: "blue"}}))
    assert opened(allow(action), deny(action, Condition=tagged))


@pytest.mark.parametrize(
    "action",
    [
        *("iam:PutUserPolicy", "iam:UpdateAssumeRolePolicy", "iam:CreatePolicyVersion"),
        *("iam:CreateAccessKey", "sts:AssumeRole", "sso:PutInlinePolicyToPermissionSet"),
    ],
)
def test_what_can_be_tagged_is_open_by_its_tag(action: str) -> None:
    """One user with the tag is enough."""
    condition: Json = {"StringEquals": {TAG: "blue"}}
    found = verdict(allow(action, Condition=condition))

    assert found.escalates is bool(opened(allow(action)))


def test_leave_for_everything_that_is_tagged_leaves_groups_out() -> None:
    """A role can be tagged, so the grant is a way up; not by way of a group."""
    names = opened(allow("iam:*", Condition={"StringEquals": {TAG: "blue"}}))

    assert "iam-create-login-profile" in names
    assert not [name for name in names if "group" in name]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringLike": {"aws:TokenIssueTime": "2020*"}}, False),
        ({"StringEquals": {"aws:TokenIssueTime": "yesterday"}}, False),
        ({"DateGreaterThan": {"aws:TokenIssueTime": SINCE_THIS_MORNING}}, True),
    ],
)
def test_a_text_that_is_no_time_is_none_of_a_sessions(condition: Json, *, expected: bool) -> None:
    """A pattern of years gone by was told as root-level access."""
    assert verdict(allow(Condition=condition)).root_level is expected


CALLER: Final = "aws:PrincipalArn"
RESERVED: Final = "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*"


@pytest.mark.parametrize(
    ("statements", "of_a_set", "of_a_role"),
    [
        ([allow(Condition={"ArnNotLike": {CALLER: RESERVED}})], False, True),
        ([allow(), deny(Condition={"ArnLike": {CALLER: RESERVED}})], False, True),
        ([allow(), deny(Condition={"ArnNotLike": {CALLER: "arn:aws:iam::*:role/Rescue"}})], False, True),
        ([allow(Condition={"ArnLike": {CALLER: "arn:aws:iam::111122223333:role/app"}})], False, True),
        ([allow(), deny(Condition={"ArnNotLike": {CALLER: f"{RESERVED}/AWSReservedSSO_Ops_*"}})], True, True),
        ([allow(), deny(Condition={"StringNotLike": {CALLER: "*AWSReservedSSO_*"}})], True, True),
        ([allow(Condition={"ArnLike": {CALLER: "arn:aws-cn:iam::*:role/aws-reserved/*"}})], True, True),
        ([allow(), *[deny(Condition={"ArnLike": {CALLER: RESERVED}})] * 80], False, True),
    ],
)
def test_who_holds_a_permission_set_calls_by_its_own_role(
    statements: list[Json], *, of_a_set: bool, of_a_role: bool
) -> None:
    """A set that everybody but another role is denied was told as root-level access."""
    held = [attach({"Version": "2012-10-17", "Statement": statements})]

    assert judge(held, now=NOW, permission_set=True).root_level is of_a_set
    assert judge(held, now=NOW, role_session=True).root_level is of_a_role


@pytest.mark.parametrize(
    ("key", "pattern", "possible"),
    [
        (CALLER, "arn:aws:iam::*:root", False),
        (CALLER, "arn:aws:iam::111122223333:root", False),
        (CALLER, "arn:aws:iam::111122223333:group/admins", False),
        (CALLER, "arn:aws:s3:::reports", False),
        (CALLER, "admin", False),
        (CALLER, "arn:aws:iam::1111:role/app", False),
        (CALLER, "arn:aws:iam::*:role/app", True),
        (CALLER, "*:role/app", True),
        (CALLER, "arn:aws:iam::11112222333?:?ser/*", True),
        (CALLER, "arn:aws:sts::111122223333:assumed-role/app/*", True),
        (CALLER, "arn:aws:iam::${aws:PrincipalAccount}:role/app", True),
        ("aws:PrincipalAccount", "11112222333", False),
        ("aws:PrincipalAccount", "11112222333?", True),
    ],
)
def test_a_caller_is_a_user_or_a_role_of_an_account(key: str, pattern: str, *, possible: bool) -> None:
    """Leave for the root user alone gives nobody anything, and all but the root user is everybody."""
    only: Json = {"StringLike": {key: pattern}}
    unless: Json = {"StringNotLike": {key: pattern}}

    assert verdict(allow(Condition=only)).root_level is possible
    assert verdict(allow(), deny(Condition=unless)).root_level is possible
