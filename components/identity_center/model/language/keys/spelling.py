"""Numbers as they were written in YAML: the value alone does not say how many digits somebody typed.

`0x1CBE991A14`, `1.23456789012e11` and `012345678901` are numbers to YAML, and the first two have the value of
an account id that nobody finds by its digits. So a number that is not written in plain decimal digits carries
its text, and whatever reads account ids refuses it by that text.
"""

import re
from typing import TypeAlias

#: What the engine reads as a number, with the `_` between digits taken out.
#: Source: gopkg.in/yaml.v3, resolve.go, which Pulumi reads a stack's file with.
_PREFIXED = re.compile(
    r"(?P<sign>[-+]?)0(?P<base>[xX](?=[0-9a-fA-F])|[oO](?=[0-7])|[bB](?=[01]))(?P<digits>[0-9a-fA-F]+)"
)
_OCTAL = re.compile(r"(?P<sign>[-+]?)0(?P<digits>[0-7]+)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
#: To YAML 1.1 a number to the base 60; to the engine a text.
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_BASES = {"x": 16, "o": 8, "b": 2}
#: The one way to write a number after which its text is known.
_PLAIN = re.compile(r"-?(0|[1-9][0-9]*)")


class SpelledText(str):
    """A text that other readers of YAML take for a number, such as `12:30:00`."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """As it was written."""
        return str(self)


class SpelledInt(int):
    """A whole number that is not written in plain decimal digits, such as `0x1F` or `1_000`."""

    text: str
    """As it was written."""


class SpelledFloat(float):
    """A number with a point or an exponent, or with a zero in front that is no octal one."""

    text: str
    """As it was written."""


Spelled: TypeAlias = SpelledText | SpelledInt | SpelledFloat
_KINDS = (SpelledText, SpelledInt, SpelledFloat)


def number_as_written(text: str) -> int | float | SpelledText | None:
    """Read an unquoted scalar that looks like a number; None where it is something else.

    A whole number in plain decimal digits is an int and nothing more; all others carry their text.
    """
    value = _number(text.replace("_", "")) if text[:1] in set("0123456789+-.") else None
    if value is None:
        return SpelledText(text) if _BASE_60.fullmatch(text) else None
    return value if isinstance(value, int) and _PLAIN.fullmatch(text) else spelled(value, text)


def spelled(value: float | str, text: str) -> Spelled:
    """Return the value with the text that it was written as."""
    if isinstance(value, str):
        return SpelledText(value)
    kept: SpelledInt | SpelledFloat = SpelledInt(value) if isinstance(value, int) else SpelledFloat(value)
    kept.text = text
    return kept


def is_number_like(value: object) -> bool:
    """Tell whether a value was written as a number, or as what some readers take for one."""
    return not isinstance(value, bool) and isinstance(value, int | float | SpelledText)


def text_of(value: object) -> str:
    """Return how a value was written, as far as that is known."""
    return value.text if isinstance(value, _KINDS) else str(value)


def _number(text: str) -> int | float | None:
    if _DECIMAL.fullmatch(text):
        return int(text)
    octal = _OCTAL.fullmatch(text)
    if octal:
        return int(octal["sign"] + octal["digits"], 8)
    prefixed = _PREFIXED.fullmatch(text)
    if prefixed:
        try:
            return int(prefixed["sign"] + prefixed["digits"], _BASES[prefixed["base"].lower()])
        except ValueError:  # 0b12: digits of another base
            return None
    return float(text) if _FLOAT.fullmatch(text) else None
