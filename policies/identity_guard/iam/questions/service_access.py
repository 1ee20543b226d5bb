"""Whether a role's trust policy lets an AWS service in, for a call of which some keys are known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.document.condition import Clause, Values
from identity_guard.iam.document.document import DocumentKind, Unreadable
from identity_guard.iam.document.statement import Effect, PrincipalKind, Statement
from identity_guard.iam.evaluate.attachment import attach
from identity_guard.iam.evaluate.decision import decide_truth
from identity_guard.iam.text.three_valued import all_of

#: What every call that a service makes with its own principal has, and has not.
#: Source: IAM User Guide, reference_policies_condition-keys.
OF_A_SERVICE: Final[Mapping[str, Values]] = {
    "aws:principalisawsservice": ("true",),
    "aws:securetransport": ("true",),
    "aws:multifactorauthpresent": None,
    "aws:multifactorauthage": None,
}


@dataclass(frozen=True)
class ServiceAccess:
    """What a trust policy says to a service."""

    refused: tuple[str, ...]
    """Of the actions asked for, those that it certainly does not let the service do."""
    undecided: tuple[str, ...]
    """Those of which it cannot be said."""
    keys: tuple[str, ...] = ()
    """Condition keys, in lower case, whose values decide about the undecided ones."""
    unreadable: tuple[str, ...] = ()
    """Why the document cannot be read, where it cannot."""


def service_access(
    trust: str | Mapping[str, Any],
    service: str,
    actions: Iterable[str],
    known: Mapping[str, Values],
) -> ServiceAccess:
    """Judge a trust policy; `known` are keys in lower case, None for those that the call has not."""
    document = attach(trust, "trust policy", kind=DocumentKind.TRUST).document
    asked = tuple(actions)
    if document is None or isinstance(document, Unreadable):
        return ServiceAccess((), asked, (), document.reasons if document else ())
    call = _Call(service, {**OF_A_SERVICE, **known})
    answers = {action: call.may(action, document.statements) for action in asked}
    undecided = tuple(action for action, answer in answers.items() if answer is None)
    return ServiceAccess(
        tuple(action for action, answer in answers.items() if answer is False),
        undecided,
        call.open_keys(document.statements, undecided),
    )


@dataclass(frozen=True)
class _Call:
    service: str
    known: Mapping[str, Values]

    def may(self, action: str, statements: Iterable[Statement]) -> bool | None:
        """Say whether the service may do an action; None where it cannot be known."""
        counts = [(one.effect, self._counts(one, action)) for one in statements]
        allowed = [answer for effect, answer in counts if effect is Effect.ALLOW]
        return decide_truth([allowed], (answer for effect, answer in counts if effect is Effect.DENY))

    def open_keys(self, statements: Iterable[Statement], actions: tuple[str, ...]) -> tuple[str, ...]:
        """Return the keys of the conditions that decide about some of the actions."""
        return tuple(
            dict.fromkeys(
                clause.key
                for one in statements
                if any(self._counts(one, action) is None for action in actions)
                for clause in one.clauses
                if self._holds(clause) is None
            )
        )

    def _counts(self, statement: Statement, action: str) -> bool | None:
        bit = catalogue().bit_of(action)
        if bit is None:
            return None
        about = True if statement.actions.certain >> bit & 1 else None
        if not statement.actions.possible >> bit & 1:
            about = False
        return all_of((about, self._named(statement), *(self._holds(each) for each in statement.clauses)))

    def _named(self, statement: Statement) -> bool | None:
        """Say whether a statement is about the service. That a bare star is, is not said for services."""
        principals = statement.principals
        if principals is None:
            return False
        named: bool | None = (PrincipalKind.SERVICE, self.service) in principals.named
        if not named and (PrincipalKind.AWS, "*") in principals.named:
            named = None
        return named if not principals.excluded or named is None else not named

    def _holds(self, clause: Clause) -> bool | None:
        if clause.has_variables or clause.key not in self.known:
            return None
        return clause.holds(self.known[clause.key])
