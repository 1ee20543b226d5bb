"""What a model or a state wants of an instance, as facts that can be compared with it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from identity_center.model.access.grants import Access
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import User
from identity_center.model.existing.parts import Unread
from identity_center.model.existing.things import Thing
from identity_center.model.existing.wanted import Made, wanted_of
from identity_center.model.language.directory import ExternalUserEntry
from identity_center.model.plan.declared import plan_access
from identity_center.model.plan.planned import GROUP, PERMISSION_SET, USER, Plan, references
from identity_center_cli.stacks.planned import INSTANCE, known, made_up_id, made_up_sets
from identity_center_cli.stacks.recorded import UnusableStackError, plain, resources_of_state
from identity_center_cli.stacks.written_model import read_model

Desired = tuple[dict[Thing, str], tuple[Unread, ...]]
"""What is wanted, and of what it is not known."""
_IN_THE_CODE: Final = "the code"


def of_model(place: Path, existing: Existing) -> Desired:
    """Read a model, its targets resolved in the organisation as it was read. Raises UnusableModelError."""
    access = read_model(place, existing.organisation).access
    users = {key: _user(entry, existing) for key, entry in access.declared.external_users.items()}
    ids = {kind: {key: made_up_id(kind, key) for key in keys} for kind, keys in _elsewhere(access).items()}
    names = {made_up_id(USER, key): name for key, name in users.items() if name}
    for key, group in access.declared.external_groups.items():
        names[made_up_id(GROUP, key)] = group.display_name
    for key, other in access.declared.external_permission_sets.items():
        names[made_up_id(PERMISSION_SET, key)] = other.name
    planned = plan_access(
        "drift",
        replace(
            access,
            external_user_ids=ids[USER],
            external_group_ids=ids[GROUP],
            external_set_arns=made_up_sets(access),
        ),
        INSTANCE,
        INSTANCE,
    )
    gaps = [f"external user {key}: nobody in AWS is meant" for key, name in users.items() if not name]
    gaps += [
        f"{each.permission_set} for {each.principal}: the accounts of {each.target}"
        for each in access.open_grants
    ]
    return wanted_of(_made(planned), names), tuple(map(_gap, gaps))


def _elsewhere(access: Access) -> dict[str, Mapping[str, object]]:
    return {USER: access.declared.external_users, GROUP: access.declared.external_groups}


def _user(entry: ExternalUserEntry, existing: Existing) -> str:
    """Return the user name that an entry means, empty where it means nobody or several."""
    if entry.user_name is not None:
        return entry.user_name
    found = [user.user_name for user in existing.users if _meant(entry, user)]
    return found[0] if len(found) == 1 else ""


def _meant(entry: ExternalUserEntry, user: User) -> bool:
    if entry.display_name is not None:
        return entry.display_name.casefold() == user.display_name.casefold()
    if entry.email is not None:
        return any(entry.email.casefold() == each.value.casefold() for each in user.emails)
    wanted = entry.external_id
    return wanted is not None and any(
        (wanted.issuer, wanted.id) == (each.issuer, each.id) for each in user.external_ids
    )


def _gap(text: str) -> Unread:
    return Unread(part=_IN_THE_CODE, of="", operation="", why=text)


def _made(planned: Plan) -> Iterator[Made]:
    outputs = defaultdict[tuple[str, str], dict[str, str]](dict)
    for each in planned:
        for ref in references(each.inputs):
            outputs[ref.type, ref.key][ref.output] = made_up_id(ref.type, ref.key)
    for each in planned:
        if not each.is_component:
            yield Made(each.type, known(each.inputs), outputs[each.id])


def of_state(state: Mapping[str, Any], existing: Existing) -> Desired:
    """Read an exported state. Raises UnusableStackError where it is none, or was interrupted."""
    resources_of_state(state)
    entries = (each for each in state["deployment"].get("resources") or [] if not _not_made(each))
    made = [
        Made(each["type"], plain(each.get("inputs") or {}), plain(each.get("outputs") or {}))
        for each in entries
    ]
    names = {each.id: each.user_name or each.id for each in existing.users}
    names |= {each.id: each.name or each.id for each in existing.groups}
    names |= {each.arn: each.label for each in existing.permission_sets}
    names |= {each.arn: each.name or each.arn for each in existing.applications}
    try:
        wanted = wanted_of(made, names)
    except (KeyError, TypeError) as error:
        raise UnusableStackError(
            f"a resource of the state is not as the provider records it ({error})"
        ) from error
    hidden = [thing for thing, value in wanted.items() if UNKNOWN_STRING_VALUE in (value, *thing.names)]
    gaps = (_gap(f"{each.kind.value}: the state keeps it secret") for each in hidden)
    return {thing: value for thing, value in wanted.items() if thing not in hidden}, tuple(gaps)


def _not_made(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("external") or entry.get("delete") or not entry.get("custom"))
