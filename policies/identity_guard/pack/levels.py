"""The name of the pack, and the level of each of its policies: what refuses, and what is only told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pulumi_policy import EnforcementLevel

from identity_guard.rules.rule import Level, Rule

from .all_rules import EVERY

PACK: Final = "identity-guard"
LEVELS: Final = {Level.ADVISORY: EnforcementLevel.ADVISORY, Level.MANDATORY: EnforcementLevel.MANDATORY}
_REFUSING: Final = (EnforcementLevel.MANDATORY, EnforcementLevel.REMEDIATE)


@dataclass
class Levels:
    """The level of every policy, as configured or else as the rule has it."""

    by_policy: dict[str, EnforcementLevel]
    full_details: bool = False
    """Whether what refuses nothing is told with all its lines, too."""
    settings_given: bool = False
    """Whether the pack has settings: without them `check` would find something else."""

    columns: int | None = None
    """How wide a message may be where it is read; None leaves its lines as they are."""

    def refuses(self, policy: str) -> bool:
        """Say whether a violation of this policy stops the run."""
        return self.by_policy[policy] in _REFUSING


def default_levels(rules: Sequence[Rule] = EVERY) -> Levels:
    """Return the levels that hold where nothing is configured."""
    return Levels({rule.name: LEVELS[rule.level] for rule in rules})
