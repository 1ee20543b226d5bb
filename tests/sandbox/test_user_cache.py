"""What is made once for a user is made once."""

import threading
from pathlib import Path

import pytest

from sandbox.user_cache import exclusive, user_cache


def test_the_cache_is_where_the_desktop_standard_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Users who move their caches expect every program to follow."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert user_cache().parent == tmp_path


def test_a_second_builder_waits_and_says_so(tmp_path: Path) -> None:
    """Two checkouts must not build the CLI at the same time, and the one that waits must not look hung."""
    order: list[str] = []
    lock = tmp_path / "deep" / "cli.lock"

    def second() -> None:
        with exclusive(lock, waiting.set):
            order.append("second")

    waiting = threading.Event()
    thread = threading.Thread(target=second)
    with exclusive(lock):
        thread.start()
        assert waiting.wait(5)
        order.append("first")
    thread.join(5)

    assert order == ["first", "second"]
