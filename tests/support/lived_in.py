"""An instance that people have used for years: something of every kind, made by hand through the API."""

import json
from typing import Any, Final

import boto3

from sandbox.aws.accounts.surroundings import ANY_POLICY, POWER, Surroundings, post

MANAGEMENT, SHOP = "123456789012", "444444444444"
READ: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
BILLING: Final = "arn:aws:iam::aws:policy/job-function/Billing"
ROLE: Final = f"arn:aws:iam::{SHOP}:role/Auditor"
PROVIDER: Final = "arn:aws:sso::aws:applicationProvider/custom"
#: Of a role that is entitled. Source: IAM user guide, aam-prepare-roles.
TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "account-access.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:SetContext", "sts:TagSession"],
            }
        ],
    }
)


class LivedIn:
    """Makes it, and knows what it made."""

    def __init__(self, made: Surroundings, session: boto3.Session) -> None:
        """Make people, permission sets, grants, an application, an entitled role and attributes."""
        self.made, self._session = made, session
        self.users = self._people()
        self.groups = self._groups()
        self.sets = self._sets()
        self._assign()
        self._application()
        self._entitle()
        self.made.sso.create_instance_access_control_attribute_configuration(
            InstanceArn=self.made.instance,
            InstanceAccessControlAttributeConfiguration={
                "AccessControlAttributes": [
                    {"Key": "CostCenter", "Value": {"Source": ["${path:enterprise.costCenter}"]}}
                ]
            },
        )

    def user(self, name: str, **more: Any) -> str:  # noqa: ANN401 - members of CreateUser
        """Make somebody with all that the console asks for."""
        address = name if "@" in name else f"{name}@example.com"
        return self.made.user(name, Emails=[{"Value": address, "Type": "work", "Primary": True}], **more)

    def order(self, fault: dict[str, Any]) -> None:
        """Order a fault of the sandbox's AWS."""
        post(self.made.endpoint, "/sandbox/fault", fault)

    def join(self, group: str, user: str) -> None:
        """Put a user into a group, both by id."""
        self.made.store.create_group_membership(
            IdentityStoreId=self.made.store_id, GroupId=group, MemberId={"UserId": user}
        )

    def leave(self, group: str) -> None:
        """Take everybody out of a group."""
        store, of = self.made.store, {"IdentityStoreId": self.made.store_id}
        for row in store.list_group_memberships(**of, GroupId=self.groups[group])["GroupMemberships"]:
            store.delete_group_membership(**of, MembershipId=row["MembershipId"])

    def _people(self) -> dict[str, str]:
        full = {
            "PhoneNumbers": [{"Value": "+44 20 7946 0000", "Type": "work", "Primary": True}],
            "Addresses": [{"StreetAddress": "12 St James's Square", "PostalCode": "00123", "Primary": True}],
            "NickName": "ada",
            "Title": "Analyst",
            "Name": {"GivenName": "Ada", "MiddleName": "King", "FamilyName": "Lovelace"},
        }
        users = {
            "ada": self.user("ada@example.com", **full),
            "ada-2": self.user("ada@corp.example.com"),
            "scim": self.user("grace"),
            "no-email": self.made.user("robot"),
            "gone": self.user("gone"),
        }
        body = {"region": self.made.store.meta.region_name, "identity_store_id": self.made.store_id}
        issuer = {"issuer": "https://idp.example.com", "id": "00u1grace"}
        post(self.made.endpoint, "/sandbox/external-id", {**body, "user_id": users["scim"], **issuer})
        return users

    def _groups(self) -> dict[str, str]:
        groups = {
            name: self.made.group(name)
            for name in ("Platform Engineers", "Auditors", "AWSControlTowerAdmins", "Только чтение")
        }
        for name in ("ada", "scim", "no-email"):
            self.join(groups["Platform Engineers"], self.users[name])
        self.join(groups["Auditors"], self.users["ada-2"])
        return groups

    def _sets(self) -> dict[str, str]:
        sso, of = self.made.sso, self.made.of_set
        tags = [{"Key": "team", "Value": "platform"}]
        names = ("PowerUserWithIAM", "Reading", "Deploying", "Billing", "AWSAdministratorAccess")
        sets = {
            name: self.made.permission_set(name, SessionDuration="PT4H", Tags=tags, Description=f"For {name}")
            for name in names
        }
        for name, arn in (("PowerUserWithIAM", POWER), ("Reading", READ), ("Billing", BILLING),
                          ("AWSAdministratorAccess", ADMIN)):  # fmt: skip
            sso.attach_managed_policy_to_permission_set(**of(sets[name]), ManagedPolicyArn=arn)
        for account in (SHOP, MANAGEMENT):
            iam = self.made.iam if account == MANAGEMENT else self.made.in_account("iam", account)
            iam.create_policy(PolicyName="Deploy", Path="/team/", PolicyDocument=ANY_POLICY)
        sso.attach_customer_managed_policy_reference_to_permission_set(
            **of(sets["Deploying"]), CustomerManagedPolicyReference={"Name": "Deploy", "Path": "/team/"}
        )
        for name in ("Deploying", "Billing"):
            sso.put_inline_policy_to_permission_set(**of(sets[name]), InlinePolicy=ANY_POLICY)
        sso.put_permissions_boundary_to_permission_set(
            **of(sets["Reading"]), PermissionsBoundary={"ManagedPolicyArn": READ}
        )
        sso.put_permissions_boundary_to_permission_set(
            **of(sets["Deploying"]),
            PermissionsBoundary={"CustomerManagedPolicyReference": {"Name": "Deploy", "Path": "/team/"}},
        )
        return sets

    def _assign(self) -> None:
        sets, groups, made = self.sets, self.groups, self.made
        for account in (SHOP, MANAGEMENT):
            made.assign(sets["Reading"], groups["Auditors"], account)
            made.assign(sets["Billing"], groups["Auditors"], account)
            made.assign(sets["AWSAdministratorAccess"], groups["AWSControlTowerAdmins"], account)
        made.assign(sets["AWSAdministratorAccess"], groups["Platform Engineers"], SHOP)
        made.assign(sets["Deploying"], groups["Platform Engineers"], SHOP)
        made.assign(sets["PowerUserWithIAM"], self.users["ada"], SHOP, "USER")
        made.assign(sets["Reading"], groups["AWSControlTowerAdmins"], SHOP)
        made.assign(sets["Reading"], self.users["gone"], SHOP, "USER")
        made.store.delete_user(IdentityStoreId=made.store_id, UserId=self.users["gone"])

    def _application(self) -> None:
        options = {"SignInOptions": {"Origin": "APPLICATION", "ApplicationUrl": "https://wiki.example.com"},
                   "Visibility": "ENABLED"}  # fmt: skip
        application = self.made.sso.create_application(
            InstanceArn=self.made.instance,
            ApplicationProviderArn=PROVIDER,
            Name="Wiki",
            PortalOptions=options,
        )["ApplicationArn"]
        self.made.sso.create_application_assignment(
            ApplicationArn=application, PrincipalId=self.groups["Auditors"], PrincipalType="GROUP"
        )

    def _entitle(self) -> None:
        iam = self.made.in_account("iam", SHOP)
        iam.create_role(RoleName="Auditor", AssumeRolePolicyDocument=TRUST)
        access = self._session.client("account-access")
        source = {"identityCenter": {"instanceArn": self.made.instance}}
        application = access.create_application(identitySource=source)["applicationArn"]
        principal = {"identityCenter": {"groupId": self.groups["Auditors"]}}
        access.create_entitlement(
            applicationArn=application,
            entitlement={"principalRole": {"roleArn": ROLE, "principal": principal}},
        )
