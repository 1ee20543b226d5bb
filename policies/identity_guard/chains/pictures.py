"""Chains as pictures: a Mermaid flowchart, a Graphviz graph (DOT), or SVG."""

from collections.abc import Iterable, Iterator
from typing import Final

from .closure import Chain
from .drawing import Drawing, as_dot, as_mermaid
from .organisation import Node
from .sight import Form
from .steps import Step
from .svg import as_svg

CHANGED: Final[dict[Form, str]] = {
    Form.WRITTEN: "with any policy",
    Form.UNBOUND: "without its boundary",
    Form.UNDENIED: "without its Denies",
}
"""What is said of an identity that somebody changed."""


def changed(form: Form) -> str:
    """Say what somebody made of an identity."""
    return " and ".join(told for change, told in CHANGED.items() if form & change)


class _Places:
    """The boxes of a picture: each identity in each form has one."""

    def __init__(self, chains: Iterable[Chain]) -> None:
        self.boxes: dict[tuple[Node, Form], str] = {}
        self.strengths: dict[str, str] = {}
        self.arrows: dict[tuple[str, str, str], None] = {}
        for chain in chains:
            last = [self._arrow(chain.steps, number) for number in range(len(chain.steps))][-1]
            if chain.strength:
                self.strengths[last] = chain.strength

    def _arrow(self, steps: tuple[Step, ...], number: int) -> str:
        step = steps[number]
        form = steps[number - 1].form if number else Form.AS_IT_IS
        source, target = self._box(step.source, form), self._box(step.target, step.form)
        says = " + ".join(dict.fromkeys(call.action for call in step.calls)) or step.does
        self.arrows[source, target, says] = None
        return target

    def _box(self, node: Node, form: Form) -> str:
        return self.boxes.setdefault((node, form), f"n{len(self.boxes)}")

    def named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each box with its lines."""
        for (node, form), box in self.boxes.items():
            lines = (node.label.replace("`", ""), changed(form), self.strengths.get(box, ""))
            yield box, tuple(line for line in lines if line)


def mermaid(chains: Iterable[Chain]) -> str:
    """Write a Mermaid flowchart."""
    return as_mermaid(_drawing(chains))


def dot(chains: Iterable[Chain]) -> str:
    """Write a Graphviz graph."""
    return as_dot(_drawing(chains))


def svg(chains: Iterable[Chain]) -> str:
    """Write an SVG picture."""
    return as_svg(_drawing(chains))


def _drawing(chains: Iterable[Chain]) -> Drawing:
    places = _Places(chains)
    return Drawing("chains", dict(places.named()), tuple(places.arrows))
