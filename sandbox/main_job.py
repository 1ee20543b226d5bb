"""`make up` and `make preview`: stack dev of this checkout's program, and who can sign in to what."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from sandbox.home import CHECKOUT, Home, interpreter
from sandbox.processes import is_running

STACK = "dev"


def up(home: Home, environment: Mapping[str, str]) -> int:
    """Make the stack, show its outputs, and compare what it says it granted with what the API shows.

    Returns 0 only where the engine succeeded and the API shows every account assignment.
    """
    status = _select_stack(home, environment) or _pulumi(
        environment, "up", "--yes", "--stack", STACK, "--suppress-outputs"
    )
    return status or _show_access(environment)


def preview(home: Home, environment: Mapping[str, str]) -> int:
    """Show what `up` would change."""
    return _select_stack(home, environment) or _pulumi(environment, "preview", "--stack", STACK)


def _say(text: str) -> None:
    # Flushed before a child writes to the same output.
    sys.stdout.write(text)
    sys.stdout.flush()


def _select_stack(home: Home, environment: Mapping[str, str]) -> int:
    """Make the stack where it is not there yet, and free it from a command that was killed."""
    if _holds_dead_lock(home):
        _say("an earlier command was killed and left the stack locked; releasing it\n")
        _pulumi(environment, "cancel", "--yes", "--stack", STACK)
    return _pulumi(environment, "stack", "select", "--create", STACK)


def _holds_dead_lock(home: Home) -> bool:
    """Tell whether a lock of Pulumi's file backend names a process that is gone.

    The lock's JSON holds the process id. Source: pulumi/pkg/backend/diy/lock.go.
    """
    locks = home.backend.glob(f".pulumi/locks/**/{STACK}/*.json")
    return any(not is_running(json.loads(lock.read_text(encoding="utf-8"))["pid"]) for lock in locks)


def _pulumi(environment: Mapping[str, str], *arguments: str) -> int:
    return _run([_executable(environment), *arguments], environment)


def _executable(environment: Mapping[str, str]) -> str:
    found = shutil.which("pulumi", path=environment["PATH"])
    if found is None:
        raise FileNotFoundError("the sandbox's own `pulumi` is not on its PATH")
    return found


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run to the end; an interrupt reaches the command once, and the run waits for its clean stop.

    On a terminal the whole group of processes is interrupted by the terminal. Elsewhere only this process may
    be, so that the command runs in a session of its own and is told.
    """
    terminal = sys.stdin is not None and sys.stdin.isatty()
    with subprocess.Popen(  # noqa: S603  # our own commands
        command, cwd=CHECKOUT, env=dict(environment), start_new_session=not terminal
    ) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            if not terminal:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGINT)
            child.wait()
            raise


def _in_words(outputs: Mapping[str, Any]) -> str:
    """Say the outputs that a person reads; the others are for programs."""
    parts = {
        "Outputs of stack dev": [f"portal_url  {outputs['portal_url']}"],
        "assignments": outputs["assignments"].values(),
        "first_sign_in": outputs["first_sign_in"],
    }
    return "".join("\n    ".join([f"\n{name}:", *lines]) + "\n" for name, lines in parts.items())


def _show_access(environment: Mapping[str, str]) -> int:
    """Read back from the API, not from the state: an engine can report success over half a job."""
    outputs = outputs_of(environment)
    _say(_in_words(json.loads(outputs)))
    _say("\nWho can sign in to what, read back from the API:\n")
    return identity_center(environment, outputs, "access", "--expect", "-")


def outputs_of(environment: Mapping[str, str]) -> bytes:
    """Return the outputs of the stack as JSON, secrets included."""
    return captured(environment, "stack", "output", "--json", "--show-secrets", "--stack", STACK)


def captured(environment: Mapping[str, str], *arguments: str) -> bytes:
    """Return what Pulumi prints."""
    return subprocess.run(  # noqa: S603  # our own command
        [_executable(environment), *arguments],
        cwd=CHECKOUT,
        env=dict(environment),
        check=True,
        stdout=subprocess.PIPE,
    ).stdout


def identity_center(environment: Mapping[str, str], given: bytes, *arguments: str) -> int:
    """Run the command on what it reads from standard input."""
    return subprocess.run(  # noqa: S603  # our own command
        [interpreter(), "-P", "-m", "identity_center_cli", *arguments],
        cwd=CHECKOUT,
        env=dict(environment),
        check=False,
        input=given,
    ).returncode
