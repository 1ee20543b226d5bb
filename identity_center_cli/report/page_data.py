"""A report as the JSON document that its page reads, and that `--format json` prints.

Entries refer to each other by their place in the lists, which keeps ten thousand grants small. The order is
by name and key, so the same report is the same text.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from .contents import Grant, Report, Seen, Strength, Terms

STRENGTHS: Final = tuple(Strength)
VERSION: Final = 2


def page_data(report: Report) -> dict[str, Any]:
    """Return the document: people, groups, permission sets, accounts, and the grants that point at them."""
    lists = _Lists(report)
    return {
        "version": VERSION,
        "title": report.title,
        "about": report.about,
        "strengths": [each.value for each in STRENGTHS],
        "undecided": STRENGTHS.index(Strength.UNDECIDED),
        "states": [each.value for each in lists.states],
        "people": lists.people,
        "groups": lists.groups,
        "sets": lists.sets,
        "accounts": lists.accounts,
        "terms": [_terms(each) for each in lists.terms],
        "grants": sorted(map(lists.row, report.grants)),
        "others": [
            {"who": each.who, "kind": each.kind, "what": each.what, "state": each.seen.value}
            for each in sorted(report.others)
        ],
        "mfa": [list(each) for each in report.mfa],
        "root": lists.root,
        "exceptions": [
            [each.rule, each.about, each.reason, each.owner, each.expires]
            for each in sorted(report.exceptions)
        ],
        "due": [list(each) for each in sorted(report.due)],
        "notes": list(report.notes),
    }


def as_json(report: Report) -> str:
    """Return the document as text, readable and the same each time."""
    return json.dumps(page_data(report), indent=1, ensure_ascii=False) + "\n"


class _Lists:
    """The lists of a report in their order, and the place of each entry."""

    def __init__(self, report: Report) -> None:
        self._people = sorted(report.people, key=lambda each: (each.name.casefold(), each.key))
        self._groups = sorted(report.groups, key=lambda each: (each.name.casefold(), each.key))
        self._sets = sorted(report.permission_sets, key=lambda each: (each.name.casefold(), each.key))
        self._accounts = sorted(report.accounts, key=lambda each: each.id)
        seen = {grant.seen for grant in report.grants}
        self.states = [each for each in Seen if each in seen] or [Seen.CODE]
        self.terms = sorted({grant.terms for grant in report.grants}, key=_sortable)
        self._person = _places(each.key for each in self._people)
        self._group = _places(each.key for each in self._groups)
        self._set = _places(each.key for each in self._sets)
        self._account = _places(each.id for each in self._accounts)
        self._term = {each: place for place, each in enumerate(self.terms)}

    def row(self, grant: Grant) -> list[int]:
        """Return a grant: whether to a group, then the places of principal, set, account, state and terms."""
        is_group = grant.kind == "group"
        return [
            int(is_group),
            (self._group if is_group else self._person)[grant.principal],
            self._set[grant.permission_set],
            self._account[grant.account],
            self.states.index(grant.seen),
            self._term[grant.terms],
        ]

    @property
    def people(self) -> list[dict[str, Any]]:
        """Everybody, with the places of their groups."""
        return [
            {
                "key": each.key,
                "name": each.name,
                "userName": each.user_name,
                "keptIn": each.kept_in,
                "groups": self._groups_of.get(each.key, []),
                "lastSignIn": each.last_sign_in,
                "mfa": each.mfa,
            }
            for each in self._people
        ]

    @cached_property
    def _groups_of(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, group in enumerate(self._groups):
            for member in group.members:
                found.setdefault(member, []).append(place)
        return found

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The groups, with the places of their members."""
        return [
            {
                "key": each.key,
                "name": each.name,
                "keptIn": each.kept_in,
                "members": sorted(self._person[member] for member in each.members),
                "membersKnown": each.members_known,
                "missing": sorted(self._person[member] for member in each.only_in_code),
                "extra": sorted(self._person[member] for member in each.only_in_aws),
            }
            for each in self._groups
        ]

    @property
    def sets(self) -> list[dict[str, Any]]:
        """The permission sets, with the place of their strength."""
        return [
            {
                "key": each.key,
                "name": each.name,
                "strength": STRENGTHS.index(each.strength),
                "why": each.why,
                "policies": list(each.policies),
                "boundary": each.boundary,
                "session": each.session,
            }
            for each in self._sets
        ]

    @property
    def accounts(self) -> list[dict[str, Any]]:
        """The accounts."""
        return [
            {"id": each.id, "name": each.name, "unit": each.unit, "root": each.root}
            for each in self._accounts
        ]

    @property
    def root(self) -> list[list[str]]:
        """The accounts of whose root user something is known."""
        return [
            [f"{each.id} {each.name or ''}".strip(), each.root, each.root_seen or ""]
            for each in self._accounts
            if each.root is not None
        ]


def _places(keys: Iterable[str]) -> dict[str, int]:
    return {key: place for place, key in enumerate(keys)}


def _sortable(terms: Terms) -> tuple[str, ...]:
    texts = (terms.owner, terms.ticket, terms.review_by, terms.expires)
    return (*(text or "" for text in texts), str(terms.break_glass))


def _terms(terms: Terms) -> dict[str, str | bool]:
    named = {
        "owner": terms.owner,
        "ticket": terms.ticket,
        "reviewBy": terms.review_by,
        "expires": terms.expires,
        "breakGlass": terms.break_glass,
    }
    return {name: value for name, value in named.items() if value}
