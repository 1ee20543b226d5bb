"""Roles that people get through account access manager: they have to exist, and to let the service in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from .account_questions import NOBODY_ASKED, AccountAnswer, SeenRole, shown
from .declaration import AccessDeclaration
from .errors import KeyPath, Mistake
from .terms import has_expired

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


def entitled_roles(declared: AccessDeclaration, day: date) -> tuple[EntitledRole, ...]:
    """Return the roles of all entitlements that are in force, each with its place in the file."""
    entitlements = declared.account_access.entitlements if declared.account_access else ()
    return tuple(
        EntitledRole(
            ("accountAccess", "entitlements", place, "roles", index),
            f"{entry.principal_type.value.lower()} `{entry.principal}`",
            arn,
        )
        for place, entry in enumerate(entitlements)
        if not has_expired(entry, day)
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
