"""Ask checkov about every document at once, as resources of Terraform; its start is measured and left out."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from cases import Answer, write

ROOT = "CKV_AWS_62,CKV_AWS_63"
ESCALATION = "CKV_AWS_286"
"""Its checks of administrative policies, and of privilege escalation."""


def run(folder: Path) -> tuple[list[dict[str, Any]], float]:
    """Return the failed checks and the seconds of one run."""
    command = [sys.executable, "-m", "checkov.main", "--directory", str(folder), "--framework", "terraform"]
    command += ["--check", f"{ROOT},{ESCALATION}", "--output", "json", "--quiet", "--compact"]
    began = time.perf_counter()
    # Not checked by `check`: it ends with 1 where it finds something.
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # pinned, and our own arguments
    seconds = time.perf_counter() - began
    if done.returncode > 1:
        raise RuntimeError(f"checkov ended with {done.returncode}: {done.stderr[-500:]}")
    report = json.loads(done.stdout or "{}")
    results = report.get("results", {}) if isinstance(report, dict) else {}
    return list(results.get("failed_checks", [])), seconds


def resource(text: str) -> str:
    """Put a document into a resource as it is; what HCL would read in it is escaped."""
    json.loads(text)
    document = text.replace("${", "$${").replace("%{", "%%{").replace("\n", " ")
    return f'resource "aws_iam_policy" "p" {{\n  name = "p"\n  policy = <<EOF\n{document}\nEOF\n}}\n'


def main() -> None:
    """Write a file for each document, run once, and read which failed."""
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    answers: dict[str, Answer] = {}
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as empty:
        for case in cases:
            answers[case["id"]] = {"root_level": False, "escalation": False, "malformed": False}
            for number, text in enumerate(case["documents"]):
                try:
                    content = resource(text)
                except ValueError:
                    answers[case["id"]] = {"root_level": None, "escalation": None, "malformed": True}
                    continue
                file = Path(name) / f"{case['id']}.{number}.tf"
                file.write_text(content, encoding="utf-8")
        _, start = run(Path(empty))
        failed, seconds = run(Path(name))
    for each in failed:
        case_id = Path(each["file_path"]).name.rsplit(".", 2)[0]
        answers[case_id]["root_level" if each["check_id"] in ROOT else "escalation"] = True
    write(answers, max(seconds - start, 0.0))


if __name__ == "__main__":
    main()
