"""The brake: a change that takes much access away is refused unless the stack says that it is meant.

People lock themselves out by removing a line too many. What a brake in a program cannot stop: docs/brake.md.
"""

from collections.abc import Iterator

from .access import Grant
from .access_changes import AccessChanges
from .allowed_removals import AllowRemovalsEntry
from .errors import Mistake
from .principals import PrincipalType
from .recorded_model import RecordedModel

_PATH = ("allowRemovals",)
_SHOWN = 3


def brake(
    changes: AccessChanges, before: RecordedModel, after: RecordedModel, allowed: AllowRemovalsEntry | None
) -> tuple[Mistake, ...]:
    """Refuse what `allowed` does not allow."""
    allowed = allowed or AllowRemovalsEntry()
    found = [*_too_many(changes, allowed), *_replaced(changes, allowed)]
    return (*found, *_last_people(before, after, allowed))


def _too_many(changes: AccessChanges, allowed: AllowRemovalsEntry) -> Iterator[Mistake]:
    count = len(changes.removed)
    if count > allowed.assignments:
        names = ", ".join(f"`{grant.resource_name}`" for grant in sorted(changes.removed)[:_SHOWN])
        yield Mistake(
            _PATH,
            f"{count} of {changes.of} assignments would go, such as {names}; {allowed.assignments} may",
            f"if that is meant, write `assignments: {count}` under `allowRemovals`, for this run",
        )


def _replaced(changes: AccessChanges, allowed: AllowRemovalsEntry) -> Iterator[Mistake]:
    for one in changes.replacements:
        if one.assignments and one.key not in allowed.replaced_permission_sets:
            yield Mistake(
                ("permissionSets", one.key, "name"),
                f"`{one.after}` instead of `{one.before}` replaces the permission set, which has "
                f"{one.assignments} assignments: everybody loses it and gains the new one, and its roles get "
                "new ARNs",
                f"keep the name, or write `replacedPermissionSets: [{one.key}]` under `allowRemovals`, for "
                "this run",
            )


def _last_people(
    before: RecordedModel, after: RecordedModel, allowed: AllowRemovalsEntry
) -> Iterator[Mistake]:
    lost = [
        grant
        for grant in sorted(before.break_glass)
        if grant.permission_set not in allowed.last_person_of
        and _has_people(grant, before)
        and not (grant in after.grants and _has_people(grant, after))
    ]
    for grant in lost:
        kind = grant.principal_type.value.lower()
        yield Mistake(
            _PATH,
            f"nobody would be left with the break-glass permission set `{grant.permission_set}` in account "
            f"{grant.account_id} by {kind} `{grant.principal}`",
            f"keep somebody, or write `lastPersonOf: [{grant.permission_set}]` under `allowRemovals`, for "
            "this run",
        )


def _has_people(grant: Grant, model: RecordedModel) -> bool:
    """Tell whether a grant lets somebody in. Of a group from elsewhere that is taken for granted."""
    if grant.principal_type is PrincipalType.USER:
        return True
    users = model.members.get(grant.principal, frozenset[str]())
    return users is None or bool(users)
