"""What an access key asks of the sandbox's AWS: put it under policies, and read what it asked, by action."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

from sandbox.aws.accounts.surroundings import post
from sandbox.settings import ACCESS_KEY_ID

#: Verbs of actions that change nothing.
READS = ("Assume", "BatchGet", "Describe", "Generate", "Get", "IsMember", "List", "Lookup")
EVERYTHING: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def put_under(
    endpoint: str, policies: Mapping[str, Mapping[str, Any]], key: str = ACCESS_KEY_ID, arn: str = ""
) -> None:
    """Put a key under policies, documents by name; its calls are counted from now on."""
    body = {
        "access_key": key,
        "arn": arn or "arn:aws:sts::123456789012:assumed-role/pipeline/run",
        "policies": {name: json.dumps(document) for name, document in policies.items()},
    }
    post(endpoint, "/sandbox/caller", body)


def count(endpoint: str, key: str = ACCESS_KEY_ID) -> None:
    """Count a key's calls from now on; it may do everything."""
    put_under(endpoint, {"everything": EVERYTHING}, key)


def asked(endpoint: str, key: str = ACCESS_KEY_ID) -> dict[str, int]:
    """Return how often a key asked what since it was put under policies."""
    with urllib.request.urlopen(f"{endpoint}/sandbox/calls?{key}") as answer:  # noqa: S310  # loopback
        return dict(json.load(answer))


def is_write(action: str) -> bool:
    """Tell whether an action changes something."""
    return not action.partition(":")[2].startswith(READS)
