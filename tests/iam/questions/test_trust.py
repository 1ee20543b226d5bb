"""Who may assume a role, and what they have to show."""

from typing import Any

import pytest

from identity_guard.iam import TrustedPrincipalKind, TrustVerdict, judge_trust
from identity_guard.iam.evaluate.strangers import STRANGE_ACCOUNT

Json = dict[str, Any]
NOW = 1_795_000_000.0
OWN = "arn:aws:iam::111122223333:root"
GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
SUB = "token.actions.githubusercontent.com:sub"


def trust(*statements: Json) -> TrustVerdict:
    """Judge a trust policy."""
    return judge_trust({"Version": "2012-10-17", "Statement": list(statements)}, NOW)


def let_in(principal: Any, **elements: Any) -> Json:  # noqa: ANN401 - a principal in any of its forms
    """Return an Allow of assuming the role."""
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **elements}


def keep_out(principal: Any, **elements: Any) -> Json:  # noqa: ANN401 - a principal in any of its forms
    """Return a Deny of assuming the role."""
    return {**let_in(principal, **elements), "Effect": "Deny"}


def when(operator: str, key: str, value: Any) -> Json:  # noqa: ANN401 - a condition's value
    """Return the element for one condition."""
    return {"Condition": {operator: {key: value}}}


WITH_MFA = when("Bool", "aws:MultiFactorAuthPresent", "true")

PUBLIC: dict[str, list[Json]] = {
    "everybody": [let_in("*")],
    "every AWS principal": [let_in({"AWS": "*"})],
    "a star in a list": [let_in({"AWS": [OWN, "*"]})],
    "everybody but one": [{"Effect": "Allow", "NotPrincipal": {"AWS": OWN}, "Action": "sts:AssumeRole"}],
    "everybody with MFA": [let_in("*", **WITH_MFA)],
    "everybody with an external id": [let_in("*", **when("StringEquals", "sts:ExternalId", "abc"))],
    "everybody over TLS": [let_in("*", **when("Bool", "aws:SecureTransport", "true"))],
    "everybody with a role of some name": [
        let_in("*", **when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy"))
    ],
    "everybody with a tag": [let_in("*", **when("StringEquals", "aws:PrincipalTag/team", "blue"))],
    "every organisation": [let_in("*", **when("StringLike", "aws:PrincipalOrgID", "o-*"))],
    "any organisation at all": [let_in("*", **when("Null", "aws:PrincipalOrgID", "false"))],
    "every organisation but one": [
        let_in("*", **when("StringNotEquals", "aws:PrincipalOrgID", "o-own1234567"))
    ],
    "every address": [let_in("*", **when("IpAddress", "aws:SourceIp", "0.0.0.0/0"))],
    "any action of STS": [let_in("*", Action="sts:*")],
    "any GitHub repository": [
        {"Effect": "Allow", "Principal": {"Federated": GITHUB}, "Action": "sts:AssumeRoleWithWebIdentity"}
    ],
    "any GitHub repository, by a pattern": [
        let_in(
            {"Federated": GITHUB},
            Action="sts:AssumeRoleWithWebIdentity",
            **when("StringLike", SUB, "repo:*:ref:refs/heads/main"),
        )
    ],
    "any Google account": [
        let_in({"Federated": "accounts.google.com"}, Action="sts:AssumeRoleWithWebIdentity")
    ],
    "a Deny for one account only": [let_in("*"), keep_out({"AWS": OWN})],
}


@pytest.mark.parametrize("name", PUBLIC)
def test_trusts_that_let_strangers_in(name: str) -> None:
    """A role that any account can assume is as good as a published password."""
    found = trust(*PUBLIC[name])

    assert found.public is True
    assert found.witness is not None
    assert found.undecided == ()


PRIVATE: dict[str, list[Json]] = {
    "one account": [let_in({"AWS": OWN})],
    "one account by number": [let_in({"AWS": "111122223333"})],
    "one user": [let_in({"AWS": "arn:aws:iam::111122223333:user/alice"})],
    "a service": [let_in({"Service": "ec2.amazonaws.com"})],
    "a SAML provider": [
        let_in({"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}, Action="sts:AssumeRoleWithSAML")
    ],
    "the own organisation": [let_in("*", **when("StringEquals", "aws:PrincipalOrgID", "o-own1234567"))],
    "the organisation of the resource": [
        let_in("*", **when("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}"))
    ],
    "the own account": [let_in("*", **when("StringEquals", "aws:PrincipalAccount", "111122223333"))],
    "roles of the own account": [
        let_in("*", **when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"))
    ],
    "one user id": [let_in("*", **when("StringLike", "aws:userid", "AROAEXAMPLE:*"))],
    "one network": [let_in("*", **when("IpAddress", "aws:SourceIp", "203.0.113.0/24"))],
    "one endpoint": [let_in("*", **when("StringEquals", "aws:SourceVpce", "vpce-0123456789abcdef0"))],
    "a Deny outside the organisation": [
        let_in("*"),
        keep_out("*", **when("StringNotEquals", "aws:PrincipalOrgID", "o-own1234567")),
    ],
    "a Deny of all but one account": [
        let_in("*"),
        {"Effect": "Deny", "NotPrincipal": {"AWS": OWN}, "Action": "sts:AssumeRole"},
    ],
    "an action that does not assume": [let_in("*", Action="sts:TagSession")],
    "one GitHub repository": [
        let_in(
            {"Federated": GITHUB},
            Action="sts:AssumeRoleWithWebIdentity",
            **when("StringLike", SUB, "repo:mine/app:*"),
        )
    ],
    "an identity provider of one's own": [
        let_in(
            {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"},
            Action="sts:AssumeRoleWithWebIdentity",
        )
    ],
    "nobody": [keep_out("*")],
}


@pytest.mark.parametrize("name", PRIVATE)
def test_trusts_that_do_not(name: str) -> None:
    """Most roles are trusted by a service or the own account; an alarm on them is noise."""
    found = trust(*PRIVATE[name])

    assert found.public is False
    assert found.witness is None


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([let_in({"AWS": OWN}, **WITH_MFA)], True),
        ([let_in({"AWS": OWN}, **when("NumericLessThan", "aws:MultiFactorAuthAge", "3600"))], True),
        (
            [
                let_in({"AWS": OWN}),
                keep_out("*", **when("BoolIfExists", "aws:MultiFactorAuthPresent", "false")),
            ],
            True,
        ),
        (
            [
                let_in({"AWS": OWN}),
                keep_out({"AWS": OWN}, **when("BoolIfExists", "aws:MultiFactorAuthPresent", "false")),
            ],
            True,
        ),
        ([let_in({"AWS": OWN})], False),
        ([let_in({"AWS": OWN}, **when("BoolIfExists", "aws:MultiFactorAuthPresent", "true"))], False),
        ([let_in({"AWS": OWN}), keep_out("*", **when("Bool", "aws:MultiFactorAuthPresent", "false"))], False),
        ([let_in({"AWS": OWN}, **WITH_MFA), let_in({"AWS": "arn:aws:iam::111122223333:user/ci"})], False),
        (
            [
                let_in({"AWS": OWN}),
                keep_out(
                    {"AWS": "arn:aws:iam::111122223333:user/ci"},
                    **when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"),
                ),
            ],
            False,
        ),
        ([let_in({"Service": "ec2.amazonaws.com"})], False),
    ],
)
def test_whether_a_trust_requires_mfa(statements: list[Json], *, expected: bool) -> None:
    """MFA in a trust policy is the one place where it binds a role."""
    assert trust(*statements).requires_mfa is expected


def test_the_parties_are_told_apart() -> None:
    """A rule for users, an advisory for accounts and silence for services need to know who is who."""
    found = trust(
        let_in({"AWS": [OWN, "arn:aws:iam::111122223333:user/alice"], "Service": "ec2.amazonaws.com"}),
        let_in(
            {"AWS": "arn:aws:iam::111122223333:role/deploy"}, **when("StringEquals", "sts:ExternalId", "x")
        ),
        let_in({"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}, Action="sts:AssumeRoleWithSAML"),
        let_in(
            {"Federated": GITHUB},
            Action="sts:AssumeRoleWithWebIdentity",
            **when("StringEquals", SUB, "repo:a/b:x"),
        ),
        {**let_in("*", **WITH_MFA), "Sid": "Open"},
    )

    assert [
        (trusted.kind, trusted.requires_mfa, trusted.external_id) for trusted in found.trusted_principals
    ] == [
        (TrustedPrincipalKind.ACCOUNT, False, False),
        (TrustedPrincipalKind.IAM_USER, False, False),
        (TrustedPrincipalKind.SERVICE, False, False),
        (TrustedPrincipalKind.ROLE, False, True),
        (TrustedPrincipalKind.SAML, False, False),
        (TrustedPrincipalKind.OIDC, False, False),
        (TrustedPrincipalKind.ANYBODY, True, False),
    ]
    assert str(found.trusted_principals[-1].statement) == "trust policy, Open"


def test_an_unreadable_trust_policy_is_not_private() -> None:
    """What cannot be read is neither public nor private."""
    found = judge_trust("{", NOW)

    assert (found.public, found.requires_mfa) == (None, None)
    assert found.unreadable
    assert found.undecided


def test_the_stranger_is_no_principal_of_the_own_account() -> None:
    """The witness shows that somebody from elsewhere gets in."""
    shown = trust(let_in("*")).witness

    assert shown is not None
    assert STRANGE_ACCOUNT in shown.context["aws:PrincipalArn"]
