"""The stand-in provider as an engine meets it, over an API of the tests' own."""

import uuid
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.provider import serve
from sandbox.provider.rows.attached import Attached
from tests.support.aws_in_process import endpoint, first_day, let_pass, restored

__all__ = ["endpoint", "first_day", "let_pass", "restored"]

REGION = "us-east-1"


@pytest.fixture(scope="module", autouse=True)
def trusted(endpoint: str, restored: None) -> None:
    """Let IAM into the organisation, which its features need; AWS's own name for it is trusted access."""
    assert restored is None
    loopback_client("organizations", endpoint, REGION).enable_aws_service_access(
        ServicePrincipal="iam.amazonaws.com"
    )


@pytest.fixture(scope="session")
def port(endpoint: str) -> Iterator[int]:
    """Serve the provider for the session."""
    server: grpc.Server
    server, bound = serve(endpoint)
    yield bound
    server.stop(grace=None).wait()


@pytest.fixture
def attached(port: int) -> Iterator[Attached]:
    """Give one engine's connection."""
    connection = Attached(port, region=REGION)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def iam(endpoint: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
    """Give IAM's API, beside the provider."""
    return loopback_client("iam", endpoint, REGION)


@pytest.fixture(scope="session")
def sso(endpoint: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
    """Give Identity Center's API, beside the provider."""
    return loopback_client("sso-admin", endpoint, REGION)


@pytest.fixture(scope="session")
def store(endpoint: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
    """Give the directory's API, beside the provider."""
    return loopback_client("identitystore", endpoint, REGION)


@pytest.fixture(scope="module")
def instance(sso: Any, restored: None) -> dict[str, str]:  # noqa: ANN401 - a boto3 client
    """Give the instance of Identity Center that a module begins with: its ARN and its directory."""
    assert restored is None
    (found,) = sso.list_instances()["Instances"]
    return {"arn": found["InstanceArn"], "store": found["IdentityStoreId"]}


@pytest.fixture
def unique() -> str:
    """Give a word that no other test uses: the tests share one AWS."""
    return f"t{uuid.uuid4().hex[:10]}"


@pytest.fixture
def around(endpoint: str, unique: str) -> Surroundings:
    """Give what a test makes beside the provider."""
    return Surroundings(endpoint, "us-east-1", unique)


@pytest.fixture
def impatient(port: int) -> Attached:
    """Give a connection that tries nothing again."""
    return Attached(port, region="us-east-1", maxRetries=1)
