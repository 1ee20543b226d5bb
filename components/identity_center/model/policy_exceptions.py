"""Exceptions of the stack from rules of the policy pack: what somebody answers for, for a time.

The model says them beside the access that they are about. They reach the pack as arguments of the component
`AccessModel`; the pack decides whether they hold. `policies/identity_guard/rules/stack_exceptions.py` is the
other side, and a contract test holds the names of the rules together.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from .excusable_rules import ExcusableRule, exact_name
from .fields import CalendarDate, Entry, PersonText
from .wrong_value import WrongValueError

Exact = Annotated[PersonText, AfterValidator(exact_name)]


class PolicyExceptionEntry(Entry):
    """One finding of the policy pack that somebody answers for, until a day.

    It turns violations of one rule by one resource or principal into advice. It never covers a document that
    cannot be read, nor what could not be decided.
    """

    rule: Annotated[ExcusableRule, Field(strict=False)]
    """The rule that would refuse the stack."""
    resource: Exact | None = None
    """The resource that is meant: its URN, or the end of it from the type on, such as
    `aws:iam/role:Role::break-glass`. Exactly one of `resource` and `principal`."""
    principal: Exact | None = None
    """The permission set, role, user or group that is meant, by its name in AWS."""
    reason: PersonText
    """Why it is accepted. It stays in the configuration."""
    owner: PersonText
    """Who answers for it, such as a team. It stays in the configuration."""
    expires: CalendarDate
    """The last day on which it holds, in UTC."""

    @model_validator(mode="after")
    def _one_thing(self) -> "PolicyExceptionEntry":
        if (self.resource is None) == (self.principal is None):
            has = "has both `resource` and `principal`" if self.resource else "names nothing"
            raise WrongValueError(has, "write exactly one of `resource` and `principal`")
        return self
