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
from typing import Final

from pydantic import BaseModel
from pydantic.alias_generators import to_snake

from identity_center.model.language.applications import ApplicationEntry, PortalEntry
from identity_center.model.language.directory import AddressEntry, GroupEntry, PhoneNumberEntry, UserEntry
from identity_center.model.language.keys import values
from identity_center.model.language.keys.key_facts import Argument, Key, arguments_of
from identity_center.model.language.keys.values import Checked, Ruled
from identity_center.model.language.mfa_requirement import MfaRequirementEntry
from identity_center.model.language.permission_sets import PermissionSetEntry
from identity_center.model.language.settings import PolicyExceptionEntry

from .words_of_keys import words_of

_ROOT: Final = Path(__file__).parents[2]
_PACKAGE: Final = _ROOT / "components" / "identity_center"
TYPES: Final = _PACKAGE / "resources" / "arguments" / "entry_args.py"
NAMES: Final = _PACKAGE / "model" / "language" / "keys" / "argument_names.py"

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
    """Import choices and kinds of text, in the order and the form that the linter wants."""
    named = defaultdict[str, set[str]](set)
    for entry in ARGUMENTS:
        for key in arguments_of(entry).values():
            if _is_choice(key.content):
                named[key.content.__module__].add(key.content.__name__)
            elif key.container is not dict and (text := _content(key)) in vars(values):
                named[values.__name__].add(text)
    for module, names in sorted(named.items()):
        line = f"from {module} import {', '.join(sorted(names))}"
        listed = "".join(f"    {name},\n" for name in sorted(names))
        yield line if len(line) <= _WIDTH else f"from {module} import (\n{listed})"


def _class(entry: type[BaseModel], name: str) -> Iterator[str]:
    yield f"class {name}(TypedDict):"
    yield from _documented(inspect.getdoc(entry) or "")
    yield ""
    for argument, key in arguments_of(entry).items():
        kind = _type(key)
        yield f"    {argument}: {kind if key.field.is_required() else f'NotRequired[{kind}]'}"
        yield from _documented(said_of(entry, key))


def said_of(entry: type[BaseModel], key: Key) -> str:
    """Return what is said of an argument: its own words, or the key's."""
    argument = key.fact(Argument)
    return argument.said if argument and argument.said else words_of(entry)[key.name]


def _documented(text: str) -> list[str]:
    words = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    lines = textwrap.wrap(f'"""{words}"""', _WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    return [f"    {line}" for line in lines]


def _type(key: Key) -> str:
    """Say the type of an argument. Choices, dates and what is nested are known before the update."""
    if key.container is dict:
        return "pulumi.Input[dict[str, pulumi.Input[str]]]"
    content, argument = _content(key), key.fact(Argument)
    if key.container is tuple:
        return f"list[{content}]"
    early = key.content not in (str, bool) or (argument is not None and argument.early)
    return content if early else f"pulumi.Input[{content}]"


def _content(key: Key) -> str:
    """Name the type of a value, with its rule: for a text, what `values` calls one with the same rule."""
    if key.content is str:
        rules = [mark for mark in key.marks if isinstance(mark, Checked | Ruled)]
        return next((name for name, kind in _TEXTS.items() if kind == rules), "str")
    if key.content is date:
        return "DateText"
    return ARGUMENTS.get(key.content) or str(key.content.__name__)


#: By name: the rules of each kind of text.
_TEXTS: Final[Mapping[str, list[object]]] = {
    name: list(kind.__metadata__)
    for name, kind in vars(values).items()
    if getattr(kind, "__origin__", None) is str
}


def names() -> str:
    """Return the module that says what of entries is planned: components load it without the entries."""
    lines = [
        '"""The names of arguments that are keys of entries: components hand them to a plan as they are.',
        "",
        "Written from the entries by `make docs`: change those. The entries themselves are pydantic's.",
        '"""',
        "",
        "from typing import Final",
        "",
    ]
    for entry in ARGUMENTS:
        name = to_snake(entry.__name__.removesuffix("Entry")).upper()
        lines += [f"{name}: Final = (", *(f'    "{argument}",' for argument in arguments_of(entry)), ")"]
    return "\n".join(lines) + "\n"


def _is_choice(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)
