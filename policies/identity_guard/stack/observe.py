"""What the engine hands a policy, as plain values in which the unknown is marked.

In a preview some values are not known yet. The policy SDK raises UnknownValueError wherever such a value is
touched, which ends the policy's whole callback and turns a mandatory rule into a notice; and it lets two
kinds pass: a slice of a list, and a text that the unknown is only a part of. So properties are copied here
once, value by value, with `NotYetKnown` in place of what is unknown, and rules ask for `Known`,
`NotYetKnown` or `Absent`.

Secrets arrive in clear and without a mark (pulumi/pulumi-policy issue 241). They are evaluated like
anything else; `Known.value` must never reach a message unless it is a kind of value known to be harmless.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pulumi_policy import proxy
from pulumi_policy.proxy import UnknownValueError

SENTINELS: Final = (
    proxy.UNKNOWN_ARCHIVE_VALUE,
    proxy.UNKNOWN_ARRAY_VALUE,
    proxy.UNKNOWN_ASSET_VALUE,
    proxy.UNKNOWN_BOOLEAN_VALUE,
    proxy.UNKNOWN_NUMBER_VALUE,
    proxy.UNKNOWN_OBJECT_VALUE,
    proxy.UNKNOWN_STRING_VALUE,
)
"""How the engine writes an unknown value (sdk/go/common/resource/plugin/rpc.go)."""
_SHORTEST_SENTINEL: Final = min(map(len, SENTINELS))


@dataclass(frozen=True, slots=True)
class Known:
    """A value that is known in all its parts."""

    value: Any = field(repr=False)
    """Plain: text, number, truth value, None, list or dict. It may be a secret, so it is not shown."""


@dataclass(frozen=True, slots=True)
class NotYetKnown:
    """A value of which at least one part is known only after the update."""

    path: str
    """The place of the first unknown part, such as `managedPolicyArns[1]`."""


@dataclass(frozen=True, slots=True)
class PartlyKnown(NotYetKnown):
    """A value of which somebody knows the bounds: a policy of a template in which a parameter stands.

    Whoever does not ask for the bounds sees a value that is not known. The engine hands out none of these.
    """

    least: Any = field(default=None, repr=False)
    """What it comes to where every open part takes its default, or else gives as little as it can.

    None where that is nothing that can be written.
    """
    most: Any = field(default=None, repr=False)
    """What it comes to where every open part gives as much as it can; None where that may be anything."""
    asks_only: frozenset[str] | None = None
    """Of a policy: the condition keys, in small letters, that it has; None where it may have others."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A property that is not set."""


Observed = Known | NotYetKnown | Absent
ABSENT: Final = Absent()


class Properties:
    """The properties of one resource, copied once and then read without surprises."""

    __slots__ = ("_values",)

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Copy what a policy callback got: the SDK's proxies, or plain values."""
        self._values: dict[str, Any] = _copy_mapping(raw, "")

    def __bool__(self) -> bool:
        """Say whether there are any properties."""
        return bool(self._values)

    def get(self, *path: str) -> Observed:
        """Return what is known of the property at this path, all of its parts included."""
        value: Any = self._values
        for name in path:
            if isinstance(value, NotYetKnown):
                return value
            if not isinstance(value, dict) or name not in value:
                return ABSENT
            value = value[name]
        return _observed(value)

    def text(self, *path: str) -> str | None:
        """Return the text at this path; None where there is none, or none that is known."""
        return text_of(self.get(*path))

    def listed(self, *path: str) -> list[Any]:
        """Return the list at this path; an empty one where there is none that is known as a whole."""
        observed = self.get(*path)
        return observed.value if isinstance(observed, Known) and isinstance(observed.value, list) else []

    def members(self, *path: str) -> tuple[Observed, ...]:
        """Return each member of a list by itself, so that one unknown member hides no other.

        A list that is unknown as a whole is one unknown member; a single value counts as a list of one.
        """
        value: Any = self._values
        for name in path:
            if isinstance(value, NotYetKnown):
                return (value,)
            if not isinstance(value, dict) or name not in value:
                return ()
            value = value[name]
        if value is None:
            return ()
        if isinstance(value, list):
            return tuple(_observed(each) for each in value)
        return (_observed(value),)


def text_of(observed: Observed) -> str | None:
    """Return a text that is known; None for everything else."""
    return observed.value if isinstance(observed, Known) and isinstance(observed.value, str) else None


def part_of(observed: Observed, *path: str) -> Observed:
    """Return a part of a known object, as `Properties.get` does."""
    if not isinstance(observed, Known):
        return observed
    value = observed.value
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return ABSENT
        value = value[name]
    return ABSENT if value is None else Known(value)


def _observed(value: Any) -> Observed:  # noqa: ANN401 - a property may hold anything
    if value is None:
        return ABSENT
    if isinstance(value, str):
        return Known(value)
    unknown = next(_unknown_parts(value), None)
    return unknown or Known(value)


def _unknown_parts(value: Any) -> Iterator[NotYetKnown]:  # noqa: ANN401 - a property may hold anything
    if isinstance(value, NotYetKnown):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _unknown_parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _unknown_parts(each)


def _copy_mapping(raw: Mapping[str, Any], place: str) -> dict[str, Any]:
    copied: dict[str, Any] = {}
    # The keys can be listed safely; `items()` would raise at the first unknown value.
    for name in raw:
        path = f"{place}.{name}" if place else str(name)
        try:
            copied[str(name)] = _copy(raw[name], path)
        except UnknownValueError:
            copied[str(name)] = NotYetKnown(path)
    return copied


def _copy_sequence(raw: Sequence[Any], place: str) -> list[Any]:
    copied: list[Any] = []
    # By index, one at a time: a slice would hand out the unknown as an ordinary text.
    for index in range(len(raw)):
        path = f"{place}[{index}]"
        try:
            copied.append(_copy(raw[index], path))
        except UnknownValueError:
            copied.append(NotYetKnown(path))
    return copied


def _holds_unknown(text: str) -> bool:
    """Say whether a text is unknown, or a part of it; most are too short to hold what stands for that."""
    if len(text) >= _SHORTEST_SENTINEL:
        for sentinel in SENTINELS:
            if sentinel in text:
                return True
    return False


def _copy(value: Any, place: str) -> Any:  # noqa: ANN401 - a property may hold anything
    if isinstance(value, str):
        return NotYetKnown(place) if _holds_unknown(value) else value
    if isinstance(value, Mapping):
        return _copy_mapping(value, place)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return _copy_sequence(value, place)
    return value
