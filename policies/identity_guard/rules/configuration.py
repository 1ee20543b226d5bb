"""The pack's configuration as a file has it, read without an engine: levels and settings, or every mistake.

The format is the engine's (`--policy-pack-config`): an object of policies by name, each with a level or with
an object of settings that may have an `enforcementLevel`; `all` sets the level of every other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .all_rules import EVERY
from .exceptions import ExceptionMistakeError
from .rule import ConfigurationError, Rule
from .value_check import mistakes_of

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
