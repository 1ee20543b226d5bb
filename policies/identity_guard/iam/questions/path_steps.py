"""The calls of a path one by one: which resources they take, and what their patterns have in common."""

from functools import cache, lru_cache
from itertools import combinations
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.arn_shapes import ArnShape, arn_shapes
from identity_guard.iam.catalogue.escalation_paths import escalation_paths
from identity_guard.iam.text.arn import ARN_PARTS, SERVICE_PART
from identity_guard.iam.text.wildcard import Common, common

MOST_REMEMBERED: Final = 2_000
"""For how many combinations of patterns it is kept what they share: paths have steps in common."""
IDENTITY_SERVICES: Final = ("iam", "sts", "sso", "sso-directory", "identitystore", "rolesanywhere")
"""Services whose steps have targets of their own."""


@cache
def own_steps(actions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the steps whose resources the caller makes or picks."""
    return tuple(each for each in actions if each.partition(":")[0] not in IDENTITY_SERVICES)


@cache
def own_actions() -> int:
    """Return all such steps of all paths, as a mask over the catalogue."""
    return union(bit_of(each) for path in escalation_paths() for each in own_steps(path.actions))


@cache
def of_one_service(actions: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return each two steps of a path that are calls of one service."""
    pairs = combinations(own_steps(actions), 2)
    return tuple((one, other) for one, other in pairs if one.partition(":")[0] == other.partition(":")[0])


@lru_cache(maxsize=MOST_REMEMBERED)
def shared_arn(*patterns: str) -> Common:
    """Find an ARN that patterns take, part by part: no Region or account has a colon in it."""
    parts = [pattern.split(":", ARN_PARTS - 1) for pattern in patterns]
    if any(len(each) < ARN_PARTS for each in parts):
        return common(*patterns)
    shared = [common(*of_place) for of_place in zip(*parts, strict=True)]
    known = [part.text for part in shared if part.text is not None]
    looked_at = sum(part.looked_at for part in shared)
    return Common(":".join(known) if len(known) == ARN_PARTS else None, looked_at)


@cache
def bit_of(action: str) -> int:
    """Return one action in the catalogue."""
    return catalogue().mask_of([action])


@cache
def shapes_of(action: str) -> tuple[ArnShape, ...]:
    """Return the shapes of the resources that an action takes."""
    numbers = arn_shapes().taken_by(bit_of(action))
    return tuple(arn_shapes().shapes[number] for number in numbers)


def service_of(value: str) -> str | None:
    """Return the service of an ARN; None where it has none, or a wildcard's filling in its place."""
    parts = value.split(":")
    service = parts[SERVICE_PART] if len(parts) > SERVICE_PART and parts[0] == "arn" else None
    return service if service in arn_shapes().by_service else None
