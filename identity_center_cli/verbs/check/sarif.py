"""What was found as SARIF 2.1.0, for systems that show the findings of many tools.

Source: OASIS, Static Analysis Results Interchange Format Version 2.1.0 (27 March 2020).
"""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from identity_center_cli.verbs.check.judging import CONFIGURATION_RULE, MODEL_RULE, Checked, Result
from identity_center_cli.verbs.check.sources import STANDARD_INPUT
from identity_guard.pack.all_rules import EVERY
from identity_guard.rules.rule import Level, Rule, Severity

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
VERSION: Final = "2.1.0"
TOOL: Final = "identity-center check"
_LEVELS: Final = {"mandatory": "error", "advisory": "warning"}
_SCORES: Final = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.0"}
"""`security-severity`, by which GitHub orders: over 9.0 is critical, from 7.0 high, from 4.0 medium."""


def to_sarif(checked: Checked) -> dict[str, Any]:
    """Write the log of one run."""
    rules = [*map(_rule, EVERY), _configuration_rule(), _model_rule()]
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    driver = {"name": TOOL, "version": version("identity-center-as-code"), "rules": rules}
    invocation = {
        "executionSuccessful": not checked.unread,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {"text": f"could not be read: {each.why}"},
                "locations": [{"physicalLocation": physical(each.place)}],
            }
            for each in checked.unread
        ],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(each.place)}} for each in checked.read],
        "results": [_result(each, places) for each in checked.results],
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.description},
        "help": {"text": rule.remediation},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": "error" if rule.level is Level.MANDATORY else "warning"},
        "properties": {
            "tags": ["security", *(f"{e.framework} {e.version} {e.control}" for e in rule.references)],
            "security-severity": _SCORES[rule.severity],
        },
    }


def _configuration_rule() -> dict[str, Any]:
    text = "The policy pack's configuration names what exists, with values that can be."
    return {
        "id": CONFIGURATION_RULE,
        "name": "PackConfiguration",
        "shortDescription": {"text": "The pack's configuration has no mistake"},
        "fullDescription": {"text": text},
        "help": {"text": "correct the name or value; docs/rules says what each rule takes"},
        "defaultConfiguration": {"level": "error"},
    }


def _model_rule() -> dict[str, Any]:
    return {
        "id": MODEL_RULE,
        "name": "AccessModel",
        "shortDescription": {"text": "The access model has no mistake"},
        "fullDescription": {"text": "A run would refuse the model before anything is made."},
        "help": {"text": "docs/access-model.md says what may be written"},
        "defaultConfiguration": {"level": "error"},
    }


def _result(result: Result, places: Mapping[str, int]) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": physical(result.place, result.line, result.column)}
    if result.name:
        location["logicalLocations"] = [{"fullyQualifiedName": result.name, "kind": "resource"}]
    elif result.urn and result.urn.startswith("urn:"):
        location["logicalLocations"] = [{"fullyQualifiedName": result.urn, "kind": "resource"}]
    written: dict[str, Any] = {
        "ruleId": result.rule,
        "level": _LEVELS[result.level],
        "message": {"text": result.message},
        "locations": [location],
    }
    if result.rule in places:
        written["ruleIndex"] = places[result.rule]
    if result.undecided and result.level == "advisory":
        # Section 3.27.9: an open question has no level but `none`.
        written |= {"kind": "open", "level": "none"}
    return written


def physical(place: str, line: int | None = None, column: int | None = None) -> dict[str, Any]:
    """Return where in a file something is found; its first line where no line is known."""
    # The pack's messages name statement and property; a line of the file they do not know.
    region = {"startLine": line or 1} | ({"startColumn": column} if column else {})
    return {"artifactLocation": {"uri": _uri(place)}, "region": region}


def _uri(place: str) -> str:
    if place == STANDARD_INPUT:
        return "stdin"
    path = Path(place)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
