"""Says before a large update how long it takes, and measures each, so that the next one is told better."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

import pulumi

from identity_center.model.access.changes import AccessChanges
from identity_center.model.plan.planned import ASSIGNMENT, Plan, PlannedResource
from identity_center.model.plan.update_estimate import estimate_update, is_enough_to_measure, measure_pace
from identity_center.program.state.last_model import PACE, LastUpdate
from identity_center.resources import messages
from identity_center.resources.access_model import WholeModel


def say_how_long(changes: AccessChanges, last: LastUpdate) -> None:
    """Say how long the assignments take, where there are many."""
    estimate = estimate_update(changes.accounts_worked_in, _parallel(), last.pace)
    if estimate is not None:
        messages.info(
            f"How long the update takes: {estimate.sentence()}. The engine's own time, and permission sets "
            "that change and are provisioned in every account, come on top."
        )


def pace_output(plan: Plan, model: WholeModel, last: LastUpdate) -> dict[str, object]:
    """Return the stack's output that keeps how fast this update is, or else the last large one was."""
    new, parallel = _new_assignments(plan, last), _parallel() or 0
    kept = None if last.pace is None else asdict(last.pace)
    if pulumi.runtime.is_dry_run() or not is_enough_to_measure(len(new), parallel):
        return {PACE: kept} if kept else {}
    done = [model.id_of(each.id).apply(_now) for each in new]
    accounts = [str(each.inputs["targetId"]) for each in new]
    return {PACE: pulumi.Output.all(*done).apply(partial(_measured, parallel, accounts, kept))}


def _new_assignments(plan: Plan, last: LastUpdate) -> list[PlannedResource]:
    return [
        each
        for each in plan
        if each.type == ASSIGNMENT and last.assignments.isdisjoint({each.key, *each.former_names})
    ]


def _measured(
    parallel: int, accounts: Sequence[str], kept: dict[str, object] | None, done: Sequence[float]
) -> dict[str, object] | None:
    found = measure_pace(done, parallel, accounts)
    return kept if found is None else asdict(found)


def _now(_identifier: str) -> float:
    return time.monotonic()


def _parallel() -> int | None:
    """Return the engine's `--parallel` of this run."""
    parallel: int | None = pulumi.runtime.settings.SETTINGS.parallel
    return parallel
