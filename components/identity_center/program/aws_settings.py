"""What the AWS provider is told of credentials, for readings that the provider cannot make."""

import json

import pulumi

from identity_center.model.language.settings import AwsSettings
from identity_center.resources.arguments.refusal import RefusedLookupError

#: Settings that say who asks, or how, and are not followed here. To ignore one would ask as somebody else.
NOT_FOLLOWED = (
    "assumeRoles",
    "assumeRoleWithWebIdentity",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
    "customCaBundle",
    "httpProxy",
    "httpsProxy",
    "useFipsEndpoint",
    "useDualstackEndpoint",
)


def read_aws_settings() -> AwsSettings:
    """Read profile, region, keys and endpoints from the keys `aws:…` of the stack.

    Raises RefusedLookupError where a setting is made that is not followed.
    """
    config = pulumi.Config("aws")
    made = [f"aws:{key}" for key in NOT_FOLLOWED if config.get(key) not in (None, "", "[]", "{}", "false")]
    if made:
        raise RefusedLookupError(
            "units and tags of accounts, and policies of member accounts, are read beside the provider, and "
            f"not with {', '.join(made)}",
            "name a profile that does the same (`aws:profile`), or commit a snapshot of the organisation "
            "(`identity-center organisation snapshot`) and name it under `organisationSnapshot`",
        )
    return AwsSettings(
        profile=config.get("profile"),
        region=config.get("region"),
        access_key=config.get("accessKey"),
        secret_key=config.get("secretKey"),
        token=config.get("token"),
        endpoints=_endpoints(config.get("endpoints")),
    )


def _endpoints(text: str | None) -> dict[str, str]:
    """Read the provider's endpoints: a list of mappings from service to address."""
    try:
        listed = json.loads(text or "[]")
    except ValueError:
        listed = None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise RefusedLookupError(
            "aws:endpoints is not a list of mappings", "write `- organizations: https://…`"
        )
    return {service: str(address) for one in listed for service, address in one.items() if address}
