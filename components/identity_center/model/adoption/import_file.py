"""The file that `pulumi import --file` takes: every resource that is there, below the component that it gets.

Source of the form: pulumi/pkg/cmd/pulumi/operations/import.go, importFile and importSpec.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from identity_center.model.plan.planned import Id, PlannedResource, Ref, Secret

from .import_ids import Imports


def import_file(imports: Imports, provider_version: str) -> str:
    """Write the file: resources that are there, and every component around them.

    A component has its arguments, so that the first preview shows no change of it. The version is that of the
    provider by which the program makes the resources: another one would be another provider in the state.
    """
    listed = [each for each in imports.plan if each.is_component or each.id in imports.ids]
    resources = [dict(_entry(each, imports, provider_version)) for each in _needed(listed)]
    return json.dumps({"resources": resources}, indent=2, ensure_ascii=False) + "\n"


def _needed(listed: list[PlannedResource]) -> Iterator[PlannedResource]:
    """Leave out components that have nothing of what is there in them: the next update makes them."""
    needed: set[Id | None] = set()
    for each in reversed(listed):
        if not each.is_component or each.id in needed:
            needed |= {each.id, each.parent}
    return (each for each in listed if each.id in needed)


def _entry(planned: PlannedResource, imports: Imports, version: str) -> Iterator[tuple[str, Any]]:
    yield "type", planned.type
    # The name is the one by which entries of the file refer to each other; it has to be of one entry alone.
    yield "name", _name(planned.id)
    yield "logicalName", planned.key
    if planned.parent is not None:
        yield "parent", _name(planned.parent)
    if planned.is_component:
        yield "component", True
        yield "inputs", _plain(planned.inputs)
    else:
        yield "id", imports.ids[planned.id]
        yield "version", version


def _name(which: Id) -> str:
    return f"{which.type} {which.key}"


def _plain(value: object) -> Any:  # noqa: ANN401 - an input may be anything
    if isinstance(value, Ref | Secret):
        raise TypeError("the arguments of a component of the model are known before anything is made")
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
