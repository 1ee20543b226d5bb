"""What a newcomer types, in fresh copies of this checkout: `make up` and the rest."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.home import CHECKOUT

pytestmark = [pytest.mark.engine, pytest.mark.thorough]

SECONDS = 600


def _environment() -> dict[str, str]:
    """Return the environment of somebody who has just opened a terminal."""
    ours = ("AWS_", "PULUMI_", "IDENTITY_CENTER_", "PYTEST_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(ours) and k != "VIRTUAL_ENV"}
    return environment | {"MAKEFLAGS": ""}


def _run(folder: Path, *command: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=_environment(),
        check=False,
        input=stdin,
        stdin=None if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
    )


def _start(folder: Path, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _fresh_copy(folder: Path) -> Path:
    """Copy what git would give, changes that are not committed yet included, as a repository of its own."""
    listed = _run(CHECKOUT, "git", "ls-files", "--cached", "--others", "--exclude-standard").stdout
    for name in listed.splitlines():
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, folder / name)
    author = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    for arguments in (("init", "--quiet"), ("add", "--all"), (*author, "commit", "--quiet", "-m", "copy")):
        assert _run(folder, "git", *arguments).returncode == 0
    return folder


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """Make two copies, and end what they started."""
    pair = (_fresh_copy(tmp_path_factory.mktemp("one")), _fresh_copy(tmp_path_factory.mktemp("two")))
    yield pair
    for folder in pair:
        _run(folder, "make", "down")


def _processes_of(folder: Path) -> list[str]:
    """List the command lines of processes that run something of the copy, or run inside its sandbox."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command, variables = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
            except OSError:  # it has ended meanwhile
                continue
            if str(folder).encode() in command + variables:
                found.append(command.replace(b"\0", b" ").decode())
    return found


def _wait_until(holds: Callable[[], bool], otherwise: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def test_two_checkouts_come_up_side_by_side_and_end_apart(copies: tuple[Path, Path]) -> None:
    """Two people, or two branches, on one machine must never meet in each other's sandbox."""
    one, two = copies
    ups = [_start(folder, "make", "up") for folder in copies]
    shown = [up.communicate(timeout=SECONDS)[0] for up in ups]

    for up, text in zip(ups, shown, strict=True):
        assert up.returncode == 0, text
        assert "portal_url" in text
        assert "group Developers" in text
        assert "1 of 1 assignments of the stack are in the API" in text
    for folder in copies:
        assert _run(folder, "git", "status", "--porcelain").stdout == ""

    again = _run(one, "make", "up")
    assert again.returncode == 0
    assert "unchanged" in again.stdout
    assert "to create" not in again.stdout
    assert "created" not in again.stdout

    assert _run(one, "make", "down").returncode == 0
    assert _run(one, "make", "status").returncode != 0
    assert _processes_of(one) == []
    assert _run(two, "make", "status").returncode == 0
    assert "unchanged" in _run(two, "make", "preview").stdout


def test_a_sandbox_that_died_is_noticed_and_made_anew(copies: tuple[Path, Path]) -> None:
    """Its AWS is gone, so a state that still lists resources would be wrong about everything."""
    _one, two = copies
    assert _run(two, "make", "up").returncode == 0
    record = json.loads((two / ".sandbox" / "server.json").read_text(encoding="utf-8"))
    os.kill(record["pid"], signal.SIGKILL)

    up = _run(two, "make", "up")

    assert up.returncode == 0, up.stdout
    assert "starting clean" in up.stdout
    assert "1 of 1 assignments of the stack are in the API" in up.stdout


def test_interrupting_the_first_up_leaves_nothing_running(copies: tuple[Path, Path]) -> None:
    """Ctrl-C means stop; and the next `make up` does the whole job."""
    one, _two = copies
    _run(one, "make", "down")
    up = _start(one, "make", "up")
    # In the middle: the sandbox is there and the engine has begun to make things.
    _wait_until(lambda: any("pulumi up" in line for line in _processes_of(one)), "the engine never started")
    os.killpg(up.pid, signal.SIGINT)
    text = up.communicate(timeout=SECONDS)[0]

    assert up.returncode != 0, text
    _wait_until(lambda: not _processes_of(one), f"still running: {_processes_of(one)}", 30)
    assert _run(one, "git", "status", "--porcelain").stdout == ""

    finished = _run(one, "make", "up")
    assert finished.returncode == 0, finished.stdout
    assert "1 of 1 assignments of the stack are in the API" in finished.stdout


def test_an_update_that_was_killed_does_not_lock_the_stack(copies: tuple[Path, Path]) -> None:
    """A machine that kills the job must not leave the user with Pulumi's lock."""
    one, _two = copies
    assert _run(one, "make", "up").returncode == 0
    up = _start(one, "make", "up")
    locks = one / ".sandbox" / "backend" / ".pulumi" / "locks"
    _wait_until(lambda: any(locks.rglob("*.json")), "the engine never locked the stack")
    for line in ("sandbox.shell.pulumi_command", "pulumi up"):
        _run(one, "pkill", "-KILL", "-f", f"{line}.*--stack dev")
    _run(one, "pkill", "-KILL", "-g", str(up.pid))
    up.communicate(timeout=30)

    finished = _run(one, "make", "up")

    assert finished.returncode == 0, finished.stdout


def test_a_shell_in_the_sandbox_has_a_plain_pulumi_and_people_who_sign_in(
    copies: tuple[Path, Path],
) -> None:
    """Users of Pulumi try things by typing `pulumi`; the walkthrough ends with what ada can use."""
    one, _two = copies
    assert _run(one, "make", "up").returncode == 0

    shell = _run(one, "make", "shell", stdin="pulumi stack output portal_url --stack dev; pulumi stack ls\n")

    assert shell.returncode == 0, shell.stdout
    assert ".awsapps.com/start" in shell.stdout
    assert "dev" in shell.stdout

    verified = _run(one, "make", "verify", "PERSON=ada")

    assert verified.returncode == 0, verified.stdout
    assert "1 of 1 assignments of the stack are in the instance" in verified.stdout
    assert "the portal offers ada 1 of the 1 roles that the code grants, and 0 more" in verified.stdout
    assert "AWSReservedSSO_PowerUserWithIAM_" in verified.stdout
    assert _run(one, "make", "verify", "PERSON=nobody").returncode != 0


def test_one_command_runs_in_the_sandbox_from_any_folder(copies: tuple[Path, Path], tmp_path: Path) -> None:
    """Its exit status is the command's, so that scripts can rely on it."""
    one, _two = copies
    python = str(one / ".venv" / "bin" / "python")
    program = (
        "import boto3, sys; sys.exit(7 if boto3.client('sso-admin').list_instances()['Instances'] else 8)"
    )

    assert _run(tmp_path, python, "-m", "sandbox", "run", "--", python, "-c", program).returncode == 7
    assert _run(tmp_path, python, "-m", "sandbox", "run", "--", "no-such-command").returncode == 3
    assert _run(tmp_path, python, "-m", "sandbox", "run").returncode == 2
