"""The real engine, in a sandbox of the tests' own: one server for the session, reset for each test."""

import shutil
import signal
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml

from sandbox import aws, lifecycle
from sandbox.commands import write_commands
from sandbox.environment import inside
from sandbox.home import CHECKOUT, Home
from sandbox.project import Project
from sandbox.pulumi_cli import find_or_build
from sandbox.settings import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox and the environment inside it."""

    endpoint: str
    environment: dict[str, str]


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Let commands be interrupted: a shell that starts the tests in its background makes them ignore Ctrl-C.

    A signal with a handler is handed on to a new program with its default, an ignored one is not.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Start a sandbox for the session."""
    home = Home(tmp_path_factory.mktemp("sandbox"))
    cli = find_or_build()
    server = lifecycle.find_or_start(home).server
    write_commands(home, cli)
    yield Sandbox(server.endpoint, inside(home, server, cli))
    assert lifecycle.end(home), "the sandbox did not live to the end of the tests"


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """Give a sandbox whose AWS is as on the first day."""
    reset = urllib.request.Request(f"{running_sandbox.endpoint}/moto-api/reset", method="POST")  # noqa: S310  # loopback
    urllib.request.urlopen(reset, timeout=30).close()  # noqa: S310  # loopback
    aws.seed(running_sandbox.endpoint, REGION)
    return running_sandbox


@pytest.fixture
def session(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    """Give a boto3 session that meets the sandbox."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", sandbox.endpoint)
    return boto3.Session(
        aws_access_key_id=ACCESS_KEY_ID, aws_secret_access_key=SECRET_ACCESS_KEY, region_name=REGION
    )


@pytest.fixture
def iam_of_member(session: boto3.Session) -> "IAMClient":
    """Return IAM of the member account."""
    inside = session.client("sts").assume_role(
        RoleArn="arn:aws:iam::444444444444:role/OrganizationAccountAccessRole", RoleSessionName="tests"
    )["Credentials"]
    iam: IAMClient = session.client(
        "iam",
        aws_access_key_id=inside["AccessKeyId"],
        aws_secret_access_key=inside["SecretAccessKey"],
        aws_session_token=inside["SessionToken"],
    )
    return iam


def _project(folder: Path, sandbox: Sandbox, variables: dict[str, str]) -> Project:
    backend = folder.parent / "backend"
    backend.mkdir()
    environment = sandbox.environment | {"PULUMI_BACKEND_URL": f"file://{backend}"} | variables
    return Project(folder, environment)


@pytest.fixture
def program(sandbox: Sandbox, tmp_path: Path) -> Project:
    """Copy this project's own program with its stack dev, the pack on, nothing made yet."""
    folder = tmp_path / "program"
    folder.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / name, folder / name)
    (folder / ".venv").symlink_to(sandbox.environment["VIRTUAL_ENV"])
    project = _project(folder, sandbox, {"PULUMI_OPTION_POLICY_PACK": str(CHECKOUT / "policies")})
    project.succeed("stack", "init", "dev")
    return project


@pytest.fixture
def dev_config() -> dict[str, Any]:
    """Read the config of stack dev, for tests that change a part of it."""
    config: dict[str, Any] = yaml.safe_load((CHECKOUT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))[
        "config"
    ]
    return config


@pytest.fixture
def empty_project(sandbox: Sandbox, tmp_path: Path) -> Project:
    """Make a project without a program, for a program of a test's own."""
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: own\nruntime: python\n", encoding="utf-8")
    project = _project(folder, sandbox, {})
    project.succeed("stack", "init", "dev")
    return project
