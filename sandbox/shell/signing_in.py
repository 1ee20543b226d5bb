"""Signs somebody in to the sandbox, in the place of `aws sso login` and the browser that it opens.

What a person does in the browser is done at a door; the rest is the device flow, and the file is the one that
the AWS CLI keeps. Sources: botocore.utils, SSOTokenLoader, and botocore.tokens, SSOTokenProvider.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError

from identity_center_cli.aws.portal.sso_session import SsoSession
from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import post
from sandbox.aws.portal.sign_in import DEVICE_CODE
from sandbox.errors import SandboxError

#: What the AWS CLI asks for; the token can then be renewed.
SCOPES: Final = ("sso:account:access",)
_REGISTRATION: Final = timedelta(days=90)


def sign_in(
    endpoint: str, session: SsoSession, user_name: str, scopes: tuple[str, ...] = SCOPES
) -> dict[str, Any]:
    """Sign somebody in; return what CreateToken answers, and the client beside it.

    Raises SandboxError where nobody is called so.
    """
    oidc, asked, user_code = begin(endpoint, session, scopes)
    try:
        post(endpoint, "/sandbox/sign-in", {"user_code": user_code, "user_name": user_name})
    except HTTPError as error:
        raise SandboxError(f"nobody in the sandbox's directory has the user name {user_name}") from error
    token: dict[str, Any] = oidc.create_token(**asked)
    return {**token, "clientId": asked["clientId"], "clientSecret": asked["clientSecret"]}


def begin(
    endpoint: str, session: SsoSession, scopes: tuple[str, ...] = SCOPES
) -> tuple[Any, dict[str, str], str]:
    """Begin to sign in: return the client, what asks for the token, and the code that a person sees."""
    oidc = loopback_client("sso-oidc", endpoint, session.region)
    client = oidc.register_client(clientName="sandbox", clientType="public", scopes=list(scopes))
    named = {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}
    waiting = oidc.start_device_authorization(**named, startUrl=session.start_url)
    asked = {**named, "grantType": DEVICE_CODE, "deviceCode": waiting["deviceCode"]}
    return oidc, asked, waiting["userCode"]


def keep_token(folder: Path, token: dict[str, Any], session: SsoSession, lasts: float | None = None) -> Path:
    """Write a token as the AWS CLI keeps it for an sso-session; `lasts` are seconds, if not its own."""
    name = hashlib.sha1(session.name.encode(), usedforsecurity=False).hexdigest()
    now = datetime.now(UTC)
    kept = {
        "startUrl": session.start_url,
        "region": session.region,
        "accessToken": token["accessToken"],
        "expiresAt": _moment(now + timedelta(seconds=token["expiresIn"] if lasts is None else lasts)),
        "clientId": token["clientId"],
        "clientSecret": token["clientSecret"],
        "registrationExpiresAt": _moment(now + _REGISTRATION),
        **({"refreshToken": token["refreshToken"]} if "refreshToken" in token else {}),
    }
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    file.write_text(json.dumps(kept), encoding="utf-8")
    return file


def _moment(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
