"""What the tests of the pure model share: a sound stack file, and what the model says of a changed one."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import yaml

from identity_center.model.mistakes import NAMESPACE, AccessModelError, Mistake
from identity_center.model.reading.load import load
from identity_center.model.reading.stack_file import StackFile

SOUND = """\
config:
  aws:region: us-east-1
  identity-center:users:
    ada:
      userName: ada
      givenName: Ada
      familyName: Lovelace
      displayName: Ada Lovelace
      email: ada@example.com
    grace:
      userName: grace
      givenName: Grace
      familyName: Hopper
      displayName: Grace Hopper
      email: grace@example.com
  identity-center:groups:
    developers:
      displayName: Developers
      description: People who build
      members: [ada, grace]
  identity-center:permissionSets:
    power-user:
      name: PowerUser
      description: Nearly everything
      sessionDuration: PT4H
      managedPolicies: [PowerUserAccess, IAMFullAccess]
  identity-center:assignments:
    - group: developers
      permissionSets: [power-user]
      accounts: [management, "012345678901"]
  identity-center:mfaRequirement:
    promptMode: always-on
    noDevice: register
    identityProvider: built-in
    confirmedBy: identity team
    validUntil: "2027-02-15"
  identity-center:portalUrl: https://example.awsapps.com/start
  identity-center:instanceArn: arn:aws:sso:::instance/ssoins-1234567890abcdef
"""


def as_the_engine_gives_it(value: object) -> Any:  # noqa: ANN401  # JSON
    """Turn what PyYAML reads into what Pulumi passes on: times as Go writes them, keys as texts."""
    if isinstance(value, dict):
        return {str(key): as_the_engine_gives_it(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_the_engine_gives_it(item) for item in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC).strftime("%Y-%m-%d %H:%M:%S +0000 UTC")
    return value


@pytest.fixture
def sound() -> str:
    """Return the text of a stack file without mistakes."""
    return SOUND


@pytest.fixture
def values_of() -> Callable[[str], dict[str, Any]]:
    """Return the keys of the namespace, as the engine gives the values of a stack file."""

    def values(text: str) -> dict[str, Any]:
        config = yaml.safe_load(text)["config"]
        prefix = f"{NAMESPACE}:"
        return {
            key.removeprefix(prefix): as_the_engine_gives_it(value)
            for key, value in config.items()
            if key.startswith(prefix)
        }

    return values


@pytest.fixture
def said_of(values_of: Callable[[str], dict[str, Any]]) -> Callable[[str], list[str]]:
    """Return what is said of a stack file, a line for each mistake."""

    def said(text: str) -> list[str]:
        file = StackFile("Pulumi.dev.yaml", text)
        values = {key: file.as_written(key, value) for key, value in values_of(text).items()}
        return written(load(values).mistakes, text)

    def written(mistakes: tuple[Mistake, ...], text: str) -> list[str]:
        return list(AccessModelError(mistakes, StackFile("Pulumi.dev.yaml", text)).lines)

    return said
