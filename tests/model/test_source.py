"""Where values stand in a stack's file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from identity_center.model.reading.stack_file import StackFile


def test_a_value_and_its_key_have_places_of_their_own(sound: str) -> None:
    """A misspelt key is marked where the key stands, a wrong value where the value does."""
    file = StackFile("f", sound)

    assert str(file.position(("users", "ada", "email"), at_key=True)) == "f:9:7"
    assert str(file.position(("users", "ada", "email"), at_key=False)) == "f:9:14"


def test_a_key_that_is_not_there_has_the_place_of_what_it_belongs_to(sound: str) -> None:
    """A missing key is told at the entry that lacks it."""
    file = StackFile("f", sound)

    assert str(file.position(("users", "ada", "title"), at_key=False)) == "f:4:5"
    assert file.position(("nothing",), at_key=False) is None


def test_an_anchor_is_followed_to_where_it_was_written() -> None:
    """The value that has to be changed stands at the anchor."""
    text = "config:\n  identity-center:users:\n    a: &a {userName: 1}\n    b: *a\n"

    assert str(StackFile("f", text).position(("users", "b", "userName"), at_key=False)) == "f:3:22"


@pytest.mark.parametrize(
    ("folder", "name"),
    [("", "Pulumi.dev.yaml"), ("", "Pulumi.dev.yml"), ("stacks", "Pulumi.dev.yaml")],
)
def test_the_stacks_file_is_found_where_the_project_keeps_it(
    tmp_path: Path, sound: str, folder: str, name: str
) -> None:
    """`stackConfigDir` moves the files; messages then name the moved one."""
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / "Pulumi.yaml").write_text(f"name: p\nstackConfigDir: {folder}\n" if folder else "name: p\n")
    (tmp_path / folder / name).write_text(sound)
    file = StackFile.find(tmp_path, "dev")

    assert file is not None
    assert str(file.position(("users",), at_key=True)) == f"{Path(folder, name).as_posix()}:3:3"


def test_a_stack_without_a_file_has_no_places(tmp_path: Path) -> None:
    """Its configuration comes from elsewhere; that is no error of its own."""
    assert StackFile.find(tmp_path, "dev") is None


@pytest.mark.parametrize("text", ["a: [", "- 1\n- 2\n", "", "config:\n", "config: 3\n", "\tx: y"])
def test_a_file_that_is_no_stack_file_has_no_places(text: str) -> None:
    """The engine has read the file before and complains itself; a second error would hide the first."""
    assert StackFile("f", text).position(("users",), at_key=True) is None


def test_a_value_is_of_the_file_only_where_both_agree(
    sound: str, values_of: Callable[[str], dict[str, Any]]
) -> None:
    """A line of the file is wrong for a value that `--config` or an environment has set."""
    file, values = StackFile("f", sound), values_of(sound)

    assert all(file.covers(key, value) for key, value in values.items())
    assert not file.covers("users", values["users"] | {"more": {}})
    assert not file.covers("assignments", [])
    assert not file.covers("portalUrl", "https://other.example.com")
    assert not file.covers("groups", "a text")


def test_an_encrypted_value_is_taken_for_the_files() -> None:
    """The file holds no text to compare, and its key has a line all the same."""
    text = "config:\n  identity-center:users:\n    ada:\n      email:\n        secure: v1:abc\n"

    assert StackFile("f", text).covers("users", {"ada": {"email": "ada@example.com"}})


@given(
    keys=st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=5, unique=True),
    flow=st.booleans(),
    indent=st.integers(2, 6),
)
def test_every_place_points_at_the_text_it_names(keys: list[str], indent: int, *, flow: bool) -> None:
    """Whatever the style of the file: the place of a key is where the key is written."""
    text = yaml.safe_dump(
        {"config": {"identity-center:users": {key: {"userName": key} for key in keys}}},
        default_flow_style=flow,
        indent=indent,
    )
    file = StackFile("f", text)

    for key in keys:
        position = file.position(("users", key), at_key=True)
        assert position is not None
        line = text.splitlines()[position.line - 1]
        assert line[position.column - 1 :].startswith(key)
