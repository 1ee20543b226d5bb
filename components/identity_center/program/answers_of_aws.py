"""What AWS says of what a model cannot tell of itself, asked through the provider and beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from identity_center.model.access.external_principals import KnownGroup, KnownUser
from identity_center.model.access.other_accounts import (
    AccountAnswer,
    AccountQuestions,
    ProvisionedSets,
    TrustJudge,
)
from identity_center.model.access.permission_sets import PolicyAnswers
from identity_center.model.language.policies import PolicyQuestion
from identity_center.model.language.settings import AwsSettings, PolicyLookupsEntry
from identity_center.model.language.targets import Reading
from identity_center.model.organisation.organisation import Organisation
from identity_center.resources.instance import Instance, find_instance
from identity_center.resources.refusal import RefusedLookupError

from .aws_settings import read_aws_settings
from .lookups import ask_for_policies, known_groups, known_users, own_account
from .needed_in_accounts import AccountLookups, answers_of_accounts
from .organisation import Reader, find_organisation

ProvisioningReader: TypeAlias = Callable[[AwsSettings, str, str], ProvisionedSets]
"""Reads which permission sets of an instance are provisioned in an account."""


@dataclass
class AnswersOfAws:
    """Answers with the credentials of the run. To what AWS refuses to say there is an UnansweredError."""

    reader: Reader | None
    lookups: AccountLookups
    provisioning: ProvisioningReader | None
    _instance: Instance | None = None

    @property
    def instance(self) -> Instance:
        """The instance that was found when the partition was asked for."""
        if self._instance is None:
            raise RuntimeError("nobody has asked for the partition yet")
        return self._instance

    @property
    def trust_judge(self) -> TrustJudge | None:
        """What reads trust policies of roles."""
        return self.lookups.judge

    def partition(self, instance_arn: str | None) -> str:
        """Look the instance up, and return its partition."""
        self._instance = find_instance(instance_arn)
        return self._instance.partition

    def organisation(self, needed: frozenset[Reading]) -> Organisation | None:
        """Read the organisation, as much of it as is needed."""
        return find_organisation(needed, self.reader)

    def policies(self, questions: Sequence[PolicyQuestion]) -> PolicyAnswers:
        """Ask for managed policies; a warning says what could not be asked."""
        return PolicyAnswers(*ask_for_policies(questions))

    def users(self) -> Sequence[KnownUser] | None:
        """Read all users of the directory."""
        return known_users(self.instance.identity_store_id)

    def groups(self) -> Sequence[KnownGroup] | None:
        """Read all groups of the directory."""
        return known_groups(self.instance.identity_store_id)

    def own_account(self) -> str | None:
        """Return the account of the credentials."""
        return self._own_account

    @cached_property
    def _own_account(self) -> str:
        return own_account()

    def accounts(
        self, questions: AccountQuestions, lookups: PolicyLookupsEntry
    ) -> Mapping[str, AccountAnswer]:
        """Look for policies and roles in the accounts that need them."""
        return answers_of_accounts(questions, lookups, self._own_account, self.lookups)

    def provisioned_in(self, management_account_id: str) -> ProvisionedSets:
        """Read which permission sets the management account has; a refusal says that they are unseen."""
        if self.provisioning is None:
            return ProvisionedSets(unseen="this program has nothing to read it with")
        try:
            settings = replace(read_aws_settings(), region=self.instance.region)
        except RefusedLookupError as error:
            return ProvisionedSets(unseen=error.problem)
        return self.provisioning(settings, self.instance.arn, management_account_id)
