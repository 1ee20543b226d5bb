"""Whether the instance can get the Regions that a run is to add, and lose those that it is to remove."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from identity_center.model.access.brake import removed_regions
from identity_center.model.access.grants import Access
from identity_center.model.language.settings import AwsSettings
from identity_center.model.mistakes import Mistake
from identity_center.model.plan.planned import Plan
from identity_center.model.plan.region_checks import (
    InstanceRegions,
    RegionChanges,
    doubts,
    misplaced,
    refusals,
    region_changes,
)
from identity_center.program.state.last_model import LastUpdate
from identity_center.resources import messages
from identity_center.resources.arguments.refusal import RefusedLookupError
from identity_center.resources.instance import Instance

from .after_a_fall import is_adopting
from .aws_settings import read_aws_settings

RegionReader: TypeAlias = Callable[[AwsSettings, str, Sequence[str]], InstanceRegions]
"""Reads, of an instance by its ARN, its Regions, its encryption and, where Regions are new, their keys."""
_UNTOLD: Final = (
    "whether the identity source is an external identity provider is unchecked, since AWS tells it by no "
    "API: without one, AWS refuses the Regions; say it as `mfaRequirement.identityProvider: external`"
)


@dataclass(frozen=True)
class RegionLookup:
    """What is known of a run before AWS is asked."""

    plan: Plan
    last: LastUpdate
    access: Access
    instance: Instance

    def mistakes(self, reader: RegionReader | None) -> Iterator[Mistake]:
        """Yield what AWS would refuse. Where no Region comes or goes, it is not asked."""
        declared = self.access.declared
        yield from misplaced(declared.additional_regions, self.instance.region, self.instance.partition)
        changes = region_changes(self.plan, self.last.outputs)
        if not changes or is_adopting():
            return
        if self.last.state is None:
            _warn([self.last.problem])
            return
        yield from removed_regions(changes.gone, declared.allow_removals)
        there = self._there(changes, reader)
        _warn(there.unseen)
        for doubt in doubts(there):
            messages.warn(doubt)
        if changes.new and declared.mfa_requirement is None:
            messages.warn(_UNTOLD)
        yield from refusals(changes, there, self.instance.region, self.access.management_account_id)

    def _there(self, changes: RegionChanges, reader: RegionReader | None) -> InstanceRegions:
        if reader is None:
            return InstanceRegions(unseen=("this program has nothing to read it with",))
        try:
            settings = replace(read_aws_settings(), region=self.instance.region)
        except RefusedLookupError as error:
            return InstanceRegions(unseen=(error.problem,))
        return reader(settings, self.instance.arn, changes.new)


def _warn(whys: Sequence[str]) -> None:
    if whys:
        said = "; ".join(whys)
        messages.warn(f"it is unchecked whether the instance can add and remove Regions: {said}")
