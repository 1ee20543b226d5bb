"""The pack's configuration as a file has it, read without an engine: levels and settings, or every mistake.

The format is the engine's (`--policy-pack-config`): an object of policies by name, each with a level or
with an object of settings that may have an `enforcementLevel`; `all` sets the level of every other. Before
a run the engine compares each value with the schema of its setting; without one, `mistakes_of` does. It
knows the words of JSON Schema that the settings use, and a test holds the settings to these.

`audit` then asks every rule about a complete view: a recorded stack, or a document.
"""

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from identity_guard.rules.exceptions import ExceptionMistakeError, with_exceptions, with_offer
from identity_guard.rules.rule import ConfigurationError, Rule
from identity_guard.stack.findings import Finding, Outcome
from identity_guard.stack.phase import ClockError
from identity_guard.stack.view import View

from .all_rules import ADVICE, EVERY, UNDECIDED

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "number": (int, float),
    "array": list,
    "object": dict,
    "boolean": bool,
}

WORDS: Final = frozenset(
    {
        "type",
        "description",
        "enum",
        "pattern",
        "minLength",
        "minimum",
        "items",
        "minItems",
        "maxItems",
        "properties",
        "required",
        "additionalProperties",
    }
)
"""The words of JSON Schema that `mistakes_of` understands."""


def mistakes_of(value: object, schema: Mapping[str, Any], place: str) -> Iterator[str]:
    """Say everything that a schema does not allow, each with its place; never the value itself."""
    expected = schema.get("type")
    if expected and (not isinstance(value, _TYPES[expected]) or (expected == "number" and value is True)):
        yield f"{place}: expected {'an' if expected[0] in 'ao' else 'a'} {expected}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: expected one of {', '.join(f'`{each}`' for each in schema['enum'])}"
    if isinstance(value, str):
        yield from _of_text(value, schema, place)
    elif isinstance(value, list):
        yield from _of_list(value, schema, place)
    elif isinstance(value, dict):
        yield from _of_object(value, schema, place)
    elif "minimum" in schema and isinstance(value, int | float) and value < schema["minimum"]:
        yield f"{place}: expected at least {schema['minimum']}"


def _of_text(value: str, schema: Mapping[str, Any], place: str) -> Iterator[str]:
    if "pattern" in schema and re.search(schema["pattern"], value) is None:
        yield f"{place}: expected a text that matches {schema['pattern']}"
    if len(value) < schema.get("minLength", 0):
        yield f"{place}: the text is too short"


def _of_list(value: list[Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{place}: the list has {len(value)} members, which is too few or too many"
    for number, each in enumerate(value):
        yield from mistakes_of(each, schema.get("items", {}), f"{place}[{number}]")


def _of_object(value: dict[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{place}: `{name}` is missing"
    for name, each in value.items():
        if name in known:
            yield from mistakes_of(each, known[name], f"{place}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{place}: there is no `{name}`"


LEVELS: Final = ("advisory", "mandatory", "remediate", "disabled")
LEVEL: Final = "enforcementLevel"
ALL: Final = "all"
_RULES: Final = {rule.name: rule for rule in EVERY}


@dataclass(frozen=True, slots=True)
class Configuration:
    """What holds for every rule."""

    levels: Mapping[str, str]
    settings: Mapping[str, Mapping[str, Any]]

    def refuses(self, rule: str) -> bool:
        """Say whether a violation of this rule stops a run."""
        return self.levels[rule] in ("mandatory", "remediate")


class ConfigurationMistakesError(ValueError):
    """A configuration has mistakes; `mistakes` has all of them."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


def read_configuration(given: object) -> Configuration:
    """Read a configuration. Raises ConfigurationMistakesError with every mistake of all rules."""
    if not isinstance(given, Mapping):
        raise ConfigurationMistakesError(["expected an object of rules by name"])
    unknown = [name for name in given if name not in _RULES and name != ALL]
    mistakes = [str(ConfigurationError("identity-guard", unknown, [*_RULES, ALL]))] if unknown else []
    for name, value in given.items():
        if name in _RULES or name == ALL:
            mistakes += _mistakes_of_rule(name, value)
    if mistakes:
        raise ConfigurationMistakesError(mistakes)
    for_all = _level(given.get(ALL))
    return Configuration(
        {name: _level(given.get(name)) or for_all or rule.level.value for name, rule in _RULES.items()},
        {name: rule.read_settings(_settings(given.get(name))) for name, rule in _RULES.items()},
    )


def _level(value: object) -> str | None:
    level = value.get(LEVEL) if isinstance(value, Mapping) else value
    return level if isinstance(level, str) else None


def _settings(value: object) -> dict[str, Any]:
    return {k: v for k, v in value.items() if k != LEVEL} if isinstance(value, Mapping) else {}


def _mistakes_of_rule(name: str, value: object) -> Iterator[str]:
    place = f"configuration of `{name}`"
    if not isinstance(value, str | Mapping):
        yield f"{place}: expected a level or an object"
        return
    level = value.get(LEVEL) if isinstance(value, Mapping) else value
    if level not in LEVELS and not (level is None and name != ALL):
        yield f"{place}: a level is one of {', '.join(f'`{each}`' for each in LEVELS)}"
    settings = _settings(value)
    if name == ALL:
        if settings:
            yield f"{place}: it takes a level only"
        return
    yield from _mistakes_of_settings(_RULES[name], settings, place)


def _mistakes_of_settings(rule: Rule, settings: Mapping[str, Any], place: str) -> Iterator[str]:
    schemas = {setting.name: setting.schema for setting in rule.settings}
    found = [
        each
        for name, value in settings.items()
        if name in schemas
        for each in mistakes_of(value, schemas[name], f"{place}: `{name}`")
    ]
    yield from found
    try:
        rule.read_settings(settings)
    except ConfigurationError as error:
        yield str(error)
    except ExceptionMistakeError as error:
        # Where the schema has found it already, saying it twice would not help.
        if not found:
            yield str(error)


class RuleFailure(RuntimeError):  # noqa: N818 - named for what happened, as the user reads it
    """A rule failed: what it would have found is not known."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, under the policy whose level it has."""

    policy: Rule
    level: str
    finding: Finding


def audit(view: View, configuration: Configuration) -> Iterator[Told]:
    """Ask every rule that is not disabled. Raises RuleFailure."""
    told_under = {Outcome.ADVICE: ADVICE, Outcome.UNDECIDED: UNDECIDED}
    for rule in EVERY:
        if configuration.levels[rule.name] == "disabled":
            continue
        for finding in _findings(rule, view, configuration):
            policy = told_under.get(finding.outcome, rule)
            level = configuration.levels[policy.name]
            if level != "disabled":
                yield Told(policy, level, finding)


def _findings(rule: Rule, view: View, configuration: Configuration) -> list[Finding]:
    settings = configuration.settings[rule.name]
    try:
        day = view.today()
    except ClockError:
        # The MFA rule tells that the variable holds no day; until then no exception holds.
        day = None
    try:
        found = rule.judge.whole(view, settings)
        every = with_exceptions(rule.name, found, view, settings, day, unused=True)
        if not (rule.takes_exceptions and configuration.refuses(rule.name)):
            return every
        return [with_offer(each, rule.name, day) for each in every]
    except Exception as error:  # noqa: BLE001 - a rule may fail in any way, and has to be named
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        # The text of the error may quote a property's value, so it stays out.
        raise RuleFailure(
            f"rule `{rule.name}` failed: {type(error).__name__} at {place}. What it would have found is not "
            "known; this is a mistake in the rule, please report it"
        ) from None
