"""Sessions as the root user of a member account, for one task; and in its place, through a role.

Source: STS API reference, AssumeRoot: regional endpoints only, at most 900 seconds, called from the
management account or IAM's delegated administrator; the task policies are AWS's own, in the path root-task.
"""

import threading
from enum import Enum
from typing import TYPE_CHECKING, Final

import boto3

from identity_center_cli.aws.retries import PATIENT
from identity_center_cli.aws.token_bucket import TokenBucket

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_organizations import OrganizationsClient
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import CredentialsTypeDef

#: AssumeRoot's longest, in seconds.
SECONDS: Final = 900
ROLE_SESSION: Final = "identity-center-root-audit"


class Task(Enum):
    """What a root session is for, by the name of its task policy."""

    AUDIT = "IAMAuditRootUserCredentials"
    DELETE = "IAMDeleteRootUserCredentials"


class Doors:
    """Gives clients of the organisation's accounts; all of them keep to one pace."""

    def __init__(self, session: boto3.Session, pace: TokenBucket) -> None:
        """Take the caller's own session: of the management account or of IAM's delegated administrator."""
        self._session = session
        self._pace = pace
        self._partition = session.get_partition_for_region(session.region_name or "us-east-1")
        # boto3 makes clients in one thread at a time only.
        self._lock = threading.Lock()
        self.sts: STSClient = session.client("sts", config=PATIENT)
        pace.keep(self.sts)

    def own_iam(self) -> "IAMClient":
        """Return IAM of the caller's own account."""
        with self._lock:
            client: IAMClient = self._session.client("iam", config=PATIENT)
        self._pace.keep(client)
        return client

    def organizations(self) -> "OrganizationsClient":
        """Return the organisation's API."""
        with self._lock:
            client: OrganizationsClient = self._session.client("organizations", config=PATIENT)
        self._pace.keep(client)
        return client

    def as_root(self, account_id: str, task: Task) -> "IAMClient":
        """Return IAM as root of a member account. Raises ClientError where AWS refuses the session."""
        answer = self.sts.assume_root(
            TargetPrincipal=account_id,
            TaskPolicyArn={"arn": f"arn:{self._partition}:iam::aws:policy/root-task/{task.value}"},
            DurationSeconds=SECONDS,
        )
        return self._with(answer["Credentials"])

    def through_role(self, account_id: str, role_name: str) -> "IAMClient":
        """Return IAM of an account through a role there. Raises ClientError where AWS refuses the role."""
        answer = self.sts.assume_role(
            RoleArn=f"arn:{self._partition}:iam::{account_id}:role/{role_name}", RoleSessionName=ROLE_SESSION
        )
        return self._with(answer["Credentials"])

    def _with(self, credentials: "CredentialsTypeDef") -> "IAMClient":
        with self._lock:
            client: IAMClient = self._session.client(
                "iam",
                config=PATIENT,
                aws_access_key_id=credentials["AccessKeyId"],
                aws_secret_access_key=credentials["SecretAccessKey"],
                aws_session_token=credentials["SessionToken"],
            )
        self._pace.keep(client)
        return client
