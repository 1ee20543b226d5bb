"""Where a chapter writes down its scenarios."""

from collections.abc import Callable
from typing import Final

from sandbox.aws.accounts.surroundings import Surroundings

NOBODY: Final = "12345678-1234-1234-1234-123456789012"
MANAGEMENT: Final = "123456789012"
SECURITY: Final = "222222222222"
Scenario = Callable[[Surroundings], object]
SCENARIOS: dict[str, Scenario] = {}
"""By the row of the table."""


def refuses(row: str) -> Callable[[Scenario], Scenario]:
    """Take a function as the scenario of a row: it must end in that refusal."""

    def take(scenario: Scenario) -> Scenario:
        SCENARIOS[row] = scenario
        return scenario

    return take
