"""When two policy documents are one: the provider suppresses a difference that means nothing to AWS.

Order of statements, actions, resources and principals means nothing, nor does one value alone or in a list
(hashicorp/awspolicyequivalence, used by the provider as SuppressEquivalentPolicyDiffs).
"""

import json
from typing import Any

_CASELESS = {"action", "notaction"}


def equivalent(one: str, other: str) -> bool:
    """Say whether two documents mean the same; texts that are no JSON are the same only when equal."""
    if one == other:
        return True
    try:
        return bool(_canonical(json.loads(one)) == _canonical(json.loads(other)))
    except (ValueError, TypeError, AttributeError):
        return False


def _canonical(policy: Any) -> Any:  # noqa: ANN401 - any JSON value
    if not isinstance(policy, dict):
        return policy
    statements = policy.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    rest = {key: value for key, value in policy.items() if key != "Statement"}
    return rest, sorted((_statement(one) for one in listed), key=_text)


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in statement.items():
        if key == "Condition":
            out[key] = {
                operator: {name: _values(item) for name, item in tests.items()}
                for operator, tests in value.items()
            }
        elif isinstance(value, dict):
            out[key] = {name: _values(item) for name, item in value.items()}
        elif key in {"Effect", "Sid"}:
            out[key] = value
        else:
            values = _values(value)
            out[key] = sorted({one.lower() for one in values}) if key.lower() in _CASELESS else values
    # An empty Sid is the same as none.
    return {key: value for key, value in out.items() if value not in ("", None)}


def _values(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    listed = value if isinstance(value, list) else [value]
    texts = {one if isinstance(one, str) else json.dumps(one) for one in listed}
    return sorted(texts)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(value, sort_keys=True)
