"""Every short pattern against every short text, and what is made from patterns."""

import re
from itertools import product

import pytest

from identity_guard.iam.text.wildcard import Glob, has_wildcard, instance, is_everything, matches, matches_any

TEXTS = ["".join(each) for length in range(5) for each in product("ab", repeat=length)]
PATTERNS = ["".join(each) for length in range(5) for each in product("ab*?", repeat=length)]
LONG = ["*a?b*", "a*b?a*", "*?a?*b", "a*?b?*a", "**a**", "?*?*?", "*ab?*ab", "b*a?a*?b", "*a??b*", "*?*b?a*"]


def wanted(pattern: str) -> set[str]:
    """Return the texts that a translated regular expression takes."""
    translated = re.compile("".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern))
    return {text for text in TEXTS if translated.fullmatch(text)}


def test_every_short_pattern_takes_what_a_regular_expression_takes() -> None:
    """One text too many is an action that nobody granted; one too few is a grant that nobody sees."""
    for pattern in (*PATTERNS, *LONG):
        glob = Glob(pattern)
        taken = wanted(pattern)

        assert {text for text in TEXTS if matches(pattern, text)} == taken, pattern
        assert {text for text in TEXTS if glob.matches(text)} == taken, pattern


def test_what_is_taken_for_everything_takes_every_text_and_nothing_else_does() -> None:
    """A star that is not recognised is slow, and one that is none is an alarm on nothing."""
    for pattern in PATTERNS:
        assert is_everything(pattern) == (wanted(pattern) >= set(TEXTS) - {""}), pattern


@pytest.mark.parametrize("filler", ["a", "ab", "abab", ""])
def test_what_is_made_from_a_pattern_is_taken_by_it(filler: str) -> None:
    """A witness names a resource that the statement is about."""
    for pattern in (*PATTERNS, *LONG):
        assert matches(pattern, instance(pattern, filler)), pattern


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("abc", "abc"),
        ("a*c", "aFILLERc"),
        ("a?c", "aFc"),
        ("a??c*", "aFIcFILLER"),
        ("*?*", "FILLER"),
        ("a????????c", "aFILLERxxc"),
        ("a*????????c", "aFILLERxxc"),
        ("*/*", "FILLER/FILLER"),
        ("", ""),
    ],
)
def test_each_run_of_wildcards_is_filled_once(pattern: str, expected: str) -> None:
    """The name that is shown is one that a person could have given."""
    assert instance(pattern, "FILLER") == expected


def test_one_of_several_patterns_is_enough() -> None:
    """And none of none."""
    assert matches_any(["b*", "a*"], "abc")
    assert not matches_any(["b*", "c*"], "abc")
    assert not matches_any([], "abc")
    assert [has_wildcard(each) for each in ("a*", "a?", "a")] == [True, True, False]
