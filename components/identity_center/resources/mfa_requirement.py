"""The requirement that people sign in with MFA: a declaration, since AWS has no API for the settings."""

from datetime import date
from typing import NotRequired, TypedDict

import pulumi

from identity_center.model.mfa import (
    IdentityProvider,
    MfaRequirementEntry,
    NoDevice,
    PromptMode,
    console_steps,
)

from .props import visible_props


class MfaRequirementArgs(TypedDict):
    """Arguments of `MfaRequirement`."""

    prompt_mode: NotRequired[PromptMode]
    """When people are asked for their MFA device. Not with an external identity provider."""
    no_device: NotRequired[NoDevice]
    """What happens to people without a registered device. Not with an external identity provider."""
    identity_provider: IdentityProvider
    """Where people sign in: it decides who asks for MFA."""
    confirmed_by: NotRequired[str]
    """Who compared the console with this declaration, such as a team or a ticket."""
    valid_until: NotRequired[str]
    """Last day on which the confirmation counts, such as 2027-02-15."""


class MfaRequirement(pulumi.ComponentResource):
    """What holds for MFA at sign-in. It makes nothing in AWS: people set it, the policy pack judges it."""

    console_steps: pulumi.Output[list[str]]
    """Where in the console the declared settings are made."""

    def __init__(
        self, name: str, args: MfaRequirementArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        names = ("prompt_mode", "no_device", "identity_provider", "confirmed_by", "valid_until")
        super().__init__("identity-center:index:MfaRequirement", name, visible_props(args, *names), opts)
        steps = console_steps(_entry(args))
        pulumi.log.info("\n".join(steps), resource=self)
        self.console_steps = pulumi.Output.from_input(list(steps))
        self.register_outputs({"consoleSteps": self.console_steps})


def _entry(args: MfaRequirementArgs) -> MfaRequirementEntry:
    valid_until = args.get("valid_until")
    return MfaRequirementEntry(
        prompt_mode=PromptMode(args["prompt_mode"]) if "prompt_mode" in args else None,
        no_device=NoDevice(args["no_device"]) if "no_device" in args else None,
        identity_provider=IdentityProvider(args["identity_provider"]),
        confirmed_by=args.get("confirmed_by"),
        valid_until=date.fromisoformat(valid_until) if valid_until else None,
    )
