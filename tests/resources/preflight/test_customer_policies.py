"""Customer-managed policies are looked for in each account before the first resource."""

from collections.abc import Callable
from typing import Any

import pytest

from identity_center.model.access.other_accounts import AccountAnswer, AccountQuestions, Asked
from tests.resources.preflight.organisation import (
    DEPLOY,
    MANAGEMENT,
    MEMBER,
    MODEL,
    POLICY,
    Elsewhere,
    warnings,
)
from tests.support.answers import Answers
from tests.support.refused import run_refused


def test_a_customer_managed_policy_that_is_not_there_is_a_mistake(program: Callable[..., Any]) -> None:
    """AWS looks for it by name in the account, when everything else has been made."""
    with run_refused() as caught:
        program(MODEL)

    assert (
        f"identity-center:permissionSets.deploying: account {MANAGEMENT}, where it is assigned, has no "
        "policy `/team/Deploy`; make the policy there first"
    ) in str(caught)


def test_other_accounts_are_asked_once_each_through_the_role_of_the_configuration(
    program: Callable[..., Any], answers: Answers, elsewhere: Elsewhere, messages: pytest.LogCaptureFixture
) -> None:
    """IAM answers for one account; where the role lets the program in, the others are checked as well."""
    answers.policies[DEPLOY] = {"arn": DEPLOY, "policy": "{}"}

    program(MODEL)
    program({**MODEL, "policyLookups": {"role": "team/Reader"}})

    by_account = {MEMBER: Asked(frozenset({POLICY}))}
    assert elsewhere.asked == [
        AccountQuestions("aws", "OrganizationAccountAccessRole", by_account),
        AccountQuestions("aws", "team/Reader", by_account),
    ]
    assert [line for line in warnings(messages) if "unchecked" in line] == []


def test_a_policy_that_a_member_account_lacks_is_a_mistake(
    program: Callable[..., Any], answers: Answers, elsewhere: Elsewhere, registered: list[str]
) -> None:
    """Peers' pipelines end well, and nobody can sign in there."""
    answers.policies[DEPLOY] = {"arn": DEPLOY, "policy": "{}"}
    elsewhere.answer = AccountAnswer({POLICY: False})

    with run_refused(match=f"account {MEMBER}, where it is assigned, has no policy"):
        program(MODEL)

    assert registered == []


@pytest.mark.parametrize(
    "case",
    [
        ({}, {}, "sts:AssumeRole OrganizationAccountAccessRole: AccessDenied"),
        ({"memberAccounts": False}, {}, "`policyLookups.memberAccounts` is false"),
        ({}, {"aws:noProxy": "example.com"}, "and not with aws:noProxy"),
    ],
    ids=["refused", "not wanted", "settings that are not followed"],
)
def test_what_cannot_be_asked_is_called_unchecked_with_the_reason(
    program: Callable[..., Any],
    answers: Answers,
    elsewhere: Elsewhere,
    messages: pytest.LogCaptureFixture,
    case: tuple[dict[str, Any], dict[str, str], str],
) -> None:
    """What nobody looked at is not taken for right in silence."""
    lookups, aws, why = case
    answers.policies[DEPLOY] = {"arn": DEPLOY, "policy": "{}"}
    elsewhere.answer = AccountAnswer(unseen="sts:AssumeRole OrganizationAccountAccessRole: AccessDenied")
    program({**MODEL, "policyLookups": lookups}, aws)

    line, *names = [line for line in warnings(messages) if "unchecked" in line]
    assert [line for line in names if "whether AWS has a new name" not in line] == []
    assert line.startswith(
        f"customer-managed policy `/team/Deploy` for permission set `deploying` is unchecked in {MEMBER}: "
    )
    assert line.endswith(f"{why}; an assignment fails where the policy is not")
    assert len(elsewhere.asked) == (not lookups and not aws)


def test_an_account_that_may_not_be_asked_is_not_one_that_has_the_policy(
    program: Callable[..., Any], answers: Answers, messages: pytest.LogCaptureFixture
) -> None:
    """The run's own account is asked through the provider, which may be refused as well."""
    answers.policies[DEPLOY] = RuntimeError("AccessDenied: not authorized to perform iam:GetPolicy")
    program(MODEL)

    (line,) = [line for line in warnings(messages) if "unchecked" in line]
    assert (
        f"is unchecked in {MANAGEMENT}: the credentials may not call iam:GetPolicy or iam:GetPolicyVersion"
        in line
    )
