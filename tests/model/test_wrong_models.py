"""Wrong models: one error for each mistake, with file, line and column, and with what to write instead.

The table `wrong_models.yaml` changes one text of the sound model in `sound_folder`.
"""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from identity_center.model.assemble import assemble
from identity_center.model.language.clock import Clock
from identity_center.model.mistakes import AccessModelError, key_path
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation, Unit
from identity_center.model.reading.sources import NoPlaces, of_stack
from identity_center.model.reading.yaml_file import MOST_BYTES
from identity_center_cli.stacks.written_model import WithoutAws
from tests.support.yaml_text import yaml_value

SOUND = Path(__file__).parent / "sound_folder" / "access"
CASES = yaml_value(Path(__file__).with_name("wrong_models.yaml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 23)
_UNITS = [
    Unit("r-root", "Root", None),
    Unit("ou-root-work0000", "Workloads", "r-root"),
    Unit("ou-root-prod0000", "Production", "ou-root-work0000"),
    Unit("ou-root-stag0000", "Staging", "ou-root-work0000"),
    Unit("ou-root-scnd0000", "Staging", "r-root"),
]
_ACCOUNTS = [
    ("123456789012", "management", "r-root", {}),
    ("444444444444", "shop", "ou-root-prod0000", {"team": "shop"}),
    ("555555555555", "data", "ou-root-prod0000", {"team": "data"}),
    ("666666666666", "twin", "ou-root-stag0000", {"team": "shop"}),
    ("777777777777", "twin", "ou-root-scnd0000", {}),
]
#: What the targets of the assignments are resolved in.
ORGANISATION = Organisation.of(
    "123456789012",
    [MemberAccount(number, name, AccountState.ACTIVE, unit, tags) for number, name, unit, tags in _ACCOUNTS],
    _UNITS,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the model's folder that a test changes."""
    return Path(shutil.copytree(SOUND, tmp_path / "access"))


def said_of(folder: Path, **stack: object) -> list[str]:
    """Return what is said of a folder before anything is made, a line a mistake."""
    return judged(folder, **stack)[0]


def judged(folder: Path, **stack: object) -> tuple[list[str], list[str]]:
    """Return the mistakes of a folder and what else is said of it, a line each."""
    sources = of_stack({**stack, "modelFolder": folder.name}, NoPlaces(), folder.parent)
    found = assemble(sources, Clock(TODAY), WithoutAws(""), ORGANISATION)
    notices = [
        f"{sources.places.position(notice.path, at_key=True)}: {key_path(notice.path)}: {notice.text}"
        for notice in found.notices
    ]
    return list(AccessModelError(found.mistakes, sources.places).lines), notices


def test_the_model_that_all_cases_start_from_is_sound(folder: Path) -> None:
    """Each case then shows the one thing it changes."""
    assert said_of(folder) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_wrong_model_is_told_with_its_place_and_what_to_write(folder: Path, case: dict[str, Any]) -> None:
    """A message without place or remedy sends people to search files of thousands of lines."""
    file = folder / case["file"]
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    assert case["old"] in text
    file.write_text(text.replace(case["old"], case["new"], 1), encoding="utf-8")

    mistakes, notices = judged(folder)

    assert mistakes == case["says"]
    assert notices == case.get("also", [])


def test_no_two_cases_are_the_same_and_there_are_many() -> None:
    """The table grows with every mistake that somebody meets."""
    by_hand = yaml_value(Path(__file__).with_name("mistakes.yaml").read_text(encoding="utf-8"))

    assert len({case["case"] for case in CASES}) == len(CASES)
    assert len(CASES) + len(by_hand) >= 150


def test_of_two_files_the_one_whose_part_is_no_list_is_blamed(folder: Path) -> None:
    """Whoever is sent to the sound file breaks it, too."""
    exception = "{rule: iam-mfa, principal: A, reason: r, owner: o, expires: 2027-01-31}"
    (folder / "exceptions.yaml").write_text(f"policyExceptions:\n- {exception}\n", encoding="utf-8")
    (folder / "more.yaml").write_text(f"policyExceptions: {exception}\n", encoding="utf-8")

    assert said_of(folder) == [
        "access/more.yaml:1:1: `policyExceptions` is not a list; write a list, as in the other file"
    ]


def test_a_file_of_10_megabytes_is_one_mistake(folder: Path) -> None:
    """It would take the program minutes and a machine's memory to find out that it is no model."""
    (folder / "large.yaml").write_text("# " + "x" * 10_000_000, encoding="utf-8")

    assert said_of(folder) == [
        f"access/large.yaml:1:1: has 10000002 bytes, and {MOST_BYTES} are read at most; split the file"
    ]


@pytest.mark.parametrize("depth", [60, 200_000])
@pytest.mark.parametrize("opening", ["[", "- ", "{a: "])
def test_a_file_that_is_nested_endlessly_is_one_mistake(folder: Path, opening: str, depth: int) -> None:
    """PyYAML's own composer ends the process on it, with no message at all."""
    (folder / "deep.yaml").write_text(opening * depth, encoding="utf-8")

    (line,) = said_of(folder)
    assert line.startswith("access/deep.yaml:1:")
    assert "is nested more than 50 levels deep; write it flatter" in line


def test_a_file_that_is_not_in_utf_8_is_one_mistake_at_its_place(folder: Path) -> None:
    """An editor of another age writes Latin-1; the name of a person must not become another."""
    (folder / "latin.yaml").write_bytes("users:\n  zoe: {givenName: Zoë}\n".encode("latin-1"))

    assert said_of(folder) == ["access/latin.yaml:2:22: is not in UTF-8; save the file as UTF-8"]


def test_a_link_to_a_file_outside_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    """Whoever may change the folder must not read files of the machine through it."""
    (tmp_path / "outside.yaml").write_text("users: {}\n", encoding="utf-8")
    (folder / "inside.yaml").symlink_to(tmp_path / "outside.yaml")

    (line,) = said_of(folder)
    assert line.startswith("access/inside.yaml:1:1: is a link to a file outside the folder of the model; ")


def test_a_policy_that_is_a_link_to_outside_is_refused(folder: Path, tmp_path: Path) -> None:
    """As above: the document would be readable in the console."""
    (tmp_path / "outside.json").write_text("{}", encoding="utf-8")
    (folder / "policies" / "deploy.json").unlink()
    (folder / "policies" / "deploy.json").symlink_to(tmp_path / "outside.json")

    (line,) = said_of(folder)
    assert "`policies/deploy.json` is outside the folder of the model; put the file into the folder" in line


def test_a_folder_without_files_is_a_mistake(tmp_path: Path) -> None:
    """A misspelt folder would be an empty model: everybody's access would be removed."""
    (tmp_path / "empty").mkdir()

    assert said_of(tmp_path / "empty", modelFolder="empty") == [
        "identity-center:modelFolder: `empty` has no YAML files; name the folder of the model"
    ]


def test_all_mistakes_of_all_files_come_in_one_run(folder: Path) -> None:
    """Whoever mends ten mistakes wants one run, not ten; a file that cannot be read hides no other."""
    for name, old, new in (
        ("people.yaml", "title: Analyst", "titel: Analyst"),
        ("permission-sets.yaml", "PT8H", "PT80H"),
        ("assignments.yaml", "breakGlass: true", "breakGlass: yes please"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    (folder / "more.yaml").write_text("a: [\n", encoding="utf-8")

    assert [line.split(": ")[0] for line in said_of(folder)] == [
        "access/assignments.yaml:19:17",
        "access/more.yaml:2:1",
        "access/people.yaml:24:5",
        "access/permission-sets.yaml:17:22",
    ]


def test_the_stack_and_the_folder_are_one_model(folder: Path) -> None:
    """What is small stays in the stack's file; a key that both have is told where the folder has it."""
    assert said_of(folder, groups={"more": {"displayName": "More"}}) == []
    assert said_of(folder, groups={"developers": {"displayName": "D"}}) == [
        "access/people.yaml:46:3: the key `developers` is in the stack's file as well; keep one of them"
    ]


def test_what_an_unreadable_file_may_hold_is_not_called_missing(folder: Path) -> None:
    """One tab would otherwise be told as a hundred unknown users."""
    (folder / "people.yaml").write_text("users:\n\tada: {}\n", encoding="utf-8")

    assert said_of(folder) == [
        "access/people.yaml:2:1: is indented with a tab, which YAML does not allow; use spaces"
    ]
