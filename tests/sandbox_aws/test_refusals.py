"""The sandbox is no more forgiving than AWS: each row of the table of refusals, provoked."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import ANY_POLICY, POWER, TRUST, Surroundings
from sandbox.aws.iam import POLICIES_OF_AN_ENTITY
from sandbox.aws.identity_center import account_access, ssoadmin_permission_sets
from sandbox.aws.modelled import service_model
from sandbox.aws.refusals.table import REFUSALS

NOBODY = "12345678-1234-1234-1234-123456789012"
MANAGEMENT, SECURITY = "123456789012", "222222222222"
SCENARIOS: dict[str, Callable[[Surroundings], object]] = {}
Scenario = Callable[[Surroundings], object]


def refuses(row: str) -> Callable[[Scenario], Scenario]:
    """Take a function as the scenario of a row: it must end in that refusal."""

    def take(scenario: Scenario) -> Scenario:
        SCENARIOS[row] = scenario
        return scenario

    return take


def test_each_row_has_a_scenario() -> None:
    """A refusal that nothing provokes may never happen."""
    assert set(SCENARIOS) == set(REFUSALS)


@pytest.mark.parametrize("row", sorted(REFUSALS))
def test_the_refusal_of_the_row_is_what_a_client_gets(around: Surroundings, row: str) -> None:
    """A program that AWS would refuse must not pass here."""
    refusal = REFUSALS[row]
    with pytest.raises(ClientError) as refused:
        SCENARIOS[row](around)
    answer: Any = refused.value.response
    assert answer["Error"]["Code"] == refusal.code
    assert refusal.message.split("{")[0] in answer["Error"]["Message"]
    assert {key: answer.get(key) for key in refusal.details} == dict(refusal.details)
    assert refused.value.operation_name in refusal.operations


@pytest.mark.parametrize("row", sorted(REFUSALS))
def test_the_model_of_the_service_knows_the_error(row: str) -> None:
    """A client that catches the errors of the model must catch ours."""
    refusal = REFUSALS[row]
    model = service_model(refusal.service)
    for operation in refusal.operations:
        codes = {
            shape.metadata.get("error", {}).get("code", shape.name)
            for shape in model.operation_model(operation).error_shapes
        }
        # IAM's common errors stand in no operation of its model.
        assert refusal.code in codes | ({"AccessDenied"} if refusal.service == "iam" else set())


# The directory


@refuses("unknown-identity-store")
def _(around: Surroundings) -> object:
    return around.store.list_users(IdentityStoreId="d-0000000000")


@refuses("user-not-found")
def _(around: Surroundings) -> object:
    return around.store.describe_user(IdentityStoreId=around.store_id, UserId=NOBODY)


@refuses("group-not-found")
def _(around: Surroundings) -> object:
    return around.store.delete_group(IdentityStoreId=around.store_id, GroupId=NOBODY)


@refuses("membership-not-found")
def _(around: Surroundings) -> object:
    return around.store.delete_group_membership(IdentityStoreId=around.store_id, MembershipId=NOBODY)


@refuses("duplicate-user-name")
def _(around: Surroundings) -> object:
    around.user()
    return around.user(around.word.upper())


@refuses("duplicate-email")
def _(around: Surroundings) -> object:
    mail = [{"Value": f"{around.word}@example.com"}]
    around.user(Emails=mail)
    return around.user(f"{around.word}-other", Emails=mail)


@refuses("duplicate-group-name")
def _(around: Surroundings) -> object:
    around.group()
    other = around.group(f"{around.word}-other")
    rename = [{"AttributePath": "displayName", "AttributeValue": around.word}]
    return around.store.update_group(IdentityStoreId=around.store_id, GroupId=other, Operations=rename)


@refuses("duplicate-membership")
def _(around: Surroundings) -> object:
    asked = {"GroupId": around.group(), "MemberId": {"UserId": around.user()}}
    around.store.create_group_membership(IdentityStoreId=around.store_id, **asked)
    return around.store.create_group_membership(IdentityStoreId=around.store_id, **asked)


@refuses("stale-revision")
def _(around: Surroundings) -> object:
    return around.store.delete_user(IdentityStoreId=around.store_id, UserId=around.user(), Revision="7")


@refuses("reserved-name")
def _(around: Surroundings) -> object:
    return around.user("Administrator")


@refuses("required-attributes")
def _(around: Surroundings) -> object:
    return around.user(Name={"GivenName": "Ada"})


@refuses("unknown-attribute")
def _(around: Surroundings) -> object:
    change = [{"AttributePath": "mfa", "AttributeValue": "x"}]
    return around.store.update_user(IdentityStoreId=around.store_id, UserId=around.user(), Operations=change)


@refuses("invalid-attribute-value")
def _(around: Surroundings) -> object:
    change = [{"AttributePath": "title", "AttributeValue": ""}]
    return around.store.update_user(IdentityStoreId=around.store_id, UserId=around.user(), Operations=change)


# Identity Center


@refuses("unknown-instance")
def _(around: Surroundings) -> object:
    return around.sso.list_permission_sets(InstanceArn="arn:aws:sso:::instance/ssoins-0000000000000000")


@refuses("permission-set-not-found")
def _(around: Surroundings) -> object:
    unknown = f"arn:aws:sso:::permissionSet/{around.instance.rsplit('/')[-1]}/ps-0000000000000000"
    return around.sso.describe_permission_set(**around.of_set(unknown))


@refuses("duplicate-permission-set")
def _(around: Surroundings) -> object:
    around.permission_set()
    return around.permission_set()


@refuses("permission-sets-quota")
def _(around: Surroundings) -> object:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ssoadmin_permission_sets, "PERMISSION_SETS", 0)
        return around.permission_set()


@refuses("session-duration")
def _(around: Surroundings) -> object:
    return around.permission_set(SessionDuration="PT13H")


@refuses("permission-set-assigned")
def _(around: Surroundings) -> object:
    held = around.permission_set()
    around.assign(held, around.group(), MANAGEMENT)
    return around.sso.delete_permission_set(**around.of_set(held))


@refuses("account-of-others")
def _(around: Surroundings) -> object:
    client = around.in_account("account", SECURITY)
    return client.put_account_name(AccountId=MANAGEMENT, AccountName="mine")


@refuses("delegated-administrator")
def _(around: Surroundings) -> object:
    held, group = around.permission_set(), around.group()
    with around.delegated(SECURITY) as administrator:
        asked = {"TargetId": MANAGEMENT, "TargetType": "AWS_ACCOUNT", "PrincipalType": "GROUP"}
        return administrator.create_account_assignment(**around.of_set(held), **asked, PrincipalId=group)


@refuses("permission-set-busy")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    around.sso.provision_permission_set(**where, TargetType="ALL_PROVISIONED_ACCOUNTS")
    return around.sso.attach_managed_policy_to_permission_set(**where, ManagedPolicyArn=POWER)


@refuses("managed-policy-not-found")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    arn = "arn:aws:iam::aws:policy/PowerUserAcess"
    return around.sso.attach_managed_policy_to_permission_set(**where, ManagedPolicyArn=arn)


@refuses("managed-policy-attached")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    around.sso.attach_managed_policy_to_permission_set(**where, ManagedPolicyArn=POWER)
    return around.sso.attach_managed_policy_to_permission_set(**where, ManagedPolicyArn=POWER)


@refuses("managed-policy-not-attached")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    return around.sso.detach_managed_policy_from_permission_set(**where, ManagedPolicyArn=POWER)


@refuses("customer-policy-attached")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    attach = around.sso.attach_customer_managed_policy_reference_to_permission_set
    attach(**where, CustomerManagedPolicyReference={"Name": "p"})
    return attach(**where, CustomerManagedPolicyReference={"Name": "p", "Path": "/"})


@refuses("customer-policy-not-attached")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    detach = around.sso.detach_customer_managed_policy_reference_from_permission_set
    return detach(**where, CustomerManagedPolicyReference={"Name": "p", "Path": "/elsewhere/"})


@refuses("policies-quota")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    attach = around.sso.attach_customer_managed_policy_reference_to_permission_set
    around.sso.attach_managed_policy_to_permission_set(**where, ManagedPolicyArn=POWER)
    for number in range(ssoadmin_permission_sets.POLICIES_IN_A_SET - 1):
        attach(**where, CustomerManagedPolicyReference={"Name": f"p{number}"})
    return attach(**where, CustomerManagedPolicyReference={"Name": "one-too-many"})


@refuses("inline-policy-size")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    text = ANY_POLICY.replace("s3:Get*", "s3:" + "G" * ssoadmin_permission_sets.INLINE_BYTES)
    return around.sso.put_inline_policy_to_permission_set(**where, InlinePolicy=text)


@refuses("inline-policy-malformed")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    return around.sso.put_inline_policy_to_permission_set(**where, InlinePolicy='{"Statement": "all"}')


@refuses("boundary-choice")
def _(around: Surroundings) -> object:
    both = {"ManagedPolicyArn": POWER, "CustomerManagedPolicyReference": {"Name": "p"}}
    where = around.of_set(around.permission_set())
    return around.sso.put_permissions_boundary_to_permission_set(**where, PermissionsBoundary=both)


@refuses("boundary-not-found")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    return around.sso.get_permissions_boundary_for_permission_set(**where)


@refuses("request-not-found")
def _(around: Surroundings) -> object:
    return around.sso.describe_account_assignment_creation_status(
        InstanceArn=around.instance, AccountAssignmentCreationRequestId=NOBODY
    )


@refuses("provision-target")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    return around.sso.provision_permission_set(**where, TargetType="AWS_ACCOUNT")


@refuses("permission-set-not-provisioned")
def _(around: Surroundings) -> object:
    where = around.of_set(around.permission_set())
    return around.sso.provision_permission_set(**where, TargetType="AWS_ACCOUNT", TargetId=MANAGEMENT)


@refuses("tagged-resource-not-found")
def _(around: Surroundings) -> object:
    unknown = f"arn:aws:sso:::permissionSet/{around.instance.rsplit('/')[-1]}/ps-0000000000000000"
    return around.sso.list_tags_for_resource(InstanceArn=around.instance, ResourceArn=unknown)


@refuses("tags-quota")
def _(around: Surroundings) -> object:
    held = around.permission_set(Tags=[{"Key": "first", "Value": ""}])
    tags = [{"Key": f"k{number}", "Value": "v"} for number in range(ssoadmin_permission_sets.TAGS)]
    return around.sso.tag_resource(InstanceArn=around.instance, ResourceArn=held, Tags=tags)


@refuses("attributes-not-configured")
def _(around: Surroundings) -> object:
    return around.sso.delete_instance_access_control_attribute_configuration(InstanceArn=around.instance)


@refuses("attributes-configured")
def _(around: Surroundings) -> object:
    attributes = [{"Key": "team", "Value": {"Source": ["${path:title}"]}}]
    asked = {
        "InstanceArn": around.instance,
        "InstanceAccessControlAttributeConfiguration": {"AccessControlAttributes": attributes},
    }
    around.sso.create_instance_access_control_attribute_configuration(**asked)
    try:
        return around.sso.create_instance_access_control_attribute_configuration(**asked)
    finally:
        around.sso.delete_instance_access_control_attribute_configuration(InstanceArn=around.instance)


def _application(around: Surroundings, provider: str = "custom") -> dict[str, str]:
    made = around.sso.create_application(
        InstanceArn=around.instance,
        ApplicationProviderArn=f"arn:aws:sso::aws:applicationProvider/{provider}",
        Name=around.word,
    )
    return {"ApplicationArn": made["ApplicationArn"]}


@refuses("application-not-found")
def _(around: Surroundings) -> object:
    where = _application(around)
    around.sso.delete_application(**where)
    return around.sso.describe_application(**where)


@refuses("application-provider-unsupported")
def _(around: Surroundings) -> object:
    return _application(around, "custom-saml")


@refuses("application-principal-not-found")
def _(around: Surroundings) -> object:
    nobody = {"PrincipalType": "GROUP", "PrincipalId": NOBODY}
    return around.sso.create_application_assignment(**_application(around), **nobody)


@refuses("application-assignment-not-found")
def _(around: Surroundings) -> object:
    nobody = {"PrincipalType": "GROUP", "PrincipalId": NOBODY}
    return around.sso.delete_application_assignment(**_application(around), **nobody)


@refuses("bad-page")
def _(around: Surroundings) -> object:
    return around.sso.list_permission_sets(InstanceArn=around.instance, NextToken="abc")


# The account access manager


def _access(around: Surroundings) -> Any:  # noqa: ANN401 - a boto3 client
    """Return its client, which sends what botocore would refuse itself."""
    client = loopback_client("account-access", around.sso.meta.endpoint_url, "us-east-1")
    client._serializer._param_validator = _Lenient()  # noqa: SLF001 - no public switch on a made client
    return client


class _Lenient:
    """Takes every request."""

    def validate(self, *_asked: object) -> Any:  # noqa: ANN401 - botocore's report
        return self

    def has_errors(self) -> bool:
        return False


def _only(client: Any, around: Surroundings) -> dict[str, str]:  # noqa: ANN401 - a boto3 client
    """Make the one application of the instance anew."""
    for left in client.list_applications()["applications"]:
        client.delete_application(applicationArn=left["applicationArn"])
    while client.list_applications()["applications"]:
        time.sleep(0.02)
    source = {"identityCenter": {"instanceArn": around.instance}}
    made = client.create_application(identitySource=source)
    return {"applicationArn": str(made["applicationArn"])}


def _entitle(around: Surroundings, role: str = "", **principal: str) -> object:
    client = _access(around)
    if not role:
        role = around.iam.create_role(RoleName=around.word, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    wanted = {"roleArn": role, "principal": {"identityCenter": principal}}
    return client.create_entitlement(**_only(client, around), entitlement={"principalRole": wanted})


@refuses("identity-source-choice")
def _(around: Surroundings) -> object:
    return _access(around).create_application(identitySource={})


@refuses("account-access-instance")
def _(around: Surroundings) -> object:
    source = {"identityCenter": {"instanceArn": "arn:aws:sso:::instance/ssoins-0000000000000000"}}
    return _access(around).create_application(identitySource=source)


@refuses("account-access-exists")
def _(around: Surroundings) -> object:
    client = _access(around)
    _only(client, around)
    source = {"identityCenter": {"instanceArn": around.instance}}
    return client.create_application(identitySource=source, tags={"team": around.word})


@refuses("account-access-deleting")
def _(around: Surroundings) -> object:
    client = _access(around)
    client.delete_application(**_only(client, around))
    return client.create_application(identitySource={"identityCenter": {"instanceArn": around.instance}})


@refuses("account-access-not-found")
def _(around: Surroundings) -> object:
    arn = f"arn:aws:account-access:us-east-1:{MANAGEMENT}:application/aam-0000000000000000"
    return _access(around).get_application(applicationArn=arn)


@refuses("entitlement-choice")
def _(around: Surroundings) -> object:
    return _entitle(around, userId=around.user(), groupId=around.group())


@refuses("entitlement-principal-not-found")
def _(around: Surroundings) -> object:
    return _entitle(around, groupId=NOBODY)


@refuses("entitlement-role-not-found")
def _(around: Surroundings) -> object:
    return _entitle(around, f"arn:aws:iam::{MANAGEMENT}:role/no-such-role", userId=around.user())


@refuses("entitlement-groups-quota")
def _(around: Surroundings) -> object:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(account_access, "GROUPS_OF_A_ROLE", 0)
        return _entitle(around, groupId=around.group())


@refuses("entitlement-not-found")
def _(around: Surroundings) -> object:
    client = _access(around)
    return client.get_entitlement(**_only(client, around), entitlementId="ent-0000000000000000")


# IAM


@refuses("boundary-policy-not-found")
def _(around: Surroundings) -> object:
    arn = "arn:aws:iam::123456789012:policy/nowhere"
    return around.iam.create_user(UserName=around.word, PermissionsBoundary=arn)


@refuses("name-taken")
def _(around: Surroundings) -> object:
    around.iam.create_role(RoleName=around.word, AssumeRolePolicyDocument=TRUST)
    return around.iam.create_role(RoleName=around.word.upper(), AssumeRolePolicyDocument=TRUST)


def _iam_user(around: Surroundings) -> dict[str, str]:
    around.iam.create_user(UserName=around.word)
    return {"UserName": around.word}


@refuses("user-has-keys")
def _(around: Surroundings) -> object:
    who = _iam_user(around)
    around.iam.create_access_key(**who)
    return around.iam.delete_user(**who)


@refuses("user-has-password")
def _(around: Surroundings) -> object:
    who = _iam_user(around)
    around.iam.create_login_profile(**who, Password="correct horse")
    return around.iam.delete_user(**who)


@refuses("user-has-devices")
def _(around: Surroundings) -> object:
    who = _iam_user(around)
    device = around.iam.create_virtual_mfa_device(VirtualMFADeviceName=around.word)["VirtualMFADevice"]
    around.iam.enable_mfa_device(
        **who,
        SerialNumber=device["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    return around.iam.delete_user(**who)


def _iam_group(around: Surroundings) -> dict[str, str]:
    around.iam.create_group(GroupName=around.word)
    return {"GroupName": around.word}


@refuses("user-in-groups")
def _(around: Surroundings) -> object:
    who, group = _iam_user(around), _iam_group(around)
    around.iam.add_user_to_group(**who, **group)
    return around.iam.delete_user(**who)


@refuses("group-has-users")
def _(around: Surroundings) -> object:
    who, group = _iam_user(around), _iam_group(around)
    around.iam.add_user_to_group(**who, **group)
    return around.iam.delete_group(**group)


@refuses("group-has-policies")
def _(around: Surroundings) -> object:
    group = _iam_group(around)
    around.iam.put_group_policy(**group, PolicyName="p", PolicyDocument=ANY_POLICY)
    return around.iam.delete_group(**group)


def _policy(around: Surroundings, suffix: str = "") -> str:
    made = around.iam.create_policy(PolicyName=f"{around.word}{suffix}", PolicyDocument=ANY_POLICY)
    return str(made["Policy"]["Arn"])


@refuses("policy-attached")
def _(around: Surroundings) -> object:
    group, arn = _iam_group(around), _policy(around)
    around.iam.attach_group_policy(**group, PolicyArn=arn)
    return around.iam.delete_policy(PolicyArn=arn)


@refuses("policy-has-versions")
def _(around: Surroundings) -> object:
    arn = _policy(around)
    around.iam.create_policy_version(PolicyArn=arn, PolicyDocument=ANY_POLICY)
    return around.iam.delete_policy(PolicyArn=arn)


@refuses("policies-of-entity-quota")
def _(around: Surroundings) -> object:
    group = _iam_group(around)
    for number in range(POLICIES_OF_AN_ENTITY):
        around.iam.attach_group_policy(**group, PolicyArn=_policy(around, f"-{number}"))
    return around.iam.attach_group_policy(**group, PolicyArn=_policy(around, "-more"))


@refuses("aws-managed-policy")
def _(around: Surroundings) -> object:
    return around.iam.create_policy_version(PolicyArn=POWER, PolicyDocument=ANY_POLICY)


def test_two_changes_of_one_permission_set_at_the_same_time_are_a_conflict(around: Surroundings) -> None:
    """Attachments of one set that run in parallel fail on AWS now and then: here they must too."""
    where = around.of_set(around.permission_set())
    codes: list[str] = []

    def attach(name: str) -> None:
        try:
            around.sso.attach_managed_policy_to_permission_set(
                **where, ManagedPolicyArn=f"arn:aws:iam::aws:policy/{name}"
            )
            codes.append("")
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])

    names = ("ReadOnlyAccess", "PowerUserAccess", "IAMFullAccess", "SecurityAudit")
    threads = [threading.Thread(target=attach, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "ConflictException" in codes
    assert "" in codes
