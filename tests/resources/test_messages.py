"""How what is told fits the terminal of whoever reads it, and stays in one line for everybody else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_center.resources import messages

LONG = "1 person loses Developing in all 8 member accounts through group platform-eng: hal.berg"


def test_lines_are_broken_between_words_under_their_own_beginning() -> None:
    """A terminal breaks wherever its edge is: in the middle of the name that matters."""
    told = messages.listed("Access, compared with the last update:", [LONG])

    assert messages.wrapped(told, 60).split("\n") == [
        "Access, compared with the last update:",
        "  1 person loses Developing in all 8 member accounts",
        "    through group platform-eng: hal.berg",
    ]
    assert messages.wrapped(told, None) == told


@given(st.text(alphabet="ab -:/\n", max_size=400), st.integers(1, 200))
def test_wrapping_loses_no_word_and_keeps_to_the_width(text: str, columns: int) -> None:
    """A word cut off is an account that nobody sees."""
    wrapped = messages.wrapped(text, columns)

    assert wrapped.split() == text.split()
    room = max(40, columns) - 4
    for line in wrapped.split("\n"):
        assert len(line) <= room or len(line.split()) <= 1


SHOW = "from identity_center.resources import messages; print(messages.width())"


def test_the_width_is_asked_of_the_engines_own_output(tmp_path: Path) -> None:
    """`pulumi preview | less` and a CI's log get whole lines, whatever terminal they were started from."""
    pulumi = tmp_path / "pulumi"
    pulumi.symlink_to(sys.executable)
    # The engine's part: it starts a program whose own output is a pipe, as a language host does.
    start = (
        "import subprocess, sys; told = subprocess.run([sys.argv[1], '-c', sys.argv[2]], "
        "stdout=subprocess.PIPE, text=True, check=True); open(sys.argv[3], 'w').write(told.stdout)"
    )
    told = tmp_path / "told"
    command = [str(pulumi), "-c", start, sys.executable, SHOW, str(told)]
    master, slave = os.openpty()
    os.set_blocking(master, False)
    resize = ["stty", "cols", "67", "rows", "20"]
    subprocess.run(resize, stdin=slave, check=True)
    try:
        subprocess.run(command, stdout=slave, check=True)
        on_a_terminal = told.read_text(encoding="utf-8").strip()
        subprocess.run(command, stdout=subprocess.PIPE, check=True)
        piped = told.read_text(encoding="utf-8").strip()
        with (tmp_path / "file").open("w") as file:
            subprocess.run(command, stdout=file, check=True)
        to_a_file = told.read_text(encoding="utf-8").strip()
    finally:
        os.close(master)
        os.close(slave)

    assert (on_a_terminal, piped, to_a_file) == ("67", "None", "None")


def test_elsewhere_the_width_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No system but Linux says where another process writes to."""
    messages.width.cache_clear()
    monkeypatch.setenv(messages.COLUMNS, "72")
    assert messages.width() == 72
    messages.width.cache_clear()
    monkeypatch.setenv(messages.COLUMNS, "wide")
    assert messages.width() is None
    messages.width.cache_clear()
