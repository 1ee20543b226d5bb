"""What changes for people besides their grants and what permission sets hold.

A user with another user name, attributes that conditions of policies read, the guard of root users: without
a look at them, `nobody gains or loses anything` would be said of a run that takes somebody's password.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from identity_center.model.organisation.places import some

from .planned import (
    ATTRIBUTES,
    CONTROL_POLICY,
    CONTROL_POLICY_ATTACHMENT,
    USER,
    Id,
    Plan,
    PlannedResource,
    Secret,
)
from .region_checks import RegionChanges, region_changes

State = Mapping[Id, Mapping[str, Any]]
"""The resources of the state, with what the provider said of them."""
#: What identifies a person; every other input is an attribute that a condition may read.
_NO_ATTRIBUTES: Final = frozenset({"userName", "identityStoreId"})


def new_people(plan: Plan, state: State) -> list[str]:
    """Return the keys of users who are there and get another user name.

    AWS cannot change a user name: the user is deleted and made anew, without password and MFA devices.
    Source: identitystore, UpdateUser, whose `AttributePath` takes no `userName`; schema of pulumi-aws,
    `willReplaceOnChanges`.
    """
    return [
        each.key
        for each, before in _users(plan, state)
        if before.get("userName") and before["userName"] != _plain(each.inputs.get("userName"))
    ]


def first_timers(plan: Plan, state: State) -> list[str]:
    """Return the keys of users whom the state does not have."""
    return [each.key for each in plan if each.type == USER and _before(each, state) is None]


def other_sentences(plan: Plan, state: State) -> Iterator[str]:
    """Say all of it, a line for each kind."""
    renamed = new_people(plan, state)
    if renamed:
        one = len(renamed) == 1
        yield (
            f"{len(renamed)} {'person gets' if one else 'people get'} another user name, which makes "
            f"{'a new person' if one else 'new people'} for AWS: password and MFA device are gone, and "
            f"`first_sign_in` says how {'this one begins' if one else 'they begin'}: {some(renamed)}"
        )
    yield from _of_attributes(plan, state)
    yield from _of_guard(plan, state)
    yield from region_sentences(region_changes(plan, state))


def region_sentences(changes: RegionChanges) -> Iterator[str]:
    """Say at which Regions people can sign in from then on, and at which no more."""
    if changes.new:
        one = len(changes.new) == 1
        yield (
            f"people can sign in at {'another Region' if one else f'{len(changes.new)} more Regions'} "
            f"({', '.join(changes.new)}), once AWS has copied the instance there"
            f"{'' if one else ', to one after the other'}"
        )
    if changes.gone:
        one = len(changes.gone) == 1
        yield (
            f"nobody can sign in at {', '.join(changes.gone)} any more, nor use what is deployed "
            f"there with Identity Center: the {'Region leaves' if one else 'Regions leave'} the instance"
        )


def _of_attributes(plan: Plan, state: State) -> Iterator[str]:
    before, after = _read_by_conditions(state.items()), _read_by_conditions((e.id, e.inputs) for e in plan)
    changed = sorted({key for key, _ in before ^ after})
    if changed:
        yield (
            f"attributes for access control change ({some(changed)}): what conditions on aws:PrincipalTag "
            "give with them is not compared"
        )
    elif after and (people := _changed_people(plan, state)):
        yield (
            f"{len(people)} {'person gets' if len(people) == 1 else 'people get'} other attributes, and "
            "attributes for access control read them; what conditions on aws:PrincipalTag give with them is "
            f"not compared: {some(people)}"
        )


def _read_by_conditions(resources: Iterable[tuple[Id, Mapping[str, Any]]]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (str(one.get("key")), str([values.get("sources") for values in one.get("values") or ()]))
        for each, properties in resources
        if each.type == ATTRIBUTES
        for one in properties.get("attributes") or ()
    )


def _changed_people(plan: Plan, state: State) -> list[str]:
    return [
        each.key
        for each, before in _users(plan, state)
        if any(
            not _is_as(value, before.get(name))
            for name, value in each.inputs.items()
            if name not in _NO_ATTRIBUTES
        )
    ]


def _is_as(wanted: object, had: object) -> bool:
    """Tell whether a value is as the state has it; what AWS adds to an object is no difference."""
    wanted = _plain(wanted)
    if isinstance(wanted, Mapping):
        return isinstance(had, Mapping) and all(_is_as(each, had.get(name)) for name, each in wanted.items())
    return wanted == had


def _of_guard(plan: Plan, state: State) -> Iterator[str]:
    before, after = _guarded(state), _guarded(each.id for each in plan)
    if before == after:
        return
    if not before or not after:
        how = "comes" if after else "goes"
        yield f"the guard of root users {how}: root users of its targets {'lose' if after else 'regain'} all"
    else:
        yield "the guard of root users gets other targets: what root users may do changes there"


def _guarded(resources: Iterable[Id]) -> frozenset[str]:
    """Return what the guard is attached to: the whole organisation where no target is named."""
    found = {each for each in resources if each.type in (CONTROL_POLICY, CONTROL_POLICY_ATTACHMENT)}
    targets = {each.key.partition("/")[2] for each in found if each.type == CONTROL_POLICY_ATTACHMENT}
    # A plan leaves open which root the organisation has, and a state says it.
    return frozenset("root" if not each or each.startswith("r-") else each for each in targets)


def _users(plan: Plan, state: State) -> Iterator[tuple[PlannedResource, Mapping[str, Any]]]:
    for each in plan:
        before = _before(each, state) if each.type == USER else None
        if before is not None:
            yield each, before


def _before(each: PlannedResource, state: State) -> Mapping[str, Any] | None:
    """Return what the state says of a resource, under the key that it has or had."""
    found = (state.get(Id(each.type, key)) for key in (each.key, *each.former_names))
    return next((properties for properties in found if properties is not None), None)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Secret) else value
