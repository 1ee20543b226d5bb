"""Which permission sets are provisioned in an account, as Identity Center's API says now."""

from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from identity_center.model.access.other_accounts import ProvisionedSets
from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws.answers import reason
from identity_center_cli.aws.retries import ADAPTIVE
from identity_center_cli.aws.sessions import session_with

if TYPE_CHECKING:
    from mypy_boto3_sso_admin import SSOAdminClient

_ACTIONS: Final = "sso:ListPermissionSetsProvisionedToAccount and sso:DescribePermissionSet"


def read_provisioned_sets(settings: AwsSettings, instance_arn: str, account_id: str) -> ProvisionedSets:
    """Read their names: a request for 100 of them, and one for each."""
    try:
        client: SSOAdminClient = session_with(settings).client(
            "sso-admin", endpoint_url=settings.endpoints.get("ssoadmin"), config=ADAPTIVE
        )
        return ProvisionedSets(frozenset(_names(client, instance_arn, account_id)))
    except (ClientError, BotoCoreError) as error:
        return ProvisionedSets(unseen=f"{_ACTIONS}: {reason(error)}")


def _names(client: "SSOAdminClient", instance_arn: str, account_id: str) -> list[str]:
    pages = client.get_paginator("list_permission_sets_provisioned_to_account").paginate(
        InstanceArn=instance_arn, AccountId=account_id
    )
    arns = [arn for page in pages for arn in page.get("PermissionSets", [])]
    return [
        client.describe_permission_set(InstanceArn=instance_arn, PermissionSetArn=arn)["PermissionSet"][
            "Name"
        ]
        for arn in arns
    ]
