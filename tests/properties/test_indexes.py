"""What the indexes of actions answer is what comparing would, on patterns that Hypothesis makes up."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from identity_guard.iam import Statement, attach
from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import action_set
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.text.wildcard import matches

Json = dict[str, Any]

SERVICES = sorted(catalogue().by_service)
EVERY_NAME = [(name, block.first + at) for block in catalogue().blocks for at, name in enumerate(block.names)]


@st.composite
def beginnings_or_endings(draw: st.DrawFn) -> tuple[str, str]:
    """Make up a pattern for a name by its beginning or its ending, from one letter to the whole name."""
    name, _ = draw(st.sampled_from(EVERY_NAME))
    length = draw(st.integers(1, len(name)))
    plain = draw(st.sampled_from([name[:length] + "*", "*" + name[-length:]]))
    return plain, draw(st.sampled_from(["*:", "**:"])) + plain


def read(patterns_of_statements: list[list[str]]) -> tuple[Statement, ...]:
    """Return the statements of one document, each an Allow of some patterns."""
    written = [{"Effect": "Allow", "Action": each, "Resource": "*"} for each in patterns_of_statements]
    return attach({"Version": "2012-10-17", "Statement": written}).statements


@given(st.permutations(range(4)))
@settings(max_examples=24, deadline=None)
def test_the_order_of_questions_changes_no_set_of_actions(order: list[int]) -> None:
    """Statements share a budget; who is asked first must not decide which of them is left open."""
    costly = [f"*:*{letter}?{other}*" for letter in "abcdefgh" for other in "stuv"]
    written = [[*costly[number::4], *costly] for number in range(4)]
    expected = [statement.actions for statement in read(written)]
    asked = read(written)

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
