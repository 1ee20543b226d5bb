"""An instance with one permission set, to assign people in."""

import json
from dataclasses import dataclass
from typing import Literal

import boto3
import pytest

from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.clock import CLOCK
from sandbox.settings import REGION
from tests.support.lived_in import TRUST

MANAGEMENT = "123456789012"
ENTITLED_ROLE = "arn:aws:iam::444444444444:role/Auditor"


@dataclass(frozen=True)
class Directory:
    """An instance with one permission set, to assign people in."""

    session: boto3.Session
    instance_arn: str
    store_id: str
    set_arn: str

    def user(self, name: str) -> str:
        """Make a user."""
        made = self.session.client("identitystore").create_user(
            IdentityStoreId=self.store_id,
            UserName=name,
            DisplayName=name.title(),
            Name={"GivenName": name, "FamilyName": "Example"},
        )
        return made["UserId"]

    def group(self, name: str, *members: str) -> str:
        """Make a group with members."""
        store = self.session.client("identitystore")
        group_id = store.create_group(IdentityStoreId=self.store_id, DisplayName=name)["GroupId"]
        for member in members:
            store.create_group_membership(
                IdentityStoreId=self.store_id, GroupId=group_id, MemberId={"UserId": member}
            )
        return group_id

    def assign(self, kind: Literal["GROUP", "USER"], principal_id: str, account: str = MANAGEMENT) -> None:
        """Assign the permission set and wait until the API has done so."""
        sso = self.session.client("sso-admin")
        told = sso.create_account_assignment(
            InstanceArn=self.instance_arn,
            TargetId=account,
            TargetType="AWS_ACCOUNT",
            PermissionSetArn=self.set_arn,
            PrincipalType=kind,
            PrincipalId=principal_id,
        )["AccountAssignmentCreationStatus"]
        while told["Status"] == "IN_PROGRESS":
            CLOCK.let_pass(1.0)
            told = sso.describe_account_assignment_creation_status(
                InstanceArn=self.instance_arn,
                AccountAssignmentCreationRequestId=told["RequestId"],
            )["AccountAssignmentCreationStatus"]
        assert told["Status"] == "SUCCEEDED"

    def listed(self, principal_type: str, principal_id: str) -> str:
        """Write one assignment as a stack's outputs list it."""
        one = {
            "principalType": principal_type,
            "principalId": principal_id,
            "principal": "key",
            "permissionSetArn": self.set_arn,
            "permissionSet": "Developer",
            "accountId": MANAGEMENT,
        }
        return json.dumps({"account_assignments": [one]})


@pytest.fixture
def directory(session: boto3.Session) -> Directory:
    """Make a permission set in the instance."""
    sso = session.client("sso-admin")
    (instance,) = sso.list_instances()["Instances"]
    made = sso.create_permission_set(InstanceArn=instance["InstanceArn"], Name="Developer")
    return Directory(
        session,
        instance["InstanceArn"],
        instance["IdentityStoreId"],
        made["PermissionSet"]["PermissionSetArn"],
    )


def wiki(directory: Directory, principal: str, *, everybody: bool = False) -> None:
    """Make an application and let a group use it."""
    sso = directory.session.client("sso-admin")
    made = sso.create_application(
        InstanceArn=directory.instance_arn,
        ApplicationProviderArn="arn:aws:sso::aws:applicationProvider/custom",
        Name="Notes" if everybody else "Wiki",
    )["ApplicationArn"]
    if everybody:
        sso.put_application_assignment_configuration(ApplicationArn=made, AssignmentRequired=False)
    else:
        sso.create_application_assignment(ApplicationArn=made, PrincipalId=principal, PrincipalType="GROUP")


def entitle(directory: Directory, group: str) -> None:
    """Let a group have a role of account access manager."""
    made = Surroundings(str(directory.session.client("sso-admin").meta.endpoint_url), REGION, "word")
    made.in_account("iam", "444444444444").create_role(RoleName="Auditor", AssumeRolePolicyDocument=TRUST)
    access = directory.session.client("account-access")
    source = {"identityCenter": {"instanceArn": directory.instance_arn}}
    principal = {"identityCenter": {"groupId": group}}
    access.create_entitlement(
        applicationArn=access.create_application(identitySource=source)["applicationArn"],
        entitlement={"principalRole": {"roleArn": ENTITLED_ROLE, "principal": principal}},
    )
