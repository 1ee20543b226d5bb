"""An instance that is as a small model says, and what people change in it by hand."""

import json
from typing import Any, Final

from sandbox.aws.accounts.surroundings import ANY_POLICY, POWER, Surroundings

SHOP: Final = "444444444444"
READ: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
S3: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
SETS: Final[dict[str, dict[str, Any]]] = {
    "emergency": {"name": "Emergency", "managedPolicies": ["AdministratorAccess"]},
    "auditing": {"name": "Auditing", "managedPolicies": ["ReadOnlyAccess"]},
    "reading": {"name": "Reading", "managedPolicies": ["ReadOnlyAccess"], "sessionDuration": "PT2H"},
    "bounded": {
        "name": "Bounded",
        "managedPolicies": ["PowerUserAccess"],
        "permissionsBoundary": {"managedPolicy": "ReadOnlyAccess"},
    },
    "written": {"name": "Written", "inlinePolicy": json.loads(ANY_POLICY)},
}  # fmt: skip


def _person(name: str) -> dict[str, str]:
    return {"userName": name, "givenName": "Ada", "familyName": "Lovelace", "displayName": "Ada Lovelace",
            "email": f"{name}@example.com"}  # fmt: skip


MODEL: Final = {
    "users": {name: _person(name) for name in ("kim", "leo")},
    "groups": {"emergency": {"displayName": "Emergency", "members": ["kim"]}},
    "permissionSets": SETS,
    "assignments": [
        {"group": "emergency", "permissionSets": ["emergency"], "accounts": [SHOP], "breakGlass": True},
        {"group": "emergency", "permissionSets": sorted(SETS.keys() - {"emergency"}), "accounts": [SHOP]},
    ],
}


class Instance:
    """An instance that is as `MODEL` says, until somebody changes it."""

    def __init__(self, made: Surroundings) -> None:
        """Make everything of the model by boto3."""
        self.made = made
        self.users = {
            name: made.user(name, Emails=[{"Value": f"{name}@example.com", "Primary": True}])
            for name in ("kim", "leo")
        }
        self.group = made.group("Emergency")
        self.join("kim")
        self.sets = {
            each["name"]: made.permission_set(
                each["name"], SessionDuration=each.get("sessionDuration", "PT1H")
            )
            for each in SETS.values()
        }
        for each in SETS.values():
            of = made.of_set(self.sets[each["name"]])
            for policy in each.get("managedPolicies", ()):
                made.sso.attach_managed_policy_to_permission_set(
                    **of, ManagedPolicyArn=f"arn:aws:iam::aws:policy/{policy}"
                )
        self.bound(READ)
        self.write(ANY_POLICY)
        for arn in self.sets.values():
            made.assign(arn, self.group, SHOP)

    def join(self, user: str) -> None:
        """Put somebody into the break-glass group."""
        self.made.store.create_group_membership(
            IdentityStoreId=self.made.store_id, GroupId=self.group, MemberId={"UserId": self.users[user]}
        )

    def bound(self, arn: str) -> None:
        """Give the set Bounded a boundary."""
        self.made.sso.put_permissions_boundary_to_permission_set(
            **self.made.of_set(self.sets["Bounded"]), PermissionsBoundary={"ManagedPolicyArn": arn}
        )

    def write(self, text: str, name: str = "Written") -> None:
        """Give a set an inline policy."""
        self.made.sso.put_inline_policy_to_permission_set(
            **self.made.of_set(self.sets[name]), InlinePolicy=text
        )

    def change_nine_things(self) -> None:
        """Change what a person would by hand, and bring the accounts up to date as the console does."""
        made, sso = self.made, self.made.sso
        made.assign(self.sets["Emergency"], self.users["kim"], SHOP, "USER")
        self.join("leo")
        self.write(S3, "Auditing")
        made.in_account("iam", SHOP).create_policy(PolicyName="Extra", PolicyDocument=S3)
        sso.attach_customer_managed_policy_reference_to_permission_set(
            **made.of_set(self.sets["Reading"]), CustomerManagedPolicyReference={"Name": "Extra", "Path": "/"}
        )
        sso.update_permission_set(**made.of_set(self.sets["Reading"]), SessionDuration="PT8H")
        sso.attach_managed_policy_to_permission_set(
            **made.of_set(self.sets["Auditing"]), ManagedPolicyArn=POWER
        )
        self.bound(POWER)
        self.write(S3)
        for arn in self.sets.values():
            made.provision(arn)
        made.unassign(self.sets["Emergency"], self.group, SHOP)
