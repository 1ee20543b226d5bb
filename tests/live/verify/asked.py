"""What `identity-center verify` is run with in these tests."""

from collections.abc import Callable
from typing import Any, Final

from sandbox.settings import REGION
from tests.support.changed_by_hand import SHOP, Instance
from tests.support.signed_in import portal_url

Fault = Callable[..., None]
Run = Callable[..., tuple[int, str, str]]
EXPECT: Final = ("--expect", "{folder}/outputs.json")
PORTAL: Final = ("--portal", "--model", "{folder}/access", "--cache", "{folder}/cache")
WHERE: Final = ("--start-url", "https://portal.example.com/start", "--sso-region", REGION)


def outputs_of(instance: Instance) -> dict[str, Any]:
    """Write what the stack of the model would list."""
    return {
        "region": REGION,
        "instance_arn": instance.made.instance,
        "portal_url": portal_url(instance.made),
        "account_assignments": {
            f"{name.lower()}/group/emergency/{SHOP}": {
                "principalType": "GROUP",
                "principalId": instance.group,
                "principal": "emergency",
                "permissionSetArn": arn,
                "permissionSet": name,
                "accountId": SHOP,
            }
            for name, arn in instance.sets.items()
        },
        "application_assignments": {},
        "role_entitlements": {},
    }


def unassign(instance: Instance) -> None:
    """Take one of the five assignments away."""
    instance.made.unassign(instance.sets["Reading"], instance.group, SHOP)
