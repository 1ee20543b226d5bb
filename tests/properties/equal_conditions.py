"""Conditions in other words: the same truth in every request, its opposite, and such as always or never hold.

Source of each equality: the table of operators in the IAM User Guide,
reference_policies_elements_condition_operators, and for the absent key
reference_policies_condition-single-vs-multi-valued-context-keys.
"""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Network
from typing import Any

Json = dict[str, Any]
Clause = tuple[str, str, list[Any]]
"""Operator, key, values."""

ALWAYS: tuple[Clause, ...] = (
    ("Null", "aws:PrincipalArn", ["false"]),
    ("Null", "aws:CurrentTime", [False]),
    ("StringLike", "aws:PrincipalArn", ["*"]),
    ("ArnLike", "aws:PrincipalArn", ["*"]),
    ("DateGreaterThan", "aws:CurrentTime", ["2001-01-01T00:00:00Z"]),
    ("NumericGreaterThan", "aws:EpochTime", [0]),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", ["true", "false"]),
    ("NumericGreaterThanEqualsIfExists", "aws:MultiFactorAuthAge", ["0"]),
    ("BoolIfExists", "aws:ViaAWSService", [True, False]),
    ("ForAllValues:StringLike", "aws:TagKeys", ["*"]),
    ("StringLikeIfExists", "aws:SourceVpc", ["*"]),
    ("StringNotEquals", "aws:PrincipalType", ["NoSuchType"]),
    ("IpAddressIfExists", "aws:SourceIp", ["0.0.0.0/0", "::/0"]),
    ("StringLikeIfExists", "aws:ResourceTag/team", ["*"]),
)
NEVER: tuple[Clause, ...] = (
    ("Null", "aws:CurrentTime", ["true"]),
    ("DateLessThan", "aws:CurrentTime", ["2001-01-01"]),
    ("NumericLessThan", "aws:MultiFactorAuthAge", [0]),
    ("StringEquals", "aws:PrincipalType", ["NoSuchType"]),
    ("ForAnyValue:StringNotLike", "aws:TagKeys", ["*"]),
)
HALVES: tuple[tuple[Clause, Clause], ...] = tuple(
    ((one, key, values), (other, key, values if same else [{"true": "false"}[values[0]]]))
    for one, other, key, values, same in (
        ("Bool", "BoolIfExists", "aws:MultiFactorAuthPresent", ["true"], False),
        ("Null", "Null", "aws:MultiFactorAuthAge", ["true"], False),
        ("StringEquals", "StringNotEquals", "aws:RequestedRegion", ["eu-west-1", "us-east-1"], True),
        ("StringLike", "StringNotLike", "aws:RequestedRegion", ["eu-*"], True),
        ("Null", "Null", "aws:ResourceTag/team", ["true"], False),
        ("StringEquals", "StringNotEquals", "aws:ResourceTag/team", ["red"], True),
        ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "aws:PrincipalTag/team", ["red"], True),
        ("IpAddress", "NotIpAddress", "aws:SourceIp", ["203.0.113.0/24"], True),
        ("DateLessThan", "DateGreaterThanEqualsIfExists", "aws:CurrentTime", ["2027-06-01T00:00:00Z"], True),
        ("Bool", "BoolIfExists", "aws:ViaAWSService", ["true"], False),
        ("StringEquals", "StringNotEquals", "aws:SourceVpc", ["vpc-1a2b3c4d"], True),
        ("ArnLike", "ArnNotLike", "aws:PrincipalArn", ["arn:aws:iam::*:user/*"], True),
        ("ForAnyValue:StringEquals", "ForAllValues:StringNotEquals", "aws:TagKeys", ["team"], True),
        ("ForAllValues:StringLike", "ForAnyValue:StringNotLike", "aws:TagKeys", ["te*"], True),
        ("StringEquals", "StringNotEquals", "iam:PassedToService", ["ec2.amazonaws.com"], True),
        ("ArnEquals", "ArnNotEquals", "iam:PolicyARN", ["arn:aws:iam::aws:policy/ReadOnlyAccess"], True),
        ("NumericLessThan", "NumericGreaterThanEqualsIfExists", "aws:MultiFactorAuthAge", ["3600"], True),
    )
)
"""Pairs of which in every request exactly one holds."""

OPPOSITES = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "ArnEquals": "ArnNotEquals",
    "ArnLike": "ArnNotLike",
    "IpAddress": "NotIpAddress",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
}
TURNED = {"LessThan": "GreaterThanEquals", "GreaterThan": "LessThanEquals"}
TURNED |= {other: one for one, other in TURNED.items()}
MULTIVALUED = re.compile(r"tagkeys|orgpaths|calledvia$|namelist|:amr$|leadingkeys|attributes", re.IGNORECASE)
OPERATOR = re.compile(r"(ForAllValues:|ForAnyValue:|)(.+?)(IfExists|)")
FULL_ARN = re.compile(r"arn:[^*?$]*:[^*?$]*:[^*?$]*:[^*?$]*:[^*?$]+")
LONGEST_SPLIT = 8


def clauses_of(condition: Json) -> list[Clause]:
    """Return a Condition element clause by clause."""
    return [
        (operator, key, list(value) if isinstance(value, list) else [value])
        for operator, block in condition.items()
        for key, value in block.items()
    ]


def condition_of(clauses: list[Clause]) -> Json | None:
    """Put clauses together; None where one operator would get a key twice."""
    found: Json = {}
    for operator, key, values in clauses:
        block = found.setdefault(operator, {})
        if key.lower() in {each.lower() for each in block}:
            return None
        block[key] = values
    return found


def has_variable(clauses: list[Clause]) -> bool:
    """Say whether some value holds a policy variable."""
    return any("${" in str(value) for _, _, values in clauses for value in values)


def opposite(clause: Clause) -> Clause | None:  # noqa: PLR0911 - one return for each kind of operator
    """Return the clause that holds where this one does not, or None where this module knows of none."""
    name, key, values = clause
    quantifier, base, if_exists = taken_apart(name)
    if base == "Null" or (base == "Bool" and not quantifier):
        words = {str(value).lower() for value in values}
        if len(words) != 1 or not words <= {"true", "false"}:
            return None
        other = ["false" if words == {"true"} else "true"]
        return (base if base == "Null" or if_exists else "BoolIfExists"), key, other
    turned = next((both for one, both in TURNED.items() if base in (f"Numeric{one}", f"Date{one}")), None)
    if turned and not quantifier and len(values) == 1:
        kind = "Numeric" if base.startswith("Numeric") else "Date"
        return f"{kind}{turned}{'' if if_exists else 'IfExists'}", key, values
    pairs = OPPOSITES | {other: one for one, other in OPPOSITES.items()}
    if base not in pairs:
        return None
    if quantifier:
        # Not all of them match: one of them does not.
        return (
            {"ForAllValues:": "ForAnyValue:", "ForAnyValue:": "ForAllValues:"}[quantifier] + pairs[base],
            key,
            values,
        )
    if base in OPPOSITES:
        # An absent key passes the negated operator; with IfExists it passes the plain one, too.
        return (f"ForAnyValue:{pairs[base]}", key, values) if if_exists else (pairs[base], key, values)
    return None if if_exists else (pairs[base], key, values)


def taken_apart(name: str) -> tuple[str, str, str]:
    """Return an operator's prefix, name and suffix."""
    found = OPERATOR.fullmatch(name)
    assert found is not None
    return found[1], found[2], found[3]


class Equal:
    """Writes conditions in other words, chosen by chance."""

    def __init__(self, source: random.Random) -> None:
        self.random = source

    def clauses(self, clauses: list[Clause]) -> list[Clause]:
        """Return clauses that hold together where the given ones do."""
        found: list[Clause] = []
        for clause in clauses:
            others = list(self._others(clause))
            found += self.random.choice(others) if others and self.random.random() < 0.6 else [clause]
        return [(operator, key, self._spelled(operator, values)) for operator, key, values in found]

    def _spelled(self, operator: str, values: list[Any]) -> list[Any]:
        """Write true, false and whole numbers as words or not, in any order, some of them twice."""
        spelled = [self._value(operator, value) for value in values]
        if spelled and self.random.random() < 0.2:
            spelled.append(self.random.choice(spelled))
        self.random.shuffle(spelled)
        return spelled

    def _value(self, operator: str, value: Any) -> Any:  # noqa: ANN401 - whatever a condition holds
        if self.random.random() < 0.5:
            return value
        if isinstance(value, str) and value in ("true", "false"):
            return value == "true"
        if isinstance(value, bool):
            return str(value).lower()
        if "Numeric" in operator and re.fullmatch(r"\d{1,12}", str(value)):
            return int(value) if isinstance(value, str) else str(value)
        return value

    def _others(self, clause: Clause) -> Iterator[list[Clause]]:
        name, key, values = clause
        quantifier, base, if_exists = taken_apart(name)
        for other, changed in self._other_operators(base, key, values):
            yield [(f"{quantifier}{other}{if_exists}", key, changed)]
        if not quantifier and not MULTIVALUED.search(key):
            yield from self._quantified(base, key, values, if_exists)
        if quantifier == "ForAllValues:" and base in OPPOSITES and not MULTIVALUED.search(key):
            yield [(f"{base}IfExists", key, values)]
        if not quantifier and base == "StringNotEquals" and len(values) > 1 and plain(values[1:]):
            yield [(name, key, values[:1]), (f"StringNotLike{if_exists}", key, values[1:])]
        if base in ("DateLessThan", "DateGreaterThan") and key.lower() == "aws:currenttime":
            seconds = [moment for value in values if (moment := seconds_of(value)) is not None]
            if len(seconds) == len(values) and not quantifier:
                yield [(f"{base.replace('Date', 'Numeric')}{if_exists}", "aws:EpochTime", seconds)]
                yield [(name, key, [str(moment) for moment in seconds])]
        if (
            base == "IpAddress"
            and not quantifier
            and not if_exists
            and values
            and len(values) < LONGEST_SPLIT
        ):
            yield [(name, key, [half for value in values for half in halves_of(str(value))])]
        if base in OPPOSITES and not quantifier and not if_exists:
            yield [clause, ("Null", key, ["false"])]

    def _other_operators(  # noqa: C901 - one question for each equality
        self, base: str, key: str, values: list[Any]
    ) -> Iterator[tuple[str, list[Any]]]:
        equal = {"ArnEquals": "ArnLike", "ArnNotEquals": "ArnNotLike"}
        equal |= {other: one for one, other in equal.items()}
        if base in equal:
            yield equal[base], values
        if base in ("StringEquals", "StringNotEquals") and plain(values):
            yield base.replace("Equals", "Like"), values
        if base in ("StringLike", "StringNotLike") and plain(values):
            yield base.replace("Like", "Equals"), values
        if base.startswith("Arn") and all(FULL_ARN.fullmatch(str(value)) for value in values):
            yield ("StringNotEquals" if "Not" in base else "StringEquals"), values
        if base == "StringLike" and values == ["*"]:
            yield base, ["**"]
        if base in ("StringEquals", "StringNotEquals") and all(
            re.fullmatch(r"\d+", str(each)) for each in values
        ):
            yield f"{base}IgnoreCase", values
        if base == "Bool" and {str(value) for value in values} <= {"true", "false"}:
            yield "StringEquals", values
        if key.lower() == "aws:multifactorauthage" and all(str(each).isdigit() for each in values):
            # The age is a whole number of seconds.
            if base == "NumericLessThan":
                yield f"{base}Equals", [int(each) - 1 for each in values]
            if base == "NumericGreaterThan":
                yield f"{base}Equals", [int(each) + 1 for each in values]

    def _quantified(self, base: str, key: str, values: list[Any], if_exists: str) -> Iterator[list[Clause]]:
        """Yield what a key with one value allows: a quantifier differs only where the key is absent."""
        if base in OPPOSITES or base == "Bool":
            yield [(f"{'ForAllValues:' if if_exists else 'ForAnyValue:'}{base}", key, values)]
        elif base in OPPOSITES.values():
            yield [(f"ForAllValues:{base}", key, values)]
            yield [(base if if_exists else f"{base}IfExists", key, values)]


def plain(values: list[Any]) -> bool:
    """Say whether no value has a wildcard or a variable."""
    return not any(sign in str(value) for value in values for sign in "*?$")


def seconds_of(value: Any) -> int | None:  # noqa: ANN401 - whatever a condition holds
    """Return a day, or a moment in UTC, in seconds since 1970."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", str(value)):
        return None
    found = datetime.fromisoformat(str(value))
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def halves_of(text: str) -> list[str]:
    """Return the two halves of a range of IPv4 addresses; other texts as they are."""
    try:
        network = IPv4Network(text, strict=False)
    except ValueError:
        return [text]
    if network.prefixlen == network.max_prefixlen:
        return [str(network.network_address), str(network)]
    return [str(half) for half in network.subnets()]
