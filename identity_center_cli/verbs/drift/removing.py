"""`drift --remove`: takes away what AWS has and the code has not, after showing it and asking."""

import argparse
import sys
from collections.abc import Collection, Iterable
from typing import Final

from identity_center.model.existing.removal import Removal, Step, plan_removal
from identity_center.model.language.ignored_drift import Difference
from identity_center_cli.aws.removal import Outcome, Remover
from identity_center_cli.connection import connection
from identity_center_cli.verbs.drift.told import Told

#: Seconds to wait for one request of AWS: as long as the provider does (`waiting_time.DEFAULTS`).
_LONGEST: Final = 30 * 60.0


class NobodyToAskError(Exception):
    """Something would be taken away, and nobody is there who could agree; or it is not sure what."""


def remove(told: Told, arguments: argparse.Namespace) -> bool:
    """Take away what can be; return whether no difference is left.

    Raises NobodyToAskError where nobody can be asked, or where the code itself is not wholly known.
    """
    if told.desired.gaps:
        raise NobodyToAskError(
            "nothing is taken away: the code may want more than is known of it, see NOT COMPARED"
        )
    removal = plan_removal(
        told.rows,
        told.aside,
        told.existing,
        told.desired.facts,
        told.desired.protected,
    )
    _show(told, removal)
    steps = _agreed(told, removal.steps, arguments)
    outcomes = _taken(told, steps, arguments) if steps else []
    _summarise(told, removal, outcomes)
    done = {each.step.row for each in outcomes if not each.problem}
    return not set(told.rows) - done


def _show(told: Told, removal: Removal) -> None:
    for step in removal.steps:
        mark = " (for emergencies)" if step.for_emergencies else ""
        sys.stdout.write(f"{_verb(step)}: {told.words(step.row)}{mark}\n")
    for row, why in removal.stays:
        sys.stdout.write(f"stays: {told.words(row)}: {why}\n")


def _verb(step: Step) -> str:
    return "bring up to date" if step.row.difference is Difference.OUTDATED else "take away"


def _agreed(told: Told, steps: Collection[Step], arguments: argparse.Namespace) -> list[Step]:
    """Ask once for all, and for each thing of an emergency by its name."""
    plain = [each for each in steps if not each.for_emergencies]
    named = [each for each in steps if each.for_emergencies]
    if steps and not arguments.yes and not sys.stdin.isatty():
        raise NobodyToAskError("nobody is there to ask: say --yes where a pipeline may take this away")
    if plain and not arguments.yes:
        sys.stdout.write(f"Take away {len(plain)}? Type yes: ")
        plain = plain if _answer() == "yes" else []
    agreed = [*plain, *(each for each in named if _is_meant(told, each, arguments))]
    # To provision a set puts all that it has into the accounts: its parts go together or not at all.
    incomplete = {each.set_arn for each in steps if each.set_arn and each not in agreed}
    return [each for each in agreed if each.set_arn not in incomplete]


def _is_meant(told: Told, step: Step, arguments: argparse.Namespace) -> bool:
    if step.name in arguments.break_glass:
        return True
    if arguments.yes:
        return False
    sys.stdout.write(
        f"For emergencies: {told.words(step.row)}\nType {step.name} to take it away, or nothing to leave it: "
    )
    return _answer() == step.name


def _answer() -> str:
    sys.stdout.flush()
    return sys.stdin.readline().strip()


def _taken(told: Told, steps: list[Step], arguments: argparse.Namespace) -> list[Outcome]:
    def tell(outcome: Outcome) -> None:
        words = told.words(outcome.step.row)
        done = "up to date" if outcome.step.row.difference is Difference.OUTDATED else "taken away"
        line = f"NOT {done.upper()}: {words}: {outcome.problem}" if outcome.problem else f"{done}: {words}"
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    session = connection(arguments).session()
    remover = Remover(session, told.existing.instance_arn, _LONGEST, tell)
    return remover.remove(sorted(steps, key=lambda each: each.stage))


def _summarise(told: Told, removal: Removal, outcomes: Iterable[Outcome]) -> None:
    listed = list(outcomes)
    done = sum(not each.problem for each in listed)
    sys.stdout.write(f"{done} of {len(removal.steps)} taken away\n")
    named = {each.step.row for each in listed}
    for step in removal.steps:
        if step.row not in named:
            by = f"; `--break-glass {step.name}` takes it away" if step.for_emergencies else ""
            sys.stdout.write(f"left: {told.words(step.row)}{by}\n")
    if any(each.problem for each in listed):
        sys.stdout.write("run again to finish: what is gone is not asked for again\n")
