"""A drawing as SVG: laid out so that nothing covers anything, and names are nothing but text."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest

from identity_guard.chains.drawing import Drawing
from identity_guard.chains.pictures import svg
from identity_guard.chains.svg import LINE, as_svg
from tests.chains.test_pictures import CASE, chains_of

SVG = "{http://www.w3.org/2000/svg}"


def read(text: str) -> ET.Element:
    """Parse a picture, which has to be well-formed."""
    return ET.fromstring(text)  # noqa: S314 - our own text


def texts(picture: ET.Element) -> list[str]:
    """Return every text that is shown."""
    return [each.text or "" for each in picture.iter(f"{SVG}text")]


def frames(picture: ET.Element) -> list[tuple[float, float, float, float]]:
    """Return left, top, right and bottom of each box."""
    found = [each.attrib for each in picture.iter(f"{SVG}rect") if "x" in each.attrib]
    sizes = [tuple(float(each[name]) for name in ("x", "y", "width", "height")) for each in found]
    return [(x, y, x + width, y + height) for x, y, width, height in sizes]


def drawn(*arrows: tuple[str, str], named: dict[str, str] | None = None) -> Drawing:
    """Draw boxes that are called as their ids."""
    boxes = dict.fromkeys(each for arrow in arrows for each in arrow)
    lines = {box: ((named or {}).get(box, box),) for box in boxes}
    return Drawing("chains", lines, tuple((one, other, "iam:PassRole") for one, other in arrows))


def test_chains_are_drawn_with_every_identity_and_every_call() -> None:
    """The same as the other two pictures say, without Graphviz or a forge at hand."""
    picture = read(svg(chains_of(CASE)))

    assert sorted(texts(picture)) == sorted(
        [
            *("role helper", "role helper", "with any policy", "root-level", "user ann"),
            *("iam:PutRolePolicy", "sts:AssumeRole"),
        ]
    )
    assert len(list(picture.iter(f"{SVG}path"))) == 1 + 2  # the head of the arrows, and the arrows


def test_who_is_reached_stands_to_the_right_and_no_box_covers_another() -> None:
    """Read from left to right, with the longest way to each box."""
    picture = read(as_svg(drawn(("a", "b"), ("b", "c"), ("a", "c"), ("d", "c"))))
    named = [text for text in texts(picture) if text in "abcd"]
    left = dict(zip(named, (frame[0] for frame in frames(picture)), strict=True))

    assert left["a"] == left["d"] < left["b"] < left["c"]
    for one, other in combinations(frames(picture), 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart


def test_circles_and_oneself_are_drawn_inside_the_picture() -> None:
    """Two who take each other over, and one who changes itself: a layout by longest ways would never end."""
    picture = read(as_svg(drawn(("a", "b"), ("b", "a"), ("c", "c"))))

    assert len(frames(picture)) == 3
    assert all(bottom < float(picture.attrib["height"]) for *_, bottom in frames(picture))
    assert texts(picture).count("iam:PassRole") == 3


def test_a_name_is_text_whatever_it_holds() -> None:
    """A directory's names come from people: markup would run in a browser, a sign turn the line round."""
    named = {
        "a": "<script>alert('x')</script> & \"b\"",
        "b": "\u05d3\u05e0\u05d4 \u202eadmin\u202c",
        "c": "]]> <!-- \x00\x07",
    }
    text = as_svg(drawn(("a", "b"), ("b", "c"), named=named))
    picture = read(text)

    assert "<script" not in text
    assert "\u202e" not in text
    assert {"<script>alert('x')</script> & \"b\"", "\u05d3\u05e0\u05d4 admin", "]]> <!-- "} <= {
        *texts(picture)
    }
    assert {each.tag.removeprefix(SVG) for each in picture.iter()} <= {
        *("svg", "title", "defs", "marker", "path", "rect", "text")
    }
    assert all("http" not in value for each in picture.iter() for value in each.attrib.values()), (
        "it asks nobody for anything"
    )


def test_wide_signs_have_room() -> None:
    """A name in Chinese is twice as wide as its number of letters."""
    wide, narrow = (
        frames(read(as_svg(Drawing("chains", {"a": (text,)}, ()))))[0]
        for text in ("\u8d75\u654f" * 6, "x" * 12)
    )

    assert wide[2] - wide[0] > 1.5 * (narrow[2] - narrow[0])


def test_many_boxes_in_a_line_are_no_recursion() -> None:
    """A chain of thousands is a poor picture, and no traceback."""
    names = [f"n{number}" for number in range(3_000)]
    picture = read(as_svg(drawn(*pairwise(names))))

    assert len(frames(picture)) == len(names)


def test_nothing_is_an_empty_picture() -> None:
    """Where nobody becomes anybody."""
    assert texts(read(as_svg(Drawing("chains", {}, ())))) == []


def test_a_box_holds_its_names() -> None:
    """A name that sticks out of its box is read as part of the arrow beside it."""
    (left, top, right, bottom), *_ = frames(read(as_svg(Drawing("chains", {"a": ("x" * 40,)}, ()))))
    (narrow, _, wide, _), *_ = frames(read(as_svg(Drawing("chains", {"a": ("x" * 41,)}, ()))))
    sign = (wide - narrow) - (right - left)

    assert right - left > 40 * sign > 0
    assert right - left - 40 * sign == pytest.approx(bottom - top - LINE), "as much room beside it as above"


def test_an_arrow_starts_and_ends_at_its_boxes_with_its_call_beside_the_first() -> None:
    """An arrow that ends elsewhere leads to nobody, and a call far from it belongs to another."""
    picture = read(as_svg(drawn(("a", "b"), ("a", "c"), ("b", "a"))))
    boxes = dict(zip([each for each in texts(picture) if each in "abc"], frames(picture), strict=True))
    paths = [each.attrib["d"] for each in picture.iter(f"{SVG}path") if "marker-end" in each.attrib]
    calls = [each.attrib for each in picture.iter(f"{SVG}text") if each.text == "iam:PassRole"]

    ends = [tuple(float(each) for each in re.findall(r"-?[0-9.]+", path)) for path in paths]
    forward = {(start, end) for *start_, _, _, _, _, x, y in ends for start, end in [(tuple(start_), (x, y))]}
    for target in "bc":
        assert ((boxes["a"][2], middle(boxes["a"])), (boxes[target][0], middle(boxes[target]))) in forward
    back = next(each for each in ends if each[-1] == boxes["a"][3])
    assert boxes["a"][0] < back[-2] < boxes["a"][2]
    assert back[:2] == (centre(boxes["b"]), boxes["b"][3])
    assert back[2] == centre(boxes["b"]), "it leaves its box straight down, not across others"
    assert all(0 < x < float(picture.attrib["width"]) for each in ends for x in each[::2])
    near = [abs(float(each["y"]) - middle(boxes["a"])) for each in calls[:2]]
    assert all(away < abs(middle(boxes["c"]) - middle(boxes["b"])) / 2 for away in near)


def middle(box: tuple[float, float, float, float]) -> float:
    """Return the height of the middle of a box."""
    return (box[1] + box[3]) / 2


def centre(box: tuple[float, float, float, float]) -> float:
    """Return how far to the right the middle of a box is."""
    return (box[0] + box[2]) / 2
