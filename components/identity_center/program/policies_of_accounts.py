"""Looks whether customer-managed policies are in the accounts that need them, its own and the others."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pulumi

from identity_center.model.aws_settings import AwsSettings
from identity_center.model.customer_policies import CustomerPolicy
from identity_center.model.errors import Mistake
from identity_center.model.policy_lookups import PolicyLookupsEntry
from identity_center.model.where_policies_are import (
    AccountAnswer,
    Needed,
    PolicyQuestions,
    absent_policies,
    by_account,
    unchecked_policies,
)
from identity_center.resources.refusal import RefusedLookupError

from .aws_settings import read_aws_settings
from .lookups import policy_exists

PolicyReader: TypeAlias = Callable[[AwsSettings, PolicyQuestions], Mapping[str, AccountAnswer]]
"""Asks accounts other than the run's own; an account that does not answer says why."""


def check_customer_policies(
    needed: Needed,
    partition: str,
    own_account: str,
    lookups: PolicyLookupsEntry | None,
    reader: PolicyReader | None,
) -> tuple[Mistake, ...]:
    """Return what is missing; warn of what is unchecked, with the reason.

    The run's own account is asked through the provider, the others through `reader`.
    """
    asked = by_account(needed)
    own = asked.pop(own_account, frozenset())
    answers = dict(_of_others(PolicyQuestions(partition, "", asked), lookups or PolicyLookupsEntry(), reader))
    answers[own_account] = _of_own(own, partition, own_account)
    for line in unchecked_policies(needed, answers):
        pulumi.log.warn(line)
    return tuple(absent_policies(needed, answers))


def _of_own(policies: frozenset[CustomerPolicy], partition: str, account_id: str) -> AccountAnswer:
    told = {policy: policy_exists(policy.arn(partition, account_id)) for policy in sorted(policies)}
    return AccountAnswer(
        {policy: exists for policy, exists in told.items() if exists is not None},
        "the credentials may not call iam:GetPolicy",
    )


def _of_others(
    questions: PolicyQuestions, lookups: PolicyLookupsEntry, reader: PolicyReader | None
) -> Mapping[str, AccountAnswer]:
    if not questions.by_account:
        return {}
    if not lookups.member_accounts:
        return _unseen(questions, "`policyLookups.memberAccounts` is false")
    if reader is None:
        return _unseen(questions, "this program has nothing to look into other accounts with")
    try:
        settings = read_aws_settings()
    except RefusedLookupError as error:
        return _unseen(questions, error.problem)
    return reader(settings, PolicyQuestions(questions.partition, lookups.role, questions.by_account))


def _unseen(questions: PolicyQuestions, why: str) -> dict[str, AccountAnswer]:
    return dict.fromkeys(questions.by_account, AccountAnswer(unseen=why))
