"""The documented policies, held against what the provider asks of AWS for each type of the product."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import grpc
import pytest

from identity_center.model.plan import planned
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.provider.rows.attached import Attached, Made
from tests.provider.examples.table import EXAMPLES
from tests.provider.examples.world import World
from tests.support import calls_of_a_key
from tools.docs.permission import Job
from tools.docs.permissions_table import actions, needed, policy

KEY = "AKIAPIPELINE00000000"
ADMINISTRATOR, MEMBER = "222222222222", "444444444444"
#: Only the component `IamMfaPolicy` makes these, which no stack of the program has.
NOT_OF_THE_PROGRAM = {planned.IAM_POLICY, planned.IAM_GROUP_POLICY, planned.IAM_USER_POLICY}
TYPES = sorted(
    token
    for name, token in vars(planned).items()
    if name.isupper() and str(token).startswith("aws:") and token not in NOT_OF_THE_PROGRAM
)
#: The product keeps them in AWS when they leave the stack.
NEVER_DELETED = {planned.ROOT_FEATURES}
PLENTY = policy(Job.UPDATE)


@dataclass
class Life:
    """One resource from its creation to its deletion, made by the pipeline's own key."""

    endpoint: str
    world: World
    pipeline: Attached
    token: str
    key: str = KEY

    def live(self, document: dict[str, Any], **otherwise: str) -> dict[str, int]:
        """Make, read, change and delete it under a policy; return what was asked."""
        example = EXAMPLES[self.token]
        inputs = {**example.inputs(self.world), **otherwise}
        calls_of_a_key.put_under(self.endpoint, {"pipeline": document}, self.key)
        made = self._refreshed(self.pipeline.create(self.token, self.world.word, inputs))
        if example.updates:
            wanted = {**inputs, **example.updates}
            made = self.pipeline.update(
                made, {name: value for name, value in wanted.items() if value is not None}
            )
        if self.token not in NEVER_DELETED:
            self.pipeline.delete(made)
        return calls_of_a_key.asked(self.endpoint, self.key)

    def _refreshed(self, made: Made) -> Made:
        found = self.pipeline.refresh(made)
        assert found is not None
        return found


@pytest.fixture
def life(
    port: int, attached: Attached, instance: dict[str, str], endpoint: str, request: pytest.FixtureRequest
) -> Iterator[Life]:
    """Give a resource's life; what it needs around it is made by the tests' own key."""
    pipeline = Attached(port, region="us-east-1", accessKey=KEY, secretKey="none", maxRetries=1)
    world = World(attached, instance, request.getfixturevalue("unique"), endpoint)
    yield Life(endpoint, world, pipeline, request.getfixturevalue("token"))
    pipeline.close()


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("token", TYPES)
def test_the_policy_of_an_update_allows_each_life(life: Life) -> None:
    """A pipeline that stops in the middle of an update leaves an organisation half changed."""
    asked = life.live(PLENTY)

    assert set(asked) <= actions(Job.UPDATE)
    reads = {action for action in asked if not calls_of_a_key.is_write(action)}
    of_requests = {action for action in reads if action.endswith("Status")}
    assert reads - of_requests <= actions(Job.DRIFT), "an import reads the same"


#: Made from the management account only; an application of account access manager is its own account's.
OF_MANAGEMENT = {
    planned.ROOT_FEATURES,
    planned.CONTROL_POLICY,
    planned.CONTROL_POLICY_ATTACHMENT,
    planned.ACCOUNT_ACCESS,
    planned.ENTITLEMENT,
}


@pytest.fixture
def delegated_life(
    port: int, attached: Attached, instance: dict[str, str], endpoint: str, request: pytest.FixtureRequest
) -> Iterator[Life]:
    """Give a resource's life by the key of Identity Center's delegated administrator."""
    around = Surroundings(endpoint, "us-east-1", "delegated")
    key = around.credentials_of(ADMINISTRATOR)["AccessKeyId"]
    with around.delegated(ADMINISTRATOR):
        pipeline = Attached(port, region="us-east-1", accessKey=key, secretKey="none", maxRetries=1)
        world = World(attached, instance, request.getfixturevalue("unique"), endpoint)
        yield Life(endpoint, world, pipeline, request.getfixturevalue("token"), key)
        pipeline.close()


@pytest.mark.parametrize("token", [token for token in TYPES if token not in OF_MANAGEMENT])
def test_the_delegated_administrators_policy_allows_each_life(delegated_life: Life, token: str) -> None:
    """AWS advises to run the pipeline there; what suffices in the management account may not suffice here."""
    # In the management account it may assign nothing.
    elsewhere = {"targetId": MEMBER} if token == planned.ASSIGNMENT else {}

    asked = delegated_life.live(policy(Job.UPDATE, delegated=True), **elsewhere)

    assert set(asked) <= actions(Job.UPDATE, delegated=True)
    assert {one for one in asked if one in NEEDED[token].split()} == set(NEEDED[token].split())


#: Read once, as the table has it: each type with each action that its life needs.
NEEDED: dict[str, str] = {
    planned.PERMISSION_SET: "sso:CreatePermissionSet sso:DescribePermissionSet sso:ListTagsForResource "
    "sso:UpdatePermissionSet sso:ProvisionPermissionSet sso:DescribePermissionSetProvisioningStatus "
    "sso:TagResource sso:UntagResource sso:DeletePermissionSet",
    planned.MANAGED_POLICIES: "sso:AttachManagedPolicyToPermissionSet sso:ListManagedPoliciesInPermissionSet "
    "sso:DetachManagedPolicyFromPermissionSet",
    planned.CUSTOMER_POLICY: "sso:AttachCustomerManagedPolicyReferenceToPermissionSet "
    "sso:ListCustomerManagedPolicyReferencesInPermissionSet "
    "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet",
    planned.INLINE_POLICY: "sso:PutInlinePolicyToPermissionSet sso:GetInlinePolicyForPermissionSet "
    "sso:DeleteInlinePolicyFromPermissionSet",
    planned.BOUNDARY: "sso:PutPermissionsBoundaryToPermissionSet sso:GetPermissionsBoundaryForPermissionSet "
    "sso:DeletePermissionsBoundaryFromPermissionSet",
    planned.ASSIGNMENT: "sso:CreateAccountAssignment sso:DescribeAccountAssignmentCreationStatus "
    "sso:ListAccountAssignments sso:DeleteAccountAssignment sso:DescribeAccountAssignmentDeletionStatus",
    planned.APPLICATION: "sso:CreateApplication sso:DescribeApplication sso:UpdateApplication "
    "sso:DeleteApplication",
    planned.APPLICATION_ASSIGNMENT: "sso:CreateApplicationAssignment sso:DescribeApplicationAssignment "
    "sso:DeleteApplicationAssignment",
    planned.ATTRIBUTES: "sso:CreateInstanceAccessControlAttributeConfiguration "
    "sso:DescribeInstanceAccessControlAttributeConfiguration "
    "sso:UpdateInstanceAccessControlAttributeConfiguration "
    "sso:DeleteInstanceAccessControlAttributeConfiguration",
    planned.REGION: "sso:AddRegion sso:DescribeRegion sso:RemoveRegion",
    planned.USER: "identitystore:CreateUser identitystore:DescribeUser identitystore:UpdateUser "
    "identitystore:DeleteUser",
    planned.GROUP: "identitystore:CreateGroup identitystore:DescribeGroup identitystore:UpdateGroup "
    "identitystore:DeleteGroup",
    planned.MEMBERSHIP: "identitystore:CreateGroupMembership identitystore:DescribeGroupMembership "
    "identitystore:DeleteGroupMembership",
    planned.ACCOUNT_ACCESS: "account-access:CreateApplication account-access:GetApplication "
    "account-access:TagResource account-access:DeleteApplication",
    planned.ENTITLEMENT: "account-access:CreateEntitlement account-access:GetEntitlement "
    "account-access:DeleteEntitlement",
    planned.ROOT_FEATURES: "iam:EnableOrganizationsRootCredentialsManagement "
    "iam:EnableOrganizationsRootSessions iam:ListOrganizationsFeatures",
    planned.CONTROL_POLICY: "organizations:CreatePolicy organizations:DescribePolicy "
    "organizations:ListTagsForResource organizations:UpdatePolicy organizations:TagResource "
    "organizations:DeletePolicy",
    planned.CONTROL_POLICY_ATTACHMENT: "organizations:AttachPolicy organizations:ListTargetsForPolicy "
    "organizations:DetachPolicy",
}
TAKEN = [(token, action) for token, listed in NEEDED.items() for action in listed.split()]


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(("token", "taken"), TAKEN, ids=[f"{t.rpartition(':')[2]} {a}" for t, a in TAKEN])
def test_without_one_action_the_run_fails_and_names_it(life: Life, taken: str) -> None:
    """An action too many is more than least privilege; a failure without its name is a riddle."""
    short = {
        **PLENTY,
        "Statement": [*PLENTY["Statement"], {"Effect": "Deny", "Action": taken, "Resource": "*"}],
    }

    with pytest.raises(grpc.RpcError) as refused:
        life.live(short)

    assert f"is not authorized to perform: {taken} on resource" in str(refused.value.details())


def test_every_action_of_a_resource_is_taken_away_somewhere() -> None:
    """One that no test takes away may stand in the policy for nothing."""
    of_commands = {
        "sso:ListPermissionSets",
        "sso:ListAccountsForProvisionedPermissionSet",
        "sso:ListPermissionSetsProvisionedToAccount",
    }
    writes = {one for one in actions(Job.UPDATE) if one not in actions(Job.PREVIEW)} - of_commands
    unseen = {one.action for one in needed(Job.UPDATE) if one.unseen}

    assert writes - unseen <= {action for _, action in TAKEN}
    assert set(NEEDED) == set(TYPES)
