"""Who calls, where that is known: an AWS service by itself, or the holder of a role's session.

Sources: IAM User Guide, reference_policies_condition-keys ("Availability" of each key), id_session-tags and
id_credentials_temp_control-access_monitor; reference_policies_variables (which keys which kind of principal
has).
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.context_keys import TAGS_OF_REQUEST, TOKEN_ISSUED, KeyRow, Presence
from identity_guard.iam.text.arn import ACCOUNT_DIGITS, ARN_PARTS
from identity_guard.iam.text.wildcard import VARIABLE_OPENS, common_instance, has_wildcard

from .context_state import MOST_VALUES

ASSUMING: Final = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
"""The actions by which somebody gets a role's session (AWS STS API reference)."""

HANDED_OVER: Final = {"sts:TagSession": TAGS_OF_REQUEST, "sts:SetSourceIdentity": ("sts:sourceidentity",)}
"""What a caller gives a session that is assumed, by the action for which leave is needed besides."""

OF_SERVICES: Final = (
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
)
"""Keys that calls of a service's own principal carry, with values that say for whom it calls."""
IS_SERVICE: Final = "aws:principalisawsservice"

USER_NAME: Final = "aws:username"
PRINCIPAL_TYPE: Final = "aws:principaltype"
PRINCIPAL_ARN: Final = "aws:principalarn"
USER_ID: Final = "aws:userid"
PRINCIPAL_ACCOUNT: Final = "aws:principalaccount"
ACCOUNT: Final = "?" * ACCOUNT_DIGITS
KINDS_OF_CALLERS: Final = ("assumed-role/", "federated-user/", "role/", "user/")
CALLERS: Final = (
    f"arn:*:iam::{ACCOUNT}:role/?*",
    f"arn:*:iam::{ACCOUNT}:user/?*",
    f"arn:*:sts::{ACCOUNT}:assumed-role/?*",
    f"arn:*:sts::{ACCOUNT}:federated-user/?*",
)
"""The ARNs of callers (IAM User Guide, reference_policies_condition-keys, aws:PrincipalArn)."""
OF_A_USER: Final = {PRINCIPAL_ARN: ":user/", USER_ID: "AIDA"}
"""What only an IAM user's value of a key has: its kind in the ARN, how its unique id begins (IAM User Guide,
reference_identifiers)."""
ROLE_VALUES: Final = {
    PRINCIPAL_ARN: "arn:{partition}:iam::{account}:role/example-holder",
    USER_ID: "AROAEXAMPLEHOLDER:example-session",
}
RESERVED_ROLE: Final = (
    "arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Example_0123"
)
RESERVED_ROLES: Final = "arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_?*_?*"
"""The roles that Identity Center keeps for permission sets, as every call of their holders names one in
`aws:PrincipalArn` (Identity Center user guide, referencingpermissionsets)."""


@cache
def assuming_actions() -> int:
    """Return the actions by which a role is assumed."""
    return catalogue().mask_of(ASSUMING)


def as_service(row: KeyRow) -> KeyRow:
    """Return what is known of a key when a service calls by itself."""
    if row.key == IS_SERVICE:
        return row._replace(values=("true",))
    if row.key in OF_SERVICES:
        return row._replace(presence=Presence.HOLDER, may_lack=True)
    return row


def can_be_a_callers(key: str, pattern: str) -> bool:
    """Say whether a pattern of a condition can be met by the ARN or the account of a caller.

    The root user calls by no policy of an identity, and assumes no role; a group or a bucket calls nobody.
    """
    if key == PRINCIPAL_ACCOUNT:
        return not pattern.isdigit() or len(pattern) == ACCOUNT_DIGITS
    if key != PRINCIPAL_ARN or VARIABLE_OPENS in pattern:
        return True
    named = pattern.split(":", ARN_PARTS - 1)[ARN_PARTS - 1 :]
    last = (named[0] if named else pattern.rpartition(":")[2]).lower()
    if not has_wildcard(last) and not last.startswith(KINDS_OF_CALLERS):
        # Colons stand in paths only, which come after the kind of caller.
        return False
    return any(common_instance(pattern.lower(), each) is not None for each in CALLERS)


def as_permission_set(row: KeyRow, named: list[str], patterns: Iterable[str]) -> tuple[KeyRow, list[str]]:
    """Return the same when somebody with a permission set calls; `patterns` are what conditions ask for."""
    if row.key != PRINCIPAL_ARN:
        return row, named
    shared = (common_instance(each, RESERVED_ROLES) for each in patterns)
    possible = list(dict.fromkeys(each for each in shared if each is not None))
    if len(possible) > MOST_VALUES:
        return row, named
    return row._replace(values=(RESERVED_ROLE, *possible), no_others=True), possible


def as_role_session(row: KeyRow, named: list[str]) -> tuple[KeyRow, list[str]]:
    """Return what is known of a key when a role's session is used, and which named values it can have."""
    if row.key == USER_NAME:
        return row._replace(presence=Presence.NEVER), []
    if row.key == PRINCIPAL_TYPE:
        return row._replace(values=("AssumedRole",)), []
    if row.key == TOKEN_ISSUED:
        return row._replace(may_lack=False), named
    if row.key in OF_A_USER:
        return (
            row._replace(values=(ROLE_VALUES[row.key],)),
            [value for value in named if OF_A_USER[row.key] not in value],
        )
    return row, named
