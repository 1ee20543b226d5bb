"""Regions that an Identity Center instance is replicated to."""

from typing import NotRequired, TypedDict

import pulumi

from identity_center.model.plan.regions import plan_additional_regions
from identity_center.resources.arguments.checks import ArgumentChecks
from identity_center.resources.arguments.timeouts import RegionTimeoutsArgs, check_timeouts

from .making import PlannedComponent


class AdditionalRegionsArgs(TypedDict):
    """Arguments of `AdditionalRegions`."""

    instance_arn: pulumi.Input[str]
    """ARN of the Identity Center instance."""
    additional_regions: list[str]
    """Names of the Regions, such as eu-west-1, without the primary one. The instance needs an external
    identity provider, and a multi-Region KMS key with a replica in each of them."""
    timeouts: NotRequired[RegionTimeoutsArgs]
    """How long the provider waits."""


class AdditionalRegions(PlannedComponent):
    """Regions beside the primary one, in which people can sign in as well; AWS takes one at a time."""

    statuses: pulumi.Output[dict[str, str]]
    """By Region: ACTIVE, where an update was through with it."""

    def __init__(
        self, name: str, args: AdditionalRegionsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        checks = ArgumentChecks("AdditionalRegions", name, args, AdditionalRegionsArgs)
        checks.regions(args["additional_regions"], "additionalRegions")
        if not args["additional_regions"]:
            checks.add("additionalRegions", "is empty; name a Region, or leave the component out")
        check_timeouts(checks, args.get("timeouts"))
        checks.done()
        super().__init__(plan_additional_regions(name, args), opts)
