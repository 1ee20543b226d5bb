"""What a stranger can show at identity providers that anybody can sign in to."""

from typing import Any

import pytest

from identity_guard.iam import TrustVerdict, judge_trust
from identity_guard.iam.evaluate.strangers import GITHUB as GITHUB_CLAIMS
from identity_guard.iam.evaluate.strangers import SHARED_PROVIDERS

Json = dict[str, Any]
NOW = 1_795_000_000.0
GITHUB, GITLAB, TERRAFORM = "token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io"
GOOGLE, COGNITO = "accounts.google.com", "cognito-identity.amazonaws.com"
BUILDKITE = "agent.buildkite.com"
POOL = "us-east-1:12345678-1234-1234-1234-123456789012"


def trusted(provider: str, condition: Json | None = None) -> TrustVerdict:
    """Judge a trust in a provider, by its ARN where it is one of the account."""
    own = provider in (GITHUB, GITLAB, TERRAFORM, BUILDKITE)
    name = f"arn:aws:iam::111122223333:oidc-provider/{provider}" if own else provider
    statement: Json = {
        "Effect": "Allow",
        "Principal": {"Federated": name},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    if condition:
        statement["Condition"] = condition
    return judge_trust({"Version": "2012-10-17", "Statement": statement}, NOW)


def like(key: str, *patterns: str) -> Json:
    """Return a condition with wildcards."""
    return {"StringLike": {key: list(patterns)}}


def equals(key: str, value: str) -> Json:
    """Return a condition without wildcards."""
    return {"StringEquals": {key: value}}


def any_like(key: str, value: str) -> Json:
    """Return a condition on a list of values."""
    return {"ForAnyValue:StringLike": {key: value}}


OPEN: list[tuple[str, Json]] = [
    # Claims that name no tenant: a public workflow is anybody's to call, and an actor starts runs anywhere.
    (GITHUB, like(f"{GITHUB}:job_workflow_ref", "mine/flows/.github/workflows/a.yml@*")),
    (GITHUB, equals(f"{GITHUB}:actor", "me")),
    (GITHUB, equals(f"{GITHUB}:environment", "production")),
    # Guests of a pool that is named.
    (COGNITO, equals(f"{COGNITO}:aud", POOL)),
    (COGNITO, {**equals(f"{COGNITO}:aud", POOL), **any_like(f"{COGNITO}:amr", "*authenticated")}),
    (COGNITO, {**equals(f"{COGNITO}:aud", POOL), **any_like(f"{COGNITO}:amr", "unauth*")}),
    (
        COGNITO,
        {
            **equals(f"{COGNITO}:aud", POOL),
            "ForAnyValue:StringNotEquals": {f"{COGNITO}:amr": "authenticated"},
        },
    ),
    (GOOGLE, like(f"{GOOGLE}:email", "*")),
    # What an issuer writes into tokens as tags says whose they are, unless any will do.
    (BUILDKITE, like("aws:RequestTag/organization_slug", "*")),
    (BUILDKITE, equals("aws:RequestTag/pipeline_slug", "deploy")),
    (GITHUB, like(f"{GITHUB}:sub", "*")),
    (GITHUB, like(f"{GITHUB}:sub", "repo:*")),
    (GITHUB, like(f"{GITHUB}:sub", "repo:mine*/app:*")),
    (GITHUB, like(f"{GITHUB}:sub", "repo:m?ne/app:*")),
    (GITHUB, like(f"{GITHUB}:sub", "repo:*/app:ref:refs/heads/main")),
    (GITHUB, like(f"{GITHUB}:sub", "r*:mine/app:*")),
    (GITHUB, like(f"{GITHUB}:sub", "repo:mine/app:*", "repo:mine-*/app:*")),
    (GITHUB, like(f"{GITHUB}:repository", "mine*/app")),
    (GITHUB, like(f"{GITHUB}:repository", "*/app")),
    (GITHUB, like(f"{GITHUB}:repository_owner", "mine*")),
    (GITHUB, like(f"{GITHUB}:job_workflow_ref", "mine*/flows/.github/workflows/a.yml@*")),
    (GITHUB, {"StringNotLike": {f"{GITHUB}:sub": "repo:mine/*"}}),
    (GITHUB, {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}),
    (GITLAB, like(f"{GITLAB}:sub", "project_path:*")),
    (GITLAB, like(f"{GITLAB}:sub", "project_path:mine*/app:*")),
    (TERRAFORM, like(f"{TERRAFORM}:sub", "organization:*:project:app:*")),
    (TERRAFORM, like(f"{TERRAFORM}:sub", "organization:mine*:project:app:*")),
    (TERRAFORM, like(f"{TERRAFORM}:sub", "*:run_phase:plan")),
    (GOOGLE, like(f"{GOOGLE}:sub", "*")),
    (COGNITO, like(f"{COGNITO}:aud", "us-east-1:*")),
    (COGNITO, {**equals(f"{COGNITO}:aud", POOL), **any_like(f"{COGNITO}:amr", "unauthenticated")}),
    (BUILDKITE, equals(f"{BUILDKITE}:aud", "sts.amazonaws.com")),
    (BUILDKITE, like(f"{BUILDKITE}:sub", "organization:mine*")),
    ("oidc.vercel.com", like("oidc.vercel.com:aud", "https://vercel.com/mine*")),
    *((GITHUB, {"StringEquals": {f"{GITHUB}:sub": claim}}) for claim in GITHUB_CLAIMS),
]


@pytest.mark.parametrize(("provider", "condition"), OPEN, ids=str)
def test_names_that_are_free_are_no_limit(provider: str, condition: Json) -> None:
    """Anybody may register an owner whose name begins as one's own does."""
    found = trusted(provider, condition)

    assert found.public is True
    assert found.witness is not None


CLOSED: list[tuple[str, Json]] = [
    # The number of a group or project, which GitLab gives once.
    (GITLAB, equals(f"{GITLAB}:namespace_id", "4711")),
    (GITLAB, equals(f"{GITLAB}:project_id", "4711")),
    (BUILDKITE, equals("aws:RequestTag/organization_slug", "mine")),
    (GOOGLE, equals(f"{GOOGLE}:email", "ops@mine.example")),
    (GOOGLE, like(f"{GOOGLE}:email", "*@mine.example")),
    (GITHUB, {"StringEquals": {f"{GITHUB}:repository_owner": "mine", f"{GITHUB}:actor": "me"}}),
    (GITHUB, like(f"{GITHUB}:sub", "repo:mine/*")),
    (GITHUB, like(f"{GITHUB}:sub", "repo:mine/app:*", "repo:mine/other*:*")),
    (GITHUB, like(f"{GITHUB}:sub", "nothing:*")),
    (GITHUB, {"StringEquals": {f"{GITHUB}:sub": "repo:mine*/app:ref:refs/heads/main"}}),
    (GITHUB, {"StringEquals": {f"{GITHUB}:sub": "repo:mine/app:ref:refs/heads/main"}}),
    (GITHUB, like(f"{GITHUB}:repository", "mine/*")),
    (GITHUB, like(f"{GITHUB}:repository_owner", "mine")),
    (GITHUB, {"StringEquals": {f"{GITHUB}:repository_id": "12345"}}),
    (GITHUB, {"StringEquals": {f"{GITHUB}:repository_owner_id": "12345"}}),
    (GITHUB, {"StringEquals": {f"{GITHUB}:enterprise": "mine"}}),
    (GITHUB, equals(f"{GITHUB}:enterprise_id", "12345")),
    (GITHUB, equals(f"{GITLAB}:sub", "project_path:mine/app:ref_type:branch:ref:main")),
    (GITHUB, like(f"{GITLAB}:sub", "project_path:mine*/app:*")),
    (GITHUB, {"Null": {"SAML:aud": "false"}}),
    (GITLAB, like(f"{GITLAB}:sub", "project_path:mine/*")),
    (BUILDKITE, like(f"{BUILDKITE}:sub", "organization:mine:pipeline:*")),
    ("api.pulumi.com/oidc", equals("api.pulumi.com/oidc:aud", "mine")),
    (COGNITO, {**equals(f"{COGNITO}:aud", POOL), **any_like(f"{COGNITO}:amr", "authenticated")}),
    (COGNITO, {**equals(f"{COGNITO}:aud", POOL), **any_like(f"{COGNITO}:amr", "graph.facebook.com")}),
    (TERRAFORM, like(f"{TERRAFORM}:sub", "organization:mine:*")),
    (GOOGLE, {"StringEquals": {f"{GOOGLE}:sub": "12345"}}),
    (GOOGLE, {"StringEquals": {f"{GOOGLE}:aud": "12345.apps.googleusercontent.com"}}),
    (GOOGLE, {"StringEquals": {f"{GOOGLE}:oaud": "12345.apps.googleusercontent.com"}}),
    ("graph.facebook.com", {"StringEquals": {"graph.facebook.com:app_id": "12345"}}),
    ("www.amazon.com", {"StringEquals": {"www.amazon.com:app_id": "amzn1.application.mine"}}),
]


@pytest.mark.parametrize(("provider", "condition"), CLOSED, ids=str)
def test_ones_own_name_in_full_is_a_limit(provider: str, condition: Json) -> None:
    """So it is recommended, and an alarm on it would teach people to ignore alarms."""
    found = trusted(provider, condition)

    assert found.public is False
    assert found.witness is None


@pytest.mark.parametrize("provider", SHARED_PROVIDERS)
def test_a_shared_provider_without_a_condition_is_open_to_all(provider: str) -> None:
    """Whoever has an account there has the role."""
    assert trusted(provider).public is True


def test_names_of_hosts_have_no_case() -> None:
    """A provider that was registered with capitals is the same one."""
    assert trusted("arn:aws:iam::111122223333:oidc-provider/GitLab.com").public is True


def test_a_token_is_no_credential_for_the_action_of_aws_identities() -> None:
    """`sts:AssumeRole` takes credentials of AWS; whoever only has a token gets nothing by it."""
    statement = {"Effect": "Allow", "Principal": {"Federated": GOOGLE}, "Action": "sts:AssumeRole"}

    assert judge_trust({"Version": "2012-10-17", "Statement": statement}, NOW).public is False


@pytest.mark.parametrize(
    "provider",
    [
        "idp.example.com",
        "token.actions.githubusercontent.com/mine",
        "idp.example.com:oidc-provider/gitlab.com",
    ],
)
def test_a_provider_of_ones_own_is_not(provider: str) -> None:
    """Only one's own people can sign in there; an enterprise of GitHub may have an issuer of its own."""
    name = f"arn:aws:iam::111122223333:oidc-provider/{provider}"

    assert trusted(name).public is False


@pytest.mark.parametrize(
    ("key", "value", "public"),
    [
        ("aws:PrincipalArn", "arn:aws:iam::*:role/deploy", True),
        ("aws:PrincipalArn", "arn:aws:iam::*:*", True),
        ("aws:PrincipalArn", "*", True),
        ("aws:PrincipalArn", "*:role/deploy", True),
        ("aws:PrincipalArn", "*/deploy", True),
        ("aws:PrincipalArn", "arn:aws:iam:*:role/deploy", True),
        ("aws:PrincipalArn", "arn:aws:iam::*role/deploy", True),
        ("aws:PrincipalArn", "arn:aws:iam::*/deploy", True),
        ("aws:PrincipalArn", "arn:aws:iam::1*:role/deploy", True),
        ("aws:PrincipalArn", "*:111122223333:role/deploy", False),
        ("aws:PrincipalArn", "arn:aws:iam::444455556666:role/deploy", False),
        ("aws:PrincipalAccount", "444455556666", False),
        ("aws:PrincipalAccount", "11112222333?", True),
        ("aws:PrincipalAccount", "?11122223333", True),
        ("aws:PrincipalAccount", "1*", True),
        ("aws:RequestTag/team", "blue", False),
        ("aws:TagKeys", "team", False),
        ("SAML:aud", "https://signin.aws.amazon.com/saml", False),
        (f"{GITHUB}:sub", "repo:*", False),
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:*", False),
        ("aws:PrincipalArn", "deploy", False),
        ("aws:PrincipalArn", "arn:aws:iam:deploy", False),
        ("aws:PrincipalTag/team", "blue", True),
        ("aws:PrincipalOrgPaths", "o-own/*", False),
        ("aws:PrincipalOrgMasterAccountId", "111122223333", False),
        ("aws:userid", "AIDA*", True),
        ("aws:userid", "AIDAOWN", False),
        ("aws:userid", "AROAOWN:*", False),
        ("aws:userid", "AROAown:*", False),
        ("aws:userid", "AROA*:ada", True),
        ("aws:userid", "*:ada@example.com", True),
        ("aws:userid", "?????????????????????:ada", True),
        ("sts:SourceIdentity", "ada", False),
        ("aws:FederatedProvider", "arn:aws:iam::111122223333:saml-provider/idp", False),
        ("aws:SourceIp", "203.0.113.1", False),
    ],
)
def test_what_an_account_of_a_stranger_can_show(key: str, value: str, *, public: bool) -> None:
    """They choose their names and tags, and neither their account nor their organisation."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sts:AssumeRole",
        "Condition": {"StringLike": {key: value}},
    }

    assert judge_trust({"Version": "2012-10-17", "Statement": statement}, NOW).public is public


@pytest.mark.parametrize("operator", ["ForAllValues:StringLike", "StringNotEquals", "StringLikeIfExists"])
def test_a_condition_on_tags_that_a_session_without_any_meets_keeps_nobody_out(operator: str) -> None:
    """A stranger hands no tag over, and what the condition says of one that would do says the same."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sts:AssumeRole",
        "Condition": {operator: {"aws:TagKeys": "team"}},
    }

    assert judge_trust({"Version": "2012-10-17", "Statement": statement}, NOW).public is True


@pytest.mark.parametrize(
    ("action", "key"),
    [
        ("sts:TagSession", "aws:RequestTag/team"),
        ("sts:*", "aws:RequestTag/team"),
        ("sts:SetSourceIdentity", "sts:SourceIdentity"),
    ],
)
def test_a_stranger_who_may_hand_something_over_chooses_it(action: str, key: str) -> None:
    """A tag or name that whoever asks can hand over keeps nobody out."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["sts:AssumeRole", action],
        "Condition": {"StringEquals": {key: "blue"}},
    }

    assert judge_trust({"Version": "2012-10-17", "Statement": statement}, NOW).public is True


@pytest.mark.parametrize("absent", ["true", "false"])
def test_a_stranger_has_a_tag_or_has_none_as_it_suits_them(absent: str) -> None:
    """Whoever lets in only callers without a tag lets in all who never set it."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sts:AssumeRole",
        "Condition": {"Null": {"aws:PrincipalTag/team": absent}},
    }

    assert judge_trust({"Version": "2012-10-17", "Statement": statement}, NOW).public is True


@pytest.mark.parametrize(("patterns", "public"), [(16, False), (17, None)])
def test_more_open_names_than_are_tried_leave_the_answer_open(patterns: int, public: object) -> None:
    """The last of many patterns may be the one that lets a stranger in: nobody looked at it."""
    opened = [f"repo:team-{number}-*/app:*" for number in range(patterns)]
    condition = {**like(f"{GITHUB}:sub", *opened), "StringEquals": {f"{GITHUB}:repository_owner": "team"}}

    assert trusted(GITHUB, condition).public is public


def test_the_last_of_many_open_names_is_not_passed_over() -> None:
    """Those before it are taken back, and it is not."""
    opened = [f"repo:team-{number}-*/app:*" for number in range(17)]
    condition = {**like(f"{GITHUB}:sub", *opened), "StringNotLike": {f"{GITHUB}:sub": opened[:-1]}}

    assert trusted(GITHUB, condition).public is not False


@pytest.mark.parametrize(
    ("action", "condition", "public"),
    [
        ("sts:AssumeRoleWithWebIdentity", None, True),
        ("sts:*", like(f"{GITHUB}:sub", "**"), True),
        ("sts:AssumeRoleWithWebIdentity", equals("aws:PrincipalOrgID", "o-own"), False),
        ("sts:AssumeRole", None, False),
        ("*a*$**", like(f"{GITHUB}:sub", "**"), None),
    ],
)
def test_every_provider_there_is_lets_strangers_in(
    action: str, condition: Json | None, *, public: bool | None
) -> None:
    """Anybody may run a provider; what is shown is a call that whoever signs in there can make."""
    statement: Json = {"Effect": "Allow", "Principal": {"Federated": "*"}, "Action": action}
    if condition:
        statement["Condition"] = condition
    found = judge_trust({"Version": "2012-10-17", "Statement": statement}, NOW)

    assert found.public is public
    shown = found.witness and found.witness.action
    assert shown == ("sts:AssumeRoleWithSAML" if action == "sts:*" else action if public else None)


@pytest.mark.parametrize(
    "variable", ["${aws:PrincipalOrgID}", "${ aws:principalorgid }", "${  aws:PrincipalOrgID}"]
)
def test_a_key_that_has_to_equal_itself_asks_for_nothing(variable: str) -> None:
    """Everybody's organisation is their own, with however many blanks in the variable."""
    statement: Json = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sts:AssumeRole",
        "Condition": equals("aws:PrincipalOrgID", variable),
    }

    assert judge_trust({"Version": "2012-10-17", "Statement": statement}, NOW).public is True
