"""Who holds what where, taken together: toxic pairs, too many administrators, an emergency access."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
RULE: Final = "access-as-a-whole"
ACCOUNT: Final = "444455556666"
QUIET: Final = {
    "mfa_requirement": "disabled",
    "privilege_escalation": "disabled",
    "undecided": "advisory",
}


def person(name: str) -> Made:
    """Make somebody of the directory."""
    return Made(
        "aws:identitystore/user:User", name, {"userName": name}, {"userName": name, "userId": UNKNOWN}
    )


def group(name: str) -> Made:
    """Make a group of the directory."""
    return Made(
        "aws:identitystore/group:Group",
        name,
        {"displayName": name},
        {"displayName": name, "groupId": UNKNOWN},
    )


def member(of: Made, who: Made) -> Made:
    """Put somebody into a group of a fresh stack."""
    return Made(
        "aws:identitystore/groupMembership:GroupMembership",
        f"{of.name}-{who.name}",
        {"groupId": UNKNOWN, "memberId": UNKNOWN},
        depends={"groupId": [of], "memberId": [who]},
    )


def permission_set(name: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a permission set."""
    given = {"name": name, **inputs}
    return Made("aws:ssoadmin/permissionSet:PermissionSet", name, given, {**given, "arn": UNKNOWN})


def policies(of: Made, *names: str) -> Made:
    """Attach AWS-managed policies to it."""
    arns = [f"arn:aws:iam::aws:policy/{name}" for name in names]
    return Made(
        "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive",
        of.name,
        {"permissionSetArn": UNKNOWN, "managedPolicyArns": arns},
        depends={"permissionSetArn": [of]},
    )


def assign(what: Made, to: Made | str, account: str = ACCOUNT) -> Made:
    """Assign a permission set to a person, a group, or a group of elsewhere by its id."""
    kind = "USER" if isinstance(to, Made) and to.type.endswith(":User") else "GROUP"
    name = to.name if isinstance(to, Made) else to
    depends = {"permissionSetArn": [what]} | ({"principalId": [to]} if isinstance(to, Made) else {})
    return Made(
        "aws:ssoadmin/accountAssignment:AccountAssignment",
        f"{what.name}-{name}-{account}",
        {
            "permissionSetArn": UNKNOWN,
            "principalType": kind,
            "principalId": UNKNOWN if isinstance(to, Made) else to,
            "targetId": account,
        },
        depends=depends,
    )


def told_by(told: list[Told]) -> list[Told]:
    """Keep what this rule says."""
    return [each for each in told if each.policy == RULE]


PAIR: Final = {"access_as_a_whole": {"toxicPairs": [["Pay", "Approve"]]}, **QUIET}


def test_one_person_with_both_of_a_toxic_pair_is_told(preview: Run) -> None:
    """Through two groups, neither of which shows it."""
    eve, payers, approvers = person("eve"), group("payers"), group("approvers")
    pay, approve = permission_set("Pay"), permission_set("Approve")
    made = [eve, payers, approvers, member(payers, eve), member(approvers, eve), pay, approve]
    (told,) = told_by(preview(*made, assign(pay, payers), assign(approve, approvers), **PAIR))

    assert told.level == "advisory"
    assert f"somebody holds `Pay` and `Approve` in account {ACCOUNT}" in told.message


def test_a_pair_in_two_accounts_is_no_pair(preview: Run) -> None:
    """Payments of one account are not approved in the other."""
    eve, pay, approve = person("eve"), permission_set("Pay"), permission_set("Approve")
    made = [eve, pay, approve, assign(pay, eve), assign(approve, eve, "111122223333")]

    assert told_by(preview(*made, **PAIR)) == []


def test_a_pair_held_by_two_people_is_no_pair(preview: Run) -> None:
    """That is the point of it."""
    eve, ann, pay, approve = person("eve"), person("ann"), permission_set("Pay"), permission_set("Approve")

    assert told_by(preview(eve, ann, pay, approve, assign(pay, eve), assign(approve, ann), **PAIR)) == []


def test_a_group_of_elsewhere_leaves_a_pair_undecided(preview: Run) -> None:
    """Its members are not in sight."""
    eve, pay, approve = person("eve"), permission_set("Pay"), permission_set("Approve")
    told = preview(eve, pay, approve, assign(pay, eve), assign(approve, "g-elsewhere"), **PAIR)

    assert [each.policy for each in told] == ["undecided"]


def test_two_accounts_that_are_not_known_yet_are_not_one(preview: Run) -> None:
    """They may be two; that they are one nobody knows before the update."""
    eve, pay, approve = person("eve"), permission_set("Pay"), permission_set("Approve")
    told = preview(eve, pay, approve, assign(pay, eve, UNKNOWN), assign(approve, eve, UNKNOWN), **PAIR)

    assert [each.policy for each in told] == ["undecided"]


def test_a_member_that_this_stack_adds_to_a_group_of_elsewhere_counts(preview: Run) -> None:
    """Who else is in it is not in sight; this one is."""
    eve, pay, approve = person("eve"), permission_set("Pay"), permission_set("Approve")
    joins = Made(
        "aws:identitystore/groupMembership:GroupMembership",
        "joins",
        {"groupId": "g-elsewhere", "memberId": UNKNOWN},
        depends={"memberId": [eve]},
    )
    (told,) = told_by(
        preview(eve, pay, approve, joins, assign(pay, eve), assign(approve, "g-elsewhere"), **PAIR)
    )

    assert f"somebody holds `Pay` and `Approve` in account {ACCOUNT}" in told.message


@pytest.mark.parametrize(("people", "told"), [(5, 0), (6, 1)])
def test_more_than_five_administrators_of_an_account_are_told(preview: Run, people: int, told: int) -> None:
    """Five may, six are too many, unless configured otherwise."""
    operators, rights = group("operators"), permission_set("Operators")
    everybody = [person(f"p{number}") for number in range(people)]
    made = [operators, rights, policies(rights, "PowerUserAccess", "IAMFullAccess"), *everybody]
    made += [member(operators, each) for each in everybody]
    made.append(assign(rights, operators))

    assert len(told_by(preview(*made, **QUIET))) == told
    assert told_by(preview(*made, access_as_a_whole={"mostAdministrators": 6}, **QUIET)) == []


def test_readers_are_no_administrators(preview: Run) -> None:
    """Many may look."""
    readers, rights = group("readers"), permission_set("Readers")
    everybody = [person(f"p{number}") for number in range(9)]
    made = [readers, rights, policies(rights, "ReadOnlyAccess"), *everybody]
    made += [member(readers, each) for each in everybody]

    assert told_by(preview(*made, assign(rights, readers), **QUIET)) == []


EMERGENCY: Final = {"access_as_a_whole": {"breakGlass": "BreakGlass"}, **QUIET}


def test_an_emergency_access_for_two_people_and_an_hour_passes(preview: Run) -> None:
    """One of them may be the emergency."""
    keepers, rights = group("keepers"), permission_set("BreakGlass", sessionDuration="PT1H")
    eve, ann = person("eve"), person("ann")
    made = [keepers, rights, eve, ann, member(keepers, eve), member(keepers, ann), assign(rights, keepers)]

    assert told_by(preview(*made, **EMERGENCY)) == []


def test_an_emergency_access_for_one_person_or_for_long_is_told(preview: Run) -> None:
    """Both at once, in two messages."""
    rights, eve = permission_set("BreakGlass", sessionDuration="PT12H"), person("eve")
    told = told_by(preview(rights, eve, assign(rights, eve), **EMERGENCY))

    assert len(told) == 2
    assert "has one person and needs 2" in told[0].message
    assert "lasts longer than an hour" in told[1].message


def test_an_emergency_access_that_nobody_has_is_told(preview: Run) -> None:
    """It is noticed in the emergency otherwise."""
    (told,) = told_by(preview(permission_set("Other"), **EMERGENCY))

    assert "nobody could use the emergency access" in told.message


def test_an_emergency_group_of_elsewhere_is_undecided(preview: Run) -> None:
    """Its members may be enough."""
    rights = permission_set("BreakGlass")
    told = preview(rights, assign(rights, "g-elsewhere"), **EMERGENCY)

    assert [each.policy for each in told] == ["undecided"]


def test_an_emergency_session_that_is_not_known_yet_is_undecided(preview: Run) -> None:
    """It may turn out to last for half a day."""
    rights, eve, ann = permission_set("BreakGlass", sessionDuration=UNKNOWN), person("eve"), person("ann")
    (told,) = preview(rights, eve, ann, assign(rights, eve), assign(rights, ann), **EMERGENCY)

    assert told.policy == "undecided"
    assert "whether a session of the emergency access `BreakGlass` lasts longer than an hour" in told.message
    assert "`sessionDuration` of PermissionSet `BreakGlass` is not known yet" in told.message


def test_an_emergency_access_that_is_made_elsewhere_is_counted_here(preview: Run) -> None:
    """How long its session is the stack that makes it tells."""
    arn = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"
    eve, ann = person("eve"), person("ann")
    given = [assign(permission_set("Elsewhere"), each) for each in (eve, ann)]
    for each in given:
        each.inputs = {**each.inputs, "permissionSetArn": arn}
        each.depends = {"principalId": each.depends["principalId"]}
    both = preview(eve, ann, *given, access_as_a_whole={"breakGlass": arn}, **QUIET)
    (one,) = told_by(preview(eve, given[0], access_as_a_whole={"breakGlass": arn}, **QUIET))

    assert told_by(both) == []
    assert "has one person and needs 2" in one.message


def test_an_attachment_of_nobody_knows_what_gives_nobody_the_emergency_access(preview: Run) -> None:
    """Only an assignment could, whose permission set is not known yet."""
    loose = Made(
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
        "loose",
        {"permissionSetArn": UNKNOWN, "managedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    )
    (told,) = told_by(preview(permission_set("Other"), loose, **EMERGENCY))

    assert "nobody could use the emergency access" in told.message
