"""The guard of root users: the policies it is made of, and what an organisation needs for it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

#: Features of IAM for an organisation. Source: botocore, iam, shape FeatureType.
FEATURES: Final = ("RootCredentialsManagement", "RootSessions")
TRUSTED_SERVICE: Final = "iam.amazonaws.com"
POLICY_TYPE: Final = "SERVICE_CONTROL_POLICY"
#: So many service control policies has a root, a unit or an account, FullAWSAccess among them. Not raised.
#: Source: AWS Organizations user guide, orgs_reference_limits (five until May 2026).
MOST_POLICIES_OF_A_TARGET: Final = 10
#: Partitions whose IAM user guide describes central root access (id_root-enable-root-access in the guides of
#: both); the root user of GovCloud and of other partitions is another matter.
PARTITIONS_WITH_FEATURES: Final = frozenset({"aws", "aws-cn"})

#: Source: botocore, organizations, shapes RootId, OrganizationalUnitId and AccountId.
TARGET: Final = re.compile(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|[0-9]{12}")


class RootTask(Enum):
    """What a root session may be for. Source: STS API reference, AssumeRoot, TaskPolicyArn."""

    AUDIT = "IAMAuditRootUserCredentials"
    """Read the root user's credentials."""
    CREATE_PASSWORD = "IAMCreateRootUserPassword"  # noqa: S105  # the name of a policy
    """Let somebody recover the root user's password."""
    DELETE = "IAMDeleteRootUserCredentials"
    """Delete the root user's credentials."""
    UNLOCK_BUCKET = "S3UnlockBucketPolicy"
    """Delete a bucket policy that locks everybody out."""
    UNLOCK_QUEUE = "SQSUnlockQueuePolicy"
    """Delete a queue policy that locks everybody out."""


def deny_root() -> dict[str, Any]:
    """Return the service control policy that denies everything to root users of member accounts.

    It is right in every partition (the ARN's partition is any), and leaves sessions that AssumeRoot gave
    alone: only there `aws:AssumedRoot` is in the request. Source: AWS Control Tower, control
    GRRESTRICTROOTUSER with ExemptAssumeRoot. Service control policies do not bind the management account,
    whatever they are attached to.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "DenyRootUser",
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": {
                    "ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"},
                    "Null": {"aws:AssumedRoot": "true"},
                },
            }
        ],
    }


def root_tasks(tasks: Collection[RootTask], partition: str) -> dict[str, Any]:
    """Return the inline policy of the permission set for root tasks: AssumeRoot, for these tasks only."""
    arns = [f"arn:{partition}:iam::aws:policy/root-task/{task.value}" for task in RootTask if task in tasks]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "RootTasks",
                "Effect": "Allow",
                "Action": "sts:AssumeRoot",
                # Root users of member accounts are the only resources that the action has.
                "Resource": "*",
                "Condition": {"ArnEquals": {"sts:TaskPolicyArn": arns}},
            }
        ],
    }


@dataclass(frozen=True)
class Ground:
    """What AWS says of the place where the guard is to stand."""

    partition: str
    caller_account_id: str
    management_account_id: str
    feature_set: str
    """ALL, or CONSOLIDATED_BILLING."""
    trusted_services: Sequence[str]
    policy_types: Sequence[str]
    """Types of policies that are enabled in the organisation's root."""

    @property
    def has_features(self) -> bool:
        """Whether the partition has central root access."""
        return self.partition in PARTITIONS_WITH_FEATURES

    @property
    def note(self) -> str:
        """What is left out here, and why; empty where nothing is."""
        if self.has_features:
            return ""
        return (
            f"partition {self.partition} is not known to have central root access: the features and the "
            "permission set for root tasks are left out, the service control policy is made"
        )

    def problems(self) -> tuple[tuple[str, str], ...]:
        """Return everything that is missing, each with its remedy."""
        if self.caller_account_id != self.management_account_id:
            # A member sees neither trusted services nor policy types, so nothing else can be told.
            problem = (
                f"the root guard is made from the management account {self.management_account_id}, and these "
                f"are credentials of {self.caller_account_id}"
            )
            remedy = "give RootGuard a provider of its own with that account's credentials, or its own stack"
            return ((problem, remedy),)
        return tuple(self._missing())

    def _missing(self) -> list[tuple[str, str]]:
        found = []
        if self.feature_set != "ALL":
            found.append(
                (
                    "the organisation has consolidated billing only",
                    "enable all features: aws organizations enable-all-features",
                )
            )
        if self.has_features and TRUSTED_SERVICE not in self.trusted_services:
            found.append(
                (
                    "the organisation does not trust IAM",
                    "aws organizations enable-aws-service-access --service-principal iam.amazonaws.com",
                )
            )
        if POLICY_TYPE not in self.policy_types:
            remedy = (
                f"aws organizations enable-policy-type --policy-type {POLICY_TYPE} --root-id ROOT, with the "
                "id that `aws organizations list-roots` shows"
            )
            found.append(("service control policies are not enabled", remedy))
        return found


def full_targets(others: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Find the targets that have room for no more policy, each as a problem with its remedy.

    `others` has, by target, how many service control policies it has beside the guard's own.
    """
    for target, count in others.items():
        if count >= MOST_POLICIES_OF_A_TARGET:
            most = f"and AWS attaches {MOST_POLICIES_OF_A_TARGET} at most"
            listing = "aws organizations list-policies-for-target"
            yield (
                f"{target} has {count} service control policies already, {most}",
                f"put two into one, or detach one: {listing} --filter {POLICY_TYPE} --target-id {target}",
            )
