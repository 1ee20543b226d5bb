"""What is attached to a permission set: managed policies, the inline policy, the permissions boundary."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from identity_center.model.language.policies import read_inline_policy, size_problem
from identity_center.model.mistakes import WrongValueError
from identity_center.resources.arguments.checks import ArgumentChecks


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
        checks.customer_policy(policy, f"{place}customerManagedPolicies[{index}]", attached=True)
    boundary = args.get("permissions_boundary")
    if boundary is not None:
        if len([value for value in boundary.values() if value is not None]) != 1:
            checks.add(f"{place}permissionsBoundary", "names not one policy; write one of the two kinds")
        elif boundary.get("customer_managed_policy") is not None:
            named = boundary["customer_managed_policy"]
            where = f"{place}permissionsBoundary.customerManagedPolicy"
            checks.customer_policy(named, where, attached=False)
    inline = args.get("inline_policy")
    if isinstance(inline, str):
        try:
            read_inline_policy(inline)
        except WrongValueError as error:
            checks.add(f"{place}inlinePolicy", str(error))
        too_large = size_problem(inline)
        if too_large is not None:
            checks.add(f"{place}inlinePolicy", "; ".join(too_large))
