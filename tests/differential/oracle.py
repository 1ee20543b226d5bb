"""A slow, obvious reading of IAM's evaluation rules, to hold the fast one against.

It imports nothing from the project and shares no idea with it: no sets, no masks, no states. One request at a
time is compared with each statement of each document, in the order in which AWS describes it (IAM User Guide,
reference_policies_evaluation-logic and reference_policies_elements_condition_operators).
"""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NamedTuple

ALLOW = "allow"
EXPLICIT_DENY = "explicit deny"
IMPLICIT_DENY = "implicit deny"

Json = Mapping[str, Any]
Context = Mapping[str, Any]


class Asked(NamedTuple):
    """A request, and which of two readings it is decided by."""

    action: str
    resource: str
    context: Context
    if_exists_first: bool


def readings(
    documents: Sequence[Json],
    action: str,
    resource: str,
    context: Context,
    limits: Sequence[Sequence[Json]] = (),
) -> set[str]:
    """Decide one request by either reading of what AWS's pages contradict each other about.

    With ForAnyValue and IfExists together an absent key makes a condition true by the one
    (reference_policies_elements_condition_operators, IfExists) and false by the other
    (reference_policies_condition-single-vs-multi-valued-context-keys, ForAnyValue).
    """
    return {
        decide(documents, action, resource, context, limits, if_exists_first=first) for first in (True, False)
    }


def decide(  # noqa: PLR0913 - what a request is, and a reading
    documents: Sequence[Json],
    action: str,
    resource: str,
    context: Context,
    limits: Sequence[Sequence[Json]] = (),
    *,
    if_exists_first: bool = True,
) -> str:
    """Decide one request; `limits` are the boundary's documents and those of each level of SCPs."""
    request = Asked(action, resource, context, if_exists_first)
    layers = [documents, *limits]
    for layer in layers:
        for document in layer:
            for statement in statements_of(document):
                if statement["Effect"] == "Deny" and applies(statement, document, request):
                    return EXPLICIT_DENY
    for layer in layers:
        allowed = False
        for document in layer:
            for statement in statements_of(document):
                if statement["Effect"] == "Allow" and applies(statement, document, request):
                    allowed = True
        if not allowed:
            return IMPLICIT_DENY
    return ALLOW


def statements_of(document: Json) -> list[Json]:
    """Return the statements, one or many."""
    found = document["Statement"]
    return [found] if isinstance(found, Mapping) else list(found)


def as_list(value: object) -> list[Any]:
    """Return a single value as a list of one."""
    return list(value) if isinstance(value, list | tuple) else [value]


def applies(statement: Json, document: Json, request: Asked) -> bool:
    """Say whether action, resource and every condition of a statement fit the request."""
    action, resource, context, if_exists_first = request
    knows_variables = document.get("Version") == "2012-10-17"
    if "Action" in statement:
        if not any(glob(each.lower(), action.lower()) for each in as_list(statement["Action"])):
            return False
    elif any(glob(each.lower(), action.lower()) for each in as_list(statement["NotAction"])):
        return False
    if "Resource" in statement:
        if not any(
            resource_fits(each, resource, context, knows_variables=knows_variables)
            for each in as_list(statement["Resource"])
        ):
            return False
    elif any(
        resource_fits(each, resource, context, knows_variables=knows_variables)
        for each in as_list(statement["NotResource"])
    ):
        return False
    for operator, block in statement.get("Condition", {}).items():
        for key, values in block.items():
            if not condition_holds(
                operator,
                key,
                as_list(values),
                context,
                knows_variables=knows_variables,
                if_exists_first=if_exists_first,
            ):
                return False
    return True


def resource_fits(pattern: str, resource: str, context: Context, *, knows_variables: bool) -> bool:
    """Compare a resource with a pattern; a variable without a value fits nothing."""
    pieces = fill(pattern, context) if knows_variables else wildcards(pattern)
    return pieces is not None and re.fullmatch("".join(pieces), resource, re.DOTALL) is not None


def glob(pattern: str, text: str) -> bool:
    """Compare a text with a pattern of stars and question marks."""
    return re.fullmatch("".join(wildcards(pattern)), text, re.DOTALL) is not None


@cache
def wildcards(pattern: str) -> tuple[str, ...]:
    """Write a pattern as pieces of a regular expression."""
    return tuple(".*" if each == "*" else "." if each == "?" else re.escape(each) for each in pattern)


def fill(pattern: str, context: Context) -> list[str] | None:
    """Write a pattern with policy variables as pieces of a regular expression; None without a value."""
    pieces: list[str] = []
    rest = pattern
    while "${" in rest and "}" in rest[rest.index("${") :]:
        before, after = rest.split("${", 1)
        inside, rest = after.split("}", 1)
        pieces += wildcards(before)
        if inside in ("*", "?", "$"):
            pieces.append(re.escape(inside))
            continue
        name, comma, default = inside.partition(",")
        value = single(context, name.strip())
        if value is None and comma:
            value = default.strip().strip("'")
            pieces += wildcards(value)
        elif value is None:
            return None
        else:
            pieces.append(re.escape(value))
    return [*pieces, *wildcards(rest)]


def plain(value: str, context: Context) -> str | None:
    """Return a value for a comparison without wildcards, its variables replaced."""
    pieces = fill(value, context)
    if pieces is None:
        return None
    literal = ""
    rest = value
    while "${" in rest and "}" in rest[rest.index("${") :]:
        before, after = rest.split("${", 1)
        inside, rest = after.split("}", 1)
        name, _, default = inside.partition(",")
        found = inside if inside in ("*", "?", "$") else single(context, name.strip())
        literal += before + (found if found is not None else default.strip().strip("'"))
    return literal + rest


def lookup(context: Context, key: str) -> list[str] | None:
    """Return the values of a key in any case, or None where the request has no such key."""
    for name, value in context.items():
        if name.lower() == key.lower():
            return [text(each) for each in as_list(value)]
    return None


def text(value: object) -> str:
    """Write a value of a context as text."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def single(context: Context, key: str) -> str | None:
    """Return the value of a key that has exactly one."""
    found = lookup(context, key)
    return found[0] if found is not None and len(found) == 1 else None


def condition_holds(  # noqa: PLR0913 - one condition, one request and a reading
    operator: str,
    key: str,
    values: list[Any],
    context: Context,
    *,
    knows_variables: bool,
    if_exists_first: bool,
) -> bool:
    """Say whether one operator holds for one key."""
    mode = ""
    for prefix in ("ForAllValues:", "ForAnyValue:"):
        if operator.startswith(prefix):
            mode, operator = prefix, operator[len(prefix) :]
    if_exists = operator.endswith("IfExists")
    if if_exists:
        operator = operator[: -len("IfExists")]
    found = lookup(context, key)
    if operator == "Null":
        return any(text(value).lower() == ("true" if found is None else "false") for value in values)
    negated = "Not" in operator
    if found is None or (mode and not found):
        if mode == "ForAnyValue:" and if_exists:
            return if_exists_first
        if if_exists or mode == "ForAllValues:":
            return True
        return negated and mode != "ForAnyValue:"
    hits = [
        any(
            one_value(
                operator.replace("Not", ""), text(value), each, context, knows_variables=knows_variables
            )
            for value in values
        )
        for each in found
    ]
    if not mode:
        return not any(hits) if negated else any(hits)
    if negated:
        hits = [not hit for hit in hits]
    return all(hits) if mode == "ForAllValues:" else any(hits)


def one_value(operator: str, wanted: str, found: str, context: Context, *, knows_variables: bool) -> bool:
    """Compare one value of the policy with one of the request, by an operator that is not negated."""
    if operator in ("StringEquals", "StringEqualsIgnoreCase", "Bool"):
        value = plain(wanted, context) if knows_variables else wanted
        if value is None:
            return False
        return value == found if operator == "StringEquals" else value.lower() == found.lower()
    if operator in ("StringLike", "ArnLike", "ArnEquals"):
        return pattern_fits(operator, wanted, found, context, knows_variables=knows_variables)
    if operator in ("BinaryEquals", "IpAddress"):
        return wanted == found if operator == "BinaryEquals" else address_fits(wanted, found)
    if operator.startswith("Numeric"):
        return ordered(operator.removeprefix("Numeric"), number(wanted), number(found))
    return ordered(operator.removeprefix("Date"), moment(wanted), moment(found))


def ordered(how: str, limit: Decimal | None, value: Decimal | None) -> bool:
    """Compare two numbers or two dates; what is neither fits nothing."""
    if limit is None or value is None:
        return False
    return {
        "Equals": value == limit,
        "LessThan": value < limit,
        "LessThanEquals": value <= limit,
        "GreaterThan": value > limit,
        "GreaterThanEquals": value >= limit,
    }[how]


def pattern_fits(operator: str, wanted: str, found: str, context: Context, *, knows_variables: bool) -> bool:
    """Compare as a whole, or for ARNs part by part with the sixth part taking the rest."""
    parts = wanted.split(":", 5)
    if operator == "StringLike" or len(parts) < 6 or "${" in ":".join(parts[:5]):
        return resource_fits(wanted, found, context, knows_variables=knows_variables)
    has = found.split(":", 5)
    return len(has) == 6 and all(
        resource_fits(part, each, context, knows_variables=knows_variables)
        for part, each in zip(parts, has, strict=True)
    )


def address_fits(wanted: str, found: str) -> bool:
    """Say whether an address, or range, lies within a range."""
    try:
        inner, outer = ipaddress.ip_network(found, strict=False), ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]  # same version


def number(value: str) -> Decimal | None:
    """Read a number."""
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def moment(value: str) -> Decimal | None:
    """Read a date, or seconds since 1970."""
    if value.isdigit() and len(value) != len("2026"):
        return Decimal(value)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return Decimal((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
