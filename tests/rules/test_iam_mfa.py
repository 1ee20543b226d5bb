"""IAM users with a password or key are bound to MFA, by what their policies do."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.stack.phase import Phase
from identity_guard.testing.in_process_engine import UNKNOWN, InProcessEngine, Made, Told

Run = Callable[..., list[Told]]
RULE: Final = "iam-mfa"
SET_UP: Final = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
]
READ: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
KEY: Final = Made("aws:iam/accessKey:AccessKey", "key", {"user": "eve"})
PASSWORD: Final = Made("aws:iam/userLoginProfile:UserLoginProfile", "password", {"user": "eve"})
EVE: Final = Made("aws:iam/user:User", "eve", {"name": "eve"})
GRANT: Final = Made(
    "aws:iam/userPolicyAttachment:UserPolicyAttachment", "read", {"user": "eve", "policyArn": READ}
)


def deny_without_mfa(operator: str, value: str = "false") -> str:
    """Write AWS's own policy with a condition operator."""
    statement = {
        "Sid": "DenyAllExceptListedIfNoMFA",
        "Effect": "Deny",
        "NotAction": SET_UP,
        "Resource": "*",
        "Condition": {operator: {"aws:MultiFactorAuthPresent": value}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def user_policy(document: str) -> Made:
    """Give the user a policy."""
    return Made("aws:iam/userPolicy:UserPolicy", "mfa", {"user": "eve", "policy": document})


def of_rule(told: list[Told]) -> list[Told]:
    """Keep what this rule refuses."""
    return [each for each in told if each.policy == RULE]


@pytest.mark.parametrize(("credential", "called"), [(KEY, "an access key"), (PASSWORD, "a console password")])
def test_a_user_that_can_be_used_without_mfa_is_refused(preview: Run, credential: Made, called: str) -> None:
    """One stolen password or key would be enough."""
    (told,) = of_rule(preview(EVE, GRANT, credential))

    assert (told.level, told.urn) == ("mandatory", credential.urn)
    assert f"IAM user `eve` has {called} and can be used without MFA" in told.message
    assert "without MFA it may call" in told.message
    assert "ReadOnlyAccess" in told.message


def test_the_policy_that_aws_recommends_binds(preview: Run) -> None:
    """Deny, BoolIfExists, false."""
    bound = user_policy(deny_without_mfa("BoolIfExists"))
    last = Made(KEY.type, KEY.name, KEY.inputs, after=[bound])

    assert preview(EVE, GRANT, bound, last) == []


def test_a_key_that_may_come_before_what_binds_its_user_is_an_advice(preview: Run) -> None:
    """The update would refuse it, so the preview says how to put it in order."""
    (told,) = preview(EVE, GRANT, KEY, user_policy(deny_without_mfa("BoolIfExists")))

    assert (told.policy, told.level) == ("identity-advice", "advisory")
    assert "let AccessKey `key` depend on UserPolicy `mfa`" in told.message


def test_a_key_made_last_lets_the_update_go_on(update: Run) -> None:
    """In the order that the preview asks for."""
    assert update(EVE, user_policy(deny_without_mfa("BoolIfExists")), GRANT, KEY) == []


def test_a_group_can_bind_its_members(preview: Run) -> None:
    """AWS's example is attached to a group."""
    group = Made("aws:iam/group:Group", "people", {"name": "people"})
    bound = Made(
        "aws:iam/groupPolicy:GroupPolicy",
        "mfa",
        {"group": "people", "policy": deny_without_mfa("BoolIfExists")},
    )
    member = Made(
        "aws:iam/userGroupMembership:UserGroupMembership", "m", {"user": "eve", "groups": ["people"]}
    )

    assert of_rule(preview(group, bound, EVE, member, GRANT, KEY)) == []


@pytest.mark.parametrize("operator", ["Bool", "Null"])
def test_a_way_of_asking_that_does_not_work_is_named(preview: Run, operator: str) -> None:
    """It looks like MFA, and lets long-lived keys through."""
    value = {"Bool": "false", "Null": "true"}[operator]
    (told,) = of_rule(preview(EVE, GRANT, KEY, user_policy(deny_without_mfa(operator, value))))

    assert "does not work: inline policy, DenyAllExceptListedIfNoMFA: " in told.message


def test_a_user_without_credentials_is_left_alone(preview: Run) -> None:
    """Nobody signs in as it."""
    assert of_rule(preview(EVE, GRANT)) == []


def test_a_user_who_may_do_nothing_is_left_alone(preview: Run) -> None:
    """A key without a permission opens nothing."""
    assert of_rule(preview(EVE, KEY)) == []


def test_a_document_that_is_not_known_yet_is_undecided(preview: Run) -> None:
    """It may allow something without MFA."""
    told = preview(EVE, KEY, user_policy(UNKNOWN))

    assert {each.policy for each in told} == {"undecided"}
    assert any("bound to MFA" in each.message for each in told)


def test_a_group_of_elsewhere_may_bind_and_is_undecided(preview: Run) -> None:
    """Its policies are not in sight."""
    member = Made(
        "aws:iam/userGroupMembership:UserGroupMembership", "m", {"user": "eve", "groups": ["people"]}
    )
    told = preview(EVE, member, GRANT, KEY)

    assert [each.policy for each in told] == ["undecided"]
    assert "group `people`" in told[0].message


IN_OTHERS: Final = Made(
    "aws:iam/userGroupMembership:UserGroupMembership", "m", {"user": "eve", "groups": ["people"]}
)
NEW_SERVICE: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "service-of-tomorrow:*", "Resource": "*"},
    }
)
OF_OTHERS: Final = "because: the policies of group `people` are not in this stack"
LATE: Final = "because: `policy` of UserPolicy `late` is not known yet"
UNKNOWN_TEXT: Final = Made("aws:iam/userPolicy:UserPolicy", "late", {"user": "eve", "policy": UNKNOWN})


@pytest.mark.parametrize(
    ("more", "reasons"),
    [
        ([IN_OTHERS], [OF_OTHERS]),
        ([UNKNOWN_TEXT], [LATE]),
        ([IN_OTHERS, UNKNOWN_TEXT], [OF_OTHERS, LATE]),
    ],
    ids=["a group", "a text", "both"],
)
def test_each_reason_why_it_is_undecided_is_told(preview: Run, more: list[Made], reasons: list[str]) -> None:
    """Who gives one value and is asked for the next thinks that the tool does not know."""
    (message,) = [each.message for each in preview(EVE, GRANT, KEY, *more) if "bound to MFA" in each.message]

    assert [line.strip() for line in message.splitlines() if "because: " in line] == reasons


def test_what_cannot_be_decided_of_the_documents_is_told(preview: Run) -> None:
    """A service newer than the catalogue may be used without MFA; who reads it has to know where to look."""
    told = preview(EVE, KEY, user_policy(NEW_SERVICE))
    (message,) = [each.message for each in told if "bound to MFA" in each.message]

    assert message.count("because: ") == 1
    assert "does not know" in message


def test_a_user_who_is_bound_stays_so_whatever_else_is_attached(preview: Run) -> None:
    """No Allow takes a Deny back, so a text that is not known yet leaves nothing open."""
    told = preview(EVE, GRANT, user_policy(deny_without_mfa("BoolIfExists")), UNKNOWN_TEXT, KEY)

    assert not [each for each in told if "bound to MFA" in each.message and each.policy != "identity-advice"]


def test_a_group_of_which_nothing_is_known_is_not_taken_for_the_users(preview: Run) -> None:
    """Only what puts this user into a group could bind it."""
    other = Made(
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "other", {"group": UNKNOWN, "policyArn": READ}
    )

    assert [each.level for each in of_rule(preview(EVE, GRANT, KEY, other))] == ["mandatory"]


def test_a_key_of_a_user_who_may_do_nothing_needs_no_order(preview: Run) -> None:
    """Before the Deny there is nothing that the key could be used for."""
    assert preview(EVE, KEY, user_policy(deny_without_mfa("BoolIfExists"))) == []


def test_a_key_for_an_unbound_user_is_refused_before_it_is_made(update: Run) -> None:
    """A key that exists can be stolen, whatever the stack policy says afterwards."""
    (told,) = update(EVE, GRANT, KEY)

    assert (told.policy, told.level, told.urn) == (RULE, "mandatory", KEY.urn)


def role(principal: str, condition: dict[str, Any] | None = None) -> Made:
    """Make a role that a principal may assume."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "sts:AssumeRole",
    }
    if condition:
        statement["Condition"] = condition
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return Made("aws:iam/role:Role", "deploy", {"name": "deploy", "assumeRolePolicy": document})


USER: Final = "arn:aws:iam::111122223333:user/eve"
ACCOUNT: Final = "arn:aws:iam::111122223333:root"
PORTAL: Final = (
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Power_0123456789abcdef"
)
WITH_MFA: Final = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def test_a_trust_for_a_named_user_has_to_ask_for_mfa(update: Run) -> None:
    """It is refused alone, before the role is made."""
    (told,) = update(role(USER))

    assert (told.policy, told.level) == (RULE, "mandatory")
    assert told == InProcessEngine(Phase.UPDATE, {}).one(role(USER))[0]


def test_a_trust_for_a_named_user_with_mfa_passes(preview: Run) -> None:
    """AWS's form: Allow, Bool, true."""
    assert preview(role(USER, WITH_MFA)) == []


def test_the_consoles_own_form_is_named_as_wrong(preview: Run) -> None:
    """The box "MFA required" writes IfExists, which lets keys through."""
    (told,) = preview(role(USER, {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}))

    assert told.level == "mandatory"
    assert "does not work" in told.message


def test_a_trust_for_an_account_is_an_advice(preview: Run) -> None:
    """Pipelines and vendors use it."""
    (told,) = preview(role(ACCOUNT))

    assert (told.policy, told.level) == ("identity-advice", "advisory")


@pytest.mark.parametrize(
    "condition", [WITH_MFA, {"StringEquals": {"sts:ExternalId": "agreed"}}], ids=["MFA", "ExternalId"]
)
def test_an_account_held_to_mfa_or_an_external_id_needs_no_advice(
    preview: Run, condition: dict[str, Any]
) -> None:
    """A vendor proves itself by the external id."""
    assert preview(role(ACCOUNT, condition)) == []


def test_a_trust_that_asks_identity_center_for_mfa_is_told_as_the_lock_out_it_is(preview: Run) -> None:
    """The key is absent there: nobody could ever use the role."""
    (told,) = preview(role(PORTAL, WITH_MFA))

    assert (told.policy, told.level) == ("identity-advice", "advisory")
    assert "nobody of Identity Center can assume" in told.message


@pytest.mark.parametrize(
    ("effect", "operator", "value", "does"),
    [
        ("Deny", "BoolIfExists", "false", "locks everybody out"),
        ("Deny", "Bool", "false", "never applies"),
        ("Deny", "Null", "true", "locks everybody out"),
        ("Allow", "Bool", "true", "allows nobody anything"),
        ("Allow", "BoolIfExists", "true", "without any check of MFA"),
        ("Allow", "Null", "false", "allows nobody anything"),
    ],
)
def test_what_a_permission_sets_mfa_condition_really_does_is_told(
    preview: Run, effect: str, operator: str, value: str, does: str
) -> None:
    """Each row of the truth table: some lock out, some check nothing, none asks for MFA."""
    statement = {
        "Effect": effect,
        "Action": "s3:GetObject",
        "Resource": "*",
        "Condition": {operator: {"aws:MultiFactorAuthPresent": value}},
    }
    before = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
    inline = Made(
        "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
        "rights",
        {
            "permissionSetArn": "arn:aws:sso:::permissionSet/ssoins-1/ps-1",
            "inlinePolicy": json.dumps({"Version": "2012-10-17", "Statement": [before, statement]}),
        },
    )
    (told,) = preview(inline)

    assert (told.policy, told.level) == ("identity-advice", "advisory")
    assert does in told.message
    assert "Statement[1]" in told.message
