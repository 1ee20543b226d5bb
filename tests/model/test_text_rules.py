"""What may be written as a name or a text: no more and no less than AWS takes."""

import re
from functools import cache

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_center.model.language.keys import text_rules
from identity_center.model.language.keys.text_rules import TextRule

#: The rules that restate a shape of botocore: rule, service, shape.
SHAPES = [
    (text_rules.USER_NAME, "identitystore", "UserName"),
    (text_rules.PERSON_TEXT, "identitystore", "SensitiveStringType"),
    (text_rules.GROUP_NAME, "identitystore", "GroupDisplayName"),
    (text_rules.PERMISSION_SET_NAME, "sso-admin", "PermissionSetName"),
    (text_rules.PERMISSION_SET_DESCRIPTION, "sso-admin", "PermissionSetDescription"),
]


@cache
def shape(service: str, name: str) -> tuple[int, int, str]:
    """Return the lengths and the pattern that the service's own model states."""
    metadata = botocore.session.get_session().get_service_model(service).shape_for(name).metadata
    return metadata["min"], metadata["max"], metadata["pattern"]


@pytest.mark.parametrize(("rule", "service", "name"), SHAPES, ids=lambda value: str(value)[:40])
def test_lengths_are_those_of_the_service(rule: TextRule, service: str, name: str) -> None:
    """A newer botocore that changes a limit shows here, not as a refusal in the middle of an update."""
    shortest, longest, _ = shape(service, name)

    assert (rule.shortest, rule.longest) == (shortest, longest)


@pytest.mark.parametrize(("rule", "service", "name"), SHAPES, ids=lambda value: str(value)[:40])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_characters_are_those_of_the_service(rule: TextRule, service: str, name: str, text: str) -> None:
    """Held against the service's own pattern, for texts of any script."""
    _, _, pattern = shape(service, name)

    assert (rule.problem(text) is None) == (_service_accepts(pattern, text) and len(text) <= rule.longest)


def _service_accepts(pattern: str, text: str) -> bool:
    """Match as the service does; Python's `re` has no classes of Unicode, so the character is asked."""
    classes = r"\p{L}\p{M}\p{S}\p{N}\p{P}"
    if classes not in pattern:
        return re.fullmatch(pattern, text, re.ASCII) is not None
    spaces = pattern.replace(classes, "").strip("[]+")
    for escape, char in ((r"\t", "\t"), (r"\n", "\n"), (r"\r", "\r")):
        spaces = spaces.replace(escape, char)
    # Printed is what is neither separator nor control nor unassigned: isprintable, which counts the space in.
    return all((char.isprintable() and char != " ") or char in spaces for char in text)


@pytest.mark.parametrize("key", ["ada", "a", "team-1", "ada@example.com", "A.b_c+d", "1password", "x" * 100])
def test_ordinary_keys_are_accepted(key: str) -> None:
    """People use user names, addresses and names of teams."""
    assert text_rules.KEY.problem(key) is None


@pytest.mark.parametrize("key", ["", "a/b", "-a", ".a", "a b", "a::b", "é", "x" * 101, "a\n"])
def test_keys_that_would_make_names_ambiguous_are_refused(key: str) -> None:
    """A slash joins the parts of a resource's name, and two colons those of a URN."""
    assert text_rules.KEY.problem(key) is not None


@pytest.mark.parametrize("text", ["ada", "@example.com", "ada@", "ada @example.com", "a@b@c"])
def test_what_cannot_be_an_address_is_refused(text: str) -> None:
    """The password for the first sign-in goes there."""
    assert text_rules.EMAIL.problem(text) is not None


def test_a_problem_never_quotes_the_text() -> None:
    """The text may be a person's name, and the message ends in a log."""
    for rule in (text_rules.USER_NAME, text_rules.PERSON_TEXT, text_rules.EMAIL):
        for text in ("Lovelace\u2028", "Lovelace" * 200):
            assert "Lovelace" not in str(rule.problem(text))
