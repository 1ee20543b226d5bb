"""A drawing as SVG, laid out from left to right: whoever is reached stands to the right of who reaches it.

Each box has the column behind the last of those that lead to it; an arrow that would close a circle goes back
below the boxes. It is meant for pictures that a person can look at, of some dozens of boxes; the text of
every box and arrow is text in the file, so that it can be searched and read aloud.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final
from unicodedata import east_asian_width

from .drawing import Drawing

SIGN: Final = 7.2
"""How wide a sign of the monospaced text is, in pixels at FONT; wide ones of East Asia take two."""
FONT: Final = 12
LINE: Final = 16
INSIDE: Final = 10
"""Between a box and its text."""
BETWEEN: Final = 28
"""Between boxes of a column, and around the picture."""
LEAST_GAP: Final = 60
"""Between columns, where no text stands at an arrow."""

Arrow = tuple[str, str, str]


@dataclass(frozen=True)
class _Box:
    """Where a box is."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width


def as_svg(drawing: Drawing) -> str:
    """Write an SVG picture that needs nothing from elsewhere: no script, no font, no style sheet."""
    columns = _columns(drawing)
    boxes = _placed(drawing, columns)
    width = max((box.right for box in boxes.values()), default=0) + BETWEEN
    below = max((box.y + box.height for box in boxes.values()), default=0) + BETWEEN
    arrows = [_arrow(boxes, arrow, below) for arrow in drawing.arrows]
    lines_of_arrows, told = [line for line, _ in arrows], [text for _, text in arrows if text]
    back = any(boxes[other].x <= boxes[one].x for one, other, _ in drawing.arrows)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width:.0f}" '
        f'height="{below + (2 * BETWEEN if back else 0):.0f}" font-family="monospace" font-size="{FONT}">'
    )
    head = '<marker id="head" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto">'
    lines = [
        opening,
        f"<title>{_text(drawing.name)}</title>",
        f'<defs>{head}<path d="M0,0 L8,4 L0,8 z" fill="#555"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#fff"/>',
        *lines_of_arrows,
        *map(_box, boxes.values()),
        # After every line, so that none goes through a word.
        *told,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _columns(drawing: Drawing) -> dict[str, int]:
    """Give each box a column: one more than the last of those that lead to it, circles cut open."""
    following: dict[str, list[str]] = {box: [] for box in drawing.boxes}
    for one, other, _ in drawing.arrows:
        following[one].append(other)
    left = _in_order(following)
    place = {box: number for number, box in enumerate(left)}
    found = dict.fromkeys(drawing.boxes, 0)
    for box in reversed(left):
        for other in following[box]:
            # An arrow to a box that is left later would close a circle.
            if place[other] < place[box]:
                found[other] = max(found[other], found[box] + 1)
    return found


def _in_order(following: Mapping[str, list[str]]) -> list[str]:
    """Return the boxes in the order in which a search leaves them: each behind all that it leads to."""
    left: list[str] = []
    entered: set[str] = set()
    for start in following:
        waiting = [] if start in entered else [(start, iter(following[start]))]
        entered.add(start)
        while waiting:
            box, others = waiting[-1]
            new = next((each for each in others if each not in entered), None)
            if new is None:
                left.append(box)
                waiting.pop()
            else:
                entered.add(new)
                waiting.append((new, iter(following[new])))
    return left


def _placed(drawing: Drawing, columns: Mapping[str, int]) -> dict[str, _Box]:
    """Lay the boxes of each column below each other, and leave room for the text at the arrows."""
    found: dict[str, _Box] = {}
    came_from: dict[str, list[str]] = {}
    for one, other, _ in drawing.arrows:
        came_from.setdefault(other, []).append(one)
    x: float = BETWEEN
    for column in range(max(columns.values(), default=-1) + 1):
        here = sorted(
            (box for box in drawing.boxes if columns[box] == column),
            key=lambda box: _height(box, came_from, found),
        )
        width = max(_width(line) for box in here for line in drawing.boxes[box]) + 2 * INSIDE
        y: float = BETWEEN
        for box in here:
            lines = drawing.boxes[box]
            height = len(lines) * LINE + 2 * INSIDE
            found[box] = _Box(x, y, width, height, lines)
            y += height + BETWEEN
        told = (_width(says) for one, _, says in drawing.arrows if columns[one] == column)
        x += width + max(LEAST_GAP, max(told, default=0) + 2 * INSIDE)
    return found


def _height(box: str, came_from: Mapping[str, list[str]], placed: Mapping[str, _Box]) -> float:
    """Return about where those are that lead to a box, so that few arrows cross."""
    before = [placed[each].middle for each in came_from.get(box, ()) if each in placed]
    return sum(before) / len(before) if before else 0


def _width(text: str) -> float:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text) * SIGN


def _box(box: _Box) -> str:
    """Write a box with its lines, each in the middle."""
    middle = box.x + box.width / 2
    lines = [
        f'<text x="{middle:.1f}" y="{box.y + INSIDE + (n + 0.75) * LINE:.1f}" text-anchor="middle" '
        f'unicode-bidi="isolate">{_text(line)}</text>'
        for n, line in enumerate(box.lines)
    ]
    frame = (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="4" '
        'fill="#f4f6f8" stroke="#555"/>'
    )
    return "\n".join([frame, *lines])


def _arrow(boxes: Mapping[str, _Box], arrow: Arrow, below: float) -> tuple[str, str]:
    """Write the line of an arrow, to the right or back below all boxes, and its text."""
    one, other, says = boxes[arrow[0]], boxes[arrow[1]], arrow[2]
    if other.x > one.x:
        half = (one.right + other.x) / 2
        path = (
            f"M{one.right:.1f},{one.middle:.1f} C{half:.1f},{one.middle:.1f} {half:.1f},{other.middle:.1f} "
            f"{other.x:.1f},{other.middle:.1f}"
        )
        # Beside the box that it leaves, where other arrows of its column do not come by.
        x, y = one.right + INSIDE, one.middle - 4 + (other.middle - one.middle) * 0.1
    else:
        path = (
            f"M{one.x + one.width / 2:.1f},{one.y + one.height:.1f} "
            f"C{one.x + one.width / 2:.1f},{below + BETWEEN:.1f} {other.x + 12:.1f},{below + BETWEEN:.1f} "
            f"{other.x + 12:.1f},{other.y + other.height:.1f}"
        )
        x, y = (one.x + other.x) / 2, below + BETWEEN
    line = f'<path d="{path}" fill="none" stroke="#555" marker-end="url(#head)"/>'
    halo = 'fill="#333" stroke="#fff" stroke-width="4" paint-order="stroke"'
    told = f'<text x="{x:.1f}" y="{y:.1f}" unicode-bidi="isolate" {halo}>{_text(says)}</text>'
    return line, told if says else ""


def _text(text: str) -> str:
    """Write a text so that it is only text; what turns the direction of others, or cannot be seen, goes."""
    return escape("".join(sign for sign in text if sign.isprintable()))
