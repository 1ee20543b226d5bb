"""Every component of the package, asked of the engine by name, as a program in another language does it."""

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws


class Remote(pulumi.ComponentResource):
    """A component that the package's plugin makes; this program imports nothing of it."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # the outputs, which only the schema knows
            """Return an output."""

    def __init__(self, kind: str, name: str, inputs: dict[str, Any], *outputs: str) -> None:
        props = {**dict.fromkeys(outputs), **inputs}
        super().__init__(f"identity-center:index:{kind}", name, props, remote=True)


def person(name: str) -> dict[str, Any]:
    """Return the attributes of a made-up person."""
    return {
        "userName": name,
        "givenName": name.title(),
        "familyName": "Example",
        "displayName": f"{name.title()} Example",
        "email": f"{name}@example.com",
    }


config = pulumi.Config()
found = aws.ssoadmin.get_instances()
instance, store = found.arns[0], found.identity_store_ids[0]
MANAGEMENT, MEMBER = "123456789012", "444444444444"
POLICY = "arn:aws:iam::aws:policy/SecurityAudit"

ada = Remote(
    "User",
    "ada",
    {
        **person("ada"),
        "identityStoreId": store,
        "email": config.require_secret("email"),
        "phoneNumber": {"value": config.require_secret("phone"), "type": "work", "primary": True},
    },
    "userId",
)
auditors = Remote(
    "Group",
    "auditors",
    {"identityStoreId": store, "displayName": "Auditors", "members": {"ada": ada.userId}},
    "groupId",
    "membershipIds",
)
directory = Remote(
    "Directory",
    "staff",
    {
        "identityStoreId": store,
        "users": {"bob": person("bob")},
        "externalUserIds": {"ada": ada.userId},
        "groups": {"staff": {"displayName": "Staff", "members": ["ada", "bob"]}},
    },
    "userIds",
    "groupIds",
)
auditing = Remote(
    "PermissionSet",
    "auditing",
    {
        "instanceArn": instance,
        "name": "Auditing",
        "managedPolicyArns": [POLICY],
        "permissionsBoundary": {"managedPolicyArn": POLICY},
        "assignments": [
            {
                "principalType": "USER",
                "principalKey": "bob",
                "principalId": directory.userIds["bob"],
                "accountIds": [MEMBER],
            }
        ],
    },
    "arn",
)
assigned = Remote(
    "Assignment",
    "auditors-auditing",
    {
        "instanceArn": instance,
        "permissionSetArn": auditing.arn,
        "principalType": "GROUP",
        "principalId": auditors.groupId,
        "accountIds": [MEMBER, MANAGEMENT],
    },
    "accountIds",
)
wiki = Remote(
    "Application",
    "wiki",
    {
        "instanceArn": instance,
        "name": "Wiki",
        "applicationProviderArn": "arn:aws:sso::aws:applicationProvider/custom",
        "portal": {"origin": "application", "applicationUrl": "https://wiki.example.com/"},
        "assignments": [
            {"principalType": "GROUP", "principalKey": "auditors", "principalId": auditors.groupId}
        ],
    },
    "arn",
)
access = Remote("AccountAccess", "access", {"instanceArn": instance}, "applicationArn", "entitlementIds")
operator = Remote(
    "RoleEntitlement",
    "operator",
    {
        "applicationArn": access.applicationArn,
        "roleArn": f"arn:aws:iam::{MANAGEMENT}:role/Operator",
        "principalType": "GROUP",
        "principalId": auditors.groupId,
    },
    "entitlementId",
)
settings = Remote(
    "InstanceSettings",
    "settings",
    {"instanceArn": instance, "accessControlAttributes": {"Team": "${path:userType}"}},
    "attributeNames",
)
regions = Remote(
    "AdditionalRegions",
    "regions",
    {"instanceArn": instance, "additionalRegions": ["eu-west-1", "eu-central-1"]},
    "statuses",
)
mfa = Remote(
    "MfaRequirement",
    "mfa",
    {"identityProvider": "built-in", "promptMode": "always-on", "noDevice": "register"},
    "consoleSteps",
)
model = Remote(
    "AccessModel",
    "model",
    {
        "instanceArn": instance,
        "identityStoreId": store,
        "users": {"grace": {**person("grace"), "title": config.require_secret("title")}},
        "externalGroupIds": {"auditors": auditors.groupId},
        "groups": {"developers": {"displayName": "Developers", "members": ["grace"]}},
        "permissionSets": {
            "developing": {
                "name": "Developing",
                "assignments": [
                    {"principalType": "GROUP", "principal": "developers", "accountIds": [MEMBER]},
                    {"principalType": "GROUP", "principal": "auditors", "accountIds": [MEMBER]},
                ],
            }
        },
    },
    "userIds",
    "groupIds",
    "permissionSetArns",
    "applicationArns",
)
guard = Remote("RootGuard", "guard", {"targetIds": [MEMBER], "instanceArn": instance}, "permissionSetArn")
legacy = Remote("IamMfaPolicy", "legacy", {"groups": ["legacy"]}, "arn")

pulumi.export("membership", auditors.membershipIds["ada"])
pulumi.export("accounts", assigned.accountIds)
pulumi.export("attributes", settings.attributeNames)
pulumi.export("regions", regions.statuses)
pulumi.export("steps", mfa.consoleSteps)
pulumi.export("developing", model.permissionSetArns["developing"])
pulumi.export("wiki", wiki.arn)
pulumi.export("entitlement", operator.entitlementId)
pulumi.export("root tasks", guard.permissionSetArn)
pulumi.export("deny without MFA", legacy.arn)
