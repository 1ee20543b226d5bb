"""A written model as the resources that a run would make of it, for what judges or explains a stack."""

from collections.abc import Iterator
from typing import Any, Final

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from identity_center.model.access.grants import Access, Grant, OpenGrant
from identity_center.model.access.permission_sets import ResolvedSet
from identity_center.model.language.directory import ExternalUserEntry
from identity_center.model.language.permission_sets import CustomerPolicy
from identity_center.model.language.values import PrincipalType, entitlement_name, membership_name
from identity_center_cli.verbs.recorded_stack import view_of
from identity_guard.stack.observe import Properties
from identity_guard.stack.resource_types import (
    ACCOUNT_ASSIGNMENT,
    DIRECTORY_GROUP,
    DIRECTORY_MEMBERSHIP,
    DIRECTORY_USER,
    ENTITLEMENT,
    PERMISSION_SET,
)
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

SSO: Final = "aws:ssoadmin/"
MANAGED: Final = f"{SSO}managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive"
CUSTOMER: Final = f"{SSO}customerManagedPolicyAttachmentsExclusive:CustomerManagedPolicyAttachmentsExclusive"
INLINE: Final = f"{SSO}permissionSetInlinePolicy:PermissionSetInlinePolicy"
BOUNDARY: Final = f"{SSO}permissionsBoundaryAttachment:PermissionsBoundaryAttachment"


def view_of_model(model: Access) -> View:
    """Make the view of the stack that a model would make, ids made up from its keys."""
    made = [*_people(model), *_sets(model), *_assignments(model), *_entitlements(model)]
    return view_of({each.urn: each for each in made}, {})


def _resource(token: str, name: str, /, **properties: Any) -> Resource:  # noqa: ANN401 - any property
    given = {key: value for key, value in properties.items() if value is not None}
    urn = f"urn:pulumi:model::identity-center::{token}::{name}"
    return Resource(token, urn, name, inputs=Properties(given))


def _id(kind: str, key: str) -> str:
    """Make up the id of a person, group or permission set; a key is unique among its kind."""
    return f"{kind}/{key}"


def _people(model: Access) -> Iterator[Resource]:
    declared = model.declared
    for key, user in declared.users.items():
        yield _person(key, userName=user.user_name, displayName=user.display_name)
    for key, external in declared.external_users.items():
        yield _person(key, **_names(external))
    for key, group in declared.groups.items():
        yield _group(key, group.display_name)
        for member in group.members:
            yield _member(key, member, _id(PrincipalType.USER.value, member))
    for key, elsewhere in declared.external_groups.items():
        yield _group(key, elsewhere.display_name)
        # Who is in it is said where it comes from.
        yield _member(key, "members-of-elsewhere", UNKNOWN_STRING_VALUE)


def _person(key: str, **names: str | None) -> Resource:
    return _resource(DIRECTORY_USER, key, userId=_id(PrincipalType.USER.value, key), **names)


def _names(user: ExternalUserEntry) -> dict[str, str | None]:
    return {"userName": user.user_name, "displayName": user.display_name}


def _group(key: str, name: str) -> Resource:
    return _resource(DIRECTORY_GROUP, key, groupId=_id(PrincipalType.GROUP.value, key), displayName=name)


def _member(group: str, user: str, member_id: str) -> Resource:
    group_id = _id(PrincipalType.GROUP.value, group)
    return _resource(DIRECTORY_MEMBERSHIP, membership_name(group, user), groupId=group_id, memberId=member_id)


def _sets(model: Access) -> Iterator[Resource]:
    for key, made in model.permission_sets.items():
        yield from _set(key, made)


def _set(key: str, made: ResolvedSet) -> Iterator[Resource]:
    arn = _id(PERMISSION_SET, key)
    yield _resource(PERMISSION_SET, key, arn=arn, name=made.name, sessionDuration=made.entry.session_duration)
    if made.managed_policy_arns:
        yield _resource(MANAGED, key, permissionSetArn=arn, managedPolicyArns=list(made.managed_policy_arns))
    if made.customer_policies:
        references = [_reference(policy) for policy in made.customer_policies]
        yield _resource(CUSTOMER, key, permissionSetArn=arn, customerManagedPolicyReferences=references)
    if made.inline_policy is not None:
        yield _resource(INLINE, key, permissionSetArn=arn, inlinePolicy=made.inline_policy)
    if made.boundary_arn is not None:
        limit: dict[str, Any] = {"managedPolicyArn": made.boundary_arn}
        yield _resource(BOUNDARY, key, permissionSetArn=arn, permissionsBoundary=limit)
    elif made.boundary_policy is not None:
        limit = {"customerManagedPolicyReference": _reference(made.boundary_policy)}
        yield _resource(BOUNDARY, key, permissionSetArn=arn, permissionsBoundary=limit)


def _reference(policy: CustomerPolicy) -> dict[str, str]:
    return {"name": policy.name, "path": policy.path}


def _assignments(model: Access) -> Iterator[Resource]:
    for grant in model.grants:
        yield _assignment(grant, grant.resource_name, grant.account_id)
    for wanted in model.open_grants:
        name = f"{wanted.permission_set}/{wanted.kind.lower()}/{wanted.principal}/{wanted.target}"
        yield _assignment(wanted, name, UNKNOWN_STRING_VALUE)


def _assignment(grant: Grant | OpenGrant, name: str, account: str) -> Resource:
    return _resource(
        ACCOUNT_ASSIGNMENT,
        name,
        permissionSetArn=_id(PERMISSION_SET, grant.permission_set),
        principalType=grant.kind,
        principalId=_id(grant.kind, grant.principal),
        targetId=account,
    )


def _entitlements(model: Access) -> Iterator[Resource]:
    access = model.declared.account_access
    for entry in access.entitlements if access else ():
        kind = "userId" if entry.principal_type is PrincipalType.USER else "groupId"
        principal = {"identityCenter": {kind: _id(entry.principal_type.value, entry.principal)}}
        for role in entry.roles:
            yield _resource(
                ENTITLEMENT,
                entitlement_name(role, entry.principal_type, entry.principal),
                entitlement={"principalRole": {"roleArn": role, "principal": principal}},
            )
