"""Documents of the data source `aws_iam_policy_document` that are read when the plan is applied.

As soon as one ARN in it is not known yet, Terraform knows nothing of its `json`; the plan has its blocks all
the same, with what is known of each.

Source: the provider's page of the data source.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from identity_center_cli.readers.open_values import Open

Opened = Callable[[tuple[str | int, ...]], Open]
"""Returns what stands for an attribute of the data source that is not known, by its path."""

_TEXTS: Final = (
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
)
_WHOLE: Final = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")


def written(after: Mapping[str, Any], unknown: Any, opened: Opened) -> dict[str, Any]:  # noqa: ANN401
    """Write the document; `unknown` mirrors `after`, with true for what is not known."""
    statements: list[Any] = []
    for name in ("source_policy_documents", "source_json"):
        statements += _of_others(after.get(name), unknown, name, opened)
    blocks = after.get("statement")
    if _is_unknown(unknown, "statement"):
        statements.append(opened(("statement",)))
    elif isinstance(blocks, list):
        statements += [
            _statement(each, _part(unknown, "statement", n), n, opened) for n, each in enumerate(blocks)
        ]
    for name in ("override_policy_documents", "override_json"):
        over = _of_others(after.get(name), unknown, name, opened)
        named = {each.get("Sid") for each in over if isinstance(each, dict)} - {None, ""}
        statements = [
            each for each in statements if not (isinstance(each, dict) and each.get("Sid") in named)
        ]
        statements += over
    return {"Version": str(after.get("version") or "2012-10-17"), "Statement": statements}


def _of_others(texts: Any, unknown: Any, name: str, opened: Opened) -> list[Any]:  # noqa: ANN401
    if _is_unknown(unknown, name) or _some_unknown(_part(unknown, name)):
        return [opened((name,))]
    found: list[Any] = []
    for text in [texts] if isinstance(texts, str) and texts else texts if isinstance(texts, list) else []:
        try:
            statements = json.loads(text)["Statement"]
        except (ValueError, TypeError, KeyError):
            found.append(opened((name,)))
            continue
        found += statements if isinstance(statements, list) else [statements]
    return found


def _statement(block: Any, unknown: Any, number: int, opened: Opened) -> Any:  # noqa: ANN401
    if not isinstance(block, Mapping):
        return opened(("statement", number))
    found: dict[str, Any] = {"Effect": block.get("effect") or "Allow"}
    if block.get("sid"):
        found["Sid"] = block["sid"]
    for name, element in _TEXTS:
        value = _list(block.get(name), unknown, name, ("statement", number, name), opened)
        if value:
            found[element] = value
    for name, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if value := _principals(block.get(name), _part(unknown, name), ("statement", number, name), opened):
            found[element] = value
    if condition := _condition(block.get("condition"), _part(unknown, "condition"), number, opened):
        found["Condition"] = condition
    return found


def _list(given: Any, unknown: Any, name: str, path: tuple[str | int, ...], opened: Opened) -> list[Any]:  # noqa: ANN401
    if _is_unknown(unknown, name):
        return [opened(path)]
    marks = _part(unknown, name)
    return [
        opened(path) if _part(marks, number) is True or each is None else each
        for number, each in enumerate(given if isinstance(given, list) else [])
    ] or ([opened(path)] if _some_unknown(marks) else [])


def _principals(given: Any, unknown: Any, path: tuple[str | int, ...], opened: Opened) -> Any:  # noqa: ANN401
    if unknown is True:
        return opened(path)
    found: dict[str, Any] = {}
    for number, block in enumerate(given if isinstance(given, list) else []):
        kind = str(block.get("type"))
        names = _list(
            block.get("identifiers"),
            _part(unknown, number),
            "identifiers",
            (*path, number, "identifiers"),
            opened,
        )
        if kind == "*":
            return "*"
        found.setdefault(kind, []).extend(names)
    return found


def _condition(given: Any, unknown: Any, number: int, opened: Opened) -> Any:  # noqa: ANN401
    if unknown is True:
        return opened(("statement", number, "condition"))
    found: dict[str, dict[str, list[Any]]] = {}
    for place, block in enumerate(given if isinstance(given, list) else []):
        path = ("statement", number, "condition", place, "values")
        values = _list(block.get("values"), _part(unknown, place), "values", path, opened)
        found.setdefault(str(block.get("test")), {}).setdefault(str(block.get("variable")), []).extend(values)
    return found


def _part(unknown: Any, *path: str | int) -> Any:  # noqa: ANN401 - mirrors any value
    for part in path:
        if unknown is True:
            return True
        if isinstance(unknown, Mapping):
            unknown = unknown.get(str(part))
        elif isinstance(unknown, list) and isinstance(part, int) and part < len(unknown):
            unknown = unknown[part]
        else:
            return None
    return unknown


def _is_unknown(unknown: Any, name: str) -> bool:  # noqa: ANN401 - as above
    return _part(unknown, name) is True


def _some_unknown(marks: Any) -> bool:  # noqa: ANN401 - as above
    if isinstance(marks, Mapping):
        return any(map(_some_unknown, marks.values()))
    return any(map(_some_unknown, marks)) if isinstance(marks, list) else marks is True
