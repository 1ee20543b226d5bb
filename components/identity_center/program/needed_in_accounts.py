"""Looks whether what the model needs in accounts is there: customer-managed policies, and roles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pulumi

from identity_center.model.access.other_accounts import (
    AccountAnswer,
    AccountQuestions,
    Asked,
    EntitledRole,
    Needed,
    SeenRole,
    TrustJudge,
    absent_policies,
    find_roles,
    questions_of,
    unchecked_policies,
)
from identity_center.model.language.settings import AwsSettings, PolicyLookupsEntry
from identity_center.model.mistakes import Mistake
from identity_center.resources.refusal import RefusedLookupError

from .aws_settings import read_aws_settings
from .lookups import policy_exists, role_of

AccountReader: TypeAlias = Callable[[AwsSettings, AccountQuestions], Mapping[str, AccountAnswer]]
"""Asks accounts other than the run's own; an account that does not answer says why."""


@dataclass(frozen=True)
class NeededInAccounts:
    """What has to be in accounts before anything is made."""

    policies: Needed
    roles: tuple[EntitledRole, ...]
    lookups: PolicyLookupsEntry
    partition: str
    management_account_id: str | None

    def by_account(self) -> dict[str, Asked]:
        """Return what each account is asked for."""
        return questions_of(self.policies, ((role.account_id, role.arn) for role in self.roles))


@dataclass(frozen=True)
class AccountLookups:
    """What looks into accounts where the Pulumi provider cannot, and reads what it finds there."""

    reader: AccountReader | None = None
    """Asks accounts other than the run's own."""
    judge: TrustJudge | None = None
    """Reads the trust policies of roles."""


def check_accounts(needed: NeededInAccounts, own_account: str, lookups: AccountLookups) -> list[Mistake]:
    """Return what is missing; warn of what is unchecked, with the reason.

    The run's own account is asked through the provider, the others through the reader.
    """
    asked = needed.by_account()
    own = asked.pop(own_account, Asked())
    answers = dict(_of_others(asked, needed, lookups.reader))
    answers[own_account] = _of_own(own, needed.partition, own_account)
    roles = find_roles(needed.roles, answers, lookups.judge, needed.management_account_id)
    for line in (*unchecked_policies(needed.policies, answers), *roles.warnings):
        pulumi.log.warn(line)
    return [*absent_policies(needed.policies, answers), *roles.mistakes]


def _of_own(asked: Asked, partition: str, account_id: str) -> AccountAnswer:
    policies = {policy: policy_exists(policy.arn(partition, account_id)) for policy in sorted(asked.policies)}
    roles: dict[str, SeenRole | None] = {}
    unseen_roles = ""
    for arn in sorted(asked.roles):
        try:
            roles[arn] = role_of(arn)
        except PermissionError:
            unseen_roles = "the credentials may not call iam:GetRole"
    return AccountAnswer(
        {policy: exists for policy, exists in policies.items() if exists is not None},
        "the credentials may not call iam:GetPolicy",
        roles,
        unseen_roles,
    )


def _of_others(
    asked: Mapping[str, Asked], needed: NeededInAccounts, reader: AccountReader | None
) -> Mapping[str, AccountAnswer]:
    if not asked:
        return {}
    if not needed.lookups.member_accounts:
        return _unseen(asked, "`policyLookups.memberAccounts` is false")
    if reader is None:
        return _unseen(asked, "this program has nothing to look into other accounts with")
    try:
        settings = read_aws_settings()
    except RefusedLookupError as error:
        return _unseen(asked, error.problem)
    return reader(settings, AccountQuestions(needed.partition, needed.lookups.role, asked))


def _unseen(asked: Mapping[str, Asked], why: str) -> dict[str, AccountAnswer]:
    return dict.fromkeys(asked, AccountAnswer.refused(why))
