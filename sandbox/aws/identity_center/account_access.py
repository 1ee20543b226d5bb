"""The account access manager: applications and entitlements, in the shapes of botocore's ``account-access``.

moto has no such service. Each operation's idempotence is that of the model's documentation; that an
application takes its entitlements with it was not seen against AWS. The application that AWS makes in
Identity Center shows as an ARN only, because its provider's ARN is not known.
"""

import secrets
from collections.abc import Iterable
from typing import Any

from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends

from sandbox.aws.identity_center.account_access_state import AccountAccess, Entitlement
from sandbox.aws.identity_center.identitystore import directory
from sandbox.aws.identity_center.ssoadmin import SsoAdmin, identity_center
from sandbox.aws.identity_center.ssoadmin_state import Instance
from sandbox.aws.modelled import page
from sandbox.aws.refusals.table import refuse

# AWS's quota: groups that may assume one role.
GROUPS_OF_A_ROLE = 20


class AccountAccessManager:
    """The service in one account and region; its state stands with the instance of Identity Center."""

    def __init__(self, account: str, region: str) -> None:
        self._account = account
        self._region = region
        self._center: SsoAdmin = identity_center(account, region)

    def create_application(self, asked: dict[str, Any]) -> dict[str, str]:
        """CreateApplication: the same request again gives the same application, another one is refused."""
        source = asked["identitySource"].get("identityCenter") or refuse("identity-source-choice")
        instance = self._center.instances.get(source["instanceArn"])
        if instance is None:
            refuse("account-access-instance", arn=source["instanceArn"])
        there, tags = _held(instance), asked.get("tags", {})
        if there is None:
            there = instance.account_access = self._made(instance, tags)
        elif there.deleted is not None:
            refuse("account-access-deleting", arn=there.arn)
        elif there.asked_tags != tags:
            refuse("account-access-exists", arn=there.arn)
        return {"applicationArn": there.arn}

    def get_application(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetApplication."""
        return self._application(asked["applicationArn"]).described()

    def list_applications(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListApplications."""
        return _page(asked, "applications", [each.row() for each in self._all()])

    def delete_application(self, asked: dict[str, Any]) -> None:
        """DeleteApplication; one that is not there is deleted."""
        for each in self._all():
            if each.arn == asked["applicationArn"] and each.deleted is None:
                each.delete()

    def create_entitlement(self, asked: dict[str, Any]) -> dict[str, str]:
        """CreateEntitlement; the same one again is the one that is there."""
        application = self._application(asked["applicationArn"])
        wanted = asked["entitlement"].get("principalRole") or refuse("entitlement-choice")
        principal = wanted["principal"].get("identityCenter") or {}
        if len(principal) != 1:
            refuse("entitlement-choice")
        self._check(application, principal, wanted["roleArn"])
        for each in application.entitlements.values():
            if (each.principal, each.role) == (principal, wanted["roleArn"]):
                return {"entitlementId": each.id}
        self._check_quota(application, principal, wanted["roleArn"])
        made = Entitlement(principal, wanted["roleArn"], self._name_of(wanted["roleArn"].split(":")[4]))
        application.entitlements[made.id] = made
        return {"entitlementId": made.id}

    def get_entitlement(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetEntitlement."""
        application = self._application(asked["applicationArn"])
        found = application.entitlements.get(asked["entitlementId"])
        if found is None:
            refuse("entitlement-not-found", id=asked["entitlementId"])
        return {"applicationArn": application.arn, **found.described()}

    def delete_entitlement(self, asked: dict[str, Any]) -> None:
        """DeleteEntitlement; one that is not there is deleted."""
        self._application(asked["applicationArn"]).entitlements.pop(asked["entitlementId"], None)

    def list_entitlements(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListEntitlements by principal, role and account."""
        wanted = asked["filter"].get("principalRole", {})
        principal = wanted.get("principal", {}).get("identityCenter")
        rows = [
            each.described()
            for each in self._application(asked["applicationArn"]).entitlements.values()
            if principal in (None, each.principal)
            and wanted.get("roleArn") in {None, each.role}
            and wanted.get("account") in {None, each.account}
        ]
        return _page(asked, "entitlements", rows)

    def tag_resource(self, asked: dict[str, Any]) -> None:
        """TagResource."""
        self._application(asked["resourceArn"]).tags.update(asked["tags"])

    def untag_resource(self, asked: dict[str, Any]) -> None:
        """UntagResource."""
        for key in asked["tagKeys"]:
            self._application(asked["resourceArn"]).tags.pop(key, None)

    def list_tags_for_resource(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListTagsForResource."""
        return {"tags": self._application(asked["resourceArn"]).tags}

    # Parts

    def _made(self, instance: Instance, tags: dict[str, str]) -> AccountAccess:
        partition, number = instance.partition, secrets.token_hex(8)
        return AccountAccess(
            arn=f"arn:{partition}:account-access:{self._region}:{self._account}:application/aam-{number}",
            instance=instance.arn,
            application=f"arn:{partition}:sso::{self._account}:application/{instance.id}/apl-{number}",
            tags=dict(tags),
            asked_tags=dict(tags),
        )

    def _all(self) -> Iterable[AccountAccess]:
        return [held for each in self._center.instances.values() if (held := _held(each)) is not None]

    def _application(self, arn: str) -> AccountAccess:
        found = next((each for each in self._all() if each.arn == arn), None)
        return found or refuse("account-access-not-found", arn=arn)

    def _check(self, application: AccountAccess, principal: dict[str, str], role: str) -> None:
        instance = self._center.instances[application.instance]
        store = directory(self._account, self._region).stores[instance.store_id]
        ((kind, identifier),) = principal.items()
        if identifier not in (store.users if kind == "userId" else store.groups):
            refuse("entitlement-principal-not-found", kind=kind, id=identifier)
        account = role.split(":")[4]
        roles = iam_backends[account][instance.partition].roles.values()
        if all(each.arn != role for each in roles):
            refuse("entitlement-role-not-found", role=role)

    def _check_quota(self, application: AccountAccess, principal: dict[str, str], role: str) -> None:
        groups = [e for e in application.entitlements.values() if e.role == role and "groupId" in e.principal]
        if "groupId" in principal and len(groups) >= GROUPS_OF_A_ROLE:
            refuse("entitlement-groups-quota", role=role, limit=GROUPS_OF_A_ROLE)

    def _name_of(self, account: str) -> str | None:
        accounts = organizations_backends[self._account][self._center.partition].accounts
        return next((each.name for each in accounts if each.id == account), None)


def _held(instance: Instance) -> AccountAccess | None:
    if instance.account_access is not None and instance.account_access.gone:
        instance.account_access = None
    return instance.account_access


def _page(asked: dict[str, Any], member: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    wanted = {"NextToken": asked.get("nextToken"), "MaxResults": asked.get("maxResults", 100)}
    found = page(wanted, member, rows)
    return {member: found[member], "nextToken": found["NextToken"]}
