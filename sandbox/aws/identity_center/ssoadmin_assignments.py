"""Account assignments and provisioning: requests that are answered at once and done a moment later.

The API never refuses an assignment that exists already; a principal, an account or a customer-managed
policy that is not there makes the request end as FAILED with a reason.
"""

from collections.abc import Iterable
from typing import Any

from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends

from sandbox.aws import faults, throttle
from sandbox.aws.iam import policies_of_a_role
from sandbox.aws.identity_center.identitystore import directory, is_too_new
from sandbox.aws.identity_center.ssoadmin_state import Assignment, Instance, PermissionSet, Request
from sandbox.aws.modelled import now, page
from sandbox.aws.refusals.table import RefusedError, refuse
from sandbox.pace import current

# The reasons that AWS was seen to give; the number is the status of the service behind.
FAILURES = {
    "account": "Received a 404 status error: AWS account {account} not found.",
    "principal": "Received a 404 status error: {type} {principal} not found.",
    # hashicorp/terraform-provider-aws issue 27889
    "policy": "Received a 404 status error: Not supported policy "
    "arn:{partition}:iam::{account}:policy{path}{name}.",
    # IAM's own words (LimitExceeded); IAM Identity Center user guide, limits: the quota of a role counts in
    # each account, and provisioning fails where it is exceeded.
    "policies": "Received a 409 status error: Cannot exceed quota for PoliciesPerRole: {limit}.",
    # hashicorp/terraform-provider-aws internal/service/ssoadmin/account_assignment.go
    "no-assignment": "Received a 404 status error: EntitlementItem doesn't exist.",
    # hashicorp/terraform-provider-aws issue 33337
    "gone": "Received a 404 status error: Assignment not found.",
}


class Assignments:
    """The operations on account assignments; ``instance`` and ``permission_set`` come from the backend."""

    instances: dict[str, Instance]
    account_id: str
    partition: str

    def instance(self, arn: str) -> Instance:
        """Return the instance of this ARN."""
        raise NotImplementedError

    def permission_set(self, asked: dict[str, Any]) -> PermissionSet:
        """Return the permission set that a request names."""
        raise NotImplementedError

    def changing(self, asked: dict[str, Any]) -> PermissionSet:
        """Return the permission set that a request is about to change."""
        raise NotImplementedError

    def create_account_assignment(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateAccountAssignment: also provisions the permission set to the account."""
        instance, wanted = self.instance(asked["InstanceArn"]), Assignment.of(asked)
        held = self.permission_set(asked)

        def assign() -> str | None:
            failure = _ordered("CreateAccountAssignment", wanted.account)
            failure = failure or self._impossible(instance, held, wanted)
            if failure is None:
                instance.assignments.add(wanted)
                held.provision(wanted.account)
            return failure

        _room(instance, current().assignments_at_once, "creation", "deletion")
        request = instance.accept(Request("creation", held.arn, wanted.status(), assign), [wanted.account])
        return {"AccountAssignmentCreationStatus": request.described()}

    def delete_account_assignment(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DeleteAccountAssignment: the last one of an account takes the permission set's role away."""
        instance, gone = self.instance(asked["InstanceArn"]), Assignment.of(asked)
        held = self.permission_set(asked)

        def unassign() -> str | None:
            failure = _ordered("DeleteAccountAssignment", gone.account)
            if failure is not None:
                return failure
            if gone not in instance.assignments:
                return FAILURES["no-assignment"]
            instance.assignments.remove(gone)
            instance.departed[gone] = now()
            if not instance.assignments.of(held.arn, gone.account):
                held.withdraw(gone.account)
            return None

        _room(instance, current().assignments_at_once, "creation", "deletion")
        request = instance.accept(Request("deletion", held.arn, gone.status(), unassign), [gone.account])
        return {"AccountAssignmentDeletionStatus": request.described()}

    def describe_account_assignment_creation_status(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribeAccountAssignmentCreationStatus."""
        identifier = asked["AccountAssignmentCreationRequestId"]
        return {"AccountAssignmentCreationStatus": self._request(asked, "creation", identifier)}

    def describe_account_assignment_deletion_status(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribeAccountAssignmentDeletionStatus."""
        identifier = asked["AccountAssignmentDeletionRequestId"]
        return {"AccountAssignmentDeletionStatus": self._request(asked, "deletion", identifier)}

    def list_account_assignment_creation_status(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListAccountAssignmentCreationStatus."""
        return self._statuses(asked, "creation", "AccountAssignmentsCreationStatus")

    def list_account_assignment_deletion_status(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListAccountAssignmentDeletionStatus."""
        return self._statuses(asked, "deletion", "AccountAssignmentsDeletionStatus")

    def list_account_assignments(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListAccountAssignments of one permission set in one account."""
        held = self.permission_set(asked)
        instance = self.instance(asked["InstanceArn"])
        account = asked["AccountId"]
        lingering = (one for one in _lingering(instance) if _of(one, held.arn, account))
        mine = dict.fromkeys([*instance.assignments.of(held.arn, account), *lingering])
        return page(asked, "AccountAssignments", [one.row() for one in mine])

    def list_account_assignments_for_principal(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListAccountAssignmentsForPrincipal; a user's list has those of the user's groups too."""
        instance = self.instance(asked["InstanceArn"])
        principals = {(asked["PrincipalType"], asked["PrincipalId"])}
        if asked["PrincipalType"] == "USER":
            principals |= {("GROUP", group) for group in self._groups_of(instance, asked["PrincipalId"])}
        account = asked.get("Filter", {}).get("AccountId")
        rows = [
            one.row()
            for one in instance.assignments
            if (one.principal_type, one.principal) in principals and account in {None, one.account}
        ]
        return page(asked, "AccountAssignments", rows)

    # Provisioning

    def provision_permission_set(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ProvisionPermissionSet: to one account, or again to all that have it."""
        instance, held = self.instance(asked["InstanceArn"]), self.changing(asked)
        accounts = self._targets(asked, held)

        def provision() -> str | None:
            for account in accounts:
                if account not in held.provisioned:
                    return FAILURES["gone"]
                failure = _ordered("ProvisionPermissionSet", account) or self._role_impossible(held, account)
                if failure is not None:
                    return failure
                held.provision(account)
            return None

        shown = {"PermissionSetArn": held.arn, "AccountId": asked.get("TargetId")}
        _room(instance, current().provisionings_at_once, "provisioning")
        request = instance.accept(Request("provisioning", held.arn, shown, provision), accounts)
        return {"PermissionSetProvisioningStatus": request.described()}

    def describe_permission_set_provisioning_status(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribePermissionSetProvisioningStatus."""
        identifier = asked["ProvisionPermissionSetRequestId"]
        return {"PermissionSetProvisioningStatus": self._request(asked, "provisioning", identifier)}

    def list_permission_set_provisioning_status(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListPermissionSetProvisioningStatus."""
        return self._statuses(asked, "provisioning", "PermissionSetsProvisioningStatus")

    def list_accounts_for_provisioned_permission_set(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListAccountsForProvisionedPermissionSet."""
        held = self.permission_set(asked)
        rows = [
            account
            for account, version in held.provisioned.items()
            if _latest(asked, held.version == version)
        ]
        return page(asked, "AccountIds", rows)

    def list_permission_sets_provisioned_to_account(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListPermissionSetsProvisionedToAccount."""
        account = asked["AccountId"]
        rows = [
            held.arn
            for held in self.instance(asked["InstanceArn"]).permission_sets.values()
            if account in held.provisioned and _latest(asked, held.version == held.provisioned[account])
        ]
        return page(asked, "PermissionSets", rows)

    # Parts

    def _targets(self, asked: dict[str, Any], held: PermissionSet) -> list[str]:
        if asked["TargetType"] == "ALL_PROVISIONED_ACCOUNTS":
            return list(held.provisioned)
        account = asked.get("TargetId")
        if account is None:
            refuse("provision-target")
        if account not in held.provisioned:
            refuse("permission-set-not-provisioned", id=held.id, account=account)
        return [account]

    def _request(self, asked: dict[str, Any], kind: str, identifier: str) -> dict[str, Any]:
        request = self.instance(asked["InstanceArn"]).requests.get(identifier)
        if request is None or request.kind != kind:
            refuse("request-not-found", id=identifier)
        return request.described()

    def _statuses(self, asked: dict[str, Any], kind: str, member: str) -> dict[str, Any]:
        requests = self.instance(asked["InstanceArn"]).requests.values()
        status = asked.get("Filter", {}).get("Status")
        rows = [
            request.metadata()
            for request in requests
            if request.kind == kind and status in {None, request.status}
        ]
        return page(asked, member, rows)

    def _impossible(self, instance: Instance, held: PermissionSet, wanted: Assignment) -> str | None:
        organisation = organizations_backends[self.account_id][self.partition]
        if not any(one.id == wanted.account and one.status == "ACTIVE" for one in organisation.accounts):
            return FAILURES["account"].format(account=wanted.account)
        store = directory(self.account_id, instance.region).stores[instance.store_id]
        known = store.users if wanted.principal_type == "USER" else store.groups
        if wanted.principal not in known or is_too_new(known[wanted.principal]):
            return FAILURES["principal"].format(type=wanted.principal_type, principal=wanted.principal)
        return self._role_impossible(held, wanted.account)

    def _role_impossible(self, held: PermissionSet, account: str) -> str | None:
        for needed in held.names_needed():
            policies = iam_backends[account][self.partition].managed_policies
            arn = f"arn:{self.partition}:iam::{account}:policy{needed.path}{needed.name}"
            if arn not in policies:
                return FAILURES["policy"].format(
                    partition=self.partition, account=account, path=needed.path, name=needed.name
                )
        limit = policies_of_a_role(account, self.partition)
        if len(held.managed) + len(held.customer_managed) > limit:
            return FAILURES["policies"].format(limit=limit)
        return None

    def _groups_of(self, instance: Instance, user: str) -> Iterable[str]:
        store = directory(self.account_id, instance.region).stores[instance.store_id]
        return [row["GroupId"] for row in store.memberships.values() if row["MemberId"]["UserId"] == user]


def _ordered(operation: str, account: str) -> str | None:
    return faults.failure("sso-admin", operation, account)


def _room(instance: Instance, most: int | None, *kinds: str) -> None:
    """Refuse one request more than may be under way."""
    if most is not None and instance.outstanding(*kinds) >= most:
        raise RefusedError(throttle.CODE, throttle.TOO_FAST)


def _lingering(instance: Instance) -> list[Assignment]:
    """Return the assignments that are gone and still listed."""
    lag = current().here(current().consistent_after)
    return [one for one, left in instance.departed.items() if now() < left + lag]


def _of(one: Assignment, permission_set: str, account: str) -> bool:
    return one.permission_set == permission_set and one.account == account


def _latest(asked: dict[str, Any], is_latest: bool) -> bool:  # noqa: FBT001 - a fact about one row, not a switch
    wanted = asked.get("ProvisioningStatus")
    return wanted is None or (wanted == "LATEST_PERMISSION_SET_PROVISIONED") == is_latest
