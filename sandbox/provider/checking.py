"""Check: the inputs of a program against the table, with defaults and automatic names filled in."""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.provider.nearest import nearest
from sandbox.provider.options import Options
from sandbox.provider.rows.schema import AutoName, Kind, Property, ResourceType
from sandbox.provider.rows.tagging import all_tags, without_ignored
from sandbox.provider.rows.values import UNKNOWN, Secret, Value, has_secret, has_unknown, marked, plain

DEFAULTS = "__defaults"
"""Names of the properties that the provider filled in; the bridge writes it into every object."""

_DISABLE, _ENFORCE = 2, 1
_TYPES: dict[Kind, Any] = {
    Kind.STRING: (str,),
    Kind.JSON: (str,),
    Kind.BOOLEAN: (bool,),
    Kind.INTEGER: (int,),
    Kind.LIST: (list,),
    Kind.SET: (list,),
    Kind.MAP: (dict,),
    Kind.OBJECT: (dict,),
}


@dataclass(frozen=True)
class Naming:
    """What Check needs to name a resource that the program does not name."""

    logical: str
    seed: bytes = b""
    proposed: str = ""
    mode: int | None = None


@dataclass
class Checked:
    """The inputs as they will be used, and what is wrong with them: property path and reason."""

    inputs: dict[str, Value] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)


def check(
    resource: ResourceType,
    news: Mapping[str, Value],
    olds: Mapping[str, Value],
    naming: Naming,
    options: Options | None = None,
) -> Checked:
    """Check the inputs of a resource; ``options`` add the Region and all tags, as pulumi-aws 7 does."""
    checked = Checked()
    given = {name: value for name, value in news.items() if not name.startswith("__")}
    # The provider's own of the last time, where an import or an older state hands them in again.
    given.pop("tagsAll", None)
    checked.inputs = _object(resource.all_inputs, given, "", checked.failures)
    _name(resource, checked, olds, naming)
    _conflicts(resource.all_inputs, checked)
    if options is not None and not checked.failures:
        _add(resource, options, checked.inputs)
    return checked


def _add(resource: ResourceType, options: Options, inputs: dict[str, Value]) -> None:
    """Make inputs of what the provider decides (pulumi-aws provider/region.go and tags.go, PreCheck)."""
    if resource.regional:
        inputs.setdefault("region", options.region)
    if resource.tagged:
        tags = inputs.get("tags")
        if has_unknown(tags):
            inputs["tagsAll"] = UNKNOWN
        else:
            inputs["tagsAll"] = marked(without_ignored(options, all_tags(options, plain(tags))), tags)


def check_arguments(inputs: Mapping[str, Property], given: Mapping[str, Value]) -> Checked:
    """Check the arguments of an invoke."""
    checked = Checked()
    values = _object(inputs, {k: v for k, v in given.items() if v is not None}, "", checked.failures)
    values.pop(DEFAULTS, None)
    checked.inputs = values
    _conflicts(inputs, checked)
    return checked


def _object(
    properties: Mapping[str, Property], given: Mapping[str, Value], path: str, failures: list[tuple[str, str]]
) -> dict[str, Value]:
    out: dict[str, Value] = {}
    filled: list[str] = []
    for name in given:
        if name not in properties and not name.startswith("__"):
            reason = f"there is no such property; {nearest(name, properties)}"
            failures.append((f"{path}{name}", reason))
    for name, expected in properties.items():
        value = given.get(name)
        if value is None and expected.default is not None:
            value = expected.default
            filled.append(name)
        if value is not None:
            out[name] = _value(expected, value, f"{path}{name}", failures)
            failures += [
                (f"{path}{name}", f"{other} must be given with it")
                for other in expected.also
                if given.get(other) is None
            ]
        elif expected.required:
            failures.append((f"{path}{name}", "this property is required"))
    out[DEFAULTS] = sorted(filled)
    return out


def _value(expected: Property, value: Value, path: str, failures: list[tuple[str, str]]) -> Value:
    """Check one value, whatever marks it bears."""
    if isinstance(value, Secret):
        found: list[tuple[str, str]] = []
        inner = _value(expected, value.value, path, found)
        # A reason may quote the value.
        failures += [(place, "the secret value does not fit this property") for place, _ in found]
        return Secret(inner)
    if expected.or_object and isinstance(value, (dict, list)):
        return _value(expected, _as_text(value), path, failures)
    if value is UNKNOWN:
        return value
    value = _coerced(expected.kind, value)
    wrong_bool = isinstance(value, bool) and expected.kind is not Kind.BOOLEAN
    if not isinstance(value, _TYPES[expected.kind]) or wrong_bool:
        failures.append((path, f"expected a value of type {expected.kind.value}"))
        return value
    return _known(expected, value, path, failures)


def _known(expected: Property, value: Value, path: str, failures: list[tuple[str, str]]) -> Value:
    """Check a value of the right type: what is in it, and what the table says of it."""
    if expected.kind is Kind.OBJECT:
        failures += [(path, problem) for test in expected.checks if (problem := test(value))]
        return _object(expected.fields, value, f"{path}.", failures)
    if expected.kind is Kind.MAP and expected.item is not None:
        return {
            key: _value(expected.item, item, f"{path}.{key}", failures)
            for key, item in value.items()
            if item is not None and key != DEFAULTS
        }
    if expected.kind in {Kind.LIST, Kind.SET} and expected.item is not None:
        value = [_value(expected.item, item, f"{path}[{at}]", failures) for at, item in enumerate(value)]
    problems = [test(value) for test in expected.checks]
    failures += [(path, problem) for problem in problems if problem]
    return value


def _as_text(value: Value) -> Value:
    """Write an object as JSON; a part that is not known or secret makes the whole text so."""
    if has_unknown(value):
        return UNKNOWN
    text = json.dumps(plain(value), sort_keys=True)
    return Secret(text) if has_secret(value) else text


def _coerced(kind: Kind, value: Value) -> Value:
    """Take a number for a text and a text for a number or a truth value, as the bridge does."""
    if kind in {Kind.STRING, Kind.JSON}:
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, (int, float)) else value
    if kind is Kind.BOOLEAN and value in ("true", "false"):
        return value == "true"
    if kind is Kind.INTEGER and isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    return value


def _conflicts(properties: Mapping[str, Property], checked: Checked) -> None:
    for name, expected in properties.items():
        for other in expected.conflicts:
            if name in checked.inputs and other in checked.inputs:
                checked.failures.append((name, f"{name} and {other} must not be given together"))


def _name(resource: ResourceType, checked: Checked, olds: Mapping[str, Value], naming: Naming) -> None:
    """Fill in the automatic name where the program gives none and no prefix either."""
    auto = resource.autoname
    if auto is None or auto.property in checked.inputs or f"{auto.property}Prefix" in checked.inputs:
        return
    checked.inputs[DEFAULTS] = sorted([*checked.inputs[DEFAULTS], auto.property])
    kept = plain(olds).get(auto.property)
    if kept and auto.property in (plain(olds).get(DEFAULTS) or []):
        checked.inputs[auto.property] = kept
        return
    if naming.mode == _DISABLE:
        reason = f"the program gives no {auto.property}, and automatic names are disabled"
        checked.failures.append((auto.property, reason))
        return
    name = naming.proposed or automatic_name(naming.logical, naming.seed)
    checked.inputs[auto.property] = name
    _fits(auto, name, resource.inputs[auto.property], checked)


def automatic_name(logical: str, seed: bytes) -> str:
    """Return the logical name and seven hexadecimal digits: the same ones for the same seed."""
    digits = hashlib.sha256(seed + logical.encode()).hexdigest() if seed else secrets.token_hex(4)
    return f"{logical}-{digits[:7]}"


def _fits(auto: AutoName, name: str, expected: Property, checked: Checked) -> None:
    for test in expected.checks:
        problem = test(name)
        if problem:
            reason = f"the automatic name {name!r} does not fit: {problem}; set {auto.property}"
            checked.failures.append((auto.property, reason))
