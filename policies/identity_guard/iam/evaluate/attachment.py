"""Documents together with where they come from, so that a verdict can point at them."""

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Final, NamedTuple

from identity_guard.iam.catalogue.actions import read_data
from identity_guard.iam.catalogue.partitions import ARN_PARTITION
from identity_guard.iam.document.document import Document, DocumentKind, Unreadable, parse
from identity_guard.iam.document.statement import Statement


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

    def about(self, action: str) -> "Attachment":
        """Return it with the statements about one action alone: no other has a say in a call of that action.

        Each keeps its place. A text that is not known or cannot be read stays as it is: it may say anything.
        """
        document = self.document
        if not isinstance(document, Document):
            return self
        statements = tuple([each for each in document.statements if each.is_about(action)])
        if len(statements) == len(document.statements):
            return self
        return self._replace(document=document._replace(statements=statements))


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


# The AWS-managed policies of the snapshot that ships with the pack.
#
# The snapshot says where it comes from and of which day it is. A policy that it does not hold is not known:
# a verdict that depends on one is undecided, never clean.
ARN: Final = re.compile(rf"arn:{ARN_PARTITION}:iam::aws:policy/(?P<path>[\w+=,.@/-]+)", re.ASCII)
"""The ARN of an AWS-managed policy in any partition (botocore, sso-admin model, ManagedPolicyArn)."""


@cache
def _snapshot() -> Any:  # noqa: ANN401 - the shape of the data file is checked by its tests
    return read_data("managed_policies.json.gz")


def snapshot_origin() -> tuple[str, str]:
    """Return where the snapshot comes from and its date."""
    data = _snapshot()
    return data["source"], data["date"]


def managed_names() -> tuple[str, ...]:
    """Return path and name of every policy in the snapshot: `AdministratorAccess`, `job-function/Billing`."""
    return tuple(_snapshot()["policies"])


def managed_text(arn: str) -> str | None:
    """Return the JSON text of an AWS-managed policy, or None if the snapshot does not hold it."""
    found = ARN.fullmatch(arn)
    row = _snapshot()["policies"].get(found["path"]) if found else None
    if row is None:
        return None
    partition = arn.split(":")[1]
    text: str = row[1]
    # AWS publishes a policy in each partition with that partition's ARNs.
    return text if partition == "aws" else text.replace('"arn:aws:', f'"arn:{partition}:')


def managed_document(arn: str) -> Document | None:
    """Return an AWS-managed policy by its ARN in any partition, or None if the snapshot does not hold it."""
    text = managed_text(arn)
    if text is None:
        return None
    document = parse(text, of_aws=True)
    if isinstance(document, Unreadable):
        raise ValueError(  # noqa: TRY004 - the data is broken, not the type of an argument
            f"the snapshot's text of {arn} cannot be read: {'; '.join(document.reasons)}"
        )
    return document


def managed_attachment(arn: str) -> Attachment:
    """Return an AWS-managed policy as an attachment; one of unknown text if the snapshot does not hold it."""
    name = arn.rsplit("/", 1)[-1]
    document = managed_document(arn)
    if document is None:
        source, date = snapshot_origin()
        reason = f"{arn} is not among the AWS-managed policies of the snapshot ({source}, {date})"
        return unknown(name, reason, Origin.AWS_MANAGED)
    return Attachment(Source(Origin.AWS_MANAGED, name), document)
