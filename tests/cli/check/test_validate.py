"""`identity-center validate`: what it says in each form, and what it ends with."""

import shutil
from pathlib import Path

import pytest

from tests.model.test_wrong_models import SOUND
from tests.support.command import Command

MISTAKE = (
    "identity-center:users.ada.title: is not a text; write a text; put numbers, dates and yes or no in quotes"
)
MODEL = """\
users:
  ada: {userName: ada, givenName: Ada, familyName: L, displayName: Ada L, email: ada@example.com, title: 7}
"""
COLUMN = MODEL.splitlines()[1].index("7}") + 1


@pytest.fixture
def wrong(command: Command) -> str:
    """Return the folder of a model with one mistake."""
    command.write("access/people, 100%.yaml", MODEL)
    return "access"


def test_a_mistake_is_a_result_in_sarif_at_its_line_and_column(command: Command, wrong: str) -> None:
    """A code scanner shows it beside the line; without a region it is shown nowhere."""
    ended = command("validate", wrong, "--format", "sarif")

    (run,) = ended.json()["runs"]
    (result,) = run["results"]
    assert ended.status == 1
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "access-model"
    assert (result["level"], result["message"]["text"]) == ("error", MISTAKE)
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "access/people%2C%20100%25.yaml"},
        "region": {"startLine": 2, "startColumn": COLUMN},
    }


def test_a_mistake_is_a_workflow_command_for_github(command: Command, wrong: str) -> None:
    """A comma or a percent sign in a name would end the command's property; the unchecked is said as well."""
    ended = command("validate", wrong, "--format", "github")

    first, *others = ended.output.splitlines()
    place = f"file=access/people%2C 100%25.yaml,line=2,col={COLUMN}"
    assert first == f"::error {place},title=access-model::{MISTAKE}"
    assert ended.status == 1
    assert others
    assert all(line.startswith("::notice::") for line in others)
    assert "looked at in a run only" in ended.output


def test_what_only_aws_can_tell_is_named(command: Command) -> None:
    """Silence would pass for a check; nothing is refused, and what the pack cannot decide is not fine."""
    shutil.copytree(SOUND, command.folder / "access")

    ended = command("validate", "access")

    assert ended.status == 2
    assert "accounts are unchecked" in ended.output
    assert "4 users from elsewhere are unchecked" in ended.output
    assert ended.output.endswith("\n0 refused, 3 advised or undecided\n")


def test_check_of_a_models_folder_says_the_same(command: Command, wrong: str) -> None:
    """It passed YAML over without a word, and called a folder clean that no run would take."""
    validated, checked = (command(verb, wrong, "--format", "sarif") for verb in ("validate", "check"))

    assert checked.status == validated.status == 1
    assert checked.json()["runs"][0]["results"] == validated.json()["runs"][0]["results"]


def test_check_lists_yaml_that_it_does_not_read(command: Command) -> None:
    """A file that nobody looked at is never left unmentioned."""
    command.write("mixed/policy.json", {"Version": "2012-10-17", "Statement": []})
    command.write("mixed/other.yaml", "a: 1\n")

    assert (
        str(Path("mixed", "other.yaml")) + ": not checked: it holds none" in command("check", "mixed").output
    )


def test_a_path_that_is_not_there_could_not_be_read(command: Command) -> None:
    """A misspelt path in pre-commit must not pass for a model without mistakes."""
    ended = command("validate", "acess")

    assert (ended.status, ended.output) == (2, "")
    assert ended.errors.startswith("identity-center: acess cannot be read: no such file or directory")
