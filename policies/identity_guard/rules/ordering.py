"""Whether what limits an identity is made before what it limits.

In an update a resource is judged by what was made before it, so a limit that comes late refuses what it would
have limited. A preview sees the dependencies, and can say so in time.
"""

from collections.abc import Iterable, Iterator, Mapping

from identity_guard.iam.statement import Effect

from .identities import HeldPolicy, Identity
from .stack import Resource
from .view import View


def limiting_holders(identity: Identity, view: View) -> dict[str, Resource]:
    """Return the resources, besides the identity itself, that bring its boundary or a Deny; by URN."""
    held = [*identity.limits, *(each for each in _all_grants(identity, view) if _denies(each, view))]
    own = identity.resource.urn if identity.resource else None
    return {each.holder.urn: each.holder for each in held if each.holder.urn != own}


def without(identity: Identity, holders: Mapping[str, Resource], view: View) -> Identity:
    """Return the identity as it is before some resources are made, its groups' policies as its own."""
    return Identity(
        identity.key,
        identity.resource,
        grants=[each for each in _all_grants(identity, view) if each.holder.urn not in holders],
        limits=[each for each in identity.limits if each.holder.urn not in holders],
    )


def unordered(
    later: Iterable[Resource], first: Iterable[Resource], view: View
) -> Iterator[tuple[Resource, Resource]]:
    """Yield every pair of which nothing makes the second come before the first."""
    needed = list(first)
    for resource in later:
        before = made_before(resource, view)
        yield from ((resource, other) for other in needed if other.urn not in before)


def made_before(resource: Resource, view: View) -> set[str]:
    """Return the URNs of all that a resource depends on, directly or through others."""
    seen: set[str] = set()
    open_ends = [resource.dependencies]
    while open_ends:
        for urn in open_ends.pop() - seen:
            seen.add(urn)
            open_ends.append(view.dependencies(urn))
    return seen


def _all_grants(identity: Identity, view: View) -> list[HeldPolicy]:
    groups = [found for key in identity.groups if (found := view.identities.by_key.get(key))]
    return [*identity.grants, *(each for group in groups for each in group.grants)]


def _denies(held: HeldPolicy, view: View) -> bool:
    statements = view.documents.resolve(held).attachment.statements
    return any(statement.effect is Effect.DENY for statement in statements)
