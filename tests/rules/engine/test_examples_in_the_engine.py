"""The examples of the rules' pages as programs of the real engine: a preview for each family of rules."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from identity_guard.pack import registration
from identity_guard.pack.all_rules import RULES
from sandbox.project import Ended, Project
from tests.choice import choice
from tools.docs.rule_pages import Example, examples_of

pytestmark = pytest.mark.engine

PACK: Final = Path(registration.__file__).parents[2]
PAGES: Final = Path(__file__).parents[3] / "docs" / "rules"
BY_NAME: Final = {rule.name: rule for rule in RULES}
FAMILIES: Final = {
    "policies": ("no-root-level-access", "privilege-escalation", "access-as-a-whole"),
    "chains": ("chains-to-administrators",),
    "IAM users and trusts": ("no-public-trust", "iam-mfa"),
    "MFA at sign-in": ("mfa-requirement",),
    "reports": ("root-users", "mfa-evidence"),
    "root users": ("root-stays-bound",),
}

PROGRAM: Final = '''
"""Makes what stack.json lists, in its order; `${name.property}` is another's output."""

import json
import re
from pathlib import Path

import pulumi

REFERENCE = re.compile(r"\\$\\{(\\w+)\\.(\\w+)\\}")
listed = json.loads(Path("stack.json").read_text())
wanted = {(name, found) for name, found in REFERENCE.findall(json.dumps(listed))}
made = {}


def resolved(value):
    found = REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return getattr(made[found[1]], found[2]) if found else value


for name, each in listed.items():
    given = {key: resolved(value) for key, value in each.get("properties", {}).items()}
    after = [made[other] for other in each.get("options", {}).get("dependsOn", [])]
    options = pulumi.ResourceOptions(depends_on=after)
    if each["type"].startswith("aws:"):
        outputs = {output: None for other, output in wanted if other == name and output not in given}
        made[name] = pulumi.CustomResource(each["type"], name, {**given, **outputs}, options)
    else:
        made[name] = pulumi.ComponentResource(each["type"], name, given, options)
'''


def together(examples: dict[str, Example]) -> dict[str, Any]:
    """List the resources of several examples, each under a name of its own; one declares MFA for all."""
    listed: dict[str, Any] = {}
    for rule, example in examples.items():
        prefix = "".join(word.capitalize() for word in rule.split("-"))
        text = example.stack.replace("${", "${" + prefix)
        for name, each in yaml.safe_load(text)["resources"].items():
            if each["type"] == "identity-center:index:MfaRequirement" and name in listed:
                continue
            own = name if each["type"] == "identity-center:index:MfaRequirement" else f"{prefix}{name}"
            after = each.get("options", {}).get("dependsOn", [])
            listed[own] = {**each, "options": {"dependsOn": [f"{prefix}{other}" for other in after]}}
    return listed


def preview(project: Project, examples: dict[str, Example]) -> Ended:
    """Preview several examples as one stack, with the configuration that they take."""
    configuration = {rule: example.configuration for rule, example in examples.items()}
    (project.folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    (project.folder / "stack.json").write_text(json.dumps(together(examples)), encoding="utf-8")
    (project.folder / "pack.json").write_text(json.dumps(configuration), encoding="utf-8")
    return project.pulumi("preview", "--policy-pack", str(PACK), "--policy-pack-config", "pack.json")


def test_every_rule_is_in_a_family() -> None:
    """A new rule is tried with the engine, too."""
    assert sorted(rule for family in FAMILIES.values() for rule in family) == sorted(BY_NAME)


@pytest.mark.parametrize("family", choice({name: name for name in FAMILIES}, "policies", "MFA at sign-in"))
def test_the_refused_examples_of_a_family_are_told_in_a_preview(project: Project, family: str) -> None:
    """What a page promises holds for a fresh stack, with the provider's own checks in between."""
    examples = {rule: examples_of(BY_NAME[rule], PAGES)[0] for rule in FAMILIES[family]}
    ended = preview(project, examples)

    levels = {rule: BY_NAME[rule].level.value for rule in examples}
    assert (ended.status != 0) is ("mandatory" in levels.values()), ended.output
    for rule, level in levels.items():
        told = [line for line in ended.output.splitlines() if line.split("(")[0].rstrip().endswith(rule)]
        assert told, f"{rule} says nothing\n{ended.output}"
        assert all(f"[{level}]" in line for line in told), ended.output
    assert "can't run policy" not in ended.output


@pytest.mark.parametrize("family", choice({name: name for name in FAMILIES}, "policies"))
def test_the_passing_examples_of_a_family_are_not_told(project: Project, family: str) -> None:
    """Not even an advice: it is what people should copy."""
    ended = preview(project, {rule: examples_of(BY_NAME[rule], PAGES)[1] for rule in FAMILIES[family]})

    assert ended.status == 0, ended.output
    assert "identity-guard@v" in ended.output
    assert "[mandatory]" not in ended.output, ended.output
    assert "[advisory]" not in ended.output, ended.output
