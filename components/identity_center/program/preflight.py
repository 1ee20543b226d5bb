"""Everything that is checked before the first resource: the run ends with all mistakes, or has none."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pulumi

from identity_center.model.access.external_principals import find_groups, find_users
from identity_center.model.access.grants import Access, Granted, grants_of, repeated_grant_mistakes
from identity_center.model.access.other_accounts import entitled_roles, policies_needed
from identity_center.model.access.permission_sets import ResolvedSet, resolve_policies, sets_as_made
from identity_center.model.access.quota_checks import quota_mistakes
from identity_center.model.access.terms import Notice, in_force
from identity_center.model.aws.partitions import portal_url
from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.mfa import MfaRequirementEntry
from identity_center.model.language.settings import PolicyLookupsEntry
from identity_center.model.language.values import today
from identity_center.model.mistakes import AccessModelError, Mistake, Positions, collector_paused, key_path
from identity_center.model.plan.declared import parts_of
from identity_center.model.plan.whole_model import ModelParts
from identity_center.model.reading.folder import with_policy_files
from identity_center.model.reading.load import Loaded, load
from identity_center.resources.instance import Instance, find_instance
from identity_center.resources.refusal import RefusedLookupError

from .access_report import report_changes
from .lookups import ask_for_policies, known_groups, known_users, own_account
from .management_account import DelegatedAdministrator, ProvisioningReader
from .needed_in_accounts import AccountLookups, NeededInAccounts, check_accounts
from .organisation import Reader, find_organisation
from .stack_config import StackConfig, read_stack_config

#: Parts that hold people's attributes, and that a stack may therefore keep encrypted.
SECRET_PARTS = frozenset({"users", "externalUsers"})


@dataclass(frozen=True)
class Checked:
    """A configuration without mistakes, and the instance that it is made in."""

    access: Access
    instance: Instance
    portal_url: str | None
    secret_keys: frozenset[str]
    """Parts of the model whose values the stack keeps encrypted."""

    def parts(self) -> ModelParts:
        """Say the whole model as what is planned. What the stack keeps encrypted stays a secret."""
        instance = self.instance
        secret = "users" in self.secret_keys
        return parts_of(self.access, instance.arn, instance.identity_store_id, secret_users=secret)


@collector_paused()
def check_stack(
    reader: Reader | None = None,
    lookups: AccountLookups | None = None,
    provisioning_reader: ProvisioningReader | None = None,
) -> Checked:
    """Read the stack's configuration, check it, and look up what it refers to in AWS.

    `reader` reads the units and tags of the organisation's accounts, where targets need them; `lookups` look
    whether policies and roles are in other accounts than the run's own, and read the roles' trust policies;
    `provisioning_reader` reads which permission sets the management account has, where the run is the
    delegated administrator's.
    Raises pulumi.RunError with every mistake of the run, each with its place and what to write.
    """
    config, day = read_stack_config(), _today()
    merged = config.merged()
    loaded, unread = with_policy_files(load(merged.values, complete=merged.complete), config.policy_folder)
    current, notices = in_force(loaded, day)
    findings = _Findings([*merged.mistakes, *loaded.mistakes, *unread, *_misplaced_secrets(config)])
    findings.mistakes += repeated_grant_mistakes(loaded.declaration, day)
    instance = findings.instance(current)
    granted, management_account_id = findings.grants(current, config.root, day, reader)
    sets = findings.sets(current, instance)
    findings.mistakes += quota_mistakes(current.declaration, sets, granted.grants)
    user_ids, group_ids = findings.external_principals(current.declaration, instance)
    needed = NeededInAccounts(
        policies_needed(sets, granted.grants),
        entitled_roles(loaded.declaration, day),
        current.declaration.policy_lookups or PolicyLookupsEntry(),
        instance.partition if instance else "",
        management_account_id,
    )
    reach = _Reach(needed, sets, granted)
    findings.reach(reach, instance, _Readers(lookups or AccountLookups(), provisioning_reader))
    if findings.mistakes or instance is None:
        raise pulumi.RunError(str(AccessModelError(findings.mistakes, merged)))
    _say((*notices, *granted.notices), merged)
    _warn_of_expired_confirmation(loaded.declaration.mfa_requirement, day)
    access = Access(
        declared=current.declaration,
        permission_sets=sets,
        grants=granted.grants,
        break_glass=granted.break_glass,
        external_user_ids=user_ids,
        external_group_ids=group_ids,
        management_account_id=management_account_id,
    )
    refused = report_changes(access, config.root)
    if refused:
        raise pulumi.RunError(str(AccessModelError(refused, merged)))
    url = portal_url(instance.identity_store_id, instance.partition, loaded.declaration.portal_url)
    return Checked(access, instance, url, config.secret_keys)


def _today() -> date:
    try:
        return today(os.environ)
    except ValueError as error:
        raise pulumi.RunError(str(error)) from error


def _misplaced_secrets(config: StackConfig) -> Iterator[Mistake]:
    for key in sorted(config.secret_keys - SECRET_PARTS):
        yield Mistake(
            (key,),
            "holds an encrypted value",
            "write it in clear: of the model, only `users` and `externalUsers` can be kept secret",
            at_key=True,
        )


def _say(notices: tuple[Notice, ...], positions: Positions) -> None:
    for notice in notices:
        place = positions.position(notice.path, at_key=True)
        where = f"{place}: " if place else ""
        pulumi.log.warn(f"{where}{key_path(notice.path)}: {notice.text}")


def _warn_of_expired_confirmation(requirement: MfaRequirementEntry | None, day: date) -> None:
    if requirement is None or requirement.valid_until is None:
        return
    if requirement.valid_until < day:
        pulumi.log.warn(
            f"the MFA settings were confirmed until {requirement.valid_until}, today is {day}: look at them "
            "in the console again, then set identity-center:mfaRequirement.validUntil"
        )


@dataclass(frozen=True)
class _Reach:
    """What of the model depends on whose credentials these are."""

    needed: NeededInAccounts
    sets: dict[str, ResolvedSet]
    granted: Granted

    @property
    def sets_of_management(self) -> set[str]:
        """Keys of the permission sets that somebody gets in the management account."""
        return {
            grant.permission_set
            for grant in self.granted.grants
            if grant.account_id == self.needed.management_account_id
        }


@dataclass(frozen=True)
class _Readers:
    """What asks AWS beside the provider."""

    lookups: AccountLookups
    provisioning: ProvisioningReader | None


@dataclass
class _Findings:
    """Mistakes so far. A lookup that AWS refuses is one of them, so that it does not hide the others."""

    mistakes: list[Mistake]

    def instance(self, loaded: Loaded) -> Instance | None:
        try:
            return find_instance(loaded.declaration.instance_arn)
        except RefusedLookupError as error:
            self._refused(error)
            return None

    def grants(
        self, loaded: Loaded, root: Path, day: date, reader: Reader | None
    ) -> tuple[Granted, str | None]:
        nothing = Granted((), frozenset(), ())
        if not loaded.declaration.assignments:
            return nothing, None
        try:
            organisation, mistakes = find_organisation(loaded.declaration, root, day, reader)
        except RefusedLookupError as error:
            self._refused(error)
            return nothing, None
        self.mistakes += mistakes
        if organisation is None:
            return nothing, None
        if organisation.accounts is None:
            pulumi.log.warn(
                "account ids are unchecked: these credentials may not list the organisation's accounts"
            )
        granted = grants_of(loaded, organisation)
        self.mistakes += granted.mistakes
        return granted, organisation.management_account_id

    def sets(self, loaded: Loaded, instance: Instance | None) -> dict[str, ResolvedSet]:
        if instance is None:  # without it the partition is not known
            return {}
        resolution = resolve_policies(loaded, instance.partition)
        self.mistakes += resolution.mistakes
        try:
            answers, absent = ask_for_policies(resolution.questions())
        except RefusedLookupError as error:
            self._refused(error)
            return {}
        for question in absent:
            self.mistakes += resolution.absent(question)
        sets, repeated = sets_as_made(resolution, answers)
        self.mistakes += repeated
        return sets

    def external_principals(
        self, declared: AccessDeclaration, instance: Instance | None
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Look up who comes from elsewhere; each list is read once, and only where needed."""
        if instance is None:
            return {}, {}
        users, groups = declared.external_users, declared.external_groups
        store = instance.identity_store_id
        try:
            found_users = find_users(users, known_users(store) if users else ())
            found_groups = find_groups(groups, known_groups(store) if groups else ())
        except RefusedLookupError as error:
            self._refused(error)
            return {}, {}
        self.mistakes += [*found_users.mistakes, *found_groups.mistakes]
        return found_users.ids, found_groups.ids

    def reach(self, reach: "_Reach", instance: Instance | None, readers: "_Readers") -> None:
        """Check what depends on whose credentials these are. Nobody is asked where nothing depends on it."""
        management = reach.needed.management_account_id
        if instance is None or (management is None and not reach.needed.roles):
            return
        try:
            account_id = own_account()
            self.mistakes += check_accounts(reach.needed, account_id, readers.lookups)
        except RefusedLookupError as error:
            self._refused(error)
            return
        if management is not None and account_id != management:
            administrator = DelegatedAdministrator(account_id, management, instance)
            self.mistakes += administrator.mistakes(
                reach.sets_of_management, reach.sets, readers.provisioning
            )

    def _refused(self, error: RefusedLookupError) -> None:
        self.mistakes.append(Mistake((), error.problem, error.remedy))
