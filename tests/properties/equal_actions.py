"""Lists of actions in other patterns for the same actions, compared by the plainest reading of a pattern."""

import random
import re
from collections.abc import Callable
from functools import cache
from string import ascii_lowercase
from typing import Any

from identity_guard.iam.catalogue.actions import catalogue

Json = dict[str, Any]
MOST_ACTIONS = 40
"""How many single actions of a service are listed to write a complement."""


class Equal:
    """Writes lists of actions in other words, chosen by chance."""

    def __init__(self, source: random.Random, chance: Callable[[str, float], bool]) -> None:
        self.random = source
        self.chance = chance

    def patterns_for(self, patterns: list[str]) -> list[str]:
        """Write a list of actions in other patterns for the same actions."""
        made: list[str] = []
        for pattern in patterns:
            made += self.one(pattern)
        if 0 < len(made) < MOST_ACTIONS and self.chance("padded list", 0.1):
            made += [self.random.choice(made) for _ in range(100)]
        if self.chance("listed beside its pattern", 0.2) and made:
            taken = sorted(taken_by(self.random.choice(made)))
            made += self.random.sample(taken, min(3, len(taken)))
        return made

    def one(self, pattern: str) -> list[str]:  # noqa: PLR0911 - one return for each way
        """Write one pattern as one or several others that match the same."""
        if pattern.strip("*") == "":
            if self.chance("all services", 0.1):
                return [f"{letter}*" for letter in ascii_lowercase]
            if self.chance("everything by names", 0.1):
                return [f"*:{letter}*" for letter in ascii_lowercase]
            return (
                [self.random.choice(("*", "**", "*:*", "?*", "*:?*"))]
                if self.chance("star", 0.3)
                else [pattern]
            )
        service, colon, name = pattern.partition(":")
        if (
            colon
            and name.endswith("*")
            and not any(sign in pattern[:-1] for sign in "*?")
            and taken_by(pattern)
        ):
            if self.chance("by letters", 0.15):
                # Names are made of letters and digits; no known name ends where the pattern does.
                found = [f"{service}:{name[:-1]}{each}*" for each in ascii_lowercase + "0123456789"]
                return found if not name[:-1] or not taken_by(pattern[:-1]) else [*found, pattern[:-1]]
            if self.chance("doubled stars in actions", 0.2):
                return [f"{pattern}*"]
        if colon and name and self.chance("question marks", 0.2):
            return [self.same(pattern, self.with_question_marks(pattern))]
        if colon and name and not name.endswith("*") and self.chance("shortened", 0.1):
            return [self.same(pattern, f"{pattern[:-1]}*")]
        return [pattern]

    def with_question_marks(self, pattern: str) -> str:
        """Put question marks in place of some letters of the name."""
        start = pattern.index(":") + 1
        return pattern[:start] + "".join(
            "?" if each.isalpha() and self.random.random() < 0.3 else each for each in pattern[start:]
        )

    @staticmethod
    def same(pattern: str, other: str) -> str:
        """Return the other pattern if it takes the same known actions."""
        taken = taken_by(pattern)
        return other if taken and taken == taken_by(other) else pattern

    @staticmethod
    def complement(statement: Json) -> None:
        """Write Action as NotAction of the rest, and the other way round, of what is known today."""
        name = "Action" if "Action" in statement else "NotAction"
        taken = set().union(*map(taken_by, statement[name]))
        rest: list[str] = []
        for service, names in known_actions().items():
            left = [each for each in names if f"{service}:{each}" not in taken]
            if len(left) == len(names):
                rest.append(f"{service}:*")
            elif len(left) > MOST_ACTIONS:
                return
            else:
                rest += [f"{service}:{each}" for each in left]
        if rest and taken:
            del statement[name]
            statement["NotAction" if name == "Action" else "Action"] = rest


@cache
def known_actions() -> dict[str, tuple[str, ...]]:
    """Return the names of the actions of each service that exists, in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for block in catalogue().blocks:
        if not block.future:
            found[block.service] = block.names
    return found


@cache
def taken_by(pattern: str) -> frozenset[str]:
    """Return the known actions that a pattern matches, by the plainest way there is."""
    wanted = re.compile(
        "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern.lower()), re.DOTALL
    )
    service = pattern.lower().partition(":")[0]
    names = known_actions()
    among = {service: names[service]} if service in names else names
    if not among or ("*" not in service and "?" not in service and service not in names):
        return frozenset()
    return frozenset(
        action
        for each, of_service in among.items()
        for name in of_service
        if wanted.fullmatch(action := f"{each}:{name}")
    )
