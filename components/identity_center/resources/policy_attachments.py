"""What is attached to a permission set: managed policies, the inline policy, the permissions boundary."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.language.permission_sets import CustomerPolicy, read_inline_policy, size_problem
from identity_center.model.mistakes import WrongValueError

from .argument_checks import ArgumentChecks

#: Type of the resource that every permission set has, under its own name.
MANAGED_POLICIES = "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive"


class CustomerManagedPolicyArgs(TypedDict):
    """A policy of the accounts: AWS looks for it in each account where the permission set is assigned."""

    name: str
    """Its name: 1 to 128 characters."""
    path: NotRequired[str]
    """Its path, such as /team/. The default is /."""


class PermissionsBoundaryArgs(TypedDict):
    """A policy that limits what all others of a permission set can grant: one of the two kinds."""

    managed_policy_arn: NotRequired[pulumi.Input[str]]
    """ARN of an AWS-managed policy."""
    customer_managed_policy: NotRequired[CustomerManagedPolicyArgs]
    """A policy of the accounts."""


def check_policies(checks: ArgumentChecks, args: Mapping[str, Any], place: str = "") -> None:
    """Check what can be known of the policies before the update."""
    for index, policy in enumerate(args.get("customer_managed_policies", [])):
        checks.customer_policy(policy, f"{place}customerManagedPolicies[{index}]")
    boundary = args.get("permissions_boundary")
    if boundary is not None:
        if len([value for value in boundary.values() if value is not None]) != 1:
            checks.add(f"{place}permissionsBoundary", "names not one policy; write one of the two kinds")
        elif boundary.get("customer_managed_policy") is not None:
            named = boundary["customer_managed_policy"]
            checks.customer_policy(named, f"{place}permissionsBoundary.customerManagedPolicy")
    inline = args.get("inline_policy")
    if isinstance(inline, str):
        try:
            read_inline_policy(inline)
        except WrongValueError as error:
            checks.add(f"{place}inlinePolicy", str(error))
        too_large = size_problem(inline)
        if too_large is not None:
            checks.add(f"{place}inlinePolicy", "; ".join(too_large))


def attach_policies(
    parent: pulumi.Resource, name: str, args: Mapping[str, Any], permission_set_arn: pulumi.Output[str]
) -> pulumi.CustomResource:
    """Attach everything, one after the other: two changes of one permission set at once are a conflict.

    Return what comes last, and so after all others.

    See docs/decisions/2026-11-23-customer-managed-policies.md for why these are attached one by one.
    """
    made: list[pulumi.CustomResource] = []

    def after() -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=parent, depends_on=list[pulumi.Resource](made[-1:]))

    # First, and so deleted last: the set never grants what its boundary withholds. Another boundary replaces
    # the attachment, and a set has one boundary: to delete the old attachment after the new one is made
    # would take the new boundary away. See docs/decisions/2026-11-25-another-boundary.md.
    if args.get("permissions_boundary") is not None:
        made.append(
            aws.ssoadmin.PermissionsBoundaryAttachment(
                name,
                instance_arn=args["instance_arn"],
                permission_set_arn=permission_set_arn,
                permissions_boundary=_boundary(args["permissions_boundary"]),
                opts=pulumi.ResourceOptions.merge(
                    after(), pulumi.ResourceOptions(delete_before_replace=True)
                ),
            )
        )
    # Always there, with an empty list where there are no policies: its deletion does nothing, so a last
    # policy could not leave otherwise. See docs/decisions/2026-11-23-exclusive-attachments.md.
    made.append(
        aws.ssoadmin.ManagedPolicyAttachmentsExclusive(
            name,
            instance_arn=args["instance_arn"],
            permission_set_arn=permission_set_arn,
            managed_policy_arns=args.get("managed_policy_arns", []),
            opts=after(),
        )
    )
    for policy in args.get("customer_managed_policies", []):
        reference = _reference(policy)
        full = CustomerPolicy(reference["path"], reference["name"])
        made.append(
            aws.ssoadmin.CustomerManagedPolicyAttachment(
                f"{name}{full}",
                instance_arn=args["instance_arn"],
                permission_set_arn=permission_set_arn,
                customer_managed_policy_reference=reference,
                opts=after(),
            )
        )
    if args.get("inline_policy") is not None:
        made.append(
            aws.ssoadmin.PermissionSetInlinePolicy(
                name,
                instance_arn=args["instance_arn"],
                permission_set_arn=permission_set_arn,
                inline_policy=args["inline_policy"],
                opts=after(),
            )
        )
    return made[-1]


def _reference(policy: CustomerManagedPolicyArgs) -> dict[str, str]:
    return {"name": policy["name"], "path": policy.get("path") or "/"}


def _boundary(boundary: PermissionsBoundaryArgs) -> dict[str, Any]:
    customer = boundary.get("customer_managed_policy")
    if customer is not None:
        return {"customer_managed_policy_reference": _reference(customer)}
    return {"managed_policy_arn": boundary["managed_policy_arn"]}
