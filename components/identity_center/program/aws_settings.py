"""What the AWS provider is told of credentials, for readings that the provider cannot make."""

import json

import pulumi

from identity_center.model.aws_settings import AwsSettings
from identity_center.resources.refusal import RefusedLookupError

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
    """Read profile, region, keys and the endpoint of Organizations from the keys `aws:…` of the stack.

    Raises RefusedLookupError where a setting is made that is not followed.
    """
    config = pulumi.Config("aws")
    made = [f"aws:{key}" for key in NOT_FOLLOWED if config.get(key) not in (None, "", "[]", "{}", "false")]
    if made:
        raise RefusedLookupError(
            f"units and tags of accounts are read beside the provider, and not with {', '.join(made)}",
            "name a profile that does the same (`aws:profile`), or commit a snapshot of the organisation "
            "(`identity-center organisation snapshot`) and name it under `organisationSnapshot`",
        )
    return AwsSettings(
        profile=config.get("profile"),
        region=config.get("region"),
        access_key=config.get("accessKey"),
        secret_key=config.get("secretKey"),
        token=config.get("token"),
        organizations_endpoint=_organizations_endpoint(config.get("endpoints")),
    )


def _organizations_endpoint(text: str | None) -> str | None:
    """Find the address among the provider's endpoints: a list of mappings from service to address."""
    try:
        listed = json.loads(text or "[]")
    except ValueError:
        listed = None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise RefusedLookupError(
            "aws:endpoints is not a list of mappings", "write `- organizations: https://…`"
        )
    return next((str(one["organizations"]) for one in listed if one.get("organizations")), None)
