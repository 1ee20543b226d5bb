"""Identity Center's delegated administrator: a member account that administers the organisation's instance.

ListInstances shows the instances that the caller's account made and those that it may see (IAM Identity
Center API reference, ListInstances), so it finds the management account's, and calls every operation on it.
What it may not do stands in the user guide, "Delegated administration": manage permission sets that are
provisioned in the management account, and let people in there. While a permission set is provisioned there,
assigning it in any other account is refused as well (awslabs/landing-zone-accelerator-on-aws issue 215,
fivexl/terraform-aws-sso-elevator issue 101).
"""

from typing import Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.organizations.models import organizations_backends

SERVICE: Final = "sso.amazonaws.com"


def administered_by(account: str, partition: str) -> str:
    """Return whose Identity Center an account sees: its own, or the organisation's that it administers."""
    organisation = organizations_backends[DEFAULT_ACCOUNT_ID][partition]
    delegated = any(each.account.id == account and SERVICE in each.services for each in organisation.admins)
    return DEFAULT_ACCOUNT_ID if delegated else account
