"""Users, groups, permission sets and assignments in a line each: for tests and trials by hand."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.aws.accounts.delegated_administrator import SERVICE
from sandbox.aws.accounts.organisation import loopback_client

POWER = "arn:aws:iam::aws:policy/PowerUserAccess"
ANY_POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'
TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"ec2.amazonaws.com"}}]}'
)


class Surroundings:
    """Makes things in the sandbox's Identity Center, each named from one word.

    ``wait`` is how it waits for what is done later: tests in AWS's own process move its clock instead.
    """

    def __init__(
        self, endpoint: str, region: str, word: str, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self.endpoint, self._region, self._wait = endpoint, region, wait
        self.sso = loopback_client("sso-admin", endpoint, region)
        self.store = loopback_client("identitystore", endpoint, region)
        self.iam = loopback_client("iam", endpoint, region)
        (instance,) = self.sso.list_instances()["Instances"]
        self.instance: str = instance["InstanceArn"]
        self.store_id: str = instance["IdentityStoreId"]
        self.word = word

    def user(self, name: str = "", **more: Any) -> str:  # noqa: ANN401 - members of CreateUser
        """Make a user; return the id."""
        given = {
            "UserName": name or self.word,
            "DisplayName": "Ada Lovelace",
            "Name": {"GivenName": "Ada", "FamilyName": "Lovelace"},
        }
        return str(self.store.create_user(IdentityStoreId=self.store_id, **{**given, **more})["UserId"])

    def group(self, name: str = "", **more: Any) -> str:  # noqa: ANN401 - members of CreateGroup
        """Make a group; return the id."""
        made = self.store.create_group(IdentityStoreId=self.store_id, DisplayName=name or self.word, **more)
        return str(made["GroupId"])

    def permission_set(self, name: str = "", **more: Any) -> str:  # noqa: ANN401 - members of CreatePermissionSet
        """Make a permission set; return the ARN."""
        made = self.sso.create_permission_set(InstanceArn=self.instance, Name=name or self.word, **more)
        return str(made["PermissionSet"]["PermissionSetArn"])

    def of_set(self, permission_set: str) -> dict[str, str]:
        """Return the two members that name a permission set."""
        return {"InstanceArn": self.instance, "PermissionSetArn": permission_set}

    def credentials_of(self, account: str) -> dict[str, str]:
        """Return credentials of a member account, as STS gives them."""
        sts = loopback_client("sts", self.endpoint, self._region)
        role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
        given: dict[str, str] = sts.assume_role(RoleArn=role, RoleSessionName="sandbox")["Credentials"]
        return given

    def in_account(self, service: str, account: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
        """Return a client with credentials of a member account."""
        key = self.credentials_of(account)["AccessKeyId"]
        return loopback_client(service, self.endpoint, self._region, key)

    @contextmanager
    def delegated(self, account: str) -> Iterator[Any]:
        """Make a member account Identity Center's delegated administrator for a while; give its client."""
        organizations = loopback_client("organizations", self.endpoint, self._region)
        asked = {"AccountId": account, "ServicePrincipal": SERVICE}
        organizations.register_delegated_administrator(**asked)
        try:
            yield self.in_account("sso-admin", account)
        finally:
            organizations.deregister_delegated_administrator(**asked)

    def assign(
        self, permission_set: str, principal: str, account: str, kind: str = "GROUP"
    ) -> dict[str, Any]:
        """Assign and wait; return the last status."""
        asked = {"TargetId": account, "TargetType": "AWS_ACCOUNT", "PrincipalType": kind}
        started = self.sso.create_account_assignment(
            **self.of_set(permission_set), **asked, PrincipalId=principal
        )["AccountAssignmentCreationStatus"]
        return self.settled("creation", started["RequestId"])

    def unassign(
        self, permission_set: str, principal: str, account: str, kind: str = "GROUP"
    ) -> dict[str, Any]:
        """Take an assignment away and wait; return the last status."""
        asked = {"TargetId": account, "TargetType": "AWS_ACCOUNT", "PrincipalType": kind}
        started = self.sso.delete_account_assignment(
            **self.of_set(permission_set), **asked, PrincipalId=principal
        )["AccountAssignmentDeletionStatus"]
        return self.settled("deletion", started["RequestId"])

    def provision(self, permission_set: str, **target: str) -> dict[str, Any]:
        """Provision and wait; return the last status."""
        target = target or {"TargetType": "ALL_PROVISIONED_ACCOUNTS"}
        started = self.sso.provision_permission_set(**self.of_set(permission_set), **target)
        return self.settled("provisioning", started["PermissionSetProvisioningStatus"]["RequestId"])

    def ready_for(self, *regions: str) -> str:
        """Meet what AWS asks of an instance before it gets these Regions; return the ARN of its key."""
        kms = loopback_client("kms", self.endpoint, self._region)
        key: str = kms.create_key(MultiRegion=True)["KeyMetadata"]["Arn"]
        for region in regions:
            kms.replicate_key(KeyId=key, ReplicaRegion=region)
        self.encrypt(key)
        self.sign_in_at("external")
        return key

    def with_one_region(self) -> None:
        """Remove all Regions but the primary one, once what is under way is done."""
        for region, status in list(self.regions().items())[1:]:
            if status == "REMOVING":
                self.wait_for(region, None)
            else:
                self.wait_for(region, "ACTIVE")
                self.remove_region(region)

    def encrypt(self, key: str | None) -> None:
        """Let a KMS key of the customer, or AWS's own, encrypt the instance, and wait for it."""
        custom = {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": key}
        configuration = custom if key else {"KeyType": "AWS_OWNED_KMS_KEY"}
        self.sso.update_instance(InstanceArn=self.instance, EncryptionConfiguration=configuration)
        while self._encryption()["EncryptionStatus"] != "ENABLED":
            self._wait(0.02)

    def _encryption(self) -> dict[str, Any]:
        described = self.sso.describe_instance(InstanceArn=self.instance)
        details: dict[str, Any] = described["EncryptionConfigurationDetails"]
        return details

    def sign_in_at(self, kind: str) -> None:
        """Say where people sign in: identity-center, active-directory or external."""
        post(self.endpoint, "/sandbox/identity-source", {"region": self._region, "kind": kind})

    def regions(self) -> dict[str, str]:
        """Return the statuses of the instance's Regions, the primary one included."""
        listed = self.sso.list_regions(InstanceArn=self.instance)["Regions"]
        return {each["RegionName"]: each["Status"] for each in listed}

    def add_region(self, region: str) -> None:
        """Add a Region and wait."""
        self.sso.add_region(InstanceArn=self.instance, RegionName=region)
        self.wait_for(region, "ACTIVE")

    def remove_region(self, region: str) -> None:
        """Remove a Region and wait."""
        self.sso.remove_region(InstanceArn=self.instance, RegionName=region)
        self.wait_for(region, None)

    def wait_for(self, region: str, status: str | None) -> None:
        """Wait until a Region has a status; None: until it is gone."""
        while self.regions().get(region) != status:
            self._wait(0.02)

    def settled(self, kind: str, request: str) -> dict[str, Any]:
        """Wait until a request is done; return its status."""
        operation, member, parameter = _STATUS[kind]
        while True:
            answer = getattr(self.sso, operation)(InstanceArn=self.instance, **{parameter: request})
            status: dict[str, Any] = answer[member]
            if status["Status"] != "IN_PROGRESS":
                return status
            self._wait(0.02)


_STATUS = {
    "creation": (
        "describe_account_assignment_creation_status",
        "AccountAssignmentCreationStatus",
        "AccountAssignmentCreationRequestId",
    ),
    "deletion": (
        "describe_account_assignment_deletion_status",
        "AccountAssignmentDeletionStatus",
        "AccountAssignmentDeletionRequestId",
    ),
    "provisioning": (
        "describe_permission_set_provisioning_status",
        "PermissionSetProvisioningStatus",
        "ProvisionPermissionSetRequestId",
    ),
}


def post(endpoint: str, door: str, body: dict[str, Any]) -> None:
    """Open one of the sandbox's own doors (``sandbox.aws.doors``)."""
    request = urllib.request.Request(f"{endpoint}{door}", json.dumps(body).encode(), method="POST")  # noqa: S310 - loopback
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        answer.read()
