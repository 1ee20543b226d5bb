"""Names in IAM: their checks, and the names that follow from a prefix."""

import datetime as dt
import itertools
from typing import Any

from sandbox.provider import checks
from sandbox.provider.rows.schema import Property, text

_COUNTER = itertools.count(1)
# TF internal/create: 18 digits of time and 8 of a counter behind a prefix.
_SUFFIX = 26


def named(longest: int) -> dict[str, Property]:
    """Return ``name`` and ``namePrefix`` of a thing whose name has at most so many characters."""
    form = "letters, digits and any of + = , . @ - _"
    characters = checks.pattern(r"[\w+=,.@-]*", form)
    return {
        "name": text(
            computed=True,
            force_new=True,
            checks=(checks.length(1, longest), characters),
            conflicts=("namePrefix",),
        ),
        "namePrefix": text(
            computed=True,
            force_new=True,
            aws="-",
            checks=(checks.length(1, longest - _SUFFIX), characters),
        ),
    }


def chosen_name(want: dict[str, Any]) -> str:
    """Return the name wanted, or one from the prefix wanted."""
    if want.get("name"):
        return str(want["name"])
    moment = dt.datetime.now(dt.UTC).strftime("%Y%m%d%H%M%S%f")[:18]
    return f"{want.get('namePrefix') or 'terraform-'}{moment}{next(_COUNTER):08x}"


def path(**more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    """Return the path of a thing in IAM."""
    return text(default="/", checks=(checks.length(0, 512),), **more)
