"""STS with AssumeRoot, which moto lacks: who may become root of which account, for which task.

Sources: STS API reference, AssumeRoot; IAM user guide, "Centrally manage root access for member accounts" and
"Perform a privileged task on an AWS Organizations member account". The task policies are AWS's own documents,
as moto ships them: a root session may do what the first statement of its task policy leaves out of its Deny.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from xml.sax.saxutils import escape

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends
from moto.sts import urls
from moto.sts.responses import TokenResponse
from moto.sts.utils import random_session_token

from sandbox.aws import faults
from sandbox.aws.accounts.root_user import PARTITION
from sandbox.aws.modelled import ONE_AT_A_TIME, Answer
from sandbox.aws.refusals.table import RefusedError

CREDENTIALS_MANAGEMENT: Final = "RootCredentialsManagement"
ROOT_SESSIONS: Final = "RootSessions"
TASKS: Final = {
    "IAMAuditRootUserCredentials": CREDENTIALS_MANAGEMENT,
    "IAMCreateRootUserPassword": CREDENTIALS_MANAGEMENT,
    "IAMDeleteRootUserCredentials": CREDENTIALS_MANAGEMENT,
    "S3UnlockBucketPolicy": ROOT_SESSIONS,
    "SQSUnlockQueuePolicy": ROOT_SESSIONS,
}
"""Each task policy with the organization feature that it belongs to."""
TASK_PATH: Final = "arn:aws:iam::aws:policy/root-task/"
LONGEST_SECONDS: Final = 900


@dataclass(frozen=True)
class RootSession:
    """A session as root of one account."""

    account_id: str
    task: str
    allowed: frozenset[str]
    """Actions, such as `iam:ListAccessKeys`."""
    ends: datetime


def root_features() -> set[str]:
    """Return the features that the organisation has turned on; moto's reset forgets them."""
    found: set[str] = vars(iam_backends[DEFAULT_ACCOUNT_ID][PARTITION]).setdefault("sandbox_features", set())
    return found


def root_sessions() -> dict[str, RootSession]:
    """Return the root sessions by access key id; moto's reset forgets them."""
    found: dict[str, RootSession] = vars(iam_backends[DEFAULT_ACCOUNT_ID][PARTITION]).setdefault(
        "sandbox_root_sessions", {}
    )
    return found


def organisation() -> Any:  # noqa: ANN401 - moto's backend
    """Return moto's organisation."""
    return organizations_backends[DEFAULT_ACCOUNT_ID][PARTITION]


def may_manage_root(account_id: str) -> bool:
    """Say whether an account is the management account or IAM's delegated administrator."""
    if account_id == DEFAULT_ACCOUNT_ID:
        return True
    return any(
        admin.account.id == account_id and "iam.amazonaws.com" in admin.services
        for admin in organisation().admins
    )


class RootTokenResponse(TokenResponse):
    """Answers the requests to ``sts``."""

    def call_action(self) -> Any:  # noqa: ANN401 - moto's own type of an answer
        """Answer the request under way."""
        try:
            target = _account_of(self._get_param("TargetPrincipal") or self._get_param("RoleArn") or "")
            faults.provoke("sts", self._get_action(), target)
            with ONE_AT_A_TIME:
                return super().call_action()
        except RefusedError as refused:
            return _refused(refused)

    def assume_role(self) -> ActionResult:
        """AssumeRole: not in an account that is suspended."""
        account = _account_of(self._get_param("RoleArn"))
        if any(each.id == account and each.state != "ACTIVE" for each in organisation().accounts):
            raise _denied(self._get_param("RoleArn"), "sts:AssumeRole")
        return super().assume_role()

    def assume_root(self) -> ActionResult:
        """AssumeRoot, which moto has not."""
        account_id = _account_of(self._get_param("TargetPrincipal"))
        task = self._task()
        self._check(account_id, TASKS[task])
        seconds = self._get_int_param("DurationSeconds", LONGEST_SECONDS)
        key = iam_backends[account_id][PARTITION].create_temp_access_key()
        session = RootSession(account_id, task, _allowed(task), utcnow() + timedelta(seconds=seconds))
        root_sessions()[key.access_key_id] = session
        credentials = {
            "AccessKeyId": key.access_key_id,
            "SecretAccessKey": key.secret_access_key,
            "SessionToken": random_session_token(),
            "Expiration": session.ends,
        }
        return ActionResult({"Credentials": credentials})

    def _task(self) -> str:
        arn = self._get_param("TaskPolicyArn.arn") or (self._get_param("TaskPolicyArn") or {}).get("arn", "")
        task = str(arn).removeprefix(TASK_PATH)
        if task not in TASKS or not arn.startswith(TASK_PATH):
            raise RefusedError("ValidationError", f"{arn} is not a task policy of AssumeRoot")
        return task

    def _check(self, account_id: str, feature: str) -> None:
        """Refuse a caller who may not, a target that cannot be, and an organisation without the feature."""
        resource = f"arn:aws:iam::{account_id}:root"
        members = {each.id: each.state for each in organisation().accounts}
        allowed = (
            self.access_key not in root_sessions()
            and may_manage_root(self.current_account)
            and account_id != DEFAULT_ACCOUNT_ID
            and members.get(account_id) == "ACTIVE"
            and feature in root_features()
        )
        if not allowed:
            raise _denied(resource, "sts:AssumeRoot")


def _account_of(principal: str) -> str:
    return principal if principal.isdecimal() else (principal.split(":") + [""] * 5)[4]


def _allowed(task: str) -> frozenset[str]:
    policy = iam_backends[DEFAULT_ACCOUNT_ID][PARTITION].get_policy(f"{TASK_PATH}{task}")
    document = json.loads(next(each.document for each in policy.versions if each.is_default))
    return frozenset(document["Statement"][0]["NotAction"])


def _denied(resource: str, action: str) -> RefusedError:
    return RefusedError(
        "AccessDenied", f"The caller is not authorized to perform: {action} on resource: {resource}"
    )


def _refused(refused: RefusedError) -> Answer:
    body = (
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
        f"<Code>{refused.code}</Code><Message>{escape(refused.message)}</Message></Error>"
        f"<RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
    )
    status = 403 if refused.code in {"AccessDenied", "ExpiredToken"} else 400
    return status, {"Content-Type": "text/xml"}, body


def install() -> None:
    """Put this in the place of moto's."""
    urls.url_paths["{0}/$"] = RootTokenResponse.dispatch
