"""boto3 sessions with the credentials that the Pulumi AWS provider is told of, got in the same way.

Where it takes several steps, they come in the provider's order: the files, profile and keys; then the role of
a web identity, in their place; then the roles, each assumed with the credentials of the one before.
Source: hashicorp/aws-sdk-go-base, credentials.go, getCredentialsProvider.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    AssumeRoleWithWebIdentityCredentialFetcher,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError

from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws.answers import NO_ANSWER
from identity_center_cli.aws.retries import PATIENT

_ROLE_ARN: Final = "RoleArn"


def session_with(settings: AwsSettings) -> boto3.Session:
    """Return a session with these settings; for what they leave out, boto3's own rules hold.

    Credentials of roles are asked for when they are needed first, and again before they expire.
    Raises botocore's NoCredentialsError where there are none to assume a role with.
    """
    core = _core(settings)
    session = boto3.Session(
        profile_name=settings.profile,
        region_name=settings.region,
        aws_access_key_id=settings.access_key,
        aws_secret_access_key=settings.secret_key,
        aws_session_token=settings.token,
        botocore_session=core,
    )
    if settings.web_identity is not None:
        _use(core, _with_web_identity(core, settings))
    for role in settings.roles:
        source = core.get_credentials()
        if source is None:
            raise NoCredentialsError
        creator = _creator(core, settings)
        _use(core, AssumeRoleCredentialFetcher(creator, source, role[_ROLE_ARN], extra_args=dict(role)))
    return session


def caller_arn(settings: AwsSettings) -> str | None:
    """Return whose credentials these are, as AWS names it, or None where AWS does not say.

    Needs no permission. Source: STS API reference, GetCallerIdentity.
    """
    sts = session_with(settings).client("sts", endpoint_url=settings.endpoints.get("sts"), config=PATIENT)
    try:
        return sts.get_caller_identity()["Arn"]
    except NO_ANSWER:
        return None


def _core(settings: AwsSettings) -> botocore.session.Session:
    core = botocore.session.Session()
    files = {
        "config_file": settings.config_file,
        "credentials_file": settings.credentials_file,
        "ca_bundle": settings.ca_bundle,
    }
    for variable, file in files.items():
        if file:
            core.set_config_variable(variable, str(Path(file).expanduser()))
    ways: dict[str, Any] = {"proxies": dict(settings.proxies)} if settings.proxies else {}
    ways |= {"use_fips_endpoint": True} if settings.fips else {}
    ways |= {"use_dualstack_endpoint": True} if settings.dualstack else {}
    if ways:
        core.set_default_client_config(Config(**ways))
    return core


def _with_web_identity(
    core: botocore.session.Session, settings: AwsSettings
) -> AssumeRoleWithWebIdentityCredentialFetcher:
    role = dict(settings.web_identity or {})

    def token() -> str:
        # Read each time: whoever writes the file renews the token.
        if settings.web_identity_token_file:
            return Path(settings.web_identity_token_file).expanduser().read_text(encoding="utf-8")
        return settings.web_identity_token or ""

    return AssumeRoleWithWebIdentityCredentialFetcher(
        _creator(core, settings), token, role[_ROLE_ARN], extra_args=role
    )


def _creator(core: botocore.session.Session, settings: AwsSettings) -> Callable[..., Any]:
    """Return what makes clients of STS for a step: in the Region and at the address of the stack."""

    def create(service: str, **more: Any) -> Any:  # noqa: ANN401  # botocore makes its classes
        return core.create_client(
            service, region_name=settings.region, endpoint_url=settings.endpoints.get("sts"), **more
        )

    return create


def _use(core: botocore.session.Session, fetcher: Any) -> None:  # noqa: ANN401  # botocore's fetchers have no common type
    """Let the session use what a fetcher fetches, in the place of what it had."""
    found = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    # botocore's own credential chain puts them there as well; `set_credentials` takes keys only.
    vars(core)["_credentials"] = found
