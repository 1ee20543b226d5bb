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

import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from identity_guard.iam.text.operators import OPERATORS, Operator, Test, moment
from identity_guard.iam.text.three_valued import all_of, any_of, negated
from identity_guard.iam.text.wildcard import (
    LITERAL_QUESTION_MARK,
    LITERAL_STAR,
    VARIABLE_CLOSES,
    VARIABLE_OPENS,
)

# Policy variables in values: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.
#
# Source: IAM User Guide, reference_policies_variables. Variables exist in documents of version 2012-10-17
# only; in older ones the characters stand for themselves.
SPECIAL_CHARACTERS: Final = {"*": LITERAL_STAR, "?": LITERAL_QUESTION_MARK, "$": "$"}
"""The three characters that have a spelling of their own."""


def has_variable(value: str) -> bool:
    """Say whether the value holds the opening of a policy variable."""
    return "${" in value


def replace_variables(value: str, look_up: Callable[[str], str | None]) -> str | None:
    """Put values in place of variables.

    `look_up` gets the name in lower case and returns its value or None. A variable without a value takes
    its default (after a comma, in single quotes); without one the answer is None: AWS then takes the
    statement as not matching. A `${` that is never closed stands for itself.
    """
    parts: list[str] = []
    place = 0
    while True:
        opening = value.find("${", place)
        closing = value.find("}", opening)
        if opening < 0 or closing < 0:
            return "".join((*parts, value[place:]))
        found = _value_of(value[opening + 2 : closing], look_up)
        if found is None:
            return None
        parts += [value[place:opening], found]
        place = closing + 1


def _value_of(inside: str, look_up: Callable[[str], str | None]) -> str | None:
    if inside in SPECIAL_CHARACTERS:
        return SPECIAL_CHARACTERS[inside]
    name, comma, default = inside.partition(",")
    found = look_up(name.strip().lower())
    if found is not None:
        return found.replace("*", LITERAL_STAR).replace("?", LITERAL_QUESTION_MARK)
    return default.strip().strip("'") if comma else None


def variables_in(value: str) -> list[str]:
    """Return the names of the variables of a text, in lower case."""
    found: list[str] = []

    def note(name: str) -> str:
        found.append(name)
        return ""

    if has_variable(value):
        replace_variables(value, note)
    return found


def symbolic(value: str) -> str:
    """Replace each variable by a symbol of its own: the same variable is the same unknown text everywhere."""
    if "${" not in value:
        return value
    replaced = replace_variables(value, lambda name: f"{VARIABLE_OPENS}{name}{VARIABLE_CLOSES}")
    return value if replaced is None else replaced


_SYMBOL: Final = re.compile(f"{VARIABLE_OPENS}([^{VARIABLE_CLOSES}]*){VARIABLE_CLOSES}")


def without_symbols(text: str, look_up: Callable[[str], str]) -> str:
    """Put values in place of the symbols that `symbolic` made, and plain characters for literal ones."""
    replaced = _SYMBOL.sub(lambda found: look_up(found[1]), text)
    return replaced.replace(LITERAL_STAR, "*").replace(LITERAL_QUESTION_MARK, "?")


def symbols_in(text: str) -> list[str]:
    """Return the names of the variables whose symbols are in a text."""
    return _SYMBOL.findall(text)


def plain(text: str) -> str:
    """Write a request's text so that a star in it is only a star."""
    if "*" not in text and "?" not in text:
        return text
    return text.replace("*", LITERAL_STAR).replace("?", LITERAL_QUESTION_MARK)


IF_EXISTS: Final = "IfExists"
PASSED_TO: Final = "iam:passedtoservice"

Values = tuple[str, ...] | None
"""What a request carries under a key; None where the key is absent."""


class Quantifier(Enum):
    """How a clause goes over the values of a key that has several."""

    NONE = ""
    ALL = "ForAllValues:"
    ANY = "ForAnyValue:"


LIKE: Final = ("StringLike", "StringNotLike")
"""To these a star is every text (IAM User Guide, reference_policies_elements_condition_operators)."""


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

    @property
    def says_of_any_value(self) -> bool | None:
        """What it says of whatever value there is; None where that depends on the value."""
        if self.operator.name in LIKE and any(each and not each.strip("*") for each in self.values):
            return not self.operator.negated
        return None

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


# Read the Condition element: first what is wrong with it; clauses are made when they are needed.
OperatorParts = tuple[Quantifier, Operator, bool]
"""The quantifier, the operator, and whether `IfExists` follows it."""

FORMS: Final[dict[str, OperatorParts]] = {
    f"{quantifier.value}{operator.name}{IF_EXISTS if if_exists else ''}": (quantifier, operator, if_exists)
    for operator in OPERATORS.values()
    for quantifier in Quantifier
    for if_exists in (False, True)
    if operator.values != "presence" or (quantifier is Quantifier.NONE and not if_exists)
}
"""Every operator by its name, with prefix and suffix. `Null` takes no addition."""


class ConditionError(ValueError):
    """The Condition element is none; `reasons` start with the place inside it."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


def check_condition(raw: object) -> None:
    """Raise ConditionError with all mistakes of the element, if it has any."""
    if not isinstance(raw, Mapping):
        raise ConditionError([": expected an object of operators"])
    mistakes: list[str] = []
    for name, block in raw.items():
        parts = FORMS.get(str(name))
        if type(block) is not dict and not isinstance(block, Mapping):
            mistakes.append(f".{str(name)[:60]}: expected an object of condition keys")
        elif parts is not None:
            mistakes += _mistakes(str(name), block, is_date=parts[1].values == "date")
        elif block:
            mistakes.append(f".{str(name)[:60]}: IAM knows no such operator")
    if mistakes:
        raise ConditionError(mistakes)


def _mistakes(name: str, block: Mapping[str, object], *, is_date: bool) -> list[str]:
    found: list[str] = []
    if len(block) > 1 and len({str(key).lower() for key in block}) != len(block):
        found.append(f".{name[:60]}: a condition key is given twice; keys have no case")
    for key, value in block.items():
        if not isinstance(value, str) and _texts(value) is None:
            wanted = "expected a text, a number, true, false or a list of them"
            found.append(f".{name[:60]}.{str(key)[:60]}: {wanted}")
        elif is_date and not _are_dates(value):
            found.append(f".{name[:60]}.{str(key)[:60]}: not a date")
    return found


def _are_dates(value: object) -> bool:
    return all(moment(text) is not None for text in _texts(value) or ())


def read_condition(raw: Mapping[str, Mapping[str, Any]], *, variables: bool) -> tuple[Clause, ...]:
    """Make clauses of an element without mistakes.

    `variables` says whether the document's version knows policy variables.
    """
    return tuple(
        _read_clause(str(key).lower(), FORMS[str(name)], _texts(value) or (), variables=variables)
        for name, block in raw.items()
        for key, value in block.items()
    )


def _read_clause(key: str, parts: OperatorParts, texts: tuple[str, ...], *, variables: bool) -> Clause:
    quantifier, operator, if_exists = parts
    has_variables = variables and any(map(has_variable, texts))
    replaced: Iterable[str] = map(_without_partition, texts) if key == PASSED_TO else texts
    if has_variables and operator.variables:
        replaced = map(symbolic, replaced)
    values = tuple([as_compared(operator, value) for value in replaced])
    tests = tuple(map(operator.prepare, values))
    if has_variables:
        own = [text[:2] + text[2:-1].strip().lower() + text[-1:] == f"${{{key}}}" for text in texts]
        tests = tuple(_always if is_own else test for is_own, test in zip(own, tests, strict=True))
    has_variables = has_variables and operator.variables
    return Clause(key, operator, quantifier, if_exists, values, texts, has_variables, tests)


def _without_partition(service: str) -> str:
    """Name a service of the China partition as it is named elsewhere; some have one name everywhere.

    Source: kubernetes/kops issue 27 (EC2), terraform-aws-modules/terraform-aws-ecs issue 124 (ECS).
    """
    return service.removesuffix(".cn") if service.endswith(".amazonaws.com.cn") else service


def _always(_: str) -> bool:
    """Compare a key with its own variable: `aws:username` with `${aws:username}`."""
    return True


def _texts(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (value,)
    found = [_text(each) for each in value] if isinstance(value, list | tuple) else [_text(value)]
    texts = tuple(text for text in found if text is not None)
    return texts if len(texts) == len(found) else None


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else None
