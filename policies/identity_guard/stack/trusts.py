"""The trust policies of a stack's roles, observed and judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from identity_guard.iam.document.document import DocumentKind
from identity_guard.iam.evaluate.attachment import attach
from identity_guard.iam.questions.trust import TrustVerdict, judge_trust

from .observe import Known, NotYetKnown, PartlyKnown, text_of
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
    at_most: TrustVerdict | None = None
    """Where a part of the trust policy is open: what it comes to where that lets in whom it can."""

    @property
    def label(self) -> str:
        """How messages name the role."""
        return f"IAM role `{self.role.name}`"

    @property
    def names(self) -> frozenset[str]:
        """By which names AWS and the program know the role, for whoever answers for a finding about it."""
        name = text_of(self.role.identifier("name"))
        return frozenset({self.role.name} | ({name} if name else set()))


def trusts_of(view: View) -> Iterator[Trust]:
    """Judge the trust policy of every role."""
    for role in view.stack.of_type(ROLE):
        trust = trust_of(role, view)
        if trust is not None:
            yield trust


def trust_of(role: Resource, view: View) -> Trust | None:
    """Judge the trust policy of a role; None where it has none, such as a role that is only read."""
    observed = role.declared.get(TRUST)
    if isinstance(observed, PartlyKnown) and observed.least is not None and observed.most is not None:
        least, most = (_judged(each, view) for each in (observed.least, observed.most))
        return Trust(role, least, observed, most)
    if isinstance(observed, NotYetKnown):
        return Trust(role, None, observed)
    if not isinstance(observed, Known):
        return None
    value = observed.value if isinstance(observed.value, str | dict) else ""
    return Trust(role, _judged(value, view, secret=role.secret))


def _judged(value: str | dict[str, Any], view: View, *, secret: bool = False) -> TrustVerdict:
    document = attach(value, "trust policy", kind=DocumentKind.TRUST)
    return judge_trust(without_its_text(document) if secret else document, view.now())
