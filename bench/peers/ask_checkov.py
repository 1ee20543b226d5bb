"""Ask checkov about every document at once, as resources of Terraform; its start is measured and left out."""

import json
import resource as usage
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from cases import Answer, write

QUESTIONS = {"CKV_AWS_62": "root_level", "CKV_AWS_63": "root_level", "CKV_AWS_286": "escalation"}
"""Its checks of administrative policies, and of privilege escalation."""


def run(folder: Path) -> tuple[dict[str, Any], float]:
    """Return what one run found, and its seconds of the processor."""
    with tempfile.TemporaryDirectory() as report:
        command = [sys.executable, "-m", "checkov.main", "--directory", str(folder)]
        command += ["--framework", "terraform", "--check", ",".join(QUESTIONS), "--skip-download"]
        command += ["--output", "json", "--compact", "--output-file-path", report]
        began = _of_children()
        # Not checked by `check`: it ends with 1 where it finds something.
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # pinned, and our own arguments
        seconds = _of_children() - began
        if done.returncode > 1:
            raise RuntimeError(f"checkov ended with {done.returncode}: {done.stderr[-500:]}")
        found = json.loads((Path(report) / "results_json.json").read_text(encoding="utf-8"))
    return found.get("results", {}), seconds


def _of_children() -> float:
    """Return the seconds of the processor that ended children have taken."""
    taken = usage.getrusage(usage.RUSAGE_CHILDREN)
    return taken.ru_utime + taken.ru_stime


def resource(text: str) -> str:
    """Put a document into a resource as it is; what HCL would read in it is escaped."""
    document = text.replace("${", "$${").replace("%{", "%%{").replace("\n", " ")
    return f'resource "aws_iam_policy" "p" {{\n  name = "p"\n  policy = <<EOF\n{document}\nEOF\n}}\n'


def main() -> None:
    """Write a file for each document, run once, and read which failed.

    Where a check neither passed nor failed, as over what cannot be read, there is no verdict.
    """
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    answers: dict[str, Answer] = {case["id"]: {} for case in cases}
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as empty:
        for case in cases:
            for number, text in enumerate(case["documents"]):
                file = Path(name) / f"{case['id']}.{number}.tf"
                file.write_text(resource(text), encoding="utf-8")
        _, start = run(Path(empty))
        found, seconds = run(Path(name))
    for outcome, failed in (("passed_checks", False), ("failed_checks", True)):
        for each in found.get(outcome, []):
            answer, question = answers[case_of(each["file_path"])], QUESTIONS[each["check_id"]]
            answer[question] = failed or bool(answer.get(question))
    write(answers, max(seconds - start, 0.0))


def case_of(path: str) -> str:
    """Return whose file it is."""
    return Path(path).name.rsplit(".", 2)[0]


if __name__ == "__main__":
    main()
