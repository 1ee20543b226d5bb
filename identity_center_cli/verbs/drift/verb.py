"""`identity-center drift`: what AWS has otherwise than the code says."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from identity_center.model.existing.drift import Difference, Drift, Drifted, compare
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.snapshot_file import UnusableExistingError, read_existing
from identity_center.model.existing.things import OF_A_SET, Kind
from identity_center_cli.aws.outdated_sets import remedy
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.installed import version
from identity_center_cli.report.existing_sets import strengths
from identity_center_cli.stacks.options import add_stack_options
from identity_center_cli.stacks.recorded import UnusableStackError, read_state
from identity_center_cli.stacks.written_model import UnusableModelError
from identity_center_cli.verbs.drift.desired_things import of_model, of_state
from identity_center_cli.verbs.snapshot import add_reading_options, read_as_told

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Names what AWS has otherwise than the code says: in the code and not in AWS, in AWS
and not in the code, changed; and assignments of principals that are gone, sets in accounts where nobody is
assigned and accounts with an older form of a set. Nothing is changed. Exit status: 0 no drift, 1 drift,
2 something could not be read."""
ERRORS: Final = (UnusableStackError, UnusableModelError, UnusableExistingError)
_SARIF: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Told:
    """A drift with what makes it readable: names of accounts, and how strong sets are."""

    drift: Drift
    existing: Existing
    strengths: Mapping[str, str]

    def words(self, row: Drifted) -> str:
        """Say in a line what differs."""
        kind, names = row.thing
        values = f": {row.wanted} in the code, {row.found} in AWS" if row.wanted and row.found else ""
        said = [self._account(name) for name in names if name not in ("USER", "GROUP")]
        line = f"{kind.value} {' -> '.join(said)}{values}{self._added(row)}{self._strong(row)}"
        return f"{line}; {remedy(*names)}" if row.difference is Difference.OUTDATED else line

    def _account(self, name: str) -> str:
        account = self.existing.account_of.get(name)
        return f"{account.name} {name}" if account else name

    def _added(self, row: Drifted) -> str:
        value = row.found or row.wanted
        return f": {value}" if value and not (row.found and row.wanted) else ""

    def _strong(self, row: Drifted) -> str:
        if row.thing.kind not in OF_A_SET | {Kind.PERMISSION_SET, Kind.ASSIGNMENT}:
            return ""
        strength = self.strengths.get(row.thing.names[0])
        return f" [{strength}]" if strength else ""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser("drift", help="what AWS has otherwise than the code says", description=DESCRIPTION),
        "identity-center drift --model access/ --region eu-central-1",
        "pulumi stack export --show-secrets | identity-center drift --state - --format markdown",
        "identity-center drift --model access/ --snapshot identity-center.snapshot.json",
    )
    add_stack_options(verb)
    verb.add_argument(
        "--snapshot", type=Path, metavar="FILE", help="what `snapshot` wrote, instead of asking AWS"
    )
    verb.add_argument("--format", choices=tuple(FORMS), default="human", help="default: human")
    add_reading_options(verb)
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    existing = _existing(arguments)
    if arguments.model is not None:
        wanted, gaps = of_model(arguments.model, existing)
    else:
        wanted, gaps = of_state(read_state(arguments.state), existing)
    found = compare(wanted, existing)
    drift = Drift(found.rows, (*found.not_compared, *gaps))
    sys.stdout.write(FORMS[arguments.format](Told(drift, existing, strengths(existing))))
    for each in drift.not_compared:
        sys.stderr.write(f"NOT COMPARED: {each}\n")
    if drift.unreadable:
        return COULD_NOT_READ
    return NOT_AS_IT_SHOULD_BE if drift.rows else AS_IT_SHOULD_BE


def _existing(arguments: argparse.Namespace) -> Existing:
    if arguments.snapshot is None:
        return read_as_told(arguments, keep_in=None)
    try:
        return read_existing(arguments.snapshot.read_text(encoding="utf-8"))
    except UnusableExistingError as error:
        raise UnusableExistingError(f"{arguments.snapshot}: {error}") from error


def _human(told: Told) -> str:
    lines = [f"{row.difference.value}: {told.words(row)}" for row in told.drift.rows]
    count = "1 difference" if len(lines) == 1 else f"{len(lines)} differences"
    return "\n".join([*lines, count]) + "\n"


def _markdown(told: Told) -> str:
    lines = [f"| {row.difference.value} | {_cell(told.words(row))} |" for row in told.drift.rows]
    return "\n".join(["| Drift | What |", "| --- | --- |", *lines]) + "\n"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _json(told: Told) -> str:
    rows = [
        {
            "difference": row.difference.name.lower(),
            "kind": row.thing.kind.name.lower(),
            "names": list(row.thing.names),
            "wanted": row.wanted,
            "found": row.found,
            "text": told.words(row),
        }
        for row in told.drift.rows
    ]
    unread = [str(each) for each in told.drift.not_compared]
    return json.dumps({"drift": rows, "notCompared": unread}, indent=2) + "\n"


def _sarif(told: Told) -> str:
    results = [
        {
            "ruleId": row.difference.name.lower(),
            "level": "error",
            "message": {"text": told.words(row)},
            "locations": [
                {
                    "logicalLocations": [
                        {"fullyQualifiedName": "/".join((row.thing.kind.value, *row.thing.names))}
                    ]
                }
            ],
        }
        for row in told.drift.rows
    ]
    driver: dict[str, Any] = {"name": "identity-center drift", "version": version()}
    run = {
        "tool": {"driver": driver},
        "invocations": [
            {
                "executionSuccessful": not told.drift.unreadable,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": str(each)}} for each in told.drift.unreadable
                ],
            }
        ],
        "results": results,
    }
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


FORMS: Final[Mapping[str, Callable[[Told], str]]] = {
    "human": _human,
    "json": _json,
    "sarif": _sarif,
    "markdown": _markdown,
}
