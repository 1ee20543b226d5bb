"""The trust policies of a stack's roles, observed and judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from identity_guard.iam.document.document import DocumentKind
from identity_guard.iam.evaluate.attachment import attach
from identity_guard.iam.questions.trust import TrustVerdict, judge_trust

from .observe import Known, NotYetKnown
from .policy_documents import without_its_text
from .resource_types import ROLE
from .resources import Resource
from .view import View

TRUST: Final = "assumeRolePolicy"


@dataclass(frozen=True, slots=True)
class Trust:
    """A role and what its trust policy comes to."""

    role: Resource
    verdict: TrustVerdict | None
    """None where the trust policy is not known yet."""
    unknown: NotYetKnown | None = None

    @property
    def label(self) -> str:
        """How messages name the role."""
        return f"IAM role `{self.role.name}`"


def trusts_of(view: View) -> Iterator[Trust]:
    """Judge the trust policy of every role."""
    for role in view.stack.of_type(ROLE):
        trust = trust_of(role, view)
        if trust is not None:
            yield trust


def trust_of(role: Resource, view: View) -> Trust | None:
    """Judge the trust policy of a role; None where it has none, such as a role that is only read."""
    observed = role.declared.get(TRUST)
    if isinstance(observed, NotYetKnown):
        return Trust(role, None, observed)
    if not isinstance(observed, Known):
        return None
    value = observed.value if isinstance(observed.value, str | dict) else ""
    document = attach(value, "trust policy", kind=DocumentKind.TRUST)
    shown = without_its_text(document) if role.secret else document
    return Trust(role, judge_trust(shown, view.now()))
