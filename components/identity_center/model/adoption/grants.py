"""Who gets what: account assignments, applications, role entitlements, attributes, as the model says them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import GROUP, USER, Application, Assignment
from identity_center.model.existing.owners import (
    CONTROL_TOWER,
    CONTROL_TOWER_GROUPS,
    is_own_application,
    owner_by_tags,
)
from identity_center.model.existing.parts import Part
from identity_center.model.existing.things import Kind, Thing
from identity_center.model.organisation.organisation import AccountState
from identity_center.model.plan.planned import APPLICATION as OF_APPLICATION
from identity_center.model.plan.planned import APPLICATION_ASSIGNMENT, ASSIGNMENT, ENTITLEMENT

from .keys import key_of_words
from .people import People
from .permission_sets import PermissionSets, is_control_towers
from .proposal import Adopting, Place, Said, problem_of

_WORD: Final = {GROUP: "group", USER: "user"}


def add_assignments(adopting: Adopting, people: People, sets: PermissionSets) -> None:
    """Add the account assignments that the model has not: one entry for who has the same sets where."""
    accounts = defaultdict[tuple[str, str, str], list[str]](list)
    for each in adopting.existing.assignments:
        names = (each.principal_id, each.principal_type, each.account_id, each.permission_set_arn)
        if adopting.model.has(ASSIGNMENT, *names):
            continue
        why = _why_not(adopting.existing, each, people, sets)
        if why is None:
            key = people.key(each.principal_type, each.principal_id)
            why = people.why(each.principal_id) if key is None else None
        if why is not None:
            adopting.proposal.leave_out(*_told(adopting.existing, each, why))
            continue
        accounts[each.principal_type, str(key), str(sets.key(each.permission_set_arn))].append(
            each.account_id
        )
    by_accounts = defaultdict[tuple[str, str, tuple[str, ...]], list[str]](list)
    for (kind, key, permission_set), ids in sorted(accounts.items()):
        by_accounts[kind, key, tuple(sorted(ids))].append(permission_set)
    for (kind, key, where), keys in sorted(by_accounts.items(), key=lambda pair: (pair[0][:2], pair[1])):
        entry = {_WORD[kind]: key, "permissionSets": keys, "accounts": list(where)}
        adopting.proposal.append(("assignments",), entry)


def _why_not(existing: Existing, each: Assignment, people: People, sets: PermissionSets) -> str | None:
    """Say why an assignment is not for the model, before it is asked for keys, which adds what has none."""
    who = existing.principal_name(each.principal_type, each.principal_id)
    if who is None:
        return people.why(each.principal_id)
    if not sets.can_be_named(each.permission_set_arn):
        return sets.why(each.permission_set_arn)
    one = existing.set_of.get(each.permission_set_arn)
    if one is not None and is_control_towers(one) and who in CONTROL_TOWER_GROUPS:
        return f"{CONTROL_TOWER} makes it"
    if not existing.knows(Part.ORGANISATION):
        return None
    account = existing.account_of.get(each.account_id)
    if account is None:
        return "the organisation has no such account"
    active = AccountState.of(account.state) is AccountState.ACTIVE
    return None if active else "the account is suspended or closed"


def _told(existing: Existing, each: Assignment, why: str) -> tuple[str, str, Thing]:
    one = existing.set_of.get(each.permission_set_arn)
    label = one.label if one else each.permission_set_arn
    who = existing.principal_name(each.principal_type, each.principal_id) or each.principal_id
    shown = who if each.principal_type == GROUP else each.principal_id
    what = f"assignment of {label} in {each.account_id} to {_WORD[each.principal_type]} {shown}"
    return what, why, Thing(Kind.ASSIGNMENT, (label, each.account_id, each.principal_type, who))


class Applications:
    """Applications of the access portal that somebody here made, and who may use them."""

    def __init__(self, adopting: Adopting, people: People) -> None:
        self._adopting, self._people = adopting, people

    def add(self) -> None:
        """Add applications that the model has not, and who may use those that it has since."""
        for each in self._adopting.existing.applications:
            said = self._adopting.model.imports.said
            key = said.get((OF_APPLICATION, (each.name, each.provider_arn)))
            if key is None:
                self._add(each)
            elif each.assignments is not None:
                for grant in self._grants(each):
                    self._adopting.proposal.append(("applications", key, "assignments"), grant)

    def _add(self, one: Application) -> None:
        entry = entry_of_application(one)
        problem = self._problem(one) or problem_of("applications", entry)
        if problem is not None:
            thing = Thing(Kind.APPLICATION, (one.name or one.arn,))
            self._adopting.proposal.leave_out(f"application {one.name or one.arn}", problem, thing)
            return
        key = self._adopting.model.application_keys.take([key_of_words(one.name)], "application", one.arn)
        grants = list(self._grants(one))
        self._adopting.proposal.add(
            "applications", key, {**entry, **({"assignments": grants} if grants else {})}
        )
        self._adopting.proposal.warnings += _warnings(one)

    def _problem(self, one: Application) -> str | None:
        existing = self._adopting.existing
        if not is_own_application(one.provider_arn):
            return "an AWS service or the catalogue has it"
        if existing.owner_account_id and one.account_id not in ("", existing.owner_account_id):
            return f"account {one.account_id} has it"
        same = [
            each
            for each in existing.applications
            if (each.name, each.provider_arn) == (one.name, one.provider_arn)
        ]
        if len(same) > 1:
            return "another application has the same name"
        if one.assignments is None or one.tags is None:
            return "not read: who may use it, or its tags"
        return None

    def _grants(self, one: Application) -> Iterator[Said]:
        for each in one.assignments or ():
            if self._adopting.model.has(
                APPLICATION_ASSIGNMENT, one.arn, each.principal_id, each.principal_type
            ):
                continue
            key = self._people.key(each.principal_type, each.principal_id)
            if key is not None:
                yield {_WORD[each.principal_type]: key}
                continue
            existing = self._adopting.existing
            who = existing.principal_name(each.principal_type, each.principal_id) or each.principal_id
            names = (one.name or one.arn, each.principal_type, who)
            what = f"application {one.name} for {_WORD[each.principal_type]} {each.principal_id}"
            thing = Thing(Kind.APPLICATION_ASSIGNMENT, names)
            self._adopting.proposal.leave_out(what, self._people.why(each.principal_id), thing)


def _warnings(one: Application) -> Iterator[str]:
    owner = owner_by_tags(one.tags or {})
    if owner is not None:
        yield f"application {one.name}: its tags say that {owner} manages it; let go of it there first"
    if one.assignment_required is False:
        yield f"application {one.name}: everybody may use it, whoever is assigned (AssignmentRequired is off)"


def entry_of_application(one: Application) -> Said:
    """Return what a model says of an application, but for who may use it."""
    return dict(_application(one))


def _application(one: Application) -> Iterator[tuple[str, Any]]:
    yield "name", one.name
    yield "provider", one.provider_arn
    if one.description:
        yield "description", one.description
    if one.status == "DISABLED":
        yield "status", "disabled"
    if one.sign_in_origin:
        yield "portal", dict(_portal(one))
    if one.tags:
        yield "tags", dict(one.tags)


def _portal(one: Application) -> Iterator[tuple[str, str]]:
    if one.visibility == "DISABLED":
        yield "visibility", "disabled"
    yield "origin", one.sign_in_origin.lower().replace("_", "-")
    if one.url:
        yield "applicationUrl", one.url


def add_entitlements(adopting: Adopting, people: People) -> None:
    """Add who gets which role through account access manager."""
    existing, proposal = adopting.existing, adopting.proposal
    if len(existing.account_access) > 1:
        proposal.leave_out("role entitlements", "account access manager has several applications here")
        return
    roles = defaultdict[tuple[str, str], list[str]](list)
    for each in existing.entitlements:
        names = (each.application_arn, each.role_arn, each.principal_type, each.principal_id)
        if adopting.model.has(ENTITLEMENT, *names):
            continue
        key = people.key(each.principal_type, each.principal_id)
        if key is None:
            who = existing.principal_name(each.principal_type, each.principal_id) or each.principal_id
            what = f"{each.role_arn} for {_WORD[each.principal_type]} {each.principal_id}"
            thing = Thing(Kind.ENTITLEMENT, (each.role_arn, each.principal_type, who))
            proposal.leave_out(what, people.why(each.principal_id), thing)
        else:
            roles[each.principal_type, key].append(each.role_arn)
    place: Place = ("accountAccess", "entitlements")
    for (kind, key), arns in sorted(roles.items()):
        proposal.append(place, {_WORD[kind]: key, "roles": sorted(arns)})
    if roles and adopting.model.declared.account_access is None:
        for access in existing.account_access:
            if access.tags:
                proposal.mappings[("accountAccess",)] = {"tags": dict(access.tags)}


def add_attributes(adopting: Adopting) -> None:
    """Add attributes for access control: AWS keeps them as one, so a model without gets all or none."""
    existing, proposal = adopting.existing, adopting.proposal
    declared = adopting.model.declared.access_control_attributes
    new = [each for each in existing.attributes if each.key not in declared]
    several = [each for each in new if len(each.sources) != 1]
    for each in new if several and not declared else several:
        thing, why = Thing(Kind.ATTRIBUTE, (each.key,)), "one has several sources, and the model has one"
        proposal.leave_out(f"attribute for access control {each.key}", why, thing)
    said = {each.key: each.sources[0] for each in new if each not in several}
    if said and (declared or not several):
        proposal.mappings[("accessControlAttributes",)] = said
