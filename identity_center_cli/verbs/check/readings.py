"""Which reader reads what: each kind of file by the one for its form."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from identity_center_cli.readers.aws_answers import read_answer
from identity_center_cli.readers.preview import read_preview, unseen_of_preview
from identity_center_cli.readers.reading import KeyPath, Place, Reading
from identity_center_cli.readers.templates.template import of_cloud_control, read_template, template_in
from identity_center_cli.readers.terraform.plan import read_plan
from identity_center_cli.stacks.recorded import resources_of_state
from identity_center_cli.verbs.check.kinds import Kind, Source
from identity_guard.rules.templates import BODY
from identity_guard.stack.observe import Known, Properties
from identity_guard.stack.resource_types import CLOUD_CONTROL, TEMPLATE_TYPES
from identity_guard.stack.resources import Resource


def reading_of(source: Source) -> Reading:
    """Read a file that holds resources. Raises NotThisFormError or UnusableStackError."""
    value: Mapping[str, Any] = source.written.value if source.written else {}
    if source.kind is Kind.STATE:
        return _of_state(value)
    if source.kind is Kind.PREVIEW:
        return _of_preview(value)
    if source.kind is Kind.TEMPLATE:
        return read_template(value)
    return read_plan(value) if source.kind is Kind.PLAN else read_answer(value)


def _of_state(value: Mapping[str, Any]) -> Reading:
    entries = (value.get("deployment") or {}).get("resources") or []
    resources = resources_of_state(value)
    states: dict[KeyPath, Any] = {
        ("deployment", "resources", number): each for number, each in enumerate(entries)
    }
    return _with_templates(resources, states)


def _of_preview(value: Mapping[str, Any]) -> Reading:
    steps = enumerate(value["steps"])
    states: dict[KeyPath, Any] = {
        ("steps", number): each.get("newState") or each for number, each in steps if isinstance(each, Mapping)
    }
    reading = _with_templates(read_preview(value), states)
    reading.unseen += unseen_of_preview(value)
    return reading


def _with_templates(resources: dict[str, Resource], states: Mapping[KeyPath, Any]) -> Reading:
    """Say where each resource stands, and read the templates that some of them make."""
    reading = Reading(resources)
    for path, state in states.items():
        urn = str(state.get("urn")) if isinstance(state, Mapping) else ""
        if urn not in resources:
            continue
        reading.places[urn] = Place("", path)
        resource = resources[urn]
        text = None if resource.secret else _template_of(resource)
        found = template_in(text, f"{resource.name}/") if text else None
        if found is not None:
            _take_in(found, resource, Place(resource.name, path), reading)
    return reading


def _template_of(resource: Resource) -> str | None:
    """Return the text of the template that a resource makes, or could be made of; None where it has none."""
    if resource.type == CLOUD_CONTROL:
        return of_cloud_control(
            resource.declared.text("typeName"), _value_of(resource, "desiredState"), "resource"
        )
    if resource.type not in TEMPLATE_TYPES:
        return None
    body = _value_of(resource, BODY)
    return json.dumps(body) if isinstance(body, dict) else body


def _value_of(resource: Resource, name: str) -> Any:  # noqa: ANN401 - a property may hold anything
    observed = resource.declared.get(name)
    return observed.value if isinstance(observed, Known) and isinstance(observed.value, str | dict) else None


def _take_in(found: Reading, stack: Resource, place: Place, reading: Reading) -> None:
    """Put what a template makes in the place of its text, which nobody has to call unread any more."""
    reading.add_all(found)
    reading.places |= dict.fromkeys(found.resources, place)
    kept = {name: text for name in KEPT if (text := stack.declared.text(name)) is not None}
    reading.resources[stack.urn] = replace(stack, inputs=Properties(kept), outputs=None)


KEPT: Final = ("name", "iamRoleArn")
"""What others ask of a stack: who can use it acts as its role."""
