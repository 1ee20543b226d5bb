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
=====================  ======  =======
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from .operators import OPERATORS, Operator, Test
from .policy_variables import has_variable, plain, replace_variables, symbolic

IF_EXISTS: Final = "IfExists"

Values = tuple[str, ...] | None
"""What a request carries under a key; None where the key is absent."""


class Quantifier(Enum):
    """How a clause goes over the values of a key that has several."""

    NONE = ""
    ALL = "ForAllValues:"
    ANY = "ForAnyValue:"


class ConditionError(ValueError):
    """The Condition element is none; `reasons` start with the place inside it."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


@dataclass(frozen=True, slots=True)
class Clause:
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
    tests: tuple[Test, ...] = field(repr=False, compare=False)

    @property
    def operator_name(self) -> str:
        """The operator as it is written, with prefix and suffix."""
        return f"{self.quantifier.value}{self.operator.name}{IF_EXISTS if self.if_exists else ''}"

    def holds(self, found: Values) -> bool | None:
        """Say whether the clause holds for what the request carries; None where it cannot be known."""
        if self.operator.values == "presence":
            return _any(test("true" if found is None else "false") for test in self.tests)
        if found is None or (not found and self.quantifier is not Quantifier.NONE):
            return self._holds_without_key()
        each = [_any(test(value) for test in self.tests) for value in found]
        if self.operator.negated:
            if self.quantifier is Quantifier.NONE:
                return _not(_any(each))
            each = [_not(one) for one in each]
        return _all(each) if self.quantifier is Quantifier.ALL else _any(each)

    def _holds_without_key(self) -> bool:
        if self.if_exists or self.quantifier is Quantifier.ALL:
            return True
        return self.operator.negated and self.quantifier is not Quantifier.ANY

    def with_variables(self, look_up: Callable[[str], str | None]) -> "Clause":
        """Return the clause with its variables replaced; a value whose variable has none matches nothing."""
        if not self.has_variables:
            return self
        replaced = [replace_variables(value, look_up) for value in self.written]
        present = (value for value in replaced if value is not None)
        return _clause(self, tuple(_as_compared(self.operator, value) for value in present))


def _clause(like: Clause, values: tuple[str, ...]) -> Clause:
    tests = tuple(map(like.operator.prepare, values))
    return replace(like, values=values, written=values, has_variables=False, tests=tests)


def _any(truths: Iterable[bool | None]) -> bool | None:
    unknown = False
    for truth in truths:
        if truth:
            return True
        unknown = unknown or truth is None
    return None if unknown else False


def _all(truths: Iterable[bool | None]) -> bool | None:
    return _not(_any(_not(truth) for truth in truths))


def _not(truth: bool | None) -> bool | None:  # noqa: FBT001 - a truth value is what it is about
    return None if truth is None else not truth


def read_operator(name: str) -> "OperatorParts | None":
    """Take an operator's name apart, or None if there is no such operator. `Null` takes no addition."""
    quantifier = Quantifier.NONE
    for prefix in (Quantifier.ALL, Quantifier.ANY):
        if name.startswith(prefix.value):
            quantifier, name = prefix, name[len(prefix.value) :]
    if_exists = name.endswith(IF_EXISTS)
    operator = OPERATORS.get(name[: -len(IF_EXISTS)] if if_exists else name)
    if operator is None:
        return None
    if operator.values == "presence" and (if_exists or quantifier is not Quantifier.NONE):
        return None
    return quantifier, operator, if_exists


def read_condition(raw: object, *, variables: bool) -> tuple[Clause, ...]:
    """Read the element, or raise ConditionError with all its mistakes.

    `variables` says whether the document's version knows policy variables.
    """
    if not isinstance(raw, Mapping):
        raise ConditionError([": expected an object of operators"])
    clauses: list[Clause] = []
    mistakes: list[str] = []
    for name, block in raw.items():
        parts = read_operator(str(name))
        if not isinstance(block, Mapping):
            mistakes.append(f".{str(name)[:60]}: expected an object of condition keys")
        elif parts is not None:
            _read_block(str(name), block, parts, clauses, mistakes, variables=variables)
        elif block:
            mistakes.append(f".{str(name)[:60]}: IAM knows no such operator")
    if mistakes:
        raise ConditionError(mistakes)
    return tuple(clauses)


OperatorParts = tuple[Quantifier, Operator, bool]


def _read_block(  # noqa: PLR0913 - what is read, how, and where it is collected
    name: str,
    block: Mapping[str, object],
    parts: OperatorParts,
    clauses: list[Clause],
    mistakes: list[str],
    *,
    variables: bool,
) -> None:
    place = f".{name[:60]}"
    if len({str(key).lower() for key in block}) != len(block):
        mistakes.append(f"{place}: a condition key is given twice; keys have no case")
    for key, value in block.items():
        texts = _texts(value)
        if texts is None:
            mistakes.append(
                f"{place}.{str(key)[:60]}: expected a text, a number, true, false or a list of them"
            )
        elif parts[1].values == "date" and not all(parts[1].prepare(text)("0") is not None for text in texts):
            mistakes.append(f"{place}.{str(key)[:60]}: not a date")
        else:
            clauses.append(_read_clause(str(key).lower(), parts, texts, variables=variables))


def _read_clause(key: str, parts: OperatorParts, texts: tuple[str, ...], *, variables: bool) -> Clause:
    quantifier, operator, if_exists = parts
    replaced = map(symbolic, texts) if variables and operator.variables else texts
    values = tuple(_as_compared(operator, value) for value in replaced)
    tests = tuple(
        _always if variables and text.lower() == f"${{{key}}}" else operator.prepare(value)
        for text, value in zip(texts, values, strict=True)
    )
    has_variables = variables and operator.variables and any(map(has_variable, texts))
    return Clause(key, operator, quantifier, if_exists, values, texts, has_variables, tests)


def _as_compared(operator: Operator, value: str) -> str:
    """Write a value so that a star in it is only a star where the operator knows no wildcards."""
    return value if operator.wildcards else plain(value)


def _always(_: str) -> bool:
    """Compare a key with its own variable: `aws:username` with `${aws:username}`."""
    return True


def _texts(value: object) -> tuple[str, ...] | None:
    found = [_text(each) for each in value] if isinstance(value, list | tuple) else [_text(value)]
    texts = tuple(text for text in found if text is not None)
    return texts if len(texts) == len(found) else None


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else None
