"""Places with one occupant: each possible one is judged alone, and a Deny counts only where all have it."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import Made, Told
from tests.rules.access_parts import ADMIN, INSTANCE, MANAGED, SET_ARN

Run = Callable[..., list[Told]]
RULE: Final = "no-root-level-access"
QUIET: Final = dict.fromkeys(("mfa_requirement", "privilege_escalation"), "disabled")
ALL: Final = {"Effect": "Allow", "Action": "*", "Resource": "*"}
READ: Final = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
NO_IAM: Final = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
NO_STS: Final = {"Effect": "Deny", "Action": ["iam:*", "sts:*"], "Resource": "*"}
GUARDS: Final = {"Effect": "Allow", "Action": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}
POWER: Final = f"{MANAGED}PowerUserAccess"


def text(*statements: dict[str, Any]) -> str:
    """Write a document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def iam(kind: str, label: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a resource of IAM."""
    return Made(f"aws:iam/{kind[0].lower()}{kind[1:]}:{kind}", label, inputs)


def sso(kind: str, label: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a part of a permission set of elsewhere."""
    given = {"instanceArn": INSTANCE, "permissionSetArn": SET_ARN, **inputs}
    return Made(f"aws:ssoadmin/{kind[0].lower()}{kind[1:]}:{kind}", label, given)


def set_inline(label: str, *statements: dict[str, Any]) -> Made:
    """Give the permission set an inline policy."""
    return sso("PermissionSetInlinePolicy", label, inlinePolicy=text(*statements))


def set_managed(arn: str) -> Made:
    """Attach a managed policy to the permission set."""
    return sso("ManagedPolicyAttachment", "managed", managedPolicyArn=arn)


def set_list(*arns: str) -> Made:
    """List all managed policies of the permission set."""
    return sso("ManagedPolicyAttachmentsExclusive", "list", managedPolicyArns=list(arns))


def inline(kind: str, label: str, name: str, *statements: dict[str, Any]) -> Made:
    """Give a role, user or group an inline policy."""
    return iam(f"{kind.title()}Policy", label, name=name, policy=text(*statements), **{kind: "x"})


def own(kind: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a role, user or group."""
    return iam(kind.title(), "x", name="x", **inputs)


def attached(kind: str, arn: str, label: str = "attached") -> Made:
    """Attach a managed policy to the role, user or group."""
    return iam(f"{kind.title()}PolicyAttachment", label, policyArn=arn, **{kind: "x"})


def deny(label: str) -> Made:
    """Make a customer-managed policy that denies IAM."""
    arn = f"arn:aws:iam::111122223333:policy/{label}"
    inputs = {"name": label, "policy": text(NO_IAM)}
    return Made("aws:iam/policy:Policy", label, inputs, {**inputs, "arn": arn})


DENY: Final = deny("no-iam")
DENY_ARN: Final = "arn:aws:iam::111122223333:policy/no-iam"
KINDS: Final = ("role", "user", "group")

REFUSED: Final[dict[str, list[Made]]] = {
    "a set's Deny may be overwritten": [
        set_managed(ADMIN),
        set_inline("a", NO_IAM),
        set_inline("b", READ),
    ],
    "a set's Deny may be the one that goes": [
        set_managed(ADMIN),
        set_inline("a", READ),
        set_inline("b", NO_IAM),
    ],
    "of three the harmless one may hold": [
        set_managed(ADMIN),
        set_inline("a", NO_IAM),
        set_inline("b", NO_STS),
        set_inline("c", READ),
    ],
    "one occupant alone gives everything": [set_inline("a", ALL), set_inline("b", NO_IAM)],
    "one occupant completes the rest": [set_managed(POWER), set_inline("a", GUARDS), set_inline("b", READ)],
    **{
        f"equally named inline policies of a {kind}": [
            attached(kind, ADMIN),
            inline(kind, "a", "limits", NO_IAM),
            inline(kind, "b", "limits", READ),
        ]
        for kind in KINDS
    },
    "a role's own inline policy and another of its name": [
        own("role", inlinePolicies=[{"name": "limits", "policy": text(NO_IAM)}], managedPolicyArns=[ADMIN]),
        inline("role", "b", "limits", READ),
    ],
    "a group's place, seen from its member": [
        attached("user", ADMIN),
        iam("UserGroupMembership", "m", user="x", groups=["x"]),
        inline("group", "a", "limits", NO_IAM),
        inline("group", "b", "limits", READ),
    ],
    "a Deny beside a role's own inline list": [
        own("role", inlinePolicies=[{"name": "all", "policy": text(ALL)}]),
        inline("role", "b", "limits", NO_IAM),
    ],
    "a Deny beside an empty inline list": [
        own("role", inlinePolicies=[]),
        attached("role", ADMIN),
        inline("role", "b", "limits", NO_IAM),
    ],
    "a Deny beside a role's own list of managed policies": [
        DENY,
        own("role", managedPolicyArns=[ADMIN]),
        attached("role", DENY_ARN),
    ],
    **{
        f"a Deny beside the exclusive list of a {kind}": [
            DENY,
            iam(
                f"{kind.title()}PolicyAttachmentsExclusive",
                "list",
                **{f"{kind}Name": "x", "policyArns": [ADMIN]},
            ),
            attached(kind, DENY_ARN),
        ]
        for kind in KINDS
    },
    **{
        f"a Deny whose name is not on the list of a {kind}": [
            attached(kind, ADMIN),
            inline(kind, "a", "limits", NO_IAM),
            iam(f"{kind.title()}PoliciesExclusive", "list", **{f"{kind}Name": "x", "policyNames": ["other"]}),
        ]
        for kind in KINDS
    },
    "an Allow beside a set's exclusive list": [set_list(f"{MANAGED}ReadOnlyAccess"), set_managed(ADMIN)],
    "two exclusive lists of one set": [
        set_list(ADMIN),
        sso("ManagedPolicyAttachmentsExclusive", "other", managedPolicyArns=[f"{MANAGED}ReadOnlyAccess"]),
    ],
    "a policy's one attachment takes it off another role": [
        DENY,
        attached("role", ADMIN),
        attached("role", DENY_ARN, "denied"),
        iam("PolicyAttachment", "only", policyArn=DENY_ARN, roles=["other"]),
    ],
    "of two boundaries the wider may hold": [
        set_managed(ADMIN),
        sso("PermissionsBoundaryAttachment", "a", permissionsBoundary={"managedPolicyArn": ADMIN}),
        sso("PermissionsBoundaryAttachment", "b", permissionsBoundary={"managedPolicyArn": POWER}),
    ],
}

LIMITING: Final = iam("GroupPolicy", "limits", name="limits", group="g", policy=text(NO_IAM))
OF_ALL: Final = iam("GroupMembership", "all", name="all", group="g", users=["other"])
"""Says that one other is the group's only member."""
REFUSED["a group's Deny that a list of its members takes off"] = [
    LIMITING,
    attached("user", ADMIN),
    iam("UserGroupMembership", "m", user="x", groups=["g"]),
    OF_ALL,
]
REFUSED["a group's Deny, by one of two lists of its members"] = [
    LIMITING,
    attached("user", ADMIN),
    iam("GroupMembership", "m", name="m", group="g", users=["x"]),
    OF_ALL,
]
ALLOWED: Final[dict[str, list[Made]]] = {
    "every occupant has the Deny": [set_managed(ADMIN), set_inline("a", NO_IAM), set_inline("b", NO_STS)],
    "no occupant is enough, and they never hold together": [
        set_managed(f"{MANAGED}ReadOnlyAccess"),
        set_inline("a", GUARDS),
        set_inline("b", {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}),
    ],
    **{
        f"inline policies of a {kind} with names of their own": [
            attached(kind, ADMIN),
            inline(kind, "a", "limits", NO_IAM),
            inline(kind, "b", "reading", READ),
        ]
        for kind in KINDS
    },
    "a group's Deny for whom the list of its members has": [
        LIMITING,
        attached("user", ADMIN),
        iam("UserGroupMembership", "m", user="x", groups=["other"]),
        iam("GroupMembership", "all", name="all", group="g", users=["x"]),
    ],
    "a group's Deny for whom CloudFormation adds": [
        LIMITING,
        attached("user", ADMIN),
        Made("aws-native:iam:UserToGroupAddition", "a", {"groupName": "g", "users": ["x"]}),
        Made("aws-native:iam:UserToGroupAddition", "b", {"groupName": "g", "users": ["y"]}),
    ],
    "names are of one identity each": [
        attached("role", ADMIN),
        inline("role", "a", "limits", NO_IAM),
        inline("user", "b", "limits", READ),
    ],
    "a Deny that is on the list": [
        DENY,
        iam("RolePolicyAttachmentsExclusive", "list", roleName="x", policyArns=[ADMIN, DENY_ARN]),
        attached("role", DENY_ARN),
    ],
    "a Deny whose name is on the list": [
        attached("role", ADMIN),
        inline("role", "a", "limits", NO_IAM),
        iam("RolePoliciesExclusive", "list", roleName="x", policyNames=["limits"]),
    ],
    "an inline Deny beside a list of managed policies": [set_list(ADMIN), set_inline("a", NO_IAM)],
    "a policy's one attachment names the role as well": [
        DENY,
        attached("role", ADMIN),
        attached("role", DENY_ARN, "denied"),
        iam("PolicyAttachment", "only", policyArn=DENY_ARN, roles=["other", "x"]),
    ],
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_hold_alone_is_refused(preview: Run, audit: Run, name: str) -> None:
    """AWS keeps one of them: the Deny that is gone limits nobody, and the stack would say that it does."""
    for run in (preview, audit):
        told = run(*REFUSED[name], **QUIET)
        assert (RULE, "mandatory") in {(each.policy, each.level) for each in told}
        (limits,) = {
            line
            for each in told
            if each.policy == RULE
            for line in each.message.splitlines()
            if line.startswith("  limits:")
        }
        assert "for certain: resources fight for one place" in limits
        assert not any("unhandled" in each.message for each in told)


@pytest.mark.parametrize("name", ALLOWED)
def test_what_holds_in_every_outcome_is_believed(preview: Run, name: str) -> None:
    """No false alarm: a Deny that stays whoever wins takes back, and rivals' Allows never add up."""
    assert [each.message for each in preview(*ALLOWED[name], **QUIET) if each.policy == RULE] == []


@pytest.mark.parametrize(
    ("made", "place"),
    [
        (REFUSED["a set's Deny may be overwritten"], "the inline policy of permission set"),
        (REFUSED["of two boundaries the wider may hold"], "the permissions boundary of permission set"),
        (REFUSED["equally named inline policies of a user"], "the inline policy `limits` of IAM user `x`"),
        (REFUSED["a group's Deny, by one of two lists of its members"], "the members of IAM group `g`"),
        (REFUSED["two exclusive lists of one set"], "the list of policies of permission set"),
        (
            REFUSED["a policy's one attachment takes it off another role"],
            "the list of policies of IAM role `x`",
        ),
        (ALLOWED["every occupant has the Deny"], "the inline policy of permission set"),
    ],
)
def test_a_fight_for_one_place_is_told(preview: Run, made: list[Made], place: str) -> None:
    """Whoever wrote both wants both; without a word each update undoes the one before."""
    told = [each.message for each in preview(*made, **QUIET) if each.policy == "identity-advice"]

    assert any("fight for one place" in message and place in message for message in told)


@pytest.mark.parametrize("name", ["a Deny that is on the list", "names are of one identity each"])
def test_who_shares_nothing_is_told_nothing(preview: Run, name: str) -> None:
    """An advice about a list and what is on it would be noise."""
    assert not [each for each in preview(*ALLOWED[name], **QUIET) if "fight" in each.message]


def test_the_worst_outcome_shows_the_statement_that_grants(preview: Run) -> None:
    """The message names the document that holds in that outcome, not the one at the same place in another."""
    made = [set_inline("harmless", READ), set_managed(f"{MANAGED}ReadOnlyAccess"), set_inline("worst", ALL)]
    (told,) = [each for each in preview(*made, **QUIET) if each.policy == RULE]

    assert "through PermissionSetInlinePolicy `worst`" in told.message.split("together with")[0]


def test_a_second_occupant_is_refused_before_it_is_made(update: Run) -> None:
    """In an update the first one is made already: the one that may overwrite its Deny is refused."""
    told = update(set_inline("a", NO_IAM), set_managed(ADMIN), set_inline("b", READ), **QUIET)

    assert [(each.policy, each.urn) for each in told] == [(RULE, set_inline("b", READ).urn)]


def test_many_rivals_are_judged_in_bounded_time(preview: Run) -> None:
    """A generated program may name a place a hundred times; the answer stays on the safe side."""
    made = [inline("role", f"p{place}-{n}", f"p{place}", NO_IAM) for place in range(10) for n in range(3)]

    told = preview(attached("role", ADMIN), *made, **QUIET)

    assert RULE in {each.policy for each in told}
