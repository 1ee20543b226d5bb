"""The options of the provider: those of the real plugin, each with what the stand-in does about it.

An option that is not in the table is an error; so is one whose effect could not be had here, because a
program that sets it would behave otherwise with the real plugin.
"""

import difflib
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.provider.nearest import nearest
from sandbox.provider.rows.values import UNKNOWN, Value, plain

_TAKEN = {
    "region": "where requests go; each resource may name another",
    "endpoints": "addresses by service, loopback only",
    "accessKey": "sent to loopback as it is",
    "secretKey": "sent to loopback as it is",
    "token": "sent to loopback as it is",
    "assumeRoles": "assumed one after the other through the sandbox's STS",
    "defaultTags": "added to every resource that takes tags",
    "ignoreTags": "tags that are left out of what is read",
    "maxRetries": "how often a refusal for the moment is tried again",
    "allowedAccountIds": "checked with STS",
    "forbiddenAccountIds": "checked with STS",
}
_WITHOUT_EFFECT = {
    "skipCredentialsValidation": "nothing is validated",
    "skipMetadataApiCheck": "instance metadata is never read",
    "skipRegionValidation": "the sandbox validates the region",
    "skipRequestingAccountId": "nothing is requested",
    "insecure": "loopback has no TLS",
    "retryMode": "there is one",
    "userAgents": "nobody reads them on loopback",
    "tokenBucketRateLimiterCapacity": "there is no limiter",
    "s3UsePathStyle": "there is no S3 resource",
    "s3UsEast1RegionalEndpoint": "there is no S3 resource",
    "stsRegion": "the sandbox's STS is one",
    "version": "the engine's own",
    "pluginDownloadURL": "the engine's own",
}
_REFUSED = {
    "profile": "the stand-in never reads AWS profiles; remove it or use the real plugin",
    "sharedConfigFiles": "the stand-in never reads AWS files; remove it or use the real plugin",
    "sharedCredentialsFiles": "the stand-in never reads AWS files; remove it or use the real plugin",
    "assumeRoleWithWebIdentity": "the sandbox has no web identities; use assumeRoles",
    "customCaBundle": "loopback has no TLS; remove it",
    "ec2MetadataServiceEndpoint": "instance metadata is never read; remove it",
    "ec2MetadataServiceEndpointMode": "instance metadata is never read; remove it",
    "httpProxy": "requests go to loopback only; remove it",
    "httpsProxy": "requests go to loopback only; remove it",
    "noProxy": "requests go to loopback only; remove it",
    "useDualstackEndpoint": "the endpoint is on loopback; remove it",
    "useFipsEndpoint": "the endpoint is on loopback; remove it",
    "tagPolicyCompliance": "tag policies are not evaluated here; remove it",
}
# What stands in an option that is an object.
_MEMBERS = {
    "assumeRoles": ("roleArn", "sessionName", "externalId", "policy"),
    "defaultTags": ("tags",),
    "ignoreTags": ("keys", "keyPrefixes"),
}
OPTIONS = {**_TAKEN, **_WITHOUT_EFFECT, **_REFUSED}
"""Every option of pulumi_aws.Provider, with what the stand-in does about it."""

# Keys of aws:endpoints, by botocore's name of the service.
_ENDPOINT_KEYS = {
    "account-access": "accountaccess",
    "iam": "iam",
    "identitystore": "identitystore",
    "organizations": "organizations",
    "sso-admin": "ssoadmin",
    "sts": "sts",
}
# A key this like one of ours is one of ours, misspelt; the real plugin has keys of some 400 other services.
_MISSPELT = 0.85
_MAX_RETRIES = 25


@dataclass(frozen=True)
class Options:
    """The options of one provider, checked."""

    region: str
    endpoint: str
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """By botocore's name of a service."""
    access_key: str = "sandbox"
    secret_key: str = field(default="sandbox", repr=False)
    token: str | None = field(default=None, repr=False)
    roles: tuple[Mapping[str, Any], ...] = ()
    default_tags: Mapping[str, str] = field(default_factory=dict)
    ignored_tags: tuple[str, ...] = ()
    ignored_tag_prefixes: tuple[str, ...] = ()
    max_retries: int = _MAX_RETRIES
    allowed_accounts: tuple[str, ...] = ()
    forbidden_accounts: tuple[str, ...] = ()

    def endpoint_of(self, service: str) -> str:
        """Return the address of a service."""
        return self.endpoints.get(service, self.endpoint)


class OptionError(Exception):
    """Options that the stand-in does not take: every problem, by option."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"aws:{name}: {reason}" for name, reason in problems))
        self.problems = problems


def read_options(given: Mapping[str, Value], endpoint: str, default_region: str) -> Options:
    """Check the options that the engine sends, in both forms: as values, or each value as JSON text."""
    problems: list[tuple[str, str]] = []
    values = {}
    for name, value in given.items():
        if name.startswith("__") or value is None:
            continue
        values[name] = value if value is UNKNOWN else _decoded(plain(value))
        if name not in OPTIONS:
            problems.append((name, f"the provider has no such option; {nearest(name, OPTIONS)}"))
        elif name in _REFUSED:
            problems.append((name, _REFUSED[name]))
        problems += [(name, problem) for problem in _unknown_members(name, values[name])]
    endpoints = _endpoints(values.get("endpoints"), problems)
    _require_loopback(endpoint, "endpoint of the sandbox", problems)
    if problems:
        raise OptionError(problems)
    return _options(values, endpoint, endpoints, default_region)


def _unknown_members(option: str, value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    """Name what an option that is an object, or a list of them, holds and should not."""
    rows = value if isinstance(value, list) else [value]
    known = _MEMBERS.get(option, ())
    return [
        f"it has no member {member!r} here; {nearest(member, known)}"
        for row in rows
        if known and isinstance(row, dict)
        for member in row
        if member not in known
    ]


def _options(
    values: Mapping[str, Any], endpoint: str, endpoints: Mapping[str, str], default_region: str
) -> Options:
    ignored = values.get("ignoreTags") or {}
    return Options(
        region=values.get("region") or default_region,
        endpoint=endpoint,
        endpoints=endpoints,
        access_key=values.get("accessKey") or "sandbox",
        secret_key=values.get("secretKey") or "sandbox",
        token=values.get("token"),
        roles=tuple(values.get("assumeRoles") or ()),
        default_tags=dict((values.get("defaultTags") or {}).get("tags") or {}),
        ignored_tags=tuple(ignored.get("keys") or ()),
        ignored_tag_prefixes=tuple(ignored.get("keyPrefixes") or ()),
        max_retries=int(values.get("maxRetries") or _MAX_RETRIES),
        allowed_accounts=tuple(str(one) for one in values.get("allowedAccountIds") or ()),
        forbidden_accounts=tuple(str(one) for one in values.get("forbiddenAccountIds") or ()),
    )


def _decoded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Read a value that came as JSON text: the SDK writes lists and objects of a provider so."""
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _endpoints(given: Any, problems: list[tuple[str, str]]) -> dict[str, str]:  # noqa: ANN401 - any JSON value
    """Read ``aws:endpoints``: a list of maps from a service's key to an address."""
    by_key = {key: service for service, key in _ENDPOINT_KEYS.items()}
    found: dict[str, str] = {}
    for row in [given] if isinstance(given, dict) else given or []:
        for key, address in row.items():
            if not address:
                continue
            _require_loopback(str(address), f"endpoints.{key}", problems)
            meant = difflib.get_close_matches(key, by_key, n=1, cutoff=_MISSPELT)
            if key in by_key:
                found[by_key[key]] = str(address)
            elif meant:
                problems.append(("endpoints", f"there is no service {key}; did you mean {meant[0]}?"))
    return found


def _require_loopback(address: str, name: str, problems: list[tuple[str, str]]) -> None:
    if _is_loopback(urlsplit(address).hostname or ""):
        return
    problems.append(
        (
            name.partition(".")[0] if name.startswith("endpoints") else name,
            f"{name} is {address}, which is not on loopback; the stand-in talks to this machine only",
        )
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
