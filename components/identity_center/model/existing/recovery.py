"""What became of what an interrupted update was doing, told by what AWS has. Nothing is changed here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from .existing import Existing
from .provider_ids import HELD_TYPES, Held, Key, written_id

MISSING_ID: Final = "missing ID"
"""The id in the state of a type that has none. Source: pulumi-terraform-bridge, pkg/tfbridge/info.go."""


class Operation(Enum):
    """What the engine was doing, in its words (pulumi/sdk/go/common/apitype, OperationType)."""

    CREATING = "creating"
    UPDATING = "updating"
    DELETING = "deleting"
    READING = "reading"
    IMPORTING = "importing"
    PLANNED = "planned"
    """Not the engine's: nothing was recorded, the program wants it and the state does not have it."""


class Outcome(Enum):
    """What became of it; the value is what people read."""

    TAKEN_IN = "was made and is not in the state: it is taken in"
    LOOKED_FOR = "may have been made: it is taken into the state if it is there under its id"
    NOT_MADE = "was not made: the next update makes it"
    READ_AGAIN = "was being changed: what the state says of it is read again"
    GONE = "is in the state and not in AWS: it is taken out of the state"
    UNDECIDED = "cannot be told"


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A resource that an update was at, or that the program wants and the state does not have."""

    operation: Operation
    type: str
    urn: str
    inputs: Mapping[str, Any]
    id: str = ""
    """Its id in the state, where it has one."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A resource of the state that its provider made."""

    type: str
    urn: str
    id: str
    inputs: Mapping[str, Any]
    is_read: bool = True
    """Whether the state knows its outputs: an interrupted recovery leaves what was taken in without."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one resource, and what the state is to say of it."""

    operation: Operation | None
    """None: a resource of the state that no update was at."""
    type: str
    urn: str
    outcome: Outcome
    id: str = ""
    """The provider's id of what is taken in."""
    why: str = ""
    """Why it cannot be told."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of resources that the command cannot tell of, by URN."""

    made: Mapping[str, str] = field(default_factory=dict)
    """The ids of those that were made."""
    not_made: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Beside:
    """Ids of what other services hold, by type and name: control policies, IAM policies and the like."""

    ids: Mapping[tuple[str, str], str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    """The types of which everything was asked for."""


def what_became(
    interrupted: Iterable[Interrupted],
    recorded: Iterable[Recorded],
    existing: Existing,
    beside: Beside,
    told: Told,
) -> tuple[Found, ...]:
    """Tell of each resource what became of it; of one in the state that is as it was, nothing is said."""
    listed = list(recorded)
    seen = _Seen(existing, beside, listed)
    found = [_became(each, seen, told) for each in interrupted]
    named = {each.urn for each in found}
    return (*found, *(gone for each in listed if each.urn not in named for gone in _gone(each, seen)))


class _Seen:
    """What AWS was seen to have, ready to be asked for one thing after the other."""

    def __init__(self, existing: Existing, beside: Beside, recorded: list[Recorded]) -> None:
        self.existing, self.beside = existing, beside
        self._ids: dict[str, set[str]] = {}
        self._by_key: dict[str, dict[Key, list[Held]]] = {}
        self.urns = {each.urn for each in recorded}
        # Of types without an id, what the state has is known by its key alone.
        self._taken = {(each.type, each.id) for each in recorded}
        self._taken_keys = {(each.type, key_of(each)) for each in recorded if each.id == MISSING_ID}

    def _read(self, kind: str) -> None:
        if kind not in self._by_key:
            by_key: dict[Key, list[Held]] = defaultdict(list)
            for held in HELD_TYPES[kind].held(self.existing):
                by_key[held.key].append(held)
            self._by_key[kind] = by_key
            self._ids[kind] = {each.id for several in by_key.values() for each in several}

    def unread(self, kind: str) -> str:
        """Say why nothing is known of things of a type; empty where everything is."""
        if kind not in HELD_TYPES:
            return "this command does not know how to look for one"
        part = HELD_TYPES[kind].part
        if self.existing.knows(part):
            return ""
        whys = [str(each) for each in self.existing.unread if each.part == part.value]
        return f"AWS did not say: {whys[0]}" if whys else "AWS was not asked"

    def has(self, recorded: Recorded) -> bool:
        """Tell whether AWS has a resource of the state."""
        self._read(recorded.type)
        if recorded.id == MISSING_ID:
            return key_of(recorded) in self._by_key[recorded.type]
        return recorded.id in self._ids[recorded.type]

    def new_ids(self, kind: str, key: Key) -> list[str]:
        """Return the ids of what AWS has of this key and the state does not."""
        self._read(kind)
        if (kind, key) in self._taken_keys:
            return []
        found = self._by_key[kind].get(key, ())
        return [each.id for each in found if not each.is_empty and (kind, each.id) not in self._taken]


def key_of(resource: Interrupted | Recorded) -> Key | None:
    """Return what is meant by a resource's inputs; None where they do not say it."""
    try:
        return HELD_TYPES[resource.type].key(resource.inputs)
    except (KeyError, TypeError, AttributeError):
        return None


def _became(each: Interrupted, seen: _Seen, told: Told) -> Found:
    def outcome(became: Outcome, identifier: str = "", why: str = "") -> Found:
        return Found(each.operation, each.type, each.urn, became, identifier, why)

    if each.operation not in (Operation.CREATING, Operation.PLANNED):
        return outcome(Outcome.READ_AGAIN if each.urn in seen.urns else Outcome.NOT_MADE)
    if each.urn in told.made:
        return outcome(Outcome.TAKEN_IN, told.made[each.urn])
    if each.urn in told.not_made:
        return outcome(Outcome.NOT_MADE)
    return outcome(*_looked_for(each, seen))


def _looked_for(each: Interrupted, seen: _Seen) -> tuple[Outcome, str, str]:
    """Look for what was to be made, and is not known to have been."""
    if each.type not in HELD_TYPES:
        return _beside(each, seen)
    foreign = _foreign(each.inputs, seen.existing)
    unread = foreign or seen.unread(each.type)
    if unread:
        return Outcome.UNDECIDED, "", unread
    key = key_of(each)
    if key is None:
        return Outcome.UNDECIDED, "", "its inputs do not say which one it is"
    ids = seen.new_ids(each.type, key)
    if len(ids) > 1:
        return Outcome.UNDECIDED, "", f"AWS has {len(ids)} that could be meant: {', '.join(sorted(ids))}"
    return (Outcome.TAKEN_IN, ids[0], "") if ids else (Outcome.NOT_MADE, "", "")


def _beside(each: Interrupted, seen: _Seen) -> tuple[Outcome, str, str]:
    written = written_id(each.type, each.inputs)
    if written is not None:
        return Outcome.LOOKED_FOR, written, ""
    if each.type not in seen.beside.asked:
        return Outcome.UNDECIDED, "", seen.unread(each.type)
    known = seen.beside.ids.get((each.type, str(each.inputs.get("name", ""))))
    return (Outcome.TAKEN_IN, known, "") if known else (Outcome.NOT_MADE, "", "")


def _foreign(inputs: Mapping[str, Any], existing: Existing) -> str:
    """Say that a resource belongs to another instance than the one that was read."""
    mine = {"instanceArn": existing.instance_arn, "identityStoreId": existing.identity_store_id}
    others = [str(inputs[name]) for name, own in mine.items() if inputs.get(name) not in (None, own)]
    return f"it belongs to {others[0]}, and {existing.instance_arn} was read" if others else ""


def _gone(each: Recorded, seen: _Seen) -> Iterator[Found]:
    """Yield a resource of the state that AWS does not have, or that was taken in and never read."""
    if not each.is_read:
        yield Found(None, each.type, each.urn, Outcome.READ_AGAIN)
        return
    is_known = each.type in HELD_TYPES and not seen.unread(each.type)
    if is_known and not _foreign(each.inputs, seen.existing) and not seen.has(each):
        yield Found(None, each.type, each.urn, Outcome.GONE)
