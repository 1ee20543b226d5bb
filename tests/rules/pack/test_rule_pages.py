"""The documentation of the rules is made from the rules, and its examples do what it says."""

import json
import re
from collections.abc import Callable
from typing import Final

import pytest
import yaml

from identity_guard.pack.all_rules import RULES
from identity_guard.rules.rule import Rule
from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told
from tools.docs.rule_pages import FOLDER, Example, Judged, documents_of, examples_of, pages

Run = Callable[..., list[Told]]
PAGES: Final = FOLDER
ROOT_LEVEL: Final = "no-root-level-access"
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


SERVICE: Final = {
    "Effect": "Allow",
    "Principal": {"Service": "ec2.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
SHOWN: Final = [(rule, each) for rule in RULES for each in documents_of(rule, PAGES)]


@pytest.mark.parametrize(
    ("rule", "shown"), SHOWN, ids=[each.says.replace(" ", "-").replace(",", "") for _, each in SHOWN]
)
def test_a_definition_is_shown_by_policies_that_are_told_so(preview: Run, rule: Rule, shown: Judged) -> None:
    """Only in one Region, and everywhere but in one: who reads the page sees on which side theirs is."""
    made = {"name": "r", "assumeRolePolicy": json.dumps({"Version": "2012-10-17", "Statement": [SERVICE]})}
    policy = json.dumps({"Version": "2012-10-17", "Statement": shown.statements})
    role = Made("aws:iam/role:Role", "r", made)
    told = preview(role, Made("aws:iam/rolePolicy:RolePolicy", "p", {"role": "r", "policy": policy}))

    assert (rule.name in {each.policy for each in told}) is (shown.told == "refused")
    assert shown.besides in "".join(each.message for each in told)


def test_the_definition_of_root_level_is_shown_from_both_sides() -> None:
    """Each way to restrict has one policy that it saves, and one that looks like it and is refused."""
    (said,) = ({each.told for each in documents_of(rule, PAGES)} for rule in RULES if rule.name == ROOT_LEVEL)

    assert said == {"refused", "passes"}
    assert sum(each.told == "refused" for _, each in SHOWN) >= 5


def _judged(example: Example) -> tuple[object, str]:
    """Return all that a rule judges an example by."""
    report = example.report.read_text(encoding="utf-8") if example.report else ""
    return yaml.safe_load(example.stack)["resources"], report


@RULE
def test_every_rule_has_an_example_of_each_kind(rule: Rule) -> None:
    """A page that shows only what is wrong leaves it to the reader how it would be right."""
    refused, passes = examples_of(rule, PAGES)

    assert _judged(refused) != _judged(passes)
    for heading in ("## Passes", "## Stopped" if rule.level.value == "mandatory" else "## Warned of"):
        assert heading in (PAGES / f"{rule.name}.md").read_text(encoding="utf-8").splitlines()
