"""Says who gains and who loses what before the engine changes anything, and pulls the brake."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import pulumi

from identity_center.model.access.brake import brake
from identity_center.model.access.changes import AccessChanges, access_changes, sentences, to_document
from identity_center.model.access.grants import Access
from identity_center.model.access.record import FormerKeys, RecordedModel
from identity_center.model.mistakes import Mistake
from identity_center.model.plan.planned import Plan
from identity_center.model.plan.set_contents import contents, contents_of_plan

from .last_model import LastUpdate
from .permission_changes import PermissionChange, permission_changes
from .update_time import say_how_long

#: Written beside the project file in every preview and update; not committed.
FILE = "access-changes.json"


def report_changes(
    access: Access, plan: Plan, last: LastUpdate, root: Path, made_first: Collection[str] = ()
) -> tuple[Mistake, ...]:
    """Compare with the last update, tell people and machines, and return what is refused for it.

    `plan` is everything that the run makes. `made_first` are the keys of permission sets that are made anew
    before they are deleted.
    """
    return (*last.descriptions.lost_in(access), *_compare(access, plan, last, root, made_first))


def _compare(
    access: Access, plan: Plan, last: LastUpdate, root: Path, made_first: Collection[str]
) -> tuple[Mistake, ...]:
    after = RecordedModel.of(access)
    former = FormerKeys.of(access)
    if last.model is None:
        _tell_without_comparison(last, after, root)
        before = replace(after, grants=frozenset(), break_glass=frozenset())
        before = before.with_assignments(last.assignments).renamed(former)
        changes = access_changes(before, after, made_first)
        say_how_long(changes, last)
        return brake(changes, before, after, access.declared.allow_removals)
    # What the state has beyond the kept model would go, too.
    before = last.model.with_assignments(last.assignments).renamed(former)
    changes = access_changes(before, after, made_first)
    if last.problem:
        pulumi.log.warn(f"the comparison with the last update is uncertain: {last.problem}")
    permissions = _permissions(plan, last, former, after)
    lines = [*(each.sentence() for each in permissions), *sentences(changes, permissions=bool(permissions))]
    pulumi.log.info("\n  ".join(["Access, compared with the last update:", *lines]))
    _write(root, "uncertain" if last.problem else "compared", last.problem, changes, permissions)
    say_how_long(changes, last)
    return brake(changes, before, after, access.declared.allow_removals)


def _permissions(
    plan: Plan, last: LastUpdate, former: FormerKeys, after: RecordedModel
) -> list[PermissionChange]:
    """Compare what permission sets hold in the state, and so in AWS, with what they are to hold."""
    before = {
        former.permission_sets.get(key, key): held for key, held in contents(last.outputs.items()).items()
    }
    return permission_changes(before, contents_of_plan(plan), after)


def _tell_without_comparison(last: LastUpdate, after: RecordedModel, root: Path) -> None:
    """Where nothing is there yet, everything is gained; where something is, nobody knows who loses what."""
    if not last.problem:
        nothing = RecordedModel({}, {}, frozenset(), frozenset(), frozenset(), frozenset())
        changes = access_changes(nothing, after)
        pulumi.log.info("\n  ".join(["Access, of a stack that has none yet:", *sentences(changes)]))
        _write(root, "first", "", changes)
        return
    pulumi.log.warn(
        "who gains and who loses access cannot be said, and the brake counts assignments only: "
        f"{last.problem}. "
        f"The state has {len(last.assignments)} assignments and the model {len(after.grants)}; "
        "read the engine's own list"
    )
    _write(root, "not-compared", last.problem, None)


def _write(
    root: Path,
    comparison: str,
    problem: str,
    changes: AccessChanges | None,
    permissions: Sequence[PermissionChange] = (),
) -> None:
    document = {
        "stack": pulumi.get_stack(),
        "comparison": comparison,
        **({"problem": problem} if problem else {}),
        **(to_document(changes) if changes else {}),
        **({"permissions": [each.to_document() for each in permissions]} if changes else {}),
    }
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        (root / FILE).write_text(text, encoding="utf-8")
    except OSError as error:
        pulumi.log.warn(f"{FILE} could not be written: {error.strerror}")
