"""Each component by itself: what it registers, what policies see of it, and what it gives back."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.language.mfa import IdentityProvider, MfaType, NoDevice, PromptMode
from identity_center.resources import (
    AccessModel,
    Application,
    ApplicationArgs,
    Assignment,
    Directory,
    Group,
    GroupArgs,
    MfaRequirement,
    MfaRequirementArgs,
    PermissionSet,
    PermissionSetArgs,
    User,
    UserArgs,
    UserAttributesArgs,
)

Run = Callable[..., Any]

INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
STORE = "d-1234567890"
ADA: UserAttributesArgs = {
    "user_name": "ada",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "display_name": "Ada Lovelace",
    "email": "ada@example.com",
}
ADA_IN_THE_STORE: UserArgs = {"identity_store_id": STORE, **ADA}


def test_a_user_is_made_with_all_its_attributes(run: Run) -> None:
    """What the walkthrough asks for: user name, both names, display name and e-mail."""
    made = run(lambda: User("ada", ADA_IN_THE_STORE).user_id)

    assert made.inputs("identitystore/user:User", "ada") == {
        "identityStoreId": STORE,
        "userName": "ada",
        "displayName": "Ada Lovelace",
        "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "emails": {"value": "ada@example.com", "primary": True},
    }
    assert made.result == "userId of ada"
    assert made.registered("index:User", "ada") == {"userId": "userId of ada"}


def test_a_person_is_not_in_the_state_twice(run: Run) -> None:
    """The component around a user holds no attribute: its child does, and a secret stays in one place."""
    made = run(lambda: User("ada", ADA_IN_THE_STORE).user_id)

    assert made.inputs("index:User", "ada") == {"identityStoreId": STORE}


def test_a_replaced_user_goes_before_the_new_one_comes(run: Run) -> None:
    """A new user name replaces the user, and the store refuses a second user with the same e-mail address."""
    made = run(lambda: User("ada", ADA_IN_THE_STORE).user_id)

    assert made.requests[made.urn("identitystore/user:User", "ada")].deleteBeforeReplace


def test_a_group_has_the_members_it_is_given(run: Run) -> None:
    """Each membership is a resource of its own: moving somebody replaces no person and no group."""
    args: GroupArgs = {
        "identity_store_id": STORE,
        "display_name": "Developers",
        "members": {"ada": "u-1", "grace": "u-2"},
    }
    made = run(lambda: Group("developers", args).membership_ids)

    assert made.inputs("GroupMembership", "developers/ada") == {
        "identityStoreId": STORE,
        "groupId": "groupId of developers",
        "memberId": "u-1",
    }
    assert made.result == {
        "ada": "membershipId of developers/ada",
        "grace": "membershipId of developers/grace",
    }


def test_a_group_without_members_has_no_memberships(run: Run) -> None:
    """An empty mapping, not an empty list and not an unknown: other programs read it."""
    made = run(lambda: Group("auditors", {"identity_store_id": STORE, "display_name": "A"}).membership_ids)

    assert made.result == {}


def test_an_empty_directory_gives_empty_ids(run: Run) -> None:
    """A model without people and groups, such as one that only declares MFA, is not an error."""
    made = run(lambda: Directory("d", {"identity_store_id": STORE}).user_ids)

    assert made.result == {}
    assert made.registered("index:Directory", "d") == {"userIds": {}, "groupIds": {}}


def test_a_permission_set_is_made_with_its_policies(run: Run) -> None:
    """What the walkthrough asks for: name, description, session duration and AWS-managed policies."""
    args: PermissionSetArgs = {
        "instance_arn": INSTANCE,
        "name": "PowerUser",
        "description": "Nearly everything",
        "session_duration": "PT4H",
        "managed_policy_arns": ["arn:aws:iam::aws:policy/PowerUserAccess"],
    }
    made = run(lambda: PermissionSet("power", args).arn)

    assert made.inputs("ssoadmin/permissionSet:PermissionSet", "power") == {
        "instanceArn": INSTANCE,
        "name": "PowerUser",
        "description": "Nearly everything",
        "sessionDuration": "PT4H",
    }
    assert made.inputs("ManagedPolicyAttachmentsExclusive", "power") == {
        "instanceArn": INSTANCE,
        "permissionSetArn": "arn of power",
        "managedPolicyArns": ["arn:aws:iam::aws:policy/PowerUserAccess"],
        "timeouts": {"create": "1h", "update": "1h"},
    }
    assert made.result == "arn of power"


def test_policies_see_the_inputs_of_a_permission_set(run: Run) -> None:
    """The engine shows policies of a component only what it passes on."""
    args: PermissionSetArgs = {"instance_arn": INSTANCE, "name": "PowerUser", "session_duration": "PT4H"}
    made = run(lambda: PermissionSet("power", args).arn)

    assert made.inputs("index:PermissionSet", "power") == {
        "instanceArn": INSTANCE,
        "name": "PowerUser",
        "sessionDuration": "PT4H",
    }


def test_a_permission_set_without_policies_still_lists_none(run: Run) -> None:
    """Deleting the list does nothing in AWS, so a last policy leaves as an empty list."""
    made = run(lambda: PermissionSet("power", {"instance_arn": INSTANCE, "name": "PowerUser"}).arn)

    assert made.inputs("ManagedPolicyAttachmentsExclusive", "power")["managedPolicyArns"] == []


def test_another_boundary_comes_after_the_old_one_has_gone(run: Run) -> None:
    """A set has one boundary: the deletion of the old attachment would take the new boundary away."""
    args: PermissionSetArgs = {
        "instance_arn": INSTANCE,
        "name": "Reading",
        "permissions_boundary": {"managed_policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    }
    made = run(lambda: PermissionSet("reading", args))

    assert made.requests[made.urn("PermissionsBoundaryAttachment", "reading")].deleteBeforeReplace


def test_what_aws_cannot_change_of_an_application_replaces_it(run: Run) -> None:
    """The provider takes the change for done, and AWS has what it had."""
    args: ApplicationArgs = {
        "instance_arn": INSTANCE,
        "name": "Wiki",
        "application_provider_arn": "arn:aws:sso::aws:applicationProvider/custom",
    }
    made = run(lambda: Application("wiki", args))

    assert list(made.requests[made.urn("ssoadmin/application:Application", "wiki")].replaceOnChanges) == [
        "applicationProviderArn",
        "portalOptions.visibility",
    ]


def test_assignments_wait_for_the_policies_of_their_permission_set(run: Run) -> None:
    """Nobody signs in to a half-made permission set, and deletion takes assignments first."""
    args: PermissionSetArgs = {
        "instance_arn": INSTANCE,
        "name": "PowerUser",
        "assignments": [
            {
                "principal_type": PrincipalType.GROUP,
                "principal_key": "developers",
                "principal_id": "g-1",
                "account_ids": ["111122223333"],
            }
        ],
    }
    made = run(lambda: PermissionSet("power", args).arn)
    assignment = made.urn("AccountAssignment", "power/group/developers/111122223333")

    assert made.urn("ManagedPolicyAttachmentsExclusive", "power") in made.requests[assignment].dependencies
    assert made.inputs("AccountAssignment", "power/group/developers/111122223333") == {
        "instanceArn": INSTANCE,
        "permissionSetArn": "arn of power",
        "principalType": "GROUP",
        "principalId": "g-1",
        "targetType": "AWS_ACCOUNT",
        "targetId": "111122223333",
    }


def test_an_assignment_made_apart_waits_for_the_policies_too(run: Run) -> None:
    """The ARN that the component gives out depends on the policies, so no program can forget it."""

    def program() -> None:
        power = PermissionSet("power", {"instance_arn": INSTANCE, "name": "PowerUser"})
        Assignment(
            "developers",
            {
                "instance_arn": INSTANCE,
                "permission_set_arn": power.arn,
                "principal_type": PrincipalType.GROUP,
                "principal_id": "g-1",
                "account_ids": ["444455556666", "111122223333"],
            },
        )

    made = run(program)
    names = [urn.split("::")[-1] for urn in made.requests if "AccountAssignment" in urn]

    assert sorted(names) == ["developers/111122223333", "developers/444455556666"]
    for name in names:
        request = made.requests[made.urn("AccountAssignment", name)]
        assert made.urn("ManagedPolicyAttachmentsExclusive", "power") in request.dependencies


def test_an_assignment_depends_on_its_own_principal_alone(run: Run) -> None:
    """A group that changes touches no assignment of another."""

    def program() -> None:
        AccessModel(
            "model",
            {
                "instance_arn": INSTANCE,
                "identity_store_id": STORE,
                "groups": {"a": {"display_name": "A"}, "b": {"display_name": "B"}},
                "permission_sets": {
                    "power": {
                        "name": "PowerUser",
                        "assignments": [
                            {
                                "principal_type": PrincipalType.GROUP,
                                "principal": key,
                                "account_ids": ["111122223333"],
                            }
                            for key in ("a", "b")
                        ],
                    }
                },
            },
        )

    made = run(program)
    request = made.requests[made.urn("AccountAssignment", "power/group/a/111122223333")]

    assert list(request.propertyDependencies["principalId"].urns) == [made.urn("group:Group", "a")]
    assert list(request.propertyDependencies["permissionSetArn"].urns) == [
        made.urn("permissionSet:PermissionSet", "power")
    ]


def test_policies_see_the_mfa_requirement_in_the_words_of_the_configuration(run: Run) -> None:
    """The pack judges these fields; their names and values are a contract with it."""
    args: MfaRequirementArgs = {
        "prompt_mode": PromptMode.ALWAYS_ON,
        "allowed_types": [MfaType.SECURITY_KEYS, MfaType.AUTHENTICATOR_APPS],
        "no_device": NoDevice.REGISTER,
        "identity_provider": IdentityProvider.BUILT_IN,
        "confirmed_by": "identity team",
        "valid_until": "2027-02-15",
    }
    made = run(lambda: MfaRequirement("mfa", args).console_steps)

    assert made.inputs("index:MfaRequirement", "mfa") == {
        "promptMode": "always-on",
        "allowedTypes": ["security-keys", "authenticator-apps"],
        "noDevice": "register",
        "identityProvider": "built-in",
        "confirmedBy": "identity team",
        "validUntil": "2027-02-15",
    }


@pytest.mark.parametrize("preview", [True, False])
def test_the_mfa_settings_are_printed_once_a_run(
    run: Run, messages: pytest.LogCaptureFixture, *, preview: bool
) -> None:
    """They have no API: whoever runs a preview or an update is told what to set, and where."""
    args: MfaRequirementArgs = {
        "prompt_mode": PromptMode.ALWAYS_ON,
        "allowed_types": [MfaType.SECURITY_KEYS],
        "no_device": NoDevice.BLOCK,
        "identity_provider": IdentityProvider.BUILT_IN,
    }
    run(lambda: MfaRequirement("mfa", args).console_steps, preview=preview)
    shown = [record.message for record in messages.records if "MFA" in record.message]

    assert len(shown) == 1
    assert "Every time they sign in (always-on)" in shown[0]
    assert "MFA types: Security keys and built-in authenticators\n" in shown[0]
    assert "Block their sign-in" in shown[0]


def test_the_props_of_the_mfa_requirement_do_not_tell_the_time(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock in the props would be a change in every run."""
    args: MfaRequirementArgs = {
        "identity_provider": IdentityProvider.EXTERNAL,
        "enforced_by": "policy AWS",
        "valid_until": "2027-02-15",
    }
    seen = []
    for day in ("2026-01-01", "2029-01-01"):
        monkeypatch.setenv("IDENTITY_CENTER_TODAY", day)
        seen.append(
            run(lambda: MfaRequirement("mfa", args).console_steps).inputs("index:MfaRequirement", "mfa")
        )

    assert (
        seen[0]
        == seen[1]
        == {"identityProvider": "external", "enforcedBy": "policy AWS", "validUntil": "2027-02-15"}
    )


def test_a_model_may_do_without_every_part(run: Run) -> None:
    """A stack can begin with nothing and grow."""
    made = run(lambda: AccessModel("m", {"instance_arn": INSTANCE, "identity_store_id": STORE}).user_ids)

    assert made.result == {}
    assert made.registered("index:AccessModel", "m") == {
        "userIds": {},
        "groupIds": {},
        "permissionSetArns": {},
        "applicationArns": {},
    }


def test_every_child_hangs_below_its_component_and_uses_its_provider(run: Run) -> None:
    """A child with the default provider is made in another account than its component."""

    def program() -> None:
        provider = aws.Provider("other", region="eu-west-1")
        AccessModel(
            "model",
            {
                "instance_arn": INSTANCE,
                "identity_store_id": STORE,
                "users": {"ada": ADA},
                "groups": {"developers": {"display_name": "Developers", "members": ["ada"]}},
                "permission_sets": {
                    "power": {
                        "name": "PowerUser",
                        "assignments": [
                            {
                                "principal_type": PrincipalType.GROUP,
                                "principal": "developers",
                                "account_ids": ["111122223333"],
                            }
                        ],
                    }
                },
            },
            pulumi.ResourceOptions(providers=[provider]),
        )

    made = run(program)
    custom = {urn: request for urn, request in made.requests.items() if request.type.startswith("aws:")}

    assert len(custom) == 6
    for urn, request in custom.items():
        assert "index:AccessModel" in request.parent, urn
        assert request.provider.split("::")[-2] == "other", urn
