"""Root-level access of roles, users and groups is refused, and of policies that nobody holds told."""

from typing import Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made
from tests.rules.access_parts import (
    ADMIN,
    EVERYTHING,
    GUARDING,
    MANAGED,
    TRUST,
    Run,
    policy,
    role,
    violations,
)

RULE: Final = "no-root-level-access"


INLINE: Final = [{"name": "rights", "policy": EVERYTHING}]

FORBIDDEN_IAM: Final = {
    "role, managed ARNs": ([role(managedPolicyArns=[ADMIN])], "IAM role `deploy`"),
    "role, inline": ([role(inlinePolicies=INLINE)], "IAM role `deploy`"),
    "role, attachment": (
        [
            role(),
            Made(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "a",
                {"role": "deploy", "policyArn": ADMIN},
            ),
        ],
        "IAM role `deploy`",
    ),
    "role, policy": (
        [role(), Made("aws:iam/rolePolicy:RolePolicy", "p", {"role": "deploy", "policy": EVERYTHING})],
        "IAM role `deploy`",
    ),
    "role, exclusive attachments": (
        [
            role(),
            Made(
                "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
                "a",
                {"roleName": "deploy", "policyArns": [ADMIN]},
            ),
        ],
        "IAM role `deploy`",
    ),
    "role of elsewhere": (
        [
            Made(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "a",
                {"role": "other", "policyArn": ADMIN},
            )
        ],
        "IAM role `other`",
    ),
    "user, attachment": (
        [
            Made("aws:iam/user:User", "eve", {"name": "eve"}),
            Made(
                "aws:iam/userPolicyAttachment:UserPolicyAttachment", "a", {"user": "eve", "policyArn": ADMIN}
            ),
        ],
        "IAM user `eve`",
    ),
    "user, policy": (
        [Made("aws:iam/userPolicy:UserPolicy", "p", {"user": "eve", "policy": EVERYTHING})],
        "IAM user `eve`",
    ),
    "group, attachment": (
        [
            Made("aws:iam/group:Group", "ops", {"name": "ops"}),
            Made(
                "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
                "a",
                {"group": "ops", "policyArn": ADMIN},
            ),
        ],
        "IAM group `ops`",
    ),
    "group, policy": (
        [Made("aws:iam/groupPolicy:GroupPolicy", "p", {"group": "ops", "policy": EVERYTHING})],
        "IAM group `ops`",
    ),
    "policy attachment, role": (
        [
            Made(
                "aws:iam/policyAttachment:PolicyAttachment",
                "a",
                {"roles": ["deploy"], "users": [], "policyArn": ADMIN},
            )
        ],
        "IAM role `deploy`",
    ),
    "policy of this stack by ARN": (
        [
            Made(
                "aws:iam/policy:Policy",
                "everything",
                {"name": "everything", "policy": EVERYTHING},
                {
                    "name": "everything",
                    "policy": EVERYTHING,
                    "arn": "arn:aws:iam::111122223333:policy/everything",
                },
            ),
            Made(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "a",
                {"role": "deploy", "policyArn": "arn:aws:iam::111122223333:policy/everything"},
            ),
        ],
        "IAM role `deploy`",
    ),
}


@pytest.mark.parametrize(("parts", "who"), FORBIDDEN_IAM.values(), ids=list(FORBIDDEN_IAM))
def test_no_role_user_or_group_gets_root_level_access(preview: Run, parts: list[Made], who: str) -> None:
    """Every way to put a policy on an IAM identity counts."""
    (told,) = violations(preview(*parts))

    assert told.policy == RULE
    assert who in told.message


def test_a_fresh_policy_reaches_a_fresh_role_through_dependencies(preview: Run) -> None:
    """In a new stack neither the role's name nor the policy's ARN need be known."""
    everything = policy("everything", EVERYTHING)
    fresh = Made("aws:iam/role:Role", "deploy", {"name": UNKNOWN, "assumeRolePolicy": TRUST})
    attachment = Made(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "a",
        {"role": UNKNOWN, "policyArn": UNKNOWN},
        depends={"role": [fresh], "policyArn": [everything]},
    )
    (told,) = violations(preview(everything, fresh, attachment))

    assert "IAM role `deploy`" in told.message


def test_a_role_within_a_real_boundary_passes(preview: Run) -> None:
    """The boundary is the role's own property."""
    within = role(managedPolicyArns=[ADMIN], permissionsBoundary=f"{MANAGED}ReadOnlyAccess")

    assert violations(preview(within)) == []


def test_outputs_do_not_bring_back_what_the_update_takes_away(preview: Run) -> None:
    """A role's outputs still list a policy that this very update detaches."""
    inputs = role().inputs
    cleaned = Made("aws:iam/role:Role", "deploy", inputs, {**inputs, "managedPolicyArns": [ADMIN]})

    assert violations(preview(cleaned)) == []


def test_the_same_name_under_two_providers_is_two_roles(preview: Run) -> None:
    """Two accounts each have a role of that name; half of the access in each is not the whole."""
    halves = [f"{MANAGED}PowerUserAccess", None]
    parts = []
    for number, arn in enumerate(halves):
        provider = f"urn:pulumi:dev::project::pulumi:providers:aws::account{number}"
        rights = (
            {"managedPolicyArns": [arn]} if arn else {"inlinePolicies": [{"name": "x", "policy": GUARDING}]}
        )
        parts.append(
            Made(
                "aws:iam/role:Role",
                f"deploy{number}",
                {"name": "deploy", "assumeRolePolicy": TRUST, **rights},
                provider=provider,
            )
        )

    assert violations(preview(*parts)) == []


def test_a_user_is_what_its_groups_make_of_it(preview: Run) -> None:
    """Half through the user, half through the group: only the union is root-level."""
    parts = [
        Made(
            "aws:iam/userPolicyAttachment:UserPolicyAttachment",
            "a",
            {"user": "eve", "policyArn": f"{MANAGED}PowerUserAccess"},
        ),
        Made("aws:iam/groupPolicy:GroupPolicy", "p", {"group": "ops", "policy": GUARDING}),
        Made("aws:iam/userGroupMembership:UserGroupMembership", "m", {"user": "eve", "groups": ["ops"]}),
    ]
    (told,) = violations(preview(*parts))

    assert "IAM user `eve`" in told.message


def test_a_root_level_group_is_told_once_and_not_for_each_member(preview: Run) -> None:
    """A hundred members would bury the one thing to change."""
    parts = [
        Made("aws:iam/groupPolicy:GroupPolicy", "p", {"group": "ops", "policy": EVERYTHING}),
        Made("aws:iam/groupMembership:GroupMembership", "m", {"group": "ops", "users": ["ann", "eve"]}),
    ]
    (told,) = violations(preview(*parts))

    assert "IAM group `ops`" in told.message


OF_OPS: Final = Made("aws:iam/groupPolicy:GroupPolicy", "p", {"group": "ops", "policy": EVERYTHING})
HALF_OF_OPS: Final = Made("aws:iam/groupPolicy:GroupPolicy", "p", {"group": "ops", "policy": GUARDING})


def of_eve(policy: str) -> Made:
    """Attach a policy of AWS to the user."""
    token = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
    return Made(token, f"eve-{policy}", {"user": "eve", "policyArn": MANAGED + policy})


def of_others(policy: str) -> Made:
    """Attach a policy of AWS to a second group."""
    token = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
    return Made(token, f"others-{policy}", {"group": "others", "policyArn": MANAGED + policy})


@pytest.mark.parametrize(
    ("parts", "groups", "told_of"),
    [
        ([OF_OPS, of_others("ReadOnlyAccess")], ["ops", "others"], ["IAM group `ops`"]),
        ([OF_OPS, of_others("ReadOnlyAccess")], ["others", "ops"], ["IAM group `ops`"]),
        ([OF_OPS], ["elsewhere", "ops"], ["IAM group `ops`"]),
        ([OF_OPS, of_eve("ReadOnlyAccess")], ["ops"], ["IAM group `ops`"]),
        ([OF_OPS, of_eve("AdministratorAccess")], ["ops"], ["IAM group `ops`", "IAM user `eve`"]),
        ([HALF_OF_OPS, of_others("PowerUserAccess")], ["ops", "others"], ["IAM user `eve`"]),
        ([HALF_OF_OPS, of_eve("AdministratorAccess")], ["ops"], ["IAM user `eve`"]),
    ],
)
def test_a_member_is_told_beside_its_group_where_its_own_policies_are_enough(
    preview: Run, parts: list[Made], groups: list[str], told_of: list[str]
) -> None:
    """To mend the group alone would leave such a member with everything."""
    membership = {"user": "eve", "groups": groups}
    told = preview(*parts, Made("aws:iam/userGroupMembership:UserGroupMembership", "m", membership))

    assert sorted(each.message.splitlines()[1].partition(" has")[0] for each in violations(told)) == told_of


def test_an_unattached_root_level_policy_is_an_advice(preview: Run) -> None:
    """It grants nothing today and everything on the day somebody attaches it."""
    (told,) = preview(policy("Everything", EVERYTHING))

    assert (told.policy, told.level) == ("identity-advice", "advisory")
    assert "nobody of this stack has it" in told.message


def test_an_unattached_policy_is_called_by_its_name(preview: Run) -> None:
    """It is no inline policy, and nobody would find one."""
    (told,) = preview(policy("everything", EVERYTHING))

    assert "granted by: everything, All, through Policy `everything`" in told.message
