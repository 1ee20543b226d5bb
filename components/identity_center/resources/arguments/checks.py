"""Arguments of components, held against the rules of the model before anything is registered.

A value that is not known yet is AWS's to judge; all others are checked here, as those of a configuration are.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, NotRequired, TypeVar, Union, get_args, get_origin

import pulumi

from identity_center.model.language.accounts import MANAGEMENT, is_account, no_account_id
from identity_center.model.language.keys.text_rules import (
    ATTRIBUTE_NAME,
    ATTRIBUTE_SOURCE,
    CUSTOMER_POLICY,
    KEY,
    additional_region,
    attachable,
)
from identity_center.model.language.keys.values import Checked, Ruled, camel_case, choice_of
from identity_center.model.mistakes import WrongValueError, suggestion

from .shapes import misshapen, type_hints

Given = TypeVar("Given")
Read = TypeVar("Read")
#: Reads a value, and raises WrongValueError for a wrong one.
Rule = Callable[[Any], object]
#: By name of an argument, as Python writes it.
Rules = Mapping[str, Rule]


@cache
def rules_of(kind: type) -> Rules:
    """Return what the types of arguments ask of texts and choices: they are those of the model's entries."""
    rules = ((name, _rule(hint)) for name, hint in type_hints(kind).items())
    return {name: rule for name, rule in rules if rule is not None}


def _rule(hint: object) -> Rule | None:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return choice_of(hint)
    checks = [mark.check for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Checked | Ruled)]
    if checks:
        return checks[0] if len(checks) == 1 else _in_turn(checks)
    if get_origin(hint) in (Union, UnionType, NotRequired):
        return next((rule for part in get_args(hint) if (rule := _rule(part))), None)
    return None


def _in_turn(checks: Sequence[Callable[[str], str]]) -> Rule:
    def read(text: str) -> str:
        for check in checks:
            text = check(text)
        return text

    return read


class ArgumentsError(pulumi.RunError):
    """Arguments of a component are wrong. As a RunError it ends a program without a traceback."""

    def __init__(self, component: str, mistakes: list[tuple[str, str]]) -> None:
        """Tell every mistake: its place, empty where it has none, and what is said of it."""
        super().__init__(
            "\n".join(f"{component}: {': '.join(part for part in both if part)}" for both in mistakes)
        )


class ArgumentChecks:
    """The mistakes in the arguments of one component, collected and then told together."""

    def __init__(self, component: str, name: str, args: Mapping[str, Any], kind: type) -> None:
        """Look at the names of all arguments first, `kind` being their TypedDict. Both names head messages.

        Raises ArgumentsError where one is unknown or missing: what stands under it could not be looked at.
        """
        self._component = f"{component} `{name}`"
        self._mistakes = list(misshapen(args, kind))
        self.done()

    def texts(self, args: Mapping[str, Any], rules: Rules, place: str = "") -> None:
        """Hold the texts among `args` against their rules. None is quoted that may be a person's."""
        for name, rule in rules.items():
            self._text(args.get(name), rule, f"{place}{camel_case(name)}")

    def key(self, key: str, place: str) -> None:
        """Check a key that becomes a part of a resource's name."""
        self._text(key, KEY.check, place)

    def customer_policy(self, policy: Mapping[str, Any], place: str, *, attached: bool) -> None:
        """Check name and path of a customer-managed policy: an attached one, or a boundary."""
        path, name = str(policy.get("path") or "/"), str(policy["name"])
        if "/" in name:
            self.add(f"{place}.name", "has a `/`; write the path as `path`")
        elif not (path.startswith("/") and path.endswith("/")):
            self.add(f"{place}.path", f"`{path}` is not a path; begin and end it with `/`")
        else:
            self._text(f"{path}{name}", CUSTOMER_POLICY.check, place)
            self._text(f"{path}{name}", attachable if attached else str, place)

    def attributes(self, attributes: Mapping[str, Any], place: str) -> None:
        """Check attributes for access control: names and sources."""
        for name, source in attributes.items():
            self._text(name, ATTRIBUTE_NAME.check, f"{place}.{name}")
            self._text(source, ATTRIBUTE_SOURCE.check, f"{place}.{name}")

    def regions(self, regions: Collection[str], place: str) -> None:
        """Check additional Regions: each a name, each once."""
        for index, region in enumerate(regions):
            self._text(region, additional_region, f"{place}[{index}]")
        if len(set(regions)) != len(regions):
            self.add(place, "lists a Region twice; keep it once")

    def known(self, key: str, keys: Collection[str], kind: str, place: str) -> None:
        """Check a reference to a user or group of the same component."""
        if key not in keys:
            self.add(place, f"no {kind} has the key `{key}`; {suggestion(key, keys, kind=kind)}")

    def account_ids(self, account_ids: Collection[str], place: str) -> None:
        """Check ids of accounts: 12 digits, each once, and at least one."""
        if not account_ids:
            self.add(place, "is empty; name an account, or leave the assignment out")
        for index, account_id in enumerate(account_ids):
            if account_id == MANAGEMENT or not is_account(account_id):
                self.add(f"{place}[{index}]", str(no_account_id(account_id)))
        if len(set(account_ids)) != len(account_ids):
            self.add(place, "lists an account twice; keep it once")

    def add(self, place: str, said: str) -> None:
        """Add a mistake; one of the arguments as a whole has no place."""
        self._mistakes.append((place, said))

    def done(self) -> None:
        """Raise ArgumentsError where there are mistakes."""
        if self._mistakes:
            raise ArgumentsError(self._component, self._mistakes)

    def _text(self, value: object, rule: Rule, place: str) -> None:
        if isinstance(value, str):  # else it is absent, or not known yet
            self.read(value, rule, place)

    def read(self, value: Given, rule: Callable[[Given], Read], place: str) -> Read | None:
        """Return what a rule makes of a value; None where it is wrong, which is then a mistake."""
        try:
            return rule(value)
        except WrongValueError as wrong:
            self.add(place, str(wrong))
            return None
