"""Chains as pictures."""

from typing import Final

from identity_guard.chains import Chain, Chains, Graph
from identity_guard.chains.pictures import dot, mermaid
from tests.chains.labs import NOW, labs

CASE: Final = "role that changes itself"


def chains_of(name: str) -> list[Chain]:
    """Return the chains of a case."""
    lab = next(each for each in labs() if each.name == name)
    chains = Chains(Graph(lab.organisation(), NOW))
    return [chain for node in chains.sources() if (chain := chains.of(node))]


def test_a_flowchart_has_a_box_for_each_identity_and_an_arrow_for_each_step() -> None:
    """Two chains that share a step are one picture, in which that step stands once."""
    assert mermaid(chains_of(CASE)).splitlines() == [
        "flowchart LR",
        '  n0["role helper"]',
        '  n1["role helper<br>with any policy<br>root-level"]',
        '  n2["user ann"]',
        '  n0 -->|"iam:PutRolePolicy"| n1',
        '  n2 -->|"sts:AssumeRole"| n0',
    ]


def test_a_graph_for_graphviz_says_the_same() -> None:
    """For whoever draws with `dot -Tsvg`."""
    assert dot(chains_of(CASE)).splitlines() == [
        "digraph chains {",
        "  rankdir=LR",
        "  node [shape=box]",
        '  n0 [label="role helper"]',
        '  n1 [label="role helper\\nwith any policy\\nroot-level"]',
        '  n2 [label="user ann"]',
        '  n0 -> n1 [label="iam:PutRolePolicy"]',
        '  n2 -> n0 [label="sts:AssumeRole"]',
        "}",
    ]


def test_a_picture_of_nothing_is_empty() -> None:
    """Nobody becomes anybody."""
    assert mermaid([]) == "flowchart LR\n"
    assert dot([]).splitlines()[-1] == "}"
