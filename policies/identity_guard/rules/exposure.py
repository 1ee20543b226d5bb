"""What makes an access worse: who gets it, where, for how long, and with which credentials."""

import re
from collections.abc import Iterator
from typing import Final

from identity_guard.stack.identities import Identity
from identity_guard.stack.observe import NotYetKnown
from identity_guard.stack.phase import not_known_yet, quoted
from identity_guard.stack.resource_types import ACCOUNT_ASSIGNMENT
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .rule import MANAGEMENT_ACCOUNT, Settings
from .supplied import many_accounts, unread_snapshot

ONE_HOUR: Final = 60
"""Minutes. The default session of a permission set (IAM Identity Center user guide, howtosessionduration)."""

_DURATION: Final = re.compile(r"PT(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:\d+S)?")


def exposures(identity: Identity, view: View, settings: Settings) -> Iterator[str]:
    """Say what makes this identity's access worse than it is by its policies."""
    single = [each for each in identity.entries if each.declared.text("principalType") == "USER"]
    if single:
        verb = "gives" if len(single) == 1 else "give"
        yield f"{_named(single)} {verb} it to a single user instead of a group"
    yield from in_management_account(identity, settings.get(MANAGEMENT_ACCOUNT.name))
    yield from many_accounts(_assignments(identity), view, settings)
    if (minutes := session_minutes(identity)) > ONE_HOUR:
        yield f"a session lasts longer than an hour ({minutes} minutes)"
    for credential in identity.credentials:
        yield f"the user has {credential.called} ({credential.holder.label})"
    entitlements = [each for each in identity.entries if each.type != ACCOUNT_ASSIGNMENT]
    if entitlements:
        verb = "lets" if len(entitlements) == 1 else "let"
        yield f"{_named(entitlements)} {verb} people of Identity Center use the role"


def _named(entries: list[Resource]) -> str:
    """Name the first few and count the rest: an access may be given in hundreds of accounts."""
    kind = entries[0].label.partition(" ")[0]
    return f"{kind} {quoted(each.name for each in entries)}"


def in_management_account(identity: Identity, account: str | None) -> Iterator[str]:
    """Say that it is assigned in the management account, whose id only the configuration tells."""
    for entry in _assignments(identity):
        if account is not None and entry.declared.text("targetId") == account:
            yield f"{entry.label} gives it in the management account"
            return


def open_exposures(identity: Identity, settings: Settings) -> Iterator[str]:
    """Name what is not known yet and could make it worse."""
    wanted = [(entry, "principalType") for entry in identity.entries]
    wanted += [(entry, "targetId") for entry in _assignments(identity)]
    if identity.resource is not None:
        wanted.append((identity.resource, "sessionDuration"))
    places = [
        f"`{observed.path}` of {resource.label}"
        for resource, name in wanted
        if isinstance(observed := resource.declared.get(name), NotYetKnown)
    ]
    yield from not_known_yet(places)
    if _assignments(identity):
        yield from unread_snapshot(settings)


def _assignments(identity: Identity) -> list[Resource]:
    return [entry for entry in identity.entries if entry.type == ACCOUNT_ASSIGNMENT]


def session_minutes(identity: Identity) -> int:
    """Return how long a session of a permission set lasts, in minutes; 0 where it is not said."""
    duration = identity.resource.declared.text("sessionDuration") if identity.resource else None
    found = _DURATION.fullmatch(duration) if duration else None
    return int(found["hours"] or 0) * 60 + int(found["minutes"] or 0) if found else 0
