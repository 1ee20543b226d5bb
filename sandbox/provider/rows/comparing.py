"""What differs between the state of a resource and the inputs that are wanted now.

The bridge compares Terraform's state with the configuration, never old inputs with new ones
(pulumi-terraform-bridge 59de6c6, pkg/tfbridge/provider.go, Diff).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider.rows.documents import equivalent
from sandbox.provider.rows.paths import ignored
from sandbox.provider.rows.schema import Kind, Property, ResourceType
from sandbox.provider.rows.values import UNKNOWN, has_unknown, plain


@dataclass(frozen=True)
class Change:
    """One difference: where, what kind (ADD, DELETE, UPDATE), and whether it replaces the resource."""

    path: str
    property: str
    kind: str
    replaces: bool


_EMPTY: tuple[Any, ...] = (None, "", [], {})


def same(given: Property, one: Any, other: Any) -> bool:  # noqa: ANN401 - any value of a property
    """Say whether two plain values of a property mean the same."""
    if one is UNKNOWN or other is UNKNOWN:
        return False
    if given.kind is Kind.BOOLEAN:
        # A truth value left out is false, as in the provider's state.
        return bool(one) == bool(other)
    if one in _EMPTY or other in _EMPTY:
        return one in _EMPTY and other in _EMPTY
    return _same_values(given, one, other)


def _same_values(given: Property, one: Any, other: Any) -> bool:  # noqa: ANN401 - any value of a property
    if given.kind is Kind.JSON:
        return equivalent(str(one), str(other))
    if given.kind is Kind.OBJECT:
        return all(
            _same_in_object(inner, one.get(name), other.get(name)) for name, inner in given.fields.items()
        )
    if given.kind is Kind.LIST and given.item is not None:
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same(given.item, *pair) for pair in pairs)
    if given.kind is Kind.SET and given.item is not None:
        return _same_sets(given.item, one, other)
    return bool(one == other)


def _same_in_object(given: Property, one: Any, other: Any) -> bool:  # noqa: ANN401 - any value of a property
    """Compare a property of an object: what AWS decides where one side is silent is no difference."""
    return (given.computed and (one in _EMPTY or other in _EMPTY)) or same(given, one, other)


def _same_sets(item: Property, one: list[Any], other: list[Any]) -> bool:
    left = list(other)
    for wanted in one:
        found = next((index for index, have in enumerate(left) if same(item, wanted, have)), None)
        if found is None:
            return False
        del left[found]
    return not left


def changes(
    resource: ResourceType, old: Mapping[str, Any], new: Mapping[str, Any], ignore: list[str]
) -> list[Change]:
    """Compare a state with inputs; what the cloud decides where the program is silent is no change."""
    before, after = plain(old), plain(new)
    found: list[Change] = []
    for name, given in resource.all_inputs.items():
        if given.computed and after.get(name) is None:
            continue
        if same(given, before.get(name), after.get(name)):
            continue
        found += [
            Change(path, name, kind, forced or _replaces(given, before.get(name)))
            for path, kind, forced in _inside(given, name, before.get(name), after.get(name))
        ]
    return [change for change in found if not ignored(change.path, ignore)]


def _replaces(given: Property, old: Any) -> bool:  # noqa: ANN401 - any value of a property
    return given.force_new or (given.force_new_from is not None and old == given.force_new_from)


_Place = tuple[str, str, bool]
"""A path, the kind of its difference, and whether the property there replaces by itself."""


def _inside(given: Property, path: str, old: Any, new: Any) -> Iterator[_Place]:  # noqa: ANN401 - any value
    """Name the places of a difference as deep as both values have them."""
    both_lists = isinstance(old, list) and isinstance(new, list)
    if old in _EMPTY and not both_lists:
        yield path, "ADD", False
    elif new in _EMPTY and not both_lists:
        yield path, "DELETE", False
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _in_object(given, path, old, new)
    elif both_lists:
        for index in range(max(len(old), len(new))):
            one, other = _at(old, index), _at(new, index)
            if one != other or has_unknown(other):
                yield f"{path}[{index}]", _kind(one, other), False
    else:
        yield path, "UPDATE", False


def _in_object(given: Property, path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[_Place]:
    if given.kind is Kind.MAP:
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                yield _keyed(path, key), _kind(old.get(key), new.get(key)), False
        return
    for name, inner in given.fields.items():
        if not _same_in_object(inner, old.get(name), new.get(name)):
            for place, kind, forced in _inside(inner, f"{path}.{name}", old.get(name), new.get(name)):
                yield place, kind, forced or inner.force_new


def _at(values: list[Any], index: int) -> Any:  # noqa: ANN401 - any value
    return values[index] if index < len(values) else None


def _kind(old: Any, new: Any) -> str:  # noqa: ANN401 - any value
    if old is None:
        return "ADD"
    return "DELETE" if new is None else "UPDATE"


def _keyed(path: str, key: str) -> str:
    return f"{path}.{key}" if key.isidentifier() else f'{path}["{key}"]'
