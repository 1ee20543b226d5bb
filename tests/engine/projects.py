"""A running sandbox, and a project in it with a backend of its own."""

from dataclasses import dataclass
from pathlib import Path

from sandbox.project import Project


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox and the environment inside it."""

    endpoint: str
    environment: dict[str, str]


def own_project(folder: Path, sandbox: Sandbox, variables: dict[str, str]) -> Project:
    """Give a folder a backend of its own."""
    backend = folder.with_name(f"{folder.name}-backend")
    backend.mkdir()
    environment = sandbox.environment | {"PULUMI_BACKEND_URL": f"file://{backend}"} | variables
    return Project(folder, environment)
