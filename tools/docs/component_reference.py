"""The reference of the components, written from their classes: arguments, outputs, examples, refusals.

The examples are the calls of the program that the engine tests run.
"""

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic.alias_generators import to_snake

from identity_center.model.mistakes import WrongValueError
from identity_center.resources import COMPONENTS
from identity_center.resources.account_access import ModelEntitlementArgs, PrincipalEntitlementArgs
from identity_center.resources.arguments.checks import Rule, Rules, rules_of
from identity_center.resources.arguments.entry_args import (
    ApplicationAttributesArgs,
    PolicyExceptionArgs,
    UserAttributesArgs,
)
from identity_center.resources.directory import DirectoryGroupArgs
from identity_center.resources.group import GroupArgs
from identity_center.resources.permission_set import PermissionSetAttributesArgs
from identity_center.resources.role_entitlement import RoleEntitlementArgs
from identity_center.resources.serving import ServedComponents

_ROOT: Final = Path(__file__).parents[2]
REFERENCE: Final = _ROOT / "docs" / "components.md"
EXAMPLES: Final = _ROOT / "tests" / "engine" / "programs" / "remote_components.py"
_PACKAGE: Final = "identity-center"

#: The rules that the texts of a component or type are held against.
RULES: Final[Mapping[str, Rules]] = {
    "User": rules_of(UserAttributesArgs),
    "UserAttributesArgs": rules_of(UserAttributesArgs),
    "Group": rules_of(GroupArgs),
    "DirectoryGroupArgs": rules_of(DirectoryGroupArgs),
    "PermissionSet": rules_of(PermissionSetAttributesArgs),
    "ModelPermissionSetArgs": rules_of(PermissionSetAttributesArgs),
    "Application": rules_of(ApplicationAttributesArgs),
    "ModelApplicationArgs": rules_of(ApplicationAttributesArgs),
    "PolicyExceptionArgs": rules_of(PolicyExceptionArgs),
    "RoleEntitlement": rules_of(RoleEntitlementArgs),
    "PrincipalEntitlementArgs": rules_of(PrincipalEntitlementArgs),
    "ModelEntitlementArgs": rules_of(ModelEntitlementArgs),
}

_HEAD = """\
# The components: every argument and output

Written from the classes by `make docs`; a test holds it current.

A Python program imports them from `identity_center.resources` and gives arguments as a mapping in snake_case
(`display_name`), as the README shows. A program in any Pulumi language uses them by name: the folder
`components` is a component package (`pulumi package add ./components` makes an SDK of it, `pulumi package
get-schema ./components` shows its schema), and the arguments are in camelCase (`displayName`), as below.
Outputs have the same names.

The examples are calls of `tests/engine/programs/remote_components.py`, a program that the engine tests make
and destroy. It begins with a class that asks the engine for a component by name, and with what several
calls use:

```py
{preamble}
```

## What goes wrong

All that is wrong with the arguments of a component is told in one run, by component, name and argument, and
nothing of it is made:

```
PermissionSet `auditing`: sessionDuration: `PT13H` is not a duration from 1 to 12 hours; write it as …
```

- Texts are held against AWS's lengths and characters: see "accepted" in the tables. What is not known before
  the update is AWS's to judge. Texts that may be a person's are never quoted.
- "Known early": it has to be known before the update, and cannot be another resource's output. The keys of
  what is given by key, and the lengths of lists, always have to be: they name resources.
- Used by name, a missing argument, one that the component does not take (with the nearest that it does) and
  a value that is none of the choices are mistakes as well. A Python program finds those with a type checker.
- In Python, wrong arguments raise `ArgumentsError`; what AWS does not say, where something has to be asked
  (`RootGuard`, `find_instance`), raises `RefusedLookupError`. Both are pulumi.RunError, which ends a program
  without a traceback.
"""


def reference() -> str:
    """Return the whole page."""
    schema = json.loads(ServedComponents(list(COMPONENTS), _PACKAGE).schema or "")
    program = EXAMPLES.read_text(encoding="utf-8")
    parts = [_HEAD.rstrip().replace("{preamble}", _preamble(program))]
    calls = examples(program)
    for token, component in schema["resources"].items():
        name = _bare(token)
        parts += _component(name, component, calls[name])
    for token, kind in sorted(schema["types"].items(), key=lambda pair: _bare(pair[0]).lower()):
        parts += _kind(_bare(token), kind)
    return "\n".join(parts).rstrip() + "\n"


def examples(program: str) -> dict[str, str]:
    """Return the first call for each component in a program."""
    found: dict[str, str] = {}
    for statement in ast.parse(program).body:
        match statement:
            case ast.Assign(value=ast.Call(func=ast.Name("Remote"), args=[ast.Constant(str(kind)), *_])):
                found.setdefault(kind, ast.get_source_segment(program, statement) or "")
    return found


def _preamble(program: str) -> str:
    """Return what stands before the first call, without what only a type checker needs."""
    kept: list[str] = []
    for statement in ast.parse(program).body:
        source = ast.get_source_segment(program, statement) or ""
        match statement:
            case ast.Expr(ast.Constant()):
                continue
            case ast.ImportFrom(module="typing"):
                kept.append("from typing import Any\n")
            case ast.ClassDef():
                checked = [
                    ast.get_source_segment(program, one) for one in statement.body if isinstance(one, ast.If)
                ]
                for part in filter(None, checked):
                    source = source.replace(f"    {part}\n\n", "")
                kept += ["\n", source, "\n"]
            case ast.FunctionDef():
                kept += [source, "\n"]
            case ast.Assign(value=ast.Call(func=ast.Name("Remote"))):
                break
            case _:
                kept.append(source)
    return "\n".join(kept)


def _component(name: str, component: Mapping[str, Any], example: str) -> Iterator[str]:
    yield f"\n## {name}\n"
    yield _words(component) + "\n"
    yield from _table(name, component["inputProperties"], component.get("requiredInputs", []))
    yield "\n| output | what it is |"
    yield "|---|---|"
    for output, definition in component["properties"].items():
        yield f"| `{output}` | {_type(definition)}. {_words(definition)} |"
    yield f"\n```py\n{example}\n```"


def _kind(name: str, kind: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n## {name}\n"
    yield _words(kind) + "\n"
    if "enum" in kind:
        for choice in kind["enum"]:
            yield f"- `{choice['value']}`: {_words(choice)}"
    else:
        yield from _table(name, kind["properties"], kind.get("required", []))


def _table(owner: str, properties: Mapping[str, Any], required: list[str]) -> Iterator[str]:
    rules = RULES.get(owner, {})
    yield "| argument | what it is | accepted | needed |"
    yield "|---|---|---|---|"
    for name, definition in properties.items():
        accepted = _accepted(rules.get(to_snake(name)))
        needed = "yes" if name in required else ""
        yield f"| `{name}` | {_type(definition)}. {_words(definition)} | {accepted} | {needed} |"


def _accepted(rule: Rule | None) -> str:
    """Say what a rule accepts, in the words in which it refuses all else."""
    if rule is None:
        return ""
    try:
        rule("\0" * 5_000)
    except WrongValueError as wrong:
        return wrong.remedy.removeprefix("write ").removeprefix("it as ").replace("|", "\\|")
    raise AssertionError("a rule that accepts everything")


def _type(definition: Mapping[str, Any]) -> str:
    early = ", known early" if _is_early(definition) else ""
    return f"{_bare_type(definition)}{early}"


def _is_early(definition: Mapping[str, Any]) -> bool:
    """Tell whether a text, or each of a list or mapping, has to be known before the update."""
    inner = definition.get("items") or definition.get("additionalProperties")
    return _is_early(inner) if inner else bool(definition.get("plain")) and "$ref" not in definition


def _bare_type(definition: Mapping[str, Any]) -> str:
    if "$ref" in definition:
        name = _bare(definition["$ref"])
        return f"[{name}](#{name.lower()})"
    match definition.get("type"):
        case "array":
            return f"list: {_bare_type(definition['items'])}"
        case "object":
            return f"by key: {_bare_type(definition['additionalProperties'])}"
        case "string":
            return "text"
        case "boolean":
            return "true or false"
        case other:
            return {"integer": "whole number", "number": "number"}.get(str(other), "value")


def _words(definition: Mapping[str, Any]) -> str:
    return " ".join(str(definition.get("description", "")).split()).replace("|", "\\|")


def _bare(token: str) -> str:
    return token.rsplit(":", 1)[-1]
