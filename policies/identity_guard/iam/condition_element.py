"""Read the Condition element: first what is wrong with it; clauses are made when they are needed."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .condition import IF_EXISTS, PASSED_TO, Clause, Quantifier, as_compared
from .operators import OPERATORS, Operator, moment
from .policy_variables import has_variable, symbolic

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
