"""In which accounts people are let in, and whether these are all accounts that there are.

What "all" means depends on who tells: a snapshot of the organisation that the configuration names, else the
organisation where this stack makes it, else the accounts that this stack lets anybody into. A message says
which of them was counted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .entries import ACCOUNT_AT, account_of
from .observe import Known
from .phase import Phase
from .resource_types import ORGANIZATION
from .rule import Setting, Settings
from .saved_report import UnusableReportError, read_saved
from .stack import Resource
from .view import View

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
