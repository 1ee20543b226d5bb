"""The people of the Identity Center directory."""

from typing import TYPE_CHECKING

import boto3

from identity_center_cli.aws.access import the_instance
from identity_center_cli.aws.answers import part
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
    instances = {
        one["InstanceArn"]: one["IdentityStoreId"]
        for page in sso.get_paginator("list_instances").paginate()
        for one in part(page, "Instances")
    }
    _, identity_store_id = the_instance(instances, instance_arn, session.region_name)
    store: IdentityStoreClient = session.client("identitystore", config=PATIENT)
    pages = store.get_paginator("list_users").paginate(IdentityStoreId=identity_store_id)
    return {user["UserId"]: user.get("UserName", "") for page in pages for user in part(page, "Users")}
