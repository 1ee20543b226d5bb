"""Additional Regions of the instance, for a model."""

from identity_center.model.existing.objects import Region
from identity_center.model.existing.things import ACTIVE, Kind, Thing
from identity_center.model.language.keys.text_rules import additional_region
from identity_center.model.mistakes import WrongValueError
from identity_center.model.plan.planned import REGION

from .proposal import Adopting


def add_regions(adopting: Adopting) -> None:
    """Add the Regions that the instance is replicated to; one that comes or goes is left to AWS first."""
    for each in sorted(adopting.existing.regions, key=lambda region: region.name):
        if each.is_primary or adopting.model.has(REGION, each.name):
            continue
        why = _why_not(each)
        if why:
            thing = Thing(Kind.REGION, (each.name,))
            adopting.proposal.leave_out(f"additional Region {each.name}", why, thing)
        else:
            adopting.proposal.append(("additionalRegions",), each.name)


def _why_not(region: Region) -> str:
    if region.status != ACTIVE:
        return f"it is {region.status}: adopt again when AWS is done"
    try:
        additional_region(region.name)
    except WrongValueError as error:
        return f"the model does not take it: {error.problem}"
    return ""
