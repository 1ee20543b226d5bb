"""Identity Center's administration: botocore's ``sso-admin``, of its applications only the customer-managed.

Written whole instead of extending moto's backend: moto 5.2 makes one instance in every region, its
permission set ARNs are not AWS's, every request succeeds at once for any principal and account, and
nothing refuses to be deleted. An organisation instance is enabled in the console, by no API, so
``enable`` is the sandbox's own door.
"""

import json
import secrets
import time
from typing import Any, cast

from moto.core.base_backend import BaseBackend
from moto.ssoadmin import urls
from moto.ssoadmin.models import ssoadmin_backends

from sandbox.aws.accounts.delegated_administrator import administered_by
from sandbox.aws.identity_center.identitystore import directory
from sandbox.aws.identity_center.ssoadmin_applications import Applications
from sandbox.aws.identity_center.ssoadmin_assignments import Assignments
from sandbox.aws.identity_center.ssoadmin_permission_sets import CHANGES, PermissionSets
from sandbox.aws.identity_center.ssoadmin_regions import RegionOperations, encrypt
from sandbox.aws.identity_center.ssoadmin_state import Instance, PermissionSet
from sandbox.aws.identity_center.ssoadmin_tags import Tags
from sandbox.aws.modelled import ONE_AT_A_TIME, ModelledResponse, page, take_place
from sandbox.aws.refusals.table import refuse

# How long a change of a permission set holds it, seconds: two that come at the same time meet, as they do
# on AWS.
_CHANGE_SECONDS = 0.01
# Operations that let somebody in, or no longer.
ASSIGNMENTS = frozenset({"CreateAccountAssignment", "DeleteAccountAssignment"})


class SsoAdmin(PermissionSets, Assignments, Applications, RegionOperations, Tags, BaseBackend):
    """Identity Center of one account and region: no instance until one is enabled."""

    def __init__(self, region_name: str, account_id: str) -> None:
        BaseBackend.__init__(self, region_name, account_id)
        self.instances: dict[str, Instance] = {}

    @property
    def _url_module(self) -> Any:  # noqa: ANN401 - moto's own property, whose type is a module
        return urls

    def enable(self) -> Instance:
        """Make the organisation instance, as the console does."""
        instance = Instance(
            arn=f"arn:{self.partition}:sso:::instance/ssoins-{secrets.token_hex(8)}",
            store_id=f"d-{secrets.token_hex(5)}",
            owner=self.account_id,
            region=self.region_name,
            partition=self.partition,
        )
        self.instances[instance.arn] = instance
        directory(self.account_id, self.region_name).open_store(instance.store_id)
        return instance

    def instance(self, arn: str) -> Instance:
        """Return the instance of this ARN, with every request that is due done."""
        instance = self.instances.get(arn)
        if instance is None:
            refuse("unknown-instance", arn=arn)
        instance.settle()
        return instance

    def list_instances(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListInstances of this region; an empty list is AWS's answer where Identity Center is not."""
        described = [self.instance(arn).described() for arn in self.instances]
        return page(asked, "Instances", described)

    def describe_instance(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribeInstance."""
        instance = self.instance(asked["InstanceArn"])
        encryption = {"EncryptionConfigurationDetails": instance.encryption.described()}
        return instance.described() | encryption

    def update_instance(self, asked: dict[str, Any]) -> None:
        """UpdateInstance: the name and the KMS key."""
        instance = self.instance(asked["InstanceArn"])
        if "EncryptionConfiguration" in asked:
            encrypt(instance, asked["EncryptionConfiguration"])
        else:
            instance.name = asked.get("Name")


def identity_center(account: str, region: str) -> SsoAdmin:
    """Return Identity Center of an account and region."""
    return cast("SsoAdmin", ssoadmin_backends[account][region])


class SsoAdminResponse(ModelledResponse):
    """Answers the requests to ``sso-admin``."""

    service = "sso-admin"

    def backend(self) -> SsoAdmin:
        """Return Identity Center of the request's account and region, or the one that it administers."""
        return identity_center(administered_by(self.current_account, self.partition), self.region)

    def _answered(self, operation: str) -> dict[str, Any]:
        if operation in CHANGES | ASSIGNMENTS:
            self._keep_out_of_management(operation)
        if operation not in CHANGES:
            return super()._answered(operation)
        changing = self._hold()
        try:
            return super()._answered(operation)
        finally:
            if changing is not None:
                changing.changing = False

    def _keep_out_of_management(self, operation: str) -> None:
        """Refuse to a delegated administrator what concerns the management account."""
        with ONE_AT_A_TIME:
            backend = self.backend()
            held, owner = backend.named(self.body), backend.account_id
            if held is None or owner == self.current_account:
                return
            if owner in held.provisioned or json.loads(self.body).get("TargetId") == owner:
                asked = {"account": self.current_account, "operation": operation, "arn": held.arn}
                refuse("delegated-administrator", partition=self.partition, **asked)

    def _hold(self) -> PermissionSet | None:
        """Take the permission set for this request; a request that comes meanwhile is refused."""
        backend = self.backend()
        with ONE_AT_A_TIME:
            held = backend.named(self.body)
            if held is None:
                return None
            if held.changing:
                refuse("permission-set-busy", id=held.id)
            held.changing = True
        time.sleep(_CHANGE_SECONDS)
        return held


def install() -> None:
    """Put this service in the place of moto's."""
    take_place(ssoadmin_backends, SsoAdmin, urls, SsoAdminResponse)
