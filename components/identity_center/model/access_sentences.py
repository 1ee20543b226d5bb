"""Changes of access, said to a reader, and written for machines."""

from collections.abc import Iterable
from dataclasses import dataclass

from .access_changes import AccessChanges, Change, Replacement

#: A list longer than this no longer helps the reader of one line; the file for machines holds all of it.
_SHOWN = 8


@dataclass(frozen=True, order=True)
class _Same:
    """What several people gain, or lose, in the same way."""

    loses: bool
    whole_group: bool
    kind: str
    name: str
    through: tuple[str, ...]
    accounts: tuple[str, ...] = ()

    def sentence(self, people: list[str]) -> str:
        return f"{self._who(people)} {self._what()}{self._way()}: {_some(people)}{self._where()}"

    def _who(self, people: list[str]) -> str:
        if self.whole_group:
            count = len(people)
            groups = "a group from elsewhere" if count == 1 else f"{count} groups from elsewhere"
            return f"everybody in {groups} {'loses' if self.loses else 'gains'}"
        if len(people) == 1:
            return f"1 person {'loses' if self.loses else 'gains'}"
        return f"{len(people)} people {'lose' if self.loses else 'gain'}"

    def _what(self) -> str:
        if self.kind != "permissionSet":
            return f"{self.kind} {self.name}"
        return f"{self.name} in {len(self.accounts)} account{'s' * (len(self.accounts) != 1)}"

    def _way(self) -> str:
        if self.whole_group:
            return ""
        groups = [way.removeprefix("group ") for way in self.through if way != "directly"]
        said = [f"through group{'s' * (len(groups) != 1)} {_some(groups)}"] if groups else []
        return " " + " and ".join([*said, *(["directly"] if "directly" in self.through else [])])

    def _where(self) -> str:
        return f" ({_some(self.accounts)})" if self.kind == "permissionSet" else ""


def sentences(found: AccessChanges) -> list[str]:
    """Say the changes, one line for all people who gain, or lose, the same in the same places."""
    lines = [_of_replacement(one) for one in found.replacements]
    together: dict[_Same, list[str]] = {}
    for (person, same), accounts in _by_person(found.changes).items():
        whole = _Same(same.loses, same.whole_group, same.kind, same.name, same.through, tuple(accounts))
        together.setdefault(whole, []).append(person)
    lines += [same.sentence(people) for same, people in sorted(together.items())]
    if not lines and not (found.added or found.removed):
        return ["nobody gains or loses anything"]
    if found.added or found.removed:
        lines.append(
            f"assignments: {len(found.added)} more, {len(found.removed)} fewer, of {found.of} before"
        )
    if not found.changes:
        lines.append("no person gains or loses anything by it")
    return lines


def _by_person(changes: Iterable[Change]) -> dict[tuple[str, _Same], list[str]]:
    """Put the accounts together in which somebody gains, or loses, the same in the same way."""
    found: dict[tuple[str, _Same], list[str]] = {}
    for one in changes:
        same = _Same(not one.gains, one.whole_group, one.held.kind, one.held.name, one.through)
        found.setdefault((one.person, same), []).append(one.held.account_id)
    return found


def _of_replacement(one: Replacement) -> str:
    return (
        f"permission set `{one.key}` is replaced: {one.before} becomes {one.after}. Everybody who has it "
        f"loses it and gains the new one ({one.assignments} assignments), its roles get new ARNs in every "
        "account, and what names the old ones breaks: EKS access entries, KMS key policies, bucket policies"
    )


def _some(listed: Iterable[str]) -> str:
    items = list(listed)
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more


def to_document(found: AccessChanges) -> dict[str, object]:
    """Say the changes to machines, all of them."""
    return {
        "changes": [
            {
                "change": "gains" if one.gains else "loses",
                "group" if one.whole_group else "person": one.person,
                one.held.kind: one.held.key,
                **({"permissionSetName": one.held.name} if one.held.kind == "permissionSet" else {}),
                **({"accountId": one.held.account_id} if one.held.account_id else {}),
                "through": list(one.through),
            }
            for one in found.changes
        ],
        "replacedPermissionSets": [
            {
                "permissionSet": one.key,
                "before": one.before,
                "after": one.after,
                "assignments": one.assignments,
            }
            for one in found.replacements
        ],
        "assignments": {
            "before": found.of,
            "added": [grant.resource_name for grant in sorted(found.added)],
            "removed": [grant.resource_name for grant in sorted(found.removed)],
        },
    }
