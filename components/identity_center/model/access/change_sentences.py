"""Changes of access, said to a reader: people and places first, in as few lines as say it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from identity_center.model.organisation.places import Places, some

from .changes import AccessChanges, Change, Replacement

#: More lines of one kind hide those that matter; the file for machines has all of them.
MOST_LINES: Final = 10
#: Holds everything that a reader is told, and what was cut for them.
FILE: Final = "access-changes.json"
_Thing = TypeVar("_Thing")
#: How a list within a line ends that is cut, as `some` and the sentences of permissions cut theirs.
_CUT_WITHIN: Final = re.compile(r" and [\d,]+ (?:services )?more\b")


def where_the_whole_is(lines: Iterable[str]) -> list[str]:
    """Say where the lists stand that are cut within these lines; nothing where none is."""
    cut_within = any(FILE not in line and _CUT_WITHIN.search(line) for line in lines)
    return [f"what is counted and not named here: {FILE} has all of it"] if cut_within else []


def cut(
    things: Sequence[_Thing], say: Callable[[_Thing], str], what: str, most: int = MOST_LINES
) -> list[str]:
    """Say the first things; one more line says how many others there are, and where they stand."""
    left = len(things) - most
    more = [f"and {left:,} more {what}: {FILE} has all of them"] if left > 0 else []
    return [*map(say, things[:most]), *more]


@dataclass(frozen=True, order=True)
class _Same:
    """What several people gain, or lose, in the same way."""

    loses: bool
    whole_group: bool
    kind: str
    name: str
    through: tuple[str, ...]
    accounts: tuple[str, ...] = ()

    def sentence(self, people: Sequence[str], places: Places) -> str:
        selection = places.selection(self.accounts)
        said = f"{self._who(people)} {self._what(selection)}{self._way()}: {some(people)}"
        if self.kind != "permissionSet" or selection is not None:
            return said
        return f"{said} ({places.accounts(self.accounts)})"

    def _who(self, people: Sequence[str]) -> str:
        if self.whole_group:
            count = len(people)
            groups = "a group from elsewhere" if count == 1 else f"{count} groups from elsewhere"
            return f"everybody in {groups} {'loses' if self.loses else 'gains'}"
        if len(people) == 1:
            return f"1 person {'loses' if self.loses else 'gains'}"
        return f"{len(people)} people {'lose' if self.loses else 'gain'}"

    def _what(self, selection: str | None) -> str:
        if self.kind != "permissionSet":
            return f"{self.kind} {self.name}"
        count = len(self.accounts)
        return f"{self.name} in {selection or f'{count} account' + 's' * (count != 1)}"

    def _way(self) -> str:
        if self.whole_group:
            return ""
        groups = [way.removeprefix("group ") for way in self.through if way != "directly"]
        said = [f"through group{'s' * (len(groups) != 1)} {some(groups)}"] if groups else []
        return " " + " and ".join([*said, *(["directly"] if "directly" in self.through else [])])


def sentences(found: AccessChanges, places: Places, *, others: bool = False) -> list[str]:
    """Say the changes, one line for all people who gain, or lose, the same in the same places.

    `others`: something else changes what people may do, which other sentences say.
    """
    lines = cut(found.replacements, _of_replacement, "permission sets are replaced")
    said = _by_what(found.changes)
    for loses in (False, True):
        of_kind = [(same, people) for same, people in said if same.loses is loses]
        if len(of_kind) > MOST_LINES:
            # Where not all can be told, those that reach furthest come first.
            of_kind.sort(key=lambda each: -len(each[1]) * max(1, len(each[0].accounts)))
        lines += cut(
            of_kind,
            lambda each: each[0].sentence(each[1], places),
            f"such lines of what people {'lose' if loses else 'gain'}",
        )
    if not lines and not (found.added or found.removed):
        return ["nobody gains or loses a permission set" if others else "nobody gains or loses anything"]
    if found.added or found.removed:
        lines.append(_of_assignments(found))
    if not found.changes and not others:
        lines.append("no person gains or loses anything by it")
    return lines


def _of_assignments(found: AccessChanges) -> str:
    if not found.of:
        return f"assignments: {len(found.added):,}, all new"
    return f"assignments: {len(found.added):,} more, {len(found.removed):,} fewer, of {found.of:,} before"


def _by_what(changes: Iterable[Change]) -> list[tuple[_Same, list[str]]]:
    """Put the people together who gain, or lose, the same in the same accounts in the same way."""
    accounts: dict[tuple[str, bool, bool, str, str, tuple[str, ...]], list[str]] = {}
    for one in changes:
        held = one.held
        how = (one.person, not one.gains, one.whole_group, held.kind, held.name, one.through)
        accounts.setdefault(how, []).append(held.account_id)
    people: dict[_Same, list[str]] = {}
    for (person, loses, whole_group, kind, name, through), ids in accounts.items():
        same = _Same(loses, whole_group, kind, name, through, tuple(ids))
        people.setdefault(same, []).append(person)
    return sorted(people.items())


def _of_replacement(one: Replacement) -> str:
    order = {
        True: "gains the new one before the old one goes",
        False: "loses it and gains the new one, and has neither for a while in between",
        None: "loses it and gains the new one",
    }[one.made_first]
    return (
        f"permission set `{one.key}` is replaced: {one.before} becomes {one.after}. Everybody who has it "
        f"{order} ({one.assignments} assignments), its roles get new ARNs in every account, and what names "
        "the old ones breaks: EKS access entries, KMS key policies, bucket policies"
    )
