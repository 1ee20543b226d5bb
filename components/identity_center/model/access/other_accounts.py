"""What accounts are asked before anything is made, and what they answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from identity_center.model.language.clock import Clock
from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.policies import CustomerPolicy
from identity_center.model.mistakes import KeyPath, Mistake

from .grant import Grant
from .permission_sets import ResolvedSet
from .terms import has_expired

#: A longer list does not help the reader of one line.
_SHOWN = 5


@dataclass(frozen=True)
class Asked:
    """What one account is asked for."""

    policies: frozenset[CustomerPolicy] = frozenset()
    roles: frozenset[str] = frozenset()
    """ARNs of roles."""


@dataclass(frozen=True)
class AccountQuestions:
    """What is asked of accounts other than the run's own."""

    partition: str
    role: str
    """Role that is assumed in each account, with its path where it has one."""
    by_account: Mapping[str, Asked]


@dataclass(frozen=True)
class SeenRole:
    """A role as IAM gives it."""

    arn: str
    """Its own, which may have another path than the one asked for: IAM looks roles up by name alone."""
    trust: str
    """Its trust policy, as JSON text."""


@dataclass(frozen=True)
class AccountAnswer:
    """What one account says of what it was asked for."""

    exists: Mapping[CustomerPolicy, bool] = field(default_factory=dict)
    """Of the policies that it answered for."""
    unseen: str = ""
    """Why it did not answer for the other policies."""
    roles: Mapping[str, SeenRole | None] = field(default_factory=dict)
    """By the ARN asked for, of the roles that it answered for; None where it has none of that name."""
    unseen_roles: str = ""
    """Why it did not answer for the other roles."""

    @classmethod
    def refused(cls, why: str) -> "AccountAnswer":
        """Answer nothing at all, and say why."""
        return cls(unseen=why, unseen_roles=why)


NOBODY_ASKED = AccountAnswer.refused("nobody was asked")


def questions_of(
    policies: Iterable[tuple[str, CustomerPolicy]], roles: Iterable[tuple[str, str]]
) -> dict[str, Asked]:
    """Put what each account is asked for together, so that each is entered once."""
    found: dict[str, tuple[set[CustomerPolicy], set[str]]] = {}
    for account_id, policy in policies:
        found.setdefault(account_id, (set(), set()))[0].add(policy)
    for account_id, role in roles:
        found.setdefault(account_id, (set(), set()))[1].add(role)
    return {
        account_id: Asked(frozenset(its_policies), frozenset(its_roles))
        for account_id, (its_policies, its_roles) in found.items()
    }


def shown(what: list[str], counted: str) -> str:
    """Name the first few of a list and count the rest."""
    more = f" and {len(what) - _SHOWN} more {counted}" if len(what) > _SHOWN else ""
    return f"{', '.join(what[:_SHOWN])}{more}"


# Customer-managed policies that permission sets need, by the accounts where they have to be.
Needed = Mapping[tuple[str, CustomerPolicy], str]
"""For each account and policy, the key of one permission set that needs it there."""


def policies_needed(
    sets: Mapping[str, ResolvedSet], grants: Iterable[Grant]
) -> dict[tuple[str, CustomerPolicy], str]:
    """Return, for each account and policy, the key of one permission set that needs it there."""
    needed: dict[tuple[str, CustomerPolicy], str] = {}
    for grant in grants:
        made = sets.get(grant.permission_set)
        for policy in made.policies_of_the_accounts() if made else ():
            needed.setdefault((grant.account_id, policy), grant.permission_set)
    return needed


def absent_policies(needed: Needed, answers: Mapping[str, AccountAnswer]) -> Iterator[Mistake]:
    """Name every policy that an account says it does not have."""
    for (account_id, policy), key in sorted(needed.items()):
        answer = answers.get(account_id)
        if answer and answer.exists.get(policy) is False:
            yield Mistake(
                ("permissionSets", key),
                f"account {account_id}, where it is assigned, has no policy `{policy}`",
                "make the policy there first: AWS looks for it by name and path in each account",
                at_key=True,
            )


def unchecked_policies(needed: Needed, answers: Mapping[str, AccountAnswer]) -> Iterator[str]:
    """Say of which policies it is not known whether they are there, where, and why."""
    together: dict[tuple[str, str], list[str]] = {}
    for (account_id, policy), key in sorted(needed.items()):
        answer = answers.get(account_id, NOBODY_ASKED)
        if policy not in answer.exists:
            what = f"`{policy}` for permission set `{key}`"
            together.setdefault((what, answer.unseen), []).append(account_id)
    for (what, why), accounts in together.items():
        yield (
            f"customer-managed policy {what} is unchecked in {shown(accounts, 'accounts')}: {why}; an "
            "assignment fails where the policy is not"
        )


# Roles that people get through account access manager: they have to exist, and to let the service in.
SERVICE: Final = "account-access.amazonaws.com"
"""Who assumes the roles. Source: IAM user guide, aam-prepare-roles."""


@dataclass(frozen=True)
class RoleTrust:
    """What a role's trust policy says to the service."""

    refuses: tuple[str, ...] = ()
    """Actions that the service needs and that it certainly does not let it do."""
    refuses_tags: bool = False
    """Whether it certainly does not let it pass session tags."""
    undecided: str = ""
    """Why it is not known whether it lets the service in, where it is not."""


TrustJudge: TypeAlias = Callable[[str, str | None], RoleTrust]
"""Reads a trust policy, as JSON text, for an application of an account; None where that is not known."""


@dataclass(frozen=True)
class EntitledRole:
    """A role that one entitlement names."""

    path: KeyPath
    """Where it is named."""
    who: str
    """Whoever gets it, such as: group `auditors`."""
    arn: str

    @property
    def account_id(self) -> str:
        """The account that it has to be in."""
        return self.arn.split(":")[4]


@dataclass(frozen=True)
class RolesFound:
    """What is known of the roles that a model names."""

    mistakes: tuple[Mistake, ...]
    warnings: tuple[str, ...]
    """What is unchecked, and why; and what may go wrong later."""


def entitled_roles(declared: AccessDeclaration, clock: Clock) -> tuple[EntitledRole, ...]:
    """Return the roles of all entitlements that are in force, each with its place in the file."""
    entitlements = declared.account_access.entitlements if declared.account_access else ()
    return tuple(
        EntitledRole(
            ("accountAccess", "entitlements", place, "roles", index),
            f"{entry.principal_type.value.lower()} `{entry.principal}`",
            arn,
        )
        for place, entry in enumerate(entitlements)
        if not has_expired(entry, clock)
        for index, arn in enumerate(entry.roles)
    )


def find_roles(
    roles: Iterable[EntitledRole],
    answers: Mapping[str, AccountAnswer],
    judge: TrustJudge | None,
    management_account_id: str | None,
) -> RolesFound:
    """Compare the roles that entitlements name with what their accounts say of them."""
    mistakes: list[Mistake] = []
    without_tags: dict[str, None] = {}
    unchecked: dict[str, dict[str, None]] = {}
    for role in roles:
        answer = answers.get(role.account_id, NOBODY_ASKED)
        if role.arn not in answer.roles:
            unchecked.setdefault(answer.unseen_roles, {})[role.arn] = None
            continue
        seen = answer.roles[role.arn]
        if seen is None or seen.arn != role.arn:
            mistakes.append(_absent(role, seen))
            continue
        trust = judge(seen.trust, management_account_id) if judge else _UNJUDGED
        if trust.refuses:
            mistakes.append(_shut(role, trust.refuses))
        elif trust.undecided:
            unchecked.setdefault(trust.undecided, {})[role.arn] = None
        elif trust.refuses_tags:
            without_tags[role.arn] = None
    return RolesFound(tuple(mistakes), (*_unchecked(unchecked), *_without_tags([*without_tags])))


_UNJUDGED = RoleTrust(undecided="this program has nothing to read trust policies with")


def _absent(role: EntitledRole, seen: SeenRole | None) -> Mistake:
    gets = f"{role.who} gets the role {role.arn}, which account {role.account_id} does not have"
    if seen is None:
        return Mistake(role.path, gets, "make the role there first, or correct its ARN")
    return Mistake(role.path, f"{gets}: the role of that name there is {seen.arn}", "write this ARN")


def _shut(role: EntitledRole, actions: tuple[str, ...]) -> Mistake:
    return Mistake(
        role.path,
        f"{role.who} gets the role {role.arn}, whose trust policy in account {role.account_id} does not let "
        f"{SERVICE} do {' and '.join(actions)}",
        "let the service do so in the role's trust policy first",
    )


def _unchecked(by_reason: Mapping[str, Mapping[str, None]]) -> Iterator[str]:
    for why, arns in by_reason.items():
        yield (
            f"whether people can use {shown([*arns], 'roles')} through account access manager is unchecked: "
            f"{why}; the entitlement fails where the role is not, and nobody gets in where its trust policy "
            f"does not let {SERVICE} in"
        )


def _without_tags(arns: list[str]) -> Iterator[str]:
    """Say what the documents disagree on.

    To the IAM user guide (aam-prepare-roles) the action is needed only where attributes of people become
    session tags; to the provider's documentation of accountaccess.Entitlement no credentials come without it.
    """
    if arns:
        yield (
            f"the trust policy of {shown(arns, 'roles')} does not let {SERVICE} do sts:TagSession: nobody "
            "gets in where attributes of people are passed on as session tags; let the service do so as well"
        )


# Which permission sets an account has, as AWS says.


@dataclass(frozen=True)
class ProvisionedSets:
    """Names of the permission sets that are provisioned in an account, or why AWS did not say."""

    names: frozenset[str] = frozenset()
    unseen: str = ""
    """Empty where AWS said all."""
