"""Policy variables in values: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.

Source: IAM User Guide, reference_policies_variables. Variables exist in documents of version 2012-10-17
only; in older ones the characters stand for themselves.
"""

import re
from collections.abc import Callable
from typing import Final

from .wildcard import LITERAL_QUESTION_MARK, LITERAL_STAR, VARIABLE_CLOSES, VARIABLE_OPENS

SPECIAL_CHARACTERS: Final = {"*": LITERAL_STAR, "?": LITERAL_QUESTION_MARK, "$": "$"}
"""The three characters that have a spelling of their own."""


def has_variable(value: str) -> bool:
    """Say whether the value holds the opening of a policy variable."""
    return "${" in value


def replace_variables(value: str, look_up: Callable[[str], str | None]) -> str | None:
    """Put values in place of variables.

    `look_up` gets the name in lower case and returns its value or None. A variable without a value takes
    its default (after a comma, in single quotes); without one the answer is None: AWS then takes the
    statement as not matching. A `${` that is never closed stands for itself.
    """
    parts: list[str] = []
    place = 0
    while True:
        opening = value.find("${", place)
        closing = value.find("}", opening)
        if opening < 0 or closing < 0:
            return "".join((*parts, value[place:]))
        found = _value_of(value[opening + 2 : closing], look_up)
        if found is None:
            return None
        parts += [value[place:opening], found]
        place = closing + 1


def _value_of(inside: str, look_up: Callable[[str], str | None]) -> str | None:
    if inside in SPECIAL_CHARACTERS:
        return SPECIAL_CHARACTERS[inside]
    name, comma, default = inside.partition(",")
    found = look_up(name.strip().lower())
    if found is not None:
        return found.replace("*", LITERAL_STAR).replace("?", LITERAL_QUESTION_MARK)
    return default.strip().strip("'") if comma else None


def symbolic(value: str) -> str:
    """Replace each variable by a symbol of its own: the same variable is the same unknown text everywhere."""
    if "${" not in value:
        return value
    replaced = replace_variables(value, lambda name: f"{VARIABLE_OPENS}{name}{VARIABLE_CLOSES}")
    return value if replaced is None else replaced


_SYMBOL: Final = re.compile(f"{VARIABLE_OPENS}([^{VARIABLE_CLOSES}]*){VARIABLE_CLOSES}")


def without_symbols(text: str, look_up: Callable[[str], str]) -> str:
    """Put values in place of the symbols that `symbolic` made, and plain characters for literal ones."""
    replaced = _SYMBOL.sub(lambda found: look_up(found[1]), text)
    return replaced.replace(LITERAL_STAR, "*").replace(LITERAL_QUESTION_MARK, "?")


def symbols_in(text: str) -> list[str]:
    """Return the names of the variables whose symbols are in a text."""
    return _SYMBOL.findall(text)


def plain(text: str) -> str:
    """Write a request's text so that a star in it is only a star."""
    if "*" not in text and "?" not in text:
        return text
    return text.replace("*", LITERAL_STAR).replace("?", LITERAL_QUESTION_MARK)
