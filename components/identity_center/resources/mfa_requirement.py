"""The requirement that people sign in with MFA: a declaration, since AWS has no API for the settings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NotRequired, get_args, get_origin

import pulumi

from identity_center.model.language.keys.text_rules import PERSON_TEXT
from identity_center.model.language.keys.values import PersonText, camel_case, choice_of
from identity_center.model.language.mfa import MfaSettings, MfaType, check_settings, console_steps, each_once
from identity_center.model.mistakes import WrongValueError
from identity_center.model.plan.settings import plan_mfa_requirement
from identity_center.resources import messages
from identity_center.resources.arguments.checks import ArgumentChecks, rules_of
from identity_center.resources.arguments.entry_args import MfaRequirementArgs
from identity_center.resources.arguments.shapes import type_hints

from .making import PlannedComponent


class MfaRequirement(PlannedComponent):
    """What holds for MFA at sign-in. It makes nothing in AWS: people set it, the policy pack judges it."""

    console_steps: pulumi.Output[list[str]]
    """Where in the console the declared settings are made."""

    def __init__(
        self, name: str, args: MfaRequirementArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        checks = ArgumentChecks("MfaRequirement", name, args, MfaRequirementArgs)
        settings = read_requirement(checks, args)
        checks.done()
        steps = console_steps(settings) if settings else ()
        super().__init__(plan_mfa_requirement(name, args, steps), opts)
        messages.info("\n".join(steps), self)


def read_requirement(checks: ArgumentChecks, args: MfaRequirementArgs, place: str = "") -> MfaSettings | None:
    """Read the arguments as the configuration is read; None where `checks` now has mistakes."""
    given: dict[str, Any] = {name: value for name, value in args.items() if value is not None}
    read: dict[str, Any] = {
        name: checks.read(given[name], rule, f"{place}{camel_case(name)}")
        for name, rule in _RULES.items()
        if name in given
    }
    for index, each in enumerate(read.get("allowed_types") or ()):
        read[str(index)] = checks.read(each, choice_of(MfaType), f"{place}allowedTypes[{index}]")
    return None if None in read.values() else checks.read(read, _settings, place.rstrip("."))


def _settings(read: Mapping[str, Any]) -> MfaSettings:
    types = read.get("allowed_types")
    settings = MfaSettings(
        read["identity_provider"],
        read.get("prompt_mode"),
        None if types is None else tuple(map(MfaType, types)),
        read.get("no_device"),
        read.get("enforced_by"),
    )
    check_settings(settings)
    return settings


def _kinds(types: object) -> Sequence[str]:
    if not isinstance(types, list | tuple):
        raise WrongValueError("is not a list", "write one")
    if not types:
        raise WrongValueError("is empty", "name at least one")
    return each_once([str(each.value if isinstance(each, MfaType) else each) for each in types])


def _person_text(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValueError("is not a text", "write one")
    return PERSON_TEXT.check(value)


def _reader(name: str, hint: object) -> Callable[[Any], object]:
    """Return what reads an argument, whatever it is: a program without a type checker may give anything."""
    kind = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
    if get_origin(kind) is list:
        return _kinds
    return _person_text if kind == PersonText else rules_of(MfaRequirementArgs)[name]


#: By argument, what reads it.
_RULES: Final[Mapping[str, Callable[[Any], object]]] = {
    name: _reader(name, hint) for name, hint in type_hints(MfaRequirementArgs).items()
}
