"""The people of the Identity Center directory."""

from typing import TYPE_CHECKING

import boto3

from identity_center_cli.aws.answers import part
from identity_center_cli.aws.instance.found import the_instance
from identity_center_cli.aws.retries import PATIENT

if TYPE_CHECKING:
    from mypy_boto3_identitystore import IdentityStoreClient
    from mypy_boto3_sso_admin import SSOAdminClient


def read_people(session: boto3.Session, instance_arn: str | None = None) -> dict[str, str]:
    """Return user names by id, of an instance: of the one in the session's Region where none is named.

    Raises InstanceNotFoundError where it is not there, or several are.
    Raises BrokenAnswerError where half of an answer comes.
    """
    sso: SSOAdminClient = session.client("sso-admin", config=PATIENT)
    instance = the_instance(sso, instance_arn)
    store: IdentityStoreClient = session.client("identitystore", config=PATIENT)
    pages = store.get_paginator("list_users").paginate(IdentityStoreId=instance.store_id)
    return {user["UserId"]: user.get("UserName", "") for page in pages for user in part(page, "Users")}
