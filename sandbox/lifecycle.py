"""Starts and ends the one server of a sandbox."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
import uuid
from dataclasses import dataclass

from sandbox.environment import without_aws_and_pulumi
from sandbox.errors import SandboxError
from sandbox.home import Home, interpreter
from sandbox.processes import is_running
from sandbox.progress import long_step
from sandbox.running_server import RunningServer, find
from sandbox.user_cache import exclusive

#: A start takes about three seconds; more than this is a failure worth telling.
SECONDS_TO_START = 90.0
SECONDS_TO_END = 10.0
#: Starts a command that is nobody's child, and prints its process id.
_DETACH = ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh"]


@dataclass(frozen=True, slots=True)
class Started:
    """A server to work with, and how it came to be there."""

    server: RunningServer
    is_new: bool
    #: An earlier server of this sandbox ended, and its AWS and its stacks' states with it.
    earlier_was_lost: bool


def find_or_start(home: Home) -> Started:
    """Return this sandbox's server, started if none runs.

    The states of stacks belong to a server's life: they describe resources in an AWS that ended with it, so a
    new server begins without them. Raises SandboxError where the server does not come up.
    """
    home.path.mkdir(parents=True, exist_ok=True)
    with exclusive(home.lock):
        running = find(home)
        if running is not None:
            return Started(running, is_new=False, earlier_was_lost=False)
        lost = _forget_earlier(home)
        with long_step("starting the sandbox"):
            return Started(_start(home), is_new=True, earlier_was_lost=lost)


def end(home: Home) -> bool:
    """End this sandbox's server and forget its stacks; return whether one was running."""
    if not home.path.is_dir():
        return False
    with exclusive(home.lock):
        running = find(home)
        if running is not None:
            _terminate(home, running)
        _forget_earlier(home)
    return running is not None


def _forget_earlier(home: Home) -> bool:
    """Remove what an ended server left; return whether there were stacks among it."""
    had_stacks = any(home.backend.rglob("*.json")) if home.backend.is_dir() else False
    home.server_record.unlink(missing_ok=True)
    for folder in (home.backend, home.pulumi_home):
        shutil.rmtree(folder, ignore_errors=True)
    return had_stacks


def _start(home: Home) -> RunningServer:
    for folder in (home.backend, home.pulumi_home):
        folder.mkdir(parents=True)
    with home.server_log.open("w") as log:
        started = subprocess.run(  # noqa: S603  # our own module
            [*_DETACH, interpreter(), "-P", "-m", "sandbox.server", str(home.path), uuid.uuid4().hex],
            cwd=home.path,
            env=without_aws_and_pulumi(os.environ),
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            # A session of its own: it outlives the command that started it, and Ctrl-C does not reach it.
            start_new_session=True,
        )
    pid = int(started.stdout)
    try:
        return _wait_until_up(home, pid)
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        raise


def _wait_until_up(home: Home, pid: int) -> RunningServer:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        server = find(home)
        if server is not None:
            return server
        if not is_running(pid):
            break
        time.sleep(0.1)
    tail = "\n".join(home.server_log.read_text(encoding="utf-8").splitlines()[-15:])
    raise SandboxError(f"the sandbox's server did not come up; the end of {home.server_log}:\n{tail}")


def _terminate(home: Home, server: RunningServer) -> None:
    """End a server that has answered by its id; kill it where it lingers and still answers by it."""
    os.kill(server.pid, signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_END
    while find(home) == server:
        if time.monotonic() > deadline:
            os.kill(server.pid, signal.SIGKILL)
            return
        time.sleep(0.05)
