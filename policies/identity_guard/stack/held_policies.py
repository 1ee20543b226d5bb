"""What a resource puts on an identity: policies, and lists of all that it has of a kind."""

from dataclasses import dataclass

from .observe import Absent, Known, Observed, part_of, text_of
from .resource_types import Content, ListRow, PolicyRow
from .resources import Resource


@dataclass(frozen=True, slots=True)
class HeldPolicy:
    """A policy that a resource puts on an identity."""

    holder: Resource
    content: Content
    observed: Observed
    name: str | None = None
    """The name of an inline policy, where it has one that is known."""
    sources: tuple[str, ...] = ()
    """URNs of the policies that the property depends on."""


@dataclass(frozen=True, slots=True)
class WholeList:
    """A list of all that an identity has of one kind: what is not on it is taken off."""

    holder: Resource
    content: Content
    members: tuple[object, ...] = ()
    """ARNs and references that are known."""
    names: frozenset[str] = frozenset()
    """Of inline policies."""
    sources: tuple[str, ...] = ()
    """URNs of the policies that the list depends on."""


def held_by(holder: Resource, row: PolicyRow) -> list[HeldPolicy]:
    """Return the policies that a property of a resource puts on an identity."""
    sources = tuple(holder.by_property.get(row.at[0], ()))
    members = holder.declared.members(*row.at)
    if row.content is not Content.NAMED_DOCUMENTS:
        name = text_of(holder.identifier("name")) if row.content is Content.DOCUMENT else None
        return [
            HeldPolicy(holder, row.content, each, name, sources)
            for each in members
            if not isinstance(each, Absent)
        ]
    return [held for each in members if (held := _named_document(holder, each)) is not None]


def _named_document(holder: Resource, member: Observed) -> HeldPolicy | None:
    document = part_of(member, "policy")
    if isinstance(document, Absent):
        return None
    return HeldPolicy(holder, Content.DOCUMENT, document, text_of(part_of(member, "name")))


def whole_list(holder: Resource, row: ListRow) -> WholeList:
    """Return the list that a property of a resource is."""
    members = holder.declared.members(*row.at)
    known = tuple(each.value for each in members if isinstance(each, Known))
    if row.content is not Content.DOCUMENT:
        return WholeList(holder, row.content, known, sources=tuple(holder.by_property.get(row.at[0], ())))
    names = (each.get("name") if isinstance(each, dict) else each for each in known)
    return WholeList(holder, row.content, names=frozenset(name for name in names if isinstance(name, str)))


def policies_held(held: HeldPolicy) -> tuple[str, ...]:
    """Return the ARN of a managed policy that is held, or else the URNs that it may come from."""
    arn = text_of(held.observed) if held.content is Content.MANAGED else None
    return held.sources if arn is None else (arn,)
