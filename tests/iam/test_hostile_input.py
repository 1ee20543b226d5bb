"""Documents made to exhaust a checker."""

import json
from typing import Any

import pytest

from identity_guard.iam import attach, judge, judge_trust
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.statements import Group
from identity_guard.iam.evaluate.worlds import MOST_WORLDS
from identity_guard.iam.questions import steps
from identity_guard.iam.questions.reach import group_of
from identity_guard.iam.text.wildcard import MOST_COMMON, Common, common

Json = dict[str, Any]
NOW = 1_795_000_000.0
LONG = 6_000

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
PATTERNS = {
    "one star after another": ["*" * LONG],
    "stars and question marks": ["?*" * (LONG // 2)],
    "letters between stars": ["*:" + "*a" * (LONG // 2)],
    "many parts in every service": [f"*:*{a}*{b}*" for a in ALPHABET for b in ALPHABET],
    "many services": [f"*{a}*:*{b}*" for a in ALPHABET for b in ALPHABET],
    "no colon": [f"*{a}?{b}*" for a in ALPHABET for b in ALPHABET],
    "lengths": ["*:" + "?" * length + "*" for length in range(110)],
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("element", ["Action", "NotAction", "Resource", "NotResource"])
@pytest.mark.parametrize("name", PATTERNS)
def test_wildcards_do_not_hang_and_are_not_called_clean(name: str, element: str) -> None:
    """Whatever it costs too much to work out is left open, with the reason."""
    statement: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    del statement[element.removeprefix("Not")]
    statement[element] = PATTERNS[name]
    found = judge([attach({"Version": "2012-10-17", "Statement": [statement]})], now=NOW)
    said = (found.root_level, found.escalates, found.mfa_enforced)

    assert None not in said or found.undecided


@pytest.mark.timeout(120)
def test_many_conditions_do_not_hang() -> None:
    """Twenty keys with three states each are more combinations than there is time for."""
    condition = {"StringNotEquals": {f"aws:ResourceTag/{letter}": ["1", "2", "3"] for letter in ALPHABET}}
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": condition},
    ]
    found = judge([attach({"Version": "2012-10-17", "Statement": statements})], now=NOW)

    assert 3 ** len(ALPHABET) > MOST_WORLDS
    assert found.root_level is not False or found.undecided or found.escalation


@pytest.mark.timeout(120)
def test_many_values_do_not_hang() -> None:
    """A list of ten thousand values is one condition."""
    values = [f"value-{number}" for number in range(10_000)]
    allow = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": values}},
    }

    assert judge([attach({"Version": "2012-10-17", "Statement": [allow]})], now=NOW).root_level is False


@pytest.mark.timeout(120)
def test_many_statements_do_not_hang() -> None:
    """A thousand statements with a condition each."""
    statements = [
        {
            "Effect": "Allow" if number % 2 else "Deny",
            "Action": f"s3:Get{number}*",
            "Resource": f"arn:aws:s3:::bucket-{number}/*",
            "Condition": {"StringEquals": {f"aws:ResourceTag/t{number}": "x"}},
        }
        for number in range(1_000)
    ]
    found = judge([attach(json.dumps({"Version": "2012-10-17", "Statement": statements}))], now=NOW)

    assert found.root_level is False


@pytest.mark.timeout(120)
def test_many_principals_do_not_hang() -> None:
    """Trust policies are read with the same care."""
    principals = [f"arn:aws:iam::111122223333:user/u{number}" for number in range(2_000)]
    statement = {"Effect": "Allow", "Principal": {"AWS": principals}, "Action": "sts:AssumeRole"}
    found = judge_trust({"Version": "2012-10-17", "Statement": [statement]}, NOW)

    assert found.public is False
    assert len(found.trusted_principals) == 2_000


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "\ue000",
        "\ue002aws:username\ue003",
        "\x00",
        "${aws:username",
        "${}",
        "é",
        "\U0001d54a",
        "\u202e",
    ],
)
def test_strange_characters_are_characters(text: str) -> None:
    """Also those that the evaluator uses for itself."""
    statement = {
        "Effect": "Allow",
        "Action": f"s3:{text.replace(':', '')}",
        "Resource": f"arn:aws:s3:::{text}",
        "Condition": {"StringLike": {f"aws:ResourceTag/{text}": text}},
    }
    found = judge([attach({"Version": "2012-10-17", "Statement": [statement]})], now=NOW)

    assert found.root_level is False
    assert found.escalates is False


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("differing", "most"), [(False, 20), (True, 300)], ids=["all equal", "all different"]
)
def test_a_call_that_no_statement_allows_is_not_tried_for_each_of_them(
    monkeypatch: pytest.MonkeyPatch, *, differing: bool, most: int
) -> None:
    """Leave for what no call is about, 400 times: a search for proof of its six paths took seconds."""
    tried: list[object] = []

    def counted(*given: Any) -> None:  # noqa: ANN401 - whatever a witness is made of
        tried.append(given)

    monkeypatch.setattr("identity_guard.iam.questions.proof.witness", counted)
    statements = [
        {
            "Effect": "Allow",
            "Action": "iam:*",
            "Resource": f"arn:aws:iam::111122223333:/$${{}}{{:::{{?*a{number if differing else ''}",
        }
        for number in range(400)
    ]
    found = judge([attach({"Version": "2012-10-17", "Statement": statements})], now=NOW)

    assert found.witness is None
    assert len(tried) < most


def test_a_step_that_many_paths_share_is_asked_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """180 paths open through one long pattern: each step asked anew for each path took most of a second."""
    asked: list[tuple[str, int]] = []

    def counted(grants: Grants, arn: str, target: int) -> Group:
        asked.append((arn, target))
        return group_of(grants, arn, target)

    monkeypatch.setattr("identity_guard.iam.questions.steps.group_of", counted)
    statement = {"Effect": "Allow", "NotAction": ["S3:*", "ec2:*", "x:y"], "Resource": f"*{'?' * 23}"}
    found = judge([attach({"Version": "2012-10-17", "Statement": [statement]})], now=NOW)

    assert len(found.escalation) > 150
    assert len(asked) < 1.2 * len(set(asked))


def test_what_patterns_share_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostile pattern was held against each shape anew for each of 183 paths: nearly four seconds."""
    held: list[tuple[str, ...]] = []

    def counted(*patterns: str) -> Common:
        held.append(patterns)
        return common(*patterns)

    monkeypatch.setattr("identity_guard.iam.questions.path_steps.common", counted)
    # A pattern that no other test has: what is remembered of those is not asked again.
    strange = {"Action": "*", "Resource": "?*?/*?:*$?*{?{}{{a{a:*$*$**:*}$:}worked-out-once"}
    statements = [
        {"Effect": "Allow", **strange, "Condition": {"Null": {"aws:SourceVpc": "T*RUE"}}},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:SourceVpc": "*lse"}}},
    ]
    found = judge([attach({"Version": "2012-10-17", "Statement": statements})], now=NOW)

    assert found.escalation_undecided
    assert 0 < len(held) == len(set(held))


@pytest.mark.parametrize(
    "pattern", ["?" * 371, "a*" * 400, "*?" * 200, f"arn:*{'?a*' * 130}", f"arn:{'?' * 390}"]
)
def test_what_patterns_share_is_looked_for_within_bounds(
    monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    """A long hostile pattern was held against the shapes of a hundred services: six seconds of a preview."""
    # Patterns that no other test has: what is remembered is not asked again.
    looked_at: list[int] = []

    def counted(*patterns: str) -> Common:
        found = common(*patterns)
        looked_at.append(found.looked_at)
        return found

    monkeypatch.setattr("identity_guard.iam.questions.path_steps.common", counted)
    statements = [
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": pattern},
        {"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:*"},
    ]
    found = judge([attach({"Version": "2012-10-17", "Statement": statements})], now=NOW)

    assert found.escalates
    assert found.escalation_undecided
    assert 0 < sum(looked_at) < steps.MOST_PLACES + MOST_COMMON
