"""`identity-center graph`: a picture in which each path is access that somebody has, and no other."""

import re

import pytest
import yaml

from tests.cli.report.test_report import ACCOUNT, model, person
from tests.support.command import Command, Recorded

OTHER = "555555555555"
ARROW = re.compile(r"  (n\d+) -->(?:\|.*\|)? (n\d+)")
BOX = re.compile(r'  (n\d+)\["(.*)"\]')


@pytest.fixture
def folder(command: Command) -> str:
    """Write a model in which two groups have the same set in different accounts."""
    access = model()
    access["groups"]["others"] = {"displayName": "Others", "members": ["bob"]}
    access["assignments"] = [
        {"group": "readers", "permissionSets": ["s4"], "accounts": [ACCOUNT]},
        {"group": "others", "permissionSets": ["s4"], "accounts": [OTHER]},
        {"user": "ada", "permissionSets": ["s0"], "accounts": [OTHER]},
    ]
    return command.write("access/model.yaml", yaml.safe_dump(access)).rpartition("/")[0]


def paths(text: str) -> set[tuple[str, ...]]:
    """Return every path of a flowchart from a box that nothing leads to, by the boxes' texts."""
    boxes = dict(BOX.findall(text))
    arrows = ARROW.findall(text)
    starts = set(boxes) - {target for _, target in arrows}

    def onward(box: str) -> list[tuple[str, ...]]:
        rest = [path for source, target in arrows if source == box for path in onward(target)]
        return [(boxes[box], *path) for path in rest] or [(boxes[box],)]

    return {path for start in starts for path in onward(start)}


def test_each_path_is_access_and_no_other_is_drawn(command: Command, folder: str) -> None:
    """A box that two groups share would lead each of them to the other's accounts."""
    assert paths(command("graph", "--model", folder).output) == {
        ("Ada Lovelace", "group Readers", "S4<br>reads", ACCOUNT),
        ("Bob Berg", "group Readers", "S4<br>reads", ACCOUNT),
        ("Bob Berg", "group Others", "S4<br>reads", OTHER),
        ("Ada Lovelace", "S0<br>root-level", OTHER),
    }


@pytest.mark.parametrize(
    ("asked", "people", "ends"),
    [
        (("--who", "ADA"), {"Ada Lovelace"}, {ACCOUNT, OTHER}),
        (("--account", ACCOUNT), {"Ada Lovelace", "Bob Berg"}, {ACCOUNT}),
        (("--set", "S0"), {"Ada Lovelace"}, {OTHER}),
        (("--who", "Bob Berg", "--account", OTHER), {"Bob Berg"}, {OTHER}),
    ],
)
def test_a_part_is_drawn_for_who_asks_for_it(
    command: Command, folder: str, asked: tuple[str, ...], people: set[str], ends: set[str]
) -> None:
    """The picture of everything is looked at by nobody."""
    found = paths(command("graph", "--model", folder, *asked).output)

    assert {path[0] for path in found} == people
    assert {path[-1] for path in found} == ends


def test_an_unknown_name_is_told_with_the_nearest(command: Command, folder: str) -> None:
    """An empty picture would say that somebody has nothing."""
    ended = command("graph", "--model", folder, "--who", "adda")

    assert ended.status == 2
    assert "no person is called `adda`; did you mean `ada`?" in ended.errors
    assert ended.output == ""


def test_many_people_and_accounts_are_drawn_as_their_number(command: Command) -> None:
    """Five hundred boxes are no picture."""
    access = model()
    names = [f"P{number} Q" for number in range(20)]
    access["users"] = {f"p{number}": person(name) for number, name in enumerate(names)}
    access["groups"]["readers"]["members"] = sorted(access["users"])
    accounts = [f"{number:012}" for number in range(100000000001, 100000000013)]
    access["assignments"] = [{"group": "readers", "permissionSets": ["s4"], "accounts": accounts}]
    command.write("access/model.yaml", yaml.safe_dump(access))

    every = paths(command("graph", "--model", "access").output)
    one = paths(command("graph", "--model", "access", "--who", "p3").output)

    assert every == {("20 people", "group Readers", "S4<br>reads", "12 accounts")}
    assert len(one) == 12
    assert {path[0] for path in one} == {"P3 Q"}


def test_names_end_no_label(command: Command) -> None:
    """A name with a quote would be syntax, and one with a tag would be markup in a wiki."""
    access = model()
    access["users"]["ada"]["displayName"] = 'Ada"] --> n9["<b>x</b>'
    command.write("access/model.yaml", yaml.safe_dump(access))

    text = command("graph", "--model", "access").output
    dot = command("graph", "--model", "access", "--format", "dot").output

    assert "<b>" not in text
    assert all(BOX.fullmatch(line) or ARROW.fullmatch(line) for line in text.splitlines()[1:])
    assert '"]' not in dot.replace('"]\n', "")


def test_a_state_is_drawn_for_graphviz(command: Command, readers: Recorded) -> None:
    """An auditor has an export and `dot`."""
    state = command.write("state.json", readers.state())

    text = command("graph", "--state", state, "--format", "dot").output

    assert text.startswith("digraph access {\n  rankdir=LR\n")
    assert 'label="group Developers"' in text
    assert text.endswith("}\n")


def test_a_picture_without_graphviz(command: Command, folder: str) -> None:
    """The same boxes as the flowchart has, as SVG: whoever reviews access need not install anything."""
    flowchart = command("graph", "--model", folder).output
    picture = command("graph", "--model", folder, "--format", "svg").output

    boxes = [text.split("<br>") for _, text in BOX.findall(flowchart)]
    assert picture.startswith("<svg ")
    assert {line for lines in boxes for line in lines} == set(
        re.findall(r"<text [^>]*>([^<]*)</text>", picture)
    )
