"""What only a model says of access: who owns a grant, until when, what is due, MFA and answered findings."""

from collections.abc import Iterator, Mapping
from enum import Enum

from identity_center.model.access.grants import Access
from identity_center.model.assemble import Assembled
from identity_center.model.language.assignments import GrantEntry
from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.mistakes import key_path
from identity_center.model.organisation.organisation import Organisation

from .contents import AnsweredFinding, OtherAccess, Seen, Terms


def terms_by_assignment(access: Access) -> Mapping[str, Terms]:
    """Return what was written about each assignment, by the name of its resource."""
    written: dict[tuple[str, str, str], list[Terms]] = {}
    for entry in access.declared.assignments:
        for key in entry.permission_sets:
            place = (key, entry.principal, entry.principal_type.value)
            written.setdefault(place, []).append(_terms(entry))
    break_glass = access.break_glass
    found: dict[str, Terms] = {}
    for grant in access.grants:
        candidates = written.get((grant.permission_set, grant.principal, grant.kind), [])
        # Several entries may give the same set to the same principal, in other accounts; which of them is
        # this grant's the model does not keep, so then only what all of them say is told.
        terms = candidates[0] if len(set(candidates)) == 1 else Terms(break_glass=grant in break_glass)
        found[grant.resource_name] = terms
    return found


def _terms(entry: GrantEntry) -> Terms:
    return Terms(
        entry.owner,
        entry.ticket,
        entry.review_by.isoformat() if entry.review_by else None,
        entry.expires.isoformat() if entry.expires else None,
        entry.break_glass,
    )


def due(assembled: Assembled) -> tuple[tuple[str, str], ...]:
    """Return the notices of the model, each with the key that it is about."""
    return tuple((key_path(notice.path), notice.text) for notice in assembled.notices)


def applications(access: Access) -> Iterator[OtherAccess]:
    """Return who reaches which application."""
    declared = access.declared
    names: dict[tuple[PrincipalType, str], str | None] = {}
    for users in (declared.users, declared.external_users):
        names |= {(PrincipalType.USER, key): each.display_name for key, each in users.items()}
    for groups in (declared.groups, declared.external_groups):
        names |= {(PrincipalType.GROUP, key): each.display_name for key, each in groups.items()}
    for application in declared.applications.values():
        for entry in application.assignments:
            who = names.get((entry.principal_type, entry.principal)) or entry.principal
            yield OtherAccess(who, "application", application.name, Seen.CODE)


def exceptions(access: Access) -> Iterator[AnsweredFinding]:
    """Return the findings of the policy pack that somebody answers for."""
    for entry in access.declared.policy_exceptions:
        about = entry.principal or entry.resource or ""
        yield AnsweredFinding(entry.rule.value, about, entry.reason, entry.owner, entry.expires.isoformat())


def mfa_settings(access: Access) -> tuple[tuple[str, str], ...]:
    """Return what somebody confirmed about MFA at sign-in, setting by setting."""
    entry = access.declared.mfa_requirement
    if entry is None:
        return ()
    values = entry.model_dump(by_alias=True, exclude_none=True)
    return tuple((name, _words(value)) for name, value in values.items())


def names_and_units(organisation: Organisation | None) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return names and units of the accounts, by id, as far as they were read."""
    if organisation is None or organisation.accounts is None:
        return {}, {}
    names = {key: each.name for key, each in organisation.accounts.items()}
    paths = organisation.unit_paths
    units = {
        key: paths[each.unit_id]
        for key, each in organisation.accounts.items()
        if each.unit_id is not None and each.unit_id in paths
    }
    return names, units


def _words(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value))
    return str(value)
