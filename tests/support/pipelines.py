"""The commands of a project's pipelines, as their forge would run them."""

from pathlib import Path
from typing import Any

import yaml


def commands_of(folder: Path, forge: str) -> dict[str, list[str]]:
    """Return what each job runs after it was prepared, in order."""
    return _of_gitlab(folder) if forge == "gitlab" else _of_github(folder)


def _of_github(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob(".github/workflows/*.yml")):
        workflow: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        for name, job in workflow["jobs"].items():
            found[name] = [step["run"] for step in job["steps"] if "run" in step]
    return found


def _of_gitlab(folder: Path) -> dict[str, list[str]]:
    jobs: dict[str, Any] = yaml.safe_load((folder / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    return {
        name: [*job["script"], *job.get("after_script", ())] for name, job in jobs.items() if "script" in job
    }
