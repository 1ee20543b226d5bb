"""The id by which Pulumi imports each resource of a plan: what the instance holds in its place."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.provider_ids import HELD_TYPES, Key
from identity_center.model.plan.planned import (
    ACCOUNT_ACCESS,
    APPLICATION,
    GROUP,
    PERMISSION_SET,
    USER,
    Id,
    Plan,
    PlannedResource,
    Ref,
    Secret,
)

#: Types that others refer to, and where in the import id their own id or ARN stands.
_OWN: Final = {
    USER: ("/", 1),
    GROUP: ("/", 1),
    PERMISSION_SET: (",", 0),
    APPLICATION: (",", 0),
    ACCOUNT_ACCESS: (",", 0),
}


@dataclass(frozen=True)
class Imports:
    """A plan beside what the instance holds."""

    plan: Plan
    ids: Mapping[Id, str]
    """What to import each resource by; those that the instance does not have are not among them."""
    known_as: Mapping[Id, str]
    """Of those that others refer to: their own id or ARN, without what makes an import id of it."""
    said: Mapping[tuple[str, Key], str]
    """Key in the model of what the instance holds, by type and by what AWS keeps unique of it."""

    @property
    def absent(self) -> Iterator[PlannedResource]:
        """What would be made, since the instance does not have it."""
        return (each for each in self.plan if not each.is_component and each.id not in self.ids)


def imports_of(plan: Plan, existing: Existing) -> Imports:
    """Find what the instance holds in the place of each resource of a plan.

    Of several that could be meant, such as two applications of one name, nobody can tell which it is: none.
    """
    held = {kind: _by_key(kind, existing) for kind in HELD_TYPES}
    ids: dict[Id, str] = {}
    known_as: dict[Id, str] = {}
    said: dict[tuple[str, Key], str] = {}
    for each in plan:
        key = _key(each, known_as)
        found = held[each.type].get(key, []) if key is not None else []
        if key is not None and len(found) == 1:
            ids[each.id], said[each.type, key] = found[0], each.key
            if each.type in _OWN:
                separator, place = _OWN[each.type]
                known_as[each.id] = found[0].split(separator)[place]
    return Imports(plan, ids, known_as, said)


def _by_key(kind: str, existing: Existing) -> dict[Key, list[str]]:
    found = defaultdict[Key, list[str]](list)
    for each in HELD_TYPES[kind].held(existing):
        found[each.key].append(each.id)
    return found


def _key(planned: PlannedResource, known_as: Mapping[Id, str]) -> Key | None:
    """Say what is meant by a resource; None where it refers to what is not there."""
    if planned.type not in HELD_TYPES:
        return None
    try:
        return HELD_TYPES[planned.type].key(opened(planned.inputs, known_as))
    except KeyError:
        return None


def opened(value: object, known_as: Mapping[Id, str]) -> Any:  # noqa: ANN401 - an input may be anything
    """Put what others are known by in the place of references, and open secrets."""
    if isinstance(value, Ref):
        return known_as.get(Id(value.type, value.key))
    if isinstance(value, Secret):
        return opened(value.value, known_as)
    if isinstance(value, Mapping):
        return {name: opened(each, known_as) for name, each in value.items()}
    return [opened(each, known_as) for each in value] if isinstance(value, list | tuple) else value
