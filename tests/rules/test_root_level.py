"""Root-level access through whichever policies is refused, and nothing else is."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.rules.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]

RULE: Final = "no-root-level-access"
MANAGED: Final = "arn:aws:iam::aws:policy/"
ADMIN: Final = f"{MANAGED}AdministratorAccess"
INSTANCE: Final = "arn:aws:sso:::instance/ssoins-1111111111111111"
SET_ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"
EVERYTHING: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
)
GUARDING: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}
        ],
    }
)
NO_IAM: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}
)
DECLARED: Final = {
    "promptMode": "always-on",
    "noDevice": "register",
    "identityProvider": "built-in",
    "confirmedBy": "identity team",
    "validUntil": "2027-01-15",
}
MFA: Final = {"mfa_requirement": {"declared": DECLARED}, "privilege_escalation": "disabled"}


def sso(kind: str, name: str, permission_set: Made, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a part of a permission set in a fresh stack, where its ARN is not known."""
    token = f"aws:ssoadmin/{kind[0].lower()}{kind[1:]}:{kind}"
    properties = {"instanceArn": INSTANCE, "permissionSetArn": UNKNOWN, **inputs}
    return Made(token, name, properties, depends={"permissionSetArn": [permission_set]})


def fresh_set(name: str = "power") -> Made:
    """Make a permission set that does not exist yet."""
    inputs = {"instanceArn": INSTANCE, "name": name}
    return Made("aws:ssoadmin/permissionSet:PermissionSet", name, inputs, {**inputs, "arn": UNKNOWN})


def existing_set(name: str = "power") -> Made:
    """Make a permission set whose ARN is known."""
    inputs = {"instanceArn": INSTANCE, "name": name}
    return Made("aws:ssoadmin/permissionSet:PermissionSet", name, inputs, {**inputs, "arn": SET_ARN})


def managed(permission_set: Made, arn: str, name: str = "managed", **inputs: str) -> Made:
    """Attach an AWS-managed policy."""
    return sso("ManagedPolicyAttachment", name, permission_set, managedPolicyArn=arn, **inputs)


def boundary(permission_set: Made, arn: str, **inputs: str) -> Made:
    """Limit a permission set."""
    limit = {"managedPolicyArn": arn}
    return sso(
        "PermissionsBoundaryAttachment", "boundary", permission_set, permissionsBoundary=limit, **inputs
    )


TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def role(name: str = "deploy", **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a role that a service may assume."""
    return Made("aws:iam/role:Role", name, {"name": name, "assumeRolePolicy": TRUST, **inputs})


def policy(name: str, document: str, path: str = "/") -> Made:
    """Make a customer-managed policy in a fresh stack."""
    inputs = {"name": name, "path": path, "policy": document}
    return Made("aws:iam/policy:Policy", name, inputs, {**inputs, "arn": UNKNOWN})


def violations(told: list[Told]) -> list[Told]:
    """Keep what stops a run."""
    return [each for each in told if each.level == "mandatory"]


FORBIDDEN: Final = {
    "AdministratorAccess": lambda s: [managed(s, ADMIN)],
    "another partition": lambda s: [managed(s, "arn:aws-us-gov:iam::aws:policy/AdministratorAccess")],
    "exclusive list": lambda s: [
        sso(
            "ManagedPolicyAttachmentsExclusive",
            "every",
            s,
            managedPolicyArns=[f"{MANAGED}ReadOnlyAccess", ADMIN],
        )
    ],
    "inline text": lambda s: [sso("PermissionSetInlinePolicy", "inline", s, inlinePolicy=EVERYTHING)],
    "inline object": lambda s: [
        sso("PermissionSetInlinePolicy", "inline", s, inlinePolicy=json.loads(EVERYTHING))
    ],
    "union of two": lambda s: [
        managed(s, f"{MANAGED}PowerUserAccess"),
        sso("PermissionSetInlinePolicy", "inline", s, inlinePolicy=GUARDING),
    ],
    "customer-managed of this stack": lambda s: [
        policy("Everything", EVERYTHING),
        sso(
            "CustomerManagedPolicyAttachment", "own", s, customerManagedPolicyReference={"name": "Everything"}
        ),
    ],
    "exclusive customer-managed with a path": lambda s: [
        policy("Everything", EVERYTHING, "/team/"),
        sso(
            "CustomerManagedPolicyAttachmentsExclusive",
            "own",
            s,
            customerManagedPolicyReferences=[{"name": "Everything", "path": "/team/"}],
        ),
    ],
    "beside an unknown one": lambda s: [
        sso("ManagedPolicyAttachmentsExclusive", "every", s, managedPolicyArns=[UNKNOWN, ADMIN])
    ],
    "within a boundary that withholds nothing": lambda s: [boundary(s, ADMIN), managed(s, ADMIN)],
}


@pytest.mark.parametrize("parts", FORBIDDEN.values(), ids=list(FORBIDDEN))
def test_a_permission_set_gets_no_root_level_access(
    preview: Run, parts: Callable[[Made], list[Made]]
) -> None:
    """Whatever brings it, the preview of a fresh stack stops with the set, the policy and the reason."""
    permission_set = fresh_set()
    (told,) = violations(preview(permission_set, *parts(permission_set), **MFA))

    assert told.policy == RULE
    assert "permission set `power` has root-level access" in told.message
    assert "granted by: " in told.message
    assert "for example: it may call " in told.message
    assert "to do: " in told.message


ALLOWED: Final = {
    "PowerUserAccess with IAMFullAccess": lambda s: [
        managed(s, f"{MANAGED}PowerUserAccess", "power-user"),
        managed(s, f"{MANAGED}IAMFullAccess", "iam-full"),
    ],
    "a boundary that withholds": lambda s: [boundary(s, f"{MANAGED}ReadOnlyAccess"), managed(s, ADMIN)],
    "a real Deny": lambda s: [
        sso("PermissionSetInlinePolicy", "inline", s, inlinePolicy=NO_IAM),
        managed(s, ADMIN),
    ],
    "only a boundary": lambda s: [boundary(s, ADMIN)],
    "no policies": lambda s: [sso("ManagedPolicyAttachmentsExclusive", "every", s, managedPolicyArns=[])],
    "an unattached policy": lambda _: [policy("Everything", EVERYTHING)],
    "an SCP": lambda _: [
        Made(
            "aws:organizations/policy:Policy",
            "scp",
            {"content": EVERYTHING, "type": "SERVICE_CONTROL_POLICY"},
        )
    ],
}


@pytest.mark.parametrize("parts", ALLOWED.values(), ids=list(ALLOWED))
def test_what_is_not_root_level_passes(preview: Run, parts: Callable[[Made], list[Made]]) -> None:
    """A false alarm would make people switch the pack off."""
    permission_set = fresh_set()

    assert violations(preview(permission_set, *parts(permission_set), **MFA)) == []


def test_the_message_names_statement_and_resource(preview: Run) -> None:
    """Who reads a preview has to find the place."""
    permission_set = fresh_set()
    inline = sso("PermissionSetInlinePolicy", "rights", permission_set, inlinePolicy=EVERYTHING)
    (told,) = violations(preview(permission_set, inline, **MFA))

    assert told.urn == inline.urn
    assert "inline policy, All, through PermissionSetInlinePolicy `rights`" in told.message


def test_a_union_names_every_policy_that_is_part_of_it(preview: Run) -> None:
    """Neither of the two is root-level alone, so one name would mislead."""
    permission_set = fresh_set()
    power = managed(permission_set, f"{MANAGED}PowerUserAccess", "power-user")
    inline = sso("PermissionSetInlinePolicy", "rights", permission_set, inlinePolicy=GUARDING)
    (told,) = violations(preview(permission_set, power, inline, **MFA))

    assert "PowerUserAccess, through ManagedPolicyAttachment `power-user`" in told.message
    assert "through PermissionSetInlinePolicy `rights`" in told.message


def test_two_fresh_sets_are_not_mixed_up(preview: Run) -> None:
    """Both ARNs are unknown and equal as texts; only the dependencies tell them apart."""
    first, second = fresh_set("first"), fresh_set("second")
    power = managed(first, f"{MANAGED}PowerUserAccess", "power-user")
    inline = sso("PermissionSetInlinePolicy", "rights", second, inlinePolicy=GUARDING)

    assert violations(preview(first, second, power, inline, **MFA)) == []


def test_a_known_arn_joins_without_dependencies(audit: Run) -> None:
    """An exported state, or an attachment with a literal ARN, has no dependency to follow."""
    power = Made(
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
        "power-user",
        {"permissionSetArn": SET_ARN, "managedPolicyArn": f"{MANAGED}PowerUserAccess"},
    )
    inline = Made(
        "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
        "rights",
        {"permissionSetArn": SET_ARN, "inlinePolicy": GUARDING},
    )
    (told,) = violations(audit(existing_set(), power, inline, **MFA))

    assert "permission set `power`" in told.message


def test_a_permission_set_of_elsewhere_is_judged_by_what_this_stack_gives(preview: Run) -> None:
    """The set need not be of this stack for the attachment to give access."""
    attachment = Made(
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
        "admin",
        {"permissionSetArn": SET_ARN, "managedPolicyArn": ADMIN},
    )
    (told,) = violations(preview(attachment, **MFA))

    assert SET_ARN in told.message


def test_an_attachment_whose_set_cannot_be_told_is_undecided(preview: Run) -> None:
    """An ARN from another stack's output is unknown and depends on nothing that is seen."""
    attachment = Made(
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
        "admin",
        {"permissionSetArn": UNKNOWN, "managedPolicyArn": ADMIN},
    )
    (told,) = preview(attachment, **MFA)

    assert (told.policy, told.level, told.urn) == ("undecided", "advisory", attachment.urn)
    assert "`permissionSetArn` of ManagedPolicyAttachment `admin` is not known yet" in told.message


@pytest.mark.parametrize("value", [UNKNOWN, f"{{ {UNKNOWN} }}", {"Statement": [{"Resource": UNKNOWN}]}])
def test_a_document_that_is_not_known_yet_is_undecided_and_named(preview: Run, value: object) -> None:
    """The SDK would drop the rule for the whole stack."""
    permission_set = fresh_set()
    inline = sso("PermissionSetInlinePolicy", "rights", permission_set, inlinePolicy=value)
    (told,) = preview(permission_set, inline, **MFA)

    assert (told.policy, told.level) == ("undecided", "advisory")
    assert "of PermissionSetInlinePolicy `rights` is not known yet" in told.message


def test_an_unknown_part_that_cannot_matter_is_not_mentioned(preview: Run) -> None:
    """Within a boundary that withholds, no unknown policy makes an administrator."""
    permission_set = fresh_set()
    parts = [
        boundary(permission_set, f"{MANAGED}ReadOnlyAccess"),
        sso("PermissionSetInlinePolicy", "rights", permission_set, inlinePolicy=UNKNOWN),
    ]
    told = preview(permission_set, *parts, **MFA)

    assert told == []


def test_an_unknown_part_that_can_matter_for_escalation_is_told(preview: Run) -> None:
    """A boundary that keeps root-level access away may still let somebody get further."""
    permission_set = fresh_set()
    parts = [
        boundary(permission_set, f"{MANAGED}IAMFullAccess"),
        sso("PermissionSetInlinePolicy", "rights", permission_set, inlinePolicy=UNKNOWN),
    ]
    (told,) = preview(permission_set, *parts, mfa_requirement={"declared": DECLARED})

    assert told.policy == "undecided"
    assert "can give itself more access" in told.message


def test_a_boundary_that_is_not_known_leaves_the_matter_undecided(preview: Run) -> None:
    """It may withhold enough or nothing."""
    permission_set = fresh_set()
    parts = [boundary(permission_set, UNKNOWN), managed(permission_set, ADMIN)]
    (told,) = preview(permission_set, *parts, **MFA)

    assert told.policy == "undecided"


def test_what_is_known_to_be_root_level_stays_refused_beside_an_unknown_document(preview: Run) -> None:
    """Else any unknown value would be a way around the rule; the message says what might take it back."""
    permission_set = fresh_set()
    rights = sso("PermissionSetInlinePolicy", "rights", permission_set, inlinePolicy=UNKNOWN)
    (told,) = preview(permission_set, managed(permission_set, ADMIN), rights, **MFA)

    assert (told.policy, told.level) == (RULE, "mandatory")
    assert (
        "limits: `inlinePolicy` of PermissionSetInlinePolicy `rights` is not known yet: if it takes this back"
        in told.message
    )


def test_a_customer_managed_policy_of_elsewhere_is_undecided(preview: Run) -> None:
    """Its text is in another stack or account, and the pack does not call AWS."""
    permission_set = fresh_set()
    own = sso(
        "CustomerManagedPolicyAttachment",
        "own",
        permission_set,
        customerManagedPolicyReference={"name": "Company"},
    )
    (told,) = preview(permission_set, own, **MFA)

    assert told.policy == "undecided"
    assert "Company: its text is not in this stack" in told.message


def test_a_document_that_iam_would_not_read_is_refused(preview: Run) -> None:
    """To call it harmless would vouch for something that nobody has."""
    permission_set = fresh_set()
    inline = sso("PermissionSetInlinePolicy", "rights", permission_set, inlinePolicy='{"Statement": [')
    told = violations(preview(permission_set, inline, **MFA))

    assert [each.urn for each in told] == [inline.urn]
    assert "cannot be read as IAM would read it" in told[0].message


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
    (told,) = update(permission_set, reference, policy("Company", EVERYTHING), assigned, **MFA)

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


SECRET: Final = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
HUSH: Final = "hush0hush"


def secret(document: object) -> dict[str, object]:
    """Mark a document as the engine marks a secret."""
    return {**SECRET, "value": json.dumps(document)}


def kept(statement: dict[str, Any]) -> dict[str, Any]:
    """Write a document with a Sid that nobody may read."""
    return {"Version": "2012-10-17", "Statement": {"Sid": HUSH, "Effect": "Allow", **statement}}


SECRETS: Final = {
    "everything": kept({"Action": "*", "Resource": "*"}),
    "a way to more access": kept(
        {"Action": "iam:CreateAccessKey", "Resource": [f"arn:aws:iam::111122223333:user/{HUSH}", "*"]}
    ),
    "no document": {"Statement": [{HUSH: 1}]},
    "a condition of which nothing is known": kept(
        {"Action": "*", "Resource": "*", "Condition": {"StringEquals": {f"aws:PrincipalTag/{HUSH}": HUSH}}}
    ),
    "AssumeRoot": kept({"Action": "sts:AssumeRoot", "Resource": "*"}),
    "MFA of a session": kept(
        {"Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    ),
}


@pytest.mark.parametrize("name", SECRETS)
def test_nothing_of_a_document_that_the_stack_keeps_secret_is_told(
    preview: Run, update: Run, audit: Run, name: str
) -> None:
    """It is judged like any other, and what is told of it has no word of its text."""
    for run, permission_set, known in (
        (preview, fresh_set(), {}),
        (update, existing_set(), {"permissionSetArn": SET_ARN}),
        (audit, existing_set(), {"permissionSetArn": SET_ARN}),
    ):
        inline = sso(
            "PermissionSetInlinePolicy",
            "rights",
            permission_set,
            inlinePolicy=secret(SECRETS[name]),
            **known,
        )
        told = run(permission_set, inline, mfa_requirement={"declared": DECLARED})

        assert told, run.phase  # type: ignore[attr-defined] # a runner, from a fixture
        assert HUSH not in str(told)


def test_nothing_of_a_secret_trust_policy_is_told(preview: Run) -> None:
    """Whom it lets in is judged, and its statements have numbers only."""
    anybody = {"Sid": HUSH, "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    trusting = role(assumeRolePolicy=secret({"Version": "2012-10-17", "Statement": anybody}))
    told = preview(trusting)

    assert [each.policy for each in told] == ["no-public-trust"]
    assert HUSH not in str(told)


def test_no_value_of_a_document_shows(preview: Run) -> None:
    """A policy can be a secret of the stack; names of statements and actions are enough to find it."""
    secret = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::hunter2"},
            ],
        }
    )
    told = preview(role(inlinePolicies=[{"name": "rights", "policy": secret}]))

    assert told
    assert "hunter2" not in repr(told)
