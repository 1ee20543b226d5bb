"""Tell from how actions are written that a grant is far from wide, without working out what they match.

A pattern with a service written out takes actions of that service only. So many patterns as may be, they
take no more actions than those services have together; where that is less than a wide grant needs, it is
neither root-level nor administrator-equivalent, whatever resources, conditions, Denies and limits say. This
settles nearly every document that people write. It never says more than `coverage` would: where it is in
doubt it says no.
"""

from collections.abc import Iterable
from typing import Final

from .catalogue import catalogue
from .statement import Effect, Statement

_ALLOW = Effect.ALLOW
_OPEN: Final = frozenset("*?")
"""What a service that is written out does not hold. A pattern with a second colon takes nothing anyhow."""


def takes_fewer_than(enough: int, statements: Iterable[Statement]) -> bool:
    """Say whether the Allows among some statements certainly take fewer actions than that."""
    services: set[str] = set()
    for statement in statements:
        if statement.effect is _ALLOW:
            if statement.actions_excluded:
                return False
            last = ":"
            for text in statement.action_patterns:
                # Lists go service by service: most patterns begin as the one before does.
                if not text.startswith(last):
                    last = text.partition(":")[0] + ":"
                    services.add(last.lower())
    if not all(map(_OPEN.isdisjoint, services)):
        return False
    # One more for actions of which the catalogue does not know.
    return 1 + sum(catalogue().sizes.get(service[:-1], 0) for service in services) < enough
