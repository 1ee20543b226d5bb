"""What a value must look like: the checks that rows of the table name. Each returns a problem or None."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.provider.rows.values import UNKNOWN

type_of_check = Callable[[Any], str | None]


def length(low: int, high: int) -> type_of_check:
    """Return a check of a text's length, in bytes of UTF-8 as Go counts: an accented letter has two.

    Sources: terraform-plugin-sdk, helper/validation/strings.go, StringLenBetween; terraform-plugin-framework-
    validators, stringvalidator, LengthBetween.
    """

    def test(value: str) -> str | None:
        count = len(value.encode())
        if low <= count <= high:
            return None
        return f"expected a length of {low} to {high} characters, it has {count}"

    return test


def between(low: int, high: int) -> type_of_check:
    """Return a check of a number."""

    def test(value: int) -> str | None:
        return None if low <= value <= high else f"expected {low} to {high}, got {value}"

    return test


def pattern(expression: str, form: str) -> type_of_check:
    """Return a check against a whole pattern; ``form`` says in words what is wanted.

    Letters and digits are those of ASCII, as in Go's patterns.
    """
    compiled = re.compile(expression, re.ASCII)

    def test(value: str) -> str | None:
        return None if compiled.fullmatch(value) else f"expected {form}, got {value!r}"

    return test


def contains(expression: str, form: str) -> type_of_check:
    """Return a check that some part of a text matches: what an upstream pattern without anchors asks for."""
    compiled = re.compile(expression, re.ASCII)

    def test(value: str) -> str | None:
        return None if compiled.search(value) else f"expected {form}, got {value!r}"

    return test


def without(characters: str, form: str) -> type_of_check:
    """Return a check that a text has none of some characters."""

    def test(value: str) -> str | None:
        return f"expected {form}" if set(characters) & set(value) else None

    return test


def exactly_one(*names: str) -> type_of_check:
    """Return a check that an object has one of some properties; what is not known yet may be none or some."""

    def test(value: Mapping[str, Any]) -> str | None:
        if any(value.get(name) is UNKNOWN for name in names):
            return None
        given = sum(value.get(name) is not None for name in names)
        return None if given == 1 else f"expected exactly one of {' and '.join(names)}, got {given}"

    return test


def one_of(*values: str) -> type_of_check:
    """Return a check against a list."""

    def test(value: str) -> str | None:
        return None if value in values else f"expected one of {', '.join(values)}, got {value!r}"

    return test


# TF internal/verify: ValidARN, ValidAccountID.
arn = pattern(
    r"|arn:[\w-]+:([a-zA-Z0-9\-])+:([a-z]{2,}(-[a-z]+)+-\d{1,2})?:(aws|aws-managed|third-party|\d{12}|cw.{10})?:(.*)",
    "an ARN (arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE)",
)
# TF internal/types/aws_region.go, which internal/framework/validators/aws_region.go asks.
region = pattern(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}", "a valid AWS Region Code")
account_id = pattern(r"\d{12}", "an account number of 12 digits")
principal_id = pattern(
    r"([0-9a-f]{10}-|)[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
    "the id of a user or group of Identity Center",
)


def policy_json(value: str) -> str | None:
    """Check that a text is a policy document: JSON, an object, nothing before it (TF ValidIAMPolicyJSON)."""
    if not value:
        return "it is an empty text, which is no policy"
    if not value.startswith("{"):
        return "it is no policy document: it must be JSON and start with {"
    try:
        read = json.loads(value, object_pairs_hook=_no_repeats)
    except ValueError as error:
        return f"it is no policy document: {error}"
    return None if isinstance(read, dict) else "it is no policy document: it must be a JSON object"


def any_json(value: str) -> str | None:
    """Check that a text is JSON."""
    try:
        json.loads(value)
    except ValueError as error:
        return f"it is no JSON: {error}"
    return None


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise ValueError(f"duplicate JSON key {repeated[0]!r}")
    return dict(pairs)
