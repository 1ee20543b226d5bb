"""What a reader found in one file: resources, where each of them stands, and what nobody looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from identity_guard.stack.resources import Resource

KeyPath = tuple[str | int, ...]


class NotThisFormError(ValueError):
    """The text says of itself what it is, and is not laid out so. The message says where."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in its file."""

    name: str
    """Logical id, address or name: what people call it."""
    path: KeyPath = ()
    """The keys and numbers that lead to it."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """One part of a file that nobody looked at, and why."""

    why: str
    place: Place | None = None
    undecided: bool = False
    """Whether the file would tell but for its expressions or mistakes: then nobody knows the verdict."""


@dataclass
class Reading:
    """All that one file holds for the rules."""

    resources: dict[str, Resource] = field(default_factory=dict)
    """By URN."""
    places: dict[str, Place] = field(default_factory=dict)
    """By URN."""
    unseen: list[Unseen] = field(default_factory=list)

    def add(self, resource: Resource, place: Place) -> None:
        """Take in a resource that stands at a place."""
        self.resources[resource.urn] = resource
        self.places[resource.urn] = place

    def add_all(self, other: "Reading", prefix: str = "") -> None:
        """Take in what another text holds that stands in this one; `prefix` goes before its names."""
        self.resources |= other.resources
        self.places |= {urn: Place(f"{prefix}{each.name}", each.path) for urn, each in other.places.items()}
        self.unseen += other.unseen


def made_up_urn(form: str, kind: str, name: str) -> str:
    """Return a URN for what has none; an exception may name it by its end, TYPE::NAME."""
    return f"urn:pulumi:file::{form}::{kind}::{name}"


IS_MADE_UP: Final = "urn:pulumi:file::"


def texts(value: object) -> Sequence[str]:
    """Return the texts of a list, or of a single text; nothing where it is neither."""
    every = [value] if isinstance(value, str) else value
    return [each for each in every if isinstance(each, str)] if isinstance(every, list | tuple) else []


def objects(value: object) -> list[Mapping[str, object]]:
    """Return the objects of a list; nothing where it is no list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
