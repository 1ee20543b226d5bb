"""What an identity takes through a service that makes any call for whoever starts it.

Source: IAM User Guide, reference_policies_condition-keys (aws:CalledVia, aws:ViaAWSService); which services
these are stands in the catalogue (`given_ways.py`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from identity_guard.chains.powers import Powers
from identity_guard.chains.services import Calls, Somewhere
from identity_guard.chains.steps import Proof
from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.given_ways import RELAYS, Relay
from identity_guard.iam.questions.relays import asks_for_route, route_of

from .take import Take

SOURCE = "IAM User Guide, reference_policies_condition-keys (aws:CalledVia, aws:ViaAWSService)"


def relayed(
    powers: Powers, direct: list[Take], takes_of: Callable[[Powers], Iterable[Take]]
) -> Iterator[Take]:
    """Yield what is within reach only through a service, after what is within reach directly."""
    if powers.route or not asks_for_route(powers.grants):
        return
    for relay in RELAYS:
        start = _started(powers, relay)
        if start is None:
            continue
        for take in takes_of(powers.through(route_of(powers.grants, relay))):
            sure = take.certain and start.certain
            near = union(each.nodes for each in direct if each.effect is take.effect and each.certain >= sure)
            if take.nodes & ~near:
                yield replace(
                    take,
                    nodes=take.nodes & ~near,
                    certain=sure,
                    way=f"{take.way} through {relay.service}",
                    does=f"has {relay.service} do what {take.does}",
                    reference=f"{SOURCE}; {take.reference}",
                    prove=partial(_proof, powers, start, take),
                )


def _started(powers: Powers, relay: Relay) -> Calls | None:
    """Return the call that starts a service; None where none is allowed."""
    besides = catalogue().mask_of(relay.besides)
    wanted = catalogue().mask_of(relay.starts) & powers.at_best
    if not wanted or besides & ~powers.at_best:
        return None
    somewhere = Somewhere(powers, wanted | besides)
    found = [
        calls
        for action in relay.starts
        if (bit := catalogue().mask_of([action]) & wanted)
        and (calls := somewhere.callable((*relay.besides, action), bit | besides))
    ]
    return max(found, key=lambda calls: calls.certain, default=None)


def _proof(powers: Powers, start: Calls, take: Take, number: int) -> Proof | None:
    """Return the call that starts the service, and what the service calls then."""
    first = (
        powers.prove_all([(action, place, ()) for action, place in start.on.items()]) if start.on else None
    )
    then = take.prove(number)
    return None if first is None or then is None else (*first, *then)
