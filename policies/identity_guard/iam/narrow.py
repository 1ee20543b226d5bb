"""Tell from how actions are written that a grant is far from wide, without working out what they match.

A pattern with a service written out takes actions of that service only. So many patterns as may be, they
take no more actions than those services have together; where that is less than a wide grant needs, it is
neither root-level nor administrator-equivalent, whatever resources, conditions, Denies and limits say. This
settles nearly every document that people write. It never says more than `coverage` would: where it is in
doubt it says no.
"""

from collections.abc import Iterable, Sequence

from .catalogue import catalogue
from .statement import Effect, Statement
from .wildcard import has_wildcard

_ALLOW = Effect.ALLOW


def takes_fewer_than(enough: int, statements: Iterable[Statement]) -> bool:
    """Say whether the Allows among some statements certainly take fewer actions than that."""
    sizes = catalogue().sizes
    seen: set[str] = set()
    # One for actions of which the catalogue does not know.
    left = enough - 1
    allows = [statement for statement in statements if statement.effect is _ALLOW]
    # What takes everything is seldom in the longest list.
    allows.sort(key=lambda each: len(each.action_patterns))
    for statement in allows:
        if statement.actions_excluded:
            return False
        for service in _services(statement.action_patterns):
            if service not in seen:
                if has_wildcard(service):
                    return False
                seen.add(service)
                left -= sizes.get(service, 0)
    return left > 0


def _services(patterns: Sequence[str]) -> Iterable[str]:
    """Return the services of patterns; lists go service by service, so most begin as the one before does."""
    if len(patterns) == 1:
        return (patterns[0].partition(":")[0].lower(),)
    found: dict[str, None] = {}
    last = ":"
    for pattern in patterns:
        if not pattern.startswith(last):
            last = pattern.partition(":")[0] + ":"
            found[last[:-1].lower()] = None
    return found
