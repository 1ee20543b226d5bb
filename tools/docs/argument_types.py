"""The arguments that components share with the model's entries, written from the entries as TypedDicts.

A type checker and the analyser of Pulumi's SDK read sources, so that the types have to stand in a file.
"""

import inspect
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from identity_center.model.language.applications import ApplicationEntry, PortalEntry
from identity_center.model.language.directory import AddressEntry, GroupEntry, PhoneNumberEntry, UserEntry
from identity_center.model.language.key_facts import Argument, Key, arguments_of
from identity_center.model.language.mfa import MfaRequirementEntry
from identity_center.model.language.permission_sets import PermissionSetEntry
from identity_center.model.language.settings import PolicyExceptionEntry

_ROOT: Final = Path(__file__).parents[2]
TYPES: Final = _ROOT / "components" / "identity_center" / "resources" / "entry_args.py"

#: By entry: its arguments. `…KeysArgs` are those to which a component adds what has a form of its own.
ARGUMENTS: Final[Mapping[type[BaseModel], str]] = {
    PhoneNumberEntry: "PhoneNumberArgs",
    AddressEntry: "AddressArgs",
    UserEntry: "UserAttributesArgs",
    GroupEntry: "GroupKeysArgs",
    PermissionSetEntry: "PermissionSetKeysArgs",
    PortalEntry: "PortalArgs",
    ApplicationEntry: "ApplicationAttributesArgs",
    MfaRequirementEntry: "MfaRequirementArgs",
    PolicyExceptionEntry: "PolicyExceptionArgs",
}

_HEAD: Final = '''\
"""Arguments that are keys of the model, under the same names and with the same words.

Written from the entries in `model/language` by `make docs`: change those.
"""

from typing import NotRequired, TypedDict

import pulumi

'''
#: The longest line of this project.
_WIDTH: Final = 110


def types() -> str:
    """Return the whole module."""
    classes = ["\n".join(_class(entry, name)) for entry, name in ARGUMENTS.items()]
    return _HEAD + "\n".join(_imports()) + "\n\n\n" + "\n\n\n".join(classes) + "\n"


def _imports() -> Iterator[str]:
    """Import the choices, in the order that the linter wants."""
    named = defaultdict[str, set[str]](set)
    for entry in ARGUMENTS:
        for key in arguments_of(entry).values():
            if _is_choice(key.content):
                named[key.content.__module__].add(key.content.__name__)
    for module, names in sorted(named.items()):
        yield f"from {module} import {', '.join(sorted(names))}"


def _class(entry: type[BaseModel], name: str) -> Iterator[str]:
    yield f"class {name}(TypedDict):"
    yield from _documented(inspect.getdoc(entry) or "")
    yield ""
    for argument, key in arguments_of(entry).items():
        kind = _type(key)
        yield f"    {argument}: {kind if key.field.is_required() else f'NotRequired[{kind}]'}"
        yield from _documented(said_of(key))


def said_of(key: Key) -> str:
    """Return what is said of an argument: its own words, or the key's."""
    argument = key.fact(Argument)
    return argument.said if argument and argument.said else key.field.description or ""


def _documented(text: str) -> list[str]:
    words = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    lines = textwrap.wrap(f'"""{words}"""', _WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    return [f"    {line}" for line in lines]


def _type(key: Key) -> str:
    """Say the type of an argument. Choices, dates and what is nested are known before the update."""
    if key.container is dict:
        return "pulumi.Input[dict[str, pulumi.Input[str]]]"
    if key.container is tuple:
        return f"list[{_content(key.content)}]"
    content, argument = _content(key.content), key.fact(Argument)
    early = key.content not in (str, bool) or (argument is not None and argument.early)
    return content if early else f"pulumi.Input[{content}]"


def _content(kind: Any) -> str:  # noqa: ANN401  # a type found at run time has no static one
    if kind in ARGUMENTS:
        return ARGUMENTS[kind]
    return "str" if kind is date else str(kind.__name__)


def _is_choice(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)
