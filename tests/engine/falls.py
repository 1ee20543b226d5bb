"""Updates that are killed at a moment, and how a user goes on afterwards.

A moment is a share of the work: so many resources have come into the state, or gone, when the kill comes, and
a random pause later. So it does not depend on how fast the machine is.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

import boto3

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.parts import Part
from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws.instance.reader import HowToRead, read_instance
from sandbox.project import Ended, Project

_SECONDS = 900
_RECOVER = ("recover", "--stack", "dev", "--yes")
#: What a refusal of this program names.
_NAMED: Final = "identity-center recover"
#: What Pulumi says where a kill left a file beside the state empty (docs/when-things-fail.md).
_EMPTIED: Final = "failed to load checkpoint: EOF"
_LOCKED: Final = "the stack is currently locked by"
#: What is compared: all that the model of these tests makes.
PARTS = frozenset(Part) - {Part.ORGANISATION, Part.ACCOUNT_TAGS, Part.APPLICATIONS, Part.ENTITLEMENTS}


class Killed(Enum):
    """What is killed."""

    ENGINE = "engine"
    PROVIDER = "provider"
    CONNECTION = "connection"
    """Not killed: what is between engine and provider breaks, and the provider ends what it was at."""
    MACHINE = "machine"
    """Both at once."""
    CTRL_C = "Ctrl-C"
    """Not killed: the engine is asked to end, and lets the provider stop waiting."""
    CTRL_C_TWICE = "Ctrl-C twice"
    """The engine ends at once."""


_VERBS: Final = {Killed.CTRL_C: "", Killed.CTRL_C_TWICE: "", Killed.CONNECTION: " lost"}


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
        verb = _VERBS.get(self.what, " killed")
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


class Wire:
    """What lies between an engine and its provider: bytes go both ways until it is cut."""

    def __init__(self, port: int) -> None:
        """Lead to a provider's port."""
        self._to = port
        self._entrance = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._entrance.getsockname()[1])
        self._ends: list[socket.socket] = []
        self._taking = threading.Thread(target=self._take, daemon=True)
        self._taking.start()

    def cut(self) -> None:
        """Break every connection, and take no more."""
        _close(self._entrance)
        self._taking.join()
        while self._ends:
            _close(self._ends.pop())

    def _take(self) -> None:
        with suppress(OSError):  # the wire is cut
            while True:
                self._lead_on(self._entrance.accept()[0])

    def _lead_on(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._to))
        except OSError:  # the provider has been killed, or is dying: it refuses, or resets
            near.close()
            return
        self._ends += [near, far]
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _close(end: socket.socket) -> None:
    with suppress(OSError):  # an end that has gone already
        end.shutdown(socket.SHUT_RDWR)
    end.close()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):  # the wire is cut, or one end has gone
        while data := source.recv(65536):
            sink.sendall(data)
    # A process that is killed with something unread resets its end: the other one has to hear of it.
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def provider(endpoint: str, project: Project) -> Iterator[tuple[Project, ProviderProcess, Wire]]:
    """Give the same project with a provider of its own, and the wire between the two."""
    process = ProviderProcess(endpoint, project.environment)
    wire = Wire(process.port)
    try:
        attached = {"PULUMI_DEBUG_PROVIDERS": f"aws:{wire.port}"}
        yield replace(project, environment=project.environment | attached), process, wire
    finally:
        wire.cut()
        process.kill()


def fall(endpoint: str, project: Project, how: Fall, command: str, ends: int) -> None:
    """Begin a command and kill what is to be killed; a provider's death the engine outlives.

    `ends` is how many resources the state has when the command comes to its end.
    """
    with provider(endpoint, project) as (attached, process, wire):
        running = attached.start("pulumi", command, "--yes", "--skip-preview", "--non-interactive")
        try:
            _wait_for(running, project, how.share, ends)
            time.sleep(how.pause)
            _let_fall(how.what, running.pid, process, wire)
            running.wait(_SECONDS)
            # AWS ends what it has begun, and a provider that lives what it was asked for.
            time.sleep(1)
        finally:
            _kill_tree(running.pid)


def _let_fall(what: Killed, engine: int, process: ProviderProcess, wire: Wire) -> None:
    if what is Killed.CONNECTION:
        wire.cut()
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
    return len(deployment(project).get("resources") or [])


def deployment(project: Project) -> dict[str, Any]:
    """Return the state as it is on disk: secrets as they are kept."""
    (file,) = project.backend.glob(".pulumi/stacks/**/dev.json")
    checkpoint = json.loads(file.read_text(encoding="utf-8"))
    found: dict[str, Any] = (checkpoint.get("checkpoint") or {}).get("latest") or {}
    return found


@dataclass
class GoneOn:
    """How somebody went on after a fall."""

    done: list[str] = field(default_factory=list)
    """The commands, by their verbs, in order."""
    said: list[str] = field(default_factory=list)
    """What each of them said."""

    def tell(self, ended: Ended, verb: str) -> Ended:
        """Note a command."""
        self.done.append(verb)
        self.said.append(ended.output)
        return ended


def go_on(project: Project, session: boto3.Session, command: str) -> GoneOn:
    """Do what a user does after a fall: the same again, and what the refusal names."""
    gone_on, again = GoneOn(), (command, "--yes", "--skip-preview")
    for _ in range(3):
        before = holds(session)
        ended = gone_on.tell(project.pulumi(*again), command)
        if ended.status and _LOCKED in ended.output:
            # A lock that was left does not count; nobody else is at work here.
            gone_on.tell(project.succeed("cancel", "--yes"), "cancel")
            ended = gone_on.tell(project.pulumi(*again), command)
        if ended.status == 0:
            return gone_on
        assert _NAMED in ended.output or _EMPTIED in ended.output, ended.output
        assert holds(session) == before, f"something was changed by a refused run:\n{ended.output}"
        assert "recover" not in gone_on.done, f"it does not go on: {gone_on.said}"
        _recover(project, gone_on)
    raise AssertionError("unreachable: a second recovery is refused above")


def _recover(project: Project, gone_on: GoneOn) -> None:
    command = (sys.executable, "-m", "identity_center_cli", *_RECOVER)
    recovered = gone_on.tell(project.run(*command), "recover")
    if recovered.status and _LOCKED in recovered.output:
        # Pulumi could not read the state, and so said nothing of the lock before.
        gone_on.tell(project.succeed("cancel", "--yes"), "cancel")
        recovered = gone_on.tell(project.run(*command), "recover")
    sys.stdout.write(recovered.output)
    assert recovered.status == 0, recovered.output


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


TOLD: Final[list[str]] = []
"""How the falls of this session went on, for the summary."""


def tell(what: str, how: Fall, gone_on: GoneOn, began: float) -> GoneOn:
    """Say how a fall went on; shown where a test fails, with `-s`, and in the summary."""
    line = f"{what}, {how}: {', '.join(gone_on.done)} ({time.monotonic() - began:.0f} s)"
    TOLD.append(line)
    sys.stdout.write(f"{line}\n")
    return gone_on
