"""Permission sets with all their parts, as the model says them."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from identity_center.model.aws.partitions import partition_of
from identity_center.model.existing.objects import Boundary, PermissionSet
from identity_center.model.existing.owners import CONTROL_TOWER, CONTROL_TOWER_SETS, RESERVED, owner_by_tags
from identity_center.model.existing.parts import Part
from identity_center.model.existing.things import TEXTS_OF_A_SET, Kind, Thing
from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.keys.values import DEFAULT_SESSION, camel_case
from identity_center.model.language.policies import resolve_managed_policy

from .keys import key_of_words
from .proposal import Adopting, Place, Said, customer_policy, problem_of, referred_to

#: What has to be read of a set before the model can say it: what is not said would be taken away.
_NEEDED: Final = (
    Part.PERMISSION_SETS,
    Part.MANAGED_POLICIES,
    Part.CUSTOMER_MANAGED_POLICIES,
    Part.INLINE_POLICIES,
    Part.BOUNDARIES,
    Part.TAGS,
)

KEY_OF: Final = {
    Kind.SESSION: "sessionDuration",
    Kind.DESCRIPTION: "description",
    Kind.RELAY_STATE: "relayState",
    Kind.INLINE_POLICY: "inlinePolicy",
    Kind.BOUNDARY: "permissionsBoundary",
}
"""The key of a part of which a set has one."""


class PermissionSets:
    """The permission sets that the model has or gets."""

    def __init__(self, adopting: Adopting) -> None:
        self._adopting = adopting
        self._keys: dict[str, str] = dict(adopting.model.sets)
        self._why: dict[str, str] = {}
        self._names = {each.name.casefold() for each in adopting.model.declared.permission_sets.values()}

    def key(self, arn: str) -> str | None:
        """Return the key of a permission set, which becomes one of somebody else's where it is; else None."""
        one = self._adopting.existing.set_of.get(arn)
        if arn not in self._keys and one is not None and is_control_towers(one):
            key = self._adopting.model.set_keys.take([key_of_words(one.label)], "permission-set", arn)
            self._keys[arn] = key
            self._adopting.proposal.add("externalPermissionSets", key, {"name": one.label})
        return self._keys.get(arn)

    def can_be_named(self, arn: str) -> bool:
        """Tell whether the model has the set or may refer to it, without adding anything."""
        one = self._adopting.existing.set_of.get(arn)
        return arn in self._keys or (one is not None and is_control_towers(one))

    def why(self, arn: str) -> str:
        """Say why a permission set is not in the model."""
        return self._why.get(arn, "its permission set is not in the model")

    def add_sets(self) -> dict[str, Said]:
        """Return every set that the model has not, by key; note those that it cannot have."""
        added: dict[str, Said] = {}
        for one in sorted(self._adopting.existing.permission_sets, key=lambda each: (each.label, each.arn)):
            if one.arn not in self._keys:
                self._add(one, added)
        return added

    def add_parts(self, parts: Iterable[Thing]) -> None:
        """Add parts that sets of the model got since: what a set says already is not said in another way."""
        by_name = {one.label: one for one in self._adopting.existing.permission_sets}
        for thing in sorted(parts, key=lambda each: (each.kind.value, each.names)):
            one = by_name.get(thing.names[0])
            key = None if one is None else self._keys.get(one.arn)
            if one is not None and key is not None:
                self._add_part(thing, one, ("permissionSets", key))

    def _add_part(self, thing: Thing, one: PermissionSet, place: Place) -> None:
        kind, names = thing
        proposal, said = self._adopting.proposal, dict(self.entry(one))
        match kind:
            case Kind.MANAGED_POLICY:
                proposal.append((*place, "managedPolicies"), self._managed(names[1]))
            case Kind.CUSTOMER_POLICY:
                path, _, name = names[1].rpartition("/")
                proposal.append((*place, "customerManagedPolicies"), customer_policy(f"{path}/", name))
            case Kind.TAG:
                proposal.mappings.setdefault((*place, "tags"), {})[names[1]] = (one.tags or {})[names[1]]
            case _:
                word = KEY_OF[kind]
                if word in said:
                    proposal.mappings.setdefault(place, {})[word] = said[word]

    def _add(self, one: PermissionSet, added: dict[str, Said]) -> None:
        entry = dict(self.entry(one))
        problem = self._problem(one) or problem_of("permissionSets", entry) or self._defaults_against(entry)
        if problem is not None:
            self._why[one.arn] = problem
            return
        key = self._adopting.model.set_keys.take([key_of_words(one.label)], "permission-set", one.arn)
        self._keys[one.arn] = key
        self._names.add(one.label.casefold())
        added[key] = entry
        owner = owner_by_tags(one.tags or {})
        if owner is not None:
            self._adopting.proposal.warnings.append(
                f"permission set {one.label}: its tags say that {owner} manages it; let go of it there "
                "first, without deleting it (docs/adopting.md)"
            )

    def tell_left_out(self) -> None:
        """Note which sets the model does not have, once all that assigns one was added."""
        for one in self._adopting.existing.permission_sets:
            why = self._why.get(one.arn)
            if why is not None:
                thing = Thing(Kind.PERMISSION_SET, (one.label,))
                self._adopting.proposal.leave_out(
                    f"permission set {one.label}", referred_to(why, one.arn in self._keys), thing
                )

    def _problem(self, one: PermissionSet) -> str | None:
        if is_control_towers(one):
            return f"{CONTROL_TOWER} makes it"
        unread = [part.value for part in _NEEDED if not self._adopting.existing.knows(part, one.arn)]
        if unread:
            return f"not read: {', '.join(unread)}"
        if one.label.casefold() in self._names:
            return "another permission set has a name that differs in case only"
        if one.inline_policy and _document(one.inline_policy) is None:
            return "its inline policy is not JSON"
        return None

    def _defaults_against(self, entry: Said) -> str | None:
        """Say what the model's defaults would give a set that does not have it, and let it say its own."""
        given = defaults_of(self._adopting.model.declared)
        if "sessionDuration" in given:
            entry.setdefault("sessionDuration", DEFAULT_SESSION)
        more = [name for name, value in given.items() if not _holds(entry.get(name), value)]
        if not more:
            return None
        return (
            f"`permissionSetDefaults` would give it `{more[0]}` that it does not have; move them from the "
            "defaults into the sets, and adopt again"
        )

    def entry(self, one: PermissionSet) -> Iterator[tuple[str, Any]]:
        """Yield what a model says of a set. AWS's own tags are nobody's to write."""
        said = {
            "name": one.name,
            **{camel_case(attribute): getattr(one, attribute) for attribute in TEXTS_OF_A_SET.values()},
            "sessionDuration": "" if one.session_duration == DEFAULT_SESSION else one.session_duration,
            "managedPolicies": sorted(map(self._managed, one.managed_policies or ())),
            "customerManagedPolicies": [
                customer_policy(policy.path, policy.name) for policy in one.customer_managed_policies or ()
            ],
            "inlinePolicy": _document(one.inline_policy or ""),
            "permissionsBoundary": self._boundary(one.boundary),
            "tags": {key: tag for key, tag in (one.tags or {}).items() if not key.startswith(RESERVED)},
        }
        yield from ((name, value) for name, value in said.items() if value)

    def _managed(self, arn: str) -> str:
        """Write an AWS-managed policy by its name where that alone says which is meant."""
        name = arn.rpartition("/")[2]
        partition = partition_of(self._adopting.existing.instance_arn)
        return name if resolve_managed_policy(name, partition, ()) == arn else arn

    def _boundary(self, boundary: Boundary | None) -> Said | None:
        if boundary is None:
            return None
        if boundary.customer_managed is not None:
            policy = boundary.customer_managed
            return {"customerManagedPolicy": customer_policy(policy.path, policy.name)}
        return {"managedPolicy": self._managed(boundary.managed_policy_arn)}


def is_control_towers(one: PermissionSet) -> bool:
    """Tell whether Control Tower makes a permission set, and makes it anew where somebody changes it."""
    return one.name in CONTROL_TOWER_SETS


def defaults_of(declared: AccessDeclaration) -> Said:
    """Return what every set of the model has that does not say otherwise, as far as it says something."""
    defaults = declared.permission_set_defaults
    return {} if defaults is None else {camel_case(name): value for name, value in defaults if value}


def _holds(own: object, given: object) -> bool:
    """Tell whether a set that says `own` has it although it is given more: one value replaces another."""
    if isinstance(given, dict):
        return isinstance(own, dict) and given.keys() <= own.keys()
    if isinstance(given, tuple):
        return isinstance(own, list) and set(given) <= set(own)
    return own is not None


def _document(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None
