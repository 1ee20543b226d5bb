"""A drift as people, programs, code scanning and a job's summary read it.

Source of SARIF: OASIS, Static Analysis Results Interchange Format Version 2.1.0 (27 March 2020); suppressions
are its section 3.35, fingerprints 3.27.17. GitHub shows a result only where it has a file and a line.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from identity_center.model.existing.drift import WORDS, Drifted
from identity_center.model.existing.ignoring import Ignored
from identity_center.model.language.ignored_drift import Difference, IgnoredDriftEntry
from identity_center_cli.installed import version
from identity_center_cli.tables import as_csv
from identity_center_cli.verbs.check.sarif import SCHEMA, VERSION, physical
from identity_center_cli.verbs.drift.told import Told

COLUMNS: Final = (
    "difference", "kind", "name", "inTheCode", "inAws", "strength", "changedBy", "ignoredUntil"
)  # fmt: skip
"""Of the table for a spreadsheet; what was not compared goes to standard error."""
_HELP: Final[Mapping[Difference, str]] = {
    Difference.MISSING: "`pulumi up --refresh` makes what is a resource of the stack again",
    Difference.EXTRA: "`identity-center drift --remove` takes it away, `--adopt` puts it into the model",
    Difference.CHANGED: "`pulumi up --refresh` sets it back, `--adopt` writes it into the model",
    Difference.UNASSIGNED: "assign the set there and take that away again: AWS then removes the role",
    Difference.OUTDATED: "`identity-center provision` brings the account up to date",
    Difference.GONE: "`identity-center drift --remove` takes it away",
}


def _counted(count: int) -> str:
    return "1 difference" if count == 1 else f"{count} differences"


def _human(told: Told) -> str:
    lines = [told.line(row) for row in told.rows]
    lines.append(_counted(len(lines)))
    lines += [f"ignored: {told.ignored(each)}" for each in told.sifted.ignored]
    lines += _left(told)
    return "\n".join(lines) + "\n"


def _left(told: Told) -> Iterator[str]:
    """Count what others own: one directory may have thousands of users."""
    counted = Counter((each.owner, each.kind) for each in told.drift.owned)
    owners: dict[str, list[str]] = {}
    for (owner, kind), count in sorted(counted.items()):
        owners.setdefault(owner, []).append(f"{count} {kind}{'s' if count > 1 else ''}")
    for owner, kinds in owners.items():
        yield f"left to {owner}: {', '.join(kinds)}"


def _markdown(told: Told) -> str:
    lines = ["| Drift | What |", "| --- | --- |"]
    lines += [f"| {WORDS[row.difference]} | {_cell(told.words(row))} |" for row in told.rows]
    lines += [f"| ignored | {_cell(told.ignored(each))} |" for each in told.sifted.ignored]
    lines += ["", _counted(len(told.rows))]
    lines += [f"- {_cell(line)}" for line in _left(told)]
    lines += [f"- **not compared**: {_cell(str(each))}" for each in told.drift.not_compared]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _json(told: Told) -> str:
    document = {
        "drift": [_row(told, row) for row in told.rows],
        "ignored": [
            {
                **_row(told, each.row),
                "ignoredUntil": each.entry.last_day.isoformat(),
                **_answers_for(each.entry),
            }
            for each in told.sifted.ignored
        ],
        "endedIgnores": [_entry(each) for each in told.sifted.ended],
        "unusedIgnores": [_entry(each) for each in told.sifted.unused],
        "leftToOwners": [
            {"owner": each.owner, "kind": each.kind, "names": list(each.names)} for each in told.drift.owned
        ],
        "notCompared": [str(each) for each in told.drift.not_compared],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _csv(told: Told) -> str:
    """Write a line for each difference; what is ignored says until when."""
    ignored = ((each.row, each.entry.last_day.isoformat()) for each in told.sifted.ignored)
    rows = (*((row, "") for row in told.rows), *ignored)
    return as_csv(COLUMNS, ((*_cells(told, row), until) for row, until in rows))


def _cells(told: Told, row: Drifted) -> tuple[str, ...]:
    return (
        row.difference.value,
        row.thing.kind.value,
        told.named(row.thing),
        row.wanted,
        row.found,
        told.strength(row),
        told.history.get(row, ""),
    )


def _row(told: Told, row: Drifted) -> dict[str, Any]:
    return {
        "difference": row.difference.value,
        "kind": row.thing.kind.value,
        "names": list(row.thing.names),
        "wanted": row.wanted,
        "found": row.found,
        "strength": told.strength(row),
        "text": told.words(row),
        **({"changedBy": told.history[row]} if row in told.history else {}),
    }


def _entry(entry: IgnoredDriftEntry) -> dict[str, Any]:
    return {
        "difference": entry.difference.value,
        "kind": entry.kind.value,
        "names": list(entry.names),
        "lastDay": entry.last_day.isoformat(),
        **_answers_for(entry),
    }


def _answers_for(entry: IgnoredDriftEntry) -> dict[str, str]:
    return {"owner": entry.owner, "reason": entry.reason}


def _sarif(told: Told) -> str:
    driver: dict[str, Any] = {
        "name": "identity-center drift",
        "version": version(),
        "rules": [
            {
                "id": each.value,
                "name": f"Drift{each.value.capitalize()}",
                "shortDescription": {"text": WORDS[each]},
                "help": {"text": _HELP[each]},
                "properties": {"tags": ["security"]},
            }
            for each in Difference
        ],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [
            {
                "executionSuccessful": not told.drift.unreadable,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": f"not compared: {each}"}}
                    for each in told.drift.unreadable
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_result(told, row) for row in told.rows),
            *(_suppressed(told, each) for each in told.sifted.ignored),
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": VERSION, "runs": [run]}, indent=2) + "\n"


def _result(told: Told, row: Drifted) -> dict[str, Any]:
    place = told.desired.place(row.thing)
    named = "/".join((row.thing.kind.value, *row.thing.names))
    where = physical(place.file, place.line, place.column) if place else physical(told.desired.source)
    return {
        "ruleId": row.difference.value,
        "ruleIndex": list(Difference).index(row.difference),
        "level": "error",
        "message": {"text": told.line(row)},
        "locations": [{"physicalLocation": where, "logicalLocations": [{"fullyQualifiedName": named}]}],
        # By it a result is known again on the next night, wherever it then stands in the files.
        "partialFingerprints": {"drift/v1": _fingerprint(row)},
    }


def _fingerprint(row: Drifted) -> str:
    named = json.dumps([row.difference.value, row.thing.kind.value, *row.thing.names])
    return hashlib.sha256(named.encode()).hexdigest()


def _suppressed(told: Told, each: Ignored) -> dict[str, Any]:
    why = f"until {each.entry.last_day}, {each.entry.owner}: {each.entry.reason}"
    return {
        **_result(told, each.row),
        "suppressions": [{"kind": "external", "status": "accepted", "justification": why}],
    }


FORMS: Final[Mapping[str, Callable[[Told], str]]] = {
    "human": _human,
    "json": _json,
    "sarif": _sarif,
    "markdown": _markdown,
    "csv": _csv,
}
