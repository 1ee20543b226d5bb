"""What changes of people's access, as a preview wrote it or as two models have it."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from identity_center.model.access.change_sentences import sentences
from identity_center.model.access.changes import AccessChanges, Change, Held, Replacement, to_document
from identity_center.model.access.record import grant_named
from identity_center.model.organisation.organisation import Organisation
from identity_center.model.organisation.places import Places
from identity_center.program.preview.permission_changes import PermissionChange
from identity_center_cli.stacks.given_instead import kind_of

#: How a preview names a comparison of two models, as far as it is one.
COMPARED: Final = "compared"
REFUSED: Final = "refused"


class UnusableChangesError(ValueError):
    """What was given says of no changes: nobody knows who gains or loses access."""


@dataclass(frozen=True)
class Changes:
    """What changes between two models, or why nobody knows."""

    stack: str
    """Name of the stack, or what was compared."""
    comparison: str
    """`compared`; else what a preview says of it: `first`, `uncertain`, `not-compared`, `refused`."""
    problem: str
    """Why the comparison is uncertain or there is none; else empty."""
    access: AccessChanges | None
    """None where nothing was compared."""
    permissions: tuple[PermissionChange, ...] = ()
    others: tuple[str, ...] = ()
    """Sentences about what is no access, such as a person who becomes another one for AWS."""
    places: Places = field(default_factory=Places)
    """What the accounts are called."""

    def sentences(self) -> list[str]:
        """Say all of it in the words of a preview."""
        if self.access is None:
            return []
        told = [*(each.sentence(self.places) for each in self.permissions), *self.others]
        return [*told, *sentences(self.access, self.places, others=bool(told))]

    def to_document(self) -> dict[str, object]:
        """Say it as a preview writes it for machines."""
        compared = self.access is not None
        return {
            "stack": self.stack,
            "comparison": self.comparison,
            **({"problem": self.problem} if self.problem else {}),
            **(to_document(self.access) if self.access else {}),
            **({"permissions": [each.to_document() for each in self.permissions]} if compared else {}),
            **({"other": list(self.others), "accountNames": self._account_names()} if compared else {}),
        }

    def _account_names(self) -> dict[str, str]:
        held = {each.held.account_id for each in self.access.changes} if self.access else set()
        ids = held.union(*(each.accounts for each in self.permissions))
        return {account_id: name for account_id in sorted(ids) if (name := self.places.name(account_id))}


def read_changes(place: str, organisation: Organisation | None) -> Changes:
    """Read what a preview wrote, from a file or (`-`) standard input. Raises UnusableChangesError.

    Without the organisation accounts are called as the preview called them.
    """
    try:
        text = sys.stdin.read() if place == "-" else Path(place).read_text(encoding="utf-8-sig")
        document = json.loads(text)
    except FileNotFoundError as error:
        raise UnusableChangesError(
            f"{place} is not there: a preview writes it beside Pulumi.yaml, or give --before and --after"
        ) from error
    except ValueError as error:
        raise UnusableChangesError(f"{place} is not what a preview writes: it is not JSON") from error
    try:
        return _changes(document, organisation)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        kind = kind_of(document)
        what = f"it is {kind}" if kind else f"{type(error).__name__}: {error}"
        raise UnusableChangesError(
            f"{place} is not what a preview of this version writes ({what}); two models, commits or states "
            "are compared with --before and --after"
        ) from error


def _changes(document: Mapping[str, Any], organisation: Organisation | None) -> Changes:
    compared = "changes" in document
    return Changes(
        str(document["stack"]),
        str(document["comparison"]),
        str(document.get("problem") or ""),
        _access(document) if compared else None,
        tuple(map(_permission, document["permissions"])) if compared else (),
        tuple(map(str, document["other"])) if compared else (),
        Places(organisation, document["accountNames"] if compared else {}),
    )


def _access(document: Mapping[str, Any]) -> AccessChanges:
    assignments = document["assignments"]
    return AccessChanges(
        tuple(_change(each) for each in document["changes"]),
        tuple(_replacements(document)),
        frozenset(map(grant_named, assignments["added"])),
        frozenset(map(grant_named, assignments["removed"])),
        int(assignments["before"]),
    )


def _change(one: Mapping[str, Any]) -> Change:
    kind = next(kind for kind in ("permissionSet", "application", "role") if kind in one)
    key = str(one[kind])
    return Change(
        gains={"gains": True, "loses": False}[one["change"]],
        person=str(one["group"] if "group" in one else one["person"]),
        whole_group="group" in one,
        held=Held(kind, key, str(one.get("permissionSetName", key)), str(one.get("accountId", ""))),
        through=tuple(map(str, one["through"])),
    )


def _replacements(document: Mapping[str, Any]) -> Iterator[Replacement]:
    for one in document["replacedPermissionSets"]:
        first = one.get("madeFirst")
        yield Replacement(one["permissionSet"], one["before"], one["after"], int(one["assignments"]), first)


def _permission(one: Mapping[str, Any]) -> PermissionChange:
    return PermissionChange(
        key=one["permissionSet"],
        name=one["permissionSetName"],
        people=frozenset(one["people"]),
        groups_from_elsewhere=int(one["groupsFromElsewhere"]),
        accounts=frozenset(one["accounts"]),
        what=tuple(one["changed"]),
        gains=None if one["gains"] is None else tuple(one["gains"]),
        loses=None if one["loses"] is None else tuple(one["loses"]),
        strength=tuple(one["strength"]),
        unknown=tuple(one["notKnown"]),
        gained_by=tuple(one["gainedBy"]),
        lost_by=tuple(one["lostBy"]),
        had=bool(one["assignedBefore"]),
        get=bool(one["assignedAfter"]),
    )
