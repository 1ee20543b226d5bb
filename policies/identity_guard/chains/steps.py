"""One step from an identity to another, with the calls that prove it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from identity_guard.iam.questions.proof import Witness, visibly_an_example

from .organisation import Kind, Node
from .sight import Form
from .taking.tagging import REQUEST_TAG, TAG_KEYS, TAGGING

NOT_TOLD: Final = "on what is not shown, since its documents are kept secret"

_TAGGING: Final = frozenset(action for actions in TAGGING.values() for action in actions)

Proof = tuple[Witness, ...]
"""The calls of a step, each decided by itself and allowed."""


@dataclass(frozen=True, eq=False)
class Edge:
    """What one identity can do to many alike."""

    source: int
    """A position: an identity in one of its forms."""
    targets: int
    """A mask of positions."""
    certain: bool
    way: str
    does: str
    reference: str
    """Where AWS describes it."""
    prove: Callable[[int], Proof | None]
    """Return the calls for one of the targets; None where no call was found that is allowed by itself.

    An edge that stands in the stack already, such as a membership, needs no call.
    """
    writes: bool = False
    """Whether it changes its source, which goes on as somebody else then."""


@dataclass(frozen=True)
class Step:
    """A step of a chain, as it is told."""

    source: Node
    target: Node
    form: Form
    """What the target is made into."""
    way: str
    does: str
    reference: str
    calls: Proof

    @property
    def told(self) -> str:
        """Write the calls: iam:CreateAccessKey on user/boss."""
        if self.source.secret and self.calls:
            return f"{' + '.join(each.action for each in self.calls)} {NOT_TOLD}"
        return " + ".join(map(_told, self.calls)) or self.does

    def __str__(self) -> str:
        """Write the whole step."""
        if self.source is self.target:
            return f"{self.source.label} changes itself: {self.told}"
        if self.target.kind is Kind.NEW:
            return f"{self.source.label} makes {self.target.label}: {self.told}"
        changed = " and changes it" if self.form is not Form.AS_IT_IS else ""
        return f"{self.source.label} becomes {self.target.label}{changed}: {self.told}"


def _told(call: Witness) -> str:
    """Write a call, with the tag that it sets or takes off."""
    written = f"{call.action} on {short(call.resource)}"
    key = call.context.get(TAG_KEYS)
    if key is None or call.action not in _TAGGING:
        return written
    value = call.context.get(f"{REQUEST_TAG}{key}")
    return f"{written} ({key}{f'={value}' if value is not None else ''})"


def short(arn: str) -> str:
    """Return the part of an ARN that people know: user/boss, or the whole where it is none of IAM's."""
    arn = visibly_an_example(arn)
    parts = arn.split(":", 5)
    if len(parts) < 6:  # noqa: PLR2004 - the parts of an ARN
        return arn
    return parts[5] if parts[2] in ("iam", "sts", "sso", "identitystore") else f"{parts[2]}:{parts[5]}"
