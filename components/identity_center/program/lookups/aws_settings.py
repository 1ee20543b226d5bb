"""What the AWS provider is told of credentials, for readings that the provider cannot make."""

import json
from collections.abc import Callable
from typing import Any, Final

import pulumi

from identity_center.model.language.assumed_roles import (
    TOKEN,
    TOKEN_FILE,
    StsRequest,
    WrongRoleError,
    assumed_role,
    web_identity_role,
)
from identity_center.model.language.settings import AwsSettings
from identity_center.resources.arguments.refusal import RefusedLookupError

#: Settings that say who asks, or how, and that boto3 has no like of. To ignore one would ask in another way.
NOT_FOLLOWED = ("noProxy", "ec2MetadataServiceEndpoint", "ec2MetadataServiceEndpointMode")
_REMEDY: Final = (
    "name a profile that does the same (`aws:profile`), or commit a snapshot of the organisation "
    "(`identity-center organisation snapshot`) and name it under `organisationSnapshot`"
)


def read_aws_settings() -> AwsSettings:
    """Read from the keys `aws:…` of the stack who asks AWS, where and how, as the provider does.

    Raises RefusedLookupError where a setting is made that is not followed, or is none.
    """
    config = pulumi.Config("aws")
    made = [f"aws:{key}" for key in NOT_FOLLOWED if config.get(key) not in _EMPTY]
    if made:
        raise RefusedLookupError(
            "units and tags of accounts, and policies of member accounts, are read beside the provider, and "
            f"not with {', '.join(made)}",
            _REMEDY,
        )
    web_identity = _json(config, "assumeRoleWithWebIdentity", {})
    return AwsSettings(
        profile=config.get("profile"),
        region=config.get("region"),
        access_key=config.get("accessKey"),
        secret_key=config.get("secretKey"),
        token=config.get("token"),
        endpoints=_endpoints(config.get("endpoints")),
        config_file=_file(config, "sharedConfigFiles"),
        credentials_file=_file(config, "sharedCredentialsFiles"),
        ca_bundle=config.get("customCaBundle"),
        proxies=_proxies(config),
        fips=config.get("useFipsEndpoint") == "true",
        dualstack=config.get("useDualstackEndpoint") == "true",
        web_identity=_role("assumeRoleWithWebIdentity", web_identity_role, web_identity)
        if web_identity
        else None,
        web_identity_token=web_identity.get(TOKEN),
        web_identity_token_file=web_identity.get(TOKEN_FILE),
        roles=tuple(_role("assumeRoles", assumed_role, one) for one in _json(config, "assumeRoles", [])),
    )


_EMPTY: Final = (None, "", "[]", "{}", "false")


def _json(config: pulumi.Config, key: str, nothing: Any) -> Any:  # noqa: ANN401  # any JSON
    """Read a setting that is a list or a mapping, as `nothing` is."""
    try:
        found = json.loads(config.get(key) or "null")
    except ValueError:
        found = "no JSON"
    if found is None:
        return nothing
    if not isinstance(found, type(nothing)):
        raise RefusedLookupError(
            f"aws:{key} is no {'list' if isinstance(nothing, list) else 'mapping'}", _REMEDY
        )
    return found


def _role(key: str, read: Callable[[object], StsRequest], role: object) -> StsRequest:
    try:
        return read(role)
    except WrongRoleError as error:
        raise RefusedLookupError(f"aws:{key}: {error}", "write it as the AWS provider takes it") from error


def _file(config: pulumi.Config, key: str) -> str | None:
    """Return the one file that a list names: boto3 reads one, where the provider would merge several."""
    files = _json(config, key, [])
    if len(files) > 1:
        raise RefusedLookupError(f"aws:{key} names {len(files)} files, and here one is read", _REMEDY)
    return str(files[0]) if files else None


def _proxies(config: pulumi.Config) -> dict[str, str]:
    """Return the proxies by scheme. One for HTTP alone is the other's, too.

    Source: hashicorp/aws-sdk-go-base, http_client.go: an HTTP proxy is used for HTTPS where none is set.
    """
    plain, secure = config.get("httpProxy"), config.get("httpsProxy")
    named = {"http": plain, "https": secure or plain}
    return {scheme: address for scheme, address in named.items() if address}


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
