"""Whether the state took in what the model says of what exists, and a preview then changes nothing."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from identity_center.model.existing.existing import Existing
from identity_center.model.plan.planned import (
    APPLICATION,
    APPLICATION_ASSIGNMENT,
    ASSIGNMENT,
    ENTITLEMENT,
    GROUP,
    MEMBERSHIP,
    PERMISSION_SET,
    USER,
)
from identity_center_cli.verbs.adopt.pulumi import Change, InState, Pulumi

#: What the provider gives what has no id of its own.
#: Source: pulumi-terraform-bridge, pkg/tfbridge/tokens, fixups for resources without an id.
_NO_ID: Final = "missing ID"
_KINDS: Final = {
    USER: "users",
    GROUP: "groups",
    MEMBERSHIP: "group memberships",
    PERMISSION_SET: "permission sets",
    ASSIGNMENT: "assignments",
    APPLICATION: "applications",
    APPLICATION_ASSIGNMENT: "application assignments",
    ENTITLEMENT: "role entitlements",
}

_CLOSED: Final = (
    "the account is suspended or closed, and the model reaches none that is; `pulumi up` takes it away"
)
Listed = Mapping[str, Any]
"""An entry of an import file."""


@dataclass(frozen=True)
class Verified:
    """How an import ended."""

    existing: Mapping[str, int]
    """By type: how many exist."""
    imported: Mapping[str, int]
    """By type: how many of them are in the state."""
    not_imported: tuple[str, ...]
    """What the import file has and the state has not, or by another id."""
    changes: tuple[Change, ...]
    """What a preview would change in AWS, or in what the state says of it."""
    waits: int = 0
    """How many resources get only how long Pulumi waits for them."""
    closed: frozenset[str] = frozenset()
    """Accounts that are not in use now, asked for where the preview takes assignments away."""

    @property
    def is_whole(self) -> bool:
        """Whether the state has all that the file lists, and the preview changes nothing."""
        return not self.not_imported and not self.changes

    def lines(self) -> Iterator[str]:
        """Say it."""
        for kind, name in _KINDS.items():
            count = self.existing.get(kind, 0)
            if count:
                done = self.imported.get(kind, 0)
                of = name if count > 1 else name.removesuffix("s")
                yield f"{count} {of}: {done} imported, {count - done} left over"
        yield from (f"NOT IMPORTED: {each}" for each in self.not_imported)
        if self.waits:
            yield f"{self.waits} resources get how long Pulumi waits for them; AWS knows nothing of it"
        if not self.changes:
            yield "the preview changes nothing" + (" else" if self.waits else "")
            return
        yield f"the preview changes {len(self.changes)} of the resources"
        yield from (f"DIFFERENT: {each}{self._why(each)}" for each in self.changes)

    def _why(self, change: Change) -> str:
        return f": {_CLOSED}" if _takes_away_from(change) & self.closed else ""


def _takes_away_from(change: Change) -> set[str]:
    """Return the account of an assignment that a preview would delete: its name ends with it."""
    deletes = (change.op, change.type) == ("delete", ASSIGNMENT)
    return {change.name.rpartition("/")[2]} if deletes else set()


def verify(
    stack: Pulumi, file: Path, existing: Existing, closed: Callable[[], frozenset[str]] = frozenset
) -> Verified:
    """Import what the state does not have yet, then preview. Raises PulumiError.

    `closed` asks which accounts are not in use: somebody may have closed one since the reading.
    """
    listed: list[Listed] = json.loads(file.read_text(encoding="utf-8"))["resources"]
    _take_in(stack, listed)
    there = {(each.type, each.name): each for each in stack.state()}
    wanted = [each for each in listed if "id" in each]
    not_imported = tuple(line for each in wanted if (line := _missing(each, there)) is not None)
    imported = Counter(each["type"] for each in wanted if _missing(each, there) is None)
    previewed = tuple(stack.changes())
    changes = tuple(each for each in previewed if not each.is_of_pulumi_alone)
    suspects = any(map(_takes_away_from, changes))
    return Verified(
        existing=_counted(existing),
        imported=imported,
        not_imported=not_imported,
        changes=changes,
        waits=len(previewed) - len(changes),
        closed=closed() if suspects else frozenset(),
    )


def _take_in(stack: Pulumi, listed: list[Listed]) -> None:
    """Import what is left. The engine refuses to import once more what has no id of its own."""
    there = {(each.type, each.name) for each in stack.state()}
    left = [each for each in listed if not _is_there(each, there)]
    if not any("id" in each for each in left):
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / "left.json"
        # Components are named as parents; one that is there already is passed over.
        kept = [each for each in listed if each in left or each.get("component")]
        file.write_text(json.dumps({"resources": kept}), encoding="utf-8")
        stack.take_in(file)


def _is_there(each: Listed, there: set[tuple[str, str]]) -> bool:
    return (each["type"], each["logicalName"]) in there


def _missing(each: Listed, there: Mapping[tuple[str, str], InState]) -> str | None:
    found = there.get((each["type"], each["logicalName"]))
    if found is None:
        return f"{each['type']} {each['logicalName']}"
    if found.id in (each["id"], _NO_ID):
        return None
    return f"{each['type']} {each['logicalName']}: the state has it as {found.id}, AWS as {each['id']}"


def _counted(existing: Existing) -> dict[str, int]:
    return {
        USER: len(existing.users),
        GROUP: len(existing.groups),
        MEMBERSHIP: len(existing.memberships),
        PERMISSION_SET: len(existing.permission_sets),
        ASSIGNMENT: len(existing.assignments),
        APPLICATION: len(existing.applications),
        APPLICATION_ASSIGNMENT: sum(len(each.assignments or ()) for each in existing.applications),
        ENTITLEMENT: len(existing.entitlements),
    }
