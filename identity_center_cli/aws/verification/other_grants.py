"""Whether assignments of applications, and entitlements to roles, are in an instance.

A request for each assignment of an application (API reference, DescribeApplicationAssignment); entitlements
are listed, where there are any to look for.
"""

from collections.abc import Collection
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError

from identity_center_cli.aws.access import OtherGrant
from identity_center_cli.aws.answers import Unseen
from identity_center_cli.aws.instance.applications import ApplicationReader
from identity_center_cli.aws.instance.asking import Asking
from identity_center_cli.aws.instance.kept_answers import KeptAnswers
from identity_center_cli.aws.retries import ADAPTIVE

from .assignments import GONE, Checked, Standing

_NO_MANAGER: Final = "entitlements to roles: the instance shows these credentials no account access manager"


def check_other_grants(
    session: boto3.Session, instance_arn: str, wanted: Collection[OtherGrant]
) -> Checked[OtherGrant]:
    """Ask about each of them; what is refused is named, and the rest is asked."""
    unseen, sso = Unseen(), session.client("sso-admin", config=ADAPTIVE)
    standings = {each: _of_application(sso, unseen, each) for each in wanted if each.kind == "application"}
    roles = [each for each in wanted if each.kind == "role"]
    entitled, unread = _entitled(session, instance_arn) if roles else (frozenset[OtherGrant](), ())
    for each in roles:
        absent = Standing.UNREAD if unread else Standing.MISSING
        standings[each] = Standing.FINE if each in entitled else absent
    return Checked(standings, (*unseen.reasons, *unread))


def _of_application(sso: Any, unseen: Unseen, one: OtherGrant) -> Standing:  # noqa: ANN401 - boto3 makes its classes
    found = unseen.ask("sso:DescribeApplicationAssignment", lambda: _is_assigned(sso, one))
    if found is None:
        return Standing.UNREAD
    return Standing.FINE if found else Standing.MISSING


def _is_assigned(sso: Any, one: OtherGrant) -> bool:  # noqa: ANN401 - boto3 makes its classes
    try:
        sso.describe_application_assignment(
            ApplicationArn=one.arn, PrincipalType=one.principal_type, PrincipalId=one.principal_id
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != GONE:
            raise
        return False
    return True


def _entitled(session: boto3.Session, instance_arn: str) -> tuple[frozenset[OtherGrant], tuple[str, ...]]:
    """Return every entitlement of the instance, and what AWS did not say of them."""
    with KeptAnswers(None, {}, resume=False) as kept:
        asking = Asking(session, {}, kept)
        managers, entitlements = ApplicationReader(asking, instance_arn).account_access()
    found = {
        OtherGrant("role", each.role_arn, each.principal_type, each.principal_id) for each in entitlements
    }
    unread = tuple(str(each) for each in asking.unread)
    # It may be gone, or another account's that these credentials do not show.
    return frozenset(found), unread if managers or unread else (_NO_MANAGER,)
