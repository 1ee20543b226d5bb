"""The route of calls that a service makes for whoever starts it."""

from typing import Final

from identity_guard.iam.catalogue.given_ways import ANY_CALL, Relay
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.linked_keys import CALLED_VIA, OTHER_RELAYS, VIA_SERVICE

RELAY: Final = "relay"
"""The dimension of the keys that say through which services a call came."""


def asks_for_route(grants: Grants) -> bool:
    """Say whether some statement tells calls that come through a service from others."""
    return any(RELAY in layered.by_dimension for layered in grants.statements)


def route_of(grants: Grants, relay: Relay) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the values that a call through a service carries."""
    return (VIA_SERVICE, ("true",)), ("aws:calledvia", _names_of(grants, relay.service))


def _names_of(grants: Grants, service: str) -> tuple[str, ...]:
    """Return the names that stand for a service in a chain; where none is asked for, one does for all."""
    asked = any(
        clause.key in CALLED_VIA
        for layered in grants.statements
        for clause in layered.by_dimension.get(RELAY, ())
    )
    return (service, *OTHER_RELAYS) if asked and service != ANY_CALL else (ANY_CALL,)
