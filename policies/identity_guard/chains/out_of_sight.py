"""Targets of which nothing but the name is known, and which could lead further."""

from collections.abc import Iterator
from typing import NamedTuple

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.document.statement import Effect as Says
from identity_guard.iam.text.wildcard import has_wildcard

from .closure import Chains
from .graph import ACTING, Graph, Position
from .organisation import Kind, Node
from .services import open_ways
from .sight import Form
from .taking.takes import Takes
from .ways import ASSUME, PASS, Effect, On, ways_on

_KINDS = {"user": On.USER, "role": On.ROLE, "group": On.GROUP}


class Unseen(NamedTuple):
    """Somebody who may do something to a target that is not in sight."""

    source: Node
    action: str
    arn: str


def out_of_sight(chains: Chains) -> Iterator[Unseen]:
    """Go through the targets that are named in full, are not in sight, and could make somebody more.

    Of who is strong already, or becomes so through what is in sight, nothing is asked.
    """
    graph = chains.graph
    for number, node in enumerate(graph.sight.nodes):
        if node.kind in ACTING and not graph.strength(number) and not chains.leads(number):
            yield from _of(graph, node)


def _of(graph: Graph, node: Node) -> Iterator[Unseen]:
    takes = graph.takes_of(Position(node, Form.AS_IT_IS))
    told: set[str] = set()
    for attachment in node.documents:
        for statement in attachment.statements:
            if statement.effect is not Says.ALLOW or statement.resources_excluded:
                continue
            for arn in statement.resource_patterns:
                on = _kind_of(arn)
                if on is None or arn in told or _is_seen(graph, node, on, arn):
                    continue
                if action := _leading(takes, on, arn, statement.actions.possible):
                    told.add(arn)
                    yield Unseen(node, action, arn)


def _kind_of(arn: str) -> On | None:
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[2] != "iam" or has_wildcard(arn) or "${" in arn:  # noqa: PLR2004 - the parts of an ARN
        return None
    return _KINDS.get(parts[5].partition("/")[0])


def _is_seen(graph: Graph, node: Node, on: On, arn: str) -> bool:
    names = graph.sight.every_role if on is On.ROLE else graph.sight.names(on, node.account)
    return bool(names.matching(arn))


def _leading(takes: Takes, on: On, arn: str, mentioned: int) -> str | None:
    """Return an action that is allowed on a target and would lead further if the target did."""
    for action in _leading_actions(takes, on):
        bit = catalogue().mask_of([action])
        if bit & mentioned and takes.powers.ask(arn, bit).certain:
            return action
    return None


def _leading_actions(takes: Takes, on: On) -> Iterator[str]:
    becoming = [way for way in ways_on(on) if way.effect is Effect.BECOMES]
    if on is On.GROUP and takes.powers.node.kind is Kind.USER:
        becoming = [way for way in ways_on(on) if way.effect is Effect.JOINS]
    yield from (way.actions[0] for way in becoming)
    if on is On.ROLE:
        yield ASSUME
        if any(each.certain for each in open_ways(takes.powers)):
            yield PASS
