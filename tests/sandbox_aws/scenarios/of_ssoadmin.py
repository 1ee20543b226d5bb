"""Identity Center: instances, permission sets, assignments, provisioning."""

import pytest

from sandbox.aws.accounts.surroundings import ANY_POLICY, POWER, Surroundings
from sandbox.aws.identity_center import ssoadmin_permission_sets

from .register import MANAGEMENT, NOBODY, SECURITY, refuses


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


@refuses("bad-page")
def _(around: Surroundings) -> object:
    return around.sso.list_permission_sets(InstanceArn=around.instance, NextToken="abc")
