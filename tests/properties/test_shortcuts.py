"""What is told at a glance is what the full answer would be, tried on documents that Hypothesis makes up."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from identity_guard.iam import Statement, attach
from identity_guard.iam.catalogue.action_patterns import ScanBudget, action_set
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import Own
from identity_guard.iam.evaluate.context_state import Setting
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.statements import Pins
from identity_guard.iam.questions.root_level import (
    coverage,
    coverage_in_every_mode,
    coverage_in_mode,
    fewest_of_a_wide_grant,
    is_hopeless,
    takes_fewer_than,
    unhindered,
)
from identity_guard.iam.text.wildcard import matches

NOW = 1_795_000_000.0
Json = dict[str, Any]

SERVICES = sorted(catalogue().by_service)
PARTS = ["iam", "IAM", "s3", "ec2", "sso", "\u212ams", "nosuch", "*", "i?m", "s*", "", "a:b", *SERVICES[::40]]
NAMES = ["*", "Get*", "*Role*", "PassRole", "?ut*", "", "*:*", "a:*", "b*:c"]
patterns = st.builds(
    "{}{}{}".format, st.sampled_from(PARTS), st.sampled_from([":", ":", ":", "", "*"]), st.sampled_from(NAMES)
)
ALL_BUT_SERVICE_WILDCARDS = [f"{service}:*" for service in SERVICES]
SPLIT = {
    "Effect": "Allow",
    "Action": ALL_BUT_SERVICE_WILDCARDS[::2],
    "Resource": "*",
}


@st.composite
def statements(draw: st.DrawFn) -> Json:
    """Make up a statement, now and then one that names very many services."""
    few = st.lists(patterns, min_size=1, max_size=4)
    many = st.integers(0, 20).map(lambda left_out: ALL_BUT_SERVICE_WILDCARDS[left_out:])
    return {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"])),
        draw(st.sampled_from(["Action", "Action", "Action", "NotAction"])): draw(st.one_of(few, few, many)),
        "Resource": draw(st.sampled_from(["*", "*", "arn:aws:s3:::reports/*"])),
    }


documents = st.lists(statements(), min_size=1, max_size=3)
EVERY_NAME = [(name, block.first + at) for block in catalogue().blocks for at, name in enumerate(block.names)]


@st.composite
def beginnings_or_endings(draw: st.DrawFn) -> tuple[str, str]:
    """Make up a pattern for a name by its beginning or its ending, from one letter to the whole name."""
    name, _ = draw(st.sampled_from(EVERY_NAME))
    length = draw(st.integers(1, len(name)))
    plain = draw(st.sampled_from([name[:length] + "*", "*" + name[-length:]]))
    return plain, draw(st.sampled_from(["*:", "**:"])) + plain


def read(given_statements: list[Json]) -> tuple[Grants, tuple[Statement, ...]]:
    """Return the grants of one document, and its statements."""
    attachment = attach({"Version": "2012-10-17", "Statement": given_statements})
    return Grants([[attachment]], Setting(Own(), NOW)), attachment.statements


@given(documents, st.integers(min_value=0, max_value=25_000))
@example([SPLIT, {**SPLIT, "Action": ALL_BUT_SERVICE_WILDCARDS[1::2]}], 20_000)
@example([{**SPLIT, "Action": ["iam:NoSuchAction"]}], 1)
@settings(max_examples=200, deadline=None)
def test_what_is_told_to_be_few_actions_is_few(given_statements: list[Json], enough: int) -> None:
    """The glance at services may be in doubt, and must never miss an action that a pattern takes."""
    grants, read_statements = read(given_statements)

    if takes_fewer_than(enough, read_statements):
        assert grants.mentioned.bit_count() < enough


@given(documents)
@settings(max_examples=200, deadline=None)
def test_a_grant_told_to_be_narrow_is_neither_root_level_nor_administrator(
    given_statements: list[Json],
) -> None:
    """The glance replaces the full answer, so it must never be another one."""
    grants, read_statements = read(given_statements)

    if takes_fewer_than(fewest_of_a_wide_grant(), read_statements):
        found = coverage(grants)
        assert (found.root_level, found.administrator) == (False, False)


def test_one_service_is_told_to_be_narrow_and_all_of_them_are_not() -> None:
    """A glance that is always in doubt would keep every law and save nothing."""
    _, one = read([{**SPLIT, "Action": ["s3:*"]}])
    _, every = read([{**SPLIT, "Action": ALL_BUT_SERVICE_WILDCARDS}])

    assert takes_fewer_than(fewest_of_a_wide_grant(), one)
    assert not takes_fewer_than(fewest_of_a_wide_grant(), every)


ONE_ACTION_LESS = {"Null": {"sts:TaskPolicyArn": "true"}}
"""The key is carried by `sts:AssumeRoot` alone, which is all that this leaves out."""
CONDITIONS = [
    ONE_ACTION_LESS,
    {"Bool": {"aws:SecureTransport": "true"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
    {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}, "Null": {"aws:SourceVpc": "true"}},
    {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
    {"StringEquals": {"ec2:ResourceTag/team": "blue"}},
    {"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/job-function/*"}},
    {"StringNotEquals": {"aws:NoSuchKey": "x"}},
    {"NumericEquals": {"aws:PrincipalArn": "1"}},
]


@st.composite
def wide_documents(draw: st.DrawFn) -> list[Json]:
    """Make up a document of statements about everything or much, most of them with conditions."""
    found = draw(st.lists(st.one_of(statements(), st.just({**SPLIT, "Action": "*"})), min_size=1, max_size=3))
    for statement in found:
        condition = draw(st.one_of(st.none(), st.sampled_from(CONDITIONS), st.sampled_from(CONDITIONS)))
        if condition is not None:
            statement["Condition"] = condition
        statement["Effect"] = draw(st.sampled_from(["Allow", "Allow", "Deny"]))
    return [dict(statement) for statement in found]


EVERYTHING = {**SPLIT, "Action": "*"}


@given(wide_documents())
@example([EVERYTHING, {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}])
@example([{**EVERYTHING, "Condition": condition} for condition in CONDITIONS[4:6]])
@example([EVERYTHING, {**EVERYTHING, "Effect": "Deny", "Condition": CONDITIONS[3]}])
@settings(max_examples=400, deadline=None)
def test_what_is_told_at_a_glance_is_what_going_through_every_mode_would_say(documents: list[Json]) -> None:
    """Usual administrators, and grants with usual conditions, are settled without going through states."""
    grants, _ = read(documents)

    if unhindered(grants) is not None:
        assert coverage_in_every_mode(grants, Pins(ordinary=True)).root_level
        assert coverage(grants).granted == catalogue().everything
    if is_hopeless(grants):
        found = coverage_in_every_mode(grants, Pins(ordinary=True))
        assert (found.root_level, found.administrator) == (False, False)


@given(wide_documents())
@settings(max_examples=200, deadline=None)
def test_in_the_mode_of_an_unhindered_grant_everything_is_granted(documents: list[Json]) -> None:
    """The mode is shown as a call: a mode in which something is held back would show one that fails."""
    grants, _ = read(documents)
    mode = unhindered(grants)

    if mode is not None:
        assert coverage_in_mode(grants, mode).granted == catalogue().everything


def test_what_is_recognised_at_a_glance_is_not_nothing() -> None:
    """A glance that recognises nothing would keep the laws above, too."""
    mfa = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}

    assert unhindered(read([EVERYTHING])[0])
    assert unhindered(read([{**EVERYTHING, "Condition": CONDITIONS[1]}])[0])
    assert unhindered(read([EVERYTHING, {**EVERYTHING, "Effect": "Deny", "Condition": mfa}])[0])
    assert not unhindered(read([EVERYTHING, {**SPLIT, "Effect": "Deny"}])[0])
    assert unhindered(read([{**EVERYTHING, "Action": "*:*"}])[0])
    for of_nothing in ({"Action": "*", "NotResource": "*"}, {"NotAction": "*", "Resource": "*"}):
        assert unhindered(read([EVERYTHING, {"Effect": "Deny", **of_nothing}])[0])
    assert is_hopeless(read([{**EVERYTHING, "Condition": CONDITIONS[4]}])[0])
    assert not is_hopeless(read([{**EVERYTHING, "Condition": mfa}])[0])
    assert not is_hopeless(read([{**EVERYTHING, "Condition": ONE_ACTION_LESS}])[0])


@given(st.permutations(range(4)))
@settings(max_examples=24, deadline=None)
def test_the_order_of_questions_changes_no_set_of_actions(order: list[int]) -> None:
    """Statements share a budget; who is asked first must not decide which of them is left open."""
    dear = [f"*:*{letter}?{other}*" for letter in "abcdefgh" for other in "stuv"]
    written = [{**SPLIT, "Action": [*dear[number::4], *dear]} for number in range(4)]
    _, straight = read(written)
    expected = [statement.actions for statement in straight]
    _, asked = read(written)

    assert {number: asked[number].actions for number in order} == dict(enumerate(expected))
    assert not all(found.exact for found in expected)


@given(beginnings_or_endings())
@example(("a*", "*:a*"))
@example(("*z", "*:*z"))
@settings(max_examples=60, deadline=None)
def test_a_name_in_any_service_is_looked_up_as_if_compared_with_each(pattern: tuple[str, str]) -> None:
    """The index adds up runs of names; a name too few at one of the ends is an action that nobody sees."""
    name_pattern, written = pattern
    compared = [bit for name, bit in EVERY_NAME if matches(name_pattern, name)]

    assert action_set([written], ScanBudget()).certain == sum(1 << bit for bit in compared)


@given(st.lists(st.sampled_from(SERVICES), min_size=1, max_size=40, unique=True))
@settings(max_examples=60, deadline=None)
def test_whole_services_are_looked_up_as_if_named_action_by_action(services: list[str]) -> None:
    """`service:*` has a table of its own, which must hold the actions to come, too."""
    known = catalogue()
    expected = sum(block.mask for service in services for block in known.by_service[service])

    assert action_set([f"{service}:*" for service in services], ScanBudget()).certain == expected
