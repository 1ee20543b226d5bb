"""Values that are not known yet, where only a whole stack shows that they matter: none passes silently.

The values of single resources are in `test_unknown_values_in_the_engine`.
"""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
MANAGED: Final = "arn:aws:iam::aws:policy/"
QUIET: Final = {"mfa_requirement": "disabled", "privilege_escalation": "disabled"}
DENIES_ROOT: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"}},
        },
    }
)
WHOLE: Final = {
    "access_as_a_whole": {"toxicPairs": [["Pay", "Approve"]], "breakGlass": "Emergency"},
    **QUIET,
}


def made(token: str, label: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a resource whose outputs are its inputs."""
    return Made(token, label, inputs)


def permission_set(label: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a permission set of a fresh stack."""
    given = {"name": label, **inputs}
    return Made("aws:ssoadmin/permissionSet:PermissionSet", label, given, {**given, "arn": UNKNOWN})


def administrating(of: Made) -> Made:
    """Make it administrator-equivalent."""
    return Made(
        "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive",
        of.name,
        {
            "permissionSetArn": UNKNOWN,
            "managedPolicyArns": [f"{MANAGED}PowerUserAccess", f"{MANAGED}IAMFullAccess"],
        },
        depends={"permissionSetArn": [of]},
    )


def assign(of: Made | None, label: str, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Assign a permission set to a person, unless said otherwise."""
    usual = {"principalType": "USER", "principalId": label, "targetId": "444444444444"}
    return Made(
        "aws:ssoadmin/accountAssignment:AccountAssignment",
        label,
        {"permissionSetArn": UNKNOWN, **usual, **inputs},
        depends={"permissionSetArn": [of]} if of else {},
    )


def administrators(**of_the_last: str) -> list[Made]:
    """Let six people administer an account, where something is not known of the last."""
    rights = permission_set("Operators")
    known = [assign(rights, f"p{number}") for number in range(5)]
    return [rights, administrating(rights), *known, assign(rights, "p5", **of_the_last)]


ORGANIZATION: Final = "aws:organizations/organization:Organization"
FEATURES: Final = made(
    "aws:iam/organizationsFeatures:OrganizationsFeatures",
    "root",
    enabledFeatures=["RootSessions", "RootCredentialsManagement"],
)
SCP: Final = made(
    "aws:organizations/policy:Policy", "deny", type="SERVICE_CONTROL_POLICY", content=DENIES_ROOT
)
PAY, APPROVE, LATE = permission_set("Pay"), permission_set("Approve"), permission_set("Late", name=UNKNOWN)
CREW: Final = made("aws:identitystore/group:Group", "crew", displayName="Crew", groupId="g-crew")

SITUATIONS: Final[dict[str, tuple[list[Made], str]]] = {
    "features of an organisation": (
        [made(ORGANIZATION, "o", featureSet=UNKNOWN)],
        "`featureSet` of Organization `o`",
    ),
    "trusted access": (
        [made(ORGANIZATION, "o", awsServiceAccessPrincipals=["a", UNKNOWN]), FEATURES],
        "`awsServiceAccessPrincipals[1]` of Organization `o`",
    ),
    "enabled kinds of policies": (
        [
            made(ORGANIZATION, "o", enabledPolicyTypes=UNKNOWN),
            Made(SCP.type, "deny", {**SCP.inputs, "targetIds": ["r-1"]}),
        ],
        "`enabledPolicyTypes` of Organization `o`",
    ),
    "which policy is attached": (
        [
            SCP,
            made("aws:organizations/policyAttachment:PolicyAttachment", "a", policyId=UNKNOWN, targetId="r"),
        ],
        "`policyId` of PolicyAttachment `a`",
    ),
    "text of a service control policy": (
        [Made(SCP.type, "late", {"type": "SERVICE_CONTROL_POLICY", "content": UNKNOWN})],
        "`content` of Policy `late`",
    ),
    "groups of a user with a key": (
        [
            made("aws:iam/user:User", "eve", name="eve"),
            made("aws:iam/accessKey:AccessKey", "key", user="eve"),
            made("aws:iam/userGroupMembership:UserGroupMembership", "m", user="eve", groups=[UNKNOWN]),
            made(
                "aws:iam/userPolicyAttachment:UserPolicyAttachment",
                "reading",
                user="eve",
                policyArn=f"{MANAGED}ReadOnlyAccess",
            ),
        ],
        "`groups[0]` of UserGroupMembership `m`",
    ),
    "name of the emergency access": (
        [LATE, assign(LATE, "p1"), assign(LATE, "p2")],
        "`name` of PermissionSet `Late`",
    ),
    "what is assigned for the emergency": (
        [assign(None, "p1")],
        "`permissionSetArn` of AccountAssignment `p1`",
    ),
    "name of one of a pair": (
        [PAY, LATE, assign(PAY, "a", principalId="eve"), assign(LATE, "b", principalId="eve")],
        "`name` of PermissionSet `Late`",
    ),
    "group of a member": (
        [
            CREW,
            made("aws:identitystore/groupMembership:GroupMembership", "m", groupId=UNKNOWN, memberId="eve"),
            PAY,
            APPROVE,
            assign(PAY, "a", principalType="GROUP", principalId="g-crew"),
            assign(APPROVE, "b", principalId="eve"),
        ],
        "`groupId` of GroupMembership `m`",
    ),
    "account of an administrator": (
        administrators(targetId=UNKNOWN),
        "`targetId` of AccountAssignment `p5`",
    ),
    "who is an administrator": (
        administrators(principalId=UNKNOWN),
        "`principalId` of AccountAssignment `p5`",
    ),
    "whether an administrator is a group": (
        administrators(principalType=UNKNOWN),
        "`principalType` of AccountAssignment `p5`",
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_value_that_is_not_known_yet_is_told_with_its_place(preview: Run, name: str) -> None:
    """Advisory unless configured otherwise, and never as a violation that may be none."""
    resources, place = SITUATIONS[name]
    told = [each for each in preview(*resources, **WHOLE) if f"{place} is not known yet" in each.message]

    assert told
    assert not [each for each in preview(*resources, **WHOLE) if each.level == "mandatory"]
    assert {(each.policy, each.level) for each in told} == {("undecided", "advisory")}
    assert all("undecided in preview: " in each.message for each in told)

    refused = preview(*resources, **WHOLE, undecided="mandatory")
    assert {each.level for each in refused if place in each.message} == {"mandatory"}


def test_a_person_who_is_not_known_yet_counts_as_one(preview: Run) -> None:
    """Four and a fifth are as many as may be; a question at every preview would be read by nobody."""
    rights, policies, *people = administrators(principalId=UNKNOWN)

    assert preview(rights, policies, *people[1:], **QUIET, undecided="mandatory") == []


@pytest.mark.parametrize(("values", "more"), [(3, []), (5, ["because: 2 more values are not known yet"])])
def test_three_values_are_named_and_the_others_counted(preview: Run, values: int, more: list[str]) -> None:
    """A stack of a hundred accounts would fill the screen with one message."""
    rights = permission_set("Operators")
    given = [assign(rights, f"p{number}", targetId=UNKNOWN) for number in range(values)]
    bound = {"access_as_a_whole": {"mostAdministrators": 0}}
    (told,) = preview(rights, administrating(rights), *given, **bound, **QUIET)
    because = [line.strip() for line in told.message.splitlines() if "because: " in line]

    assert because == [
        *(f"because: `targetId` of AccountAssignment `p{number}` is not known yet" for number in range(3)),
        *more,
    ]


def test_an_open_question_is_of_the_assignments_that_leave_it_open(preview: Run) -> None:
    """Whose members are all in sight has nothing to answer."""
    rights = permission_set("Operators")
    crew = assign(rights, "crew", principalType="GROUP", principalId="g-elsewhere")
    bound = {"access_as_a_whole": {"mostAdministrators": 5}}
    (told,) = preview(rights, administrating(rights), assign(rights, "ann"), crew, **bound, **QUIET)

    assert "through: `crew`\n" in told.message
    assert told.urn == crew.urn


def test_what_makes_root_level_access_worse_is_named_where_it_is_not_known_yet(preview: Run) -> None:
    """The violation stands; how bad it is the reader learns as far as it goes."""
    rights = permission_set("Root", sessionDuration=UNKNOWN)
    admin = Made(
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
        "admin",
        {"permissionSetArn": UNKNOWN, "managedPolicyArn": f"{MANAGED}AdministratorAccess"},
        depends={"permissionSetArn": [rights]},
    )
    given = assign(rights, "someone", targetId=UNKNOWN, principalType=UNKNOWN)
    told = preview(rights, admin, given, **QUIET)
    (message,) = [each.message for each in told if each.level == "mandatory"]

    for place in (
        "`sessionDuration` of PermissionSet `Root`",
        "`targetId` of AccountAssignment `someone`",
        "`principalType` of AccountAssignment `someone`",
    ):
        assert f"perhaps worse: {place} is not known yet" in message


def test_a_policy_that_is_not_at_hand_may_bind_a_user_to_mfa(preview: Run) -> None:
    """A Deny in it would; to refuse the user for want of it would be a false alarm."""
    user = Made("aws:iam/user:User", "eve", {"name": "eve"})
    reading = made(
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "reading",
        user="eve",
        policyArn=f"{MANAGED}ReadOnlyAccess",
    )
    own = made(
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "own",
        user="eve",
        policyArn="arn:aws:iam::444444444444:policy/AskForMfa",
    )
    told = preview(user, reading, own, made("aws:iam/accessKey:AccessKey", "key", user="eve"))

    assert {each.policy for each in told} == {"undecided"}
    assert any(
        "undecided: whether IAM user `eve`, who has an access key, is bound to MFA" in each.message
        and "AskForMfa: its text is not in this stack" in each.message
        for each in told
    )


def test_administrators_of_elsewhere_are_told_where_a_number_is_configured(preview: Run) -> None:
    """Who set a limit wants to know that it cannot be kept; others are not told at every preview."""
    rights = permission_set("Operators")
    given = assign(rights, "crew", principalType="GROUP", principalId="g-elsewhere")
    resources = (rights, administrating(rights), given)

    assert preview(*resources, **QUIET) == []
    (told,) = preview(*resources, access_as_a_whole={"mostAdministrators": 5}, **QUIET)
    assert "undecided: whether more than 5 people administer account `444444444444`" in told.message
    assert "they are made elsewhere" in told.message


def test_no_exception_silences_what_is_undecided(preview: Run) -> None:
    """Somebody answers for what is known; what is not known may be anything."""
    rights = permission_set("Late")
    inline = Made(
        "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
        "late",
        {"permissionSetArn": UNKNOWN, "inlinePolicy": UNKNOWN},
        depends={"permissionSetArn": [rights]},
    )
    excused = {"principal": "Late", "reason": "r", "owner": "o", "expires": "2027-01-01"}
    told = preview(
        rights, inline, no_root_level_access={"exceptions": [excused]}, undecided="mandatory", **QUIET
    )

    assert ("undecided", "mandatory") in {(each.policy, each.level) for each in told}
    assert not any(each.message.startswith("excepted") for each in told)
