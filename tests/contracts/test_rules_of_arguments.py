"""Arguments of components hold to the same rules as the keys of the model: AWS takes both."""

from enum import Enum
from types import UnionType
from typing import Union, get_args, get_origin

import pytest
from pydantic.fields import FieldInfo

from identity_center.model.language.applications import ApplicationEntry
from identity_center.model.language.directory import GroupEntry, UserEntry
from identity_center.model.language.entry import Entry
from identity_center.model.language.keys.values import Checked, Ruled, choice_of
from identity_center.model.language.permission_sets import PermissionSetEntry
from identity_center.resources.arguments.checks import Rule, rules_of
from identity_center.resources.arguments.entry_args import ApplicationAttributesArgs, UserAttributesArgs
from identity_center.resources.arguments.shapes import type_hints
from identity_center.resources.directory import DirectoryGroupArgs
from identity_center.resources.group import GroupArgs
from identity_center.resources.permission_set import PermissionSetAttributesArgs

PAIRS = [
    (UserAttributesArgs, UserEntry),
    (GroupArgs, GroupEntry),
    (DirectoryGroupArgs, GroupEntry),
    (PermissionSetAttributesArgs, PermissionSetEntry),
    (ApplicationAttributesArgs, ApplicationEntry),
]


def rules_of_entry(entry: type[Entry]) -> dict[str, Rule]:
    """Return the rules of an entry's texts, one field each."""
    found = {name: _rule(field) for name, field in entry.model_fields.items()}
    return {name: rule for name, rule in found.items() if rule is not None}


def _rule(field: FieldInfo) -> Rule | None:
    if isinstance(field.annotation, type) and issubclass(field.annotation, Enum):
        return choice_of(field.annotation)
    marks = [*field.metadata] if field.annotation is str else []
    optional = get_origin(field.annotation) in (Union, UnionType)
    for part in get_args(field.annotation) if optional else ():
        if getattr(part, "__origin__", None) is str:
            marks += part.__metadata__
    return next((mark.check for mark in marks if isinstance(mark, Checked | Ruled)), None)


@pytest.mark.parametrize(("arguments", "entry"), PAIRS, ids=lambda kind: kind.__name__)
def test_an_argument_has_the_rule_of_the_key_of_its_name(arguments: type, entry: type[Entry]) -> None:
    """Else a program would be refused by AWS, half-way through, what a configuration is refused before."""
    of_entry = {name: rule for name, rule in rules_of_entry(entry).items() if name in type_hints(arguments)}
    of_arguments = {name: rule for name, rule in rules_of(arguments).items() if name in entry.model_fields}

    assert of_arguments == of_entry
    assert "description" in of_entry or "email" in of_entry
