"""Regions that an instance is replicated to, as resources: added and removed one after the other."""

from dataclasses import replace
from typing import Final

from .people import Attributes
from .planned import REGION, Id, Plan, PlannedResource, component, given, shown
from .timeouts import timed

#: The one input of a Region that a change of does not replace, and the provider then fails on the update.
#: Source: terraform-provider-aws, ssoadmin/region.go, which has framework.WithNoUpdate.
NEVER_UPDATED: Final = ("timeouts",)


def plan_additional_regions(name: str, args: Attributes) -> Plan:
    """Plan the Regions; each is named by itself.

    AWS has one workflow at a time and refuses a second one, which the provider then tries again for up to an
    hour. So each depends on all that come before it by name, and not on the next one alone: two that go
    together are in turn as well where one between them stays.
    """
    regions = sorted(args["additional_regions"])
    made = [
        PlannedResource(
            REGION,
            region,
            given(instance_arn=args["instance_arn"], region_name=region),
            depends_on=tuple(Id(REGION, each) for each in regions[:index]),
            ignore_changes=NEVER_UPDATED,
        )
        for index, region in enumerate(regions)
    ]
    around = component(
        "AdditionalRegions",
        name,
        shown(args, "instance_arn", "additional_regions"),
        outputs={"statuses": {each.key: each.output("status") for each in made}},
    )
    return around, *timed((replace(each, parent=around.id) for each in made), args.get("timeouts"))
