"""What a rule found, and the grammar of its message.

Written for somebody who reads a preview: who or what, why, one call that shows it, what to do. A message
holds names, ARNs, statement labels and actions; never the value of any other property, which may be a secret.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """How a finding counts."""

    VIOLATION = "violation"
    """Reported under the rule's own name, at the rule's level."""
    ADVICE = "advice"
    """Reported as `identity-advice`, which is advisory unless configured otherwise."""
    UNDECIDED = "undecided"
    """Reported as `undecided`, which is advisory unless configured otherwise."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell."""

    rule: str
    outcome: Outcome
    message: str
    urn: str | None = None
    """The resource it is about; None for the stack as a whole."""
    about: frozenset[str] = frozenset()
    """Further names under which an exception may mean it: URNs of resources, names of principals."""
    everything: tuple[str, ...] = ()
    """All lines of something that the message counts only, for whoever asks for them."""
    excusable: bool = True
    """False where no exception may silence it: a document that nobody can read may hold anything."""


def undecided(question: str, *, waiting: bool) -> str:
    """Say that something is open; `waiting` where only a value that the update brings is missing."""
    return f"{'undecided in preview' if waiting else 'undecided'}: {question}"


def compose(claim: str, details: Iterable[tuple[str, str]] = (), remedy: str | None = None) -> str:
    """Put a message together: the claim, then one labelled line each, then what to do."""
    lines = [claim]
    lines += [f"  {label}: {text}" for label, text in details]
    if remedy:
        lines.append(f"  to do: {remedy}")
    return "\n".join(lines)


def quoted(names: Iterable[str], most: int = 3) -> str:
    """Name a few things and count the rest: `a`, `b` and 4 others."""
    every = list(names)
    if len(every) > most:
        shown = ", ".join(f"`{name}`" for name in every[:most])
        rest = len(every) - most
        return f"{shown} and {rest} {'other' if rest == 1 else 'others'}"
    if len(every) < 2:  # noqa: PLR2004 - one thing needs no `and`
        return "".join(f"`{name}`" for name in every)
    return ", ".join(f"`{name}`" for name in every[:-1]) + f" and `{every[-1]}`"
