"""Signing in to the sandbox's access portal, as `aws sso login --use-device-code` does, and what it keeps."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import Surroundings, post
from sandbox.aws.portal.sign_in import DEVICE_CODE

SCOPES: Final = ("sso:account:access",)


def portal_url(around: Surroundings) -> str:
    """Return where people sign in."""
    return f"https://{around.store_id}.awsapps.com/start"


def begin(around: Surroundings, scopes: tuple[str, ...] = SCOPES) -> tuple[Any, dict[str, str], str]:
    """Begin to sign in: return the client, what asks for the token, and the code that a person sees."""
    oidc = loopback_client("sso-oidc", around.sso.meta.endpoint_url, around.sso.meta.region_name)
    client = oidc.register_client(clientName="tests", clientType="public", scopes=list(scopes))
    named = {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}
    waiting = oidc.start_device_authorization(**named, startUrl=portal_url(around))
    asked = {**named, "grantType": DEVICE_CODE, "deviceCode": waiting["deviceCode"]}
    return oidc, asked, waiting["userCode"]


def sign_in(around: Surroundings, user_name: str, scopes: tuple[str, ...] = SCOPES) -> dict[str, Any]:
    """Sign somebody in; return what CreateToken answers, and the client beside it."""
    oidc, asked, user_code = begin(around, scopes)
    approval = {"user_code": user_code, "user_name": user_name}
    post(around.sso.meta.endpoint_url, "/sandbox/sign-in", approval)
    token: dict[str, Any] = oidc.create_token(**asked)
    return {**token, "clientId": asked["clientId"], "clientSecret": asked["clientSecret"]}


def keep_token(
    folder: Path, around: Surroundings, token: dict[str, Any], session: str, lasts: float = 3600
) -> Path:
    """Write a token as the AWS CLI keeps it for an sso-session.

    Source: botocore.utils, SSOTokenLoader (the name of the file) and botocore.tokens, SSOTokenProvider.
    """
    name = hashlib.sha1(session.encode(), usedforsecurity=False).hexdigest()
    ends = datetime.now(UTC) + timedelta(seconds=lasts)
    kept = {
        "startUrl": portal_url(around),
        "region": around.sso.meta.region_name,
        "accessToken": token["accessToken"],
        "expiresAt": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
        "clientId": token["clientId"],
        "clientSecret": token["clientSecret"],
        "registrationExpiresAt": f"{ends + timedelta(days=90):%Y-%m-%dT%H:%M:%SZ}",
        **({"refreshToken": token["refreshToken"]} if "refreshToken" in token else {}),
    }
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    file.write_text(json.dumps(kept), encoding="utf-8")
    return file
