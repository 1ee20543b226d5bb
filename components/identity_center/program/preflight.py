"""Everything that is checked before the first resource: the run ends with all mistakes, or has none."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pulumi

from identity_center.model.access import Access, Grant, grants_of, policy_arns, resolve_policies
from identity_center.model.dates import today
from identity_center.model.errors import AccessModelError, Mistake
from identity_center.model.load import Loaded, load
from identity_center.model.mfa import MfaRequirementEntry
from identity_center.model.portal import portal_url
from identity_center.resources.instance import Instance, find_instance
from identity_center.resources.refusal import RefusedLookupError

from .lookups import ask_for_policies, read_organisation
from .stack_config import StackConfig, read_stack_config


@dataclass(frozen=True)
class Checked:
    """A configuration without mistakes, and the instance that it is made in."""

    access: Access
    instance: Instance
    portal_url: str | None
    secret_keys: frozenset[str]
    """Parts of the model whose values the stack keeps encrypted."""


def check_stack() -> Checked:
    """Read the stack's configuration, check it, and look up what it refers to in AWS.

    Raises pulumi.RunError with every mistake of the run, each with its place and what to write.
    """
    config = read_stack_config()
    loaded = load(config.values)
    findings = _Findings([*loaded.mistakes, *_misplaced_secrets(config)])
    instance = findings.instance(loaded)
    grants, management_account_id = findings.grants(loaded)
    arns = findings.policies(loaded, instance)
    if findings.mistakes or instance is None:
        raise pulumi.RunError(str(AccessModelError(findings.mistakes, config)))
    _warn_of_expired_confirmation(loaded.declaration.mfa_requirement)
    access = Access.of(
        loaded, grants=grants, managed_policy_arns=arns, management_account_id=management_account_id
    )
    url = portal_url(instance.identity_store_id, instance.partition, loaded.declaration.portal_url)
    return Checked(access, instance, url, config.secret_keys)


def _misplaced_secrets(config: StackConfig) -> Iterator[Mistake]:
    for key in sorted(config.secret_keys - {"users"}):
        yield Mistake(
            (key,),
            "holds an encrypted value",
            "write it in clear: of the model, only `users` can be kept secret",
            at_key=True,
        )


def _warn_of_expired_confirmation(requirement: MfaRequirementEntry | None) -> None:
    if requirement is None or requirement.valid_until is None:
        return
    try:
        day = today(os.environ)
    except ValueError as error:
        raise pulumi.RunError(str(error)) from error
    if requirement.valid_until < day:
        pulumi.log.warn(
            f"the MFA settings were confirmed until {requirement.valid_until}, today is {day}: look at them "
            "in the console again, then set identity-center:mfaRequirement.validUntil"
        )


@dataclass
class _Findings:
    """Mistakes so far. A lookup that AWS refuses is one of them, so that it does not hide the others."""

    mistakes: list[Mistake]

    def instance(self, loaded: Loaded) -> Instance | None:
        try:
            return find_instance(loaded.declaration.instance_arn)
        except RefusedLookupError as error:
            self.mistakes.append(Mistake((), error.problem, error.remedy))
            return None

    def grants(self, loaded: Loaded) -> tuple[tuple[Grant, ...], str | None]:
        if not loaded.declaration.assignments:
            return (), None
        try:
            organisation = read_organisation()
        except RefusedLookupError as error:
            self.mistakes.append(Mistake((), error.problem, error.remedy))
            return (), None
        if organisation.accounts is None:
            pulumi.log.warn(
                "account ids are unchecked: these credentials may not list the organisation's accounts"
            )
        grants, mistakes = grants_of(loaded, organisation)
        self.mistakes += mistakes
        return grants, organisation.management_account_id

    def policies(self, loaded: Loaded, instance: Instance | None) -> dict[str, tuple[str, ...]]:
        if instance is None:  # without it the partition is not known
            return {}
        resolution = resolve_policies(loaded, instance.partition)
        self.mistakes += resolution.mistakes
        try:
            answers, absent = ask_for_policies(resolution.questions())
        except RefusedLookupError as error:
            self.mistakes.append(Mistake((), error.problem, error.remedy))
            return {}
        self.mistakes += [question.mistake() for question in absent]
        arns, repeated = policy_arns(resolution, answers)
        self.mistakes += repeated
        return arns
