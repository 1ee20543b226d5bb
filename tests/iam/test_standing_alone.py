"""The evaluator needs nothing but Python, and its folder needs nothing around it."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent.parent / "policies" / "identity_guard"
ADMIN = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
CASE = {"id": "x", "kind": "identity", "policies": [{"document": ADMIN}], "boundary": None}


def run(folder: Path, text: str | bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a folder, with nothing of the project on the path."""
    given = text.encode() if isinstance(text, str) else text
    command = [sys.executable, "-S", "-m", "identity_guard", *arguments]
    return subprocess.run(
        command, cwd=folder, input=given, capture_output=True, check=False, timeout=60, env={}
    )


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the evaluator and the command to an empty folder."""
    folder = tmp_path_factory.mktemp("pack")
    (folder / "identity_guard").mkdir()
    for name in ("__init__.py", "__main__.py", "command.py"):
        shutil.copy(PACKAGE / name, folder / "identity_guard" / name)
    shutil.copytree(PACKAGE / "iam", folder / "identity_guard" / "iam")
    shutil.copytree(PACKAGE / "testing", folder / "identity_guard" / "testing")
    return folder


def test_the_command_works_without_any_installed_package(alone: Path) -> None:
    """A published pack has only its own folder, and the evaluator not even Pulumi."""
    done = run(alone, json.dumps(CASE), "verdicts")

    assert done.stderr == b""
    assert done.returncode == 0
    assert json.loads(done.stdout)["root_level"] is True


CHAPTERS = ("text", "catalogue", "document", "evaluate", "questions")
"""The folders of the evaluator: each may import itself and what stands before it."""


@pytest.mark.parametrize(
    "path",
    [path for chapter in CHAPTERS for path in sorted((PACKAGE / "iam" / chapter).rglob("*.py"))],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_each_module_imports_only_the_standard_library_and_what_stands_before_it(path: Path) -> None:
    """One import of Pulumi or boto3 would make every check of a file need it."""
    chapter = path.relative_to(PACKAGE / "iam").parts[0]
    allowed = CHAPTERS[: CHAPTERS.index(chapter) + 1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert all(alias.name.split(".")[0] in sys.stdlib_module_names for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            head, *rest = (node.module or "").split(".")
            assert head in sys.stdlib_module_names or (
                (head, rest[0]) == ("identity_guard", "iam") and rest[1] in allowed
            )
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1


def test_the_clock_is_an_input(alone: Path) -> None:
    """A verdict of last year can be asked for again."""
    until = {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}
    case = {**CASE, "policies": [{"document": {"Statement": {**ADMIN["Statement"], "Condition": until}}}]}
    now, then = (
        json.loads(run(alone, json.dumps(case), "verdicts", *arguments).stdout)
        for arguments in ([], ["--now", "2019-06-01"])
    )

    assert now["escalation"] == []
    assert then["escalation"]


def test_help_and_wrong_arguments(alone: Path) -> None:
    """A command that is called wrongly says how it is called."""
    assert b"verdicts" in run(alone, "", "--help").stdout
    assert run(alone, "", "--help").returncode == 0
    assert run(alone, "", "nonsense").returncode == 2
    assert run(alone, "", "verdicts", "--now", "soon").returncode == 2


def test_lines_that_are_no_cases_are_told_and_do_not_end_the_run(alone: Path) -> None:
    """Exit status 2, the reason on standard error, and a verdict that is not clean in each one's place."""
    lines = [
        b"{",
        b"\xff\xfe",
        b"",
        json.dumps({"id": "y", "kind": "none"}).encode(),
        json.dumps(CASE).encode(),
    ]
    done = run(alone, b"\n".join(lines), "verdicts")
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.returncode == 2
    assert [verdict["id"] for verdict in verdicts] == ["line 1", "line 2", "y", "x"]
    assert [verdict["malformed"] for verdict in verdicts] == [True, True, True, False]
    assert len(done.stderr.splitlines()) == 3


@pytest.mark.parametrize(
    "entry",
    [
        '{"document": {"Statement": {"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}}}',
        '{"document": {"Statement": {"Effect": "Allow", "Action": "s3:x", "action": "*", "Resource": "*"}}}',
        '{"document": null}',
        '{"document": []}',
        '{"text": ""}',
        '{"text": 7}',
        "{}",
        "7",
    ],
)
def test_a_document_of_a_case_that_cannot_be_read_is_told(alone: Path, entry: str) -> None:
    """Also where it was decoded on the way and lost its equal keys."""
    line = f'{{"id": "x", "kind": "malformed", "policies": [{entry}]}}'
    verdict = json.loads(run(alone, line, "verdicts").stdout)

    assert verdict["id"] == "x"
    assert verdict["root_level"] is None
    assert verdict["undecided"]
