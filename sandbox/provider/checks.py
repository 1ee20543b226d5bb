"""What a value must look like: the checks that rows of the table name. Each returns a problem or None."""

import json
import re
from collections.abc import Callable
from typing import Any

type_of_check = Callable[[Any], str | None]


def length(low: int, high: int) -> type_of_check:
    """Return a check of a text's length."""

    def test(value: str) -> str | None:
        if low <= len(value) <= high:
            return None
        return f"expected a length of {low} to {high} characters, it has {len(value)}"

    return test


def between(low: int, high: int) -> type_of_check:
    """Return a check of a number."""

    def test(value: int) -> str | None:
        return None if low <= value <= high else f"expected {low} to {high}, got {value}"

    return test


def pattern(expression: str, form: str) -> type_of_check:
    """Return a check against a whole pattern; ``form`` says in words what is wanted."""
    compiled = re.compile(expression)

    def test(value: str) -> str | None:
        return None if compiled.fullmatch(value) else f"expected {form}, got {value!r}"

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
