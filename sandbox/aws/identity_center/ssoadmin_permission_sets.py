"""Permission sets of Identity Center: the sets themselves and the policies attached to them."""

import json
import re
import secrets
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import IAMPolicyDocumentValidator

from sandbox.aws.identity_center.ssoadmin_state import Instance, PermissionSet, PolicyName
from sandbox.aws.modelled import page
from sandbox.aws.refusals.table import refuse

# IAM Identity Center user guide, quotas.
PERMISSION_SETS = 3500
POLICIES_IN_A_SET = 25
INLINE_BYTES = 10_240
TAGS = 75

_HOUR = 3600
_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_SECONDS = (31_536_000, 2_592_000, 604_800, 86_400, 3600, 60, 1)

# Operations that change a permission set: two at a time are a conflict.
CHANGES = frozenset(
    {
        "AttachManagedPolicyToPermissionSet",
        "DetachManagedPolicyFromPermissionSet",
        "AttachCustomerManagedPolicyReferenceToPermissionSet",
        "DetachCustomerManagedPolicyReferenceFromPermissionSet",
        "PutInlinePolicyToPermissionSet",
        "DeleteInlinePolicyFromPermissionSet",
        "PutPermissionsBoundaryToPermissionSet",
        "DeletePermissionsBoundaryFromPermissionSet",
        "UpdatePermissionSet",
        "DeletePermissionSet",
        "ProvisionPermissionSet",
    }
)


class PermissionSets:
    """The operations on permission sets; ``instance`` comes from the backend that this is part of."""

    instances: dict[str, Instance]

    def instance(self, arn: str) -> Instance:
        """Return the instance of this ARN."""
        raise NotImplementedError

    def named(self, body: str) -> PermissionSet | None:
        """Return the permission set that a request names, if there is one."""
        try:
            asked = json.loads(body or "{}")
        except ValueError:
            return None
        instance = self.instances.get(asked.get("InstanceArn", ""))
        return instance.permission_sets.get(asked.get("PermissionSetArn", "")) if instance else None

    def permission_set(self, asked: dict[str, Any]) -> PermissionSet:
        """Return the permission set that a request names, or refuse."""
        sets = self.instance(asked["InstanceArn"]).permission_sets
        found = sets.get(asked["PermissionSetArn"])
        if found is None:
            refuse("permission-set-not-found", id=asked["PermissionSetArn"].rsplit("/", 1)[-1])
        return found

    def changing(self, asked: dict[str, Any]) -> PermissionSet:
        """Return the permission set that a request will change; refuse while it is being provisioned."""
        found = self.permission_set(asked)
        if self.instance(asked["InstanceArn"]).under_way(found.arn, "provisioning"):
            refuse("permission-set-busy", id=found.id)
        return found

    def create_permission_set(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreatePermissionSet: the name is unique in the instance, the session lasts an hour unless said."""
        instance = self.instance(asked["InstanceArn"])
        duration = asked.get("SessionDuration", "PT1H")
        _within_hours(duration)
        if any(one.name == asked["Name"] for one in instance.permission_sets.values()):
            refuse("duplicate-permission-set", name=asked["Name"])
        if len(instance.permission_sets) >= PERMISSION_SETS:
            refuse("permission-sets-quota", limit=PERMISSION_SETS, id=instance.id)
        made = PermissionSet(
            arn=f"arn:{instance.partition}:sso:::permissionSet/{instance.id}/ps-{secrets.token_hex(8)}",
            name=asked["Name"],
            session_duration=duration,
            description=asked.get("Description"),
            relay_state=asked.get("RelayState"),
            tags={tag["Key"]: tag["Value"] for tag in asked.get("Tags", [])},
        )
        instance.permission_sets[made.arn] = made
        return {"PermissionSet": made.described()}

    def describe_permission_set(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribePermissionSet."""
        return {"PermissionSet": self.permission_set(asked).described()}

    def list_permission_sets(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListPermissionSets of an instance."""
        return page(asked, "PermissionSets", self.instance(asked["InstanceArn"]).permission_sets)

    def update_permission_set(self, asked: dict[str, Any]) -> None:
        """UpdatePermissionSet: a relay state left out is cleared (terraform-provider-aws issue 17411)."""
        changed = self.changing(asked)
        duration = asked.get("SessionDuration", changed.session_duration)
        _within_hours(duration)
        changed.session_duration = duration
        changed.description = asked.get("Description", changed.description)
        changed.relay_state = asked.get("RelayState")
        changed.version += 1

    def delete_permission_set(self, asked: dict[str, Any]) -> None:
        """DeletePermissionSet: refused while an assignment uses it or is about to."""
        instance, gone = self.instance(asked["InstanceArn"]), self.changing(asked)
        used = any(one.permission_set == gone.arn for one in instance.assignments)
        if used or instance.under_way(gone.arn, "creation", "deletion"):
            refuse("permission-set-assigned", id=gone.id)
        del instance.permission_sets[gone.arn]

    # AWS-managed policies

    def attach_managed_policy_to_permission_set(self, asked: dict[str, Any]) -> None:
        """AttachManagedPolicyToPermissionSet: a policy of AWS, once, 25 with the customer-managed ones."""
        changed, arn = self.changing(asked), asked["ManagedPolicyArn"]
        name = _aws_managed(arn)
        if arn in changed.managed:
            refuse("managed-policy-attached", id=changed.id, arn=arn)
        _room(changed)
        changed.managed[arn] = name
        changed.version += 1

    def detach_managed_policy_from_permission_set(self, asked: dict[str, Any]) -> None:
        """DetachManagedPolicyFromPermissionSet."""
        changed, arn = self.changing(asked), asked["ManagedPolicyArn"]
        if arn not in changed.managed:
            refuse("managed-policy-not-attached", arn=arn)
        del changed.managed[arn]
        changed.version += 1

    def list_managed_policies_in_permission_set(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListManagedPoliciesInPermissionSet."""
        rows = [{"Arn": arn, "Name": name} for arn, name in self.permission_set(asked).managed.items()]
        return page(asked, "AttachedManagedPolicies", rows)

    # Customer-managed policies

    def attach_customer_managed_policy_reference_to_permission_set(self, asked: dict[str, Any]) -> None:
        """AttachCustomerManagedPolicyReferenceToPermissionSet: by name; no account is asked yet."""
        changed, wanted = self.changing(asked), PolicyName.of(asked["CustomerManagedPolicyReference"])
        if wanted in changed.customer_managed:
            refuse("customer-policy-attached", name=wanted.name, path=wanted.path)
        _room(changed)
        changed.customer_managed.append(wanted)
        changed.version += 1

    def detach_customer_managed_policy_reference_from_permission_set(self, asked: dict[str, Any]) -> None:
        """DetachCustomerManagedPolicyReferenceFromPermissionSet."""
        changed, wanted = self.changing(asked), PolicyName.of(asked["CustomerManagedPolicyReference"])
        if wanted not in changed.customer_managed:
            refuse("customer-policy-not-attached", name=wanted.name, path=wanted.path)
        changed.customer_managed.remove(wanted)
        changed.version += 1

    def list_customer_managed_policy_references_in_permission_set(
        self, asked: dict[str, Any]
    ) -> dict[str, Any]:
        """ListCustomerManagedPolicyReferencesInPermissionSet."""
        rows = [one.reference() for one in self.permission_set(asked).customer_managed]
        return page(asked, "CustomerManagedPolicyReferences", rows)

    # The inline policy

    def put_inline_policy_to_permission_set(self, asked: dict[str, Any]) -> None:
        """PutInlinePolicyToPermissionSet: overwrites what was there."""
        changed, text = self.changing(asked), asked["InlinePolicy"]
        if sum(not char.isspace() for char in text) > INLINE_BYTES:
            refuse("inline-policy-size", id=changed.id, limit=INLINE_BYTES)
        try:
            IAMPolicyDocumentValidator(text).validate()
        except MalformedPolicyDocument as broken:
            refuse("inline-policy-malformed", reason=broken.message)
        changed.inline = text
        changed.version += 1

    def get_inline_policy_for_permission_set(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetInlinePolicyForPermissionSet: an empty text where there is none."""
        return {"InlinePolicy": self.permission_set(asked).inline}

    def delete_inline_policy_from_permission_set(self, asked: dict[str, Any]) -> None:
        """DeleteInlinePolicyFromPermissionSet."""
        changed = self.changing(asked)
        changed.inline = ""
        changed.version += 1

    # The permissions boundary

    def put_permissions_boundary_to_permission_set(self, asked: dict[str, Any]) -> None:
        """PutPermissionsBoundaryToPermissionSet: one of AWS's policies or a customer-managed one by name."""
        changed, boundary = self.changing(asked), asked["PermissionsBoundary"]
        if len(boundary) != 1:
            refuse("boundary-choice")
        if "ManagedPolicyArn" in boundary:
            _aws_managed(boundary["ManagedPolicyArn"])
            changed.boundary = dict(boundary)
        else:
            reference = PolicyName.of(boundary["CustomerManagedPolicyReference"]).reference()
            changed.boundary = {"CustomerManagedPolicyReference": reference}
        changed.version += 1

    def get_permissions_boundary_for_permission_set(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetPermissionsBoundaryForPermissionSet."""
        found = self.permission_set(asked)
        if found.boundary is None:
            refuse("boundary-not-found", id=found.id)
        return {"PermissionsBoundary": found.boundary}

    def delete_permissions_boundary_from_permission_set(self, asked: dict[str, Any]) -> None:
        """DeletePermissionsBoundaryFromPermissionSet."""
        changed = self.changing(asked)
        if changed.boundary is None:
            refuse("boundary-not-found", id=changed.id)
        changed.boundary = None
        changed.version += 1


def _room(changed: PermissionSet) -> None:
    if len(changed.managed) + len(changed.customer_managed) >= POLICIES_IN_A_SET:
        refuse("policies-quota", limit=POLICIES_IN_A_SET, id=changed.id)


def _within_hours(duration: str) -> None:
    found = _DURATION.fullmatch(duration)
    parts = found.groups() if found else ()
    seconds = sum(float(part or 0) * unit for part, unit in zip(parts, _SECONDS, strict=False))
    if not _HOUR <= seconds <= 12 * _HOUR:
        refuse("session-duration", duration=duration)


@cache
def _aws_policies() -> dict[str, Any]:
    policies: dict[str, Any] = json.loads(aws_managed_policies_data)
    return policies


def _aws_managed(arn: str) -> str:
    """Return the name of an AWS-managed policy; refuse an ARN that names none."""
    name = arn.rsplit("/", 1)[-1]
    known = _aws_policies().get(name)
    if known is None or not arn.endswith(f":iam::aws:policy{known.get('Path', '/')}{name}"):
        refuse("managed-policy-not-found", arn=arn)
    return name
