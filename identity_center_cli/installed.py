"""What is installed: which version, where it came from, and the folders that Pulumi starts."""

import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

import identity_guard
from identity_center.packaged_files import IncompleteInstallationError, component_folder, folder_with
from identity_guard.iam.catalogue.data import require_all

DISTRIBUTION: Final = "identity-center-as-code"


def version() -> str:
    """Return the version of the installed package, such as 0.1.0."""
    try:
        return distribution(DISTRIBUTION).version
    except PackageNotFoundError:
        return "unknown: run from a folder, not installed"


def pack_folder() -> Path:
    """Return the folder for `--policy-pack`, whole with the pack's data.

    Raises IncompleteInstallationError, or identity_guard's MissingDataError.
    """
    package = Path(identity_guard.__file__).parent
    folder = folder_with("PulumiPolicy.yaml", package / "pack_folder", package.parent)
    require_all()
    return folder_with("__main__.py", folder)


def components_folder() -> Path:
    """Return the folder for `plugins:` and `pulumi package add`. Raises IncompleteInstallationError."""
    return folder_with("__main__.py", component_folder())


def requirement() -> str:
    """Return the line of a requirements file that installs what is installed here, from where it came.

    A bare `NAME==VERSION` is taken from a package index, where somebody else may hold the name: it is written
    only where pip itself took the package from there. Source: PEP 610, `direct_url.json`.
    Raises IncompleteInstallationError where nothing is installed.
    """
    try:
        installed = distribution(DISTRIBUTION)
    except PackageNotFoundError:
        raise IncompleteInstallationError(Path(f"{DISTRIBUTION}.dist-info")) from None
    text = installed.read_text("direct_url.json")
    if text is None:
        return f"{DISTRIBUTION}=={installed.version}"
    origin: dict[str, Any] = json.loads(text)
    if origin.get("dir_info", {}).get("editable"):
        return f"--editable {origin['url']}"
    return f"{DISTRIBUTION} @ {_pinned(origin)}"


def _pinned(origin: dict[str, Any]) -> str:
    """Write an origin so that it means the same bytes tomorrow, as far as pip kept what says so."""
    if vcs := origin.get("vcs_info"):
        return f"{vcs['vcs']}+{origin['url']}@{vcs['commit_id']}"
    hashes = origin.get("archive_info", {}).get("hashes", {})
    return f"{origin['url']}#sha256={hashes['sha256']}" if "sha256" in hashes else str(origin["url"])
