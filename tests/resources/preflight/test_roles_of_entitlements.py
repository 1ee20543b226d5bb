"""Roles that people get are looked for in their accounts before the first resource."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from identity_center.model.access.other_accounts import (
    AccountAnswer,
    AccountQuestions,
    Asked,
    SeenRole,
)
from tests.resources.preflight.organisation import (
    MANAGEMENT,
    MEMBER,
    MODEL,
    Elsewhere,
    warnings,
)
from tests.support.answers import Answers
from tests.support.refused import run_refused


def entitled(*arns: str) -> dict[str, Any]:
    """Return a model in which a group gets roles."""
    return {
        "groups": MODEL["groups"],
        "accountAccess": {"entitlements": [{"group": "developers", "roles": [*arns]}]},
    }


def trust(*actions: str) -> str:
    """Return a trust policy that lets account access manager do some actions."""
    statement = {"Effect": "Allow", "Principal": {"Service": "account-access.amazonaws.com"}}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Action": [*actions]}]})


ALL = ("sts:AssumeRole", "sts:SetContext", "sts:TagSession")
HERE, THERE = (f"arn:aws:iam::{account}:role/Auditor" for account in (MANAGEMENT, MEMBER))


def test_every_role_that_people_get_is_looked_for_in_its_account(
    program: Callable[..., Any], answers: Answers, elsewhere: Elsewhere, registered: list[str]
) -> None:
    """The update would fail half-way, or end well with a role that lets nobody in."""
    answers.roles["Auditor"] = {"arn": HERE, "assumeRolePolicy": trust("sts:AssumeRole")}
    elsewhere.answer = AccountAnswer(roles={THERE: None})
    with run_refused() as caught:
        program(entitled(HERE, THERE, HERE.replace("Auditor", "Nobody")))

    for place, words in (
        (0, f"{HERE}, whose trust policy in account {MANAGEMENT} does not let"),
        (1, f"{THERE}, which account {MEMBER} does not have; make the role there first"),
        (2, f"/Nobody, which account {MANAGEMENT} does not have; make the role there first"),
    ):
        at = (
            f"identity-center:accountAccess.entitlements[0].roles[{place}]: group `developers` gets the role "
        )
        (line,) = [line for line in str(caught).splitlines() if at in line]
        assert words in line
    assert registered == []
    assert elsewhere.asked == [
        AccountQuestions("aws", "OrganizationAccountAccessRole", {MEMBER: Asked(roles=frozenset({THERE}))})
    ]


def test_roles_that_let_the_service_in_are_given_without_a_word(
    program: Callable[..., Any], answers: Answers, elsewhere: Elsewhere, messages: pytest.LogCaptureFixture
) -> None:
    """What is in order is made."""
    answers.roles["Auditor"] = {"arn": HERE, "assumeRolePolicy": trust(*ALL)}
    elsewhere.answer = AccountAnswer(roles={THERE: SeenRole(THERE, trust(*ALL))})
    made = program(entitled(HERE, THERE))

    assert len([urn for urn in made.requests if "accountaccess/entitlement" in urn]) == 2
    assert warnings(messages) == []


def test_a_role_that_may_not_be_looked_for_is_called_unchecked(
    program: Callable[..., Any], answers: Answers, elsewhere: Elsewhere, messages: pytest.LogCaptureFixture
) -> None:
    """Neither the run's own account nor another one is taken for right in silence."""
    answers.roles["Auditor"] = RuntimeError("AccessDenied: not authorized to perform iam:GetRole")
    elsewhere.answer = AccountAnswer.refused("sts:AssumeRole OrganizationAccountAccessRole: AccessDenied")
    program(entitled(HERE, THERE))
    own, other = [line for line in warnings(messages) if "unchecked" in line]

    assert f"use {HERE} through account access manager is unchecked: the credentials may not call" in own
    assert f"use {THERE} through account access manager is unchecked: sts:AssumeRole Org" in other


def test_an_answer_that_is_neither_yes_nor_no_ends_the_run(
    program: Callable[..., Any], answers: Answers, registered: list[str]
) -> None:
    """A bad day of AWS is no permission to go on."""
    answers.roles["Auditor"] = RuntimeError("ServiceUnavailable")
    with run_refused(match=f"AWS did not say whether {HERE} exists: .*ServiceUnavailable"):
        program(entitled(HERE))

    assert registered == []
