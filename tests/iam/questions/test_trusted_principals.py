"""Whom a Deny of a trust policy keeps out, what is shown of a way in, and why an answer is open."""

from typing import Any

import pytest

from identity_guard.iam import (
    DocumentKind,
    StatementPlace,
    TrustedPrincipalKind,
    TrustVerdict,
    attach,
    judge_trust,
    unknown,
)

Json = dict[str, Any]
NOW = 1_795_000_000.0
ACCOUNT = "111122223333"
ROOT, ALICE, BOB = (f"arn:aws:iam::{ACCOUNT}:{tail}" for tail in ("root", "user/alice", "user/bob"))
ROLE, SESSION = f"arn:aws:iam::{ACCOUNT}:role/app", f"arn:aws:sts::{ACCOUNT}:assumed-role/app/me"
ELSEWHERE = "arn:aws:iam::444455556666:root"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
IDP = f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"
EC2 = "ec2.amazonaws.com"
WITHOUT_MFA = {"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}
UNCLEAR = {"Condition": {"NumericLessThan": {"aws:EpochTime": "soon"}}}


def trust(*statements: Json) -> TrustVerdict:
    """Judge a trust policy."""
    return judge_trust({"Version": "2012-10-17", "Statement": list(statements)}, NOW)


def let_in(principal: Any, action: Any = "sts:AssumeRole", **elements: Any) -> Json:  # noqa: ANN401 - any of JSON
    """Return an Allow of assuming the role."""
    return {"Effect": "Allow", "Principal": principal, "Action": action, **elements}


def keep_out(principal: Any, action: Any = "sts:AssumeRole", **elements: Any) -> Json:  # noqa: ANN401 - any of JSON
    """Return a Deny of assuming the role."""
    return {**let_in(principal, action, **elements), "Effect": "Deny"}


def keep_out_all_but(principal: Any, **elements: Any) -> Json:  # noqa: ANN401 - any of JSON
    """Return a Deny of assuming the role to everybody else."""
    return {"Effect": "Deny", "NotPrincipal": principal, "Action": "sts:AssumeRole", **elements}


KEPT_OUT: list[tuple[Json, Json]] = [
    ({"AWS": ALICE}, keep_out("*")),
    ({"AWS": ALICE}, keep_out({"AWS": "*"})),
    ({"AWS": ALICE}, keep_out({"AWS": ALICE})),
    ({"AWS": ALICE}, keep_out({"AWS": [BOB, ALICE]})),
    ({"AWS": ALICE}, keep_out({"AWS": ROOT})),
    ({"AWS": ALICE}, keep_out({"AWS": ACCOUNT})),
    ({"AWS": SESSION}, keep_out({"AWS": ACCOUNT})),
    ({"AWS": ACCOUNT}, keep_out({"AWS": ROOT})),
    ({"AWS": ROOT}, keep_out({"AWS": ACCOUNT})),
    ({"AWS": ALICE}, keep_out("*", ["sts:AssumeRole", "sts:TagSession"])),
    ({"AWS": ALICE}, keep_out_all_but({"AWS": BOB})),
    ({"AWS": ALICE}, keep_out_all_but({"AWS": ELSEWHERE})),
    ({"AWS": ALICE}, keep_out_all_but({"Service": EC2})),
    ({"Service": EC2}, keep_out({"Service": EC2})),
    ({"Service": EC2}, keep_out_all_but({"AWS": ROOT})),
]
NOT_KEPT_OUT: list[tuple[Json, Json]] = [
    ({"AWS": ALICE}, keep_out({"AWS": BOB})),
    ({"AWS": ALICE}, keep_out({"AWS": ELSEWHERE})),
    ({"AWS": ALICE}, keep_out({"AWS": "444455556666"})),
    ({"AWS": ROOT}, keep_out({"AWS": ALICE})),
    ({"AWS": ROLE}, keep_out({"AWS": ALICE})),
    ({"AWS": ALICE}, keep_out({"Service": EC2})),
    ({"AWS": ALICE}, keep_out("*", "sts:TagSession")),
    ({"AWS": ALICE}, keep_out_all_but({"AWS": ALICE})),
    ({"AWS": ALICE}, keep_out_all_but({"AWS": ROOT})),
    ({"AWS": ROOT}, keep_out_all_but({"AWS": ALICE})),
    ({"AWS": ALICE}, keep_out_all_but({"AWS": "*"})),
    ({"AWS": ALICE}, keep_out_all_but({"AWS": [BOB, ALICE]})),
    ({"AWS": "AIDAEXAMPLE"}, keep_out({"AWS": ROOT})),
    ({"Service": EC2}, keep_out({"Service": "lambda.amazonaws.com"})),
    ({"Service": EC2}, keep_out("*")),
    ({"Service": "lambda.amazonaws.com"}, keep_out_all_but({"Service": "lambda.amazonaws.com"})),
]


@pytest.mark.parametrize(("principal", "deny"), KEPT_OUT)
def test_who_is_kept_out(principal: Json, deny: Json) -> None:
    """A Deny counts for whom it names, for all of an account it names, and for all that it does not spare."""
    assert trust(let_in(principal), deny).trusted_principals == ()
    assert trust(let_in(principal), {**deny, **WITHOUT_MFA}).requires_mfa is True


@pytest.mark.parametrize(("principal", "deny"), NOT_KEPT_OUT)
def test_who_is_not_kept_out(principal: Json, deny: Json) -> None:
    """A Deny that seems to be about somebody and is not leaves the role open to them."""
    assert len(trust(let_in(principal), deny).trusted_principals) == 1
    assert trust(let_in(principal), {**deny, **WITHOUT_MFA}).requires_mfa is False


def test_a_deny_of_a_part_keeps_nobody_out_for_certain() -> None:
    """Who may assume the role in two ways and is denied one of them has the other."""
    both = ["sts:AssumeRole", "sts:AssumeRoleWithSAML"]

    assert len(trust(let_in({"AWS": ALICE}, both), keep_out("*")).trusted_principals) == 1
    assert trust(let_in({"AWS": ALICE}, both), keep_out("*", both)).trusted_principals == ()
    assert trust(let_in({"AWS": ALICE}, both), keep_out("*", "sts:*")).trusted_principals == ()


@pytest.mark.parametrize(
    ("principal", "kind"),
    [
        ({"AWS": ACCOUNT}, TrustedPrincipalKind.ACCOUNT),
        ({"AWS": ROOT}, TrustedPrincipalKind.ACCOUNT),
        ({"AWS": ALICE}, TrustedPrincipalKind.IAM_USER),
        ({"AWS": ROLE}, TrustedPrincipalKind.ROLE),
        ({"AWS": SESSION}, TrustedPrincipalKind.ROLE),
        ({"AWS": "AIDAEXAMPLE"}, TrustedPrincipalKind.OTHER),
        ({"AWS": "*"}, TrustedPrincipalKind.ANYBODY),
        ({"Service": EC2}, TrustedPrincipalKind.SERVICE),
        ({"Federated": IDP}, TrustedPrincipalKind.SAML),
        ({"Federated": GITHUB}, TrustedPrincipalKind.OIDC),
        ("*", TrustedPrincipalKind.ANYBODY),
    ],
)
def test_what_a_name_stands_for(principal: Any, kind: TrustedPrincipalKind) -> None:  # noqa: ANN401 - any of JSON
    """A rule about users is silent of services, and a bare star is one principal and not two."""
    (trusted,) = trust(let_in(principal)).trusted_principals

    assert trusted.statement == StatementPlace("trust policy", 0, None, 0)
    assert (trusted.kind, trusted.excluded) == (kind, False)


def test_each_trusted_principal_is_looked_at_whoever_was_passed_over_before() -> None:
    """The order of names decides nothing."""
    found = trust(let_in({"Federated": "*", "AWS": ["*", ALICE]}))

    assert [trusted.name for trusted in found.trusted_principals] == ["*", ALICE]
    assert [
        trusted.name
        for trusted in trust(let_in({"AWS": [ALICE, BOB]}), keep_out({"AWS": ALICE})).trusted_principals
    ] == [BOB]


def test_more_states_than_are_gone_through_leave_the_answer_open() -> None:
    """A list of tags nobody has time for is no proof that a stranger has none of them."""
    tags = {"StringEquals": {f"aws:PrincipalTag/{number}": "x" for number in range(13)}}
    found = trust(let_in("*", Condition=tags))

    assert (found.public, found.requires_mfa) == (None, None)
    assert found.undecided


def test_everybody_but_some_is_anybody() -> None:
    """Who is named there is who does not get in."""
    statement = {"Effect": "Allow", "NotPrincipal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}
    (trusted,) = trust(statement).trusted_principals

    assert (trusted.kind, trusted.name, trusted.excluded) == (TrustedPrincipalKind.ANYBODY, ALICE, True)
    assert trust(statement, keep_out("*")).trusted_principals == ()
    assert len(trust(statement, keep_out({"AWS": ALICE})).trusted_principals) == 1


@pytest.mark.parametrize(
    ("statements", "action", "index"),
    [
        ([let_in("*")], "sts:AssumeRole", 0),
        ([let_in({"AWS": ALICE}), let_in("*")], "sts:AssumeRole", 1),
        ([let_in("*", "sts:AssumeRoleWithSAML")], "sts:AssumeRoleWithSAML", 0),
        (
            [let_in({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity")],
            "sts:AssumeRoleWithWebIdentity",
            0,
        ),
        ([let_in({"Federated": "*"}, "sts:AssumeRoleWithWebIdentity")], None, None),
    ],
)
def test_the_way_in_is_shown_with_its_statement(
    statements: list[Json], action: str | None, index: int | None
) -> None:
    """Whoever is told that a role is public asks how."""
    found = trust(*statements)
    assert found.public is True
    if action is not None:
        assert found.witness is not None
        assert found.witness.action == action
        assert found.witness.statements == (StatementPlace("trust policy", index or 0, None, 0),)


@pytest.mark.parametrize(
    ("statements", "public", "requires_mfa"),
    [
        ([let_in("*", **UNCLEAR)], None, None),
        ([let_in({"AWS": ALICE}, **UNCLEAR)], False, None),
        ([let_in({"AWS": ALICE}), let_in({"AWS": BOB}, **UNCLEAR)], False, False),
        ([let_in("*"), let_in("*", **UNCLEAR)], True, False),
        ([let_in("*"), keep_out("*", **UNCLEAR)], None, None),
        ([let_in({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", **UNCLEAR)], None, None),
        ([let_in({"AWS": ALICE}), keep_out("*", **UNCLEAR)], False, None),
    ],
)
def test_a_condition_without_meaning_leaves_its_answer_open(
    statements: list[Json], *, public: bool | None, requires_mfa: bool | None
) -> None:
    """It may hold and may not; another statement can still settle the answer."""
    found = trust(*statements)

    assert (found.public, found.requires_mfa) == (public, requires_mfa)
    open_ones = None in (public, requires_mfa)
    assert found.undecided == (("trust policy: a condition cannot be decided",) if open_ones else ())


def test_a_trust_policy_that_is_not_known_is_not_called_private() -> None:
    """The reason is the one that was given."""
    missing = judge_trust(unknown("role trust", "the engine computes it later"), NOW)
    broken = judge_trust(attach("{", "role trust", kind=DocumentKind.TRUST), NOW)

    assert (missing.public, missing.requires_mfa, missing.witness, missing.unreadable) == (
        None,
        None,
        None,
        (),
    )
    assert missing.undecided == ("role trust: the engine computes it later",)
    assert [each.partition(": ")[0] for each in broken.undecided] == ["role trust cannot be read"]
    assert broken.public is None


def test_the_time_is_the_clocks_unless_it_is_given() -> None:
    """A trust that has run out lets nobody in now, and did once."""
    until = {"Condition": {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}
    document = {"Version": "2012-10-17", "Statement": let_in("*", **until)}

    assert judge_trust(document).public is False
    assert judge_trust(document, 1_500_000_000.0).public is True


@pytest.mark.parametrize(
    ("key", "value", "public"),
    [
        ("aws:PrincipalOrgID", "o-own1234567", False),
        ("aws:PrincipalAccount", ACCOUNT, False),
        ("aws:PrincipalTag/team", "blue", True),
        ("token.actions.githubusercontent.com:repository_owner", "mine", False),
        ("token.actions.githubusercontent.com:repository_owner", "stranger", True),
        ("token.actions.githubusercontent.com:aud", "sts.amazonaws.com", True),
    ],
)
def test_a_shared_provider_is_private_where_the_own_side_is_named(
    key: str, value: str, *, public: bool
) -> None:
    """A stranger signs in to it as well, with another account and another owner, and with tags of choice."""
    condition = {"StringEquals": {key: value}}
    found = trust(let_in({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", Condition=condition))

    assert found.public is public


def test_mistakes_with_mfa_are_named_in_a_trust_policy_too() -> None:
    """It is the place where they matter most."""
    found = trust(let_in({"AWS": ROOT}, Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}))

    assert [each.name for each in found.mfa_mistakes] == ["allow-bool-if-exists-true"]
