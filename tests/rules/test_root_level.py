"""Root-level access of permission sets through whichever policies is refused, and nothing else is."""

import json
from collections.abc import Callable
from typing import Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made
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
    assigned,
    boundary,
    existing_set,
    fresh_set,
    in_account,
    managed,
    policy,
    sso,
    violations,
)

RULE: Final = "no-root-level-access"


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
        in_account(policy("Everything", EVERYTHING)),
        assigned(s),
        sso(
            "CustomerManagedPolicyAttachment", "own", s, customerManagedPolicyReference={"name": "Everything"}
        ),
    ],
    "exclusive customer-managed with a path": lambda s: [
        in_account(policy("Everything", EVERYTHING, "/team/")),
        assigned(s),
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
