"""A kept AWS given back: whole folders of tests rely on it; one that saw another's leavings would lie."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import aws
from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import ANY_POLICY, TRUST, Surroundings
from sandbox.aws.doors import DOORS

REGION = "us-east-1"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
SHOP = "444444444444"


@pytest.fixture
def kept(endpoint: str) -> Iterator[aws.KeptAws]:
    """Keep what there is, and leave it to the next test as it was."""
    assert endpoint
    kept = aws.KeptAws()
    yield kept
    kept.restore()


def seen(around: Surroundings, endpoint: str) -> dict[str, Any]:
    """Look at every service that a test may have changed."""
    here = {"InstanceArn": around.instance}
    member = around.in_account("iam", SHOP)
    sets = around.sso.list_permission_sets(**here)["PermissionSets"]
    return {
        "users": around.store.list_users(IdentityStoreId=around.store_id)["Users"],
        "sets": [
            around.sso.describe_permission_set(**here, PermissionSetArn=one)["PermissionSet"] for one in sets
        ],
        "roles": [one["RoleName"] for one in around.iam.list_roles()["Roles"]],
        "roles of a member": [one["RoleName"] for one in member.list_roles()["Roles"]],
        "attached": around.iam.get_policy(PolicyArn=READ_ONLY)["Policy"]["AttachmentCount"],
        "accounts": loopback_client("organizations", endpoint, REGION).list_accounts()["Accounts"],
    }


def change(around: Surroundings, endpoint: str) -> None:
    """Make, change and delete something of everything."""
    group, permission_set = around.group(), around.permission_set()
    around.user()
    around.assign(permission_set, group, SHOP)
    for iam in (around.iam, around.in_account("iam", SHOP)):
        iam.create_role(RoleName=around.word, AssumeRolePolicyDocument=TRUST)
        iam.attach_role_policy(RoleName=around.word, PolicyArn=READ_ONLY)
        iam.create_policy(PolicyName=around.word, PolicyDocument=ANY_POLICY)
    organizations = loopback_client("organizations", endpoint, REGION)
    organizations.create_account(AccountName=around.word, Email=f"{around.word}@example.com")
    DOORS["/sandbox/fault"]({"service": "iam", "operation": "ListRoles", "code": "AccessDenied"})


def test_everything_is_as_it_was_as_often_as_one_likes(
    kept: aws.KeptAws, around: Surroundings, endpoint: str
) -> None:
    """What one test made must be gone for the next, and what was kept must not wear out."""
    before = seen(around, endpoint)

    for _again in range(2):
        change(around, endpoint)
        kept.restore()
        assert seen(around, endpoint) == before


def test_what_was_there_is_there_again_after_a_reset(
    kept: aws.KeptAws, around: Surroundings, endpoint: str
) -> None:
    """A test that begins AWS anew leaves no other test without an organisation."""
    before = seen(around, endpoint)
    aws.reset(endpoint)

    kept.restore()

    assert seen(around, endpoint) == before


def test_what_was_made_before_it_was_kept_can_be_changed_after(
    kept: aws.KeptAws, around: Surroundings
) -> None:
    """A copy that shares a list with what is kept would keep what was made later."""
    permission_set = around.permission_set()
    with_one = aws.KeptAws()
    around.sso.attach_managed_policy_to_permission_set(
        **around.of_set(permission_set), ManagedPolicyArn=READ_ONLY
    )
    with_one.restore()

    attached = around.sso.list_managed_policies_in_permission_set(**around.of_set(permission_set))
    assert attached["AttachedManagedPolicies"] == []
    kept.restore()
    assert (
        permission_set not in around.sso.list_permission_sets(InstanceArn=around.instance)["PermissionSets"]
    )
