"""Looks whether what the model needs in accounts is there: customer-managed policies, and roles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from identity_center.model.access.other_accounts import (
    AccountAnswer,
    AccountQuestions,
    Asked,
    SeenRole,
    TrustJudge,
)
from identity_center.model.language.settings import AwsSettings, PolicyLookupsEntry
from identity_center.resources.arguments.refusal import RefusedLookupError

from .aws_settings import read_aws_settings
from .invokes import policy_exists, role_of

AccountReader: TypeAlias = Callable[[AwsSettings, AccountQuestions], Mapping[str, AccountAnswer]]
"""Asks accounts other than the run's own; an account that does not answer says why."""


@dataclass(frozen=True)
class AccountLookups:
    """What looks into accounts where the Pulumi provider cannot, and reads what it finds there."""

    reader: AccountReader | None = None
    """Asks accounts other than the run's own."""
    judge: TrustJudge | None = None
    """Reads the trust policies of roles."""


def answers_of_accounts(
    questions: AccountQuestions, lookups: PolicyLookupsEntry, own_account: str, by: AccountLookups
) -> Mapping[str, AccountAnswer]:
    """Ask the run's own account through the provider, and the others through the reader."""
    others = dict(questions.by_account)
    own = others.pop(own_account, Asked())
    of_own = _of_own(own, questions.partition, own_account)
    return {**_of_others(replace(questions, by_account=others), lookups, by.reader), own_account: of_own}


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
        "the credentials may not call iam:GetPolicy or iam:GetPolicyVersion",
        roles,
        unseen_roles,
    )


def _of_others(
    questions: AccountQuestions, lookups: PolicyLookupsEntry, reader: AccountReader | None
) -> Mapping[str, AccountAnswer]:
    asked = questions.by_account
    if not asked:
        return {}
    if not lookups.member_accounts:
        return _unseen(asked, "`policyLookups.memberAccounts` is false")
    if reader is None:
        return _unseen(asked, "this program has nothing to look into other accounts with")
    try:
        settings = read_aws_settings()
    except RefusedLookupError as error:
        return _unseen(asked, error.problem)
    return reader(settings, questions)


def _unseen(asked: Mapping[str, Asked], why: str) -> dict[str, AccountAnswer]:
    return dict.fromkeys(asked, AccountAnswer.refused(why))
