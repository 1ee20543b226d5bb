"""Quotas, counted on the resolved model: AWS would say so in the middle of an update."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from .access import Grant
from .declaration import AccessDeclaration
from .errors import KeyPath, Mistake
from .inline_policy import size_problem
from .policies_of_sets import ResolvedSet
from .principals import PrincipalType
from .quotas import (
    MOST_ACCOUNTS,
    MOST_ATTRIBUTES,
    MOST_GROUPS_ASSIGNED,
    MOST_GROUPS_OF_A_ROLE,
    MOST_POLICIES,
    QuotasEntry,
)

#: What is said of a quota that AWS raises.
_RAISED = "where AWS has raised the quota, write it under `quotas`"


def quota_mistakes(
    declared: AccessDeclaration, sets: Mapping[str, ResolvedSet], grants: Iterable[Grant]
) -> Iterator[Mistake]:
    """Find everything of which AWS allows less than the model has."""
    quotas = declared.quotas or QuotasEntry()
    parts = (
        ("users", len(declared.users), quotas.users),
        ("groups", len(declared.groups), quotas.groups),
        ("permissionSets", len(sets), quotas.permission_sets),
    )
    for part, count, most in parts:
        if count > most:
            yield Mistake((part,), f"has {count} entries, and AWS allows {most}", _RAISED, at_key=True)
    attributes = len(declared.access_control_attributes)
    if attributes > MOST_ATTRIBUTES:
        problem = f"has {attributes} attributes"
        yield Mistake(("accessControlAttributes",), problem, f"AWS allows {MOST_ATTRIBUTES}", at_key=True)
    for key, made in sets.items():
        yield from _set_mistakes(("permissionSets", key), made)
    yield from _grant_mistakes(tuple(grants), quotas)
    yield from _role_mistakes(declared)


def _set_mistakes(path: KeyPath, made: ResolvedSet) -> Iterator[Mistake]:
    count = len(made.managed_policy_arns) + len(made.customer_policies)
    if count > MOST_POLICIES:
        remedy = (
            f"AWS allows {MOST_POLICIES} in one permission set, AWS-managed and customer-managed together"
        )
        yield Mistake(path, f"has {count} policies", remedy, at_key=True)
    problem = size_problem(made.inline_policy or "")
    if problem is not None:
        yield Mistake((*path, "inlinePolicy"), *problem)


def _grant_mistakes(grants: tuple[Grant, ...], quotas: QuotasEntry) -> Iterator[Mistake]:
    path: KeyPath = ("assignments",)
    accounts = {grant.account_id for grant in grants}
    if len(accounts) > MOST_ACCOUNTS:
        problem = f"reaches {len(accounts)} accounts, and Identity Center reaches {MOST_ACCOUNTS}"
        yield Mistake(path, problem, "assign in fewer accounts", at_key=True)
    in_account = _different((grant.account_id, grant.permission_set) for grant in grants)
    most = quotas.permission_sets_per_account
    for account_id, sets in sorted(in_account.items()):
        if len(sets) > most:
            problem = f"assigns {len(sets)} permission sets in account {account_id}, and AWS allows {most}"
            yield Mistake(path, problem, _RAISED, at_key=True)
    groups = _different(
        ((grant.permission_set, grant.account_id), grant.principal)
        for grant in grants
        if grant.principal_type is PrincipalType.GROUP
    )
    for (key, account_id), principals in sorted(groups.items()):
        if len(principals) > MOST_GROUPS_ASSIGNED:
            problem = f"assigns `{key}` to {len(principals)} groups in account {account_id}"
            yield Mistake(path, problem, f"AWS allows {MOST_GROUPS_ASSIGNED}: merge groups", at_key=True)


def _role_mistakes(declared: AccessDeclaration) -> Iterator[Mistake]:
    entitlements = declared.account_access.entitlements if declared.account_access else ()
    pairs = ((role, entry.group) for entry in entitlements if entry.group for role in entry.roles)
    for role, groups in sorted(_different(pairs).items()):
        if len(groups) > MOST_GROUPS_OF_A_ROLE:
            path: KeyPath = ("accountAccess", "entitlements")
            problem = f"gives {role} to {len(groups)} groups"
            yield Mistake(path, problem, f"AWS allows {MOST_GROUPS_OF_A_ROLE}: merge groups", at_key=True)


_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value", bound=Hashable)


def _different(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, set[_Value]]:
    found: dict[_Key, set[_Value]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found
