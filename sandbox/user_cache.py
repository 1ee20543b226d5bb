"""A folder for what is made once for a user and shared by all checkouts."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def user_cache() -> Path:
    """Return the project's folder below XDG_CACHE_HOME, by default below `~/.cache`.

    Source: XDG Base Directory Specification.
    """
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "identity-center-as-code"


@contextmanager
def exclusive(lock: Path, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold a file lock; `on_wait` is called once where somebody else holds it.

    The lock ends with the process that holds it, so that one which was killed leaves nothing to clean up.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait:
                on_wait()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
