"""What ties things together and is in AWS already, while the stack's state does not have it.

An update that fell leaves it, or somebody's hand. AWS or the provider refuses to make it once more, in the
middle of the next update: an assignment and a membership at once, a customer-managed policy after an hour of
tries (terraform-provider-aws, internal/service/ssoadmin/service_package.go). What has a name of its own is
looked for by that name instead.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from identity_center.model.mistakes import Mistake
from identity_center.model.plan.planned import (
    APPLICATION_ASSIGNMENT,
    ASSIGNMENT,
    CUSTOMER_POLICY,
    ENTITLEMENT,
    MEMBERSHIP,
    Id,
    PlannedResource,
    Ref,
)

from .existing import Existing
from .provider_ids import HELD_TYPES, Key

#: By type: the key of the model that says it, and what people call several of them.
LINKS: Final[Mapping[str, tuple[str, str]]] = {
    MEMBERSHIP: ("groups", "members of groups"),
    CUSTOMER_POLICY: ("permissionSets", "customer-managed policies of permission sets"),
    ASSIGNMENT: ("assignments", "account assignments"),
    APPLICATION_ASSIGNMENT: ("applications", "assignments of applications"),
    ENTITLEMENT: ("accountAccess", "role entitlements"),
}
Outputs: TypeAlias = Mapping[Id, Mapping[str, Any]]
"""The resources of the state, with what the provider said of them."""
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that a run is to make, between things that are there."""

    type: str
    name: str
    """Its name in the stack, such as `developers/ada`."""
    inputs: Mapping[str, Any]

    @property
    def key(self) -> Key:
        """What makes it the one that is meant."""
        return HELD_TYPES[self.type].key(self.inputs)


def new_links(plan: Iterable[PlannedResource], state: Outputs) -> tuple[NewLink, ...]:
    """Find the links that the state does not have, between things that it has."""
    return tuple(
        NewLink(each.type, each.key, inputs)
        for each in plan
        if each.type in LINKS and not _is_recorded(each, state)
        if (inputs := _resolved(each.inputs, state)) is not None
    )


def _is_recorded(each: PlannedResource, state: Outputs) -> bool:
    return any(Id(each.type, name) in state for name in (each.key, *each.former_names))


def _resolved(value: Any, state: Outputs) -> Any:  # noqa: ANN401  # any property
    """Put the state's values in the place of references; None where one is not there."""
    if isinstance(value, Ref):
        return state.get(Id(value.type, value.key), {}).get(value.output)
    if isinstance(value, Mapping):
        inner = {name: _resolved(each, state) for name, each in value.items()}
        return None if None in inner.values() else inner
    return value


def already_there(links: Sequence[NewLink], existing: Existing) -> Iterator[Mistake]:
    """Refuse to make what AWS has, in one line for each kind."""
    kinds = {each.type for each in links}
    held = {kind: {each.key for each in HELD_TYPES[kind].held(existing)} for kind in kinds}
    found = [each for each in links if each.key in held[each.type]]
    for kind, count in Counter(each.type for each in found).items():
        section, words = LINKS[kind]
        names = [each.name for each in found if each.type == kind]
        more = f" and {count - _MOST_NAMED} more" if count > _MOST_NAMED else ""
        yield Mistake(
            (section,),
            f"AWS has {words} already that this stack's record does not have: "
            f"{', '.join(names[:_MOST_NAMED])}{more}",
            "an update that was interrupted left them, or somebody made them by hand: look, then take them "
            "in with `identity-center recover`",
        )
