"""`sts:AssumeRoot`, meant or brought along, held to task policies or not."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

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


SET: Final = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"
MANAGEMENT, WORKLOAD, OTHER = "999999999999", "444455556666", "555566667777"
CONFIGURED: Final = {
    "no_root_level_access": {"managementAccount": MANAGEMENT},
    "privilege_escalation": {"managementAccount": MANAGEMENT},
    "mfa_requirement": "disabled",
}
BROAD: Final = [
    {"Effect": "Allow", "Action": "s*", "Resource": "*"},
    {"Effect": "Allow", "Action": ["sts:*", "s3:Get*"], "Resource": "*"},
    {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
    {"Effect": "Allow", "Action": "*:AssumeRoot", "Resource": "*"},
]


def set_with(statement: dict[str, Any], *accounts: str) -> list[Made]:
    """Give a permission set a policy, and assign it in accounts."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = Made("aws:ssoadmin/permissionSet:PermissionSet", "set", {"name": "set"}, {"arn": SET})
    inline = Made(
        "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
        "rights",
        {"permissionSetArn": SET, "inlinePolicy": document},
    )
    uses = [
        Made(
            "aws:ssoadmin/accountAssignment:AccountAssignment",
            f"in-{account}",
            {
                "permissionSetArn": SET,
                "targetId": account,
                "principalType": "GROUP",
                "principalId": "g-1",
            },
        )
        for account in accounts
    ]
    return [made, inline, *uses]


def of_rule(told: list[Told], rule: str = RULE) -> list[str]:
    """Return what a rule says."""
    return [each.message for each in told if each.policy == rule]


@pytest.mark.parametrize("statement", BROAD)
def test_in_the_management_account_every_spelling_is_refused(preview: Run, statement: dict[str, Any]) -> None:
    """What the statement is called does not matter there: it is root of every member account."""
    told = preview(*set_with(statement, WORKLOAD, MANAGEMENT), **CONFIGURED)

    assert any("may become the root user of member accounts" in said for said in of_rule(told))


@pytest.mark.parametrize("statement", [*BROAD, allow("sts:AssumeRoot")])
def test_assigned_elsewhere_it_is_no_finding(preview: Run, update: Run, statement: dict[str, Any]) -> None:
    """From a workload account STS refuses the call; a warning there would be noise."""
    for run in (preview, update):
        told = run(*set_with(statement, WORKLOAD, OTHER), **CONFIGURED)
        assert of_rule(told) == []
        assert not any("sts-assume-root" in said for said in of_rule(told, "privilege-escalation"))


@pytest.mark.parametrize(
    "action", ["sso:*", "sso:CreateAccountAssignment", "identitystore:*", "sso-directory:*"]
)
def test_identity_center_is_administered_from_its_own_accounts(preview: Run, action: str) -> None:
    """A set with Identity Center's actions reaches the organisation from where it is administered only."""
    for account, is_open in ((WORKLOAD, False), (MANAGEMENT, True)):
        told = preview(*set_with(allow(action), account), **CONFIGURED)
        assert bool(of_rule(told, "privilege-escalation")) is is_open


def test_a_delegated_administrator_counts_as_the_management_account(preview: Run) -> None:
    """AWS lets it do the same."""
    settings = {"managementAccount": MANAGEMENT, "delegatedAdministrators": [WORKLOAD]}
    told = preview(
        *set_with(allow("sts:AssumeRoot"), WORKLOAD),
        no_root_level_access=settings,
        mfa_requirement="disabled",
    )

    assert of_rule(told)


@pytest.mark.parametrize(
    ("service", "account", "told"),
    [
        ("sso.amazonaws.com", WORKLOAD, True),
        ("iam.amazonaws.com", WORKLOAD, True),
        ("guardduty.amazonaws.com", WORKLOAD, False),
        ("sso.amazonaws.com", OTHER, False),
        ("sso.amazonaws.com", UNKNOWN, True),
        (UNKNOWN, WORKLOAD, True),
    ],
)
def test_a_delegation_that_the_stack_makes_counts(
    preview: Run, service: str, account: str, *, told: bool
) -> None:
    """Lose this, and the set of whoever administers Identity Center looks as if it reached nothing."""
    delegation = Made(
        "aws:organizations/delegatedAdministrator:DelegatedAdministrator",
        "delegated",
        {"accountId": account, "servicePrincipal": service},
    )
    found = preview(delegation, *set_with(allow("sso:*"), WORKLOAD), **CONFIGURED)

    assert bool(of_rule(found, "privilege-escalation")) is told


def test_where_nobody_says_which_account_manages_what_is_about_sts_is_refused(preview: Run) -> None:
    """An assignment says nothing then: any account may be the one."""
    told = preview(*set_with(allow("sts:AssumeRoot"), WORKLOAD), mfa_requirement="disabled")

    assert of_rule(told)


@pytest.mark.parametrize("action", ["*:AssumeRoot", "?ts:AssumeRoot", "sts*", "sts*:*"])
def test_a_pattern_that_takes_nothing_but_sts_is_meant(preview: Run, action: str) -> None:
    """By what it takes, and not by how it is written."""
    assert of_rule(preview(user_with(allow(action))))


def test_a_boundary_that_nobody_has_read_leaves_it_open(preview: Run) -> None:
    """It may withhold the action, and it may not."""
    limited = Made(
        "aws:iam/role:Role",
        "r",
        {
            "name": "r",
            "permissionsBoundary": "arn:aws:iam::111122223333:policy/nowhere",
            "inlinePolicies": [
                {
                    "name": "p",
                    "policy": json.dumps({"Version": "2012-10-17", "Statement": [allow("sts:AssumeRoot")]}),
                }
            ],
        },
    )
    told = preview(limited)

    assert of_rule(told) == []
    assert any("root user of member accounts" in said for said in of_rule(told, "undecided"))
