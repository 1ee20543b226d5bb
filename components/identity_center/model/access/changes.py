"""Who gains and who loses what between two models: people, through their groups, by keys and ids only."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from identity_center.model.language.keys.values import PrincipalType

from .grant import Grant
from .record import OtherGrant, RecordedModel


@dataclass(frozen=True, order=True)
class Held:
    """Something that somebody has: a permission set in an account, an application, or a role."""

    kind: str
    """permissionSet, application or role."""
    key: str
    """Key of the permission set or application, ARN of the role."""
    name: str
    """Name of the permission set; else the key."""
    account_id: str
    """Twelve digits; empty for an application."""


@dataclass(frozen=True, order=True)
class Change:
    """One person gains or loses one thing."""

    gains: bool
    person: str
    """Key of the user, or of a group from elsewhere, whose members are not known here."""
    whole_group: bool
    """Whether `person` is a group from elsewhere, so that all its members are meant."""
    held: Held
    through: tuple[str, ...]
    """Principals that give it, or gave it: `group developers` or `directly`."""


@dataclass(frozen=True)
class Replacement:
    """A permission set that gets a new name, which makes it another one for AWS."""

    key: str
    before: str
    after: str
    assignments: int
    """How many assignments it had."""
    made_first: bool | None = None
    """Whether the new one is there and assigned before the old one goes; None: only a run can tell."""


@dataclass(frozen=True)
class AccessChanges:
    """What changes between two models."""

    changes: tuple[Change, ...]
    replacements: tuple[Replacement, ...]
    added: frozenset[Grant]
    """Assignments that are new."""
    removed: frozenset[Grant]
    """Assignments that go; those of a replaced permission set come again and are not among them."""
    of: int
    """How many assignments there were."""
    removed_beside: frozenset[OtherGrant] = frozenset()
    """Application or ARN of a role, kind and key of the principal: assignments of applications, and role
    entitlements, that go."""
    of_beside: int = 0
    """How many of these there were."""
    made_again: frozenset[Grant] = frozenset()
    """Assignments that stay and that AWS gets deleted and made, since their permission set is replaced."""

    @property
    def accounts_worked_in(self) -> tuple[str, ...]:
        """The account of each assignment that AWS is to make or to delete."""
        return tuple(
            grant.account_id
            for part in (self.removed, self.added, self.made_again, self.made_again)
            for grant in part
        )


def access_changes(
    before: RecordedModel, after: RecordedModel, made_first: Collection[str] | None = None
) -> AccessChanges:
    """Compare two models; the keys of `before` are those of `after` (see RecordedModel.renamed).

    `made_first` are the keys of permission sets whose new one is there before the old one goes; None: it is
    not known of any.
    """
    old, new = _Holdings(before), _Holdings(after)
    changes: list[Change] = []
    for person in sorted(_affected(old, new)):
        had, has = old.of(person), new.of(person)
        changes += (_change(person, held, had[held], gains=False) for held in had.keys() - has.keys())
        changes += (_change(person, held, has[held], gains=True) for held in has.keys() - had.keys())
    replacements = tuple(_replacements(before, after, made_first))
    replaced = {each.key for each in replacements}
    return AccessChanges(
        tuple(sorted(changes, key=_in_order)),
        replacements,
        after.grants - before.grants,
        before.grants - after.grants,
        len(before.grants),
        (before.applications - after.applications) | (before.roles - after.roles),
        len(before.applications) + len(before.roles),
        frozenset(each for each in before.grants & after.grants if each.permission_set in replaced),
    )


def _in_order(one: Change) -> tuple[object, ...]:
    # As the class has them; tens of thousands are compared as tuples in a tenth of the time.
    held = one.held
    return (
        one.gains,
        one.person,
        one.whole_group,
        held.kind,
        held.key,
        held.name,
        held.account_id,
        one.through,
    )


def _change(person: tuple[bool, str], held: Held, through: Iterable[str], *, gains: bool) -> Change:
    whole_group, key = person
    return Change(gains, key, whole_group, held, tuple(sorted(through)))


def _replacements(
    before: RecordedModel, after: RecordedModel, made_first: Collection[str] | None
) -> Iterator[Replacement]:
    for key, name in sorted(before.permission_set_names.items()):
        now = after.permission_set_names.get(key)
        if now is not None and now != name:
            count = sum(grant.permission_set == key for grant in before.grants)
            yield Replacement(key, name, now, count, None if made_first is None else key in made_first)


class _Holdings:
    """What each principal has in one model, and which people it stands for."""

    def __init__(self, model: RecordedModel) -> None:
        self._members = model.members
        self.held: dict[tuple[str, str], set[Held]] = {}
        names = model.permission_set_names
        for grant in model.grants:
            key = grant.permission_set
            self._add(
                grant.kind, grant.principal, Held("permissionSet", key, names.get(key, key), grant.account_id)
            )
        for key, kind, principal in model.applications:
            self._add(kind, principal, Held("application", key, key, ""))
        for arn, kind, principal in model.roles:
            self._add(kind, principal, Held("role", arn, arn, arn.split(":")[4]))
        self.groups_of: dict[str, list[str]] = {}
        for group, users in model.members.items():
            for user in users or ():
                self.groups_of.setdefault(user, []).append(group)

    def _add(self, kind: str, principal: str, held: Held) -> None:
        self.held.setdefault((kind, principal), set()).add(held)

    def people(self, principal: tuple[str, str]) -> Iterator[tuple[bool, str]]:
        """Yield the people that a principal stands for; of a group from elsewhere they are not known."""
        kind, key = principal
        if kind == PrincipalType.USER.value:
            yield False, key
            return
        users = self._members.get(key, frozenset[str]())
        if users is None:
            yield True, key
        else:
            yield from ((False, user) for user in users)

    def from_elsewhere(self) -> set[str]:
        """Return the groups whose members are not known here."""
        return {group for group, users in self._members.items() if users is None}

    def of(self, person: tuple[bool, str]) -> dict[Held, list[str]]:
        """Return all that somebody has, each with the principals through which they have it."""
        whole_group, key = person
        if whole_group:
            groups = [key] if self._members.get(key, frozenset[str]()) is None else []
        else:
            groups = self.groups_of.get(key, [])
        found: dict[Held, list[str]] = {}
        for group in groups:
            for held in self.held.get((PrincipalType.GROUP.value, group), ()):
                found.setdefault(held, []).append(f"group {group}")
        if not whole_group:
            for held in self.held.get((PrincipalType.USER.value, key), ()):
                found.setdefault(held, []).append("directly")
        return found


def _affected(old: _Holdings, new: _Holdings) -> set[tuple[bool, str]]:
    """Find everybody whose principals changed in what they have, or who changed groups."""
    changed = {p for p in old.held.keys() | new.held.keys() if old.held.get(p) != new.held.get(p)}
    people = {person for principal in changed for side in (old, new) for person in side.people(principal)}
    users = old.groups_of.keys() | new.groups_of.keys()
    moved = {
        (False, user)
        for user in users
        if set(old.groups_of.get(user, ())) != set(new.groups_of.get(user, ()))
    }
    from_elsewhere = {(True, group) for group in old.from_elsewhere() ^ new.from_elsewhere()}
    return people | moved | from_elsewhere


def to_document(found: AccessChanges) -> dict[str, object]:
    """Say the changes to machines, all of them."""
    return {
        "changes": [
            {
                "change": "gains" if one.gains else "loses",
                "group" if one.whole_group else "person": one.person,
                one.held.kind: one.held.key,
                **({"permissionSetName": one.held.name} if one.held.kind == "permissionSet" else {}),
                **({"accountId": one.held.account_id} if one.held.account_id else {}),
                "through": list(one.through),
            }
            for one in found.changes
        ],
        "replacedPermissionSets": [
            {
                "permissionSet": one.key,
                "before": one.before,
                "after": one.after,
                "assignments": one.assignments,
                **({} if one.made_first is None else {"madeFirst": one.made_first}),
            }
            for one in found.replacements
        ],
        "assignments": {
            "before": found.of,
            "added": [grant.resource_name for grant in sorted(found.added)],
            "removed": [grant.resource_name for grant in sorted(found.removed)],
        },
    }
