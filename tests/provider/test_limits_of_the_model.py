"""What the model takes for a text, the real provider takes, too: else the first preview ends in its words."""

from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from identity_center.model.language.keys import text_rules
from identity_center.model.language.keys.text_rules import TextRule
from sandbox.provider.table import RESOURCES

_USER: Final = "aws:identitystore/user:User"
_SET: Final = "aws:ssoadmin/permissionSet:PermissionSet"
#: A rule of the model, and the input that gets what it lets pass.
INPUTS: Final = [
    (text_rules.USER_NAME, _USER, "userName"),
    (text_rules.PERSON_TEXT, _USER, "displayName"),
    (text_rules.GROUP_NAME, "aws:identitystore/group:Group", "displayName"),
    (text_rules.PERSON_TEXT, "aws:identitystore/group:Group", "description"),
    (text_rules.PERMISSION_SET_NAME, _SET, "name"),
    (text_rules.PERMISSION_SET_DESCRIPTION, _SET, "description"),
    (text_rules.RELAY_STATE, _SET, "relayState"),
]


@pytest.mark.parametrize(("rule", "token", "name"), INPUTS, ids=lambda value: str(value)[:40])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=12), times=st.integers(1, 1100))
@example(text="é", times=351)
@example(text="ж", times=65)
@example(text="ж", times=513)
def test_what_the_model_takes_is_not_refused_by_the_provider(
    rule: TextRule, token: str, name: str, text: str, times: int
) -> None:
    """The provider counts bytes: a description of 400 accented letters is longer for it than 700."""
    written = text * times
    problems = [check(written) for check in RESOURCES[token].inputs[name].checks]
    assert rule.problem(written) is not None or problems == [None] * len(problems)


@pytest.mark.parametrize(
    ("rule", "letter"),
    [
        (text_rules.USER_NAME, "ж"),
        (text_rules.PERSON_TEXT, "é"),
        (text_rules.GROUP_NAME, "ж"),
        (text_rules.PERMISSION_SET_DESCRIPTION, "é"),
    ],
)
def test_a_text_that_has_too_many_bytes_is_refused_with_both_numbers(rule: TextRule, letter: str) -> None:
    """Whoever counts the letters finds the text short enough."""
    most = rule.longest // 2

    assert rule.problem(letter * most) is None
    assert rule.problem(letter * (most + 1)) == (
        f"has {most + 1} characters of {2 * most + 2} bytes, which the provider counts"
    )
