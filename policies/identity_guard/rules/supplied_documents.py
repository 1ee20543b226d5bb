"""Texts of customer-managed policies that are made elsewhere, from a folder that the configuration names.

One file a policy, `NAME.json`; the name is the policy's, without its path. Whoever fills the folder answers
for its being what AWS has.
"""

from pathlib import Path

from .rule import Setting

DOCUMENTS = Setting(
    "documents",
    {
        "type": "string",
        "description": "Folder with the texts of customer-managed policies that are made elsewhere, one file "
        "`NAME.json` each; relative to the pack's folder",
    },
)


class SuppliedDocumentsError(ValueError):
    """The folder cannot be read."""


def read_folder(folder: str, pack: Path) -> dict[str, str]:
    """Read every policy of the folder, by name. Raises SuppliedDocumentsError."""
    place = pack / folder
    if not place.is_dir():
        raise SuppliedDocumentsError(f"configuration of `undecided`: `documents` is no folder: {place}")
    try:
        return {path.stem: path.read_text(encoding="utf-8") for path in sorted(place.glob("*.json"))}
    except (OSError, UnicodeDecodeError) as error:
        raise SuppliedDocumentsError(
            f"configuration of `undecided`: a file of `documents` cannot be read: {type(error).__name__}"
        ) from None
