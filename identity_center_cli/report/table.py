"""A report as CSV: one line for each way in which a person reaches an account."""

from collections.abc import Iterator
from typing import Final

from identity_center_cli import tables

from .contents import Grant, Report

COLUMNS: Final = (
    "person",
    "userName",
    "through",
    "permissionSet",
    "strength",
    "accountId",
    "accountName",
    "unit",
    "owner",
    "ticket",
    "reviewBy",
    "expires",
    "breakGlass",
    "where",
)


def as_csv(report: Report) -> str:
    """Return the table; a group without known members has one line with an empty person."""
    return tables.as_csv(COLUMNS, sorted(_rows(report)))


def _rows(report: Report) -> Iterator[tuple[str, ...]]:
    people = {each.key: each for each in report.people}
    groups = {each.key: each for each in report.groups}
    sets = {each.key: each for each in report.permission_sets}
    accounts = {each.id: each for each in report.accounts}
    for grant in report.grants:
        group = groups[grant.principal] if grant.kind == "group" else None
        account, granted = accounts[grant.account], sets[grant.permission_set]
        for key in (group.members or ("",)) if group else (grant.principal,):
            person = people.get(key)
            yield (
                person.name if person else "",
                (person.user_name or "") if person else "",
                f"group {group.name}" if group else "directly",
                granted.name,
                granted.strength.value,
                account.id,
                account.name or "",
                account.unit or "",
                *_terms(grant),
                grant.seen.value,
            )


def _terms(grant: Grant) -> tuple[str, ...]:
    terms = grant.terms
    texts = (terms.owner, terms.ticket, terms.review_by, terms.expires)
    return (*(text or "" for text in texts), "yes" if terms.break_glass else "")
