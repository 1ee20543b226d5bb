"""Which names of a model an instance has already, by a snapshot of it instead of by AWS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from identity_center.model.access.grants import Access
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.names_held import has_no_addresses, names_held
from identity_center.model.mistakes import Mistake
from identity_center.model.plan.name_changes import name_changes, taken
from identity_center.model.plan.planned import COMPONENTS, USER
from identity_center.model.plan.unique_names import TYPES, UNIQUE, Holder, State, holder
from identity_center_cli.stacks.deployment import Deployment
from identity_center_cli.stacks.planned import plan_of
from identity_center_cli.stacks.recorded import plain


@dataclass(frozen=True)
class Instance:
    """What is there before a run."""

    existing: Existing
    state: Mapping[str, Any] | None
    """The stack's exported state; None for a stack that has none yet."""


def taken_names(access: Access, instance: Instance) -> tuple[list[Mistake], list[str]]:
    """Return the names that a run would be refused for, and what the snapshot does not tell."""
    state = State(tuple(_holders(instance.state))) if instance.state else State()
    changes = name_changes(plan_of(access), state)
    types = {each.kind.type for each in changes.unknown}
    in_use = names_held(instance.existing, types)
    kinds = {unique.type: unique.kind for unique in UNIQUE}
    unseen = [
        f"whether AWS has the name of a new {kinds[each]}: {why}" for each, why in in_use.unseen.items()
    ]
    if USER in in_use.found and has_no_addresses(instance.existing):
        unseen.append("whether AWS has the e-mail address of a new user: the snapshot has none of any user")
    return [*changes.mistakes, *taken(changes.unknown, in_use.found, state)], unseen


def _holders(state: Mapping[str, Any]) -> Iterator[Holder]:
    """Yield what of a state has a name that AWS keeps unique."""
    for each in Deployment(state).resources:
        *_, types, key = each["urn"].split("::", 3)
        outermost, kind = types.split("$", 1)[0], types.rsplit("$", 1)[-1]
        if kind in TYPES and outermost.startswith(COMPONENTS) and not each.get("delete"):
            yield holder(kind, plain(each.get("outputs") or {}), outermost, key)
