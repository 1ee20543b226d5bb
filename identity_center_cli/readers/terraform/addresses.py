"""Which resources an attribute of a plan refers to, by the plan's configuration.

The configuration lists, for each attribute, what its expression names: resources, variables of the module,
outputs of modules. Locals are not in it, so what goes through one is not followed.

Source: Terraform documentation, "JSON Output Format" (configuration representation, expression
representation).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_INDEX: Final = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
_OF_A_RESOURCE: Final = re.compile(r"(?:data\.)?[^.\[]+\.[^.\[]+" + f"({_INDEX.pattern})")
MOST_STEPS: Final = 20
"""Through so many variables and outputs a reference is followed."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference names: a resource or data source of a module."""

    module: str
    """Address of the module without indexes; empty for the root."""
    mode: str
    type: str
    name: str
    attribute: str = ""
    index: str | int | None = None
    """The instance that the reference names itself; None where an expression chooses it, or there is one."""


def without_indexes(address: str) -> str:
    """Return an address as the configuration has it."""
    return _INDEX.sub("", address)


class Configuration:
    """The configuration of a plan."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        """Note every module and resource."""
        self._modules: dict[str, Mapping[str, Any]] = {}
        self._calls: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self._resources: dict[tuple[str, str, str, str], Mapping[str, Any]] = {}
        configuration = plan.get("configuration")
        root = configuration.get("root_module") if isinstance(configuration, Mapping) else None
        self._note("", root, 0)

    def _note(self, module: str, content: Any, depth: int) -> None:  # noqa: ANN401 - a plan holds anything
        if not isinstance(content, Mapping) or depth > MOST_STEPS:
            return
        self._modules[module] = content
        for each in content.get("resources") or ():
            if isinstance(each, Mapping):
                key = (module, str(each.get("mode")), str(each.get("type")), str(each.get("name")))
                self._resources[key] = each
        for name, call in (content.get("module_calls") or {}).items():
            if isinstance(call, Mapping):
                inner = f"{module}.module.{name}".lstrip(".")
                self._calls[inner] = (module, call)
                self._note(inner, call.get("module"), depth + 1)

    def expression(self, module: str, mode: str, kind: str, name: str, *path: str | int) -> Any:  # noqa: ANN401
        """Return the expression of an attribute, or of a block, of a resource."""
        found: Any = self._resources.get((module, mode, kind, name), {}).get("expressions")
        for part in path:
            if isinstance(part, str):
                found = found.get(part) if isinstance(found, Mapping) else None
            else:
                found = found[part] if isinstance(found, list) and part < len(found) else None
        return found

    def targets(self, module: str, expression: Any) -> list[Target]:  # noqa: ANN401 - a plan holds anything
        """Return what an expression refers to, through variables and outputs."""
        return list(dict.fromkeys(self._follow(module, expression, 0)))

    def is_followed(self, module: str, expression: Any) -> bool:  # noqa: ANN401 - as above
        """Say whether everything that an expression refers to is a resource that is known here."""
        names = [
            each for each in _references(expression) if not each.startswith(("each.", "count.", "path."))
        ]
        return bool(names) and all(self.targets(module, {"references": [each]}) for each in names)

    def _follow(self, module: str, expression: Any, steps: int) -> Iterator[Target]:  # noqa: ANN401 - as above
        if steps > MOST_STEPS:
            return
        for reference in _references(expression):
            parts = without_indexes(reference).split(".")
            if parts[0] == "var" and len(parts) > 1 and module in self._calls:
                outer, call = self._calls[module]
                yield from self._follow(outer, (call.get("expressions") or {}).get(parts[1]), steps + 1)
            elif parts[0] == "module" and len(parts) > 2:  # noqa: PLR2004 - module.NAME.OUTPUT
                inner = f"{module}.module.{parts[1]}".lstrip(".")
                outputs = self._modules.get(inner, {}).get("outputs") or {}
                output = outputs.get(parts[2]) if isinstance(outputs, Mapping) else None
                yield from self._follow(inner, (output or {}).get("expression"), steps + 1)
            elif (target := self._target(module, parts, _index_in(reference))) is not None:
                yield target

    def _target(self, module: str, parts: list[str], index: str | int | None) -> Target | None:
        mode = "data" if parts[0] == "data" else "managed"
        own = parts[1:] if mode == "data" else parts
        if len(own) < 2 or (module, mode, own[0], own[1]) not in self._resources:  # noqa: PLR2004 - TYPE.NAME
            return None
        return Target(module, mode, own[0], own[1], ".".join(own[2:]), index)


def _index_in(reference: str) -> str | int | None:
    """Return the key or number that a reference to a resource gives, which JSON and Terraform write alike."""
    found = _OF_A_RESOURCE.match(reference)
    return json.loads(found[1])[0] if found else None


def _references(expression: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return what an expression names. `a.b.c` is followed by `a.b`: the longer one says more."""
    given = expression.get("references") if isinstance(expression, Mapping) else None
    names = [str(each) for each in given] if isinstance(given, list) else []
    return [
        each
        for each in names
        if not any(other != each and other.startswith((f"{each}.", f"{each}[")) for other in names)
    ]
