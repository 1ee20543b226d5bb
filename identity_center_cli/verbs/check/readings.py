"""Which reader reads what: each kind of file by the one for its form."""

from collections.abc import Mapping
from typing import Any

from identity_center_cli.readers.aws_answers import read_answer
from identity_center_cli.readers.preview import read_preview
from identity_center_cli.readers.reading import Place, Reading
from identity_center_cli.readers.templates.template import read_template
from identity_center_cli.readers.terraform.plan import read_plan
from identity_center_cli.stacks.recorded import resources_of_state
from identity_center_cli.verbs.check.kinds import Kind, Source


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
    resources = resources_of_state(value)
    entries = (value.get("deployment") or {}).get("resources") or []
    places = {
        str(each["urn"]): Place("", ("deployment", "resources", number))
        for number, each in enumerate(entries)
        if isinstance(each, Mapping) and each.get("urn") in resources
    }
    return Reading(resources, places)


def _of_preview(value: Mapping[str, Any]) -> Reading:
    resources = read_preview(value)
    places = {
        str(each.get("urn")): Place("", ("steps", number))
        for number, each in enumerate(value["steps"])
        if isinstance(each, Mapping) and each.get("urn") in resources
    }
    return Reading(resources, places)
