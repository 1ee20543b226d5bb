"""The IAM roles that Identity Center makes of permission sets, one in each account where a set is assigned.

Source: AWS IAM Identity Center user guide, "Referencing permission sets in resource policies, Amazon EKS
Cluster config maps, and AWS KMS key policies": name, path, the Region in the path and its absence in
us-east-1, and a suffix of 16 characters that is another one each time the role is made.
"""

import re
from dataclasses import dataclass
from typing import Final

_WITHOUT_REGION: Final = "us-east-1"
_SUFFIX: Final = 16
_SESSION: Final = re.compile(
    rf"arn:[\w-]+:sts::(\d{{12}}):assumed-role/AWSReservedSSO_([\w+=,.@-]+)_\w{{{_SUFFIX}}}/(.+)", re.ASCII
)


def role_arn_pattern(name: str, account_id: str, region: str, partition: str) -> str:
    """Return a pattern, for `ArnLike`, of the role's ARN; `region` is the instance's.

    The suffix is so many `?` and no `*`: a set's name may hold `_`, and `AWSReservedSSO_Read_*` would be the
    role of the set `Read_Write` as well.
    """
    where = "" if region == _WITHOUT_REGION else f"{region}/"
    role = f"aws-reserved/sso.amazonaws.com/{where}AWSReservedSSO_{name}_{'?' * _SUFFIX}"
    return f"arn:{partition}:iam::{account_id}:role/{role}"


@dataclass(frozen=True, slots=True)
class RoleSession:
    """A session of such a role."""

    account_id: str
    permission_set: str
    """The permission set's name."""
    session_name: str
    """The person's user name."""


def role_session(arn: str) -> RoleSession | None:
    """Read the ARN that STS answers with for such a session; None for any other ARN.

    >>> role_session("arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Reading_0123456789abcdef/ada")
    RoleSession(account_id='123456789012', permission_set='Reading', session_name='ada')
    """
    found = _SESSION.fullmatch(arn)
    return RoleSession(*found.groups()) if found else None
