"""Root-level access is told with what makes it worse; access to what is made elsewhere is not called fine."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
POWER: Final = "arn:aws:iam::aws:policy/PowerUserAccess"
SET_ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"
ROLE_ARN: Final = "arn:aws:iam::111122223333:role/team/deploy"
MANAGEMENT: Final = "111122223333"
DECLARED: Final = {
    "promptMode": "always-on",
    "noDevice": "register",
    "identityProvider": "built-in",
    "confirmedBy": "identity team",
    "validUntil": "2027-01-15",
}
MFA: Final = {"mfa_requirement": {"declared": DECLARED}}


def permission_set(**inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a permission set whose ARN is known."""
    return Made("aws:ssoadmin/permissionSet:PermissionSet", "power", inputs, {**inputs, "arn": SET_ARN})


def attachment(arn: str) -> Made:
    """Attach an AWS-managed policy to it."""
    properties = {"permissionSetArn": SET_ARN, "managedPolicyArn": arn}
    return Made("aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", "managed", properties)


def assignment(account: str, principal_type: str = "GROUP") -> Made:
    """Assign it."""
    properties = {"permissionSetArn": SET_ARN, "principalType": principal_type, "targetId": account}
    return Made("aws:ssoadmin/accountAssignment:AccountAssignment", f"to-{account}", properties)


def entitlement(role_arn: str) -> Made:
    """Let people use an existing role."""
    properties = {"entitlement": {"principalRole": {"roleArn": role_arn}}}
    return Made("aws:accountaccess/entitlement:Entitlement", "break-glass", properties)


def test_everything_that_makes_it_worse_is_said(preview: Run) -> None:
    """A single user, many accounts, the management account, long sessions."""
    (told,) = preview(
        permission_set(sessionDuration="PT12H"),
        attachment(ADMIN),
        assignment(MANAGEMENT, "USER"),
        assignment("444455556666"),
        no_root_level_access={"managementAccount": MANAGEMENT},
        **MFA,
    )

    assert "worse: AccountAssignment `to-111122223333` gives it to a single user" in told.message
    assert "worse: AccountAssignment `to-111122223333` gives it in the management account" in told.message
    assert "worse: it is assigned in both accounts that this stack lets people into" in told.message
    assert "worse: a session lasts longer than an hour (720 minutes)" in told.message


ROOT_LEVEL: Final = (permission_set(), attachment(ADMIN))
LISTED: Final = [f"{number:012}" for number in range(1, 9)]


def organisation(**inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make the organisation; AWS answers with its accounts, one of which is closed."""
    accounts = [{"id": each, "status": "ACTIVE"} for each in LISTED]
    outputs = {**inputs, "accounts": [*accounts, {"id": "999999999999", "status": "SUSPENDED"}]}
    return Made("aws:organizations/organization:Organization", "all", inputs, outputs)


def snapshot(folder: Path, listed: Iterable[str] = LISTED, **other: Any) -> dict[str, str]:  # noqa: ANN401
    """Write a snapshot of the organisation, with an account that is closed, and configure it."""
    rows = [{"id": each, "name": "a", "state": "ACTIVE"} for each in listed]
    rows += [{"id": "999999999999", "name": "closed", "state": "OTHER"}]
    path = folder / "organisation.json"
    text = {"format": 1, "takenAt": "2026-11-19T08:00:00Z", "accounts": rows, **other}
    path.write_text(json.dumps(text), encoding="utf-8")
    return {"organisationSnapshot": str(path)}


def exposed(told: list[Told]) -> list[str]:
    """Return what the only violation says of how bad it is, in how many accounts."""
    (root,) = [each.message for each in told if each.policy == "no-root-level-access"]
    return [line.strip() for line in root.splitlines() if "worse: " in line and " accounts" in line]


def elsewhere(account: str) -> Made:
    """Assign something else, of another stack."""
    given = {"permissionSetArn": "arn:aws:sso:::permissionSet/x/y", "principalType": "GROUP"}
    name = f"other-{account}"
    return Made("aws:ssoadmin/accountAssignment:AccountAssignment", name, {**given, "targetId": account})


def test_root_level_access_to_all_accounts_of_the_stack_is_called_that(preview: Run) -> None:
    """Who has it everywhere has the organisation; a part of it is less, and the number says how much."""
    some = [assignment(account) for account in LISTED[:3]]

    assert exposed(preview(*ROOT_LEVEL, *some, **MFA)) == [
        "worse: it is assigned in all 3 accounts that this stack lets people into"
    ]
    assert exposed(preview(*ROOT_LEVEL, *some, elsewhere(LISTED[3]), **MFA)) == [
        "worse: it is assigned in 3 of 4 accounts that this stack lets people into"
    ]
    role = entitlement(f"arn:aws:iam::{LISTED[4]}:role/deploy")
    assert exposed(preview(*ROOT_LEVEL, *some, role, **MFA)) == [
        "worse: it is assigned in 3 of 4 accounts that this stack lets people into"
    ]


def test_one_account_is_not_called_all(preview: Run) -> None:
    """Most stacks of one account would be told so."""
    assert exposed(preview(*ROOT_LEVEL, assignment(LISTED[0]), assignment(LISTED[0], "USER"), **MFA)) == []


def test_all_accounts_counts_those_that_the_organisation_has(preview: Run) -> None:
    """A stack that names three of eight accounts gives root-level access to three of eight."""
    three, all_of_them = ([assignment(account) for account in LISTED[:most]] for most in (3, 8))

    assert exposed(preview(organisation(), *ROOT_LEVEL, *three, **MFA)) == [
        "worse: it is assigned in 3 of 8 accounts of Organization `all`"
    ]
    assert exposed(preview(organisation(), *ROOT_LEVEL, *all_of_them, **MFA)) == [
        "worse: it is assigned in all 8 accounts of Organization `all`"
    ]


def test_all_accounts_counts_those_of_a_snapshot(preview: Run, tmp_path: Path) -> None:
    """The pack asks AWS nothing: a file tells, and the message says which and of when."""
    given = snapshot(tmp_path)
    place = f"accounts of the organisation, by {tmp_path}/organisation.json of 2026-11-19"
    three, all_of_them = ([assignment(account) for account in LISTED[:most]] for most in (3, 8))

    assert exposed(preview(*ROOT_LEVEL, *three, no_root_level_access=given, **MFA)) == [
        f"worse: it is assigned in 3 of 8 {place}"
    ]
    assert exposed(preview(*ROOT_LEVEL, *all_of_them, no_root_level_access=given, **MFA)) == [
        f"worse: it is assigned in all 8 {place}"
    ]
    newer = assignment("123456789012")
    assert exposed(preview(*ROOT_LEVEL, *three, newer, no_root_level_access=given, **MFA)) == [
        "worse: it is assigned in 4 accounts"
    ]


@pytest.mark.parametrize("broken", [{"format": 2}, {"accounts": []}, {"accounts": {"id": 1}}, None])
def test_a_snapshot_that_tells_nothing_is_said(
    preview: Run, tmp_path: Path, broken: dict[str, Any] | None
) -> None:
    """The stack's own accounts are counted, and nobody takes them for the organisation's."""
    given = snapshot(tmp_path, **broken or {})
    if broken is None:
        (tmp_path / "organisation.json").unlink()
    both = [assignment(account) for account in LISTED[:2]]
    why = "could not be read (FileNotFoundError)" if broken is None else "is no snapshot of an organisation"
    open_end = "whether it is assigned in all accounts of the organisation is not known"

    assert exposed(preview(*ROOT_LEVEL, *both, no_root_level_access=given, **MFA)) == [
        "worse: it is assigned in both accounts that this stack lets people into",
        f"perhaps worse: {open_end}: {tmp_path}/organisation.json {why}",
    ]


def test_accounts_that_are_not_known_yet_are_not_counted_as_none(preview: Run, update: Run) -> None:
    """What is seen later may be more accounts, in the preview and while the stack is made."""
    both = [assignment(account) for account in LISTED[:2]]

    assert exposed(preview(*ROOT_LEVEL, *both, elsewhere(UNKNOWN), **MFA)) == [
        "worse: it is assigned in both accounts that this stack lets people into, as far as is known yet"
    ]
    assert exposed(update(*both, *ROOT_LEVEL, mfa_requirement="disabled")) == [
        "worse: it is assigned in both accounts that this stack lets people into, as far as is known yet"
    ]


def test_what_makes_it_worse_hundreds_of_times_is_said_once(preview: Run) -> None:
    """Four hundred lines would hide the statement that grants it."""
    admin = Made(
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
        "admin",
        {"permissionSetArn": "arn:ps", "managedPolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
    )
    given = {"permissionSetArn": "arn:ps", "principalType": "USER", "principalId": "u-1"}
    assigned = [
        Made(
            "aws:ssoadmin/accountAssignment:AccountAssignment",
            f"in-{number}",
            {**given, "targetId": f"{number:012}"},
        )
        for number in range(400)
    ]
    (told,) = [each for each in preview(admin, *assigned, **MFA) if each.level == "mandatory"]

    assert told.message.count("worse: ") == 2
    assert "AccountAssignment `in-0`, `in-1`, `in-2` and 397 others give it to a single user" in told.message
    assert "it is assigned in all 400 accounts that this stack lets people into" in told.message


@pytest.mark.parametrize(("values", "more"), [(3, []), (5, ["2 more values are not known yet"])])
def test_what_could_make_it_worse_is_named_three_times_and_counted(
    preview: Run, values: int, more: list[str]
) -> None:
    """Hundreds of assignments of a fresh stack wait for the same account."""
    given = []
    for number in range(values):
        each = assignment(UNKNOWN)
        each.name = f"a{number}"
        given.append(each)
    told = preview(permission_set(), attachment(ADMIN), *given, **MFA)
    (root,) = [each.message for each in told if each.policy == "no-root-level-access"]
    perhaps = [line.strip() for line in root.splitlines() if "perhaps worse: " in line]

    assert perhaps == [
        *(f"perhaps worse: `targetId` of AccountAssignment `a{each}` is not known yet" for each in range(3)),
        *(f"perhaps worse: {each}" for each in more),
    ]


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        ("PT30M", None),
        ("PT60M", None),
        ("PT59M59S", None),
        ("an hour", None),
        ("PT61M", 61),
        ("PT90M", 90),
        ("PT2H", 120),
        ("PT1H1M", 61),
    ],
)
def test_a_session_is_long_from_an_hour_on(preview: Run, duration: str, minutes: int | None) -> None:
    """Hours and minutes count together, in whichever way the duration is written."""
    told = preview(permission_set(sessionDuration=duration), attachment(ADMIN), **MFA)
    lines = [line.strip() for each in told for line in each.message.splitlines() if "session lasts" in line]

    assert lines == (
        [f"worse: a session lasts longer than an hour ({minutes} minutes)"] if minutes is not None else []
    )


def test_what_is_not_worse_is_not_said(preview: Run) -> None:
    """A group, one account, an hour."""
    (told,) = preview(
        permission_set(sessionDuration="PT1H"), attachment(ADMIN), assignment("444455556666"), **MFA
    )

    assert "worse" not in told.message


def test_a_root_level_user_with_a_key_is_told_with_its_key(preview: Run) -> None:
    """A key without an end for everything."""
    told = preview(
        Made("aws:iam/userPolicyAttachment:UserPolicyAttachment", "a", {"user": "eve", "policyArn": ADMIN}),
        Made("aws:iam/accessKey:AccessKey", "key", {"user": "eve"}),
    )
    (root,) = [each for each in told if each.policy == "no-root-level-access"]

    assert "worse: the user has an access key (AccessKey `key`)" in root.message


def test_the_management_account_tells_what_identity_centers_actions_reach(preview: Run) -> None:
    """Elsewhere they reach nothing; there they reach everybody's access."""
    (told,) = preview(
        permission_set(),
        attachment(POWER),
        assignment(MANAGEMENT),
        privilege_escalation={"managementAccount": MANAGEMENT},
        **MFA,
    )

    assert told.policy == "privilege-escalation"
    assert "reach every permission set and assignment of the organisation" in told.message


def test_an_entitlement_to_a_root_level_role_is_told_with_the_role(preview: Run) -> None:
    """The way round permission sets: account access manager hands out an existing role."""
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "account-access.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:SetContext", "sts:TagSession"],
        },
    }
    inputs = {"name": "deploy", "assumeRolePolicy": json.dumps(trust), "managedPolicyArns": [ADMIN]}
    role = Made("aws:iam/role:Role", "deploy", inputs, {**inputs, "arn": ROLE_ARN})
    (told,) = preview(role, entitlement(ROLE_ARN), **MFA)

    assert told.policy == "no-root-level-access"
    assert "worse: Entitlement `break-glass` lets people of Identity Center use the role" in told.message


def test_an_entitlement_to_a_fresh_role_follows_its_dependency(preview: Run) -> None:
    """In a new stack the role's ARN is not known."""
    role = Made("aws:iam/role:Role", "deploy", {"name": "deploy", "managedPolicyArns": [ADMIN]})
    fresh = entitlement(UNKNOWN)
    fresh.depends = {"entitlement": [role]}
    (told,) = preview(role, fresh, **MFA)

    assert "Entitlement `break-glass`" in told.message


def test_an_entitlement_to_a_role_of_elsewhere_is_undecided(preview: Run) -> None:
    """Its policies are not in sight, so it is not called fine."""
    (told,) = preview(entitlement(ROLE_ARN), **MFA)

    assert (told.policy, told.level) == ("undecided", "advisory")
    assert "made elsewhere" in told.message


def test_many_assignments_of_a_set_of_elsewhere_are_told_once(preview: Run) -> None:
    """A thousand lines would hide the one thing that was not seen."""
    told = preview(assignment("444455556666"), assignment(MANAGEMENT), **MFA)

    assert [each.policy for each in told] == ["undecided"]


def test_an_update_does_not_take_its_own_permission_set_for_one_of_elsewhere(update: Run) -> None:
    """Its ARN is an output, which resource policies never see."""
    told = update(permission_set(), attachment(POWER), assignment(MANAGEMENT), undecided="mandatory", **MFA)

    assert [each.policy for each in told] == ["privilege-escalation"]
