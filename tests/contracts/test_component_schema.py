"""The schema that programs in other Pulumi languages see of the components."""

import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.provider.experimental.analyzer import AnalyzeResult
from pydantic import BaseModel

import identity_center.resources as package
from identity_center.model.language.applications import ApplicationEntry, PortalEntry
from identity_center.model.language.directory import AddressEntry, GroupEntry, PhoneNumberEntry, UserEntry
from identity_center.model.language.keys.key_facts import arguments_of
from identity_center.model.language.keys.values import camel_case
from identity_center.model.language.mfa_requirement import MfaRequirementEntry
from identity_center.model.language.permission_sets import PermissionSetEntry
from identity_center.model.language.settings import PolicyExceptionEntry
from identity_center.resources import COMPONENTS
from identity_center.resources.serving import DocumentedAnalyzer, ServedComponents
from tools.docs.argument_types import ARGUMENTS, said_of

PLUGIN = Path(__file__).parents[2] / "components"


@pytest.fixture(scope="module")
def schema() -> AnalyzeResult:
    """Return what the component host makes of the classes."""
    return DocumentedAnalyzer("identity-center").analyze(list(COMPONENTS))


def properties(schema: AnalyzeResult) -> Iterator[tuple[str, Any]]:
    """Yield every input, output and property of a type, with its full name."""
    for component in schema["component_definitions"].values():
        for direction in (component.inputs, component.outputs):
            yield from ((f"{component.name}.{name}", definition) for name, definition in direction.items())
    for kind in schema["type_definitions"].values():
        yield from ((f"{kind.name}.{name}", definition) for name, definition in kind.properties.items())


def test_every_component_of_the_package_is_served(schema: AnalyzeResult) -> None:
    """A component that is left out of the list exists for Python programs only."""
    defined = {
        name
        for name, value in vars(package).items()
        if isinstance(value, type) and issubclass(value, pulumi.ComponentResource)
    }

    assert set(schema["component_definitions"]) == defined
    assert len(defined) == 14


def test_every_component_has_inputs_and_outputs(schema: AnalyzeResult) -> None:
    """A component that gives nothing back cannot be built upon."""
    for component in schema["component_definitions"].values():
        assert component.inputs, component.name
        assert component.outputs, component.name


def test_every_property_and_choice_is_described(schema: AnalyzeResult) -> None:
    """The description is what an editor shows; the schema has no other documentation."""
    undescribed = [name for name, definition in properties(schema) if not definition.description]
    choices = [
        f"{kind.name}.{choice.name}"
        for kind in schema["type_definitions"].values()
        for choice in kind.enum or []
        if not choice.description
    ]

    assert undescribed == []
    assert choices == []
    assert len(list(properties(schema))) > 30


def test_every_type_and_component_is_described(schema: AnalyzeResult) -> None:
    """As above, for the things that the properties are of."""
    described = [(name, component.description) for name, component in schema["component_definitions"].items()]
    described += [(name, kind.description) for name, kind in schema["type_definitions"].items()]

    assert [name for name, description in described if not description] == []


#: By what takes arguments, a component or a type: the entry whose keys they are.
OF_ENTRIES = {
    "User": UserEntry,
    "UserAttributesArgs": UserEntry,
    "PhoneNumberArgs": PhoneNumberEntry,
    "AddressArgs": AddressEntry,
    "Group": GroupEntry,
    "DirectoryGroupArgs": GroupEntry,
    "PermissionSet": PermissionSetEntry,
    "ModelPermissionSetArgs": PermissionSetEntry,
    "Application": ApplicationEntry,
    "ModelApplicationArgs": ApplicationEntry,
    "PortalArgs": PortalEntry,
    "MfaRequirement": MfaRequirementEntry,
    "MfaRequirementArgs": MfaRequirementEntry,
    "PolicyExceptionArgs": PolicyExceptionEntry,
}


@pytest.mark.parametrize(("owner", "entry"), OF_ENTRIES.items())
def test_arguments_and_keys_are_the_same_and_said_in_the_same_words(
    schema: AnalyzeResult, owner: str, entry: type[BaseModel]
) -> None:
    """Of two descriptions one is out of date, and a key that no component takes is missed by its users."""
    described = dict(properties(schema))
    for argument, key in arguments_of(entry).items():
        definition = described[f"{owner}.{camel_case(argument)}"]
        assert (definition.description or "").split() == said_of(entry, key).split(), argument
        assert definition.optional is not key.field.is_required(), argument


def test_every_entry_with_arguments_is_held_against_its_components() -> None:
    """An entry that is left out above is one whose arguments nothing compares."""
    assert set(OF_ENTRIES.values()) == set(ARGUMENTS)


def test_the_plugins_entry_serves_the_same_components(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is started by its `__main__.py`; importing that must not start a server."""
    served: list[tuple[Any, list[str]]] = []
    monkeypatch.setattr("pulumi.provider.main", lambda provider, args: served.append((provider, args)))
    monkeypatch.setattr("sys.argv", ["plugin", "127.0.0.1:1"])

    runpy.run_path(str(PLUGIN), run_name="not_main")
    assert served == []
    runpy.run_path(str(PLUGIN), run_name="__main__")
    ((provider, args),) = served
    assert isinstance(provider, ServedComponents)
    assert args == ["127.0.0.1:1"]
    served_schema = json.loads(provider.schema or "")
    assert served_schema["name"] == "identity-center"
    assert len(served_schema["resources"]) == len(COMPONENTS)
