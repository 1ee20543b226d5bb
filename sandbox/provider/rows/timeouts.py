"""How long an operation may take: the schema's default, customTimeouts, or the argument ``timeouts``."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.pace import current
from sandbox.provider.rows.schema import Built, ResourceType
from sandbox.provider.rows.values import Value, plain

#: Of an operation for which the schema names none: Terraform's own (helper/schema DefaultTimeout).
_TWENTY_MINUTES = 1200.0
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 0.000001, "ns": 0.000000001}
_PART = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)")


def patience(resource: ResourceType, operation: str, inputs: Mapping[str, Value], custom: float) -> float:
    """Return the seconds that an operation may take here; ``custom`` are the engine's customTimeouts.

    An update that has no time-out of its own waits as long as a create (permission_set_inline_policy.go), and
    then customTimeouts are ignored with a warning, as for every operation that the schema has not.
    """
    default = resource.timeouts.get(operation) or resource.timeouts.get("create") or _TWENTY_MINUTES
    if resource.built_on is Built.SDK:
        seconds = custom if custom and operation in resource.timeouts else default
    else:
        given: Any = (plain(inputs).get("timeouts") or {}).get(operation)
        seconds = duration(given) if given else default
    pace = current()
    return pace.here(seconds * pace.timeouts)


def duration(text: str) -> float:
    """Return the seconds of a duration as Go writes it: ``90m``, ``1h30m``, ``2.5s``."""
    parts = _PART.findall(text)
    if not parts or "".join("".join(part) for part in parts) != text:
        raise ValueError(f"timeouts: {text!r} is no duration; write it as 30m or 1h30m")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
