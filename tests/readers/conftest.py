"""What a file comes to, as every test of a reader asks it."""

from collections.abc import Mapping
from typing import Any

from identity_center_cli.readers.reading import Reading
from identity_center_cli.readers.templates.template import read_template
from identity_center_cli.readers.written import read_written
from identity_center_cli.stacks.recorded import view_of
from identity_guard.pack.configuration import audit, read_configuration

MFA = "mfa-requirement"
"""Told of every permission set, and no matter of a reader."""


def told_of(reading: Reading) -> list[tuple[str, str, str]]:
    """Return rule, name in the file and first line of all that is told, but for MFA in the portal."""
    found = audit(view_of(reading.resources, {}), read_configuration({}))
    return [
        (each.policy.name, place.name if place else "", each.finding.message.splitlines()[0])
        for each in found
        for place in [reading.places.get(each.finding.urn or "")]
        if each.policy.name != MFA
    ]


def rules_of(reading: Reading) -> list[tuple[str, str]]:
    """Return rule and name of all that is told."""
    return [(rule, name) for rule, name, _ in told_of(reading)]


def template(text: str | Mapping[str, Any]) -> Reading:
    """Read a template, as YAML where it is a text."""
    return read_template(read_written(text).value if isinstance(text, str) else text)
