"""Nobody unnamed may assume a role, and a role that names somebody is left alone."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
RULE: Final = "no-public-trust"


def role(principal: Any, action: str = "sts:AssumeRole", **statement: Any) -> Made:  # noqa: ANN401 - any element
    """Make a role with one statement in its trust policy."""
    trust = {"Effect": "Allow", "Principal": principal, "Action": action, **statement}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    return Made("aws:iam/role:Role", "deploy", {"name": "deploy", "assumeRolePolicy": document})


PUBLIC: Final = {
    "star": role("*"),
    "star as AWS": role({"AWS": "*"}),
    "everybody but one": Made(
        "aws:iam/role:Role",
        "deploy",
        {
            "name": "deploy",
            "assumeRolePolicy": {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"},
                    "Action": "sts:AssumeRole",
                },
            },
        },
    ),
    "a condition that always holds": role("*", Condition={"StringLike": {"aws:PrincipalArn": "*"}}),
}


@pytest.mark.parametrize("public", PUBLIC.values(), ids=list(PUBLIC))
def test_a_role_that_anybody_may_assume_is_refused(preview: Run, public: Made) -> None:
    """A stranger's account is enough to get in."""
    told = [each for each in preview(public) if each.policy == RULE]

    assert [(each.level, each.urn) for each in told] == [("mandatory", public.urn)]
    assert "anybody may assume IAM role `deploy`" in told[0].message
    assert "trust policy, Statement[0]" in told[0].message


NAMED: Final = {
    "a service": role({"Service": "lambda.amazonaws.com"}),
    "an account": role({"AWS": "arn:aws:iam::111122223333:root"}),
    "one's own organisation": role("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}),
    "a repository": role(
        {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
        "sts:AssumeRoleWithWebIdentity",
        Condition={
            "StringEquals": {"token.actions.githubusercontent.com:sub": "repo:acme/app:ref:refs/heads/main"}
        },
    ),
}


@pytest.mark.parametrize("named", NAMED.values(), ids=list(NAMED))
def test_a_role_that_names_somebody_passes(preview: Run, named: Made) -> None:
    """Services, accounts, one's own organisation and one's own repository are named."""
    assert [each for each in preview(named) if each.policy == RULE] == []


def test_it_is_refused_before_it_is_made(update: Run) -> None:
    """No later resource could take a public trust back."""
    (told,) = update(role("*"))

    assert (told.policy, told.level) == (RULE, "mandatory")


def test_a_trust_that_is_not_known_yet_is_undecided(preview: Run) -> None:
    """It may name anybody."""
    unknown = Made("aws:iam/role:Role", "deploy", {"name": "deploy", "assumeRolePolicy": UNKNOWN})
    (told,) = preview(unknown)

    assert (told.policy, told.level) == ("undecided", "advisory")
    assert "undecided in preview: who may assume IAM role `deploy`" in told.message
    assert "`assumeRolePolicy` of Role `deploy` is not known yet" in told.message


def test_the_part_of_a_trust_that_is_not_known_yet_is_named(preview: Run) -> None:
    """Whoever wants an answer earlier has to know which value to give."""
    statement = {"Effect": "Allow", "Principal": {"AWS": UNKNOWN}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    (told,) = preview(Made("aws:iam/role:Role", "deploy", {"name": "deploy", "assumeRolePolicy": trust}))

    assert told.policy == "undecided"
    assert "`assumeRolePolicy.Statement[0].Principal.AWS` of Role `deploy` is not known yet" in told.message


def test_a_trust_that_cannot_be_read_is_refused(preview: Run) -> None:
    """Nobody knows whom it lets in, so that nobody can answer for it either."""
    broken = Made("aws:iam/role:Role", "deploy", {"name": "deploy", "assumeRolePolicy": "{"})
    excuse = {"resource": broken.urn, "reason": "known", "owner": "platform", "expires": "2026-12-31"}
    for given in ({}, {"exceptions": [excuse]}):
        told = preview(broken, no_public_trust=given)

        assert [each.policy for each in told if each.level == "mandatory"] == [RULE]


def test_a_role_that_is_only_read_is_left_alone(audit: Run) -> None:
    """A state can hold a role of which nothing but the name is known."""
    assert audit(Made("aws:iam/role:Role", "other", {}, {"name": "other"})) == []


GITHUB = "token.actions.githubusercontent.com"
FEDERATED = {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"}


@pytest.mark.parametrize(
    ("principal", "condition", "lines"),
    [
        (
            FEDERATED,
            {"StringLike": {f"{GITHUB}:sub": "repo:acme*"}},
            [
                f"anybody may assume IAM role `deploy` with a token of `{GITHUB}`",
                f"too wide: `repo:acme*` of `{GITHUB}:sub`: a stranger presents `repo:acme",
            ],
        ),
        (
            FEDERATED,
            {"StringLike": {f"{GITHUB}:sub": ["repo:acme/x:*", "repo:*/x:*"]}},
            [f"too wide: `repo:*/x:*` of `{GITHUB}:sub`"],
        ),
        (
            FEDERATED,
            {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
            ["why: no condition says which of the provider's users or tenants are meant"],
        ),
        (
            {"AWS": "*"},
            {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"}},
            [
                "anybody may assume IAM role `deploy` from any AWS account",
                "holds anyway: `StringEqualsIfExists` on `aws:principalorgid`: a stranger has no such key",
            ],
        ),
        (
            {"AWS": "*"},
            {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/*"}},
            ["holds anyway: `ForAllValues:StringLike` on `aws:principalorgpaths`"],
        ),
    ],
)
def test_the_value_that_is_too_wide_is_named(
    preview: Run, principal: dict[str, str], condition: dict[str, Any], lines: list[str]
) -> None:
    """Who reads that the trust is public has to see which value to narrow, and who slips through."""
    action = "sts:AssumeRoleWithWebIdentity" if "Federated" in principal else "sts:AssumeRole"
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    (told,) = preview(Made("aws:iam/role:Role", "deploy", {"name": "deploy", "assumeRolePolicy": document}))

    assert [line in told.message for line in lines] == [True] * len(lines), told.message
    if "Federated" in principal:
        assert "PrincipalOrgID" not in told.message, "no token has one"
