"""Everything that is checked before the first resource: the run ends with all mistakes, or has none."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pulumi

from identity_center.model.access.grants import Access
from identity_center.model.assemble import assemble
from identity_center.model.aws.partitions import portal_url
from identity_center.model.language.clock import Clock, clock
from identity_center.model.language.settings import QuotasEntry
from identity_center.model.mistakes import AccessModelError, Mistake, Positions, collector_paused
from identity_center.model.plan.declared import parts_of
from identity_center.model.plan.made_first import made_first, sets_made_first
from identity_center.model.plan.name_changes import in_turn
from identity_center.model.plan.planned import Plan, moved_in
from identity_center.model.plan.whole_model import ModelParts, plan_model
from identity_center.program.lookups.additional_regions import RegionLookup
from identity_center.program.lookups.answers_of_aws import AnswersOfAws
from identity_center.program.lookups.new_names import CheckedNames, check_names
from identity_center.program.lookups.readers import Readers
from identity_center.program.preview.access_report import report_changes
from identity_center.program.preview.changes_file import ChangesFile
from identity_center.program.preview.notices import say_notices
from identity_center.program.state.last_model import LastUpdate, read_last_update
from identity_center.resources import messages
from identity_center.resources.instance import Instance

from .root_guard import plan_guard
from .stack_config import read_stack_config

#: The name of the model's component in every stack: a part of the name of each of its resources.
MODEL = "identity-center"


@dataclass(frozen=True)
class Checked:
    """A configuration without mistakes, and the instance that it is made in."""

    access: Access
    instance: Instance
    portal_url: str | None
    plan: Plan
    """The whole model as resources. What the stack keeps encrypted is a secret."""
    console_steps: tuple[str, ...]
    """Where in the console the declared MFA settings are made."""
    last: LastUpdate = field(default_factory=LastUpdate)
    """What the state said when the run began."""


@collector_paused()
def check_stack(readers: Readers | None = None) -> Checked:
    """Read the stack's configuration, check it, and look up what it refers to in AWS with the readers.

    Raises pulumi.RunError with every mistake of the run, each with its place and what to write; the file
    for machines says so then.
    """
    file = ChangesFile(Path(pulumi.get_root_directory()))
    try:
        return _check(readers or Readers(), file)
    except pulumi.RunError as error:
        file.refuse(str(error))
        raise


def _check(readers: Readers, file: ChangesFile) -> Checked:
    answers = AnswersOfAws(
        readers.organisation, readers.accounts, readers.provisioned_sets, readers.names_in_use
    )
    last = read_last_update()
    readers.after_a_fall.refuse_interrupted(last.outputs)
    config = read_stack_config()
    sources = config.sources()
    found = assemble(sources, _clock(), answers)
    for line in found.unchecked:
        messages.warn(line)
    _end_with(found.mistakes, sources.places)
    file.write({"notices": say_notices(found.notices, sources.places)})
    instance = answers.instance
    parts = _parts(found.access, instance, config.secret_keys)
    plan = plan_model(MODEL, parts)
    last = last.taking_in(plan)
    plan = moved_in(plan, last.moved_in)
    whole = (*plan, *_guard(found.access, instance))
    names = check_names(whole, last, answers)
    first = _made_first(found.access, plan, names)
    left = readers.after_a_fall.unrecorded(plan, last.outputs, instance)
    changes = report_changes(found.access, whole, last, file, first)
    moved = RegionLookup(plan, last, found.access, instance).mistakes(readers.regions)
    _end_with([*changes, *names.mistakes, *left, *moved], sources.places)
    url = portal_url(instance.identity_store_id, instance.partition, found.access.declared.portal_url)
    plan = made_first(in_turn(plan, names.waits), first)
    return Checked(found.access, instance, url, plan, parts.console_steps, last)


def _made_first(access: Access, plan: Plan, names: CheckedNames) -> frozenset[str]:
    quotas = access.declared.quotas or QuotasEntry()
    return sets_made_first(plan, names.renamed, quotas.permission_sets_per_account, quotas.permission_sets)


def _parts(access: Access, instance: Instance, secret_keys: frozenset[str]) -> ModelParts:
    secret = "users" in secret_keys
    return parts_of(access, instance.arn, instance.identity_store_id, secret_users=secret)


def _guard(access: Access, instance: Instance) -> Plan:
    return plan_guard(access.declared.root_guard, instance.arn, instance.partition)


def _clock() -> Clock:
    try:
        return clock(os.environ)
    except ValueError as error:
        raise pulumi.RunError(str(error)) from error


def _end_with(mistakes: Sequence[Mistake], places: Positions) -> None:
    if mistakes:
        raise pulumi.RunError(str(AccessModelError(mistakes, places)))
