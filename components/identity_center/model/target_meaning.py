"""What one target means in an organisation: which account it names, or which accounts it selects.

The management account is reached by `management` and by its id only. A name is a label that anybody who may
rename accounts can move, so its name is a mistake.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from .accounts import MANAGEMENT, is_account
from .errors import KeyPath
from .nearest import nearest, suggestion
from .organisation import Organisation
from .tag_expressions import TagExpression
from .targets import ALL, UNIT_ID, Reading, Target

#: A list longer than this no longer helps the reader of one line.
_SHOWN = 8


@dataclass(frozen=True)
class Named:
    """One account, by its id."""

    account_id: str


@dataclass(frozen=True)
class OfUnit:
    """The accounts of some units."""

    unit_id: str
    children: bool


@dataclass(frozen=True)
class Tagged:
    """The accounts whose tags are so."""

    expression: TagExpression


@dataclass(frozen=True)
class All:
    """Every account but the management account."""


Selection: TypeAlias = Named | OfUnit | Tagged | All


@dataclass(frozen=True)
class Problem:
    """A mistake without its place."""

    path: KeyPath
    problem: str
    remedy: str


@dataclass(frozen=True)
class Meanings:
    """Says what targets mean in one organisation."""

    organisation: Organisation
    """With all that the targets need of it."""

    def of(self, target: Target) -> Selection | Problem:
        """Return what a target means, or why it means nothing. Exceptions mean nothing by themselves."""
        if isinstance(target, str):
            if target == ALL:
                return All() if self.organisation.accounts is not None else _unread((), Reading.ACCOUNTS)
            return self._account(target, ())
        if target.account is not None:
            return self._account(target.account, ("account",), keyword=False)
        if target.unit is not None:
            return self._unit(target.unit, children=target.with_children)
        if target.tagged is not None:
            return self._tagged(target.tagged)
        raise ValueError("an exception is no selection")

    def _account(self, text: str, path: KeyPath, *, keyword: bool = True) -> Selection | Problem:
        organisation = self.organisation
        if keyword and text == MANAGEMENT:
            return Named(organisation.management_account_id)
        if text != MANAGEMENT and is_account(text):
            if organisation.accounts is None or text in organisation.accounts:
                return Named(text)
            problem = f"account `{text}` is not in the organisation"
            return Problem(path, problem, organisation.closest_account(text))
        if organisation.accounts is None:
            return _unread(path, Reading.ACCOUNTS)
        return self._account_of_name(text, path)

    def _account_of_name(self, name: str, path: KeyPath) -> Selection | Problem:
        organisation = self.organisation
        ids = organisation.by_name.get(name, ())
        if not ids:
            known = [ALL, MANAGEMENT, *organisation.by_name]
            return Problem(path, f"no account has the name `{name}`", suggestion(name, known, kind="account"))
        if len(ids) > 1:
            problem = f"{len(ids)} accounts have the name `{name}`"
            return Problem(path, problem, f"write the id of the one that is meant: {_listed(ids)}")
        if ids[0] == organisation.management_account_id:
            problem = f"`{name}` is the name of the management account"
            return Problem(path, problem, f"write `{MANAGEMENT}` if it is meant")
        return Named(ids[0])

    def _unit(self, text: str, *, children: bool) -> Selection | Problem:
        organisation = self.organisation
        if organisation.accounts is None or not organisation.has_units:
            return _unread(("unit",), Reading.UNITS)
        if UNIT_ID.fullmatch(text):
            if text in organisation.units:
                return OfUnit(text, children)
            closest = nearest(text, organisation.units)
            remedy = (
                f"did you mean `{closest}` ({organisation.unit_paths[closest]})?"
                if closest
                else "look for it in the console, under AWS Organizations"
            )
            return Problem(("unit",), f"no unit has the id `{text}`", remedy)
        found = self._units_called(text)
        if len(found) == 1:
            return OfUnit(found[0], children)
        paths = organisation.unit_paths
        if found:
            candidates = [f"{paths[unit_id]} ({unit_id})" for unit_id in found]
            problem = f"{len(found)} units are called `{text}`"
            remedy = f"write the path or the id of the one that is meant: {_listed(candidates)}"
            return Problem(("unit",), problem, remedy)
        names = {unit.name for unit in organisation.units.values()} | {
            path.lstrip("/") for path in paths.values()
        }
        remedy = suggestion(text.lstrip("/"), names - {""}, kind="unit")
        return Problem(("unit",), f"no unit is called `{text}`", remedy)

    def _units_called(self, text: str) -> list[str]:
        """Return the units of a path from the root, or of a name that is not a path, by their paths."""
        organisation = self.organisation
        found = set(organisation.units_by_path.get("/" + text.strip("/"), ()))
        if "/" not in text:
            found.update(organisation.units_by_name.get(text, ()))
        return sorted(found, key=lambda unit_id: (organisation.unit_paths[unit_id], unit_id))

    def _tagged(self, expression: TagExpression) -> Selection | Problem:
        organisation = self.organisation
        if organisation.accounts is None or not organisation.has_tags:
            return _unread(("tagged",), Reading.TAGS)
        known = self._known_tags
        for path, key in expression.tag_keys():
            if key not in known:
                remedy = suggestion(key, known, kind="tag of an account")
                return Problem(("tagged", *path), f"no account has the tag `{key}`", remedy)
        return Tagged(expression)

    @cached_property
    def _known_tags(self) -> frozenset[str]:
        accounts = self.organisation.accounts or {}
        return frozenset(key for account in accounts.values() for key in account.tags or ())


def _unread(path: KeyPath, reading: Reading) -> Problem:
    return Problem(
        path,
        f"the {reading.value} of the organisation were not read",
        "use credentials that may list them, or a snapshot that holds them (`organisationSnapshot`)",
    )


def _listed(candidates: Sequence[str]) -> str:
    shown = ", ".join(f"`{candidate}`" for candidate in candidates[:_SHOWN])
    more = f" and {len(candidates) - _SHOWN} more" if len(candidates) > _SHOWN else ""
    return f"{shown}{more}"
