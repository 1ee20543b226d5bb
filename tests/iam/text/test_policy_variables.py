"""Policy variables: their values, their defaults, and the symbols that stand for them."""

import pytest

from identity_guard.iam.document.condition import (
    plain,
    replace_variables,
    symbolic,
    symbols_in,
    without_symbols,
)
from identity_guard.iam.text.wildcard import LITERAL_QUESTION_MARK, LITERAL_STAR, matches

VALUES = {"aws:username": "alice", "aws:star": "*?", "aws:empty": ""}
REPLACED: list[tuple[str, str | None]] = [
    ("", ""),
    ("home", "home"),
    ("home/${aws:username}", "home/alice"),
    ("${aws:username}", "alice"),
    ("${aws:username}/x", "alice/x"),
    ("${aws:username}${aws:username}", "alicealice"),
    ("a${aws:username}b${aws:username}c", "aalicebalicec"),
    ("${AWS:UserName}", "alice"),
    ("${ aws:username }", "alice"),
    ("${aws:username, 'nobody'}", "alice"),
    ("${aws:none, 'nobody'}", "nobody"),
    ("${aws:none,''}", ""),
    ("${aws:none}", None),
    ("${aws:username}${aws:none}", None),
    ("${aws:empty}", ""),
    ("${aws:username", "${aws:username"),
    ("a}${aws:username", "a}${aws:username"),
    ("a}${aws:username}", "a}alice"),
    ("${}", None),
    ("$${aws:username}", "$alice"),
    ("${$}{aws:username}", "${aws:username}"),
    ("${*}", LITERAL_STAR),
    ("${?}", LITERAL_QUESTION_MARK),
    ("${aws:star}", LITERAL_STAR + LITERAL_QUESTION_MARK),
]


@pytest.mark.parametrize(("text", "expected"), REPLACED)
def test_a_variable_is_replaced_by_its_value_or_its_default(text: str, expected: str | None) -> None:
    """Without a value the statement does not match; an empty value is one."""
    assert replace_variables(text, VALUES.get) == expected


def test_a_variable_without_a_value_is_the_same_unknown_text_everywhere() -> None:
    """A pattern of one's own name takes one's own name, and nobody else's."""
    own, other = symbolic("user/${aws:username}"), symbolic("user/${aws:userid}")

    assert own == symbolic("user/${AWS:username}")
    assert symbols_in(own) == ["aws:username"]
    assert symbols_in(f"{own}/{other}") == ["aws:username", "aws:userid"]
    assert symbols_in("user/${aws:username}") == []
    assert matches(own, own)
    assert matches("user/*", own)
    assert not matches(own, other)
    assert not matches(own, "user/alice")
    assert without_symbols(f"{own}/{other}", str.upper) == "user/AWS:USERNAME/user/AWS:USERID"


@pytest.mark.parametrize("text", ["plain", "${open", "${*}"])
def test_what_holds_no_variable_has_no_symbol(text: str) -> None:
    """Braces that never close stand for themselves, and a star that is only a star for itself."""
    assert symbols_in(symbolic(text)) == []
    assert without_symbols(symbolic(text), str.upper) == text.replace("${*}", "*")


def test_a_star_in_a_request_is_only_a_star() -> None:
    """Somebody may be called so."""
    assert plain("a") == "a"
    assert plain("a*") == f"a{LITERAL_STAR}"
    assert plain("a?") == f"a{LITERAL_QUESTION_MARK}"
    assert without_symbols(plain("*?"), str) == "*?"
