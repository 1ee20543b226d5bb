"""The chains of published labs, written anew with neutral names: each is found, and nothing beside them."""

from collections.abc import Iterator
from typing import Final

import pytest

from identity_guard.chains import Chains, Graph, Node
from identity_guard.chains.graph import Position
from identity_guard.chains.names import numbers_in
from identity_guard.chains.organisation import Layers
from identity_guard.chains.steps import Edge
from identity_guard.iam import Request, judge_trust, may
from identity_guard.iam.questions.proof import Witness
from tests.chains.labs import NOW, Lab, labs

LABS: Final = labs()
EACH = pytest.mark.parametrize("lab", LABS, ids=[lab.name.replace(" ", "-") for lab in LABS])


def test_there_are_as_many_labs_as_promised() -> None:
    """The table only grows: each case names the lab that it is of, or the page of AWS that it turns on."""
    assert len(LABS) >= 147
    assert len({lab.name for lab in LABS}) == len(LABS)
    assert all(lab.source for lab in LABS)


@EACH
@pytest.mark.parametrize("beyond", [True, False], ids=["all steps", "none of the strong"])
def test_everybody_who_becomes_an_administrator_is_found_with_the_calls_and_nobody_else(
    lab: Lab, *, beyond: bool
) -> None:
    """One chain missed is an administrator nobody knows of; one too many, and the rule is switched off."""
    chains = Chains(Graph(lab.organisation(), NOW, beyond_the_strong=beyond))
    found = {
        node.name: [step.told for step in chain.steps]
        for node in chains.sources()
        if (chain := chains.of(node)) and not chains.graph.strength(chains.graph.number_of(node))
    }

    assert found == lab.chains
    assert not chains.undecided()


def certain_steps(graph: Graph) -> Iterator[tuple[Edge, Position, int]]:
    """Go through every step of a graph that is certain, one target after another."""
    for edge in graph.edges:
        if edge.certain and edge.way != "given":
            source = graph.position(edge.source)
            yield from ((edge, source, target) for target in numbers_in(edge.targets))


@EACH
def test_every_step_is_proved_by_calls_that_the_slow_evaluator_allows(lab: Lab) -> None:
    """Edges are found for many at once; each has to hold for one identity and one target by itself."""
    graph = Graph(lab.organisation(), NOW)
    nodes = {node.arn: node for node in graph.sight.nodes}
    for edge, source, target in certain_steps(graph):
        calls = edge.prove(target)
        assert calls, (edge.way, source.node.label)
        for call in calls:
            caller = nodes.get(str(call.context.get("aws:PrincipalArn")), source.node)
            layers = source.layers if caller is source.node else caller.layers
            assert is_allowed(caller, layers, call, nodes.get(call.resource)), (str(call), caller.label)


def is_allowed(source: Node, layers: Layers, call: Witness, target: Node | None) -> bool:
    """Decide one call by the documents as they are written, with who calls in its context."""
    request = Request(call.action, call.resource, call.context)
    if call.action == "sts:AssumeRole" and is_named(source, target):
        return True
    own, *limits = layers
    return bool(may(own, request, None, limits).allowed)


def is_named(source: Node, target: Node | None) -> bool:
    """Say whether a role's trust policy names somebody of its own account, or everybody."""
    assert target is not None
    assert target.trust is not None
    names = {trusted.name for trusted in judge_trust(target.trust, NOW).trusted_principals}
    session = f"arn:aws:sts::{source.account}:assumed-role/{source.name}/"
    is_one = {source.arn, "*"} & names or any(name.startswith(session) for name in names)
    return bool(is_one) and source.account == target.account
