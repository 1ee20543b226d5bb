"""The types of pulumi-aws-native are judged as those of pulumi-aws are, each through its own properties."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_guard.stack.native_types import (
    NATIVE_CREDENTIAL_ROWS,
    NATIVE_MEMBERSHIP_ROWS,
    NATIVE_POLICY_ROWS,
    NATIVE_ROWS,
    read_type,
)
from identity_guard.stack.resource_types import COVERED_TYPES
from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told
from tests.rules.access_parts import WORKLOAD, in_account

Run = Callable[..., list[Told]]
Json = dict[str, Any]
ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
ALL: Final[Json] = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
READ: Final[Json] = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
}
LAMBDA: Final[Json] = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    },
}
INLINE: Final = [{"policyName": "all", "policyDocument": ALL}]
DECLARED: Final = {
    "mfa_requirement": {
        "declared": {
            "promptMode": "always-on",
            "noDevice": "register",
            "identityProvider": "built-in",
            "confirmedBy": "identity team",
            "validUntil": "2027-01-15",
        }
    }
}


def native(kind: str, called: str = "x", /, **inputs: Any) -> Made:  # noqa: ANN401 - as a program gives them
    """Make a resource of pulumi-aws-native."""
    return Made(f"aws-native:{kind}", called, inputs)


SET: Final = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"
USE: Final = native(
    "sso:Assignment",
    permissionSetArn=SET,
    targetId=WORKLOAD,
    targetType="AWS_ACCOUNT",
    principalType="GROUP",
    principalId="g-1",
)
ROLE: Final = native("iam:Role", "role", roleName="ci", assumeRolePolicyDocument=LAMBDA)
USER: Final = native("iam:User", "user", userName="bob")
GROUP: Final = native("iam:Group", "group", groupName="devs")

ROOT_LEVEL: Final = {
    "permission set, managed": [native("sso:PermissionSet", name="Admin", managedPolicies=[ADMIN])],
    "permission set, inline object": [native("sso:PermissionSet", name="Admin", inlinePolicy=ALL)],
    "permission set, customer-managed": [
        in_account(native("iam:ManagedPolicy", "p", managedPolicyName="all", policyDocument=ALL)),
        native(
            "sso:PermissionSet",
            name="Admin",
            permissionSetArn=SET,
            customerManagedPolicyReferences=[{"name": "all"}],
        ),
        USE,
    ],
    "role, managed": [native("iam:Role", assumeRolePolicyDocument=LAMBDA, managedPolicyArns=[ADMIN])],
    "role, inline": [native("iam:Role", assumeRolePolicyDocument=LAMBDA, policies=INLINE)],
    "role, by its policy": [ROLE, native("iam:RolePolicy", roleName="ci", policyDocument=ALL)],
    "user, managed": [native("iam:User", managedPolicyArns=[ADMIN])],
    "user, inline": [native("iam:User", policies=INLINE)],
    "user, by its policy": [USER, native("iam:UserPolicy", userName="bob", policyDocument=ALL)],
    "group, managed": [native("iam:Group", managedPolicyArns=[ADMIN])],
    "group, inline": [native("iam:Group", policies=INLINE)],
    "group, by its policy": [GROUP, native("iam:GroupPolicy", groupName="devs", policyDocument=ALL)],
    "managed policy on a role": [ROLE, native("iam:ManagedPolicy", policyDocument=ALL, roles=["ci"])],
    "managed policy on a user": [USER, native("iam:ManagedPolicy", policyDocument=ALL, users=["bob"])],
    "one policy for several": [ROLE, USER, native("iam:Policy", policyDocument=ALL, roles=["ci"])],
    "managed policy on a group": [GROUP, native("iam:ManagedPolicy", policyDocument=ALL, groups=["devs"])],
}


@pytest.mark.parametrize("name", ROOT_LEVEL)
def test_root_level_access_is_refused_however_it_is_given(preview: Run, audit: Run, name: str) -> None:
    """Each property of each type that grants; a change of the provider must not switch the pack off."""
    for run in (preview, audit):
        told = run(*ROOT_LEVEL[name], **DECLARED)
        assert [(each.policy, each.level) for each in told] == [("no-root-level-access", "mandatory")]


LIMITED: Final = {
    "permission set within a boundary": [
        in_account(native("iam:ManagedPolicy", "p", managedPolicyName="read", policyDocument=READ)),
        USE,
        native(
            "sso:PermissionSet",
            name="Admin",
            permissionSetArn=SET,
            managedPolicies=[ADMIN],
            permissionsBoundary={"customerManagedPolicyReference": {"name": "read"}},
        ),
    ],
    "permission set within an AWS-managed boundary": [
        native(
            "sso:PermissionSet",
            name="Admin",
            managedPolicies=[ADMIN],
            permissionsBoundary={"managedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        )
    ],
    "role within a boundary": [
        native(
            "iam:Role",
            assumeRolePolicyDocument=LAMBDA,
            managedPolicyArns=[ADMIN],
            permissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess",
        )
    ],
    "harmless": [native("iam:Role", assumeRolePolicyDocument=LAMBDA, policies=[])],
}


@pytest.mark.parametrize("name", LIMITED)
def test_what_is_held_by_a_boundary_is_not_refused(preview: Run, name: str) -> None:
    """No false alarm."""
    assert preview(*LIMITED[name], **DECLARED) == []


def test_a_role_that_anybody_may_assume_is_refused(preview: Run) -> None:
    """The trust policy has another name there."""
    anybody = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"},
    }
    told = preview(native("iam:Role", assumeRolePolicyDocument=anybody))

    assert [(each.policy, each.level) for each in told] == [("no-public-trust", "mandatory")]


def test_a_user_with_a_password_and_no_mfa_is_refused(preview: Run) -> None:
    """The password is a property of the user there, and its value is in no message."""
    told = preview(native("iam:User", loginProfile={"password": "hush-hush"}, policies=[]))
    assert told == []
    reader = [{"policyName": "read", "policyDocument": READ}]
    told = preview(native("iam:User", loginProfile={"password": "hush-hush"}, policies=reader))

    assert [(each.policy, each.level) for each in told] == [("iam-mfa", "mandatory")]
    assert "hush-hush" not in str(told)
    assert preview(native("iam:User", policies=reader)) == []


def test_a_users_groups_count(preview: Run) -> None:
    """Membership is a property of the user there."""
    group = native("iam:Group", "group", groupName="devs", policies=INLINE)
    told = preview(group, native("iam:User", "user", userName="bob", groups=["devs"], loginProfile={}))

    assert ("iam-mfa", "mandatory") in [(each.policy, each.level) for each in told]


def test_people_let_in_without_a_declaration_are_refused(preview: Run) -> None:
    """Assignments and memberships of Identity Center ask for the MFA declaration, whatever made them."""
    inputs = {"permissionSetArn": UNKNOWN, "principalType": "GROUP", "principalId": "g", "targetId": "1" * 12}
    permission_set = native("sso:PermissionSet", "set", name="Readers")
    assignment = Made("aws-native:sso:Assignment", "a", inputs, None, {"permissionSetArn": [permission_set]})
    told = preview(permission_set, assignment)

    assert [(each.policy, each.level) for each in told] == [("mfa-requirement", "mandatory")]


def test_a_fresh_stack_is_joined_by_its_dependencies(preview: Run) -> None:
    """Names that the provider makes up are not known in a preview."""
    role = native("iam:Role", "role", assumeRolePolicyDocument=LAMBDA)
    inputs = {"roleName": UNKNOWN, "policyDocument": ALL}
    policy = Made("aws-native:iam:RolePolicy", "p", inputs, None, {"roleName": [role]})

    assert [each.policy for each in preview(role, policy)] == ["no-root-level-access"]


def test_unknown_documents_are_undecided(preview: Run) -> None:
    """Never clean."""
    told = preview(native("iam:Role", assumeRolePolicyDocument=LAMBDA, policies=UNKNOWN))

    assert {each.policy for each in told} == {"undecided"}


def test_an_attached_policy_of_the_organisation_is_not_detached(preview: Run) -> None:
    """Its targets are a property there."""
    statement = {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"}},
    }
    content = {"Version": "2012-10-17", "Statement": statement}
    kind = "SERVICE_CONTROL_POLICY"
    assert preview(native("organizations:Policy", content=content, type=kind, targetIds=["r-ab12"])) == []
    assert preview(native("organizations:Policy", content=content, type=kind)) != []


def test_every_native_type_is_read_as_a_covered_one() -> None:
    """A misspelt type in the table would cover nothing."""
    assert {row.read_as for row in NATIVE_ROWS} <= COVERED_TYPES


def test_a_user_is_added_to_a_group_by_a_type_of_its_own(preview: Run) -> None:
    """The user's half and the group's half are root-level access together."""
    rest = {"Action": ["iam:*", "organizations:*", "account:*"]}
    told = preview(
        USER,
        native(
            "iam:Group", "g", groupName="devs", managedPolicyArns=["arn:aws:iam::aws:policy/PowerUserAccess"]
        ),
        native("iam:UserToGroupAddition", "a", groupName="devs", users=["bob"]),
        native(
            "iam:UserPolicy", "p", userName="bob", policyDocument={"Statement": {**ALL["Statement"], **rest}}
        ),
    )

    assert ("no-root-level-access", "mandatory") in {(each.policy, each.level) for each in told}


def test_a_key_of_a_user_without_mfa_is_refused(preview: Run) -> None:
    """Whoever makes the key by this provider is bound as by the other."""
    key = native("iam:AccessKey", "key", userName="bob")
    told = preview(USER, key, native("iam:UserPolicy", userName="bob", policyDocument=READ))

    assert ("iam-mfa", "mandatory") in {(each.policy, each.level) for each in told}


IDENTITY: Final = {"managedPolicyArns", "policies", "policies.policyName", "policies.policyDocument"}
DOCUMENT: Final = {"policyName", "policyDocument"}
PROPERTIES: Final[dict[str, set[str]]] = {
    "iam:Role": {*IDENTITY, "roleName", "assumeRolePolicyDocument", "permissionsBoundary", "arn"},
    "iam:User": {*IDENTITY, "userName", "groups", "loginProfile", "permissionsBoundary", "arn"},
    "iam:Group": {*IDENTITY, "groupName", "arn"},
    "iam:ManagedPolicy": {
        "managedPolicyName",
        "policyDocument",
        "path",
        "roles",
        "users",
        "groups",
        "policyArn",
    },
    "iam:Policy": {*DOCUMENT, "roles", "users", "groups"},
    "iam:RolePolicy": {*DOCUMENT, "roleName"},
    "iam:UserPolicy": {*DOCUMENT, "userName"},
    "iam:GroupPolicy": {*DOCUMENT, "groupName"},
    "iam:AccessKey": {"userName", "serial", "status"},
    "iam:UserToGroupAddition": {"groupName", "users"},
    "sso:PermissionSet": {
        "name",
        "sessionDuration",
        "managedPolicies",
        "inlinePolicy",
        "customerManagedPolicyReferences",
        "permissionsBoundary",
        "permissionsBoundary.managedPolicyArn",
        "permissionsBoundary.customerManagedPolicyReference",
        "permissionSetArn",
    },
    "sso:Assignment": {"permissionSetArn", "principalId", "principalType", "targetId", "targetType"},
    "identitystore:Group": {"displayName", "groupId"},
    "identitystore:GroupMembership": {"groupId", "memberId", "memberId.userId"},
    "organizations:Policy": {"name", "type", "content", "targetIds", "arn"},
    "cloudformation:Stack": {"stackName", "templateBody", "templateUrl", "capabilities", "roleArn"},
    "cloudformation:StackSet": {"stackSetName", "templateBody", "templateUrl", "capabilities"},
    "servicecatalog:CloudFormationProvisionedProduct": {"productId", "productName"},
    "index:ExtensionResource": {"type", "properties"},
}
"""What each type has that a rule reads, recorded on 2026-11-25 from the Python SDK of the repository
pulumi/pulumi-aws-native, in sdk/python/pulumi_aws_native: `iam/role.py`, `iam/user.py`, `iam/group_policy.py`
and `sso/get_permission_set.py` at 00a472e5, `iam/managed_policy.py` and `sso/assignment.py` at 0585b341,
`iam/policy.py` at 0b745b9d, `iam/get_user_to_group_addition.py` at 2e8b0f7c, `sso/_inputs.py` at 09b67559,
`identitystore/group_membership.py` at 0103c662, `organizations/get_policy.py` at 085dac53; of the others
`iam/get_group.py`, `iam/get_role_policy.py`, `iam/get_user_policy.py` and `identitystore/get_group.py`.
On 2026-12-01: `cloudformation/stack.py` at 03e55aae, `extension_resource.py` at 18a0e6d2; the
stack set's and the product's are CloudFormation's own names."""


@pytest.mark.parametrize("row", NATIVE_ROWS, ids=lambda row: row.type)
def test_every_property_that_is_renamed_exists(row: Any) -> None:  # noqa: ANN401 - a row, by its id
    """A misspelt property would read as one that is not set, and grant nothing."""
    known = PROPERTIES[row.type.removeprefix("aws-native:")]

    assert set(row.names) <= known
    assert {f"{name}.{part}" for name, parts in row.parts.items() for part in parts} <= known
    assert {f"{name}.{part}" for name, part in row.unwrapped.items()} <= known


def test_every_property_of_a_native_row_is_one_of_its_type() -> None:
    """The same for what identities hold themselves, under the names after renaming."""
    for row in (*NATIVE_POLICY_ROWS, *NATIVE_MEMBERSHIP_ROWS, *NATIVE_CREDENTIAL_ROWS):
        named = {
            *getattr(row, "at", ())[:1],
            *getattr(row, "identity", ())[:1],
            *filter(None, [getattr(row, "group", ""), getattr(row, "when", "")]),
        }
        types = [each for each in NATIVE_ROWS if each.read_as == row.type]
        renamed = [
            {each.names.get(name, name) for name in PROPERTIES[each.type.removeprefix("aws-native:")]}
            for each in types
        ]
        assert all(named <= names for names in renamed), row


def test_the_record_has_exactly_the_covered_types() -> None:
    """A new row brings its record along."""
    assert {f"aws-native:{kind}" for kind in PROPERTIES} == {row.type for row in NATIVE_ROWS}
    assert all(read_type(row.type) == row.read_as for row in NATIVE_ROWS)
