"""The components as a plugin serves them to programs in any Pulumi language: wrong arguments told in words.

The SDK's own host tells what a component refuses inside a traceback of the plugin, names the first missing
argument only, says nothing of an argument that no component takes, and loses choices that stand in a list.
"""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin

import pulumi
from pulumi.errors import InputPropertiesError
from pulumi.provider import ConstructResult
from pulumi.provider.experimental.analyzer import (
    Analyzer,
    ComponentDefinition,
    PropertyDefinition,
    TypeDefinition,
)
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from identity_center.model.mistakes import suggestion
from identity_center.resources.arguments.checks import ArgumentsError
from identity_center.resources.arguments.refusal import RefusedLookupError


class DocumentedAnalyzer(Analyzer):
    """Finds what is said of a property where the SDK's analyser does not look: in the bases of its class."""

    def analyze_property(self, arg: type, typ: type, name: str, **more: Any) -> PropertyDefinition:  # noqa: ANN401  # handed on
        """Return what the schema says of a property, which is nothing of the rule that its type carries."""
        plain = get_args(arg)[0] if get_origin(arg) is Annotated else arg
        return super().analyze_property(plain, typ, name, **more)

    def get_docstring(self, typ: type, name: str) -> str | None:
        """Return what is said of a property by its class, or by a base."""
        said = super().get_docstring(typ, name)
        return said or next((said for base in _bases(typ) if (said := self.get_docstring(base, name))), None)


def _bases(typ: type) -> Iterator[type]:
    """Yield the classes that a class was written with. A TypedDict forgets them when it is made."""
    if not typ.__module__.startswith("identity_center."):
        return
    tree = ast.parse(textwrap.dedent(inspect.getsource(typ))).body[0]
    for base in tree.bases if isinstance(tree, ast.ClassDef) else ():
        found = getattr(sys.modules[typ.__module__], ast.unparse(base), None)
        if isinstance(found, type):
            yield found


class ServedComponents(ComponentProvider):
    """Makes components for other programs."""

    @property
    def analyzer(self) -> Analyzer:
        """What reads the classes. The SDK's provider makes one of its own, which is replaced here."""
        return self._analyzer

    @analyzer.setter
    def analyzer(self, made: Analyzer) -> None:
        self._analyzer = DocumentedAnalyzer(made.name)

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Make one component. Raises InputPropertiesError, which the engine shows as it is."""
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            refused = error.inner
            if isinstance(refused, ArgumentsError | RefusedLookupError):
                raise _told(refused) from None
            raise

    def map_inputs(self, inputs: pulumi.Inputs, component_def: ComponentDefinition) -> pulumi.Inputs:
        """Name arguments as Python does; those that are missing, and those that nothing takes, are told."""
        mistakes = [*self._misshapen(inputs, component_def.inputs, "")]
        if mistakes:
            raise _told(ArgumentsError(component_def.name, mistakes))
        return super().map_inputs(inputs, component_def)

    def map_input_properties(
        self,
        inputs: pulumi.Inputs,
        properties: dict[str, PropertyDefinition],
        mapping: dict[str, str],
        component_name: str,
        property_path: str,
    ) -> pulumi.Inputs:
        """Name arguments as Python does, with the choices in lists, which the SDK makes empty mappings of."""
        named = dict(super().map_input_properties(inputs, properties, mapping, component_name, property_path))
        for name, definition in properties.items():
            given, choice = inputs.get(name), self._choice_in_list(definition)
            if choice is not None and isinstance(given, list):
                named[mapping[name]] = [choice(each) for each in given]
        return named

    def _choice_in_list(self, definition: PropertyDefinition) -> type | None:
        kind = (
            self.get_type_definition(definition.items) if definition.items and definition.items.ref else None
        )
        return kind.python_type if kind and kind.enum else None

    def _misshapen(
        self, given: Mapping[str, Any], properties: Mapping[str, PropertyDefinition], place: str
    ) -> Iterator[tuple[str, str]]:
        for name in given:
            if name not in properties:
                yield f"{place}{name}", f"is no argument; {suggestion(name, properties, kind='argument')}"
        for name, definition in properties.items():
            value = given.get(name)
            if value is None:
                if not definition.optional:
                    yield f"{place}{name}", "is missing; add it"
            else:
                yield from self._misshapen_within(value, definition, f"{place}{name}")

    def _misshapen_within(
        self, value: object, definition: PropertyDefinition, place: str
    ) -> Iterator[tuple[str, str]]:
        """Look into what is nested. What is not known yet has no parts to look at."""
        if isinstance(value, list) and definition.items:
            for index, item in enumerate(value):
                yield from self._misshapen_within(item, definition.items, f"{place}[{index}]")
        elif isinstance(value, dict) and definition.additional_properties:
            for key, item in value.items():
                yield from self._misshapen_within(item, definition.additional_properties, f"{place}.{key}")
        elif definition.ref and (kind := self.get_type_definition(definition)):
            yield from self._misshapen_in(value, kind, place)

    def _misshapen_in(self, value: object, kind: TypeDefinition, place: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, pulumi.Output):
            return
        if kind.enum:
            choices = [str(choice.value) for choice in kind.enum]
            if value not in choices:
                yield place, f"is none of the choices; write one of {', '.join(choices)}"
        elif isinstance(value, dict):
            yield from self._misshapen(value, kind.properties, f"{place}.")
        else:
            yield place, f"is no mapping; write one with {', '.join(kind.properties)}"


def _told(refused: pulumi.RunError) -> InputPropertiesError:
    """Tell all of it as text.

    Details by property are left out: the engine would quote each value beside what is wrong with it, and it
    may be a person's. The list has to be there, as the SDK fails without one.
    """
    return InputPropertiesError(str(refused), [])
