"""Signing in, and the access portal."""

from typing import Any

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.aws.portal.sign_ins import sign_ins
from tests.support.signed_in import begin, sign_in

from .register import MANAGEMENT, refuses


def _portal(around: Surroundings) -> Any:  # noqa: ANN401 - boto3 makes its classes
    return loopback_client("sso", around.sso.meta.endpoint_url, "us-east-1")


def _oidc(around: Surroundings) -> Any:  # noqa: ANN401 - boto3 makes its classes
    return loopback_client("sso-oidc", around.sso.meta.endpoint_url, "us-east-1")


def _token(around: Surroundings) -> str:
    around.user()
    return str(sign_in(around, around.word)["accessToken"])


@refuses("portal-token")
def _(around: Surroundings) -> object:
    return _portal(around).list_accounts(accessToken="none")


@refuses("portal-no-access")
def _(around: Surroundings) -> object:
    return _portal(around).get_role_credentials(
        accessToken=_token(around), accountId=MANAGEMENT, roleName="Nothing"
    )


@refuses("portal-page")
def _(around: Surroundings) -> object:
    return _portal(around).list_accounts(accessToken=_token(around), nextToken="none")


@refuses("sign-in-client-type")
def _(around: Surroundings) -> object:
    return _oidc(around).register_client(clientName="tests", clientType="confidential")


@refuses("sign-in-client")
def _(around: Surroundings) -> object:
    oidc, asked, _code = begin(around)
    return oidc.create_token(**{**asked, "clientSecret": "another"})


@refuses("sign-in-start-url")
def _(around: Surroundings) -> object:
    client = _oidc(around).register_client(clientName="tests", clientType="public")
    named = {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}
    return _oidc(around).start_device_authorization(
        **named, startUrl="https://d-0000000000.awsapps.com/start"
    )


@refuses("sign-in-pending")
def _(around: Surroundings) -> object:
    oidc, asked, _code = begin(around)
    return oidc.create_token(**asked)


@refuses("sign-in-expired")
def _(around: Surroundings) -> object:
    oidc, asked, _code = begin(around)
    sign_ins().waiting[asked["deviceCode"]].ends = 0.0
    return oidc.create_token(**asked)


@refuses("sign-in-grant")
def _(around: Surroundings) -> object:
    oidc, asked, _code = begin(around)
    return oidc.create_token(**{**asked, "deviceCode": "none"})


@refuses("sign-in-grant-type")
def _(around: Surroundings) -> object:
    oidc, asked, _code = begin(around)
    return oidc.create_token(**{**asked, "grantType": "authorization_code"})
