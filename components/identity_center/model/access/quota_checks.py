"""Quotas, counted on the resolved model: AWS would say so in the middle of an update."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.language.policies import size_problem
from identity_center.model.language.settings import (
    MOST_ATTRIBUTES,
    MOST_GROUPS_ASSIGNED,
    MOST_POLICIES,
    QuotasEntry,
)
from identity_center.model.mistakes import KeyPath, Mistake

from .grant import Grant
from .permission_sets import ResolvedSet


def quota_mistakes(
    declared: AccessDeclaration, sets: Mapping[str, ResolvedSet], grants: Iterable[Grant]
) -> Iterator[Mistake]:
    """Find everything of which AWS allows less than the model has."""
    quotas = declared.quotas or QuotasEntry()
    parts = (
        ("users", len(declared.users), quotas.users),
        ("groups", len(declared.groups), quotas.groups),
        ("permissionSets", len(sets), quotas.permission_sets),
        ("applications", len(declared.applications), quotas.applications),
    )
    for part, count, most in parts:
        if count > most:
            problem = f"has {count} entries, and AWS allows {most}"
            yield Mistake((part,), problem, _where_raised(part), at_key=True)
    attributes = len(declared.access_control_attributes)
    if attributes > MOST_ATTRIBUTES:
        problem = f"has {attributes} attributes"
        yield Mistake(("accessControlAttributes",), problem, f"AWS allows {MOST_ATTRIBUTES}", at_key=True)
    regions = len(declared.additional_regions) + 1
    if regions > quotas.regions:
        problem = f"makes {regions} Regions with the primary one, and AWS allows {quotas.regions}"
        yield Mistake(("additionalRegions",), problem, _where_raised("regions"), at_key=True)
    for key, made in sets.items():
        yield from _set_mistakes(("permissionSets", key), made, quotas.managed_policies_per_role)
    yield from _grant_mistakes(tuple(grants), quotas)
    yield from _application_mistakes(declared)
    yield from _role_mistakes(declared, quotas.groups_per_role)


def _where_raised(key: str) -> str:
    return f"where AWS has raised the quota, write it as `quotas.{key}`"


def _set_mistakes(path: KeyPath, made: ResolvedSet, most_of_a_role: int) -> Iterator[Mistake]:
    count = len(made.managed_policy_arns) + len(made.customer_policies)
    if count > MOST_POLICIES:
        remedy = (
            f"AWS allows {MOST_POLICIES} in one permission set, AWS-managed and customer-managed together"
        )
        yield Mistake(path, f"has {count} policies", remedy, at_key=True)
    elif count > most_of_a_role:
        # Source: IAM Identity Center user guide, limits, note on managed policies: the role's quota counts in
        # each account. AWS attaches them all to the set and then fails to provision it.
        problem = f"has {count} managed policies, and IAM allows {most_of_a_role} of a role in an account"
        remedy = (
            "put some into one policy; where IAM has raised the quota in every account of its assignments, "
            "write it as `quotas.managedPoliciesPerRole`"
        )
        yield Mistake(path, problem, remedy, at_key=True)
    too_large = size_problem(made.inline_policy or "")
    if too_large is not None:
        yield Mistake((*path, "inlinePolicy"), *too_large)


def _grant_mistakes(grants: tuple[Grant, ...], quotas: QuotasEntry) -> Iterator[Mistake]:
    path: KeyPath = ("assignments",)
    accounts = {grant.account_id for grant in grants}
    if len(accounts) > quotas.accounts:
        problem = f"reaches {len(accounts)} accounts, and AWS allows {quotas.accounts}"
        yield Mistake(path, problem, _where_raised("accounts"), at_key=True)
    in_account = _different((grant.account_id, grant.permission_set) for grant in grants)
    most = quotas.permission_sets_per_account
    for account_id, sets in sorted(in_account.items()):
        if len(sets) > most:
            problem = f"assigns {len(sets)} permission sets in account {account_id}, and AWS allows {most}"
            yield Mistake(path, problem, _where_raised("permissionSetsPerAccount"), at_key=True)
    groups = _different(
        ((grant.permission_set, grant.account_id), grant.principal)
        for grant in grants
        if grant.principal_type is PrincipalType.GROUP
    )
    for (key, account_id), principals in sorted(groups.items()):
        if len(principals) > MOST_GROUPS_ASSIGNED:
            problem = f"assigns `{key}` to {len(principals)} groups in account {account_id}"
            yield Mistake(path, problem, f"AWS allows {MOST_GROUPS_ASSIGNED}: merge groups", at_key=True)


def _application_mistakes(declared: AccessDeclaration) -> Iterator[Mistake]:
    for key, application in declared.applications.items():
        groups = {entry.group for entry in application.assignments if entry.group}
        if len(groups) > MOST_GROUPS_ASSIGNED:
            remedy = f"AWS allows {MOST_GROUPS_ASSIGNED}: merge groups"
            yield Mistake(("applications", key), f"is assigned to {len(groups)} groups", remedy, at_key=True)


def _role_mistakes(declared: AccessDeclaration, most: int) -> Iterator[Mistake]:
    entitlements = declared.account_access.entitlements if declared.account_access else ()
    pairs = ((role, entry.group) for entry in entitlements if entry.group for role in entry.roles)
    for role, groups in sorted(_different(pairs).items()):
        if len(groups) > most:
            path: KeyPath = ("accountAccess", "entitlements")
            problem = f"gives {role} to {len(groups)} groups, and AWS allows {most}"
            remedy = f"merge groups; {_where_raised('groupsPerRole')}"
            yield Mistake(path, problem, remedy, at_key=True)


_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value", bound=Hashable)


def _different(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, set[_Value]]:
    found: dict[_Key, set[_Value]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found
