"""What limits a grant from outside: a boundary, of which there may seem to be two, and the day."""

import json
from collections.abc import Callable
from typing import Final

import pytest

from identity_guard.stack.phase import TODAY_VARIABLE
from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told
from tests.rules.access_parts import WORKLOAD, in_account

Run = Callable[..., list[Told]]
RULE: Final = "no-root-level-access"
MANAGED: Final = "arn:aws:iam::aws:policy/"
SET: Final = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"
QUIET: Final = dict.fromkeys(("mfa_requirement", "privilege_escalation", "identity_advice"), "disabled")
EVERYTHING: Final = Made(
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
    "admin",
    {"permissionSetArn": SET, "managedPolicyArn": f"{MANAGED}AdministratorAccess"},
)


def boundary(name: str) -> Made:
    """Limit the permission set by a policy of AWS, or by one that is not known yet."""
    arn = UNKNOWN if name == UNKNOWN else MANAGED + name
    return Made(
        "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment",
        f"boundary-{name}",
        {"permissionSetArn": SET, "permissionsBoundary": {"managedPolicyArn": arn}},
    )


@pytest.mark.parametrize(
    ("boundaries", "policy"),
    [
        (["ReadOnlyAccess"], None),
        (["AdministratorAccess"], RULE),
        (["ReadOnlyAccess", "AdministratorAccess"], RULE),
        (["AdministratorAccess", "ReadOnlyAccess"], RULE),
        (["ReadOnlyAccess", "SecurityAudit"], None),
        ([UNKNOWN], "undecided"),
        (["ReadOnlyAccess", UNKNOWN], "undecided"),
        ([UNKNOWN, "ReadOnlyAccess"], "undecided"),
        (["ReadOnlyAccess", "NoSuchPolicyOfAws"], "undecided"),
    ],
)
def test_of_two_boundaries_the_weaker_counts(preview: Run, boundaries: list[str], policy: str | None) -> None:
    """A permission set has one; which of two attachments will hold nobody knows."""
    told = preview(*(boundary(name) for name in boundaries), EVERYTHING, **QUIET)

    assert [each.policy for each in told] == ([policy] if policy else [])


READING: Final = in_account(
    Made(
        "aws:iam/policy:Policy",
        "reading",
        {
            "name": "Reading",
            "policy": json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": {"Effect": "Allow", "Action": "s3:List*", "Resource": "*"},
                }
            ),
        },
    )
)
HERE: Final = Made("aws:ssoadmin/permissionSet:PermissionSet", "made", {"name": "made"}, {"arn": SET})
USED: Final = Made(
    "aws:ssoadmin/accountAssignment:AccountAssignment",
    "use",
    {"permissionSetArn": SET, "targetId": WORKLOAD, "principalType": "GROUP", "principalId": "g-1"},
)
BY_ARN: Final = {"managedPolicyArn": f"{MANAGED}ReadOnlyAccess"}
BY_NAME: Final = {"customerManagedPolicyReference": {"name": "Reading", "path": "/"}}
ADMIN: Final = f"{MANAGED}AdministratorAccess"
OF_SET: Final = "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment"


@pytest.mark.parametrize(
    "limited",
    [
        [Made(OF_SET, "limit", {"permissionSetArn": SET, "permissionsBoundary": BY_ARN}), EVERYTHING],
        [
            HERE,
            USED,
            Made(OF_SET, "limit", {"permissionSetArn": SET, "permissionsBoundary": BY_NAME}),
            EVERYTHING,
        ],
        [
            Made(
                "aws:iam/role:Role",
                "r",
                {
                    "name": "r",
                    "managedPolicyArns": [ADMIN],
                    "permissionsBoundary": f"{MANAGED}ReadOnlyAccess",
                },
            )
        ],
        [
            Made("aws:iam/user:User", "u", {"name": "u", "permissionsBoundary": f"{MANAGED}ReadOnlyAccess"}),
            Made(
                "aws:iam/userPolicyAttachment:UserPolicyAttachment", "all", {"user": "u", "policyArn": ADMIN}
            ),
        ],
        [
            Made(
                "aws-native:sso:PermissionSet",
                "s",
                {"managedPolicies": [ADMIN], "permissionsBoundary": BY_ARN},
            )
        ],
        [
            Made(
                "aws-native:sso:PermissionSet",
                "s",
                {"managedPolicies": [ADMIN], "permissionsBoundary": BY_NAME, "permissionSetArn": SET},
            ),
            USED,
        ],
    ],
    ids=["set by ARN", "set by name", "role", "user", "native set by ARN", "native set by name"],
)
def test_a_boundary_takes_back_wherever_it_is_written(preview: Run, limited: list[Made]) -> None:
    """To take it for one more grant would refuse what AWS lets do next to nothing."""
    assert preview(READING, *limited, **QUIET) == []


UNCLEAR: Final = {
    "Effect": "Allow",
    "Action": "*",
    "Resource": "*",
    "Condition": {"NumericLessThan": {"aws:EpochTime": "soon"}},
}


@pytest.mark.parametrize(
    ("boundaries", "policy"),
    [
        (["Unclear"], "undecided"),
        (["Unclear", "ReadOnlyAccess"], "undecided"),
        (["ReadOnlyAccess", "Unclear"], "undecided"),
        (["Unclear", "AdministratorAccess"], RULE),
        (["AdministratorAccess", "Unclear"], RULE),
    ],
)
def test_a_boundary_of_which_nothing_can_be_said_counts_between_a_weak_and_a_strong_one(
    preview: Run, boundaries: list[str], policy: str
) -> None:
    """Beside one that withholds, the answer is open; beside one that withholds nothing, it is clear."""
    text = json.dumps({"Version": "2012-10-17", "Statement": UNCLEAR})
    limit = Made("aws:iam/policy:Policy", "unclear", {"name": "Unclear", "policy": text})
    told = preview(limit, *map(boundary_of, boundaries), EVERYTHING, **QUIET)

    assert [each.policy for each in told] == [policy]


def boundary_of(name: str) -> Made:
    """Limit the permission set by a policy of AWS, or by the one of this stack."""
    if name != "Unclear":
        return boundary(name)
    limit = {"customerManagedPolicyReference": {"name": name, "path": "/"}}
    token = "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment"
    return Made(token, "boundary-own", {"permissionSetArn": SET, "permissionsBoundary": limit})


def since(moment: str) -> Made:
    """Let a user of elsewhere do everything from a moment on."""
    statement = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {"DateGreaterThanEquals": {"aws:CurrentTime": moment}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    return Made("aws:iam/userPolicy:UserPolicy", "rights", {"user": "eve", "policy": document})


@pytest.mark.parametrize(
    ("today", "moment", "refused"),
    [
        ("2026-11-20", "2026-11-20T00:00:00Z", True),
        ("2026-11-20", "2026-11-20T00:00:01Z", False),
        ("2026-11-19", "2026-11-20T00:00:00Z", False),
        ("2019-12-31", "2020-01-01T00:00:00Z", False),
        (None, "2020-01-01T00:00:00Z", True),
        (None, "2999-01-01T00:00:00Z", False),
        ("2026-11-20T01:00:00+02:00", "2026-11-20T00:00:00Z", False),
        ("2026-11-20T01:00:00-02:00", "2026-11-20T00:00:00Z", True),
        ("2019-12-31T00:00:00", "2020-01-01T00:00:00Z", True),
        ("soon", "2020-01-01T00:00:00Z", True),
        ("soon", "2999-01-01T00:00:00Z", False),
    ],
)
def test_a_grant_for_a_time_is_judged_on_the_day_of_the_check(
    preview: Run, monkeypatch: pytest.MonkeyPatch, today: str | None, moment: str, *, refused: bool
) -> None:
    """From midnight of UTC on; where no day is set, or none that can be read, the clock tells."""
    monkeypatch.delenv(TODAY_VARIABLE)
    if today is not None:
        monkeypatch.setenv(TODAY_VARIABLE, today)
    told = preview(since(moment), **QUIET)

    assert [each.policy for each in told] == [RULE] * refused
