"""Diff: from what differs between state and inputs to what the engine is to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.provider.checking import DEFAULTS
from sandbox.provider.options import Options
from sandbox.provider.rows.comparing import Change, changes
from sandbox.provider.rows.paths import ignored
from sandbox.provider.rows.schema import Built, ResourceType
from sandbox.provider.rows.tagging import all_tags
from sandbox.provider.rows.values import Value, has_unknown, plain


@dataclass(frozen=True)
class Planned:
    """The answer of Diff."""

    changes: list["PlannedChange"]
    replaces: list[str]
    stables: list[str]
    delete_before_replace: bool

    @property
    def properties(self) -> list[str]:
        """Name the top-level properties that differ."""
        return sorted({change.property for change in self.changes})


@dataclass(frozen=True)
class PlannedChange:
    """One difference as the engine shows it."""

    path: str
    property: str
    wire_kind: str


def plan(
    resource: ResourceType,
    options: Options,
    *,
    old: Mapping[str, Value],
    new: Mapping[str, Value],
    ignore: list[str],
) -> Planned:
    """Compare the state (``old``) with the inputs wanted."""
    found = changes(resource, old, new, ignore)
    replaces = sorted({change.path for change in found if _replaces(resource, change)})
    planned = [_planned(resource, change) for change in found]
    if resource.tagged and not any(change.property == "tags" for change in found):
        planned += _default_tags(options, old, new, ignore)
    stables = {name for name, given in resource.all_inputs.items() if given.force_new} | set(
        resource.id.parts
    )
    changing = {change.property for change in found}
    return Planned(
        changes=planned,
        replaces=replaces,
        stables=[] if replaces else sorted(stables - changing),
        delete_before_replace=bool(replaces)
        and resource.built_on is Built.SDK
        and _named_by_program(resource, new),
    )


def _replaces(resource: ResourceType, change: Change) -> bool:
    return change.replaces or resource.update is None


def _planned(resource: ResourceType, change: Change) -> PlannedChange:
    suffix = "_REPLACE" if _replaces(resource, change) else ""
    return PlannedChange(change.path, change.property, f"{change.kind}{suffix}")


def _default_tags(
    options: Options, old: Mapping[str, Value], new: Mapping[str, Value], ignore: list[str]
) -> list[PlannedChange]:
    """Find the update that a change of the provider's default tags means."""
    if has_unknown(new.get("tags")) or "tagsAll" not in old or ignored("tagsAll", ignore):
        return []
    if plain(old["tagsAll"]) == all_tags(options, plain(new.get("tags"))):
        return []
    return [PlannedChange("tagsAll", "tagsAll", "UPDATE")]


def _named_by_program(resource: ResourceType, new: Mapping[str, Value]) -> bool:
    """Say whether the old one must go first: two things of one name cannot be.

    The bridge asks only whether the program gave the name (nameRequiresDeleteBeforeReplace).
    """
    auto = resource.autoname
    return auto is not None and auto.property not in (plain(new).get(DEFAULTS) or [])
