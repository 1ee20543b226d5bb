"""What the parameters of a template may be: what is declared of them, as patterns of IAM.

Source: CloudFormation user guide, "Parameters": `AllowedValues`, `AllowedPattern` (of a list each member has
to match it), `MinLength` (of texts only).
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from identity_center_cli.readers.open_values import ANY, SAMPLE, TWO_OR_MORE

MOST_ALLOWED: Final = 32
_ACCOUNT: Final = "111111111111"
_TEXTS: Final = ("String", "None", "CommaDelimitedList", "List<String>")
"""Types that may hold any text. All others name one thing of AWS, or a number."""
_WILDCARDS: Final = "*?"
_HARMLESS_CLASSES: Final = "dws"
"""Classes of characters without a wildcard. Their opposites have them, and so may others."""
_ANCHORS: Final = "AbBzZ"


class Range(NamedTuple):
    """What a parameter, or a member of it, may be."""

    most: tuple[str, ...]
    sample: str
    """One text that it may well be."""
    names: tuple[str, ...]
    """As `most`, where every name counts: what has no wildcard can be the name of anything."""


def range_of(parameter: Mapping[str, Any], kind: str, default: str | None) -> Range:
    """Return the range of a parameter, or of a member of it."""
    allowed = parameter.get("AllowedValues")
    if isinstance(allowed, list) and 0 < len(allowed) <= MOST_ALLOWED:
        texts = tuple(map(as_text, allowed))
        return Range(texts, texts[0], texts)
    pattern = parameter.get("AllowedPattern")
    of_accounts = isinstance(pattern, str) and _takes(pattern, _ACCOUNT)
    sample = default or (_ACCOUNT if of_accounts else SAMPLE)
    start = _beginning(pattern) if isinstance(pattern, str) else ""
    names = (f"{start}*",) if start else ANY
    if kind not in _TEXTS or (isinstance(pattern, str) and not may_hold_wildcards(pattern)):
        return Range((sample,), sample, names)
    shortest = str(parameter.get("MinLength", ""))
    long = kind == "String" and shortest.isdecimal() and int(shortest) > 1
    return Range(TWO_OR_MORE if long and not start else names, sample, names)


def split_range(most: tuple[str, ...], separator: str) -> tuple[str, ...]:
    """Return what the members may be of a text that is split."""
    if any(mark in each for each in most for mark in _WILDCARDS):
        return ANY
    return tuple(dict.fromkeys(part for each in most for part in each.split(separator)))


def sample_of(most: tuple[str, ...]) -> str:
    """Return one thing without wildcards that a value of such patterns may well be."""
    return next((each for each in most if not any(mark in each for mark in _WILDCARDS)), SAMPLE)


def may_hold_wildcards(pattern: str) -> bool:
    """Say whether a text that matches a regular expression may have a wildcard of IAM in it.

    Whatever is not known to keep them out lets them in.
    """
    rest = iter(pattern)
    for mark in rest:
        if mark == "\\":
            if _escape_may_be_wildcard(next(rest, "")):
                return True
        elif mark == "[":
            if _class_has_wildcards(rest):
                return True
        elif mark == "{":
            for inside in rest:
                if inside == "}":
                    break
        elif mark == "." or (mark == "(" and pattern.count("(?") > pattern.count("(?:")):
            return True
    return False


def _escape_may_be_wildcard(escaped: str) -> bool:
    if escaped.isalnum():
        return escaped not in _HARMLESS_CLASSES + _ANCHORS
    return escaped in _WILDCARDS


def _class_has_wildcards(rest: Iterator[str]) -> bool:
    """Read a class of characters to its end: one that leaves characters out lets the others in."""
    members: list[str | None] = []
    escaped = False
    for at, mark in enumerate(rest):
        if escaped:
            if _escape_may_be_wildcard(mark):
                return True
            members.append(None if mark.isalnum() else mark)
            escaped = False
        elif mark == "\\":
            escaped = True
        elif mark == "[" or (mark == "^" and at == 0):
            # A class within one is joined with it, and may be all but some.
            return True
        elif mark == "]" and members:
            return _ranges_have_wildcards(members)
        else:
            members.append(mark)
    return True


def _ranges_have_wildcards(members: list[str | None]) -> bool:
    """Say whether a class of single characters and of ranges has a wildcard; None is a class of letters."""
    if any(each in members for each in _WILDCARDS):
        return True
    ranges = zip(members, members[1:], members[2:], strict=False)
    return any(
        first is not None and last is not None and first <= wildcard <= last
        for first, between, last in ranges
        if between == "-"
        for wildcard in _WILDCARDS
    )


def _beginning(pattern: str) -> str:
    """Return the text with which all that matches begins, as far as it is plain to see."""
    found = re.match(r"\^?([A-Za-z0-9_:/-]*)(?=(.?))", pattern)
    if found is None or "|" in pattern:
        return ""
    text, following = found.groups()
    # What is followed by a quantifier may not be there.
    return str(text[:-1] if following in ("*", "?", "{") else text)


def _takes(pattern: str, text: str) -> bool | None:
    """Say whether a parameter's pattern takes a text; None where it is written as Python does not read it."""
    if len(pattern) > 200 or re.search(r"[+*}]\)*[+*{]", pattern):  # noqa: PLR2004 - such may take for ever
        return None
    try:
        return re.fullmatch(pattern, text) is not None
    except (re.error, RecursionError, OverflowError):
        return None


def as_text(value: Any) -> str:  # noqa: ANN401 - a scalar of a template
    """Write a scalar as CloudFormation does."""
    return json.dumps(value) if isinstance(value, bool) else str(value)
