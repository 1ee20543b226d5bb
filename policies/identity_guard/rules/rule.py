"""What a rule is: who it is, what can be configured, and how it judges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from typing import Any, Protocol

from identity_guard.stack.findings import Finding
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .exceptions import SCHEMA, read_exceptions


class Level(Enum):
    """What the engine does with a violation, in Pulumi's words."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"


class Severity(Enum):
    """How bad a violation is."""

    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Reference:
    """A control of a benchmark that asks for the same."""

    framework: str
    version: str
    control: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A property of a rule in the pack's configuration."""

    name: str
    schema: Mapping[str, Any]
    """JSON schema, with a description; the engine checks values against it."""
    default: Any = None


MANAGEMENT_ACCOUNT = Setting(
    "managementAccount",
    {
        "type": "string",
        "pattern": "^[0-9]{12}$",
        "description": "Id of the organisation's management account, so that messages say where it matters",
    },
)

EXCEPTIONS = (
    Setting("exceptions", SCHEMA, []),
    Setting(
        "stackExceptions",
        {
            "type": "boolean",
            "description": "Whether exceptions that the stack declares in its AccessModel hold as well",
        },
        default=True,
    ),
)
"""What a rule has that takes exceptions."""

Settings = Mapping[str, Any]
"""The configuration of one rule, every property present."""


class Judge(Protocol):
    """How a rule comes to its findings."""

    def whole(self, view: View, settings: Settings) -> Iterable[Finding]:
        """Judge all resources together: the preview's view, and an audit's."""

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterable[Finding]:
        """Judge a resource that is about to be made, by what was seen so far: the update's view."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the engine, its configuration and its documentation know it."""

    name: str
    title: str
    description: str
    """One sentence; the engine prints it above every message."""
    level: Level
    severity: Severity
    remediation: str
    url: str
    judge: Judge
    settings: tuple[Setting, ...] = ()
    references: tuple[Reference, ...] = field(default=())
    definition: tuple[str, ...] = ()
    """What counts, one sentence each, for the rule's page."""

    @property
    def takes_exceptions(self) -> bool:
        """Say whether somebody can answer for a violation of it."""
        return EXCEPTIONS[0] in self.settings

    def read_settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Check the names of configured properties, fill in the others. Raises a ValueError."""
        known = {setting.name: setting.default for setting in self.settings}
        unknown = [name for name in given if name not in known]
        if unknown:
            raise ConfigurationError(self.name, unknown, list(known))
        if "exceptions" in given:
            read_exceptions(self.name, given["exceptions"])
        return {**known, **given}


class ConfigurationError(ValueError):
    """The pack's configuration names something that does not exist."""

    def __init__(self, where: str, unknown: Iterable[str], known: Iterable[str]) -> None:
        """Name what is unknown and the nearest known names."""
        every = sorted(known)
        told = "; ".join(_unknown(name, every) for name in sorted(unknown))
        choice = f"it has {', '.join(f'`{name}`' for name in every)}" if every else "it has none"
        super().__init__(f"configuration of `{where}`: {told}; {choice}")


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    hint = f" (did you mean `{near[0]}`?)" if near else ""
    return f"unknown name `{name}`{hint}"
