"""Documents together with where they come from, so that a verdict can point at them."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

from .document import Document, DocumentKind, Unreadable, parse
from .statement import Statement


class Origin(Enum):
    """Where a document is kept."""

    AWS_MANAGED = "AWS-managed"
    CUSTOMER_MANAGED = "customer-managed"
    INLINE = "inline"


class Source(NamedTuple):
    """Where a document comes from, in words that people know."""

    origin: Origin
    name: str
    """`AdministratorAccess`, `inline policy`, the ARN of a customer-managed policy."""


class Attachment(NamedTuple):
    """A document that grants or limits what an identity may do.

    `document` is None where the text is not known (an unknown managed policy, a value that the engine
    computes later); a verdict that depends on it is then undecided, with `missing` as its reason.
    """

    source: Source
    document: Document | Unreadable | None
    missing: str = "its text is not known"

    @property
    def name(self) -> str:
        """The name shown to people."""
        return self.source.name

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that can be read; none where the document cannot."""
        return self.document.statements if isinstance(self.document, Document) else ()


def attach(
    text: str | Mapping[str, Any],
    name: str = "inline policy",
    origin: Origin = Origin.INLINE,
    kind: DocumentKind = DocumentKind.IDENTITY,
) -> Attachment:
    """Parse a document and say where it comes from, in one step."""
    return Attachment(Source(origin, name), parse(text, kind))


def unknown(name: str, reason: str, origin: Origin = Origin.CUSTOMER_MANAGED) -> Attachment:
    """Stand for a document that is attached but whose text is not known."""
    return Attachment(Source(origin, name), None, reason)
