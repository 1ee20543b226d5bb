"""What the delegated administrator cannot do is told before the first resource."""

from collections.abc import Callable
from typing import Any

import pytest

from identity_center.model.access.other_accounts import ProvisionedSets
from tests.resources.preflight.organisation import DEPLOY, MANAGEMENT, MEMBER, MODEL, OfManagement, warnings
from tests.support.answers import Answers
from tests.support.refused import run_refused


def test_the_delegated_administrator_is_told_what_it_cannot_do(
    program: Callable[..., Any], answers: Answers
) -> None:
    """AWS refuses it in the middle of the update, with no word about why."""
    answers.account_id, answers.policies[DEPLOY] = MEMBER, {}
    answers.policies[DEPLOY.replace(MANAGEMENT, MEMBER)] = {"arn": DEPLOY, "policy": "{}"}

    with run_refused() as caught:
        program(MODEL)

    assert (
        f"identity-center:assignments: gives `deploying` in the management account, which account {MEMBER} "
        "cannot do: the delegated administrator cannot manage what is provisioned there; take the management "
        "account out, and give access there through permission sets of its own, in a stack that runs with "
        "its credentials"
    ) in str(caught)


AS_ADMINISTRATOR = {
    **MODEL,
    "permissionSets": {"reading": {"name": "Reading"}, "writing": {"name": "Writing"}},
    "assignments": [{"group": "developers", "permissionSets": ["reading", "writing"], "accounts": [MEMBER]}],
}


def test_a_set_that_the_management_account_has_is_closed_to_the_delegated_administrator(
    program: Callable[..., Any], answers: Answers, of_management: OfManagement, registered: list[str]
) -> None:
    """Somebody assigned it there by hand; since then AWS refuses every change and every other assignment."""
    answers.account_id = MEMBER
    of_management.answer = ProvisionedSets(frozenset({"Reading", "Other"}))

    with run_refused() as caught:
        program(AS_ADMINISTRATOR)

    assert str(caught).startswith("1 mistake")
    assert (
        "identity-center:permissionSets.reading: is provisioned in the management account, so account "
        f"{MEMBER} can neither change nor assign it"
    ) in str(caught)
    assert registered == []
    assert of_management.asked == [("us-east-1", answers.instances["arns"][0], MANAGEMENT)]


@pytest.mark.parametrize(
    "case",
    [
        ({}, "sso:DescribePermissionSet: AccessDeniedException"),
        ({"aws:noProxy": "example.com"}, "and not with aws:noProxy"),
    ],
    ids=["refused", "settings that are not followed"],
)
def test_what_the_management_account_has_is_unchecked_where_aws_does_not_say(
    program: Callable[..., Any],
    answers: Answers,
    of_management: OfManagement,
    messages: pytest.LogCaptureFixture,
    case: tuple[dict[str, str], str],
) -> None:
    """No answer is not the answer that there is none."""
    aws, why = case
    answers.account_id = MEMBER
    of_management.answer = ProvisionedSets(unseen="sso:DescribePermissionSet: AccessDeniedException")

    program(AS_ADMINISTRATOR, aws)

    line, *names = [line for line in warnings(messages) if "unchecked" in line]
    assert [line for line in names if "whether AWS has a new name" not in line] == []
    assert line.startswith("which permission sets are provisioned in the management account is unchecked: ")
    assert why in line


def test_the_management_account_is_not_asked_what_it_has(
    program: Callable[..., Any], of_management: OfManagement
) -> None:
    """It may change whatever it has; every lookup is a call in every preview."""
    program(AS_ADMINISTRATOR)

    assert of_management.asked == []
