"""AWS's side of the sandbox, over a real loopback server and real clients."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import Surroundings
from tests.support.aws_in_process import endpoint, first_day, let_pass, restored, stages

__all__ = ["endpoint", "first_day", "let_pass", "restored", "stages"]

REGION = "us-east-1"


@pytest.fixture(scope="session")
def sso(endpoint: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
    """Give Identity Center's API."""
    return loopback_client("sso-admin", endpoint, REGION)


@pytest.fixture(scope="session")
def organizations(endpoint: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
    """Give the organisation's API."""
    return loopback_client("organizations", endpoint, REGION)


@pytest.fixture
def unique() -> str:
    """Give a word that no other test uses: the tests share one AWS."""
    return f"t{uuid.uuid4().hex[:10]}"


@pytest.fixture
def around(endpoint: str, unique: str, let_pass: Callable[[float], None]) -> Surroundings:
    """Give the things that a test needs around it, named by its own word; time passes only as a test says.

    However busy the machine is, what is done later is not done yet when a test looks at once.
    """
    return Surroundings(endpoint, REGION, unique, wait=lambda _seconds: let_pass(1.0))
