"""The elements of a policy document (IAM User Guide, reference_policies_elements)."""

from typing import Final

DOCUMENT_ELEMENTS: Final = frozenset(("Version", "Id", "Statement"))
PRINCIPAL_ELEMENTS: Final = ("Principal", "NotPrincipal")
STATEMENT_ELEMENTS: Final = frozenset(
    (
        *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"),
        *PRINCIPAL_ELEMENTS,
    )
)
