"""Settings of the Identity Center instance that have an API: attributes for access control."""

from typing import TypedDict

import pulumi

from identity_center.model.plan.settings import plan_instance_settings
from identity_center.resources.arguments.checks import ArgumentChecks

from .making import PlannedComponent


class InstanceSettingsArgs(TypedDict):
    """Arguments of `InstanceSettings`."""

    instance_arn: pulumi.Input[str]
    """ARN of the Identity Center instance."""
    access_control_attributes: dict[str, str]
    """By name of a session tag: the path in the identity source that its value comes from, such as
    ${path:enterprise.costCenter}. At most 50."""


class InstanceSettings(PlannedComponent):
    """What holds for the whole instance. Its MFA settings have no API: see `MfaRequirement`."""

    attribute_names: pulumi.Output[list[str]]
    """Names of the session tags that people's sessions bear."""

    def __init__(
        self, name: str, args: InstanceSettingsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        checks = ArgumentChecks("InstanceSettings", name, args, InstanceSettingsArgs)
        attributes = args["access_control_attributes"]
        checks.attributes(attributes, "accessControlAttributes")
        if not attributes:
            checks.add("accessControlAttributes", "is empty; name an attribute, or leave the component out")
        checks.done()
        super().__init__(plan_instance_settings(name, args), opts)
