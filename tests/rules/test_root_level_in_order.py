"""What limits access comes before it: the preview advises so, and the update refuses what comes too early."""

from typing import Final

import pytest

from identity_guard.testing.in_process_engine import Made
from tests.rules.access_parts import (
    ADMIN,
    DECLARED,
    EVERYTHING,
    GUARDING,
    MANAGED,
    MFA,
    NO_IAM,
    SET_ARN,
    Run,
    boundary,
    existing_set,
    fresh_set,
    in_account,
    managed,
    policy,
    role,
    sso,
)

RULE: Final = "no-root-level-access"


def test_a_boundary_that_may_come_late_is_an_advice_in_the_preview(preview: Run) -> None:
    """Without an order the set has root-level access in between, and the update would refuse it."""
    permission_set = fresh_set()
    limit = boundary(permission_set, f"{MANAGED}ReadOnlyAccess")
    told = preview(permission_set, limit, managed(permission_set, ADMIN), **MFA)

    assert [(each.policy, each.level) for each in told] == [("identity-advice", "advisory")]
    assert "dependsOn" in told[0].message


def test_a_deny_that_may_come_late_is_an_advice_in_the_preview(preview: Run) -> None:
    """A Deny in a resource of its own limits only from when it is made."""
    permission_set = fresh_set()
    deny = sso("PermissionSetInlinePolicy", "inline", permission_set, inlinePolicy=NO_IAM)
    told = preview(permission_set, deny, managed(permission_set, ADMIN), **MFA)

    assert [each.policy for each in told] == ["identity-advice"]
    assert (
        "let ManagedPolicyAttachment `managed` depend on PermissionSetInlinePolicy `inline`"
        in told[0].message
    )


def test_a_boundary_that_comes_first_needs_no_advice(preview: Run) -> None:
    """The order is there."""
    permission_set = fresh_set()
    limit = boundary(permission_set, f"{MANAGED}ReadOnlyAccess")
    admin = managed(permission_set, ADMIN)
    admin.after = [limit]

    assert preview(permission_set, limit, admin, **MFA) == []


@pytest.mark.parametrize(
    "between", ["time:index/sleep:Sleep", "aws:ssoadmin/accountAssignment:AccountAssignment"]
)
@pytest.mark.parametrize(("seen", "told"), [(True, []), (False, ["identity-advice"])], ids=["seen", "unseen"])
def test_a_boundary_may_come_first_through_another_resource(
    preview: Run, between: str, told: list[str], *, seen: bool
) -> None:
    """What a pause waits for comes before what waits for the pause, though no rule covers pauses."""
    permission_set = fresh_set()
    limit = boundary(permission_set, f"{MANAGED}ReadOnlyAccess")
    pause = Made(between, "pause", {}, after=[limit])
    admin = managed(permission_set, ADMIN)
    admin.after = [pause]
    made = (permission_set, limit, pause, admin) if seen else (permission_set, limit, admin)

    assert [each.policy for each in preview(*made, **MFA)] == told


def test_the_attachment_that_would_complete_root_level_access_is_refused(update: Run) -> None:
    """With --skip-preview nothing else comes in time; the first of the two is made, the second is not."""
    permission_set = existing_set()
    known = {"permissionSetArn": SET_ARN}
    power = managed(permission_set, f"{MANAGED}PowerUserAccess", "power-user", **known)
    inline = sso("PermissionSetInlinePolicy", "rights", permission_set, inlinePolicy=GUARDING, **known)
    (told,) = update(permission_set, power, inline, **MFA)

    assert (told.policy, told.level, told.urn) == (RULE, "mandatory", inline.urn)


def test_administrator_access_is_refused_in_the_update_before_it_is_attached(update: Run) -> None:
    """Its set may be assigned already, and an assignment is asked about only afterwards."""
    permission_set = existing_set()
    admin = managed(permission_set, ADMIN, permissionSetArn=SET_ARN)
    (told,) = update(permission_set, admin, **MFA)

    assert told.urn == admin.urn
    assert "what limits it has to be made before this resource" in told.message


def test_a_boundary_made_first_lets_the_update_go_on(update: Run) -> None:
    """What limits comes before what it limits."""
    permission_set = existing_set()
    limit = boundary(permission_set, f"{MANAGED}ReadOnlyAccess", permissionSetArn=SET_ARN)
    admin = managed(permission_set, ADMIN, permissionSetArn=SET_ARN)

    assert update(permission_set, limit, admin, **MFA) == []


def test_a_role_that_is_root_level_by_itself_is_refused_before_it_is_made(update: Run) -> None:
    """All that it holds is in the one resource."""
    whole = role(managedPolicyArns=[ADMIN])
    (told,) = update(whole)

    assert told.urn == whole.urn


def test_a_membership_that_completes_root_level_access_is_refused(update: Run) -> None:
    """The user's half and the group's half were both harmless."""
    membership = Made(
        "aws:iam/userGroupMembership:UserGroupMembership", "m", {"user": "eve", "groups": ["ops"]}
    )
    (told,) = update(
        Made(
            "aws:iam/userPolicyAttachment:UserPolicyAttachment",
            "a",
            {"user": "eve", "policyArn": f"{MANAGED}PowerUserAccess"},
        ),
        Made("aws:iam/groupPolicy:GroupPolicy", "p", {"group": "ops", "policy": GUARDING}),
        membership,
    )

    assert told.urn == membership.urn


def test_a_text_that_comes_after_its_reference_counts_in_the_update(update: Run) -> None:
    """The set was judged without it; whoever would let people in afterwards is refused."""
    known = {"permissionSetArn": SET_ARN}
    permission_set = existing_set()
    reference = sso(
        "CustomerManagedPolicyAttachment",
        "own",
        permission_set,
        customerManagedPolicyReference={"name": "Company"},
        **known,
    )
    assigned = Made(
        "aws:ssoadmin/accountAssignment:AccountAssignment",
        "late",
        {**known, "principalType": "GROUP", "principalId": "g-1", "targetId": "444444444444"},
    )
    company = in_account(policy("Company", EVERYTHING), "444444444444")
    (told,) = update(permission_set, reference, company, assigned, **MFA)

    assert (told.policy, told.level, told.urn) == (RULE, "mandatory", assigned.urn)


def test_an_update_of_what_is_allowed_says_nothing_before_its_end(update: Run) -> None:
    """Advisories come once, from the stack policy, and not once for each attachment."""
    permission_set = existing_set()
    known = {"permissionSetArn": SET_ARN}
    told = update(
        permission_set,
        managed(permission_set, f"{MANAGED}PowerUserAccess", "power-user", **known),
        managed(permission_set, f"{MANAGED}IAMFullAccess", "iam-full", **known),
        mfa_requirement={"declared": DECLARED},
    )

    assert [(each.policy, each.level) for each in told] == [("privilege-escalation", "advisory")]


def test_turning_the_rule_down_turns_it_down_in_the_update_too(update: Run) -> None:
    """One name, one level: an advisory rule refuses nothing anywhere."""
    told = update(role(managedPolicyArns=[ADMIN]), no_root_level_access="advisory")

    assert [(each.policy, each.level) for each in told] == [(RULE, "advisory")]
