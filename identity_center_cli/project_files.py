"""A new project's files: templates of this package, and the schemas of the model."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Final

from identity_center.packaged_files import (
    ACCESS_MODEL_SCHEMA,
    STACK_FILE_SCHEMA,
    IncompleteInstallationError,
    read_packaged,
)

TEMPLATES: Final = Path(__file__).parent / "new_project"
#: Every file of a project, by the template's path. A wheel may lose files whose names begin with a dot.
FILES: Final = {
    "Pulumi.yaml": "Pulumi.yaml",
    "Pulumi.dev.yaml": "Pulumi.dev.yaml",
    "__main__.py": "__main__.py",
    "access/people.yaml": "access/people.yaml",
    "access/permission-sets.yaml": "access/permission-sets.yaml",
    "access/assignments.yaml": "access/assignments.yaml",
    "access/mfa.yaml": "access/mfa.yaml",
    "requirements.txt": "requirements.txt",
    "gitignore": ".gitignore",
    "README.md": "README.md",
}
SCHEMA_FOLDER: Final = "schemas"


class _Template(Template):
    """`%{name}`: a dollar sign means something of its own in YAML files and in shells."""

    delimiter = "%"


def project_files(values: Mapping[str, str]) -> dict[str, str]:
    """Return the text of every file of a project, by its path in the project.

    `values` fill the places `%{name}` of the templates. Raises IncompleteInstallationError where a template
    or a schema is not there.
    """
    if not TEMPLATES.is_dir():
        raise IncompleteInstallationError(TEMPLATES)
    written = {name: filled(TEMPLATES / template, values) for template, name in FILES.items()}
    return written | dict(schema_files())


def filled(template: Path, values: Mapping[str, str]) -> str:
    """Return the text of a template with values in its places. Raises IncompleteInstallationError."""
    return _Template(read_packaged(template)).substitute(values)


def schema_files() -> Iterator[tuple[str, str]]:
    """Yield path and text of each JSON Schema. Raises IncompleteInstallationError."""
    for file in (ACCESS_MODEL_SCHEMA, STACK_FILE_SCHEMA):
        yield f"{SCHEMA_FOLDER}/{file.name}", read_packaged(file)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files, and the folders that they are in. Raises OSError."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
