"""Policy documents of which parts are open: what they say at least, and at most.

At least: every open part has its default; where it has none, an Allow gives nothing through it and a Deny
takes all that it can. At most: the other way round. If a verdict is the same for both, it holds whatever is
passed.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from identity_guard.stack.observe import PartlyKnown
from identity_guard.stack.policy_documents import NO_STATEMENT

from .open_values import ANY, TWO_OR_MORE, Either, NoValue, Open, OpenList, is_open, open_parts

_MISSING: Final = object()
_SHOWN: Final = 3
TRUST: Final = "trust policy"
_NOBODY: Final = {
    "Effect": "Deny",
    "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
    "Action": "sts:AssumeRole",
}
_OPPOSITE: Final = {"NotAction": "Action", "NotResource": "Resource"}
_EVERYTHING: Final = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_ANYBODY: Final = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
_ACCOUNT: Final = "222233334444"
"""Stands for an account that is open: IAM takes no wildcard within the ARN of a principal."""


def document(value: Any, *, trust: bool = False) -> Any:  # noqa: ANN401 - as a template has it
    """Return a document as it is where nothing in it is open, else its bounds."""
    if not is_open(value):
        return value
    return PartlyKnown(
        shown(value),
        _bound(by_default(value), _narrow, _wide, trust=trust),
        _bound(value, _wide, _narrow, trust=trust),
        _condition_keys(value),
    )


def _condition_keys(value: Any) -> frozenset[str] | None:  # noqa: ANN401 - as above
    """Return the keys of all conditions; None where one may be there that nobody sees."""
    if not isinstance(value, dict) or isinstance(value.get("Statement"), Open | OpenList):
        return None
    found: set[str] = set()
    for one, _ in _statements(value.get("Statement")):
        condition = one.get("Condition", {}) if isinstance(one, dict) else None
        if not isinstance(condition, dict) or not all(isinstance(each, dict) for each in condition.values()):
            return None
        found |= {str(key).lower() for block in condition.values() for key in block}
    return frozenset(found)


def optional(value: Any) -> Any:  # noqa: ANN401 - as above
    """Return a document that may not be there: judged as if it were, but that none of its Denies binds."""
    whole = document(value)
    if isinstance(whole, PartlyKnown) or not isinstance(value, dict):
        return whole
    statements = [one for one, _ in _statements(value.get("Statement"))]
    kept = [
        dict(NO_STATEMENT) if isinstance(one, dict) and one.get("Effect") == "Deny" else one
        for one in statements
    ]
    if kept == statements:
        return value
    return PartlyKnown("whether it is attached", value, {**value, "Statement": kept})


def shown(value: Any) -> str:  # noqa: ANN401 - as above
    """Name what is open in a value, to be put between backticks."""
    parts = list(dict.fromkeys(open_parts(value)))
    rest = f"`, and {len(parts) - _SHOWN} more such as `{parts[_SHOWN]}" if len(parts) > _SHOWN else ""
    return "`, `".join(parts[:_SHOWN]) + rest


def by_default(value: Any) -> Any:  # noqa: ANN401 - as above
    """Put the default in the place of each open part that has one."""
    if isinstance(value, Open):
        return value.default or value
    if isinstance(value, OpenList):
        return value if value.default is None else list(value.default)
    if isinstance(value, Either):
        return by_default(value.default) if value.by_default else value
    if isinstance(value, dict):
        return {
            name: each if name in _OF_ARNS and _no_arn_by_default(each) else by_default(each)
            for name, each in value.items()
        }
    return [by_default(each) for each in value] if isinstance(value, list) else value


_OF_ARNS: Final = ("Resource", "NotResource")
_OF_NAMES: Final = ("Action", "NotAction")


def _no_arn_by_default(value: Any) -> bool:  # noqa: ANN401 - as above
    """Say whether a default only holds the place of an ARN: somebody has to pass another value."""
    every = value if isinstance(value, list) else [value]
    defaults = [
        each.default if isinstance(each, OpenList) else (each.default,)
        for each in every
        if isinstance(each, Open | OpenList)
    ]
    texts = [text for default in defaults for text in default or () if isinstance(text, str) and text]
    return any(not text.startswith(("*", "arn:")) for text in texts)


Bound = Callable[[str, Any], Any]
"""Returns an element's value, or `_MISSING` where the statement is to be left out."""


def _bound(value: Any, allowing: Bound, denying: Bound, *, trust: bool) -> dict[str, Any]:  # noqa: ANN401
    """Write a document with the Allows bound in one way, and the Denies in the other."""
    widest = allowing is _wide
    none, everything = (_NOBODY, _ANYBODY) if trust else (dict(NO_STATEMENT), _EVERYTHING)
    if not isinstance(value, dict) or isinstance(value.get("Statement"), Open | OpenList):
        return {"Version": "2012-10-17", "Statement": [everything if widest else none]}
    statements: list[Any] = []
    for one, certain in _statements(value.get("Statement")):
        if not isinstance(one, dict):
            statements.append((everything if widest else none) if isinstance(one, Open | OpenList) else one)
            continue
        # Of what may not be there, only that counts which makes the bound wider, or narrower.
        counts = certain or (one.get("Effect") == "Deny") is not widest
        bound = _statement(one, allowing, denying, widest=widest) if counts else None
        statements.append(none if bound is None else bound)
    version = value.get("Version")
    found = {"Version": version if isinstance(version, str) else "2012-10-17"} if version is not None else {}
    return {**found, "Statement": statements or [none]}


def _statements(value: Any, *, certain: bool = True) -> Iterator[tuple[Any, bool]]:  # noqa: ANN401
    """Yield every statement, with whether it is certainly there."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Either):
            yield from _statements(each.default, certain=False)
            yield from _statements(each.other, certain=False)
        elif isinstance(each, list):
            yield from _statements(each, certain=certain)
        elif not isinstance(each, NoValue):
            yield each, certain


def _statement(
    one: dict[str, Any], allowing: Bound, denying: Bound, *, widest: bool
) -> dict[str, Any] | None:
    effect = one.get("Effect")
    if isinstance(effect, Open | Either):
        effect = "Allow" if widest else "Deny"
    bind = denying if effect == "Deny" else allowing
    found: dict[str, Any] = {"Effect": effect}
    for name, value in one.items():
        if name == "Effect" or (name == "Sid" and is_open(value)):
            continue
        bound = bind(name, value) if is_open(value) else value
        if bound is _MISSING:
            return None
        if name in _OPPOSITE and bound == []:
            # IAM takes no empty list; all but nothing is everything.
            name, bound = _OPPOSITE[name], "*"  # noqa: PLW2901 - the same element, said otherwise
        found[name] = bound
    if "Condition" in found and not found["Condition"]:
        del found["Condition"]
    return found


def _wide(name: str, value: Any) -> Any:  # noqa: ANN401 - as above
    """Return an element that matches all that it can."""
    if name == "Condition":
        return _without_open_clauses(value)
    if name in ("Principal", "NotPrincipal"):
        return _principals(value, wide=name == "Principal")
    if name.startswith("Not"):
        return _fewest(value)
    return _as(name, (text for each in _every(value, both=True) for text in _most(name, each))) or ["*"]


def _narrow(name: str, value: Any) -> Any:  # noqa: ANN401 - as above
    """Return an element that matches as little as it can; `_MISSING` for nothing."""
    if name == "Condition":
        return _MISSING
    if name in ("Principal", "NotPrincipal"):
        return _principals(value, wide=name == "NotPrincipal")
    if name.startswith("Not"):
        return _as(name, (text for each in _every(value, both=True) for text in _most(name, each)))
    found = _as(name, _fewest(value, samples=name == "Resource"))
    return found or _MISSING


def _as(name: str, texts: Iterable[Any]) -> list[Any]:
    """Return texts as an element takes them: a resource of which only the name stands there is some ARN."""
    if not name.endswith("Resource"):
        return list(texts)
    return [
        f"arn:aws:s3:::{each}" if isinstance(each, str) and not each.startswith(("*", "arn:")) else each
        for each in texts
    ]


def _fewest(value: Any, *, samples: bool = False) -> list[Any]:  # noqa: ANN401 - as above
    """Return the texts that are certain; with `samples`, one thing in the place of each that is open."""
    every = _every(value, both=False)
    certain = [each for each in every if not is_open(each)]
    return certain + [each.sample for each in every if samples and isinstance(each, Open)]


def _most(name: str, value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    if isinstance(value, Open | OpenList):
        if name in _OF_NAMES:
            return value.names
        return ANY if value.most == TWO_OR_MORE else value.most
    return (value,)


def _every(value: Any, *, both: bool) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Yield the members of a list, of a value alone, and of either of two values."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Either):
            for one in (each.default, each.other) if both else ():
                yield from _every(one, both=both)
        elif isinstance(each, list):
            yield from _every(each, both=both)
        elif not isinstance(each, NoValue):
            yield each


def _without_open_clauses(value: Any) -> Any:  # noqa: ANN401 - as above
    """Leave out what may hold anyway."""
    if not isinstance(value, dict):
        return {}
    kept = {
        operator: {key: each for key, each in block.items() if not is_open(each)}
        for operator, block in value.items()
        if isinstance(block, dict)
    }
    return {operator: block for operator, block in kept.items() if block}


def _principals(value: Any, *, wide: bool) -> Any:  # noqa: ANN401 - as above
    """Return whom a trust policy names, with those that are open as wide or as narrow as they can be."""
    if not isinstance(value, dict):
        every = list(_every(value, both=wide)) if isinstance(value, Either) else []
        whole = [each for each in every if isinstance(each, dict)]
        if whole and len(whole) == len(every):
            return _principals(_merged(whole), wide=wide)
        return "*" if wide else _MISSING
    found = {}
    for kind, names in value.items():
        texts = [text for each in _every(names, both=wide) for text in _names(str(kind), each, wide=wide)]
        if texts:
            found[kind] = texts
    return found or _MISSING


def _merged(whole: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in whole:
        for kind, names in each.items():
            found.setdefault(kind, []).extend(names if isinstance(names, list) else [names])
    return found


def _names(kind: str, value: Any, *, wide: bool) -> list[Any]:  # noqa: ANN401 - as above
    if not isinstance(value, Open | OpenList):
        return [value]
    if "*" in value.most:
        return ["*"] if wide else []
    # An ARN of which a part is open: some account, some role, and never all of them.
    named = [each.replace("::*:", f"::{_ACCOUNT}:").replace("*", "some-name") for each in value.most]
    return [_ACCOUNT if kind == "AWS" and not _PRINCIPAL.match(each) else each for each in named]


_PRINCIPAL: Final = re.compile(r"\*$|[0-9]{12}$|arn:[a-z-]+:(iam|sts)::[0-9]{12}:")
"""What IAM takes as a principal of AWS; for what is only known not to be everybody stands an account."""
