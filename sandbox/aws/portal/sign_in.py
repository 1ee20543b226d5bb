"""Signing in from a terminal: the device flow of ``sso-oidc``, as ``aws sso login --use-device-code`` goes.

A person says yes at one of the sandbox's doors, ``/sandbox/sign-in``, in the place of a browser. Other flows
than by device code and by refresh token are refused: they need pages of AWS's. That a client which asks more
often than once a second is told to slow down is left out.
Source: botocore's model of sso-oidc; RFC 8628 for the words of its errors.
"""

import secrets
from typing import Any, Final

from sandbox.aws.identity_center.ssoadmin_state import Instance
from sandbox.aws.modelled import now
from sandbox.aws.portal.sign_ins import (
    CODE_LASTS,
    TOKEN_LASTS,
    TOKEN_WITHOUT_SCOPES_LASTS,
    Client,
    Token,
    WaitingSignIn,
    instances,
    sign_ins,
    store_of,
)
from sandbox.aws.refusals.table import refuse

DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
REFRESH_TOKEN: Final = "refresh_token"  # noqa: S105  # the name of a grant
_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"


class SignIn:
    """The operations of ``sso-oidc``."""

    def register_client(self, asked: dict[str, Any]) -> dict[str, Any]:
        """RegisterClient: public clients only."""
        if asked["clientType"] != "public":
            refuse("sign-in-client-type")
        identifier, client = secrets.token_urlsafe(16), Client(scopes=tuple(asked.get("scopes", ())))
        sign_ins().clients[identifier] = client
        return {
            "clientId": identifier,
            "clientSecret": client.secret,
            "clientIdIssuedAt": int(client.made),
            "clientSecretExpiresAt": int(client.ends),
        }

    def start_device_authorization(self, asked: dict[str, Any]) -> dict[str, Any]:
        """StartDeviceAuthorization."""
        _client(asked)
        instance = _instance(asked["startUrl"])
        code = "".join(secrets.choice(_LETTERS) for _ in range(8))
        user_code, device_code = f"{code[:4]}-{code[4:]}", secrets.token_urlsafe(48)
        sign_ins().waiting[device_code] = WaitingSignIn(asked["clientId"], instance.arn, user_code)
        page = f"https://device.sso.{instance.region}.amazonaws.com/"
        return {
            "deviceCode": device_code,
            "userCode": user_code,
            "verificationUri": page,
            "verificationUriComplete": f"{page}?user_code={user_code}",
            "expiresIn": CODE_LASTS,
            "interval": 1,
        }

    def create_token(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateToken, by device code or refresh token."""
        client = _client(asked)
        if asked["grantType"] == DEVICE_CODE:
            return _first_token(asked, client)
        if asked["grantType"] == REFRESH_TOKEN:
            held = sign_ins().refresh.pop(asked.get("refreshToken", ""), None)
            if held is None or held.client != asked["clientId"] or not _is_there(held):
                refuse("sign-in-grant")
            return _issued(held, client)
        return refuse("sign-in-grant-type")


def _client(asked: dict[str, Any]) -> Client:
    client = sign_ins().clients.get(asked["clientId"])
    if client is None or client.secret != asked["clientSecret"] or now() >= client.ends:
        refuse("sign-in-client")
    return client


def _instance(start_url: str) -> Instance:
    # Each partition's address of the portal has the directory's id in it.
    return next((each for each in instances() if each.store_id in start_url), None) or refuse(
        "sign-in-start-url"
    )


def _first_token(asked: dict[str, Any], client: Client) -> dict[str, Any]:
    code = asked.get("deviceCode", "")
    waiting = sign_ins().waiting.get(code)
    if waiting is None or waiting.client != asked["clientId"]:
        refuse("sign-in-grant")
    if now() >= waiting.ends:
        refuse("sign-in-expired")
    if waiting.person is None:
        refuse("sign-in-pending")
    del sign_ins().waiting[code]
    return _issued(Token(waiting.client, waiting.person, 0.0), client)


def _issued(held: Token, client: Client) -> dict[str, Any]:
    """Issue a token; one for a client with scopes can be renewed."""
    lasts = TOKEN_LASTS if client.scopes else TOKEN_WITHOUT_SCOPES_LASTS
    token = Token(held.client, held.person, now() + lasts)
    access, refresh = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
    sign_ins().tokens[access] = token
    told = {"accessToken": access, "tokenType": "Bearer", "expiresIn": lasts}
    if not client.scopes:
        return told
    sign_ins().refresh[refresh] = token
    return {**told, "refreshToken": refresh}


def _is_there(token: Token) -> bool:
    """Tell whether the person is still in the directory."""
    return any(
        each.arn == token.person.instance and token.person.user in store_of(each).users
        for each in instances()
    )
