"""Parts of stacks that give or limit access: permission sets, roles, policies, and texts of policies."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]

MANAGED: Final = "arn:aws:iam::aws:policy/"
ADMIN: Final = f"{MANAGED}AdministratorAccess"
INSTANCE: Final = "arn:aws:sso:::instance/ssoins-1111111111111111"
SET_ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"
EVERYTHING: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
)
GUARDING: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}
        ],
    }
)
NO_IAM: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}
)
DECLARED: Final = {
    "promptMode": "always-on",
    "noDevice": "register",
    "identityProvider": "built-in",
    "confirmedBy": "identity team",
    "validUntil": "2027-01-15",
}
MFA: Final = {"mfa_requirement": {"declared": DECLARED}, "privilege_escalation": "disabled"}


def sso(kind: str, name: str, permission_set: Made, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a part of a permission set in a fresh stack, where its ARN is not known."""
    token = f"aws:ssoadmin/{kind[0].lower()}{kind[1:]}:{kind}"
    properties = {"instanceArn": INSTANCE, "permissionSetArn": UNKNOWN, **inputs}
    return Made(token, name, properties, depends={"permissionSetArn": [permission_set]})


def fresh_set(name: str = "power") -> Made:
    """Make a permission set that does not exist yet."""
    inputs = {"instanceArn": INSTANCE, "name": name}
    return Made("aws:ssoadmin/permissionSet:PermissionSet", name, inputs, {**inputs, "arn": UNKNOWN})


def existing_set(name: str = "power") -> Made:
    """Make a permission set whose ARN is known."""
    inputs = {"instanceArn": INSTANCE, "name": name}
    return Made("aws:ssoadmin/permissionSet:PermissionSet", name, inputs, {**inputs, "arn": SET_ARN})


def managed(permission_set: Made, arn: str, name: str = "managed", **inputs: str) -> Made:
    """Attach an AWS-managed policy."""
    return sso("ManagedPolicyAttachment", name, permission_set, managedPolicyArn=arn, **inputs)


def boundary(permission_set: Made, arn: str, **inputs: str) -> Made:
    """Limit a permission set."""
    limit = {"managedPolicyArn": arn}
    return sso(
        "PermissionsBoundaryAttachment", "boundary", permission_set, permissionsBoundary=limit, **inputs
    )


TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def role(name: str = "deploy", **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Make a role that a service may assume."""
    return Made("aws:iam/role:Role", name, {"name": name, "assumeRolePolicy": TRUST, **inputs})


def policy(name: str, document: str, path: str = "/") -> Made:
    """Make a customer-managed policy in a fresh stack."""
    inputs = {"name": name, "path": path, "policy": document}
    return Made("aws:iam/policy:Policy", name, inputs, {**inputs, "arn": UNKNOWN})


WORKLOAD: Final = "444455556666"
"""An account in which a permission set is used."""


def in_account(made: Made, account: str = WORKLOAD) -> Made:
    """Make it by a provider that says in which account."""
    provider = f"urn:pulumi:dev::project::pulumi:providers:aws::of-{account}"
    return replace(made, provider=provider, provider_settings={"allowedAccountIds": f'["{account}"]'})


def assigned(permission_set: Made, account: str = WORKLOAD, **inputs: Any) -> Made:  # noqa: ANN401 - any property
    """Let a group use the set in an account."""
    given = {"principalType": "GROUP", "principalId": "g-1", "targetId": account, **inputs}
    return sso("AccountAssignment", f"in-{account}", permission_set, **given)


def violations(told: list[Told]) -> list[Told]:
    """Keep what stops a run."""
    return [each for each in told if each.level == "mandatory"]
