"""Updates that are killed at a moment, and how a user goes on afterwards.

A moment is a share of the work: so many resources have come into the state, or gone, when the kill comes, and
a random pause later. So it does not depend on how fast the machine is.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum

import boto3

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.parts import Part
from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws.instance.reader import HowToRead, read_instance
from sandbox.project import Project

_SECONDS = 300
_RECOVER = ("recover", "--stack", "dev", "--yes")
#: What is compared: all that the model of these tests makes.
PARTS = frozenset(Part) - {Part.ORGANISATION, Part.ACCOUNT_TAGS, Part.APPLICATIONS, Part.ENTITLEMENTS}


class Killed(Enum):
    """What is killed."""

    ENGINE = "engine"
    PROVIDER = "provider"
    MACHINE = "machine"
    """Both at once."""
    CTRL_C = "Ctrl-C"
    """Not killed: the engine is asked to end, and lets the provider stop waiting."""
    CTRL_C_TWICE = "Ctrl-C twice"
    """The engine ends at once."""


@dataclass(frozen=True)
class Fall:
    """A kill."""

    what: Killed
    share: float
    """How much of the work is done when it comes, from 0 to 1."""
    pause: float
    """And how many seconds later."""

    def __str__(self) -> str:
        """Name it in the output of a test."""
        verb = "" if self.what in (Killed.CTRL_C, Killed.CTRL_C_TWICE) else " killed"
        return f"{self.what.value}{verb} after {self.share:.0%} of the work and {self.pause * 1000:.0f} ms"


def random_falls(seed: int, count: int) -> list[Fall]:
    """Choose kills; the same seed gives the same."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret is made of it
    kinds = list(Killed)
    return [
        Fall(kinds[number % len(kinds)], chance.random(), chance.uniform(0, 0.3)) for number in range(count)
    ]


class ProviderProcess:
    """The provider as a process of its own."""

    def __init__(self, endpoint: str, environment: dict[str, str]) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sandbox.provider", endpoint],
            env=environment | {"PYTHONPATH": os.getcwd()},  # noqa: PTH109 - the checkout
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        """Kill it, as a machine that runs out of memory does."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def provider(endpoint: str, project: Project) -> Iterator[tuple[Project, ProviderProcess]]:
    """Give the same project with a provider of its own."""
    process = ProviderProcess(endpoint, project.environment)
    try:
        attached = {"PULUMI_DEBUG_PROVIDERS": f"aws:{process.port}"}
        yield replace(project, environment=project.environment | attached), process
    finally:
        process.kill()


def fall(endpoint: str, project: Project, how: Fall, command: str, ends: int) -> None:
    """Begin a command and kill what is to be killed; a provider's death the engine outlives.

    `ends` is how many resources the state has when the command comes to its end.
    """
    with provider(endpoint, project) as (attached, process):
        running = attached.start("pulumi", command, "--yes", "--skip-preview", "--non-interactive")
        try:
            _wait_for(running, project, how.share, ends)
            time.sleep(how.pause)
            _let_fall(how.what, running.pid, process)
            running.wait(_SECONDS)
        finally:
            _kill_tree(running.pid)
    # A lock that was left is of no interest; AWS ends what it has begun.
    project.pulumi("cancel", "--yes")
    time.sleep(1)


def _let_fall(what: Killed, engine: int, process: ProviderProcess) -> None:
    if what in (Killed.PROVIDER, Killed.MACHINE):
        process.kill()
    if what in (Killed.ENGINE, Killed.MACHINE):
        _kill_tree(engine)
    if what in (Killed.CTRL_C, Killed.CTRL_C_TWICE):
        os.killpg(engine, signal.SIGINT)
    if what is Killed.CTRL_C_TWICE:
        time.sleep(0.1)
        os.killpg(engine, signal.SIGINT)


def _kill_tree(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _wait_for(running: "subprocess.Popen[bytes]", project: Project, share: float, ends: int) -> None:
    """Wait until so much of the work is done, but something."""
    begins = made(project)
    aim = begins + (ends - begins) * share
    deadline = time.monotonic() + _SECONDS
    while running.poll() is None and time.monotonic() < deadline:
        now = made(project)
        if now != begins and ((now >= aim) if ends > begins else (now <= aim)):
            return
        time.sleep(0.02)


def made(project: Project) -> int:
    """Count the resources of the state as it is on disk."""
    (file,) = project.backend.glob(".pulumi/stacks/**/dev.json")
    checkpoint = json.loads(file.read_text(encoding="utf-8"))
    deployment = (checkpoint.get("checkpoint") or {}).get("latest") or {}
    return len(deployment.get("resources") or [])


def go_on(project: Project, session: boto3.Session, *command: str) -> list[str]:
    """Do what a user does after a fall: the same again, and what the refusal names. Returns what was done."""
    done = []
    for _ in range(2):
        before = holds(session)
        ended = project.pulumi(*command, "--yes")
        done.append(command[0])
        if ended.status == 0:
            return done
        assert "identity-center recover" in ended.output, ended.output
        assert holds(session) == before, f"something was changed by a refused run:\n{ended.output}"
        recovered = project.run(
            sys.executable, "-m", "identity_center_cli", "recover", "--stack", "dev", "--yes"
        )
        sys.stdout.write(recovered.output)
        assert recovered.status == 0, recovered.output
        done.append("recover")
    raise AssertionError(f"it does not go on: {ended.output}\n{recovered.output}")


def holds(session: boto3.Session) -> Existing:
    """Read everything that the instance holds, without the moments of the reading."""
    credentials = session.get_credentials()
    assert credentials is not None
    settings = AwsSettings(
        region=session.region_name, access_key=credentials.access_key, secret_key=credentials.secret_key
    )
    read = read_instance(settings, HowToRead(PARTS, per_second=10_000))
    assert all(each.part not in {part.value for part in PARTS} for each in read.unread), read.unread
    return read.model_copy(update={"read_from": "", "read_until": ""})


def tell(what: str, how: Fall, done: list[str]) -> None:
    """Say how a fall went on; shown where a test fails, and with `-s`."""
    sys.stdout.write(f"{what}, {how}: {', '.join(done)}\n")
