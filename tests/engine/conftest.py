"""The real engine, in a sandbox of the tests' own: one server for the session, reset for each test."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml

from sandbox import lifecycle
from sandbox.environment import inside
from sandbox.home import CHECKOUT, Home
from sandbox.project import Project
from sandbox.settings import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from sandbox.shell.commands import write_commands
from sandbox.standing_stack import StandingStack, first_day
from sandbox.toolchain.pulumi_cli import find_or_build
from tests.support.unfolded import UNFOLDED

from .falls import TOLD
from .projects import Sandbox, own_project
from .wished import Make, program_of

__all__ = ["Sandbox", "own_project"]

NewFolder = Callable[[], Path]
NewProject = Callable[[], Project]

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


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
    # What tests look for in a message of the pack is not cut in two.
    yield Sandbox(server.endpoint, inside(home, server, cli) | UNFOLDED)
    assert lifecycle.end(home), "the sandbox did not live to the end of the tests"


@pytest.fixture(scope="session")
def standing_stack(running_sandbox: Sandbox) -> StandingStack:
    """Give the stack that tests share which only look at it, or leave it as it was."""
    return StandingStack(running_sandbox.endpoint)


@pytest.fixture
def sandbox(running_sandbox: Sandbox, request: pytest.FixtureRequest) -> Sandbox:
    """Give a sandbox whose AWS is as on the first day, or as the test's standing stack has it."""
    for name in {"program", "made_program"} & set(request.fixturenames):
        # Now, and not after something else has been put into AWS: this gives AWS back as it was.
        request.getfixturevalue(name)
    if "standing_stack" not in request.fixturenames:
        first_day(running_sandbox.endpoint)
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


def _dev_program(folder: Path, sandbox: Sandbox) -> Project:
    folder.mkdir()
    _copy_program(folder)
    (folder / ".venv").symlink_to(sandbox.environment["VIRTUAL_ENV"])
    project = own_project(folder, sandbox, {"PULUMI_OPTION_POLICY_PACK": str(CHECKOUT / "policies")})
    project.succeed("stack", "init", "dev")
    return project


def _copy_program(folder: Path) -> None:
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / name, folder / name)


@pytest.fixture
def program(standing_stack: StandingStack, running_sandbox: Sandbox, new_folder: NewFolder) -> Project:
    """Give this project's own program with its stack dev, the pack on, nothing made yet."""
    project = standing_stack.get("nothing", lambda: _dev_program(new_folder(), running_sandbox))
    return _as_at_first(project)


@pytest.fixture
def stack(standing_stack: StandingStack, running_sandbox: Sandbox, new_folder: NewFolder) -> Make:
    """Return a function that gives a stack of a model, made or not."""

    def give(config: dict[str, Any], *, is_made: bool) -> Project:
        def make() -> Project:
            project = program_of(new_folder(), running_sandbox, config)
            if is_made:
                project.up()
            return project

        size = len(config["identity-center:users"])
        project = standing_stack.get(f"falls of {size} {'made' if is_made else 'nothing'}", make)
        project.write_config(config)
        return project

    return give


@pytest.fixture
def made_program(standing_stack: StandingStack, running_sandbox: Sandbox, new_folder: NewFolder) -> Project:
    """Give the same, made."""

    def make() -> Project:
        project = _dev_program(new_folder(), running_sandbox)
        project.up()
        return project

    return _as_at_first(standing_stack.get("made", make))


def _as_at_first(project: Project) -> Project:
    """Undo what another test has done to the folder; this one may change it and the environment."""
    for left in project.folder.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        elif left.name != ".venv":
            left.unlink()
    _copy_program(project.folder)
    # A test may have selected another stack, or removed it; which one is selected stands outside the backend.
    return Project(project.folder, project.environment | {"PULUMI_STACK": "dev"})


@pytest.fixture
def dev_config() -> dict[str, Any]:
    """Read the config of stack dev, for tests that change a part of it."""
    config: dict[str, Any] = yaml.safe_load((CHECKOUT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))[
        "config"
    ]
    return config


@pytest.fixture
def empty_project(sandbox: Sandbox, new_project: NewProject) -> Project:
    """Make a project without a program, for a program of a test's own."""
    assert sandbox.endpoint
    return new_project()


@pytest.fixture
def new_project(running_sandbox: Sandbox, new_folder: NewFolder) -> NewProject:
    """Return a function that makes a project without a program in whatever AWS there is."""

    def make() -> Project:
        folder = new_folder()
        folder.mkdir()
        (folder / "Pulumi.yaml").write_text("name: own\nruntime: python\n", encoding="utf-8")
        project = own_project(folder, running_sandbox, {})
        project.succeed("stack", "init", "dev")
        return project

    return make


@pytest.fixture
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> NewFolder:
    """Return a function that names a folder which is not there yet and outlives the test."""
    return lambda: tmp_path_factory.mktemp("project") / "program"


@pytest.fixture(scope="session")
def component_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the components' folder as a user has it after `pulumi install`: with an environment of its own.

    What that holds is read from the environment of the tests: to install it again would take a minute.
    """
    folder = tmp_path_factory.mktemp("package") / "components"
    shutil.copytree(CHECKOUT / "components", folder, ignore=shutil.ignore_patterns("venv", "__pycache__"))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    (site,) = folder.glob("venv/lib/python*/site-packages")
    ours = sysconfig.get_path("purelib")
    (site / "environment_of_the_tests.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how the falls went on, with the seed that brings the same again."""
    if TOLD:
        terminalreporter.section(f"falls (seed {os.environ.get('FALLS_SEED', '1')})")
        for line in TOLD:
            terminalreporter.write_line(line)
