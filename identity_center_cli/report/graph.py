"""A report as a picture: who reaches which account, through which group, with which permission set.

A permission set is drawn once for each list of accounts that somebody has it in. Drawn once for all, it
would lead everybody who has it anywhere to everywhere that anybody has it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from identity_guard.chains.drawing import Drawing

from .contents import Account, Grant, Report

MOST: Final = 8
"""More members of a group, or accounts of one permission set, are one box with their number."""


def graph_of(report: Report, person: str | None, account: str | None, permission_set: str | None) -> Drawing:
    """Draw all access, or that of a person, an account, a permission set, by their keys and numbers."""
    groups = {group.key: group for group in report.groups}
    members = {group.key: group.members for group in report.groups}
    grants = [
        grant
        for grant in report.grants
        if (account is None or grant.account == account)
        and (permission_set is None or grant.permission_set == permission_set)
        and (person is None or person in _people(grant, members))
    ]
    drawn = _Drawn(report, whole=person is not None or account is not None)
    for (kind, principal, key), accounts in _places(grants).items():
        source = drawn.person(principal) if kind == "user" else drawn.group(principal, groups[principal].name)
        if kind == "group":
            drawn.members(principal, person)
        drawn.leads(source, key, accounts)
    return Drawing("access", drawn.boxes, tuple(drawn.arrows))


def _people(grant: Grant, members: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return (grant.principal,) if grant.kind == "user" else members[grant.principal]


def _places(grants: Iterable[Grant]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Return the accounts of each permission set of each principal."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for grant in sorted(grants, key=lambda one: (one.kind, one.principal, one.permission_set, one.account)):
        found.setdefault((grant.kind, grant.principal, grant.permission_set), []).append(grant.account)
    return {key: tuple(dict.fromkeys(accounts)) for key, accounts in found.items()}


@dataclass
class _Drawn:
    """A picture on its way."""

    report: Report
    whole: bool
    """Whether no list of accounts becomes a number: a part of the picture was asked for."""
    boxes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    arrows: dict[tuple[str, str, str], None] = field(default_factory=dict)
    _ids: dict[tuple[str, ...], str] = field(default_factory=dict)

    def _box(self, what: tuple[str, ...], *lines: str) -> str:
        box = self._ids.setdefault(what, f"n{len(self._ids)}")
        self.boxes.setdefault(box, lines)
        return box

    def person(self, key: str) -> str:
        name = next((each.name for each in self.report.people if each.key == key), key)
        return self._box(("person", key), name)

    def group(self, key: str, name: str) -> str:
        return self._box(("group", key), f"group {name}")

    def members(self, key: str, person: str | None) -> None:
        """Draw who is in a group: one person where one is asked for, many as their number."""
        group = next(each for each in self.report.groups if each.key == key)
        box = self.group(key, group.name)
        if not group.members_known:
            self.arrows[self._box(("unknown", key), "members kept elsewhere"), box, ""] = None
        elif person is None and len(group.members) > MOST:
            self.arrows[self._box(("members", key), f"{len(group.members)} people"), box, ""] = None
        else:
            for each in group.members if person is None else (person,):
                self.arrows[self.person(each), box, ""] = None

    def leads(self, source: str, key: str, accounts: tuple[str, ...]) -> None:
        made = next(each for each in self.report.permission_sets if each.key == key)
        through = self._box(("set", key, *accounts), made.name, made.strength.value)
        self.arrows[source, through, ""] = None
        if len(accounts) > MOST and not self.whole:
            self.arrows[through, self._box(("accounts", *accounts), f"{len(accounts)} accounts"), ""] = None
            return
        known: Mapping[str, Account] = {each.id: each for each in self.report.accounts}
        for each in accounts:
            name = known[each].name if each in known else None
            self.arrows[through, self._box(("account", each), *filter(None, (name, each))), ""] = None
