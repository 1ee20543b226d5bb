"""The places where Cosmic Ray can change the evaluator and the rules a little, and a draw of some of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from cosmic_ray.ast import get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from tests.mutation.modules import part_of

LEAST: Final = 1
"""So many changes are drawn of every module that has any."""
#: One change for each kind of place: Cosmic Ray's others of the same kind are noticed by the same tests.
OPERATORS: Final = (
    *(
        f"core/ReplaceBinaryOperator_{pair}"
        for pair in ("Add_Sub", "Sub_Add", "Mul_Add", "FloorDiv_Mul", "Div_Mul")
    ),
    *(f"core/ReplaceBinaryOperator_{pair}" for pair in ("BitOr_BitAnd", "BitAnd_BitOr", "BitXor_BitOr")),
    *(f"core/ReplaceBinaryOperator_{pair}" for pair in ("LShift_RShift", "RShift_LShift")),
    *(f"core/ReplaceComparisonOperator_{pair}" for pair in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is")),
    *(
        f"core/ReplaceComparisonOperator_{pair}"
        for pair in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_GtE")
    ),
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceUnaryOperator_Delete_Invert",
    "core/AddNot",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/NumberReplacer",
    "core/ExceptionReplacer",
    "core/ZeroIterationForLoop",
)
#: Arguments of `dataclass` that forbid what nobody does, and so decide nothing.
DECIDE_NOTHING: Final = {"frozen", "slots"}


@dataclass(frozen=True)
class Mutant:
    """One change."""

    module: str
    function: str
    """Its name with those around it; empty at the top of the module."""
    line: int
    first_line: int
    """Where the function begins, its decorators included; 0 at the top of the module."""
    operator: str
    occurrence: int

    @property
    def part(self) -> str:
        """Which of the parts it is in."""
        return part_of(self.module)

    def source(self, before: str) -> str:
        """Make the change."""
        return str(mutate_code(before, get_operator(self.operator)(), self.occurrence) or before)


def change(before: str, after: str) -> str:
    """Show the line that differs."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return next((f"{old.strip()}  =>  {new.strip()}" for old, new in pairs if old != new), "")


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """Yield every change of a module that could be noticed."""
    nodes = list(_nodes(get_ast(source)))
    for name in OPERATORS:
        operator = get_operator(name)()
        occurrence = 0
        for node in nodes:
            for position in operator.mutation_positions(node):
                if not _decides_nothing(node):
                    function, first = _function(node)
                    yield Mutant(module, function, position[0][0], first, name, occurrence)
                occurrence += 1


def _nodes(node: Any) -> Iterator[Any]:  # noqa: ANN401 - a node of parso, which has no types
    yield node
    for child in getattr(node, "children", ()):
        yield from _nodes(child)


def _around(node: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - nodes of parso
    """Yield each pair of a node and what it stands in, inside first."""
    while node.parent is not None:
        yield node, node.parent
        node = node.parent


def _decides_nothing(node: Any) -> bool:  # noqa: ANN401 - a node of parso
    """Recognise annotations, and what only forbids to change a dataclass."""
    for inner, outer in _around(node):
        place = outer.children.index(inner)
        before = outer.children[place - 1] if place else None
        if outer.type in {"annassign", "tfpdef"} and before == ":":
            return True
        if outer.type == "funcdef" and before == "->":
            return True
        if outer.type == "argument" and before == "=" and outer.children[0].value in DECIDE_NOTHING:
            return True
    return False


def _function(node: Any) -> tuple[str, int]:  # noqa: ANN401 - a node of parso
    names = []
    first = 0
    for inner, outer in _around(node):
        if outer.type not in {"funcdef", "classdef"} or inner.type != "suite":
            continue
        names.append(outer.name.value)
        if outer.type == "funcdef":
            decorated = outer.parent if outer.parent.type == "decorated" else outer
            first = decorated.start_pos[0]
    return ".".join(reversed(names)), first


def draw(every: dict[str, list[Mutant]], seed: int, count: int) -> list[Mutant]:
    """Draw from each module by its share."""
    total = sum(map(len, every.values()))
    source = random.Random(seed)  # noqa: S311 - a repeatable source is the point
    drawn = []
    for found in every.values():
        drawn += source.sample(found, min(len(found), max(LEAST, round(count * len(found) / total))))
    source.shuffle(drawn)
    return drawn
