"""Actions that a document names and AWS does not have: misspelt, or newer than the catalogue.

A misspelt name in an Allow gives nothing, and in a Deny, or in a NotAction, it takes nothing back. IAM takes
such a document without a word (IAM User Guide, reference_policies_elements_action: names are not checked).
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import action_set
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.document.document import Document
from identity_guard.iam.document.statement import Statement

_ALIKE: Final = 0.8
_LONGEST: Final = 200
"""Characters of a name that is compared with others; none of AWS's is longer."""


class UnknownAction(NamedTuple):
    """A name, or a pattern that no name matches."""

    statement: Statement
    written: str
    nearest: str | None
    """The action that may be meant."""


def unknown_actions(document: Document) -> Iterator[UnknownAction]:
    """Yield each action that a document names in vain, as far as the catalogue knows."""
    for statement in document.statements:
        for written in dict.fromkeys(statement.action_patterns):
            if not _is_known(written):
                yield UnknownAction(statement, written, nearest_action(written))


def _is_known(written: str) -> bool:
    found = action_set((written,), ScanBudget())
    return bool(found.certain & catalogue().known) or not found.exact


def nearest_action(written: str) -> str | None:
    """Return the action that may be meant by a name which AWS does not have: `s3:GetObjct`, `s33:GetObject`.

    A name that one other service alone has is meant there: `cloudwatchlogs:CreateLogGroup`.
    """
    service, _, name = written.partition(":")
    known = service if service.lower() in catalogue().by_service else _near(service, catalogue().by_service)
    if known is None:
        return _elsewhere(name)
    names = {
        each.lower(): each
        for block in catalogue().by_service[known.lower()]
        for each in block.spelled.split(" ")
    }
    near = _near(name, names)
    return f"{known}:{names[near]}" if near else _elsewhere(name)


def _near(written: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(written.lower()[:_LONGEST], list(known), 1, _ALIKE)), None)


def _elsewhere(name: str) -> str | None:
    """Return the one action of that name in whatever service."""
    found = [
        f"{service}:{each}"
        for service, blocks in catalogue().by_service.items()
        for block in blocks
        if not block.future and name.lower() in block.names
        for each in [block.spelled.split(" ")[block.names.index(name.lower())]]
    ]
    return found[0] if len(found) == 1 else None
