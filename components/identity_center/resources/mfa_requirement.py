"""The requirement that people sign in with MFA: a declaration, since AWS has no API for the settings."""

from typing import NotRequired, TypedDict

import pulumi
from pydantic import ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from identity_center.model.mfa import (
    IdentityProvider,
    MfaRequirementEntry,
    MfaType,
    NoDevice,
    PromptMode,
    console_steps,
)

from .argument_checks import ArgumentChecks
from .props import visible_props


class MfaRequirementArgs(TypedDict):
    """Arguments of `MfaRequirement`."""

    prompt_mode: NotRequired[PromptMode]
    """When people are asked for their MFA device. Not with an external identity provider."""
    allowed_types: NotRequired[list[MfaType]]
    """Kinds of device that people may register and use. Not with an external identity provider."""
    no_device: NotRequired[NoDevice]
    """What happens to people without a registered device. Not with an external identity provider."""
    identity_provider: IdentityProvider
    """Where people sign in: it decides who asks for MFA."""
    enforced_by: NotRequired[str]
    """What requires MFA there, such as a sign-on policy's name. With an external identity provider only."""
    confirmed_by: NotRequired[str]
    """Who compared the settings with this declaration, such as a team or a ticket."""
    valid_until: NotRequired[str]
    """Last day on which the confirmation counts, such as 2027-02-15."""


class MfaRequirement(pulumi.ComponentResource):
    """What holds for MFA at sign-in. It makes nothing in AWS: people set it, the policy pack judges it."""

    console_steps: pulumi.Output[list[str]]
    """Where in the console the declared settings are made."""

    def __init__(
        self, name: str, args: MfaRequirementArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        checks = ArgumentChecks("MfaRequirement", name)
        requirement = read_requirement(checks, args)
        checks.done()
        props = visible_props(args, *MfaRequirementArgs.__annotations__)
        super().__init__("identity-center:index:MfaRequirement", name, props, opts)
        steps = console_steps(requirement) if requirement else ()
        pulumi.log.info("\n".join(steps), resource=self)
        self.console_steps = pulumi.Output.from_input(list(steps))
        self.register_outputs({"consoleSteps": self.console_steps})


def read_requirement(
    checks: ArgumentChecks, args: MfaRequirementArgs, place: str = ""
) -> MfaRequirementEntry | None:
    """Read the arguments as the configuration is read; None where `checks` now has mistakes."""
    given = {to_camel(key): value for key, value in args.items() if value is not None}
    try:
        return MfaRequirementEntry.model_validate(given)
    except ValidationError as error:
        for details in error.errors(include_url=False, include_input=False):
            checks.add((place + ".".join(map(str, details["loc"]))).strip("."), _said(details))
        return None


def _said(details: ErrorDetails) -> str:
    if details["type"] == "enum":
        return f"is not one of the choices; write one of {details['ctx']['expected']}"
    if details["type"] == "too_short":
        return "is empty; name at least one"
    return details["msg"]
