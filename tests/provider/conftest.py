"""The stand-in provider as an engine meets it, over an API of the tests' own."""

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from werkzeug.serving import make_server

from sandbox.aws import create_app, reset, seed
from sandbox.aws.organisation import loopback_client
from sandbox.provider import serve
from sandbox.provider.attached import Attached
from sandbox.server import QuietHandler

REGION = "us-east-1"


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Serve the API for the session, with its small organisation."""
    server = make_server("127.0.0.1", 0, create_app(), threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    # moto keeps its state in the process, so the tests of another folder may have left theirs.
    reset(url)
    seed(url, REGION)
    # Organization features need it; AWS's own name for it is trusted access.
    loopback_client("organizations", url, REGION).enable_aws_service_access(
        ServicePrincipal="iam.amazonaws.com"
    )
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


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


@pytest.fixture(scope="session")
def instance(sso: Any) -> dict[str, str]:  # noqa: ANN401 - a boto3 client
    """Give the instance of Identity Center: its ARN and its directory."""
    (found,) = sso.list_instances()["Instances"]
    return {"arn": found["InstanceArn"], "store": found["IdentityStoreId"]}


@pytest.fixture
def unique() -> str:
    """Give a word that no other test uses: the tests share one AWS."""
    return f"t{uuid.uuid4().hex[:10]}"
