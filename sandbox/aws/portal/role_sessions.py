"""Credentials of the role that a permission set has in an account, for one person.

Who has them may do what the permission set's policies and boundary allow, by the evaluator, until they end.
Sources: IAM Identity Center user guide, "Referencing permission sets in resource policies" (the role's name
and path) and "Set session duration for AWS accounts"; the session is called after the user.
"""

import re
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from identity_guard.iam import Attachment, attach, managed_attachment, unknown
from sandbox.aws import callers
from sandbox.aws.callers import Caller
from sandbox.aws.identity_center.ssoadmin_state import Instance, PermissionSet, PolicyName
from sandbox.aws.modelled import now

_HOURS: Final = re.compile(r"PT(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?")
#: The Region whose name the path of a role does not have.
_WITHOUT_REGION: Final = "us-east-1"


def credentials(instance: Instance, held: PermissionSet, account: str, user_name: str) -> dict[str, Any]:
    """Begin a session of a permission set's role; return RoleCredentials."""
    seconds = _seconds(held.session_duration)
    session = sts_backends[DEFAULT_ACCOUNT_ID][instance.partition].assume_role(
        region_name=instance.region,
        role_session_name=user_name,
        role_arn=_role_arn(instance, held, account),
        policy="",
        duration=seconds,
        external_id="",
    )
    ends = now() + seconds
    callers.put(session.access_key_id, Caller(session.arn, *_limits(instance, held, account), ends=ends))
    return {
        "accessKeyId": session.access_key_id,
        "secretAccessKey": session.secret_access_key,
        "sessionToken": session.session_token,
        "expiration": int(ends * 1000),
    }


def _role_arn(instance: Instance, held: PermissionSet, account: str) -> str:
    region = "" if instance.region == _WITHOUT_REGION else f"{instance.region}/"
    name = f"AWSReservedSSO_{held.name}_{held.suffixes[account]}"
    return f"arn:{instance.partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com/{region}{name}"


def _limits(
    instance: Instance, held: PermissionSet, account: str
) -> tuple[list[Attachment], Attachment | None]:
    """Return the policies of the role, and its boundary."""
    policies = [managed_attachment(arn) for arn in held.managed]
    policies += [_of_account(instance, each, account) for each in held.customer_managed]
    policies += [attach(held.inline)] if held.inline else []
    boundary = held.boundary or {}
    if "CustomerManagedPolicyReference" in boundary:
        name = PolicyName.of(boundary["CustomerManagedPolicyReference"])
        return policies, _of_account(instance, name, account)
    return policies, managed_attachment(boundary["ManagedPolicyArn"]) if boundary else None


def _of_account(instance: Instance, wanted: PolicyName, account: str) -> Attachment:
    arn = f"arn:{instance.partition}:iam::{account}:policy{wanted.path}{wanted.name}"
    found = iam_backends[account][instance.partition].managed_policies.get(arn)
    if found is None:
        return unknown(wanted.name, "the account has no such policy any more")
    return attach(next(each.document for each in found.versions if each.is_default), wanted.name)


def _seconds(duration: str) -> int:
    found = _HOURS.fullmatch(duration)
    parts = found.groupdict(default="0") if found else {"hours": "1", "minutes": "0", "seconds": "0"}
    return int(parts["hours"]) * 3600 + int(parts["minutes"]) * 60 + int(parts["seconds"])
