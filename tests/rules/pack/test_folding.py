"""Messages fit where a preview is read, and what is copied from them stays whole."""

import json
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as some

from identity_guard.pack.all_rules import EVERY
from identity_guard.pack.folding import COLUMNS, ENGINES_INDENT, USUAL, columns, folded
from identity_guard.stack.phase import Phase
from identity_guard.testing.in_process_engine import InProcessEngine, Made

GOLDEN: Final = (
    (Path(__file__).with_name("golden_messages.txt")).read_text(encoding="utf-8").strip().split("\n\n")
)
ROOM: Final = USUAL - ENGINES_INDENT


def whole(message: str) -> list[str]:
    """Return what somebody copies from a message: what is in backquotes, and the exception offered."""
    pieces = message.split("`")[1::2]
    return pieces + [line[line.index("{") :] for line in message.splitlines() if "  exception: if" in line]


@pytest.mark.parametrize("message", GOLDEN, ids=lambda each: str(each).split(" ", 2)[1])
def test_every_kind_of_message_fits_a_terminal(message: str) -> None:
    """A terminal breaks a long line in the middle of a word, and a pipeline's log scrolls sideways."""
    told = folded(message, USUAL)

    assert told.split() == message.split()
    for line in told.splitlines():
        assert len(line) <= ROOM or any(line.strip() in (each, f"`{each}`") for each in whole(message)), line


@pytest.mark.parametrize("message", GOLDEN, ids=lambda each: str(each).split(" ", 2)[1])
def test_what_is_copied_is_not_cut(message: str) -> None:
    """An exception with a line break in a string is no JSON, and half a command does something else."""
    told = folded(message, USUAL)

    for each in whole(message):
        assert each in told
        if each.startswith("{") and '"reason": "WHY"' in each:
            json.loads(each)


def test_what_follows_is_further_in() -> None:
    """A line that goes on must not look like the next thing that is said."""
    message = f"{'claim ' * 20}\n  to do: {'grant less ' * 12}"
    told = folded(message.rstrip(), USUAL).splitlines()

    assert [len(line) - len(line.lstrip()) for line in told] == [0, 4, 2, 6]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, USUAL), ({COLUMNS: "132"}, 132), ({COLUMNS: "0"}, USUAL), ({COLUMNS: "wide"}, USUAL)],
)
def test_the_width_can_be_told(environment: dict[str, str], expected: int) -> None:
    """Whoever has a wide terminal, or reads messages by a program, says so."""
    assert columns(environment) == expected


@given(some.text(alphabet="ab `{}\n", max_size=300), some.integers(0, 120))
def test_no_word_is_lost(message: str, wide: int) -> None:
    """Folding changes white space and nothing else."""
    assert folded(message, wide).split() == message.split()


def test_a_terminal_of_a_few_columns_gets_lines_of_forty() -> None:
    """Folded to a word or two a line a message is longer than the terminal, and no easier to read."""
    assert folded(f"{'a' * 19} {'b' * 20} c", 20).splitlines() == [f"{'a' * 19} {'b' * 20}", "    c"]


@pytest.mark.parametrize("wide", [60, 100])
def test_the_engine_gets_folded_messages(wide: int) -> None:
    """The pack folds what it hands to the engine, refusals as well as advice in one line."""
    everything = "arn:aws:iam::aws:policy/AdministratorAccess"
    user = Made("aws:iam/user:User", "eve", {"name": "eve"})
    held = {"user": "eve", "policyArn": everything}
    attached = Made("aws:iam/userPolicyAttachment:UserPolicyAttachment", "all", held)
    keys = {"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*"}
    written = json.dumps({"Version": "2012-10-17", "Statement": keys})
    other = Made("aws:iam/groupPolicy:GroupPolicy", "keys", {"group": "support", "policy": written})
    stack = [user, attached, other]
    told = InProcessEngine(Phase.PREVIEW, columns=wide).run(stack)
    whole_lines = InProcessEngine(Phase.PREVIEW).run(stack)

    assert {each.level for each in told} == {"mandatory", "advisory"}
    for each, as_written in zip(told, whole_lines, strict=True):
        description, message = as_written.message.split("\n", 1)
        assert each.message == f"{description}\n{folded(message, wide)}"
        assert each.message != as_written.message


def test_what_a_rule_is_about_fits_a_line() -> None:
    """The engine puts a rule's description above each message, as it is."""
    assert [rule.name for rule in EVERY if len(rule.description) > ROOM] == []
