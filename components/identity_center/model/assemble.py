"""From the files of a model to the access that it stands for: the one way, for runs and without AWS alike.

A model does not tell everything of itself: which accounts the organisation has, which policies AWS has,
whose credentials a run has. `Answers` are asked for that, and only for what the model needs. The program
asks AWS; `identity-center validate` and `explain --model` answer from files, or say that nobody was asked,
which is then named among what is unchecked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from identity_center.model.access.additional_regions import region_mistakes
from identity_center.model.access.delegated_administrator import DelegatedAdministrator
from identity_center.model.access.external_principals import (
    FoundIds,
    KnownGroup,
    KnownSet,
    KnownUser,
    find_groups,
    find_sets,
    find_users,
)
from identity_center.model.access.grants import Access, Granted, grants_of, repeated_grant_mistakes
from identity_center.model.access.other_accounts import (
    AccountAnswer,
    AccountQuestions,
    ProvisionedSets,
    TrustJudge,
    absent_policies,
    entitled_roles,
    find_roles,
    policies_needed,
    questions_of,
    unchecked_policies,
)
from identity_center.model.access.permission_sets import (
    PolicyAnswers,
    ResolvedSet,
    resolve_policies,
    sets_as_made,
)
from identity_center.model.access.quota_checks import quota_mistakes
from identity_center.model.access.terms import Notice, Subject, in_force
from identity_center.model.language.clock import Clock
from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.language.mfa_requirement import MfaRequirementEntry
from identity_center.model.language.policies import PolicyQuestion
from identity_center.model.language.settings import PolicyLookupsEntry
from identity_center.model.language.targets import Reading, readings_needed
from identity_center.model.organisation.organisation import Organisation
from identity_center.model.organisation.snapshot import named_snapshot
from identity_center.model.reading.folder import with_policy_files
from identity_center.model.reading.load import Loaded, load
from identity_center.model.reading.sources import Sources

from .mistakes import Mistake, UnansweredError, WrongValueError

_SNAPSHOT = ("organisationSnapshot",)
_Answer = TypeVar("_Answer")


class Answers(Protocol):
    """What a model cannot tell of itself.

    Each raises UnansweredError where somebody was asked and did not say: that is a mistake of the run, and
    does not hide the others.
    """

    @property
    def trust_judge(self) -> TrustJudge | None:
        """What reads trust policies of roles; None where nothing does."""

    def partition(self, instance_arn: str | None) -> str:
        """Return the partition of the instance, such as aws, of the named one where one is named."""

    def organisation(self, needed: frozenset[Reading]) -> Organisation | None:
        """Return the organisation with all that is needed of it; None where nobody is asked."""

    def policies(self, questions: Sequence[PolicyQuestion]) -> PolicyAnswers:
        """Return which AWS-managed policies exist."""

    def users(self) -> Sequence[KnownUser] | None:
        """Return the users of the directory; None where nobody is asked."""

    def groups(self) -> Sequence[KnownGroup] | None:
        """Return the groups of the directory; None where nobody is asked."""

    def permission_sets(self) -> Sequence[KnownSet] | None:
        """Return the permission sets of the instance; None where nobody is asked."""

    def own_account(self) -> str | None:
        """Return whose credentials the run has; None where nobody is asked."""

    def accounts(
        self, questions: AccountQuestions, lookups: PolicyLookupsEntry
    ) -> Mapping[str, AccountAnswer]:
        """Return what accounts say of the policies and roles that they are asked for."""

    def provisioned_in(self, management_account_id: str) -> ProvisionedSets:
        """Return which permission sets the management account has."""


class NobodyAsked:
    """The answers of nobody, for those who know some of them: `None` where nobody is asked, nothing found."""

    @property
    def trust_judge(self) -> TrustJudge | None:
        """Nothing: no role is read."""
        return None

    def organisation(self, needed: frozenset[Reading]) -> Organisation | None:
        """Know nothing: a snapshot is read before anybody is asked."""
        del needed
        return None

    def users(self) -> Sequence[KnownUser] | None:
        """Know nobody."""
        return None

    def groups(self) -> Sequence[KnownGroup] | None:
        """Know none."""
        return None

    def permission_sets(self) -> Sequence[KnownSet] | None:
        """Know none."""
        return None

    def own_account(self) -> str | None:
        """Know of no credentials."""
        return None

    def accounts(
        self, questions: AccountQuestions, lookups: PolicyLookupsEntry
    ) -> Mapping[str, AccountAnswer]:
        """Ask nobody."""
        del questions, lookups
        return {}

    def provisioned_in(self, management_account_id: str) -> ProvisionedSets:
        """Ask nobody."""
        return ProvisionedSets(unseen=f"nobody asked {management_account_id}")


@dataclass(frozen=True)
class Assembled:
    """What a model comes to. Where there are mistakes, the access is as much of it as could be understood."""

    access: Access
    partition: str | None
    """None where it is not known."""
    mistakes: tuple[Mistake, ...]
    """Everything that is wrong, in no order."""
    notices: tuple[Notice, ...]
    """What is no mistake and a reader should know, such as access that has ended."""
    unchecked: tuple[str, ...]
    """What nobody looked at, and why; in words, so that it is not taken for right."""


def assemble(
    sources: Sources, clock: Clock, answers: Answers, organisation: Organisation | None = None
) -> Assembled:
    """Read, check and resolve a model as of a time.

    A given `organisation` wins over a snapshot that the model names, and this over what the answers say.
    """
    loaded, unread = with_policy_files(load(sources.values, complete=sources.complete), sources.policy_folder)
    current, terms = in_force(loaded, clock)
    made = _Assembly(current, clock, answers)
    made.mistakes += [*sources.mistakes, *loaded.mistakes, *unread]
    made.mistakes += repeated_grant_mistakes(loaded.declaration, clock)
    made.notices += terms
    made.unchecked += sources.unchecked
    return made.of(sources, loaded.declaration, organisation)


@dataclass
class _Assembly:
    """One model on its way to access, with everything that is found out on the way."""

    loaded: Loaded
    """What is in force."""
    clock: Clock
    answers: Answers
    mistakes: list[Mistake] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def of(
        self, sources: Sources, written: AccessDeclaration, organisation: Organisation | None
    ) -> Assembled:
        declared = self.loaded.declaration
        partition = self._asked(lambda: self.answers.partition(declared.instance_arn))
        known = organisation or self._organisation(sources)
        granted = self._grants(known)
        sets = self._sets(partition) if partition else {}
        self.mistakes += quota_mistakes(declared, sets, granted.grants)
        self.mistakes += region_mistakes(declared)
        users, groups, others = self._from_elsewhere() if partition else (FoundIds(),) * 3
        management = known.management_account_id if known and declared.assignments else None
        access = Access(
            declared=declared,
            permission_sets=sets,
            grants=granted.grants,
            break_glass=granted.break_glass,
            external_user_ids=users.ids,
            external_group_ids=groups.ids,
            external_set_arns=others.ids,
            management_account_id=management,
            open_grants=granted.open_grants,
            organisation=known,
        )
        if partition:
            self._other_accounts(access, written, partition)
        self.notices += _expired_confirmation(declared.mfa_requirement, self.clock.day)
        self.notices += _of_nobody(declared, granted)
        return Assembled(access, partition, tuple(self.mistakes), tuple(self.notices), tuple(self.unchecked))

    def _asked(self, question: Callable[[], _Answer]) -> _Answer | None:
        """Ask, and take a refusal for a mistake."""
        try:
            return question()
        except UnansweredError as error:
            self.mistakes.append(Mistake((), error.problem, error.remedy))
            return None

    def _organisation(self, sources: Sources) -> Organisation | None:
        declared = self.loaded.declaration
        if not declared.assignments:
            return None
        if declared.organisation_snapshot is not None:
            try:
                found = named_snapshot(declared.organisation_snapshot, sources.root, self.clock.day)
            except WrongValueError as error:
                self.mistakes.append(Mistake(_SNAPSHOT, error.problem, error.remedy))
                return None
            self.notices.append(Notice(_SNAPSHOT, found.words, is_warning=found.is_old))
            return found.organisation
        needed = readings_needed(target for entry in declared.assignments for target in entry.accounts)
        return self._asked(lambda: self.answers.organisation(needed))

    def _grants(self, organisation: Organisation | None) -> Granted:
        granted = grants_of(self.loaded, organisation)
        self.mistakes += granted.mistakes
        self.notices += granted.notices
        if organisation is not None and organisation.accounts is None:
            self.unchecked.append(
                "account ids are unchecked: these credentials may not list the organisation's accounts"
            )
        elif organisation is None and self.loaded.declaration.assignments:
            self.unchecked.append(
                "accounts are unchecked: nobody said which the organisation has, so that ids may be wrong, "
                "and what names, units and tags select is not known"
            )
        return granted

    def _sets(self, partition: str) -> dict[str, ResolvedSet]:
        resolution = resolve_policies(self.loaded, partition)
        self.mistakes += resolution.mistakes
        answered = self._asked(lambda: self.answers.policies(resolution.questions()))
        if answered is None:
            return {}
        for question in answered.absent:
            self.mistakes += resolution.absent(question)
        self.unchecked += answered.unchecked()
        sets, repeated = sets_as_made(resolution, answered.arns)
        self.mistakes += repeated
        return sets

    def _from_elsewhere(self) -> tuple[FoundIds, FoundIds, FoundIds]:
        """Look up who and what comes from elsewhere; each list is read once, and only where needed."""
        declared = self.loaded.declaration
        wanted = declared.external_permission_sets
        users = self._listed("users", len(declared.external_users), self.answers.users)
        groups = self._listed("groups", len(declared.external_groups), self.answers.groups)
        sets = self._listed("permission sets", len(wanted), self.answers.permission_sets)
        found = (
            FoundIds() if users is None else find_users(declared.external_users, users),
            FoundIds() if groups is None else find_groups(declared.external_groups, groups),
            FoundIds() if sets is None else find_sets(wanted, sets),
        )
        self.mistakes += [mistake for each in found for mistake in each.mistakes]
        return found

    def _listed(
        self, kind: str, count: int, question: Callable[[], Sequence[_Answer] | None]
    ) -> Sequence[_Answer] | None:
        if not count:
            return ()
        refused = len(self.mistakes)
        listed = self._asked(question)
        if listed is None and len(self.mistakes) == refused:
            self.unchecked.append(
                f"{count} {kind} from elsewhere are unchecked: nobody said whether the instance has them"
            )
        return listed

    def _other_accounts(self, access: Access, written: AccessDeclaration, partition: str) -> None:
        """Check what depends on whose credentials these are. Nobody is asked where nothing depends on it."""
        policies = policies_needed(access.permission_sets, access.grants)
        roles = entitled_roles(written, self.clock)
        management = access.management_account_id
        if management is None and not roles and not policies:
            return
        try:
            own = self.answers.own_account()
            asked = questions_of(policies, ((role.account_id, role.arn) for role in roles))
            lookups = access.declared.policy_lookups or PolicyLookupsEntry()
            questions = AccountQuestions(partition, lookups.role, asked)
            answered = {} if own is None else self.answers.accounts(questions, lookups)
        except UnansweredError as error:
            self.mistakes.append(Mistake((), error.problem, error.remedy))
            return
        found = find_roles(roles, answered, self.answers.trust_judge, management)
        self.unchecked += [*unchecked_policies(policies, answered), *found.warnings]
        self.mistakes += [*absent_policies(policies, answered), *found.mistakes]
        if own is not None and management is not None and own != management:
            self._delegated(DelegatedAdministrator(own), access, management)

    def _delegated(self, administrator: DelegatedAdministrator, access: Access, management: str) -> None:
        sets = access.permission_sets
        provisioned = self.answers.provisioned_in(management) if sets else ProvisionedSets()
        if provisioned.unseen:
            self.unchecked.append(
                "which permission sets are provisioned in the management account is unchecked: "
                f"{provisioned.unseen}; the delegated administrator can neither change nor assign those"
            )
        there = {grant.permission_set for grant in access.grants if grant.account_id == management}
        self.mistakes += administrator.mistakes(there, sets, provisioned)


def _of_nobody(declared: AccessDeclaration, granted: Granted) -> Iterator[Notice]:
    """Name the groups that are assigned and let nobody in."""
    accounts: dict[str, set[str]] = {}
    for each in granted.grants:
        if each.principal_type is PrincipalType.GROUP:
            accounts.setdefault(each.principal, set()).add(each.account_id)
    for key, group in declared.groups.items():
        if key in accounts and not group.members:
            count = len(accounts[key])
            yield Notice(
                ("groups", key),
                f"the group is assigned in {count} account{'s' * (count != 1)} and has no member, so that "
                "nobody has this access; add `members`, or remove the assignments",
                subject=Subject.NOBODY,
            )


def _expired_confirmation(requirement: MfaRequirementEntry | None, day: date) -> Iterator[Notice]:
    if requirement is None or requirement.valid_until is None or requirement.valid_until >= day:
        return
    yield Notice(
        ("mfaRequirement", "validUntil"),
        f"the MFA settings were confirmed until {requirement.valid_until}, today is {day}; look at them in "
        "the console again, then write the next `validUntil`",
    )
