"""Roles that the Pulumi AWS provider assumes, from its own form to the requests that STS takes.

Source of the members: pulumi-aws 7.51, types ProviderAssumeRole and ProviderAssumeRoleWithWebIdentity. What
they become: hashicorp/aws-sdk-go-base, credentials.go, assumeRoleCredentialsProvider and
webIdentityCredentialsProvider; STS API reference, AssumeRole and AssumeRoleWithWebIdentity.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

#: The members of one request to STS.
StsRequest = Mapping[str, Any]

_DURATION: Final = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


class WrongRoleError(Exception):
    """A role that the provider would not take, either; the text says which member and why."""


def _as_is(value: object) -> object:
    return value


def _seconds(text: object) -> int:
    """Return the seconds of a duration as Go writes it, such as `1h30m`."""
    found = _DURATION.fullmatch(str(text)) if text else None
    if found is None:
        raise WrongRoleError(f"duration: {text!r} is no duration; write it as 1h30m")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return 3600 * hours + 60 * minutes + seconds


def _arns(listed: Any) -> list[dict[str, str]]:  # noqa: ANN401  # any JSON
    return [{"arn": str(arn)} for arn in listed]


def _tags(tags: Any) -> list[dict[str, str]]:  # noqa: ANN401  # any JSON
    return [{"Key": str(key), "Value": str(value)} for key, value in dict(tags).items()]


_Member = tuple[str, Callable[[Any], object]]
_OF_BOTH: Final[Mapping[str, _Member]] = {
    "roleArn": ("RoleArn", _as_is),
    "sessionName": ("RoleSessionName", _as_is),
    "policy": ("Policy", _as_is),
    "policyArns": ("PolicyArns", _arns),
    "duration": ("DurationSeconds", _seconds),
}
_OF_ROLE: Final[Mapping[str, _Member]] = {
    **_OF_BOTH,
    "externalId": ("ExternalId", _as_is),
    "sourceIdentity": ("SourceIdentity", _as_is),
    "tags": ("Tags", _tags),
    "transitiveTagKeys": ("TransitiveTagKeys", list),
}
#: The token itself, or a file that holds it: ours, no member of the request.
TOKEN, TOKEN_FILE = "webIdentityToken", "webIdentityTokenFile"


def assumed_role(role: object) -> StsRequest:
    """Return the request for one of the provider's `assumeRoles`. Raises WrongRoleError."""
    return _request(role, _OF_ROLE)


def web_identity_role(role: object) -> StsRequest:
    """Return the request for `assumeRoleWithWebIdentity`, without its token. Raises WrongRoleError."""
    if not isinstance(role, Mapping):
        raise WrongRoleError("it is no mapping")
    if bool(role.get(TOKEN)) == bool(role.get(TOKEN_FILE)):
        raise WrongRoleError(f"it needs one of {TOKEN} and {TOKEN_FILE}")
    return _request({key: each for key, each in role.items() if key not in {TOKEN, TOKEN_FILE}}, _OF_BOTH)


def _request(role: object, members: Mapping[str, _Member]) -> StsRequest:
    if not isinstance(role, Mapping) or not role.get("roleArn"):
        raise WrongRoleError("it names no roleArn")
    request = dict[str, object]()
    for key, value in role.items():
        if key not in members:
            raise WrongRoleError(f"{key} is not known here")
        name, read = members[key]
        if value not in (None, "", [], {}):
            request[name] = read(value)
    return request
