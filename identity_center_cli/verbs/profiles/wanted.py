"""The profiles that access comes to: a name that people can type, for each account and permission set."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from identity_center.model.mistakes import suggestion
from identity_center_cli.report.contents import Account, Group, Person, Report


class UnknownPersonError(ValueError):
    """Nobody is called so."""


@dataclass(frozen=True, slots=True, order=True)
class Profile:
    """One role of Identity Center in one account, as the AWS CLI names it."""

    name: str
    account_id: str
    """Twelve digits."""
    role_name: str
    """The permission set's name."""


def wanted_profiles(report: Report, person: str | None) -> tuple[tuple[Profile, ...], tuple[str, ...]]:
    """Return the profiles of everybody's access or of one person's, by name, and what is not known of it.

    Raises UnknownPersonError.
    """
    principals, notes = _principals(report, person)
    names = {each.key: each.name for each in report.permission_sets}
    pairs = {
        (grant.account, names[grant.permission_set])
        for grant in report.grants
        if principals is None or grant.principal in principals
    }
    accounts = _account_names(report.accounts)
    profiles = [Profile(f"{accounts.get(id_, id_)}-{_word(role)}", id_, role) for id_, role in pairs]
    times = Counter(each.name for each in profiles)
    clear = (
        each if times[each.name] == 1 else replace(each, name=f"{each.name}-{each.account_id}")
        for each in profiles
    )
    return tuple(sorted(clear)), notes


def _principals(report: Report, person: str | None) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    if person is None:
        return None, ()
    found = _find(report.people, person)
    groups = [group for group in report.groups if found.key in group.members]
    unknown = [group for group in report.groups if not group.members_known and group not in groups]
    return frozenset({found.key, *(group.key for group in groups)}), tuple(map(_unknown_members, unknown))


def _unknown_members(group: Group) -> str:
    return f"whether they are in group {group.name} is not known: its members are kept elsewhere"


def _find(people: Iterable[Person], wanted: str) -> Person:
    by_name: dict[str, list[Person]] = {}
    for person in people:
        for name in {person.key, person.name, person.user_name} - {None}:
            by_name.setdefault(str(name).casefold(), []).append(person)
    found = by_name.get(wanted.casefold(), [])
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(f"`{each.key}`" for each in found)
        raise UnknownPersonError(f"several people are called `{wanted}`; say which: {keys}")
    raise UnknownPersonError(f"nobody is called `{wanted}`; {suggestion(wanted, by_name, kind='person')}")


def _account_names(accounts: Iterable[Account]) -> Mapping[str, str]:
    """Return a word for each account that has a name; two of one name are told apart by their numbers."""
    words = {account.id: _word(account.name) for account in accounts if account.name}
    times = Counter(words.values())
    return {id_: word if times[word] == 1 else f"{word}-{id_}" for id_, word in words.items() if word}


def _word(name: str) -> str:
    """Write a name without what shells and configuration files give a meaning to."""
    return re.sub(r"[^\w.@+-]+", "-", name).strip("-")
