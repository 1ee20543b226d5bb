"""botocore without its surroundings: no profile, file, environment variable, proxy or metadata service."""

from functools import cache
from typing import Any

import botocore.config
import botocore.session
from botocore.exceptions import IncompleteReadError

# What botocore asks a session for; everything else it takes as not set.
_SETTINGS: dict[str, Any] = {
    "metadata_service_timeout": 1,
    "metadata_service_num_attempts": 1,
    "parameter_validation": True,
    "api_versions": {},
    "retry_mode": "standard",
}


class _Session(botocore.session.Session):
    """A session that has nothing to read."""

    @property
    def full_config(self) -> dict[str, Any]:
        """Return an AWS config file without a word in it."""
        return {"profiles": {}}

    def get_scoped_config(self) -> dict[str, Any]:
        """Return a profile without a word in it; a profile that the environment names does not matter."""
        return {}

    def get_config_variable(self, logical_name: str, methods: Any = None) -> Any:  # noqa: ANN401 - botocore's signature
        """Return a setting of this module, never of the environment."""
        del methods
        return _SETTINGS.get(logical_name)


@cache
def isolated_session() -> botocore.session.Session:
    """Return the session from which every client of the sandbox's own processes comes."""
    session = _Session()
    session.register("before-parse", _insist_on_all)
    return session


def _insist_on_all(**event: Any) -> None:  # noqa: ANN401 - botocore's signature
    """Take no answer that broke off: botocore makes an empty one of it, and Go's SDK an error.

    Source: botocore/httpsession.py, ``enforce_content_length=False``; botocore/parsers.py, BaseJSONParser.
    """
    answer, operation = event["response_dict"], event["operation_model"]
    promised, body = answer["headers"].get("Content-Length"), answer["body"]
    if promised is None or not isinstance(body, bytes) or operation.http.get("method") == "HEAD":
        return
    if len(body) < int(promised):
        raise IncompleteReadError(actual_bytes=len(body), expected_bytes=int(promised))


def isolated_config() -> botocore.config.Config:
    """Return the settings of a client on loopback: one attempt, and no proxy of the environment either."""
    return botocore.config.Config(
        proxies={},
        retries={"total_max_attempts": 1, "mode": "standard"},
        use_fips_endpoint=False,
        use_dualstack_endpoint=False,
        connect_timeout=5,
        read_timeout=30,
    )
