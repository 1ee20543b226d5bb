"""What every verb does with a model that is refused, and with names that people chose badly."""

import json
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from identity_center.model.existing.snapshot_file import write_existing
from tests.cli.report.test_report import model
from tests.cli.test_adopt_verify import EXISTING
from tests.support.command import Command

#: Markup, a formula, a table's edge, quotes and an emoji: AWS takes all of it.
HOSTILE: Final = "=cmd() <img src=x onerror=alert(1)> \"'& | `x` \U0001f600 شمس"
LEFT: Final = b"[profile of-mine]\nregion = eu-west-1\n"


def _hostile() -> dict[str, Any]:
    parts: dict[str, Any] = json.loads(json.dumps(model()))
    parts["users"]["ada"]["displayName"] = HOSTILE
    parts["groups"]["readers"]["displayName"] = HOSTILE
    return parts


def _refused() -> dict[str, Any]:
    parts = _hostile()
    parts["assignments"][0]["group"] = "readrs"
    parts["users"]["bob"]["displayName"] = "Bob\u202egreB"
    return parts


@pytest.mark.parametrize(
    "asked",
    [
        ("graph", "--model", "a/access"),
        ("report", "--model", "a/access", "--output", "made.html"),
        ("review", "--model", "a/access"),
        ("review", "--model", "a/access", "--confirm", "assignments[0]", "--until", "2027-12-31"),
        ("explain", "--model", "a/access", "--who", "ada", "--can", "s3:GetObject"),
        ("changes", "--before", "a/access", "--after", "a/access"),
        ("profiles", "--model", "a/access", "--outputs", "outputs.json", "--write", "config"),
        ("drift", "--model", "a/access", "--snapshot", "snapshot.json"),
        ("drift", "--model", "a/access", "--snapshot", "snapshot.json", "--adopt"),
        ("grant", "ada", "s0", "444444444444", "--for", "4h", "--reason", "x", "--model", "a/access"),
        ("validate", "a/access"),
    ],
    ids=" ".join,
)
def test_a_model_that_is_refused_is_told_with_its_files_and_touches_none(
    command: Command, asked: tuple[str, ...]
) -> None:
    """Half of what was meant, written into somebody's file, is worse than nothing."""
    text = yaml.safe_dump(_refused(), allow_unicode=True)
    command.write("a/access/all.yaml", text)
    command.write("snapshot.json", write_existing(EXISTING))
    command.write("outputs.json", {"portal_url": "https://d-1.awsapps.com/start", "region": "eu-west-1"})
    (command.folder / "config").write_bytes(LEFT)
    before = _files(command.folder)

    ended = command(*asked)

    said = ended.errors or ended.output
    assert ended.status in {1, 2}
    assert "a/access/all.yaml:" in said
    assert "no group has the key `readrs`; did you mean `readers`?" in said
    assert "has characters that AWS refuses (U+202E, which is not seen, is in it)" in said
    assert "Traceback" not in said
    assert _files(command.folder) == before


def _files(folder: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_a_commit_with_a_model_that_is_refused_is_called_by_the_commit(
    command: Command, tmp_path: Path
) -> None:
    """The name of a copy that is gone by then helps nobody to find the line."""
    command.write("access/all.yaml", yaml.safe_dump(_refused(), allow_unicode=True))
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "x")):
        named = ("-c", "user.name=t", "-c", "user.email=t@example.com")
        subprocess.run(["git", *named, *arguments], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607 # git of the PATH

    ended = command("changes", "--before", "HEAD:access", "--after", "access")

    assert ended.status == 2
    assert "\nHEAD:access/all.yaml:" in ended.errors


def test_names_with_markup_are_text_wherever_they_are_shown(command: Command) -> None:
    """A name that somebody gives themselves runs in the browser of whoever reviews their access."""
    command.write("access/all.yaml", yaml.safe_dump(_hostile(), allow_unicode=True))
    asked = ("--model", "access")

    page = command("report", *asked, "--format", "html").output
    table = command("report", *asked, "--format", "csv").output
    flowchart = command("graph", *asked).output
    dot = command("graph", *asked, "--format", "dot").output
    picture = command("graph", *asked, "--format", "svg").output

    assert "<img src=x" not in page + flowchart + dot + picture
    assert "\U0001f600" in page
    assert "\n=" not in table
    assert "\"'=cmd()" in table
    assert ET.fromstring(picture).tag.endswith("}svg")  # noqa: S314  # our own
    assert [line for line in flowchart.splitlines() if line.count('"') not in {0, 2}] == []
    assert command("validate", "access").status in {0, 1, 2}


def test_a_report_of_nothing_says_that_there_is_nothing(command: Command) -> None:
    """An error of the command's own would be taken for access that nobody could read."""
    command.write("access/all.yaml", "users: {}\n")
    asked = ("--model", "access")

    table = command("report", *asked, "--format", "csv")
    found = command("report", *asked, "--format", "json")

    assert (table.status, len(table.output.splitlines())) == (0, 1)
    assert (found.status, found.json()["grants"]) == (0, [])
    assert command("review", *asked).output == "nothing is due\n"
    assert command("graph", *asked).status == 0
