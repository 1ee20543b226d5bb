"""Wrong arguments of components, in programs of one's own: told before anything is registered."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from identity_center.model.language.mfa import MfaType
from identity_center.resources import (
    COMPONENTS,
    AccessModel,
    AccountAccess,
    AdditionalRegions,
    Application,
    ArgumentsError,
    Assignment,
    Directory,
    Group,
    IamMfaPolicy,
    InstanceSettings,
    MfaRequirement,
    PermissionSet,
    RoleEntitlement,
    RootGuard,
    User,
    UserAttributesArgs,
)

STORE, INSTANCE = "d-1234567890", "arn:aws:sso:::instance/ssoins-1234567890abcdef"
ADA: UserAttributesArgs = {
    "user_name": "ada",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "display_name": "Ada Lovelace",
    "email": "ada@example.com",
}
MFA = {"prompt_mode": "always-on", "no_device": "register", "identity_provider": "built-in"}

CASES: list[tuple[type[pulumi.ComponentResource], dict[str, Any], str]] = [
    (
        PermissionSet,
        {
            "name": "Power",
            "permission_boundary": {"managed_policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        },
        """
        permission_boundary: is no argument
        instanceArn: is missing
        """,
    ),
    (
        AccessModel,
        {
            "instance_arn": INSTANCE,
            "identity_store_id": STORE,
            "usrs": {},
            "groups": {"g": {"display_name": "G", "member": ["ada"]}},
            "permission_sets": {
                "p": {
                    "name": "P",
                    "customer_managed_policies": [{"nmae": "Deploy"}],
                    "assignments": [{"principal_type": "USER", "principal": "ada", "acount_ids": []}],
                }
            },
        },
        """
        usrs: is no argument
        groups.g.member: is no argument
        permissionSets.p.customerManagedPolicies[0].nmae: is no argument
        permissionSets.p.customerManagedPolicies[0].name: is missing
        permissionSets.p.assignments[0].acount_ids: is no argument
        permissionSets.p.assignments[0].accountIds: is missing
        """,
    ),
    (
        User,
        {"identity_store_id": STORE, **ADA, "user_name": "a b", "email": "a"},
        """
        userName: has characters that AWS refuses
        email: has 1 character
        """,
    ),
    (
        Group,
        {"identity_store_id": STORE, "display_name": "Administrator", "members": {"a/b": "u-1"}},
        """
        displayName: is a name that AWS keeps to itself
        members.a/b: has characters that a key may not have
        """,
    ),
    (
        Directory,
        {
            "identity_store_id": STORE,
            "users": {"ada": ADA},
            "groups": {"g": {"display_name": "G", "members": ["adda"]}},
        },
        "groups.g.members[0]: no user has the key `adda`",
    ),
    (
        PermissionSet,
        {
            "instance_arn": INSTANCE,
            "name": "P",
            "session_duration": "PT13H",
            "assignments": [
                {"principal_type": "GROUP", "principal_key": "g", "principal_id": "1", "account_ids": ["1"]}
            ],
        },
        """
        sessionDuration: `PT13H` is not a duration from 1 to 12 hours
        assignments[0].accountIds[0]: `1` is not an account id
        """,
    ),
    (
        Assignment,
        {
            "instance_arn": INSTANCE,
            "permission_set_arn": "arn",
            "principal_type": "USER",
            "principal_id": "1",
            "account_ids": ["management", "111122223333", "111122223333"],
        },
        """
        accountIds[0]: `management` is not an account id
        accountIds: lists an account twice
        """,
    ),
    (
        PermissionSet,
        {
            "instance_arn": INSTANCE,
            "name": "P",
            "relay_state": "ü",
            "customer_managed_policies": [
                {"name": "a/b"},
                {"name": "b", "path": "team"},
                {"name": "ü"},
                {"name": "a,b"},
            ],
            "inline_policy": "{}",
            "permissions_boundary": {},
        },
        """
        relayState: has characters that AWS refuses
        customerManagedPolicies[0].name: has a `/`
        customerManagedPolicies[1].path: `team` is not a path
        customerManagedPolicies[2]: is not the name of a customer-managed policy
        customerManagedPolicies[3]: has a comma: the provider attaches it and then cannot read its own id
        permissionsBoundary: names not one policy
        inlinePolicy: has no `Version` that IAM knows (write Version: "2012-10-17")
        """,
    ),
    (
        Application,
        {
            "instance_arn": INSTANCE,
            "name": "A" * 101,
            "application_provider_arn": "custom",
            "status": "on",
            "portal": {"origin": "application"},
            "assignments": [{"principal_type": "USER", "principal_key": "a/b", "principal_id": "1"}],
        },
        """
        name: has 101 characters
        applicationProviderArn: `custom` is not the ARN of an application provider
        status: is not one of the choices
        portal.applicationUrl: is missing
        assignments[0].principalKey: has characters that a key may not have
        """,
    ),
    (
        RoleEntitlement,
        {"application_arn": "arn", "role_arn": "Auditor", "principal_type": "USER", "principal_id": "1"},
        "roleArn: `Auditor` is not the ARN of an IAM role",
    ),
    (
        AccountAccess,
        {
            "instance_arn": INSTANCE,
            "entitlements": [
                {
                    "role_arn": "Auditor",
                    "principal_type": "USER",
                    "principal_key": "a/b",
                    "principal_id": "1",
                }
            ],
        },
        """
        entitlements[0].roleArn: `Auditor` is not the ARN of an IAM role
        entitlements[0].principalKey: has characters that a key may not have
        """,
    ),
    (
        InstanceSettings,
        {"instance_arn": INSTANCE, "access_control_attributes": {}},
        "accessControlAttributes: is empty",
    ),
    (AdditionalRegions, {"instance_arn": INSTANCE, "additional_regions": []}, "additionalRegions: is empty"),
    (
        AdditionalRegions,
        {
            "instance_arn": INSTANCE,
            "additional_regions": ["Ireland", "af-south-1", "eu-west-1", "eu-west-1"],
            "timeouts": {"regions": "soon"},
        },
        """
        additionalRegions[0]: `Ireland` is not the name of a Region
        additionalRegions[1]: `af-south-1` is an opt-in Region, and AWS adds none of those
        additionalRegions: lists a Region twice
        timeouts.regions: `soon` is not a time-out from 1 minute to 24 hours
        """,
    ),
    (
        MfaRequirement,
        {"prompt_mode": "always-on", "no_device": "register", "identity_provider": "external"},
        "`promptMode` is a setting that Identity Center lacks with an external identity provider",
    ),
    (MfaRequirement, {"identity_provider": "external"}, "`enforcedBy` is missing"),
    (
        MfaRequirement,
        {**MFA, "allowed_types": ["sms"]},
        "allowedTypes[0]: is not one of the choices",
    ),
    (MfaRequirement, {**MFA, "allowed_types": []}, "allowedTypes: is empty"),
    (
        MfaRequirement,
        {**MFA, "allowed_types": "security-keys", "prompt_mode": {}, "confirmed_by": 7, "valid_until": 7},
        """
        promptMode: is not one of the choices
        allowedTypes: is not a list
        confirmedBy: is not a text
        validUntil: is not a date
        """,
    ),
    (MfaRequirement, {**MFA, "allowed_types": [{}]}, "allowedTypes[0]: is not one of the choices"),
    (
        MfaRequirement,
        {**MFA, "allowed_types": [MfaType.SECURITY_KEYS, "security-keys"]},
        "allowedTypes: names a kind of device twice",
    ),
    (
        AccessModel,
        {
            "instance_arn": INSTANCE,
            "identity_store_id": STORE,
            "users": {"ada": {**ADA, "email": "a"}},
            "permission_sets": {
                "p": {
                    "name": "P" * 33,
                    "assignments": [
                        {"principal_type": "USER", "principal": "grace", "account_ids": []},
                        {"principal_type": "GROUP", "principal": "g", "account_ids": ["111122223333"]},
                    ],
                }
            },
            "applications": {
                "a": {
                    "name": "",
                    "application_provider_arn": "arn:aws:sso::aws:applicationProvider/custom",
                    "assignments": [{"principal_type": "USER", "principal": "grace"}],
                }
            },
            "role_entitlements": [
                {
                    "role_arn": "arn:aws:iam::111122223333:role/Auditor",
                    "principal_type": "GROUP",
                    "principal": "g",
                }
            ],
            "external_user_ids": {"a/b": "1"},
            "external_group_ids": {"c/d": "2"},
            "access_control_attributes": {"a*": "${path:name}"},
            "mfa_requirement": {**MFA, "valid_until": "soon"},
        },
        """
        externalUserIds.a/b: has characters that a key may not have
        externalGroupIds.c/d: has characters that a key may not have
        users.ada.email: has 1 character
        permissionSets.p.name: has 33 characters
        permissionSets.p.assignments[0].principal: no user has the key `grace`
        permissionSets.p.assignments[0].accountIds: is empty
        permissionSets.p.assignments[1].principal: no group has the key `g`
        applications.a.name: is empty
        applications.a.assignments[0].principal: no user has the key `grace`
        roleEntitlements[0].principal: no group has the key `g`
        accessControlAttributes.a*: has characters that AWS refuses
        mfaRequirement.validUntil: is not a date
        """,
    ),
    (
        RootGuard,
        {"target_ids": ["everywhere", "everywhere"], "permission_set_name": "two words"},
        """
        targetIds[0]: `everywhere` is not a place in the organisation
        targetIds[1]: `everywhere` is not a place in the organisation
        targetIds: names a place twice
        permissionSetName: has characters that AWS refuses
        """,
    ),
    (
        IamMfaPolicy,
        {"name": "a b", "groups": ["x/y"]},
        """
        name: is no name that IAM takes
        groups[0]: is no name that IAM takes
        """,
    ),
]


@pytest.mark.parametrize(
    ("component", "args", "said"),
    CASES,
    ids=[f"{component.__name__}-{number}" for number, (component, _, _) in enumerate(CASES)],
)
def test_wrong_arguments_are_told_together_and_nothing_is_registered(
    run: Callable[..., Any],
    registered: list[str],
    component: Callable[..., Any],
    args: dict[str, Any],
    said: str,
) -> None:
    """AWS would refuse them one by one, after the parts before them were made."""
    with pytest.raises(ArgumentsError) as caught:
        run(lambda: component("x", args))
    lines = str(caught.value).splitlines()

    assert [line.split("; ")[0] for line in lines] == [
        f"{component.__name__} `x`: {line.strip()}" for line in said.strip().splitlines()
    ]
    assert all("; " in line for line in lines), "each says what to write"
    assert registered == []


def test_every_component_is_among_the_cases() -> None:
    """A component without a case has checks that nobody has seen refuse."""
    assert {component for component, _, _ in CASES} == set(COMPONENTS)


def test_a_value_that_is_not_known_yet_is_left_to_aws(run: Callable[..., Any]) -> None:
    """An output of another resource has no value in a preview."""
    attributes: UserAttributesArgs = {**ADA, "email": pulumi.Output.from_input("no address")}
    made = run(lambda: User("ada", {"identity_store_id": STORE, **attributes}).user_id)

    assert made.result == "userId of ada"
