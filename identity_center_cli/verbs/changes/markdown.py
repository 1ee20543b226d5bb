"""Changes of access as a comment on a pull request: the sentences of a preview, then each change."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from identity_center.model.access.changes import Change
from identity_center.model.organisation.places import Places

from .found import REFUSED, Changes

LONGEST: Final = 60_000
"""Characters. GitHub takes 65,536 in a comment, GitLab 1,000,000. Source: GitHub's own refusal, `Body is too
long (maximum is 65536 characters)`; GitLab Docs, "GitLab application limits", size of comments."""
MARKER: Final = "<!-- identity-center changes of {stack} -->"
"""Begins the comment and is not shown: by it the next run finds what it has to replace."""
_WHERE_ALL: Final = "all of it is in access-changes.json"
_MARKUP: Final = re.compile(r"[\\`*_\[\]|~$]")
# `@somebody` and `#1` are looked for in the rendered text, where no escape is left: a space of no width parts
# them, as the bots do that quote changelogs. So do `www.` and `://`, which become links by themselves.
_REFERENCE: Final = re.compile(r"[@#!%&^$~](?=\w)|:(?=//)|www(?=\.)", re.IGNORECASE)
_NO_WIDTH: Final = "&#8203;"
_BEGINNINGS: Final = {
    "uncertain": "The comparison is uncertain",
    "not-compared": "Nobody knows who gains or loses access",
    "first": "The stack has no access yet",
    REFUSED: "The run was refused",
}


def marker(stack: str) -> str:
    """Return the first line of a stack's comment. A name cannot end it."""
    return MARKER.format(stack=re.sub(r"[^\w./: -]|->|--", "_", stack))


def as_markdown(changes: Changes) -> str:
    """Write the comment, no longer than a forge takes it."""
    head = [marker(changes.stack), f"### Access: {_plain(changes.stack)}", ""]
    head += [f"**{_summary(changes)}**", ""]
    if beginning := _BEGINNINGS.get(changes.comparison):
        problem = f": {_plain(changes.problem)}" if changes.problem else ""
        head += [f"> {beginning}{problem}.", ""]
    sentences = _cut([f"- {_plain(each)}" for each in changes.sentences()], LONGEST // 2)
    table = _table(changes, LONGEST - sum(map(len, (*head, *sentences))) - 1000)
    return "\n".join([*head, *sentences, *table]).rstrip() + "\n"


def _summary(changes: Changes) -> str:
    if changes.access is None:
        return "Not compared"
    parts = []
    for gains, words in ((True, "gain"), (False, "lose")):
        people = {
            each.person for each in changes.access.changes if each.gains is gains and not each.whole_group
        }
        groups = {each.person for each in changes.access.changes if each.gains is gains and each.whole_group}
        counted = [*_count(len(people), "person", "people"), *_count(len(groups), "group from elsewhere")]
        if counted:
            parts.append(
                f"{' and '.join(counted)} {words if len(people) + len(groups) > 1 else f'{words}s'} access"
            )
    sets = len(
        {each.key for each in changes.permissions} | {each.key for each in changes.access.replacements}
    )
    parts += [f"{each} {'changes' if sets == 1 else 'change'}" for each in _count(sets, "permission set")]
    return ", ".join(parts) or "Nobody gains or loses access"


def _count(number: int, one: str, several: str = "") -> Iterator[str]:
    if number:
        yield f"{number} {one if number == 1 else several or f'{one}s'}"


def _table(changes: Changes, room: int) -> list[str]:
    if changes.access is None or not changes.access.changes:
        return []
    rows = [_row(each, changes.places) for each in changes.access.changes]
    kept = _cut(rows, room)
    title = f"<details><summary>Each change ({len(rows)})</summary>"
    columns = ["| | Who | What | Where | Through |", "| --- | --- | --- | --- | --- |"]
    more = kept[-1:] if len(kept) < len(rows) or kept != rows else []
    shown = kept[:-1] if more else kept
    return ["", title, "", *columns, *shown, "", *(each.removeprefix("- ") for each in more), "</details>"]


def _row(one: Change, places: Places) -> str:
    who = f"everybody in {one.person}" if one.whole_group else one.person
    what = one.held.name if one.held.kind == "permissionSet" else f"{one.held.kind} {one.held.name}"
    number = one.held.account_id
    name = places.name(number)
    where = f"{name} ({number})" if name else number
    cells = ("gains" if one.gains else "loses", who, what, where, ", ".join(one.through))
    return f"| {' | '.join(map(_plain, cells))} |"


def _cut(lines: Iterable[str], room: int) -> list[str]:
    """Keep as many lines as there is room for, and say how many more there are."""
    every, kept = list(lines), list[str]()
    for line in every:
        if len(line) + 1 > room:
            return [*kept, f"- and {len(every) - len(kept)} more; {_WHERE_ALL}"]
        room -= len(line) + 1
        kept.append(line)
    return kept


def _plain(text: str) -> str:
    """Write a text so that a forge shows it as it is: no markup, no mention, no hidden direction."""
    visible = "".join(_visible(sign) for sign in " ".join(text.split()))
    parted = _REFERENCE.sub(lambda found: f"{found[0]}\u200b", visible)
    marked = _MARKUP.sub(lambda sign: f"\\{sign[0]}", html.escape(parted, quote=False))
    return marked.replace("\u200b", _NO_WIDTH)


def _visible(sign: str) -> str:
    """Name signs that turn the direction of the text or are not seen at all."""
    return f"U+{ord(sign):04X}" if unicodedata.category(sign) in ("Cf", "Cc", "Co", "Cs") else sign
