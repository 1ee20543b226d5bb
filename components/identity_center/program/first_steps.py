"""What people do by hand, told when it is new: settings of the console, and the first sign-in."""

from typing import Final

from identity_center.model.language.mfa_requirement import first_sign_in
from identity_center.model.organisation.places import some
from identity_center.model.plan.other_changes import first_timers
from identity_center.model.plan.planned import COMPONENTS, Id
from identity_center.program.state.last_model import FIRST_SIGN_IN
from identity_center.resources import messages

from .preflight import MODEL, Checked

_MFA: Final = Id(f"{COMPONENTS}MfaRequirement", MODEL)


def say_first_steps(checked: Checked) -> None:
    """Tell what the last update did not tell already."""
    last = checked.last
    told = last.outputs.get(_MFA, {}).get("consoleSteps") or ()
    if list(checked.console_steps) != list(told) and checked.console_steps:
        messages.info("\n".join(checked.console_steps))
    steps = steps_of(checked)
    new = first_timers(checked.plan, last.outputs)
    if steps != last.first_sign_in:
        messages.info("\n".join(steps))
    elif new:
        messages.info(
            f"new: {some(new)}. How they sign in for the first time: "
            f"pulumi stack output {FIRST_SIGN_IN} --show-secrets"
        )


def steps_of(checked: Checked) -> tuple[str, ...]:
    """Return the steps of the first sign-in."""
    return first_sign_in(checked.portal_url, checked.access.declared.mfa_requirement)
