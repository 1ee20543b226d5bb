"""Whether somebody else's process still runs."""

import os
import subprocess
import sys

from sandbox.processes import is_running


def test_a_running_process_is_told_from_one_that_has_ended() -> None:
    """A stack locked by a process that is gone would stay locked for ever."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    assert is_running(os.getpid())
    assert is_running(child.pid)

    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and not yet collected: a zombie
    assert not is_running(child.pid)

    child.communicate()
    assert not is_running(child.pid)
