"""The documentation of the rules is made from the rules, and its examples do what it says."""

import re
from collections.abc import Callable
from typing import Final

import pytest
import yaml

from identity_guard.pack.all_rules import RULES
from identity_guard.rules.rule import Rule
from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told
from tools.docs.rule_pages import FOLDER, Example, examples_of, pages

Run = Callable[..., list[Told]]
PAGES: Final = FOLDER
REFERENCE: Final = re.compile(r"\$\{(?P<resource>\w+)\.(?P<property>\w+)\}")
RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))


def load(example: Example, *, fresh: bool) -> list[Made]:
    """Make the resources of an example; what they refer to is known in a state only."""
    written = yaml.safe_load(example.stack)["resources"]
    made: dict[str, Made] = {}
    for name, resource in written.items():
        depends: dict[str, list[Made]] = {}
        inputs = {
            key: _resolve(value, key, made, depends, fresh=fresh)
            for key, value in resource.get("properties", {}).items()
        }
        made_up = {"arn": f"arn:aws:example:::{name}", "userId": f"u-{name}", "groupId": f"g-{name}"}
        outputs = inputs if fresh else {**inputs, **made_up}
        after = [made[other] for other in resource.get("options", {}).get("dependsOn", [])]
        made[name] = Made(resource["type"], name, inputs, outputs, depends, after)
    return list(made.values())


def _resolve(
    value: object, key: str, made: dict[str, Made], depends: dict[str, list[Made]], *, fresh: bool
) -> object:
    found = REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    other = made[found["resource"]]
    depends.setdefault(key, []).append(other)
    return UNKNOWN if fresh else dict(other.outputs or {})[found["property"]]


def test_every_page_is_of_a_rule() -> None:
    """A page of a rule that is gone would document what is not there; `make docs` writes the others."""
    assert {path.name for path in PAGES.glob("*.md")} == pages(PAGES).keys()


@RULE
@pytest.mark.parametrize("fresh", [True, False], ids=["fresh stack", "state"])
def test_the_example_that_a_rule_tells_of_is_told(preview: Run, audit: Run, rule: Rule, fresh: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Who copies it sees what the page promises, in a preview and in an audit."""
    refused, _ = examples_of(rule, PAGES)
    run = preview if fresh else audit
    told = run(*load(refused, fresh=fresh), **{rule.name: refused.configuration})

    assert [each.level for each in told if each.policy == rule.name] == [rule.level.value]
    assert not [each for each in told if each.policy != rule.name and each.level == "mandatory"]


@RULE
@pytest.mark.parametrize("fresh", [True, False], ids=["fresh stack", "state"])
def test_the_example_that_passes_says_nothing(preview: Run, audit: Run, rule: Rule, fresh: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Not even an advice: it is what people should copy."""
    _, passes = examples_of(rule, PAGES)

    run = preview if fresh else audit
    assert run(*load(passes, fresh=fresh), **{rule.name: passes.configuration}) == []
