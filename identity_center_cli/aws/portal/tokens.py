"""The token that `aws sso login` keeps for an sso-session: found, and renewed, by botocore's own code.

The AWS CLI keeps it in a file that is named after the session (botocore.utils, SSOTokenLoader); botocore
renews one that is about to end and writes it back, as each call of the CLI does (botocore.tokens,
SSOTokenProvider). The token itself is in no message.
"""

from pathlib import Path
from typing import Final

import botocore.session
from botocore.exceptions import SSOTokenLoadError, TokenRetrievalError
from botocore.tokens import SSOTokenProvider
from botocore.utils import JSONFileCache

from .sso_session import SsoSession

#: Source: AWS CLI user guide, "Configuring IAM Identity Center authentication".
CACHE: Final = Path("~/.aws/sso/cache")
_PROFILE: Final = "identity-center verify"


class NotSignedInError(Exception):
    """There is no token for an sso-session, or none that still holds."""

    def __init__(self, session: str, what: str) -> None:
        """Name the session, say what is wrong with its token, and what to do."""
        super().__init__(
            f"{what}: sign in with `aws sso login --sso-session {session}` (its lines in ~/.aws/config: "
            "`identity-center profiles --write ~/.aws/config`)"
        )


def configured_session(name: str) -> SsoSession | None:
    """Return the sso-session of the AWS configuration; None where it has none of this name.

    Raises botocore's ConfigParseError for a file that it cannot read.
    """
    known = botocore.session.Session().full_config.get("sso_sessions", {}).get(name, {})
    url, region = known.get("sso_start_url"), known.get("sso_region")
    return SsoSession(name, str(url), str(region)) if url and region else None


def access_token(session: SsoSession, cache: Path = CACHE) -> str:
    """Return the token of whoever is signed in, renewed where that is due. Raises NotSignedInError."""
    core = botocore.session.Session()
    # The provider reads the session from the configuration, by a profile; nobody else sees this one.
    core.full_config["profiles"][_PROFILE] = {"sso_session": session.name}
    core.full_config.setdefault("sso_sessions", {})[session.name] = {
        "sso_start_url": session.start_url,
        "sso_region": session.region,
    }
    files = JSONFileCache(str(cache.expanduser()))
    try:
        found = SSOTokenProvider(core, files, profile_name=_PROFILE).load_token()
        token: str = found.get_frozen_token().token
    except SSOTokenLoadError as error:
        raise NotSignedInError(
            session.name, f"nobody is signed in for sso-session `{session.name}`"
        ) from error
    except (TokenRetrievalError, ValueError) as error:
        what = f"the token of sso-session `{session.name}` has ended"
        raise NotSignedInError(session.name, what) from error
    return token
