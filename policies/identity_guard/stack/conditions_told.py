"""Under which conditions a call succeeds, in words: who reads "it may call" has to read the "if" as well."""

from collections.abc import Iterator
from typing import Final

from identity_guard.iam.document.condition import Clause
from identity_guard.iam.document.statement import Statement
from identity_guard.iam.questions.proof import Witness

from .policy_documents import Resolved

_TAGS: Final = (
    ("aws:principaltag/", "for callers with the tag"),
    ("iam:resourcetag/", "for targets with the tag"),
    ("aws:resourcetag/", "for targets with the tag"),
    ("aws:requesttag/", "where the request has the tag"),
)
"""Beginnings of keys that are told as tags (IAM User Guide, reference_policies_condition-keys)."""
_MOST: Final = 3
_EVERYBODY: Final = frozenset(
    {"aws:securetransport", "aws:viaawsservice", "aws:currenttime", "aws:epochtime"}
)
"""Keys whose conditions anybody meets, who calls over TLS today."""


def conditions_of(readable: tuple[Resolved, ...], witness: Witness | None) -> Iterator[tuple[str, str]]:
    """Yield what the statements ask for that allow a call; nothing where a text is kept secret."""
    if witness is None or any(each.secret for each in readable):
        return
    told: dict[str, None] = {}
    for statement in granting(readable, witness):
        for clause in statement.clauses:
            if clause.key not in _EVERYBODY:
                told[_told(clause, witness)] = None
    shown = list(told)[:_MOST]
    if shown:
        rest = len(told) - len(shown)
        more = f", and {rest} more condition{'s' * (rest > 1)}" if rest else ""
        yield "if", f"{'; '.join(shown)}{more}"


def granting(readable: tuple[Resolved, ...], witness: Witness) -> Iterator[Statement]:
    """Yield the statements of the identity's own policies that allow a call."""
    for place in witness.statements:
        if place.layer == 0:
            yield from (
                each for each in readable[place.position].attachment.statements if each.index == place.index
            )


def _told(clause: Clause, witness: Witness) -> str:
    value = next((each for key, each in witness.context.items() if key.lower() == clause.key), None)
    shown = value if isinstance(value, str | None) else ", ".join(value)
    for beginning, words in _TAGS:
        if clause.key.startswith(beginning) and shown is not None:
            return f"{words} `{clause.key.removeprefix(beginning)}` = `{shown}`"
    return f"`{clause.key}` is absent" if shown is None else f"`{clause.key}` is such as `{shown}`"
