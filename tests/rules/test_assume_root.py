"""`sts:AssumeRoot`, meant or brought along, held to task policies or not."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import Made, Told

Run = Callable[..., list[Told]]
RULE: Final = "no-root-level-access"
AUDIT: Final = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"


def user_with(*statements: dict[str, Any]) -> Made:
    """Give a user a policy."""
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return Made("aws:iam/userPolicy:UserPolicy", "rights", {"user": "eve", "policy": document})


def allow(action: str, **elements: Any) -> dict[str, Any]:  # noqa: ANN401 - any element
    """Write an Allow."""
    return {"Sid": "Grant", "Effect": "Allow", "Action": action, "Resource": "*", **elements}


@pytest.mark.parametrize(
    "action", ["sts:AssumeRoot", "STS:assumeroot", "sts:*", "sts:Assume*", "sts:AssumeRoo?"]
)
def test_assume_root_that_is_meant_is_refused(preview: Run, action: str) -> None:
    """From the management account it is root of every member account."""
    (told,) = [each for each in preview(user_with(allow(action))) if each.policy == RULE]

    assert told.level == "mandatory"
    assert "inline policy, Grant, through UserPolicy `rights`" in told.message


def test_held_to_a_task_policy_it_passes(preview: Run) -> None:
    """An audit of root credentials is what the action is for."""
    held = allow("sts:AssumeRoot", Condition={"StringEquals": {"sts:TaskPolicyArn": AUDIT}})

    assert [each for each in preview(user_with(held)) if each.policy == RULE] == []


def test_held_to_any_task_policy_it_is_not_held(preview: Run) -> None:
    """A pattern that every task policy matches restricts nothing."""
    held = allow("sts:AssumeRoot", Condition={"StringLike": {"sts:TaskPolicyArn": "*"}})

    assert [each.policy for each in preview(user_with(held)) if each.level == "mandatory"] == [RULE]


def test_asking_for_mfa_does_not_hold_it(preview: Run) -> None:
    """That says who, not what."""
    asked = allow("sts:AssumeRoot", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})

    assert [each.policy for each in preview(user_with(asked)) if each.level == "mandatory"] == [RULE]


def test_a_deny_takes_it_back(preview: Run) -> None:
    """All of STS but this one action."""
    denied = {"Effect": "Deny", "Action": "sts:AssumeRoot", "Resource": "*"}

    assert [each for each in preview(user_with(allow("sts:*"), denied)) if each.policy == RULE] == []


def test_a_deny_in_another_policy_takes_it_back(preview: Run) -> None:
    """Whichever document has it: IAM reads them together."""
    written = json.dumps(
        {"Version": "2012-10-17", "Statement": [{**allow("sts:AssumeRoot"), "Effect": "Deny"}]}
    )
    other = Made("aws:iam/userPolicy:UserPolicy", "limits", {"user": "eve", "policy": written})

    for order in ([user_with(allow("sts:*")), other], [other, user_with(allow("sts:*"))]):
        assert [each for each in preview(*order) if each.policy == RULE] == []


@pytest.mark.parametrize(
    ("boundaries", "refused"),
    [
        (["ReadOnlyAccess"], False),
        (["PowerUserAccess"], True),
        (["ReadOnlyAccess", "PowerUserAccess"], True),
        (["PowerUserAccess", "ReadOnlyAccess"], True),
        (["ReadOnlyAccess", "SecurityAudit"], False),
    ],
)
def test_it_is_judged_within_the_boundary(preview: Run, boundaries: list[str], *, refused: bool) -> None:
    """Of two for one permission set nobody knows which will hold, so both have to withhold it."""
    arn = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow("sts:AssumeRoot")]})
    rights = Made(
        "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
        "rights",
        {"permissionSetArn": arn, "inlinePolicy": document},
    )
    limits = [
        Made(
            "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment",
            name,
            {
                "permissionSetArn": arn,
                "permissionsBoundary": {"managedPolicyArn": f"arn:aws:iam::aws:policy/{name}"},
            },
        )
        for name in boundaries
    ]

    assert [each.policy for each in preview(*limits, rights) if each.policy == RULE] == [RULE] * refused


def test_other_actions_of_sts_are_not_meant(preview: Run) -> None:
    """`sts:AssumeRole*` is three actions, and not this one."""
    assert [each for each in preview(user_with(allow("sts:AssumeRole*"))) if each.policy == RULE] == []


def test_brought_along_by_a_broad_grant_it_is_told_as_an_escalation(preview: Run) -> None:
    """PowerUserAccess has it; who uses that in the management account should know."""
    power = Made(
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "power",
        {"user": "eve", "policyArn": "arn:aws:iam::aws:policy/PowerUserAccess"},
    )
    (told,) = preview(power)

    assert (told.policy, told.level) == ("privilege-escalation", "advisory")
    assert "sts-assume-root (sts:AssumeRoot)" in told.message
