"""The model of `tests/everything`, for a program; what it takes as given, and what the API shows of it."""

import json
import shutil
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from sandbox.home import CHECKOUT
from sandbox.project import Project
from tests.support.lived_in import TRUST

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


EVERYTHING = CHECKOUT / "tests" / "everything"
MANAGEMENT, MEMBER = "123456789012", "444444444444"
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:List*","Resource":"*"}]}'


class Directory:
    """Identity Center as the API shows it."""

    def __init__(self, session: boto3.Session) -> None:
        self.sso = session.client("sso-admin")
        self.store = session.client("identitystore")
        (instance,) = self.sso.list_instances()["Instances"]
        self.arn, self.store_id = instance["InstanceArn"], instance["IdentityStoreId"]

    def sets(self) -> dict[str, str]:
        """Return the ARNs of all permission sets by name."""
        arns = self.sso.list_permission_sets(InstanceArn=self.arn)["PermissionSets"]
        return {self.described(arn)["Name"]: arn for arn in arns}

    def described(self, arn: str) -> dict[str, Any]:
        """Return one permission set."""
        answer = self.sso.describe_permission_set(InstanceArn=self.arn, PermissionSetArn=arn)
        return dict(answer["PermissionSet"])

    def of(self, arn: str, operation: str, member: str) -> Any:  # noqa: ANN401  # a part of the API's answer
        """Return what is attached to a permission set."""
        return getattr(self.sso, operation)(InstanceArn=self.arn, PermissionSetArn=arn)[member]

    def assigned(self) -> set[tuple[str, str, str]]:
        """Return permission set, account and id of the principal of every assignment."""
        return {
            (name, account, row["PrincipalId"])
            for name, arn in self.sets().items()
            for account in (MANAGEMENT, MEMBER)
            for row in self.sso.list_account_assignments(
                InstanceArn=self.arn, AccountId=account, PermissionSetArn=arn
            )["AccountAssignments"]
        }

    def people_from_elsewhere(self) -> dict[str, str]:
        """Make the users and the group of the model that another system would have sent."""
        made = {}
        for key, name, email in (
            ("grace", "grace.hopper@corp.example.com", "grace@corp.example.com"),
            ("joan", "joan", "joan@corp.example.com"),
            ("mary", "mary", "mary@corp.example.com"),
            ("edsger", "edsger", "edsger@corp.example.com"),
        ):
            answer = self.store.create_user(
                IdentityStoreId=self.store_id,
                UserName=name,
                DisplayName=f"{key.title()} Example",
                Name={"GivenName": key, "FamilyName": "Example"},
                Emails=[{"Value": email, "Primary": True}],
            )
            made[key] = answer["UserId"]
        self._has_external_id(made["edsger"])
        group = self.store.create_group(IdentityStoreId=self.store_id, DisplayName="Platform")
        return {**made, "platform": group["GroupId"]}

    def _has_external_id(self, user_id: str) -> None:
        """Let SCIM have sent a user: no client of the API can give an external id."""
        body = {
            "region": "us-east-1",
            "identity_store_id": self.store_id,
            "user_id": user_id,
            "issuer": "https://idp.example.com",
            "id": "00u1edsger",
        }
        address = f"{self.store.meta.endpoint_url}/sandbox/external-id"
        door = urllib.request.Request(address, json.dumps(body).encode(), method="POST")  # noqa: S310  # loopback
        urllib.request.urlopen(door, timeout=30).close()  # noqa: S310  # loopback


@pytest.fixture
def directory(session: boto3.Session) -> Directory:
    """Return Identity Center as the API shows it."""
    return Directory(session)


@pytest.fixture
def folder(program: Project, session: boto3.Session) -> Path:
    """Give the program the model that uses every key there is, and the organisation what that needs."""
    folder = Path(shutil.copytree(EVERYTHING / "access", program.folder / "access"))
    shutil.copy(EVERYTHING / "Pulumi.dev.yaml", program.folder / "Pulumi.dev.yaml")
    session.client("organizations").enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    return folder


def make_policies(iam: "IAMClient") -> None:
    """Make the customer-managed policies of the model in an account."""
    for name in ("Deploy", "Boundary"):
        iam.create_policy(PolicyName=name, Path="/team/", PolicyDocument=POLICY)


@pytest.fixture
def policies(session: boto3.Session, iam_of_member: "IAMClient") -> None:
    """Make the customer-managed policies and the roles of the model where they have to be."""
    make_policies(session.client("iam"))
    for path, name in (("/", "Auditor"), ("/team/", "Operator")):
        iam_of_member.create_role(Path=path, RoleName=name, AssumeRolePolicyDocument=TRUST)


def edit(file: Path, old: str, new: str) -> None:
    """Change a text of a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def up(program: Project, *options: str) -> str:
    """Make the model; return what was said."""
    return program.succeed("up", "--yes", "--skip-preview", *options).output
