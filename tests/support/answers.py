"""What AWS answers to the lookups of a program that runs without an engine."""

from dataclasses import dataclass, field
from typing import Any

INSTANCE_ARN = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
STORE_ID = "d-1234567890"
MANAGEMENT, MEMBER = "111122223333", "444455556666"


def account(account_id: str, name: str, state: str = "ACTIVE") -> dict[str, str]:
    """Return an account as the provider's getOrganization gives it."""
    return {
        "arn": f"arn:aws:organizations::{MANAGEMENT}:account/o-1/{account_id}",
        "email": "account@example.com",
        "id": account_id,
        "joinedMethod": "CREATED",
        "joinedTimestamp": "2026-01-01T00:00:00Z",
        "name": name,
        "state": state,
        "status": state,
    }


@dataclass
class Answers:
    """What AWS answers to lookups. An exception is raised as the provider's error."""

    instances: Any = field(
        default_factory=lambda: {
            "arns": [INSTANCE_ARN],
            "identityStoreIds": [STORE_ID],
            "id": "us-east-1",
            "region": "us-east-1",
        }
    )
    instances_elsewhere: dict[str, Any] = field(default_factory=dict)
    """By Region; the others have none."""
    regions_asked: list[str] = field(default_factory=list)
    """Regions that a lookup named, in order."""
    organisation: Any = field(
        default_factory=lambda: {
            "masterAccountId": MANAGEMENT,
            "accounts": [account(MANAGEMENT, "Management"), account(MEMBER, "Production")],
        }
    )
    account_id: Any = MANAGEMENT
    """Whose credentials the run has."""
    users: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    policies: dict[str, Any] = field(default_factory=dict)
    """By ARN; any other does not exist."""
    roles: dict[str, Any] = field(default_factory=dict)
    """By name; any other does not exist."""

    control_policies: dict[str, list[str]] = field(default_factory=dict)
    """Ids of service control policies, by target; others have FullAWSAccess alone."""
    policy_names: dict[str, str] = field(default_factory=dict)
    """Names of service control policies, by id."""
    last_update: dict[str, Any] = field(default_factory=dict)
    """The state that the last update left, by URN; empty before the first."""
    refreshed: dict[str, Any] = field(default_factory=dict)
    """The resources of that state as `--refresh` found them in this run; empty where there was none."""

    def to(self, token: str, args: dict[str, Any]) -> dict[str, Any]:
        """Answer one lookup."""
        answer = {
            "aws:index/getCallerIdentity:getCallerIdentity": self._identity(),
            "aws:index/getPartition:getPartition": {"partition": "aws", "id": "aws"},
            "aws:identitystore/getUsers:getUsers": {"identityStoreId": STORE_ID, "users": self.users},
            "aws:identitystore/getGroups:getGroups": {"identityStoreId": STORE_ID, "groups": self.groups},
            "pulumi:pulumi:readStackResourceOutputs": {"outputs": self.last_update},
            "aws:ssoadmin/getInstances:getInstances": self._instances(args),
            "aws:organizations/getOrganization:getOrganization": self.organisation,
            "aws:organizations/getPoliciesForTarget:getPoliciesForTarget": {
                "ids": self.control_policies.get(str(args.get("targetId")), ["p-FullAWSAccess"])
            },
            "aws:organizations/getPolicy:getPolicy": {
                "name": self.policy_names.get(str(args.get("policyId")), "another")
            },
            "aws:iam/getPolicy:getPolicy": self.policies.get(
                str(args.get("arn")), RuntimeError("reading IAM Policy: couldn't find resource")
            ),
            "aws:iam/getRole:getRole": self.roles.get(
                str(args.get("name")), RuntimeError("reading IAM Role: couldn't find resource")
            ),
        }[token]
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)

    def _identity(self) -> Any:  # noqa: ANN401  # an answer or an exception
        if isinstance(self.account_id, Exception):
            return self.account_id
        return {"accountId": self.account_id, "arn": "arn", "id": self.account_id, "userId": "u"}

    def _instances(self, args: dict[str, Any]) -> Any:  # noqa: ANN401  # an answer or an exception
        region = args.get("region")
        if region is None:
            return self.instances
        self.regions_asked.append(region)
        none = {"arns": [], "identityStoreIds": [], "id": region, "region": region}
        return self.instances_elsewhere.get(region, none)
