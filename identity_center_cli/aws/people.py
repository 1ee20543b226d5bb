"""The people of the Identity Center directory."""

from typing import TYPE_CHECKING

import boto3

from identity_center_cli.aws.answers import part
from identity_center_cli.aws.instance.found import the_instance
from identity_center_cli.aws.retries import PATIENT

if TYPE_CHECKING:
    from mypy_boto3_identitystore import IdentityStoreClient
    from mypy_boto3_sso_admin import SSOAdminClient


def read_people(session: boto3.Session) -> dict[str, str]:
    """Return user names by id, of the one instance in the session's Region. Raises InstanceNotFoundError.

    Raises BrokenAnswerError where half of an answer comes.
    """
    sso: SSOAdminClient = session.client("sso-admin", config=PATIENT)
    instance = the_instance(sso)
    store: IdentityStoreClient = session.client("identitystore", config=PATIENT)
    pages = store.get_paginator("list_users").paginate(IdentityStoreId=instance.store_id)
    return {user["UserId"]: user.get("UserName", "") for page in pages for user in part(page, "Users")}
