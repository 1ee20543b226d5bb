"""What files tell a rule: texts of policies that are made elsewhere, and reports that a command saved.

The pack asks AWS nothing, so that a preview can be repeated. What it needs beside the stack it reads from
files that the pack's configuration names:

* a folder of customer-managed policies, one file `NAME.json` each. The name is the policy's, without its
  path; whoever fills the folder answers for its being what AWS has.
* a report of `identity-center root audit` or `mfa evidence`. It counts for the organisation that the
  configuration names, and for as long as the configuration lets it; a date in the future counts for
  nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from identity_guard.stack.phase import ClockError
from identity_guard.stack.view import View

from .rule import Setting, Settings

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


VERSION: Final = 1
ADVISORY, MANDATORY = "advisory", "mandatory"


class UnusableReportError(ValueError):
    """A report that is not there, cannot be read, or is of something else."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a file says."""

    path: Path
    content: Mapping[str, Any]


def settings_of_a_report(file: str, days: float, command: str) -> tuple[Setting, ...]:
    """Return the configuration that every rule over a saved report has."""
    return (
        Setting(file, {"type": "string", "description": f"File that `{command}` wrote; absolute is best"}),
        Setting(
            "organizationId", {"type": "string", "description": "The organisation that the file must be of"}
        ),
        Setting(
            "maxAgeDays",
            {"type": "number", "minimum": 0, "description": "How many days what it says may be old"},
            days,
        ),
        Setting(
            "unknown",
            {
                "type": "string",
                "enum": [ADVISORY, MANDATORY],
                "description": "Whether what the file does not tell refuses the stack",
            },
            ADVISORY,
        ),
    )


def read_report(settings: Settings, file: str, kind: str) -> Report:
    """Read the configured file. Raises UnusableReportError with the reason."""
    path = Path(str(settings[file])).absolute()
    content = read_saved(path)
    if not isinstance(content, dict) or content.get("kind") != kind:
        raise UnusableReportError(f"{path} is no report of the kind {kind}")
    if content.get("version") != VERSION:
        raise UnusableReportError(f"{path} is of another version than {VERSION}")
    expected = settings.get("organizationId")
    if not expected:
        raise UnusableReportError(
            "`organizationId` is not configured: nobody knows whose report it should be"
        )
    if content.get("organizationId") != expected:
        raise UnusableReportError(f"{path} is of another organisation than {expected}")
    return Report(path, content)


def read_saved(path: Path) -> object:
    """Read a file of JSON; None where it holds none. Raises UnusableReportError where it cannot be read."""
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise UnusableReportError(f"{path} could not be read ({type(error).__name__})") from error


@lru_cache(maxsize=8)
def _read(path: Path, changed: int, size: int) -> object:
    # Every resource of an update asks again; the file is read again once it has changed.
    del changed, size
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None


def too_old(text: object, settings: Settings, view: View) -> str:
    """Say why something that was read at a time does not count today; empty where it does."""
    read_on = _day(text)
    if read_on is None:
        return "it does not say when it was read"
    try:
        today = view.today()
    except ClockError as error:
        return str(error)
    if read_on > today:
        return f"it was read on {read_on}, which lies in the future: today is {today}"
    age, most = (today - read_on).days, float(settings["maxAgeDays"])
    return f"it was read on {read_on}, {age} days ago, and {most:g} is the most" if age > most else ""


def _day(text: object) -> date | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC).date()
    except ValueError:
        return None
