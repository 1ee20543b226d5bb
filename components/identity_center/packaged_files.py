"""The package's files beside its modules: an installation has them, or says that it lacks them."""

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parent
ACCESS_MODEL_SCHEMA: Final = PACKAGE / "access-model.schema.json"
STACK_FILE_SCHEMA: Final = PACKAGE / "stack-file.schema.json"
AWS_MANAGED_POLICIES: Final = PACKAGE / "model" / "language" / "aws_managed_policies.txt"


class IncompleteInstallationError(RuntimeError):
    """A file or folder that belongs to the package is not there."""

    def __init__(self, missing: Path) -> None:
        """Name what is missing and what to do."""
        super().__init__(f"this installation lacks {missing}; install identity-center-as-code again")


def read_packaged(file: Path) -> str:
    """Read one of the files. Raises IncompleteInstallationError where it is not there."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise IncompleteInstallationError(file) from None


def component_folder() -> Path:
    """Return the folder that Pulumi starts the components from, as the value of `plugins:`.

    In a checkout it holds the package; an installed package holds it. Raises IncompleteInstallationError.
    """
    return folder_with("PulumiPlugin.yaml", PACKAGE / "component_folder", PACKAGE.parent)


def folder_with(file: str, *folders: Path) -> Path:
    """Return the first folder that has the file. Raises IncompleteInstallationError where none has."""
    for folder in folders:
        if (folder / file).is_file():
            return folder
    raise IncompleteInstallationError(folders[0] / file)
