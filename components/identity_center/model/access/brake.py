"""The brake: a change that takes much access away is refused unless the stack says that it is meant.

People lock themselves out by removing a line too many. What a brake in a program cannot stop: docs/brake.md.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.language.settings import AllowRemovalsEntry
from identity_center.model.mistakes import Mistake
from identity_center.model.organisation.places import Places

from .changes import AccessChanges
from .grant import Grant
from .record import OtherGrant, RecordedModel

_PATH = ("allowRemovals",)
_SHOWN = 3

#: The engine keeps what is break-glass from deletion, so that `lastPersonOf` alone would end in its refusal.
_REMOVED = (
    "keep it; if it has to go, write `breakGlass: false` and update, which lifts the engine's protection, "
    "and take it out in the next update"
)
_EMPTIED = "keep somebody, or write `lastPersonOf: [{key}]` under `allowRemovals`, for this run"


def brake(
    changes: AccessChanges,
    before: RecordedModel,
    after: RecordedModel,
    allowed: AllowRemovalsEntry | None,
    places: Places,
) -> tuple[Mistake, ...]:
    """Refuse what `allowed` does not allow; `places` has the names of accounts."""
    allowed, said = allowed or AllowRemovalsEntry(), _Words(before.permission_set_names, places)
    found = [*_too_many(changes, allowed, said), *_replaced(changes, allowed)]
    return (*found, *_last_people(before, after, allowed, said), *_protected_people(before, after))


@dataclass(frozen=True)
class _Words:
    """Says keys and numbers with the names that a reader knows them by. Of people there are keys alone."""

    set_names: Mapping[str, str]
    places: Places

    def permission_set(self, key: str) -> str:
        name = self.set_names.get(key, key)
        return f"permission set `{key}`" + (f" ({name})" if name != key else "")

    def accounts(self, ids: Collection[str]) -> str:
        if len(ids) == 1:
            return self.places.accounts(ids)
        selection = self.places.selection(ids)
        return selection or f"{len(ids)} accounts ({self.places.accounts(ids)})"


def _too_many(changes: AccessChanges, allowed: AllowRemovalsEntry, said: _Words) -> Iterator[Mistake]:
    count = len(changes.removed) + len(changes.removed_beside)
    if count > allowed.assignments:
        of = changes.of + (changes.of_beside if changes.removed_beside else 0)
        yield Mistake(
            _PATH,
            f"{count} of {of} assignments{_beside(changes)} would go, such as "
            f"{'; '.join(_gone(changes, said)[:_SHOWN])}; {allowed.assignments} may",
            f"if that is meant, write `assignments: {count}` under `allowRemovals`, for this run",
        )


def _gone(changes: AccessChanges, said: _Words) -> list[str]:
    """Say what would go, a line for all accounts in which it goes."""
    accounts: dict[tuple[str, str, str], list[str]] = {}
    for grant in sorted(changes.removed):
        of = (grant.permission_set, grant.kind, grant.principal)
        accounts.setdefault(of, []).append(grant.account_id)
    lines = [
        f"{said.permission_set(key)} of {kind.lower()} `{who}` in {said.accounts(ids)}"
        for (key, kind, who), ids in accounts.items()
    ]
    beside = sorted(changes.removed_beside)
    return [*lines, *(f"`{held}` of {kind.lower()} `{who}`" for held, kind, who in beside)]


def _beside(changes: AccessChanges) -> str:
    return ", those of applications and roles among them," if changes.removed_beside else ""


def _replaced(changes: AccessChanges, allowed: AllowRemovalsEntry) -> Iterator[Mistake]:
    for one in changes.replacements:
        if one.assignments and one.key not in allowed.replaced_permission_sets:
            yield Mistake(
                ("permissionSets", one.key, "name"),
                f"`{one.after}` instead of `{one.before}` replaces the permission set, which has "
                f"{one.assignments} assignments: everybody loses it and gains the new one"
                f"{', which is there first' if one.made_first else ''}, and its roles get new ARNs",
                f"keep the name, or write `replacedPermissionSets: [{one.key}]` under `allowRemovals`, for "
                "this run",
            )


def _protected_people(before: RecordedModel, after: RecordedModel) -> Iterator[Mistake]:
    """Name who leaves a group that the engine keeps with its members: it would refuse in its own words."""
    for group, user in sorted(before.protected_members):
        users = after.members.get(group, frozenset[str]())
        if users is not None and group in after.members and user not in users:
            yield Mistake(
                ("groups", group, "members"),
                f"`{user}` would leave a group that a break-glass grant lives by, whose members the engine "
                "keeps from deletion",
                f"put `{user}` back and write `breakGlassPeople: [{user}]` under `allowRemovals`; after that "
                "update the engine keeps them no longer, and the next one takes them out",
            )


def removed_regions(gone: Iterable[str], allowed: AllowRemovalsEntry | None) -> Iterator[Mistake]:
    """Refuse that additional Regions leave the instance: in each, people lose a way in for an emergency."""
    for region in gone:
        if region not in (allowed or AllowRemovalsEntry()).regions:
            yield Mistake(
                _PATH,
                f"{region} would leave the instance: nobody could sign in there while the primary Region is "
                "disturbed, and what is deployed there with Identity Center would stop",
                f"keep it, or write `regions: [{region}]` under `allowRemovals`, for this run",
            )


def renamed_people(users: Mapping[str, Iterable[str]], before: RecordedModel) -> Iterator[Mistake]:
    """Name who gets a new user name, which replaces them, while the engine keeps them from deletion.

    `users` has every key that each may have had before.
    """
    for user, keys in users.items():
        if before.protected_users.intersection(keys):
            yield Mistake(
                ("users", user, "userName"),
                "a new user name replaces the user, whom the engine keeps from deletion for a break-glass "
                "grant",
                f"put the old one back and write `breakGlassPeople: [{user}]` under `allowRemovals`; after "
                "that update the next one may change it",
            )


@dataclass(frozen=True)
class _Emergency:
    """A way in for emergencies, whatever it leads to."""

    key: str
    """What `lastPersonOf` calls it: key of the permission set or application, ARN of the role."""
    what: str
    """The same, said to a reader."""
    kind: str
    principal: str
    account_id: str = ""
    """Where, of a permission set."""


def _last_people(
    before: RecordedModel, after: RecordedModel, allowed: AllowRemovalsEntry, said: _Words
) -> Iterator[Mistake]:
    """Name each way in that lets nobody in any more: once, however many accounts it leads to."""
    had = _emergencies(before.break_glass, before.break_glass_applications, before.break_glass_roles, said)
    still_there = {*_emergencies(after.grants, after.applications, after.roles, said)}
    lost: dict[tuple[_Emergency, bool], list[str]] = {}
    for one in had:
        keeps = one in still_there and _has_people(one, after)
        if _has_people(one, before) and not keeps and one.key not in allowed.last_person_of:
            anywhere = replace(one, account_id="")
            lost.setdefault((anywhere, one in still_there), []).append(one.account_id)
    for (one, is_there), accounts in lost.items():
        where = f" in {said.accounts(accounts)}" if any(accounts) else ""
        yield Mistake(
            ("groups", one.principal, "members") if is_there else _PATH,
            f"nobody would be left with the break-glass {one.what}{where} by {one.kind.lower()} "
            f"`{one.principal}`",
            _EMPTIED.format(key=one.key) if is_there else _REMOVED,
        )


def _emergencies(
    grants: Iterable[Grant], applications: Iterable[OtherGrant], roles: Iterable[OtherGrant], said: _Words
) -> list[_Emergency]:
    """Say grants, applications and roles in the same words."""
    listed = [
        _Emergency(
            grant.permission_set,
            said.permission_set(grant.permission_set),
            grant.kind,
            grant.principal,
            grant.account_id,
        )
        for grant in sorted(grants)
    ]
    listed += [_Emergency(key, f"application `{key}`", kind, who) for key, kind, who in sorted(applications)]
    listed += [_Emergency(arn, f"role `{arn}`", kind, who) for arn, kind, who in sorted(roles)]
    return listed


def _has_people(one: _Emergency, model: RecordedModel) -> bool:
    """Tell whether it lets somebody in. Of a group from elsewhere that is taken for granted."""
    if one.kind == PrincipalType.USER.value:
        return True
    users = model.members.get(one.principal, frozenset[str]())
    return users is None or bool(users)
