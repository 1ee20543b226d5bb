"""What makes an access worse: who gets it, where, for how long, and with which credentials.

Whether it reaches all accounts depends on who tells what all of them are: a snapshot of the organisation
that the configuration names, else the organisation where this stack makes it, else the accounts that this
stack lets anybody into. A message says which of them was counted.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from identity_guard.stack.findings import not_known_yet, quoted
from identity_guard.stack.identities import Identity
from identity_guard.stack.observe import Known, NotYetKnown
from identity_guard.stack.phase import Phase
from identity_guard.stack.resource_types import ACCOUNT_ASSIGNMENT, ORGANIZATION
from identity_guard.stack.resources import ACCOUNT_AT, Resource, account_of
from identity_guard.stack.view import View

from .rule import MANAGEMENT_ACCOUNT, Setting, Settings
from .supplied import UnusableReportError, read_saved

ONE_HOUR: Final = 60
"""Minutes. The default session of a permission set (IAM Identity Center user guide, howtosessionduration)."""

SNAPSHOT: Final = Setting(
    "organisationSnapshot",
    {
        "type": "string",
        "description": "File that `identity-center organisation snapshot` wrote, absolute is best, so that "
        "messages say where access reaches all accounts of the organisation",
    },
)

_FORMAT: Final = 1
_IN_USE: Final = "ACTIVE"
_FEWEST: Final = 2
"""One account is all accounts of many a stack, and no worse for it."""

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


@dataclass(frozen=True, slots=True)
class _Counted:
    """Accounts of which somebody says that they are all."""

    ids: frozenset[str]
    where: str
    """What they are all accounts of."""


def many_accounts(assignments: Iterable[Resource], view: View, settings: Settings) -> Iterator[str]:
    """Say in how many accounts something is assigned, if in several, and whether these are all."""
    assigned = frozenset(_known(assignments))
    if len(assigned) < _FEWEST:
        return
    try:
        every = _of_the_organisation(view, settings) or _of_the_stack(view)
    except UnusableReportError:
        every = _of_the_stack(view)
    if every.ids <= assigned and len(every.ids) >= _FEWEST:
        all_of_them = "both" if len(every.ids) == _FEWEST else f"all {len(every.ids)}"
        yield f"it is assigned in {all_of_them} accounts {every.where}"
    elif assigned <= every.ids:
        yield f"it is assigned in {len(assigned)} of {len(every.ids)} accounts {every.where}"
    else:
        yield f"it is assigned in {len(assigned)} accounts"


def unread_snapshot(settings: Settings) -> Iterator[str]:
    """Say that the configured snapshot tells nothing."""
    try:
        _snapshot(settings)
    except UnusableReportError as error:
        yield f"whether it is assigned in all accounts of the organisation is not known: {error}"


def _known(resources: Iterable[Resource]) -> Iterator[str]:
    for resource in resources:
        account = account_of(resource)
        if isinstance(account, Known):
            yield str(account.value)


def _of_the_organisation(view: View, settings: Settings) -> _Counted | None:
    return _snapshot(settings) or next(
        (found for each in view.stack.of_type(ORGANIZATION) if (found := _made_here(each))), None
    )


def _snapshot(settings: Settings) -> _Counted | None:
    """Read the configured snapshot. Raises UnusableReportError with the reason."""
    name = settings.get(SNAPSHOT.name)
    if not name:
        return None
    path = Path(str(name)).absolute()
    content = read_saved(path)
    told = content if isinstance(content, dict) and content.get("format") == _FORMAT else {}
    ids, day = _in_use(told.get("accounts"), "state"), str(told.get("takenAt"))[:10]
    if not ids:
        raise UnusableReportError(f"{path} is no snapshot of an organisation")
    return _Counted(ids, f"of the organisation, by {path} of {day}")


def _made_here(organisation: Resource) -> _Counted | None:
    """Return the accounts that AWS told at the last update; nothing before the first one."""
    accounts = organisation.identifier("accounts")
    ids = _in_use(accounts.value, "status") if isinstance(accounts, Known) else frozenset()
    return _Counted(ids, f"of {organisation.label}") if ids else None


def _in_use(accounts: object, state: str) -> frozenset[str]:
    rows: list[Any] = accounts if isinstance(accounts, list) else []
    return frozenset(
        str(row["id"]) for row in rows if isinstance(row, dict) and row.get(state) == _IN_USE and "id" in row
    )


def _of_the_stack(view: View) -> _Counted:
    ways_in = view.stack.of_type(*ACCOUNT_AT)
    whole = view.phase is not Phase.UPDATE and all(isinstance(account_of(each), Known) for each in ways_in)
    where = "that this stack lets people into" + ("" if whole else ", as far as is known yet")
    return _Counted(frozenset(_known(ways_in)), where)
