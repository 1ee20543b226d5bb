"""Property values on the wire: plain JSON, with marks for a secret and for what is not known yet.

The engine writes a secret as an object with a signature, and an unknown as one of a few reserved texts
(sdk/go/common/resource: ``plugin.UnknownStringValue`` and its siblings). Here they are ``Secret`` and
``UNKNOWN``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import json_format, struct_pb2

Value = Any
"""None, bool, int, float, str, a list, a dict, ``Secret`` or ``UNKNOWN``."""

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature of the protocol, no secret
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWN_TEXTS = frozenset(
    {
        _UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


class _Unknown:
    """A value that only the update itself will give."""

    def __repr__(self) -> str:
        """Name it in errors."""
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that must not be shown; ``repr`` hides it, so that no log or error shows it by accident."""

    value: Value

    def __repr__(self) -> str:
        """Hide the value."""
        return "Secret(...)"


def from_wire(struct: struct_pb2.Struct) -> dict[str, Value]:
    """Read the properties of a request."""
    plain: dict[str, Any] = json_format.MessageToDict(struct)
    return {key: _read(value) for key, value in plain.items()}


def _read(value: Value) -> Value:
    if isinstance(value, dict):
        return _read_object(value)
    if isinstance(value, list):
        return [_read(item) for item in value]
    if isinstance(value, str) and value in _UNKNOWN_TEXTS:
        return UNKNOWN
    # The wire has one type of number.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _read_object(value: dict[str, Any]) -> Value:
    signature = value.get(_SIGNATURE)
    if signature == _SECRET:
        return Secret(_read(value.get("value")))
    if signature == _OUTPUT:
        inner = _read(value["value"]) if "value" in value else UNKNOWN
        return Secret(inner) if value.get("secret") else inner
    return {key: _read(item) for key, item in value.items()}


def to_wire(properties: Mapping[str, Value]) -> struct_pb2.Struct:
    """Write the properties of an answer; what is None is left out."""
    struct = struct_pb2.Struct()
    json_format.ParseDict(
        {key: _write(value) for key, value in properties.items() if value is not None}, struct
    )
    return struct


def _write(value: Value) -> Value:
    if value is UNKNOWN:
        return _UNKNOWN_TEXT
    if isinstance(value, Secret):
        return {_SIGNATURE: _SECRET, "value": _write(value.value)}
    if isinstance(value, (list, tuple)):
        return [_write(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _write(item) for key, item in value.items() if item is not None}
    return value


def plain(value: Value) -> Value:
    """Take the marks of secrets off, at every depth."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def has_unknown(value: Value) -> bool:
    """Say whether anything in a value is not known yet."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(has_unknown(item) for item in value)
    return False


def has_secret(value: Value) -> bool:
    """Say whether anything in a value is secret."""
    if isinstance(value, Secret):
        return True
    if isinstance(value, Mapping):
        return any(has_secret(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(has_secret(item) for item in value)
    return False


def marked(value: Value, like: Value) -> Value:
    """Mark as secret in ``value`` what is secret in ``like``; all of it where their forms differ."""
    if isinstance(like, Secret):
        return value if isinstance(value, Secret) else Secret(value)
    if not has_secret(like) or isinstance(value, Secret):
        return value
    both_objects = isinstance(value, Mapping) and isinstance(like, Mapping)
    if both_objects and {key for key, item in like.items() if has_secret(item)} <= set(value):
        return {key: marked(item, like.get(key)) for key, item in value.items()}
    same_length = isinstance(value, list) and isinstance(like, list) and len(value) == len(like)
    if same_length and all(plain(one) == plain(other) for one, other in zip(value, like, strict=True)):
        return [marked(item, other) for item, other in zip(value, like, strict=True)]
    return Secret(value)


def without_secrets(message: str, values: Value) -> str:
    """Take the secrets of some values out of a message that may quote them."""
    for secret in sorted(_secret_texts(values), key=len, reverse=True):
        message = message.replace(secret, "[secret]")
    return message


def _secret_texts(value: Value, *, inside: bool = False) -> set[str]:
    if isinstance(value, Secret):
        return _secret_texts(value.value, inside=True)
    if isinstance(value, Mapping):
        return {text for item in value.values() for text in _secret_texts(item, inside=inside)}
    if isinstance(value, (list, tuple)):
        return {text for item in value for text in _secret_texts(item, inside=inside)}
    return {value} if inside and isinstance(value, str) and value else set()
