"""Laws that hold for every document, tried on documents that Hypothesis makes up."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_guard.iam import Verdict, attach, judge
from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import ActionSet, action_set
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.text.wildcard import instance, is_everything, matches

NOW = 1_795_000_000.0
Json = dict[str, Any]

ACTIONS = [
    "*",
    "iam:*",
    "IAM:Put*",
    "iam:PassRole",
    "sts:*",
    "sts:AssumeRole",
    "ec2:*",
    "s3:Get*",
    "sso:*",
    "*:*Role*",
]
RESOURCES = [
    "*",
    "*",
    "arn:aws:iam::*:role/*",
    "arn:aws:iam::111122223333:role/one",
    "arn:aws:s3:::reports/*",
    "arn:aws:iam::*:user/${aws:username}",
]
CONDITIONS: list[Json] = [
    {},
    {},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"ForAllValues:StringLike": {"aws:TagKeys": ["team*"]}},
    {"StringLike": {"aws:PrincipalArn": "*"}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
]


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None) -> Json:
    """Make up a statement."""
    made: Json = {"Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    actions = draw(st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3))
    made[draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))] = actions
    resources = draw(st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=2))
    made[draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]))] = resources
    if condition := draw(st.sampled_from(CONDITIONS)):
        made["Condition"] = condition
    return made


documents = st.lists(statements(), min_size=1, max_size=3)


def verdict(given_statements: list[Json], boundary: list[Json] | None = None) -> Verdict:
    """Judge a list of statements."""
    limit = None if boundary is None else attach(document(boundary))
    return judge([attach(document(given_statements))], limit, now=NOW)


def document(given_statements: list[Json]) -> Json:
    """Put statements into a document."""
    return {"Version": "2012-10-17", "Statement": given_statements}


def answers(found: Verdict) -> tuple[Any, ...]:
    """Return all that a verdict says."""
    names = tuple(path.name for path in found.escalation)
    return found.root_level, found.administrator, names, found.mfa_enforced, found.root_level_today_only


def power(found: Verdict) -> tuple[bool, bool, bool]:
    """Return what grows with every grant: root level, some way to more, use without MFA."""
    return bool(found.root_level), bool(found.root_level) or bool(found.escalation), not found.mfa_enforced


def grows(less: Verdict, more: Verdict) -> bool:
    """Say whether nothing was lost from one verdict to the next."""
    return all(now or not before for before, now in zip(power(less), power(more), strict=True))


@given(documents, statements(effect="Allow"))
@settings(max_examples=150, deadline=None)
def test_an_allow_never_takes_away(given_statements: list[Json], added: Json) -> None:
    """A check that calls more grants safer would teach people to add grants."""
    assert grows(verdict(given_statements), verdict([*given_statements, added]))


@given(documents, statements(effect="Deny"))
@settings(max_examples=150, deadline=None)
def test_a_deny_never_gives(given_statements: list[Json], added: Json) -> None:
    """An added Deny can only make a finding go away."""
    assert grows(verdict([*given_statements, added]), verdict(given_statements))


@given(documents, documents)
@settings(max_examples=100, deadline=None)
def test_a_boundary_never_gives(given_statements: list[Json], boundary: list[Json]) -> None:
    """A boundary limits; it is no grant, whatever it says."""
    assert grows(verdict(given_statements, boundary), verdict(given_statements))


@given(documents, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_does_not_matter(given_statements: list[Json], source: Any) -> None:  # noqa: ANN401 - Hypothesis's own
    """IAM reads statements as a set, so a reordered file must not change the verdict."""
    shuffled = source.sample(given_statements, len(given_statements))

    assert answers(verdict(given_statements)) == answers(verdict(shuffled))


@given(documents)
@settings(max_examples=100, deadline=None)
def test_splitting_over_attachments_does_not_matter(given_statements: list[Json]) -> None:
    """The union over all attachments counts; spreading a grant over files hides nothing."""
    together = verdict(given_statements)
    apart = judge([attach(document([each])) for each in given_statements], now=NOW)

    assert answers(together) == answers(apart)


@given(documents, st.sampled_from([str.upper, str.lower, str.title]))
@settings(max_examples=100, deadline=None)
def test_the_case_of_actions_and_keys_does_not_matter(given_statements: list[Json], change: Any) -> None:  # noqa: ANN401 - a method of str
    """Action names and condition keys have no case in IAM."""
    changed = []
    for each in given_statements:
        copy = dict(each)
        for name in ("Action", "NotAction"):
            if name in copy:
                copy[name] = [change(action) for action in copy[name]]
        if "Condition" in copy:
            copy["Condition"] = {
                operator: {change(key): value for key, value in block.items()}
                for operator, block in copy["Condition"].items()
            }
        changed.append(copy)

    assert answers(verdict(given_statements)) == answers(verdict(changed))


@given(documents)
@settings(max_examples=60, deadline=None)
def test_escapes_do_not_matter(given_statements: list[Json]) -> None:
    """A document written in unicode escapes says what it says without them."""
    text = json.dumps(document(given_statements))
    escaped = re.sub(r"[A-Za-z*/]", lambda found: f"\\u{ord(found[0]):04x}", text)

    assert answers(verdict(given_statements)) == answers(judge([attach(escaped)], now=NOW))


@given(documents)
@settings(max_examples=60, deadline=None)
def test_saying_a_thing_twice_changes_nothing(given_statements: list[Json]) -> None:
    """Repeated statements are the same set."""
    assert answers(verdict(given_statements)) == answers(verdict(given_statements * 2))


patterns = st.text(st.sampled_from("ab:*?"), max_size=12)
texts = st.text(st.sampled_from("ab:"), max_size=12)


@given(patterns, texts)
@settings(max_examples=600, deadline=None)
def test_wildcards_agree_with_a_regular_expression(pattern: str, text: str) -> None:
    """The matcher without backtracking accepts the same texts as a translated regular expression."""
    translated = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)

    assert (re.fullmatch(translated, text) is not None) == matches(pattern, text)


@given(patterns, texts)
@settings(max_examples=300, deadline=None)
def test_an_instance_of_a_pattern_is_matched_by_it(pattern: str, filler: str) -> None:
    """A witness resource made from a pattern has to be one that the pattern takes."""
    assert matches(pattern, instance(pattern, filler))


@given(patterns, texts.filter(bool))
@settings(max_examples=300, deadline=None)
def test_a_pattern_for_everything_matches_everything(pattern: str, text: str) -> None:
    """What is taken for `*` without looking must behave as it."""
    if is_everything(pattern):
        assert matches(pattern, text)


action_patterns = st.builds(
    "{}{}{}".format,
    st.sampled_from(["iam", "s3", "*", "s?", "lambda", "*a*", "ec2", "nosuch", "i*m"]),
    st.sampled_from([":", ":", ":", "", "*"]),
    st.sampled_from(["*", "Get*", "*Role*", "?ut*", "PassRole", "*s", "P*Role*", "??????", "*:*", ""]),
)


@given(st.lists(action_patterns, max_size=3))
@settings(max_examples=40, deadline=None)
def test_action_sets_hold_exactly_the_names_that_match(given_patterns: list[str]) -> None:
    """A mask is only a faster way to say which of the 22,000 names a list of patterns takes."""
    found = action_set(given_patterns, ScanBudget(10**9))
    # One search in a text of a name a line: name by name it takes ten times as long.
    lines = "\n".join(catalogue().names(catalogue().known))
    any_of_them = "|".join(
        "".join({"*": "[^\n]*", "?": "[^\n]"}.get(each, re.escape(each)) for each in pattern)
        for pattern in given_patterns
    )
    expected = set(re.findall(rf"^(?:{any_of_them})$", lines, re.IGNORECASE | re.MULTILINE))

    assert found.exact
    assert expected == set(catalogue().names(found.certain & catalogue().known))


@given(st.lists(action_patterns, max_size=3), st.integers(min_value=0, max_value=50_000))
@settings(max_examples=40, deadline=None)
def test_a_small_budget_widens_the_bounds_and_never_loses_an_action(
    given_patterns: list[str], budget: int
) -> None:
    """Where working a pattern out is too costly, the true set still lies between the bounds."""
    exact = action_set(given_patterns, ScanBudget(10**9)).certain
    rough = action_set(given_patterns, ScanBudget(budget))

    assert rough.certain & ~exact == 0
    assert exact & ~rough.possible == 0


@pytest.mark.parametrize("bounds", [(0, 0), (5, 7), (0, 2**23_000)])
def test_the_complement_of_the_complement_is_the_set(bounds: tuple[int, int]) -> None:
    """NotAction twice is Action."""
    found = ActionSet(bounds[0] & catalogue().everything, bounds[1] & catalogue().everything)

    assert found == found.complement().complement()
