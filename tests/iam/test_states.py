"""The states of the world that rules tell apart, and which of them a question looks at."""

from typing import Any

import pytest

from identity_guard.iam import attach
from identity_guard.iam.catalogue.arn_shapes import Own
from identity_guard.iam.evaluate.context_state import UNTRIED, ContextState, Setting
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.statements import LayeredStatement
from identity_guard.iam.evaluate.worlds import MOST_WORLDS, Assumptions, Space

Json = dict[str, Any]
TEAM, REGION = "aws:principaltag/team", "aws:requestedregion"


def space_of(*conditions: Json, effects: str = "") -> tuple[Space, list[LayeredStatement]]:
    """Return the states that statements of these conditions tell apart, and their rules."""
    statements = [
        {
            "Effect": "Deny" if effects[number : number + 1] == "d" else "Allow",
            "Action": "*",
            "Resource": "*",
            "Condition": condition,
        }
        for number, condition in enumerate(conditions)
    ]
    document = attach({"Version": "2012-10-17", "Statement": statements})
    found = Grants([[document]], Setting(Own(), 1_795_000_000.0))
    return found.space, found.statements


def tagged(operator: str, *values: str) -> Json:
    """Return a condition on the team of the caller."""
    return {operator: {"aws:PrincipalTag/team": list(values)}}


def test_so_many_combinations_are_gone_through_and_no_more() -> None:
    """Twelve keys of two states are as many as there is time for."""

    def worlds(number: int) -> list[dict[str, int]] | None:
        keys = [f"aws:resourcetag/{each}" for each in range(number)]
        space, rules = space_of({"StringEquals": dict.fromkeys(keys, "x")})
        found = space.worlds(rules, Assumptions(values=tuple((key, (None, "x")) for key in keys)))
        return None if found is None else list(found)

    most = worlds(12)

    assert most is not None
    assert len(most) == MOST_WORLDS
    assert worlds(13) is None


def test_what_no_rule_tells_apart_is_one_state() -> None:
    """Thirty Regions that are no different for any statement are looked at once."""
    space, (rule,) = space_of({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})
    regions = [cell.values[0][1] for cell in space.dimension("region").context_states]

    assert ("eu-west-1",) in regions
    assert len(regions) == 3
    assert [space.holds(rule, {"region": place}) for place in range(3)].count(True) == 1


@pytest.mark.parametrize(
    ("condition", "can", "must"),
    [
        (tagged("StringEquals", "blue"), True, False),
        (tagged("StringNotEquals", "blue"), True, False),
        (tagged("StringLikeIfExists", "*"), True, True),
        ({"StringEquals": {"nosuch:Key": "x"}}, False, False),
        ({"StringNotEquals": {"nosuch:Key": "x"}}, True, True),
        ({"NumericLessThan": {"aws:EpochTime": "soon"}}, True, False),
        ({**tagged("StringEquals", "blue"), "Null": {"nosuch:Key": "false"}}, False, False),
        ({**tagged("StringLikeIfExists", "*"), "Null": {"nosuch:Key": "true"}}, True, True),
    ],
    ids=str,
)
def test_what_can_hold_and_what_must(condition: Json, *, can: bool, must: bool) -> None:
    """A condition without meaning can hold, and need not."""
    space, (rule,) = space_of(condition)

    assert (space.can_hold(rule, Assumptions()), space.must_hold(rule, Assumptions())) == (can, must)


@pytest.mark.parametrize(
    ("welcome", "opposed", "expected"),
    [
        ([], [], {"team": None}),
        ([tagged("StringEquals", "red")], [], {"team": "red"}),
        ([], [tagged("StringEquals", "red")], {"team": None}),
        ([], [tagged("Null", "true")], {"team": "red"}),
        ([tagged("StringEquals", "red")], [tagged("StringEquals", "red")], {"team": None}),
        ([tagged("StringEquals", "red")], [tagged("StringEquals", "blue")], {"team": "red"}),
    ],
    ids=str,
)
def test_the_first_state_tried_is_one_that_most_speaks_for(
    welcome: list[Json], opposed: list[Json], expected: Json
) -> None:
    """A good guess spares going through thousands; where nothing speaks for one, it is an ordinary one."""
    wished = tagged("StringNotEquals", "blue")
    if opposed and "Null" in opposed[0]:
        opposed = [{"Null": {"aws:PrincipalTag/team": "true"}}, tagged("StringEquals", "other-value-0x7")]
        welcome = [tagged("StringEquals", "red")]
    space, rules = space_of(wished, *welcome, *opposed)
    split = 1 + len(welcome)
    world = space.likeliest(rules[0], rules[1:split], rules[split:], Assumptions())

    assert world is not None
    assert space.holds(rules[0], world) is True
    (cell,) = space.context_states_of(world)
    values = dict(cell.values)[TEAM]
    assert (values and values[0]) == expected["team"]


def test_no_state_is_tried_where_the_rule_cannot_hold() -> None:
    """Whatever else is welcome."""
    space, rules = space_of({"StringEquals": {"nosuch:Key": "x"}}, tagged("StringEquals", "red"))

    assert space.likeliest(rules[0], rules[1:], [], Assumptions()) is None
    assert space.likeliest(rules[1], [], rules[:1], Assumptions(values=((TEAM, (None,)),))) is None


ABSENT = ContextState(((TEAM, None),))
RED = ContextState(((TEAM, ("red",)),))
BOTH = ContextState(((TEAM, ("red", "blue")),))
RARE = ContextState(((TEAM, ("red",)),), ordinary=False)
SECOND = ContextState(((TEAM, ("red",)),), mode=1)
OF_OTHERS = ContextState(((TEAM, None),), carrying_actions=1)


@pytest.mark.parametrize(
    ("assumptions", "cell", "expected"),
    [
        (Assumptions(), RARE, True),
        (Assumptions(ordinary=True), RARE, False),
        (Assumptions(ordinary=True), RED, True),
        (Assumptions(mode=((TEAM, 1),)), RED, False),
        (Assumptions(mode=((TEAM, 1),)), SECOND, True),
        (Assumptions(mode=(("region", 1),)), RED, True),
        (Assumptions(mode=(("region", 1), (TEAM, 1))), RED, False),
        (Assumptions(values=((TEAM, ("red",)),)), RED, True),
        (Assumptions(values=((TEAM, ("blue",)),)), RED, False),
        (Assumptions(values=((TEAM, ("red",)),)), ABSENT, False),
        (Assumptions(values=((TEAM, (None,)),)), ABSENT, True),
        (Assumptions(values=((TEAM, (None,)),)), RED, False),
        (Assumptions(values=((TEAM, (None, "red")),)), RED, True),
        (Assumptions(values=((TEAM, ("red",)),)), BOTH, False),
        (Assumptions(values=((TEAM, ("red", "blue")),)), BOTH, True),
        (Assumptions(values=((TEAM, ("red",)),)), OF_OTHERS, True),
        (Assumptions(values=((REGION, ("eu-west-1",)),)), RED, True),
        (Assumptions(values=((REGION, ("eu-west-1",)), (TEAM, ("blue",)))), RED, False),
    ],
    ids=str,
)
def test_which_states_a_question_looks_at(
    assumptions: Assumptions, cell: ContextState, *, expected: bool
) -> None:
    """A key that is pinned has one of those values; a call that cannot carry it counts all the same."""
    assert assumptions.admits(TEAM, cell) is expected


def test_values_beyond_those_tried_are_owned_up_to() -> None:
    """Of fifty tags the last two are not tried."""
    few, _ = space_of(tagged("StringEquals", *(f"t{number}" for number in range(48))))
    many, rules = space_of(
        tagged("StringEquals", *(f"t{number}" for number in range(49))), {"Null": {TEAM: "true"}}
    )
    untried = [
        place
        for place, cell in enumerate(many.dimension(TEAM).context_states)
        if cell.values[0][1] is UNTRIED
    ]

    assert all(cell.values[0][1] is not UNTRIED for cell in few.dimension(TEAM).context_states)
    assert [many.truths(rule, TEAM)[untried[0]] for rule in rules] == [None, False]
