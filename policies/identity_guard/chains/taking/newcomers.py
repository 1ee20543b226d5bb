"""Identities that are not there yet: users and roles, groups and their members, permission sets."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product

from identity_guard.chains.powers import Powers
from identity_guard.chains.services import Somewhere
from identity_guard.chains.sight import Sight
from identity_guard.chains.steps import Proof
from identity_guard.chains.tried_values import Call
from identity_guard.chains.ways import Effect, On
from identity_guard.iam.catalogue.actions import catalogue, union

from .making import MAKINGS, NEW_GROUP, NEW_MEMBER, NEW_SET, Made, made
from .take import Take


def made_anew(powers: Powers, sight: Sight, *, governs: bool) -> Iterator[Take]:
    """Yield whom somebody makes and is, and users who are written through a group that somebody makes."""
    account = powers.node.account
    for making in MAKINGS:
        found = made(powers, making, sight.names(making.on, account))
        nodes = sight.new.get(account, 0)
        if found and nodes:
            prove = partial(_proof, powers, found.calls)
            yield Take(Effect.MAKES, nodes, found.certain, making.way, "makes", making.source, prove)
    users = sight.names(On.USER, account).all
    group = made(powers, NEW_GROUP, sight.names(On.GROUP, account)) if users else None
    if group:
        prove = partial(_proof, powers, group.calls)
        does, source = "adds to a new group", NEW_GROUP.source
        yield Take(Effect.WRITES, users, group.certain, NEW_GROUP.way, does, source, prove)
    yield from _new_set(powers, sight, governs=governs)


def _new_set(powers: Powers, sight: Sight, *, governs: bool) -> Iterator[Take]:
    """Yield what stands for the role of a new permission set in each account, where sets are in sight at all.

    Where none is, nothing shows that there is an Identity Center which the account governs.
    """
    nodes = union(sight.new.values()) if sight.permission_sets else 0
    if not nodes or not catalogue().mask_of(NEW_SET.calls[0]) & powers.at_best:
        return
    for actions in product(*NEW_SET.calls):
        mask = catalogue().mask_of(actions)
        calls = Somewhere(powers, mask).callable(actions, mask) if not mask & ~powers.at_best else None
        if calls is not None:
            sure = calls.certain and governs and not powers.doubtful
            prove = partial(_proof, powers, tuple((action, place, ()) for action, place in calls.on.items()))
            yield Take(Effect.MAKES, nodes, sure, NEW_SET.way, "makes", NEW_SET.source, prove)


def new_members(powers: Powers, sight: Sight, joining: Iterable[Take]) -> Iterator[Take]:
    """Yield the groups that a user is added to who is not there yet."""
    account = powers.node.account
    if not sight.names(On.GROUP, account).all:
        return
    member = made(powers, NEW_MEMBER, sight.names(On.USER, account))
    if member:
        for take in joining:
            yield replace(
                take,
                effect=Effect.BECOMES,
                certain=take.certain and member.certain,
                way=NEW_MEMBER.way,
                does="makes a user who joins",
                reference=NEW_MEMBER.source,
                prove=partial(_joined, powers, member, take),
            )


def _joined(powers: Powers, member: Made, joining: Take, number: int) -> Proof | None:
    first, then = powers.prove_all(member.calls), joining.prove(number)
    return None if first is None or then is None else (*first, *then)


def _proof(powers: Powers, calls: tuple[Call, ...], _: int) -> Proof | None:
    return powers.prove_all(calls) if calls else None
