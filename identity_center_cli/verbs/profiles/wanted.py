"""The profiles that access comes to: a name that people can type, for each account and permission set."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from identity_center_cli.report.contents import Account, Report
from identity_center_cli.report.of_person import access_of, roles_of


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
    one = None if person is None else access_of(report, person)
    pairs = roles_of(report, None) if one is None else one.granted
    accounts = _account_names(report.accounts)
    profiles = [Profile(f"{accounts.get(id_, id_)}-{_word(role)}", id_, role) for id_, role in pairs]
    times = Counter(each.name for each in profiles)
    clear = (
        each if times[each.name] == 1 else replace(each, name=f"{each.name}-{each.account_id}")
        for each in profiles
    )
    return tuple(sorted(clear)), one.notes if one else ()


def _account_names(accounts: Iterable[Account]) -> Mapping[str, str]:
    """Return a word for each account that has a name; two of one name are told apart by their numbers."""
    words = {account.id: _word(account.name) for account in accounts if account.name}
    times = Counter(words.values())
    return {id_: word if times[word] == 1 else f"{word}-{id_}" for id_, word in words.items() if word}


def _word(name: str) -> str:
    """Write a name without what shells and configuration files give a meaning to."""
    return re.sub(r"[^\w.@+-]+", "-", name).strip("-")
