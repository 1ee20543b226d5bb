"""What a model or a state wants of an instance, as facts that can be compared with it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from identity_center.model.access.grants import Access, OpenGrant
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import User
from identity_center.model.existing.parts import Unread
from identity_center.model.existing.things import OF_A_SET, Kind, Thing
from identity_center.model.existing.wanted import Made, protected_of, wanted_of
from identity_center.model.language.directory import ExternalUserEntry
from identity_center.model.language.ignored_drift import IgnoredDriftEntry
from identity_center.model.mistakes import KeyPath, Position
from identity_center.model.plan.declared import plan_access
from identity_center.model.plan.planned import GROUP, PERMISSION_SET, USER, Plan, references
from identity_center_cli.report.contents import Strength
from identity_center_cli.stacks.planned import INSTANCE, known, made_up_id, made_up_sets, view_of_model
from identity_center_cli.stacks.recorded import UnusableStackError, plain, resources_in, view_of
from identity_center_cli.stacks.written_model import WrittenModel, read_usable
from identity_center_cli.verbs.check.model_judging import file_of
from identity_center_cli.verbs.drift.strengths import role_strengths_in, strengths_in

_IN_THE_CODE: Final = "the code"
#: The part of a model that says things of a kind; those of a set stand with the set.
_PARTS: Final = {
    Kind.USER: "users",
    Kind.USER_ATTRIBUTE: "users",
    Kind.GROUP: "groups",
    Kind.GROUP_DESCRIPTION: "groups",
    Kind.MEMBER: "groups",
    Kind.PERMISSION_SET: "permissionSets",
    Kind.PROVISIONED_SET: "permissionSets",
    Kind.ASSIGNMENT: "assignments",
    Kind.APPLICATION: "applications",
    Kind.APPLICATION_SETTING: "applications",
    Kind.APPLICATION_ASSIGNMENT: "applications",
    Kind.ENTITLEMENT: "accountAccess",
    Kind.ATTRIBUTE: "accessControlAttributes",
    Kind.REGION: "additionalRegions",
}


@dataclass(frozen=True)
class Desired:
    """What the code wants."""

    facts: Mapping[Thing, str]
    source: str
    """The model or the state, as it was named."""
    gaps: tuple[Unread, ...] = ()
    """What of the code itself is not known."""
    in_doubt: Callable[[Thing], bool] = field(default=lambda _thing: False)
    """Tells whether the code may want a thing, because of what is not known of it."""
    protected: frozenset[Thing] = frozenset()
    """What emergencies live by: break-glass grants, and the users, groups and members that they need."""
    ignored: tuple[IgnoredDriftEntry, ...] = ()
    strengths: Callable[[], Mapping[str, Strength]] = field(default=dict)
    """Asks the evaluator about the sets that the code wants, by name."""
    role_strengths: Callable[[], Mapping[str, Strength]] = field(default=dict)
    """Asks the evaluator about the roles that the code itself makes, by ARN."""
    place: Callable[[Thing], Position | None] = field(default=lambda _thing: None)
    """Tells where in the files a thing stands or would stand, its file as it is from here."""


def of_model(place: Path, existing: Existing) -> Desired:
    """Read a model, its targets resolved in the organisation as it was read. Raises UnusableModelError."""
    written = read_usable(place, existing.organisation)
    access = written.assembled.access
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
    made = list(_made(planned))
    open_grants = {_open(each, access, users) for each in access.open_grants}
    return Desired(
        facts=wanted_of(made, names),
        source=str(place),
        gaps=tuple(map(_gap, gaps)),
        in_doubt=lambda thing: (thing.names[0], *thing.names[2:]) in open_grants,
        protected=protected_of(made, names),
        ignored=access.declared.ignored_drift,
        strengths=lambda: strengths_in(view_of_model(access)),
        place=partial(_place, place, written),
    )


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


def _open(grant: OpenGrant, access: Access, users: Mapping[str, str]) -> tuple[str, ...]:
    """Name a grant as AWS names assignments, but for the account, which is not known."""
    declared, key = access.declared, grant.principal
    if key in declared.users:
        who = declared.users[key].user_name
    elif key in declared.groups:
        who = declared.groups[key].display_name
    elif key in declared.external_groups:
        who = declared.external_groups[key].display_name
    else:
        who = users.get(key, "")
    return access.set_names[grant.permission_set], grant.kind, who


def _gap(text: str) -> Unread:
    return Unread(part=_IN_THE_CODE, of="", operation="", why=text)


def _made(planned: Plan) -> Iterator[Made]:
    outputs = defaultdict[tuple[str, str], dict[str, str]](dict)
    for each in planned:
        for ref in references(each.inputs):
            outputs[ref.type, ref.key][ref.output] = made_up_id(ref.type, ref.key)
    for each in planned:
        if not each.is_component:
            yield Made(each.type, known(each.inputs), outputs[each.id], each.protect)


def _place(model: Path, written: WrittenModel, thing: Thing) -> Position | None:
    """Return where the entry of a thing stands; where there is none, the part in which it would."""
    part = "permissionSets" if thing.kind in OF_A_SET else _PARTS[thing.kind]
    declared, name = written.assembled.access.declared, thing.names[0]
    named: Mapping[str, Mapping[str, str]] = {
        "users": {entry.user_name: key for key, entry in declared.users.items()},
        "groups": {entry.display_name: key for key, entry in declared.groups.items()},
        "permissionSets": {entry.name: key for key, entry in declared.permission_sets.items()},
        "applications": {entry.name: key for key, entry in declared.applications.items()},
    }
    key = named.get(part, {}).get(name)
    paths: list[KeyPath] = [(part, key)] if key is not None else []
    for path in (*paths, (part,)):
        found = written.sources.places.position(path, at_key=True)
        if found is not None:
            return replace(found, file=str(file_of(model, found.file)))
    return None


def of_state(state: Mapping[str, Any], source: str, existing: Existing) -> Desired:
    """Read an exported state. Raises UnusableStackError where it is none, or was interrupted."""
    resources = resources_in(state, source)
    entries = (each for each in state["deployment"].get("resources") or [] if not _not_made(each))
    made = [
        Made(
            each["type"],
            plain(each.get("inputs") or {}),
            plain(each.get("outputs") or {}),
            bool(each.get("protect")),
        )
        for each in entries
    ]
    names = {each.id: each.user_name or each.id for each in existing.users}
    names |= {each.id: each.name or each.id for each in existing.groups}
    names |= {each.arn: each.label for each in existing.permission_sets}
    names |= {each.arn: each.name or each.arn for each in existing.applications}
    try:
        wanted, protected = wanted_of(made, names), protected_of(made, names)
    except (KeyError, TypeError) as error:
        raise UnusableStackError(
            f"{source}: a resource of the state is not as the provider records it ({error})"
        ) from error
    hidden = [
        thing
        for thing, value in wanted.items()
        if any(UNKNOWN_STRING_VALUE in text for text in (value, *thing.names))
    ]
    return Desired(
        facts={thing: value for thing, value in wanted.items() if thing not in hidden},
        source="stdin" if source == "-" else source,
        gaps=tuple(
            _gap(f"{kind}: the state keeps it secret")
            for kind in sorted({each.kind.value for each in hidden})
        ),
        in_doubt=lambda thing: thing.kind in {each.kind for each in hidden},
        protected=protected,
        strengths=lambda: strengths_in(view_of(resources, {})),
        role_strengths=lambda: role_strengths_in(view_of(resources, {})),
    )


def _not_made(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("external") or entry.get("delete") or not entry.get("custom"))
