"""Texts of customer-managed policies that are made elsewhere, from a folder that the configuration names.

One file a policy, `NAME.json`; the name is the policy's, without its path. Whoever fills the folder answers
for its being what AWS has.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from identity_guard.stack.observe import Known, Observed
from identity_guard.stack.phase import ClockError, Finding, Outcome, Phase, compose, read_day
from identity_guard.stack.resource_types import ACCESS_MODEL, ORGANIZATION
from identity_guard.stack.resources import ACCOUNT_AT, Resource, account_of
from identity_guard.stack.view import View

from .exceptions import Excused, apply_exceptions, read_exceptions
from .rule import Rule, Setting, Settings

DOCUMENTS = Setting(
    "documents",
    {
        "type": "string",
        "description": "Folder with the texts of customer-managed policies that are made elsewhere, one file "
        "`NAME.json` each; relative to the pack's folder",
    },
)


class SuppliedDocumentsError(ValueError):
    """The folder cannot be read."""


def read_folder(folder: str, pack: Path) -> dict[str, str]:
    """Read every policy of the folder, by name. Raises SuppliedDocumentsError."""
    place = pack / folder
    if not place.is_dir():
        raise SuppliedDocumentsError(f"configuration of `undecided`: `documents` is no folder: {place}")
    try:
        return {path.stem: path.read_text(encoding="utf-8") for path in sorted(place.glob("*.json"))}
    except (OSError, UnicodeDecodeError) as error:
        raise SuppliedDocumentsError(
            f"configuration of `undecided`: a file of `documents` cannot be read: {type(error).__name__}"
        ) from None


# Exceptions that the stack itself declares, with its component `identity-center:index:AccessModel`.
#
# Its property `policyExceptions` lists them: rule, resource or principal, and the last day. A permission set
# comes with both, as in an update nobody tells the pack its name. The program that makes the component checks
# them and keeps who answers for each, which is no business of a state. They hold as those of the pack's
# configuration do, unless that says `stackExceptions: false`: whoever enforces the pack on stacks of others
# may not want these to excuse themselves.
PROPERTY: Final = "policyExceptions"
TAKEN: Final = "stackExceptions"
_REMEDY: Final = (
    "give it `rule`, `resource` or `principal` without wildcards, and `expires`, such as 2027-02-15"
)


@dataclass(frozen=True, slots=True)
class _Declared:
    """One entry of the list."""

    place: str
    resource: Resource
    observed: Observed

    @property
    def entry(self) -> Mapping[str, Any] | None:
        """What it holds; None where it is not known, or no object."""
        value = self.observed.value if isinstance(self.observed, Known) else None
        return value if isinstance(value, Mapping) else None

    def finding(self, rule: str, outcome: Outcome, why: str, remedy: str) -> Finding:
        """Say that it excuses nothing."""
        text = compose(f"{self.place} excuses nothing: {why}", remedy=remedy)
        return Finding(rule, outcome, text, self.resource.urn, excusable=False)


def _declared(view: View) -> Iterator[_Declared]:
    for resource in view.stack.of_type(ACCESS_MODEL):
        for number, observed in enumerate(resource.declared.members(PROPERTY)):
            yield _Declared(f"{PROPERTY}[{number}] of {resource.label}", resource, observed)


def exceptions_of_stack(
    rule: str, view: View, settings: Mapping[str, Any]
) -> tuple[list[Excused], list[Finding]]:
    """Return what the stack excuses from a rule, and what is wrong with it; what is wrong excuses nothing."""
    excused, findings = [], []
    for declared in _declared(view):
        entry = declared.entry
        if entry is None or entry.get("rule") != rule:
            continue
        day = read_day(str(entry.get("expires")))
        means = tuple(str(entry[name]) for name in ("resource", "principal") if entry.get(name))
        if day is None or not means or any(sign in name for name in means for sign in "*?"):
            why = "it is not written as one"
            findings.append(declared.finding(rule, Outcome.VIOLATION, why, _REMEDY))
        else:
            taken = settings.get(TAKEN) is not False
            excused.append(Excused(declared.place, declared.resource.label, means, day, taken))
    return excused, findings


def with_exceptions(  # noqa: PLR0913 - all that decides whether an exception holds
    rule: Rule,
    findings: Iterable[Finding],
    view: View,
    settings: Mapping[str, Any],
    today: date | None,
    *,
    unused: bool,
) -> list[Finding]:
    """Apply the exceptions of the pack's configuration and of the stack to what a rule found."""
    configured = read_exceptions(rule.name, settings.get("exceptions", []))
    declared, mistakes = exceptions_of_stack(rule.name, view, settings)
    told = mistakes if unused else []
    return [*told, *apply_exceptions(findings, [*configured, *declared], today, rule.name, unused=unused)]


def exceptions_of_no_rule(teller: str, view: View, rules: frozenset[str]) -> Iterator[Finding]:
    """Tell, once, of entries that no rule reads: they name none that takes exceptions, or are not known."""
    for declared in _declared(view):
        entry = declared.entry
        if entry is None:
            why = "it is not known yet, or no object"
            yield declared.finding(teller, Outcome.UNDECIDED, why, _REMEDY)
        elif entry.get("rule") not in rules:
            why = "no rule of that name takes exceptions"
            remedy = f"`rule` is one of {', '.join(f'`{name}`' for name in sorted(rules))}"
            yield declared.finding(teller, Outcome.ADVICE, why, remedy)


# Reports that a command of this project saved: read from a file, so that a preview can be repeated.
#
# The pack asks AWS nothing. What it is told by a file counts for the organisation that the pack's
# configuration names, and for as long as the configuration lets it; a date in the future counts for nothing.
VERSION: Final = 1
ADVISORY, MANDATORY = "advisory", "mandatory"


class UnusableReportError(ValueError):
    """A report that is not there, cannot be read, or is of something else."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a file says."""

    path: Path
    content: Mapping[str, Any]


def settings_of_a_report(file: str, days: float, command: str) -> tuple[Setting, ...]:
    """Return the configuration that every rule over a saved report has."""
    return (
        Setting(file, {"type": "string", "description": f"File that `{command}` wrote; absolute is best"}),
        Setting(
            "organizationId", {"type": "string", "description": "The organisation that the file must be of"}
        ),
        Setting(
            "maxAgeDays",
            {"type": "number", "minimum": 0, "description": "How many days what it says may be old"},
            days,
        ),
        Setting(
            "unknown",
            {
                "type": "string",
                "enum": [ADVISORY, MANDATORY],
                "description": "Whether what the file does not tell refuses the stack",
            },
            ADVISORY,
        ),
    )


def read_report(settings: Settings, file: str, kind: str) -> Report:
    """Read the configured file. Raises UnusableReportError with the reason."""
    path = Path(str(settings[file])).absolute()
    content = read_saved(path)
    if not isinstance(content, dict) or content.get("kind") != kind:
        raise UnusableReportError(f"{path} is no report of the kind {kind}")
    if content.get("version") != VERSION:
        raise UnusableReportError(f"{path} is of another version than {VERSION}")
    expected = settings.get("organizationId")
    if not expected:
        raise UnusableReportError(
            "`organizationId` is not configured: nobody knows whose report it should be"
        )
    if content.get("organizationId") != expected:
        raise UnusableReportError(f"{path} is of another organisation than {expected}")
    return Report(path, content)


def read_saved(path: Path) -> object:
    """Read a file of JSON; None where it holds none. Raises UnusableReportError where it cannot be read."""
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise UnusableReportError(f"{path} could not be read ({type(error).__name__})") from error


@lru_cache(maxsize=8)
def _read(path: Path, changed: int, size: int) -> object:
    # Every resource of an update asks again; the file is read again once it has changed.
    del changed, size
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None


def too_old(text: object, settings: Settings, view: View) -> str:
    """Say why something that was read at a time does not count today; empty where it does."""
    read_on = _day(text)
    if read_on is None:
        return "it does not say when it was read"
    try:
        today = view.today()
    except ClockError as error:
        return str(error)
    if read_on > today:
        return f"it was read on {read_on}, which lies in the future: today is {today}"
    age, most = (today - read_on).days, float(settings["maxAgeDays"])
    return f"it was read on {read_on}, {age} days ago, and {most:g} is the most" if age > most else ""


def _day(text: object) -> date | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC).date()
    except ValueError:
        return None


# In which accounts people are let in, and whether these are all accounts that there are.
#
# What "all" means depends on who tells: a snapshot of the organisation that the configuration names, else the
# organisation where this stack makes it, else the accounts that this stack lets anybody into. A message says
# which of them was counted.
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
