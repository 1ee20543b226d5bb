"""Access as a whole in an update: what completes it is refused before it is made, by ids and ARNs alone."""

from typing import Any, Final

import pytest

from identity_guard.stack.phase import Phase
from identity_guard.testing.in_process_engine import InProcessEngine, Made, Told

RULE: Final = "access-as-a-whole"
ACCOUNT: Final = "444455556666"
OTHER: Final = "111122223333"
QUIET: Final = {"mfa_requirement": "disabled", "privilege_escalation": "disabled"}
COMPONENT: Final = (
    "urn:pulumi:dev::project::identity-center:index:AccessModel$identity-center:index:PermissionSet"
)


def update(*resources: Made, **configuration: Any) -> list[Told]:  # noqa: ANN401 - the engine checks it
    """Ask about one resource after the other until one is refused; what the end would tell is left out."""
    named = {name.replace("_", "-"): given for name, given in configuration.items()}
    engine = InProcessEngine(Phase.UPDATE, named)
    for made in resources:
        told = engine.one(made)
        if any(each.level == "mandatory" for each in told):
            return told
    return []


def arn(name: str) -> str:
    """Return the ARN that AWS gave a permission set; no resource that names the set shows it."""
    return f"arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-{name}"


def permission_set(name: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a permission set within its component, as this project does."""
    given = {"name": name, **inputs}
    parent = f"{COMPONENT}::{name.lower()}"
    return Made("aws:ssoadmin/permissionSet:PermissionSet", name, given, parent=parent)


def assign(what: str, to: str, account: str = ACCOUNT, parent: str | None = None) -> Made:
    """Assign it to `u-…`, a person, or `g-…`, a group."""
    return Made(
        "aws:ssoadmin/accountAssignment:AccountAssignment",
        f"{what}-{to}-{account}",
        {
            "permissionSetArn": arn(what),
            "principalType": "USER" if to.startswith("u-") else "GROUP",
            "principalId": to,
            "targetId": account,
        },
        parent=f"{COMPONENT}::{what.lower()}" if parent is None else parent,
    )


def member(group: str, who: str) -> Made:
    """Put somebody into a group."""
    given = {"groupId": group, "memberId": who}
    return Made("aws:identitystore/groupMembership:GroupMembership", f"{group}-{who}", given)


def administrate(name: str) -> Made:
    """Make a permission set administrator-equivalent."""
    arns = [f"arn:aws:iam::aws:policy/{each}" for each in ("PowerUserAccess", "IAMFullAccess")]
    return Made(
        "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive",
        f"{name}-policies",
        {"permissionSetArn": arn(name), "managedPolicyArns": arns},
    )


def bounds(**settings: Any) -> dict[str, Any]:  # noqa: ANN401 - the rule's configuration
    """Configure the rule to refuse."""
    return {"access_as_a_whole": {"enforcementLevel": "mandatory", **settings}, **QUIET}


PAIR: Final = bounds(toxicPairs=[["Pay", "Approve"]])
SETS: Final = (permission_set("Pay"), permission_set("Approve"))


def refused(told: list[Told]) -> list[str]:
    """Return the names of the resources that were not made."""
    return [each.urn.rsplit("::", 1)[-1] for each in told if (each.policy, each.level) == (RULE, "mandatory")]


def test_the_assignment_that_completes_a_toxic_pair_is_refused() -> None:
    """The end of the update would tell of both, when somebody has had them for minutes."""
    told = update(*SETS, assign("Pay", "u-eve"), assign("Approve", "u-eve"), **PAIR)

    assert refused(told) == [f"Approve-u-eve-{ACCOUNT}"]
    assert f"somebody holds `Pay` and `Approve` in account {ACCOUNT}" in told[-1].message


def test_the_membership_that_completes_a_toxic_pair_is_refused() -> None:
    """The groups were fine, and everybody in them."""
    groups = [assign("Pay", "g-payers"), assign("Approve", "g-approvers"), member("g-payers", "u-eve")]

    assert refused(update(*SETS, *groups, member("g-approvers", "u-ann"), **PAIR)) == []
    assert refused(update(*SETS, *groups, member("g-approvers", "u-eve"), **PAIR)) == ["g-approvers-u-eve"]


def test_the_assignment_to_a_group_that_completes_a_toxic_pair_is_refused() -> None:
    """Eve pays herself, and approves through a group."""
    made = [member("g-approvers", "u-eve"), assign("Pay", "u-eve"), assign("Approve", "g-approvers")]

    assert refused(update(*SETS, *made, **PAIR)) == [f"Approve-g-approvers-{ACCOUNT}"]


@pytest.mark.parametrize(
    "fine",
    [
        [assign("Pay", "u-eve"), assign("Approve", "u-ann")],
        [assign("Pay", "u-eve"), assign("Approve", "u-eve", OTHER)],
        [permission_set("Read"), assign("Pay", "u-eve"), assign("Read", "u-eve")],
        [assign("Pay", "u-eve"), assign("Pay", "g-payers"), member("g-payers", "u-eve")],
    ],
    ids=["two people", "two accounts", "another set", "one set twice"],
)
def test_what_completes_no_pair_is_made(fine: list[Made]) -> None:
    """A refusal here would break an update that is as it should be."""
    assert update(*SETS, *fine, undecided="mandatory", **PAIR) == []


def test_entitlements_to_two_roles_of_a_pair_are_refused() -> None:
    """The names of roles count, and are known in their ARNs."""

    def entitle(role: str) -> Made:
        of = {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/{role}"}
        given = {
            "entitlement": {"principalRole": {**of, "principal": {"identityCenter": {"userId": "u-eve"}}}}
        }
        return Made("aws:accountaccess/entitlement:Entitlement", f"eve-{role}", given)

    assert refused(update(entitle("Pay"), entitle("Approve"), **PAIR)) == ["eve-Approve"]


def test_a_pair_of_permission_sets_of_elsewhere_is_refused_by_their_arns() -> None:
    """They have no name here."""
    pair = bounds(toxicPairs=[[arn("Pay"), arn("Approve")]])

    assert refused(update(assign("Pay", "u-eve"), assign("Approve", "u-eve"), **pair)) == [
        f"Approve-u-eve-{ACCOUNT}"
    ]


def test_a_permission_set_whose_name_nobody_tells_is_undecided() -> None:
    """Outside a component and with no parent: the two may be the pair, and `undecided` may refuse them."""
    made = [*SETS, assign("Pay", "u-eve", parent=""), assign("Approve", "u-eve", parent="")]
    told = update(*made, undecided="mandatory", **PAIR)

    assert [(each.policy, each.urn.rsplit("::", 1)[-1]) for each in told] == [
        ("undecided", f"Approve-u-eve-{ACCOUNT}")
    ]
    assert "undecided: whether somebody holds `Pay` and `Approve`" in told[0].message
    assert f"how permission set `{arn('Pay')}` is called is told at the end only" in told[0].message


def test_a_set_without_a_name_is_not_one_whose_arn_is_known() -> None:
    """Once both sets of the pair are joined with their ARNs, a third one is none of them."""
    first = [permission_set("Read"), assign("Approve", "u-ann"), assign("Pay", "u-ann", OTHER)]
    third = [assign("Read", "u-eve", parent=""), assign("Read", "u-ann", parent="")]

    assert update(*SETS, *first, *third, assign("Pay", "u-eve"), undecided="mandatory", **PAIR) == []


def test_an_assignment_below_its_permission_set_tells_its_name() -> None:
    """As programs of one's own often have it."""
    pay, approve = SETS
    made = [assign("Pay", "u-eve", parent=pay.urn), assign("Approve", "u-eve", parent=approve.urn)]

    assert refused(update(*SETS, *made, **PAIR)) == [f"Approve-u-eve-{ACCOUNT}"]


def test_a_component_of_many_permission_sets_tells_no_name() -> None:
    """Whichever was made last would give its name to the others."""
    of_all = "urn:pulumi:dev::project::acme:index:Access::all"
    pay, approve = (permission_set(name) for name in ("Approve", "Pay"))
    pay.parent = approve.parent = of_all
    made = [assign("Read", "u-eve", parent=of_all), assign("Pay", "u-eve", parent=of_all)]
    told = update(pay, approve, *made, undecided="mandatory", **PAIR)

    assert [each.policy for each in told] == ["undecided"]


HEADS: Final = bounds(mostAdministrators=2)


def test_the_membership_that_passes_the_number_of_administrators_is_refused() -> None:
    """Two may administer the account; the third is not let in."""
    made = [administrate("Ops"), assign("Ops", "g-ops"), *(member("g-ops", f"u-{name}") for name in "abc")]

    assert refused(update(*made, **HEADS)) == ["g-ops-u-c"]
    assert update(*made[:-1], member("g-ops", "u-a"), undecided="mandatory", **HEADS) == []


def test_the_assignment_that_passes_the_number_of_administrators_is_refused() -> None:
    """Through whichever permission sets, and in that account only."""
    made = [administrate("Ops"), administrate("Dev"), assign("Ops", "u-a"), assign("Dev", "u-b")]

    assert refused(update(*made, assign("Ops", "u-c"), **HEADS)) == [f"Ops-u-c-{ACCOUNT}"]
    assert update(*made, assign("Ops", "u-c", OTHER), undecided="mandatory", **HEADS) == []
    assert update(*made, assign("Read", "u-c"), undecided="mandatory", **HEADS) == []


@pytest.mark.parametrize("missing", ["targetId", "principalId", "memberId", "groupId"])
def test_what_does_not_say_who_or_where_counts_for_nobody(missing: str) -> None:
    """AWS refuses it; to count it would refuse the two who may, or end the run."""
    made = [administrate("Ops"), assign("Ops", "g-ops"), member("g-ops", "u-a"), assign("Ops", "u-b")]
    of = assign("Ops", "u-c") if missing in {"targetId", "principalId"} else member("g-ops", "u-c")
    of.inputs = {name: value for name, value in of.inputs.items() if name != missing}

    assert update(*made, of, undecided="mandatory", **HEADS) == []


def test_the_policy_that_makes_too_many_people_administrators_is_refused() -> None:
    """They had the permission set before; the policy turns it into more."""
    made = [*(assign("Ops", f"u-{name}") for name in "abc"), administrate("Ops")]

    assert refused(update(*made, **HEADS)) == ["Ops-policies"]


def test_six_administrators_are_too_many_where_no_number_is_configured() -> None:
    """The bound that holds by itself holds in an update, too."""
    made = [administrate("Ops"), *(assign("Ops", f"u-{name}") for name in "abcdef")]

    assert refused(update(*made, **bounds())) == [f"Ops-u-f-{ACCOUNT}"]


def test_an_assignment_that_is_replaced_counts_where_it_is_now() -> None:
    """It is asked about twice under one URN; the first place would refuse what is fine."""
    before, after = assign("Pay", "u-eve"), assign("Pay", "u-eve", OTHER)
    after.name = before.name

    assert update(*SETS, before, after, assign("Approve", "u-eve"), undecided="mandatory", **PAIR) == []


def test_a_long_emergency_session_is_refused_with_its_permission_set() -> None:
    """Name and session stand in the same resource; how many people have it is told at the end."""
    emergency = bounds(breakGlass="BreakGlass")
    long, short = (permission_set("BreakGlass", sessionDuration=time) for time in ("PT12H", "PT1H"))

    assert refused(update(long, permission_set("Read", sessionDuration="PT12H"), **emergency)) == [
        "BreakGlass"
    ]
    assert update(short, permission_set("Read", sessionDuration="PT12H"), **emergency) == []


def test_an_excepted_pair_is_made() -> None:
    """Somebody answers for it."""
    exception = {
        "resource": f"aws:ssoadmin/accountAssignment:AccountAssignment::Approve-u-eve-{ACCOUNT}",
        "reason": "two hands are not there yet",
        "owner": "finance",
        "expires": "2027-01-31",
    }
    given = bounds(toxicPairs=[["Pay", "Approve"]], exceptions=[exception])

    assert refused(update(*SETS, assign("Pay", "u-eve"), assign("Approve", "u-eve"), **given)) == []


def test_an_excepted_emergency_session_is_made() -> None:
    """By the name of the permission set, which says what somebody answers for."""
    exception = {
        "principal": "BreakGlass",
        "reason": "long incidents",
        "owner": "ops",
        "expires": "2027-01-31",
    }
    given = bounds(breakGlass="BreakGlass", exceptions=[exception])

    assert update(permission_set("BreakGlass", sessionDuration="PT12H"), **given) == []


def test_an_advisory_bound_stops_nothing() -> None:
    """It is told once, at the end."""
    given = {"access_as_a_whole": {"toxicPairs": [["Pay", "Approve"]]}, **QUIET}

    assert refused(update(*SETS, assign("Pay", "u-eve"), assign("Approve", "u-eve"), **given)) == []
