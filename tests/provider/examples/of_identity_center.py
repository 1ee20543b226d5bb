"""The directory, permission sets, assignments, applications, entitlements."""

from typing import Any

from .world import (
    ACCESS,
    ATTRIBUTES,
    BOTH,
    CUSTOM,
    GET,
    IN_A_PATH,
    LIST,
    MANAGEMENT,
    NOBODY,
    OTHER_ACCESS,
    OTHER_INSTANCE,
    OTHER_SET,
    POWER,
    READ,
    Example,
    World,
)


def _attributes(world: World) -> dict[str, Any]:
    world.without(ATTRIBUTES, world.instance)
    return {"instanceArn": world.instance, "attributes": [_attribute("team", "title")]}


def _attribute(key: str, path: str) -> dict[str, Any]:
    return {"key": key, "values": [{"sources": [f"${{path:{path}}}"]}]}


def _entitlement(world: World) -> dict[str, Any]:
    application = world.make("accountaccess/application:Application", **world.identity_source())["arn"]
    role = {
        "principal": {"identityCenter": {"groupId": world.group()}},
        "roleArn": f"arn:aws:iam::{MANAGEMENT}:role/{world.role()}",
    }
    return {"applicationArn": application, "entitlement": {"principalRole": role}}


_ALL = "CustomerManagedPolicyAttachmentsExclusive"
EXAMPLES: dict[str, Example] = {
    "aws:identitystore/user:User": Example(
        lambda world: {
            "identityStoreId": world.store,
            "userName": world.word,
            "displayName": "Ada Lovelace",
            "name": {"givenName": "Ada", "familyName": "Lovelace", "middleName": "King"},
            "emails": {"value": f"{world.word}@example.com", "type": "work", "primary": True},
            "phoneNumbers": {"value": "+44 1", "type": "work"},
            "addresses": {"country": "UK", "streetAddress": "St James's Square 12"},
            "locale": "en-GB", "nickname": "ada", "preferredLanguage": "en", "timezone": "Europe/London",
            "title": "Countess", "userType": "Person", "profileUrl": "https://example.com/ada",
        },
        updates={
            "displayName": "Ada K. Lovelace",
            "name": {"givenName": "Augusta", "familyName": "Lovelace"},
            "emails": {"value": "countess@example.com", "type": "work", "primary": True},
            "title": None, "locale": "en-US", "nickname": "countess", "phoneNumbers": None,
        },
        replaces={"userName": "somebody", "identityStoreId": "d-0123456789"},
    ),
    "aws:identitystore/group:Group": Example(
        lambda world: {"identityStoreId": world.store, "displayName": world.word, "description": "d"},
        updates={"displayName": "renamed group", "description": "other"},
        replaces={"identityStoreId": "d-0123456789"},
    ),
    "aws:identitystore/groupMembership:GroupMembership": Example(
        lambda world: {"identityStoreId": world.store, "groupId": world.group(), "memberId": world.user()},
        replaces={"groupId": "12345678-1234-1234-1234-123456789012"},
    ),
    "aws:ssoadmin/permissionSet:PermissionSet": Example(
        lambda world: {
            "instanceArn": world.instance, "name": world.word, "description": "d",
            "sessionDuration": "PT2H", "relayState": "https://example.com", "tags": {"team": "a", "old": "x"},
        },
        updates={
            "description": "other", "sessionDuration": "PT8H", "relayState": None,
            "tags": {"team": "b", "new": "y"},
        },
        replaces={"name": "another-name", "instanceArn": "arn:aws:sso:::instance/ssoins-0123456789abcdef"},
    ),
    "aws:ssoadmin/accountAssignment:AccountAssignment": Example(
        lambda world: world.of_set(
            principalId=world.group(), principalType="GROUP", targetId=MANAGEMENT, targetType="AWS_ACCOUNT"
        ),
        replaces={"principalType": "USER", "targetId": "111111111111"},
    ),
    ACCESS: Example(
        lambda world: {**world.identity_source(), "tags": {"team": "a"}}, updates={"tags": {"team": "b"}}
    ),
    "aws:accountaccess/entitlement:Entitlement": Example(
        _entitlement,
        replaces={
            "applicationArn": OTHER_ACCESS
        },
    ),
    "aws:ssoadmin/application:Application": Example(
        lambda world: {
            "instanceArn": world.instance, "applicationProviderArn": CUSTOM, "name": world.word,
            "description": "d", "tags": {"team": "a"},
            "portalOptions": {"signInOptions": {"origin": "IDENTITY_CENTER"}},
        },
        updates={
            "name": "renamed", "description": "other", "status": "DISABLED", "tags": {"team": "b"},
            "portalOptions": {
                "signInOptions": {"origin": "APPLICATION", "applicationUrl": "https://example.com"}
            },
        },
    ),
    "aws:ssoadmin/applicationAssignment:ApplicationAssignment": Example(
        lambda world: {
            "applicationArn": world.application(), "principalId": world.group(), "principalType": "GROUP"
        },
        replaces={"principalType": "USER", "principalId": NOBODY},
    ),
    "aws:ssoadmin/region:Region": Example(
        lambda world: {"instanceArn": world.instance, "regionName": world.new_region()},
        replaces={"instanceArn": OTHER_INSTANCE, "regionName": "eu-west-3"},
    ),
    ATTRIBUTES: Example(
        _attributes,
        updates={"attributes": [_attribute("team", "title"), _attribute("cost", "userType")]},
        replaces={"instanceArn": OTHER_INSTANCE},
    ),
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": Example(
        lambda world: world.of_set(managedPolicyArn=POWER), replaces={"managedPolicyArn": READ}
    ),
    "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive": Example(
        lambda world: world.of_set(managedPolicyArns=[POWER, READ]),
        updates={"managedPolicyArns": [READ]},
        replaces={"permissionSetArn": OTHER_SET},
        stays=True,
    ),
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": Example(
        lambda world: world.of_set(inlinePolicy=LIST),
        updates={"inlinePolicy": GET},
        replaces={"permissionSetArn": OTHER_SET},
    ),
    "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment": Example(
        lambda world: world.of_set(customerManagedPolicyReference={"name": "p", "path": "/q/"}),
        replaces={"permissionSetArn": OTHER_SET},
    ),
    f"aws:ssoadmin/{_ALL[:1].lower()}{_ALL[1:]}:{_ALL}": Example(
        lambda world: world.of_set(customerManagedPolicyReferences=BOTH),
        updates={"customerManagedPolicyReferences": [IN_A_PATH]},
        replaces={"permissionSetArn": OTHER_SET},
        stays=True,
    ),
    "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment": Example(
        lambda world: world.of_set(permissionsBoundary={"managedPolicyArn": POWER}),
        replaces={"permissionSetArn": OTHER_SET},
    ),
}  # fmt: skip
