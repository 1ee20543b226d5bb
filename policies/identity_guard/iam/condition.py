"""The Condition element: clauses that all have to hold, each one key compared by one operator.

What a clause says where its key is absent (IAM User Guide, reference_policies_elements_condition_operators
and reference_policies_condition-single-vs-multi-valued-context-keys):

=====================  ======  =======
operator               plain   negated
=====================  ======  =======
as it is               no      yes
with IfExists          yes     yes
with ForAllValues      yes     yes
with ForAnyValue       no      no
IfExists, ForAnyValue  open    open
=====================  ======  =======

The last is open because the two pages contradict each other: by the one the clause holds, by the other it
does not. Somebody who tried it saw that it does not (AWS re:Post, "ForAnyValue:StringEqualsIfExists behaving
unexpectedly").
"""

from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple

from .operators import Operator, Test
from .policy_variables import plain, replace_variables
from .three_valued import all_of, any_of, negated

IF_EXISTS: Final = "IfExists"
PASSED_TO: Final = "iam:passedtoservice"

Values = tuple[str, ...] | None
"""What a request carries under a key; None where the key is absent."""


class Quantifier(Enum):
    """How a clause goes over the values of a key that has several."""

    NONE = ""
    ALL = "ForAllValues:"
    ANY = "ForAnyValue:"


class Clause(NamedTuple):
    """One key under one operator."""

    key: str
    """In lower case: keys have no case."""
    operator: Operator
    quantifier: Quantifier
    if_exists: bool
    values: tuple[str, ...]
    """As they are written, or with symbols for variables; see `symbolic`."""
    written: tuple[str, ...]
    has_variables: bool
    """Whether policy variables in the values have to be replaced before a comparison."""
    tests: tuple[Test, ...]

    @property
    def operator_name(self) -> str:
        """The operator as it is written, with prefix and suffix."""
        return f"{self.quantifier.value}{self.operator.name}{IF_EXISTS if self.if_exists else ''}"

    def holds(self, found: Values) -> bool | None:
        """Say whether the clause holds for what the request carries; None where it cannot be known."""
        if self.operator.values == "presence":
            return any_of(test("true" if found is None else "false") for test in self.tests)
        if found is None or (not found and self.quantifier is not Quantifier.NONE):
            return self._holds_without_key()
        if len(found) == 1:
            # Of one value, all and any say the same.
            truth = self._matches(found[0])
            return negated(truth) if self.operator.negated else truth
        each = [self._matches(value) for value in found]
        if self.operator.negated:
            if self.quantifier is Quantifier.NONE:
                return negated(any_of(each))
            each = [negated(one) for one in each]
        return all_of(each) if self.quantifier is Quantifier.ALL else any_of(each)

    def _matches(self, value: str) -> bool | None:
        """Say whether some value of the policy matches one of the request."""
        return self.tests[0](value) if len(self.tests) == 1 else any_of([test(value) for test in self.tests])

    @property
    def is_open_without_key(self) -> bool:
        """Whether its prefix and its suffix say opposite things of an absent key."""
        return self.if_exists and self.quantifier is Quantifier.ANY

    def _holds_without_key(self) -> bool | None:
        if self.quantifier is Quantifier.ANY:
            return None if self.is_open_without_key else False
        return self.if_exists or self.quantifier is Quantifier.ALL or self.operator.negated

    def as_written(self) -> "Clause":
        """Return the clause with the very values of the policy, which one request is compared with.

        A verdict looks at services of the China partition by the names that they have elsewhere.
        """
        if self.key != PASSED_TO or self.has_variables:
            return self
        return _clause(self, tuple(as_compared(self.operator, value) for value in self.written))

    def with_variables(self, look_up: Callable[[str], str | None]) -> "Clause":
        """Return the clause with its variables replaced; a value whose variable has none matches nothing."""
        if not self.has_variables:
            return self
        replaced = [replace_variables(value, look_up) for value in self.written]
        present = (value for value in replaced if value is not None)
        return _clause(self, tuple(as_compared(self.operator, value) for value in present))


def _clause(like: Clause, values: tuple[str, ...]) -> Clause:
    tests = tuple(map(like.operator.prepare, values))
    return like._replace(values=values, written=values, has_variables=False, tests=tests)


def as_compared(operator: Operator, value: str) -> str:
    """Write a value so that a star in it is only a star where the operator knows no wildcards."""
    return value if operator.wildcards else plain(value)
