"""`identity-center validate` says of a wrong model what the engine's preview says of it, line for line.

tests/resources/test_validate_as_a_run.py compares all wrong models in process. These ten go through the
engine: the program's start, its launcher and the engine's display stand between a model and its reader. What
only AWS can tell, such as that a role is not there, a preview of the sound model tells.
"""

import json
import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from identity_center.model.organisation.snapshot import write_snapshot
from identity_center_cli.verbs.check.judging import MODEL_RULE
from sandbox.project import Project
from tests.model.test_wrong_models import CASES, ORGANISATION, SOUND

pytestmark = pytest.mark.engine

#: From all parts of the model, and of each kind: a value, a reference, a file, a target.
CHOSEN: Final = (
    "a user without a name to sign in with",
    "an external user who is named in two ways",
    "a review after the end",
    "an inline policy that is too large",
    "a role twice for one user",
    "a key in two files",
    "an alias within itself",
    "a quota that AWS does not raise",
    "an exception without end, that nobody answers for",
    "a unit that is asked for and taken out with its parent",
)
VALIDATE: Final = (
    sys.executable,
    "-m",
    "identity_center_cli",
    "validate",
    "Pulumi.dev.yaml",
    "--format",
    "json",
)


@pytest.mark.thorough
def test_the_engine_refuses_what_validate_refuses(program: Project) -> None:
    """Who mends what `validate` told, and meets another mistake in the pipeline, stops running it."""
    _write(program, {})
    of_aws_alone = {_without_place(line) for line in _mistakes(program.pulumi("preview").output)}
    cases = {case["case"]: case for case in CASES}
    for name in CHOSEN:
        _write(program, cases[name])

        validated = program.run(*VALIDATE)
        previewed = program.pulumi("preview")

        results = json.loads(validated.output)["results"]
        told = [_line(result) for result in results if result["rule"] == MODEL_RULE]
        mistakes = _mistakes(previewed.output)
        assert (validated.status, len(told)) == (1, len(cases[name]["says"])), name
        assert previewed.status != 0, name
        assert [line for line in mistakes if _without_place(line) not in of_aws_alone] == told, name


def _write(program: Project, case: dict[str, Any]) -> None:
    """Write the sound model with the one change of a case."""
    shutil.rmtree(program.folder / "access", ignore_errors=True)
    folder = Path(shutil.copytree(SOUND, program.folder / "access"))
    if case:
        file = folder / case["file"]
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        assert case["old"] in text
        file.write_text(text.replace(case["old"], case["new"], 1), encoding="utf-8")
    snapshot = write_snapshot(ORGANISATION, datetime.now(UTC))
    (program.folder / "organisation.json").write_text(snapshot, encoding="utf-8")
    program.write_config(
        {
            "aws:region": "us-east-1",
            "identity-center:modelFolder": "access",
            "identity-center:organisationSnapshot": "organisation.json",
        }
    )


def _line(result: dict[str, Any]) -> str:
    place = f"{result['path']}:{result['line']}:{result['column']}: " if result["line"] is not None else ""
    return f"{place}{result['message']}"


def _without_place(line: str) -> str:
    """Take file, line and key away: a change moves what is below it."""
    return re.sub(r"^access/[^:]+:\d+:\d+: identity-center:[^:]+: ", "", line)


def _mistakes(output: str) -> list[str]:
    """Return the lines below the headline, as many as it says."""
    lines = [line.strip() for line in output.splitlines()]
    # The engine tells the headline twice: while it works, and below its diagnostics.
    first = max(number for number, line in enumerate(lines) if "nothing was changed" in line) + 1
    (count,) = re.findall(r"(\d+) mistakes?;", lines[first - 1])
    return lines[first : first + int(count)]
