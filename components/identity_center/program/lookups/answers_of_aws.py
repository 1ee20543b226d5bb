"""What AWS says of what a model cannot tell of itself, asked through the provider and beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from identity_center.model.access.external_principals import KnownGroup, KnownSet, KnownUser
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
from identity_center.model.mistakes import UnansweredError
from identity_center.model.organisation.organisation import Organisation
from identity_center.model.plan.name_changes import NamesInUse
from identity_center.model.plan.planned import GROUP, PERMISSION_SET, USER
from identity_center.model.plan.unique_names import Holder, holder
from identity_center.resources.arguments.refusal import RefusedLookupError
from identity_center.resources.instance import Instance, find_instance

from .aws_settings import read_aws_settings
from .invokes import ask_for_policies, is_not_allowed, known_groups, known_users, own_account
from .needed_in_accounts import AccountLookups, answers_of_accounts
from .new_names import NameReader
from .organisation import Reader, find_organisation

ProvisioningReader: TypeAlias = Callable[[AwsSettings, str, str], ProvisionedSets]
"""Reads which permission sets of an instance are provisioned in an account."""


@dataclass
class AnswersOfAws:
    """Answers with the credentials of the run. To what AWS refuses to say there is an UnansweredError."""

    reader: Reader | None
    lookups: AccountLookups
    provisioning: ProvisioningReader | None
    names: NameReader | None = None
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
        return self._users

    def groups(self) -> Sequence[KnownGroup] | None:
        """Read all groups of the directory."""
        return self._groups

    def permission_sets(self) -> Sequence[KnownSet] | None:
        """Read the names of all permission sets."""
        found = self._sets
        if PERMISSION_SET in found.unseen:
            raise UnansweredError(
                f"AWS did not say which permission sets there are: {found.unseen[PERMISSION_SET]}",
                "use credentials with the actions sso:ListPermissionSets and sso:DescribePermissionSet",
            )
        return [KnownSet(each.id, each.names["name"]) for each in found.found[PERMISSION_SET]]

    @cached_property
    def _sets(self) -> NamesInUse:
        """Of permission sets AWS lists no names: a request for each of them, once in a run."""
        return self._names_of_others(frozenset({PERMISSION_SET}))

    @cached_property
    def _users(self) -> Sequence[KnownUser]:
        return known_users(self.instance.identity_store_id)

    @cached_property
    def _groups(self) -> Sequence[KnownGroup]:
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

    def names_in_use(self, types: frozenset[str]) -> NamesInUse:
        """Read who has which names: people through the provider, which also reads those from elsewhere."""
        found, unseen = dict[str, Sequence[Holder]](), dict[str, str]()
        for type_, read in ((USER, self._named_users), (GROUP, self._named_groups)):
            if type_ in types:
                try:
                    found[type_] = read()
                except RefusedLookupError as error:
                    if not is_not_allowed(error):
                        raise
                    unseen[type_] = error.problem
        others = [self._names_of_others(types - {USER, GROUP, PERMISSION_SET})]
        others += [self._sets] if PERMISSION_SET in types else []
        for each in others:
            found |= each.found
            unseen |= each.unseen
        return NamesInUse(found, unseen)

    def _named_users(self) -> list[Holder]:
        # An object for each address: the directory wants each once, whichever is the first.
        return [
            holder(USER, {"userId": user.user_id, "userName": user.user_name, "emails": {"value": email}})
            for user in self._users
            for email in user.emails or ("",)
        ]

    def _named_groups(self) -> list[Holder]:
        return [
            holder(GROUP, {"groupId": group.group_id, "displayName": group.display_name})
            for group in self._groups
        ]

    def _names_of_others(self, types: frozenset[str]) -> NamesInUse:
        if not types:
            return NamesInUse({})
        if self.names is None:
            return NamesInUse({}, dict.fromkeys(types, "this program has nothing to read it with"))
        try:
            settings = replace(read_aws_settings(), region=self.instance.region)
        except RefusedLookupError as error:
            return NamesInUse({}, dict.fromkeys(types, error.problem))
        return self.names(settings, self.instance.arn, types)
