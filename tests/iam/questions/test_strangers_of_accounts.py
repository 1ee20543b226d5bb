"""What somebody with an account of their own can bring along to a trust in everybody under a condition."""

from typing import Any, Final

import pytest

from identity_guard.iam import judge_trust
from identity_guard.iam.questions.trust import TrustedPrincipalKind, TrustVerdict

Json = dict[str, Any]
NOW: Final = 1_795_000_000.0
FUNCTION: Final = "lambda:SourceFunctionArn"
VPC: Final = "aws:SourceVpc"


def for_everybody(condition: Json) -> TrustVerdict:
    """Judge a trust in everybody under a condition."""
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    return judge_trust({"Version": "2012-10-17", "Statement": {**statement, "Condition": condition}}, NOW)


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
        {"IpAddress": {"aws:Ec2InstanceSourcePrivateIPv4": "10.0.0.7/32"}},
        {"ArnLike": {FUNCTION: "arn:aws:lambda:*:*:function:deploy"}},
        {"ArnLike": {"ec2:SourceInstanceArn": "arn:aws:ec2:*:*:instance/*"}},
        {"StringLike": {VPC: "vpc-*"}},
        {"Null": {VPC: "false"}},
        {"StringNotEquals": {VPC: "vpc-1"}},
        {"StringLike": {"aws:VpceOrgID": "o-*"}},
        {"ArnLike": {"aws:SourceVpcArn": "arn:aws:ec2:*:*:vpc/*"}},
        {"StringEquals": {"credentials-iot:ThingName": "camera"}},
        {"StringEquals": {"saml:sub": "me"}},
        {"StringLike": {"identitystore:UserId": "*"}},
    ],
    ids=str,
)
def test_a_condition_that_a_strangers_own_network_or_function_meets_keeps_nobody_out(condition: Json) -> None:
    """An address in a VPC is not unique, and a function in any account has the name that it is given."""
    found = for_everybody(condition)

    assert found.public is True
    assert found.witness is not None


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {VPC: "vpc-1"}, "IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"StringEquals": {"aws:VpceAccount": "111122223333"}},
        {"ArnLike": {FUNCTION: "arn:aws:lambda:*:111122223333:function:*"}},
        {"ArnLike": {"aws:SourceVpcArn": "arn:aws:ec2:*:111122223333:vpc/*"}},
        {"StringEquals": {"saml:sub": "me", "saml:namequalifier": "x"}},
        {"StringEquals": {"identitycenter:InstanceArn": "arn:aws:sso:::instance/ssoins-1"}},
        {"StringEquals": {"saml:aud": "https://signin.aws.amazon.com/saml"}},
    ],
    ids=str,
)
def test_what_aws_assigns_to_one_is_nobody_elses(condition: Json) -> None:
    """A false alarm on a trust that is closed teaches people to look away."""
    assert for_everybody(condition).public is False


@pytest.mark.parametrize("key", ["aws:ResourceTag/open", "iam:ResourceTag/open"])
def test_the_roles_own_tag_is_as_its_owner_sets_it(key: str) -> None:
    """Whether the role has it the trust does not say; if it does, anybody comes in."""
    found = for_everybody({"StringEquals": {key: "yes"}})

    assert found.public is None
    assert found.undecided


@pytest.mark.parametrize(
    ("operator", "public"), [("StringLikeIfExists", False), ("StringNotLikeIfExists", True)]
)
def test_what_is_said_of_every_value_does_not_hang_on_the_roles_tag(operator: str, *, public: bool) -> None:
    """A star takes whatever the tag is: such a Deny keeps everybody out, its opposite nobody."""
    everybody: Json = {"Principal": "*", "Action": "sts:AssumeRole"}
    condition: Json = {operator: {"aws:ResourceTag/team": "*"}}
    if public:
        condition["Null"] = {"aws:ResourceTag/team": "false"}
    denial = {"Effect": "Deny", **everybody, "Condition": condition}
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **everybody}, denial]}

    assert judge_trust(document, NOW).public is public


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::reports"}},
        {"Bool": {"aws:PrincipalIsAWSService": "true"}},
    ],
    ids=str,
)
def test_a_star_that_only_services_pass_is_a_service(condition: Json) -> None:
    """It was vouched for as asking for MFA, which no service has."""
    found = for_everybody(condition)
    (trusted,) = found.trusted_principals

    assert (trusted.kind, trusted.name) == (TrustedPrincipalKind.SERVICE, "*")
    assert (found.public, found.requires_mfa) == (False, False)


def test_a_provider_of_tokens_is_shared_by_calls_with_tokens_only() -> None:
    """GitHub hands out no SAML assertion, so nobody comes in by one."""
    provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    found = {}
    for name in ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:*", "*"):
        statement = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": name}
        found[name] = judge_trust({"Version": "2012-10-17", "Statement": statement}, NOW).public

    assert found.pop("sts:AssumeRoleWithSAML") is False
    assert set(found.values()) == {True}
