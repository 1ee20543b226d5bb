"""Whether a trust policy lets an AWS service in: what is not known of the call is no yes and no no."""

from typing import Any

import pytest

from identity_guard.iam.questions.service_access import ServiceAccess, service_access

SERVICE, OTHER = "account-access.amazonaws.com", "ec2.amazonaws.com"
ASSUME, CONTEXT = "sts:AssumeRole", "sts:SetContext"
KNOWN = {"aws:sourceaccount": ("111122223333",)}
IN = ServiceAccess((), ())
OUT = ServiceAccess((ASSUME, CONTEXT), ())
Json = dict[str, Any]


def judged(*statements: Json) -> ServiceAccess:
    """Judge a trust policy of these statements."""
    return service_access(
        {"Version": "2012-10-17", "Statement": list(statements)}, SERVICE, (ASSUME, CONTEXT), KNOWN
    )


def let_in(principal: Any = None, **elements: Any) -> Json:  # noqa: ANN401  # any of JSON
    """Return an Allow of both actions for the service."""
    principal = principal or {"Service": SERVICE}
    return {"Effect": "Allow", "Principal": principal, "Action": [ASSUME, CONTEXT], **elements}


def keep_out(**elements: Any) -> Json:  # noqa: ANN401  # any of JSON
    """Return a Deny of both actions."""
    return {**let_in(**elements), "Effect": "Deny"}


def all_but(principal: Json) -> Json:
    """Return an Allow of both actions for everybody else."""
    return {"Effect": "Allow", "NotPrincipal": principal, "Action": [ASSUME, CONTEXT]}


def when(operator: str, key: str, value: str) -> Json:
    """Return a Condition element."""
    return {"Condition": {operator: {key: value}}}


CASES: dict[str, tuple[list[Json], ServiceAccess]] = {
    "it is named": ([let_in()], IN),
    "it is one of several": ([let_in({"Service": [OTHER, SERVICE]})], IN),
    "by two statements": ([let_in(Action=ASSUME), let_in(Action="sts:Set*")], IN),
    "on the condition that AWS recommends": (
        [let_in(**when("StringEquals", "aws:SourceAccount", "111122223333"))],
        IN,
    ),
    "another service": ([let_in({"Service": OTHER})], OUT),
    "the account alone": ([let_in({"AWS": "arn:aws:iam::111122223333:root"})], OUT),
    "for one of two actions": ([let_in(Action=ASSUME)], ServiceAccess((CONTEXT,), ())),
    "for another account's application": (
        [let_in(**when("StringEquals", "aws:SourceAccount", "444455556666"))],
        OUT,
    ),
    "with MFA, which no service has": (
        [let_in(**when("Bool", "aws:MultiFactorAuthPresent", "true"))],
        OUT,
    ),
    "and kept out again": ([let_in(), keep_out()], OUT),
    "and other services are kept out": ([let_in(), keep_out(principal={"Service": OTHER})], IN),
    "and everybody but it is kept out": (
        [let_in(), {"Effect": "Deny", "NotPrincipal": {"Service": SERVICE}, "Action": "sts:*"}],
        IN,
    ),
    "on a condition that nobody knows yet": (
        [let_in(**when("ArnLike", "aws:SourceArn", "arn:aws:account-access:*:111122223333:application/a"))],
        ServiceAccess((), (ASSUME, CONTEXT), ("aws:sourcearn",)),
    ),
    "and kept out on a condition that nobody knows": (
        [let_in(), keep_out(**when("StringNotEquals", "aws:SourceOrgID", "o-example"))],
        ServiceAccess((), (ASSUME, CONTEXT), ("aws:sourceorgid",)),
    ),
    "everybody but another service": (
        [all_but({"Service": OTHER})],
        IN,
    ),
    "everybody but it": ([all_but({"Service": [OTHER, SERVICE]})], OUT),
    "and everybody but another is kept out": (
        [let_in(), {"Effect": "Deny", "NotPrincipal": {"Service": OTHER}, "Action": ASSUME}],
        ServiceAccess((ASSUME,), ()),
    ),
    "and everybody but a bare star is kept out": (
        [let_in(), {"Effect": "Deny", "NotPrincipal": "*", "Action": ASSUME}],
        ServiceAccess((), (ASSUME,)),
    ),
    "and every principal is kept out, as far as a star goes": (
        [let_in(), keep_out(principal="*")],
        ServiceAccess((), (ASSUME, CONTEXT)),
    ),
    "over TLS": ([let_in(**when("Bool", "aws:SecureTransport", "true"))], IN),
    "and kept out without TLS": ([let_in(), keep_out(**when("Bool", "aws:SecureTransport", "false"))], IN),
    "as a service": ([let_in(**when("Bool", "aws:PrincipalIsAWSService", "true"))], IN),
    "as no service": ([let_in(**when("Bool", "aws:PrincipalIsAWSService", "false"))], OUT),
    "without an age of MFA": ([let_in(**when("Null", "aws:MultiFactorAuthAge", "true"))], IN),
    "for a value that depends on the caller": (
        [let_in(**when("StringEquals", "aws:SourceAccount", "${aws:PrincipalAccount}"))],
        ServiceAccess((), (ASSUME, CONTEXT), ("aws:sourceaccount",)),
    ),
    "for certain, and once more on a condition": (
        [let_in(), let_in(**when("StringEquals", "aws:SourceOrgID", "o-example"))],
        IN,
    ),
    "on one condition that is met and one that nobody knows": (
        [
            let_in(
                Condition={
                    "StringEquals": {"aws:SourceAccount": "111122223333", "aws:SourceOrgID": "o-example"}
                }
            )
        ],
        ServiceAccess((), (ASSUME, CONTEXT), ("aws:sourceorgid",)),
    ),
    "on one condition that is not met and one that nobody knows": (
        [
            let_in(
                Condition={
                    "StringEquals": {"aws:SourceAccount": "444455556666", "aws:SourceOrgID": "o-example"}
                }
            )
        ],
        OUT,
    ),
    "for one action on a condition that nobody knows": (
        [
            let_in(Action=ASSUME),
            let_in(Action=CONTEXT, **when("StringEquals", "aws:SourceOrgID", "o-example")),
            let_in({"Service": OTHER}, **when("StringEquals", "aws:SourceVpc", "vpc-1")),
        ],
        ServiceAccess((), (CONTEXT,), ("aws:sourceorgid",)),
    ),
    "a bare star": ([let_in("*")], ServiceAccess((), (ASSUME, CONTEXT))),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_service_is_let_in_only_where_that_is_certain(case: tuple[list[Json], ServiceAccess]) -> None:
    """A role that shuts its service out is found by its users, on the day they need it."""
    statements, expected = case

    assert judged(*statements) == expected


def test_an_action_that_nobody_here_knows_is_left_open() -> None:
    """Whether a pattern takes it can be said; which others it needs cannot."""
    document = {"Version": "2012-10-17", "Statement": let_in(Action="sts:*")}
    found = service_access(document, SERVICE, (ASSUME, "sts:NotYetThere"), KNOWN)

    assert (found.refused, found.undecided, found.unreadable) == ((), ("sts:NotYetThere",), ())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"Statement": {"Effect": "Maybe"}}'])
def test_what_cannot_be_read_is_undecided_with_the_reason(text: str) -> None:
    """IAM has read it, so that it is ours that does not understand."""
    found = service_access(text, SERVICE, (ASSUME,), KNOWN)

    assert found.undecided == (ASSUME,)
    assert found.refused == ()
    assert found.unreadable
