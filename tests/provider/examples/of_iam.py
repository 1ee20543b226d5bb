"""Users, groups, roles and policies of IAM."""

from typing import Any

from .world import GET, LIST, POWER, READ, TRUST, TRUST_EC2, Example, World


def _iam_user(world: World) -> dict[str, Any]:
    return {"name": world.word, "path": "/people/", "tags": {"team": "a"}, "forceDestroy": True}


EXAMPLES: dict[str, Example] = {
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": Example(
        lambda world: {"roleName": world.with_inline("Role"), "policyNames": ["p", "q"]},
        updates={"policyNames": ["q"]}, replaces={"roleName": "another"}, stays=True,
    ),
    "aws:iam/userPoliciesExclusive:UserPoliciesExclusive": Example(
        lambda world: {"userName": world.with_inline("User"), "policyNames": ["p", "q"]},
        updates={"policyNames": ["q"]}, replaces={"userName": "another"}, stays=True,
    ),
    "aws:iam/groupPoliciesExclusive:GroupPoliciesExclusive": Example(
        lambda world: {"groupName": world.with_inline("Group"), "policyNames": ["p", "q"]},
        updates={"policyNames": ["q"]}, replaces={"groupName": "another"}, stays=True,
    ),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": Example(
        lambda world: {"roleName": world.role(), "policyArns": [READ, POWER]},
        updates={"policyArns": [READ]}, replaces={"roleName": "another"}, stays=True,
    ),
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": Example(
        lambda world: {"userName": world.iam_user(), "policyArns": [READ, POWER]},
        updates={"policyArns": [READ]}, replaces={"userName": "another"}, stays=True,
    ),
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": Example(
        lambda world: {"groupName": world.iam_group(), "policyArns": [READ, POWER]},
        updates={"policyArns": [READ]}, replaces={"groupName": "another"}, stays=True,
    ),
    "aws:iam/policyAttachment:PolicyAttachment": Example(
        lambda world: {
            "name": world.word, "policyArn": world.policy(), "roles": [world.role()],
            "users": [world.iam_user()], "groups": [world.iam_group()],
        },
        updates={"users": None, "roles": []}, replaces={"policyArn": READ, "name": "another"},
        importable=False,
    ),
    "aws:iam/groupMembership:GroupMembership": Example(
        lambda world: {"name": world.word, "group": world.iam_group(), "users": [world.iam_user()]},
        updates={"users": []}, replaces={"group": "another", "name": "another"}, importable=False,
    ),
    "aws:iam/policy:Policy": Example(
        lambda world: {
            "name": world.word, "path": "/p/", "description": "d", "policy": LIST, "tags": {"a": "1"}
        },
        updates={"policy": GET, "tags": {"b": "2"}},
        replaces={"name": "another-policy", "path": "/q/", "description": "other"},
    ),
    "aws:iam/role:Role": Example(
        lambda world: {
            "name": world.word, "path": "/r/", "assumeRolePolicy": TRUST, "description": "d",
            "maxSessionDuration": 7200, "permissionsBoundary": POWER, "managedPolicyArns": [READ],
            "inlinePolicies": [{"name": "one", "policy": LIST}], "forceDetachPolicies": True,
            "tags": {"a": "1"},
        },
        updates={
            "assumeRolePolicy": TRUST_EC2, "description": "other", "maxSessionDuration": 3600,
            "permissionsBoundary": None, "managedPolicyArns": [POWER],
            "inlinePolicies": [{"name": "two", "policy": GET}], "tags": None,
        },
        replaces={"name": "another-role", "path": "/s/"},
        unreadable=("forceDetachPolicies",),
    ),
    "aws:iam/instanceProfile:InstanceProfile": Example(
        lambda world: {"name": world.word, "path": "/p/", "role": world.role(), "tags": {"a": "1"}},
        updates={"role": None, "tags": {"b": "2"}}, replaces={"name": "another-profile", "path": "/q/"},
    ),
    "aws:iam/rolePolicy:RolePolicy": Example(
        lambda world: {"role": world.role(), "name": "p", "policy": LIST},
        updates={"policy": GET}, replaces={"name": "q", "role": "another"},
    ),
    "aws:iam/userPolicy:UserPolicy": Example(
        lambda world: {"user": world.iam_user(), "name": "p", "policy": LIST},
        updates={"policy": GET}, replaces={"name": "q", "user": "another"},
    ),
    "aws:iam/groupPolicy:GroupPolicy": Example(
        lambda world: {"group": world.iam_group(), "name": "p", "policy": LIST},
        updates={"policy": GET}, replaces={"name": "q", "group": "another"},
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Example(
        lambda world: {"role": world.role(), "policyArn": POWER}, replaces={"policyArn": READ}
    ),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": Example(
        lambda world: {"user": world.iam_user(), "policyArn": POWER}, replaces={"policyArn": READ}
    ),
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": Example(
        lambda world: {"group": world.iam_group(), "policyArn": POWER}, replaces={"policyArn": READ}
    ),
    "aws:iam/user:User": Example(
        _iam_user,
        updates={"path": "/staff/", "permissionsBoundary": POWER, "tags": {"team": "b"}},
        unreadable=("forceDestroy",),
    ),
    "aws:iam/group:Group": Example(
        lambda world: {"name": world.word, "path": "/people/"}, updates={"path": "/staff/"}
    ),
    "aws:iam/userGroupMembership:UserGroupMembership": Example(
        lambda world: {"user": world.iam_user(), "groups": [world.iam_group("-b"), world.iam_group("-a")]},
        updates={"groups": []},
        replaces={"user": "another"},
    ),
    "aws:iam/userLoginProfile:UserLoginProfile": Example(
        lambda world: {"user": world.iam_user(), "passwordLength": 24, "passwordResetRequired": True},
        replaces={"passwordLength": 30, "passwordResetRequired": False},
        unreadable=("passwordLength",),
    ),
    "aws:iam/accessKey:AccessKey": Example(
        lambda world: {"user": world.iam_user(), "status": "Inactive"},
        updates={"status": "Active"}, replaces={"user": "another"},
    ),
}  # fmt: skip
