"""Keys that a request carries several values of: which lists of them are looked at, which left open."""

from itertools import combinations
from random import Random
from string import ascii_lowercase

import pytest

from identity_guard.iam import Answer, Request, attach, may
from identity_guard.iam.catalogue.arn_shapes import Own
from identity_guard.iam.document.condition import read_condition
from identity_guard.iam.evaluate.context_space import cut
from identity_guard.iam.evaluate.context_state import (
    MOST_LISTS,
    MOST_VALUES,
    UNTRIED,
    Setting,
    representatives,
)
from tests.iam.statements import NOW, Json, allow, deny, verdict

ATTACH, ROLE = "iam:AttachRolePolicy", "arn:aws:iam::111122223333:role/any"
#: Keys of several values that a call of any action may carry.
VPCE_PATHS, PATHS, OF_TOMORROW = "aws:VpceOrgPaths", "aws:PrincipalOrgPaths", "aws:KeysOfTomorrow"


def of(key: str, condition: Json) -> Json:
    """Put a key into a condition's operators."""
    return {operator: {key: value} for operator, value in condition.items()}


def needs(*values: str) -> list[Json]:
    """Return for each value a Deny of every call whose list lacks it."""
    return [deny(Condition={"ForAllValues:StringNotEquals": {VPCE_PATHS: value}}) for value in values]


#: What a list of `a` and `b` without `c` passes, and nothing shorter or longer.
SOME_OF_THREE: dict[str, Json] = {
    "two of three": {
        "ForAnyValue:StringEquals": "a",
        "ForAnyValue:StringLike": "b",
        "ForAllValues:StringNotEquals": "c",
    },
    "two of three and another": {
        "ForAnyValue:StringEquals": "a",
        "ForAnyValue:StringLike": "b",
        "ForAllValues:StringNotEquals": "c",
        "ForAnyValue:StringNotEquals": ["a", "b", "c"],
    },
    "three of four": {
        "ForAnyValue:StringEquals": "a",
        "ForAnyValue:StringLike": "b",
        "ForAnyValue:StringEqualsIgnoreCase": "c",
        "ForAllValues:StringNotEquals": "d",
    },
}


@pytest.mark.parametrize("key", [VPCE_PATHS, PATHS, OF_TOMORROW])
@pytest.mark.parametrize("name", SOME_OF_THREE)
def test_a_list_can_hold_some_of_the_named_values_without_the_others(name: str, key: str) -> None:
    """Who is told that a path is closed that a request with two values of three opens, looks no further."""
    found = verdict(allow(ATTACH, Condition=of(key, SOME_OF_THREE[name])))

    assert (found.escalates, found.undecided) == (True, ())
    assert found.witness is not None


@pytest.mark.parametrize("left_out", "abcdef")
def test_every_choice_from_six_values_is_looked_at(left_out: str) -> None:
    """Five statements that each ask for a value, and one that forbids the sixth, are passed by one list."""
    others = [value for value in "abcdef" if value != left_out]
    forbidden = deny(Condition={"ForAnyValue:StringEquals": {VPCE_PATHS: left_out}})
    no_others = deny(Condition={"ForAnyValue:StringNotLike": {VPCE_PATHS: list("abcdef")}})
    found = verdict(allow(ATTACH), *needs(*others), forbidden, no_others)

    assert found.escalates is True
    assert found.witness is not None
    assert found.witness.context[VPCE_PATHS.lower()] == others
    assert verdict(allow(ATTACH), *needs(*others, left_out), forbidden).escalates is False


def test_a_list_of_all_values_is_looked_at_however_many_they_are() -> None:
    """An organisation that requires a dozen values of each call has not forbidden the call."""
    only = deny(Condition={"ForAnyValue:StringNotEquals": {VPCE_PATHS: list(ascii_lowercase)}})

    assert verdict(allow(ATTACH), *needs(*ascii_lowercase)).escalates is True
    assert verdict(allow(ATTACH), *needs(*ascii_lowercase), only).escalates is True


def test_a_negated_condition_without_a_quantifier_asks_all_values() -> None:
    """A Deny of requests without a value is passed by a list that holds it beside others."""
    with_a = allow(ATTACH, Condition={"ForAnyValue:StringEquals": {VPCE_PATHS: "a"}})
    without_c = deny(Condition={"StringNotEquals": {VPCE_PATHS: "c"}})

    assert verdict(with_a, without_c).escalates is True
    assert verdict(with_a, without_c, deny(Condition={"StringEquals": {VPCE_PATHS: "c"}})).escalates is False


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals"])
def test_one_value_more_passes_a_deny_of_lists_of_nothing_else(operator: str) -> None:
    """Who says of a list only what its first or its last value says calls such a path closed."""
    nothing_else = deny(Condition={f"ForAllValues:{operator}": {VPCE_PATHS: "a"}})
    some = allow(ATTACH, Condition={f"ForAnyValue:{operator}": {VPCE_PATHS: "a"}})

    assert verdict(nothing_else, some).escalates is True


def test_a_list_of_which_a_condition_without_meaning_says_nothing_leaves_the_answer_open() -> None:
    """One value settles that it does not hold, another leaves it open; a list of both is looked at, too."""
    unclear = {"ForAnyValue:NumericNotEquals": ["soon", "1"], "ForAnyValue:StringEquals": "1"}

    for conditions in (unclear, dict(reversed(unclear.items()))):
        assert verdict(allow(ATTACH, Condition=of(VPCE_PATHS, conditions))).escalates is None
    settled = {**unclear, "ForAllValues:StringEquals": "1"}
    assert verdict(allow(ATTACH, Condition=of(VPCE_PATHS, settled))).escalates is False


def test_more_choices_than_are_looked_at_leave_the_answer_open() -> None:
    """What was not tried is not called closed."""
    half, rest = ascii_lowercase[::2], ascii_lowercase[1::2]
    forbidden = [deny(Condition={"ForAnyValue:StringEquals": {VPCE_PATHS: value}}) for value in rest]
    found = verdict(allow(ATTACH), *needs(*half), *forbidden)

    assert (found.escalates, found.mfa_enforced) == (None, None)
    assert found.undecided == ("the conditions have too many combinations to go through all of them",)


def test_values_that_no_condition_tells_apart_count_as_one() -> None:
    """A list of forty allowed values is one choice, not forty: such a policy is decided, and at once."""
    values = [f"tag-{number}" for number in range(40)]
    clauses = read_condition({"ForAllValues:StringEquals": {VPCE_PATHS: values}}, variables=True)

    assert representatives(clauses, [*values, "other"]) == ([("tag-0",), ("other",)], True)


def test_lists_are_looked_at_up_to_a_bound() -> None:
    """Each choice from six values is below it; a policy with dozens takes no longer than that."""
    clauses = [
        clause
        for value in ascii_lowercase
        for clause in read_condition({"ForAnyValue:StringEquals": {VPCE_PATHS: value}}, variables=True)
    ]
    found = representatives(clauses, ascii_lowercase)

    assert len(representatives(clauses, "abcdef").tried) == MOST_LISTS - 1
    assert representatives(clauses, "abcdef").complete
    assert (len(found.tried), found.complete) == (MOST_LISTS + 2, False)


OPERATORS = [
    f"{quantifier}:String{operator}"
    for quantifier in ("ForAllValues", "ForAnyValue")
    for operator in ("Equals", "NotEquals", "Like", "NotLike", "EqualsIgnoreCase", "NotEqualsIgnoreCase")
]
LETTERS = ["a", "b", "c"]
REQUESTS: list[list[str] | None] = [
    None,
    *([*each] for size in range(1, 5) for each in combinations([*LETTERS, "z"], size)),
]
"""Every list of the letters that the documents name and one that they do not."""


def some_statement(source: Random) -> Json:
    """Return a statement about lists of letters."""
    operators = source.sample([*OPERATORS, "Null"], source.choice((1, 1, 2, 3)))
    values = {
        name: source.choice(("true", "false"))
        if name == "Null"
        else source.sample(LETTERS, source.choice((1, 2)))
        for name in operators
    }
    return source.choice((allow, deny))(ATTACH, Condition=of(VPCE_PATHS, values))


@pytest.mark.parametrize("seed", range(300))
def test_what_some_list_opens_is_open_and_what_none_does_is_closed(seed: int) -> None:
    """Held against every list that there is, asked one request at a time."""
    source = Random(seed)  # noqa: S311 - a repeatable source is the point
    statements = [allow(ATTACH), *(some_statement(source) for _ in range(source.choice((1, 2, 3))))]
    statements = statements[source.choice((0, 1)) :]
    document = attach({"Version": "2012-10-17", "Statement": statements})
    contexts = [{} if values is None else {VPCE_PATHS: values} for values in REQUESTS]
    answers = [may([document], Request(ATTACH, ROLE, context)).answer for context in contexts]

    assert verdict(*statements).escalates is (Answer.ALLOWED in answers)


NAMES = [f"name-{number}" for number in range(MOST_VALUES + 1)]


@pytest.mark.parametrize(
    ("key", "operator"),
    [
        ("aws:username", "String"),
        ("aws:PrincipalTag/team", "String"),
        (VPCE_PATHS, "ForAnyValue:String"),
    ],
)
def test_what_hangs_on_a_value_beyond_those_tried_is_left_open(key: str, operator: str) -> None:
    """Neither that nothing is allowed nor that all is denied may be said for want of a value tried."""
    some = {f"{operator}Equals": NAMES, f"{operator}NotEquals": NAMES[:-1]}
    last = {f"{operator}Equals": NAMES[-1]}
    unrelated = deny("s3:ListBucket", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})
    allowed = allow(ATTACH, Condition=of(key, some))
    denied = deny(Condition=of(key, {f"{operator}NotEqualsIfExists": NAMES[-1], "Null": "false"}))

    assert verdict(allowed, unrelated).escalates is not False
    assert (
        verdict(allow(ATTACH, Condition=of(key, {f"{operator}Equals": NAMES})), denied).escalates is not False
    )
    assert verdict(allow(ATTACH, Condition=of(key, last))).escalates is True


def test_what_the_holder_may_choose_beyond_the_values_tried_may_be_root_level() -> None:
    """Under one name of forty-nine everything is allowed; that it is not may not be said."""
    condition = {"StringEquals": {"aws:username": NAMES}, "StringNotEquals": {"aws:username": NAMES[:-1]}}

    assert verdict(allow(Condition=condition)).root_level is None
    assert verdict(allow("s3:*", Condition=condition)).root_level is False
    assert verdict(allow(Condition={"StringEquals": {"aws:username": NAMES}})).root_level is True


@pytest.mark.parametrize("key", ["aws:SourceArn", "aws:SecureTransport", "aws:PrincipalType"])
def test_of_a_key_with_fixed_values_nothing_is_left_untried(key: str) -> None:
    """However many values a policy names, a call has none but those."""
    clauses = read_condition({"StringEquals": {key: NAMES}}, variables=True)
    states = cut(key.lower(), clauses, Setting(Own(), NOW)).context_states

    assert all(found is not UNTRIED for state in states for _, found in state.values)
