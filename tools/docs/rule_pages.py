"""Write the documentation page of each rule from the rule itself and its two examples.

An example is a file `examples/RULE/refused.yaml` or `passes.yaml` in that folder: resources as Pulumi YAML
writes them. A rule that judges by a report that a command saved has one beside each of the two, and one whose
definition needs more has `documents.json`: policies, and what is said of a role that holds one. Tests run
every example and hold the pages to what this module writes: neither goes stale.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from identity_guard.iam.catalogue.escalation_paths import escalation_paths
from identity_guard.pack.all_rules import ADVICE, RULES, UNDECIDED
from identity_guard.rules import escalation, mfa_evidence, root_posture
from identity_guard.rules.rule import Rule, Setting

FOLDER: Final = Path(__file__).parents[2] / "docs" / "rules"
REFUSED: Final = "refused.yaml"
PASSES: Final = "passes.yaml"
DOCUMENTS: Final = "documents.json"
ORGANIZATION: Final = "o-exampleorgid"
FILES: Final = frozenset({root_posture.FILE, mfa_evidence.FILE})
"""Settings that name a saved file: a rule that has one is silent without it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A stack and, for a rule that judges by one, the report that a command saved."""

    stack: str
    """Resources as Pulumi YAML writes them."""
    report: Path | None = None
    setting: str = ""
    """The rule's setting that names the report."""

    @property
    def configuration(self) -> dict[str, str]:
        """The settings of the rule that the example takes."""
        return {self.setting: str(self.report), "organizationId": ORGANIZATION} if self.report else {}


def examples_of(rule: Rule, folder: Path) -> tuple[Example, Example]:
    """Read the example that a rule refuses or warns of, and the one that passes."""
    place = folder / "examples" / rule.name
    return _example(rule, place / REFUSED), _example(rule, place / PASSES)


def _example(rule: Rule, path: Path) -> Example:
    stack = path.read_text(encoding="utf-8")
    setting = next((each.name for each in rule.settings if each.name in FILES), "")
    return Example(stack, path.with_suffix(".report.json"), setting) if setting else Example(stack)


@dataclass(frozen=True, slots=True)
class Judged:
    """A policy, and what is said of a role that holds it."""

    says: str
    """What it allows, in words."""
    statements: list[dict[str, Any]]
    told: str
    """`refused` or `passes`, by the rule whose page it is on."""
    besides: str = ""
    """What another rule says of it."""


def documents_of(rule: Rule, folder: Path) -> list[Judged]:
    """Read the policies by which a rule's definition is shown, if there are any."""
    path = folder / "examples" / rule.name / DOCUMENTS
    return [Judged(**row) for row in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def page(rule: Rule, examples: tuple[Example, Example], documents: Iterable[Judged] = ()) -> str:
    """Write the page of a rule."""
    told = "Stopped" if rule.level.value == "mandatory" else "Warned of"
    shown = [f"## {told}", *_shown(rule, examples[0]), "## Passes", *_shown(rule, examples[1])]
    parts = [
        f"# {rule.name}",
        f"{rule.description} Level: **{rule.level.value}**. Severity: {rule.severity.value}.",
        *shown,
        *_described(rule),
        *_table_of(documents),
        "## What to do",
        f"{rule.remediation[0].upper()}{rule.remediation[1:]}.",
        "## Configuration",
        _settings(rule),
        "## References",
        _bullets([f"[AWS's documentation]({rule.url})", *_references(rule)]),
    ]
    return "\n\n".join(parts) + "\n"


def _described(rule: Rule) -> list[str]:
    """Say what counts for a rule, and what it knows by name."""
    counts = ["## What counts", _bullets(rule.definition)] if rule.definition else []
    if rule.name != escalation.NAME:
        return counts
    rows = ["| way | what it takes | what it gives | described by |", "|---|---|---|---|"]
    for path in escalation_paths():
        taken = ", ".join(f"`{action}`" for action in path.actions)
        rows.append(f"| {path.name} | {taken} | {path.gives} | {path.source} |")
    told = "A message names the worst three; `identity-center check --all` lists every way that is open."
    return [*counts, "## Ways that it knows", told, "\n".join(rows)]


def _table_of(documents: Iterable[Judged]) -> list[str]:
    """Show policies side by side, those that differ by a hair above all."""
    rows = []
    for each in documents:
        told = f"{each.told}, {each.besides}" if each.besides else each.told
        rows.append(f"| {each.says} | `{json.dumps(each.statements)}` | {told} |")
    return ["\n".join(["| a role may do | by | and that is |", "|---|---|---|", *rows])] if rows else []


def _shown(rule: Rule, example: Example) -> list[str]:
    if example.report is None:
        return [_code("yaml", example.stack)]
    given = {rule.name: {example.setting: "report.json", "organizationId": ORGANIZATION}}
    return [
        _code("yaml", example.stack),
        f"with `{json.dumps(given)}` and, in `report.json`,",
        _code("json", example.report.read_text(encoding="utf-8")),
    ]


def index() -> str:
    """Write the list of all rules."""
    rows = ["| rule | level | what it asks for |", "|---|---|---|"]
    rows += [f"| [{rule.name}]({rule.name}.md) | {rule.level.value} | {rule.description} |" for rule in RULES]
    rows += [f"| {rule.name} | {rule.level.value} | {rule.description} |" for rule in (ADVICE, UNDECIDED)]
    intro = (
        "The policy pack `identity-guard` asks these of a stack. A rule's violations are told under its own "
        "name; what it only advises, and what it cannot decide, under `identity-advice` and `undecided`. See "
        "also [what the pack cannot see](../what-the-pack-cannot-see.md)."
    )
    example = json.dumps({"privilege-escalation": "mandatory", "undecided": "mandatory"}, indent=2)
    levels = (
        "Levels and properties come from a file given with `--policy-pack-config`. A name that does not "
        "exist is an error:"
    )
    undecided = f"`{ADVICE.name}` has a property:\n\n{_bullets(map(_setting, ADVICE.settings))}\n\n"
    undecided += f"`{UNDECIDED.name}` has a property:\n\n{_bullets(map(_setting, UNDECIDED.settings))}"
    return "\n\n".join(["# Rules", intro, "\n".join(rows), levels, _code("json", example), undecided]) + "\n"


def pages(folder: Path) -> dict[str, str]:
    """Write every page; by file name."""
    found = {
        f"{rule.name}.md": page(rule, examples_of(rule, folder), documents_of(rule, folder)) for rule in RULES
    }
    return {"README.md": index(), **found}


def _settings(rule: Rule) -> str:
    levels = f'Level: `{{"{rule.name}": "advisory"}}`, or `mandatory`, or `disabled`.'
    return "\n\n".join([levels, _bullets(map(_setting, rule.settings))])


def _setting(setting: Setting) -> str:
    default = "" if setting.default in (None, []) else f" Default: `{json.dumps(setting.default)}`."
    fields = _fields(setting.schema)
    return f"`{setting.name}`: {setting.schema['description']}.{default}{fields}"


def _fields(schema: Mapping[str, Any]) -> str:
    properties = schema.get("properties") or schema.get("items", {}).get("properties") or {}
    lines = []
    for name, field in properties.items():
        choices = ", ".join(f"`{each}`" for each in field.get("enum", []))
        lines.append(f"\n  - `{name}`: {choices or field.get('description', 'a text')}")
    return "".join(lines)


def _references(rule: Rule) -> list[str]:
    if not rule.references:
        return [
            "No control of the CIS benchmarks or of AWS FSBP known to this project asks for exactly this."
        ]
    return [f"{each.framework} {each.version}: {each.control}" for each in rule.references]


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {each}" for each in items)


def _code(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"
