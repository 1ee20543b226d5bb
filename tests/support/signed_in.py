"""People who have signed in to the sandbox's access portal, of the instance that a test has around it."""

from pathlib import Path
from typing import Any

from identity_center_cli.aws.portal.sso_session import SsoSession
from identity_center_cli.connection import SESSION_NAME
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.shell import signing_in
from sandbox.shell.signing_in import SCOPES


def portal_url(around: Surroundings) -> str:
    """Return where people sign in."""
    return f"https://{around.store_id}.awsapps.com/start"


def begin(around: Surroundings) -> tuple[Any, dict[str, str], str]:
    """Begin to sign in: return the client, what asks for the token, and the code that a person sees."""
    return signing_in.begin(around.sso.meta.endpoint_url, _session(around))


def sign_in(around: Surroundings, user_name: str, scopes: tuple[str, ...] = SCOPES) -> dict[str, Any]:
    """Sign somebody in; return what CreateToken answers, and the client beside it."""
    return signing_in.sign_in(around.sso.meta.endpoint_url, _session(around), user_name, scopes)


def keep_token(folder: Path, around: Surroundings, token: dict[str, Any], lasts: float | None = None) -> Path:
    """Write a token as the AWS CLI keeps it for the sso-session that the command looks for."""
    return signing_in.keep_token(folder, token, _session(around), lasts)


def _session(around: Surroundings) -> SsoSession:
    return SsoSession(SESSION_NAME, portal_url(around), around.sso.meta.region_name)
