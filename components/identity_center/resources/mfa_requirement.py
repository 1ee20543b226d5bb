"""The requirement that people sign in with MFA: a declaration, since AWS has no API for the settings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pulumi

from identity_center.model.language.key_facts import Key, arguments_of
from identity_center.model.language.mfa import (
    MfaRequirementEntry,
    MfaSettings,
    MfaType,
    check_settings,
    console_steps,
    each_once,
)
from identity_center.model.language.values import camel_case, choice_of
from identity_center.model.mistakes import WrongValueError
from identity_center.model.plan.settings import plan_mfa_requirement

from .argument_checks import ArgumentChecks, rules_of
from .entry_args import MfaRequirementArgs
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
        pulumi.log.info("\n".join(steps), resource=self)


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


def _reader(name: str, key: Key) -> Callable[[Any], object]:
    """Return what reads an argument of whatever type: a program without a type checker may give any."""
    if key.container:
        return _kinds
    rule = rules_of(MfaRequirementEntry)[name]
    return _of_text(rule) if key.content is str else rule


def _of_text(rule: Callable[[str], object]) -> Callable[[object], object]:
    def read(value: object) -> object:
        if not isinstance(value, str):
            raise WrongValueError("is not a text", "write one")
        return rule(value)

    return read


#: By argument, what reads it.
_RULES: Final[Mapping[str, Callable[[Any], object]]] = {
    name: _reader(name, key) for name, key in arguments_of(MfaRequirementEntry).items()
}
