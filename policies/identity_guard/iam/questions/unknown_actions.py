"""Actions that a document names and AWS does not have: misspelt, or newer than the catalogue.

A misspelt name in an Allow gives nothing, and in a Deny, or in a NotAction, it takes nothing back. IAM takes
such a document without a word (IAM User Guide, reference_policies_elements_action: names are not checked).
"""

from collections.abc import Iterator
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
                yield UnknownAction(statement, written, _nearest(written))


def _is_known(written: str) -> bool:
    found = action_set((written,), ScanBudget())
    return bool(found.certain & catalogue().known) or not found.exact


def _nearest(written: str) -> str | None:
    service, _, name = written.partition(":")
    blocks = catalogue().by_service.get(service.lower())
    if blocks is None:
        near = get_close_matches(service.lower()[:_LONGEST], list(catalogue().by_service), 1, _ALIKE)
        return f"{near[0]}:{name}" if near else None
    names = {each.lower(): each for block in blocks for each in block.spelled.split(" ")}
    near = get_close_matches(name.lower()[:_LONGEST], list(names), 1, _ALIKE)
    return f"{service}:{names[near[0]]}" if near else None
