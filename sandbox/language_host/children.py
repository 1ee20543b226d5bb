"""The processes that the language host started, so that none outlives it."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

#: Between the interrupt and the kill. Upstream's host gives five seconds; but the engine has gone from the
#: other end of a cancelled program's calls: one that has not ended by now waits for answers in vain.
SECONDS_OF_GRACE = 2.0


class Children:
    """Starts processes in groups of their own and ends whole groups."""

    def __init__(self) -> None:
        """Begin with no process."""
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._ended = False

    def start(
        self,
        command: Sequence[str],
        folder: str | Path,
        environment: Mapping[str, str],
        stdout: int | IO[bytes] | None = None,
        stderr: int | IO[bytes] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a process; a terminal's Ctrl-C reaches it only through the engine's Cancel."""
        with self._lock:
            if self._ended:
                raise RuntimeError("the language host is ending")
            child = subprocess.Popen(  # noqa: S603  # what to run is the engine's decision
                list(command),
                cwd=folder,
                env=dict(environment),
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
            self._running.add(child)
        return child

    def wait(self, child: subprocess.Popen[bytes]) -> int:
        """Wait for a process and return its exit status."""
        status = child.wait()
        with self._lock:
            self._running.discard(child)
        return status

    def end(self, child: subprocess.Popen[bytes]) -> None:
        """Interrupt a process and its group; kill what is still there after the grace."""
        _signal_group(child, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(SECONDS_OF_GRACE)
        # Also where the process itself has ended: what it started may not have.
        _signal_group(child, signal.SIGKILL)

    def end_all(self) -> None:
        """End every process and refuse to start another."""
        with self._lock:
            self._ended = True
            running = list(self._running)
        enders = [threading.Thread(target=self.end, args=(child,)) for child in running]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # The group is named after its first process, and may be gone already.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)
