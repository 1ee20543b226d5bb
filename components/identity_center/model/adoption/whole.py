"""A model and an instance side by side: what the model plans, by which ids it is imported, what it leaves."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from identity_center.model.access.grants import Access
from identity_center.model.assemble import assemble
from identity_center.model.existing.drift import Drifted, compare
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.things import Thing
from identity_center.model.existing.wanted import Made, wanted_of
from identity_center.model.language.clock import Clock
from identity_center.model.language.ignored_drift import Difference
from identity_center.model.mistakes import AccessModelError
from identity_center.model.plan.declared import plan_access
from identity_center.model.plan.planned import Id, Plan, references
from identity_center.model.plan.whole_model import MODEL
from identity_center.model.reading.sources import Sources

from .answers import FromExisting
from .import_ids import Imports, imports_of, opened
from .proposal import ModelNow

_NOT_THERE: Final = "not there:"


@dataclass(frozen=True)
class Beside:
    """A model that was read, beside what exists."""

    access: Access
    imports: Imports
    existing: Existing

    @property
    def now(self) -> ModelNow:
        """What the model says of what exists."""
        external = {**self.access.external_user_ids, **self.access.external_group_ids}
        principals = {each: key for key, each in external.items()}
        sets = {arn: key for key, arn in self.access.external_set_arns.items()}
        return ModelNow(self.access.declared, self.imports, principals, sets)

    def differences(self) -> Iterator[Drifted]:
        """Yield what the model says otherwise than the instance has it, or says and the instance has not."""
        for row in compare(_wanted(self.imports, self.existing), self.existing).rows:
            if row.difference in (Difference.MISSING, Difference.CHANGED):
                yield row

    def left(self) -> Iterator[Drifted]:
        """Yield what the instance has and the model does not say."""
        for row in compare(_wanted(self.imports, self.existing), self.existing).rows:
            if row.difference is Difference.EXTRA:
                yield row


def beside(sources: Sources, existing: Existing, clock: Clock) -> Beside:
    """Read a model, with what it does not tell taken from what exists. Raises AccessModelError."""
    assembled = assemble(sources, clock, FromExisting(existing), existing.organisation)
    if assembled.mistakes:
        raise AccessModelError(assembled.mistakes, sources.places)
    access = assembled.access
    plan = plan_access(MODEL, access, existing.instance_arn, existing.identity_store_id)
    return Beside(access, imports_of(plan, existing), existing)


def _wanted(imports: Imports, existing: Existing) -> dict[Thing, str]:
    names = {each.id: each.user_name or each.id for each in existing.users}
    names |= {each.id: each.name or each.id for each in existing.groups}
    names |= {each.arn: each.label for each in existing.permission_sets}
    return wanted_of(list(_made(imports.plan, imports.known_as)), names)


def _made(plan: Plan, known_as: Mapping[Id, str]) -> Iterator[Made]:
    outputs = defaultdict[Id, dict[str, str]](dict)
    for each in plan:
        for ref in references(each.inputs):
            which = Id(ref.type, ref.key)
            outputs[which][ref.output] = known_as.get(which, f"{_NOT_THERE}{ref.type} {ref.key}")
    known = {which: next(iter(named.values())) for which, named in outputs.items()}
    for each in plan:
        if not each.is_component:
            yield Made(each.type, opened(each.inputs, known), outputs[each.id])
