"""The organisation, its policies and its features."""

from typing import Any

import grpc

from sandbox.aws.accounts.organisation import loopback_client

from .world import ALONE, DENY, DENY_MORE, ORGANIZATION, REGION, Example, World


def _organization(world: World) -> dict[str, Any]:
    try:
        left = world.attached.invoke("aws:organizations/getOrganization:getOrganization")
    except grpc.RpcError:
        pass
    else:
        world.without(ORGANIZATION, str(left["id"]))
    return {
        "awsServiceAccessPrincipals": ["iam.amazonaws.com", "sso.amazonaws.com"],
        "enabledPolicyTypes": ["SERVICE_CONTROL_POLICY"],
    }


def _features(world: World) -> dict[str, Any]:
    """Return inputs for the organisation's features, with none of them on: create disables none."""
    iam = loopback_client("iam", world.endpoint, REGION)
    iam.disable_organizations_root_credentials_management()
    iam.disable_organizations_root_sessions()
    return {"enabledFeatures": ["RootCredentialsManagement"]}


EXAMPLES: dict[str, Example] = {
    ORGANIZATION: Example(
        _organization,
        updates={
            "awsServiceAccessPrincipals": ["account.amazonaws.com", "sso.amazonaws.com"],
            "enabledPolicyTypes": ["RESOURCE_CONTROL_POLICY"],
        },
        replaces={"featureSet": "CONSOLIDATED_BILLING"},
        account=ALONE,
    ),
    "aws:organizations/policy:Policy": Example(
        lambda world: {"name": world.word, "content": DENY, "description": "d", "tags": {"team": "a"}},
        updates={"content": DENY_MORE, "description": "e", "tags": {"team": "b"}},
        replaces={"type": "TAG_POLICY"},
    ),
    "aws:organizations/policyAttachment:PolicyAttachment": Example(
        lambda world: {
            "targetId": "444444444444",
            "policyId": world.organization_policy(),
        },
        replaces={"targetId": "555555555555", "policyId": "p-0123456789"},
    ),
    "aws:iam/organizationsFeatures:OrganizationsFeatures": Example(
        _features,
        updates={"enabledFeatures": ["RootCredentialsManagement", "RootSessions"]},
    ),
}  # fmt: skip
