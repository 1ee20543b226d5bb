"""Tells what is no mistake and a reader should know: the first of each kind, and how many more there are."""

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from identity_center.model.access.change_sentences import cut
from identity_center.model.access.terms import Notice, Subject
from identity_center.model.mistakes import Positions, key_path
from identity_center.resources import messages

#: Of one kind; the file for machines has all of them.
_MOST: Final = 4


def say_notices(notices: Iterable[Notice], positions: Positions) -> list[dict[str, object]]:
    """Tell people, and return the same for machines."""
    order = list(Subject)
    listed = sorted(notices, key=lambda each: order.index(each.subject))
    documents: list[dict[str, object]] = []
    for subject, of_kind in groupby(listed, key=lambda each: each.subject):
        kind = list(of_kind)
        lines = [_line(each, positions) for each in kind]
        told = cut(lines, str, subject.value, _MOST)
        for line, notice in zip(told, [*kind[: len(told) - 1], kind[-1]], strict=True):
            (messages.warn if notice.is_warning else messages.info)(line)
        documents += [{"subject": subject.name.lower(), "text": line} for line in lines]
    return documents


def _line(notice: Notice, positions: Positions) -> str:
    place = positions.position(notice.path, at_key=True)
    where = f"{place}: " if place else ""
    return f"{where}{key_path(notice.path)}: {notice.text}"
