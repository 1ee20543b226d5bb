"""The commands of a project's pipelines, as their forge would run them."""

from pathlib import Path
from typing import Any

import yaml


def commands_of(folder: Path, forge: str) -> dict[str, list[str]]:
    """Return what each job runs after it was prepared, in order."""
    return _of_gitlab(folder) if forge == "gitlab" else _of_github(folder)


def steps_of_gitlab(folder: Path, job: str) -> tuple[dict[str, str], list[str], list[str]]:
    """Return the variables of a job, and the lines of its two shells: its own, and of what is done after it.

    A job has what it extends; `variables` are merged, and may name others. The lines of `before_script` and
    `script` are run by one shell, those of `after_script` by another one, also where the first one failed
    (GitLab Docs, "CI/CD YAML syntax reference").
    """
    document: dict[str, Any] = yaml.safe_load((folder / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    named = document[job]
    whole = {**document.get(named.get("extends"), {}), **named}
    variables = {**document["variables"], **named.get("variables", {})}
    before = whole.get("before_script", [])
    return variables, [*before, *whole["script"]], whole.get("after_script", [])


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
