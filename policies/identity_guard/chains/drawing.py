"""Boxes and arrows, whatever they stand for, as a Mermaid flowchart or a Graphviz graph (DOT)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Drawing:
    """A picture before it is written."""

    name: str
    """A word."""
    boxes: Mapping[str, tuple[str, ...]]
    """The lines of each box, by its id: a letter and digits."""
    arrows: tuple[tuple[str, str, str], ...]
    """From which box to which, and what stands at the arrow; it may be empty."""


def as_mermaid(drawing: Drawing) -> str:
    """Write a Mermaid flowchart."""
    lines = [f'  {box}["{_joined("<br>", text)}"]' for box, text in drawing.boxes.items()]
    lines += [
        f'  {one} -->|"{_plain(says)}"| {other}' if says else f"  {one} --> {other}"
        for one, other, says in drawing.arrows
    ]
    return "\n".join(["flowchart LR", *lines]) + "\n"


def as_dot(drawing: Drawing) -> str:
    """Write a Graphviz graph."""
    break_ = "\\n"
    lines = [f'  {box} [label="{_joined(break_, text)}"]' for box, text in drawing.boxes.items()]
    lines += [
        f'  {one} -> {other} [label="{_plain(says)}"]' if says else f"  {one} -> {other}"
        for one, other, says in drawing.arrows
    ]
    opening = [f"digraph {drawing.name} {{", "  rankdir=LR", "  node [shape=box]"]
    return "\n".join([*opening, *lines, "}"]) + "\n"


def _joined(break_: str, lines: Iterable[str]) -> str:
    return break_.join(map(_plain, lines))


def _plain(text: str) -> str:
    """Leave out what would end a label: names of IAM have none of it, names of people may."""
    return "".join(
        "'" if sign in '"`' else sign for sign in text if sign.isprintable() and sign not in "\\<>{}|"
    )
