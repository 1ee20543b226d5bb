"""Laws of targets that hold in any organisation."""

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from identity_center.model.language.targets import Targets
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation, Unit
from identity_center.model.organisation.selection import resolve

MANAGEMENT = "100000000000"
ACCOUNTS = [str(100000000000 + number) for number in range(8)]
UNIT_IDS = ["r-root", *(f"ou-root-{number}0000000" for number in range(4))]
KEYS, VALUES = ("environment", "team"), ("a", "b", "c")


# Made once and not with each draw, which took longer than the drawing.
PARENTS = [st.sampled_from(UNIT_IDS[: number + 1]) for number in range(len(UNIT_IDS) - 1)]
UNIT_NUMBERS, ACCOUNT_NUMBERS = st.integers(0, 2), st.integers(0, 9)
STATES, PLACES = st.sampled_from(AccountState), st.sampled_from([*UNIT_IDS, None])
TAGS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES))


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Draw an organisation: a tree of units, accounts anywhere in it, some closed, tags of any kind."""
    units = [Unit("r-root", "Root", None)]
    for number, unit_id in enumerate(UNIT_IDS[1:]):
        parent = draw(PARENTS[number])
        units.append(Unit(unit_id, f"unit-{draw(UNIT_NUMBERS)}", parent))
    accounts = [
        MemberAccount(
            account_id,
            f"account-{draw(ACCOUNT_NUMBERS)}",
            draw(STATES) if account_id != MANAGEMENT else AccountState.ACTIVE,
            draw(PLACES),
            draw(TAGS) | {"any": "x"},
        )
        for account_id in ACCOUNTS
    ]
    # Both keys exist somewhere, so that no expression names an unknown one.
    closed = MemberAccount(
        "999999999999", "keys", AccountState.OTHER, None, dict.fromkeys((*KEYS, "any"), "a")
    )
    return Organisation.of(MANAGEMENT, [*accounts, closed], units)


def _joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: {"and": parts}),
        several.map(lambda parts: {"or": parts}),
        inner.map(lambda part: {"not": part}),
    )


expressions = st.recursive(
    st.one_of(
        st.sampled_from(KEYS).map(lambda key: {"tag": key}),
        st.builds(
            lambda key, value: {"tag": key, "is": value}, st.sampled_from(KEYS), st.sampled_from(VALUES)
        ),
        st.builds(
            lambda key, values: {"tag": key, "in": values},
            st.sampled_from(KEYS),
            st.lists(st.sampled_from(VALUES), min_size=1),
        ),
    ),
    _joined,
    max_leaves=6,
)
selections = st.one_of(
    st.builds(
        lambda unit, below: {"unit": unit, "children": below}, st.sampled_from(UNIT_IDS), st.booleans()
    ),
    expressions.map(lambda expression: {"tagged": expression}),
)
members = st.sampled_from(ACCOUNTS[1:])


READER: TypeAdapter[Any] = TypeAdapter(Targets)


def reached(organisation: Organisation, *items: object) -> frozenset[str]:
    """Return the accounts of a list, whatever else is said of it."""
    targets = READER.validate_python(list(items))
    return frozenset(resolve(targets, organisation).accounts)


@given(
    organisations(), st.lists(st.one_of(selections, members), min_size=1, max_size=4), selections | members
)
def test_an_exception_takes_away_what_it_reaches_and_nothing_else(
    organisation: Organisation, items: list[object], exception: object
) -> None:
    """An exception that adds an account would be the worst surprise of all."""
    without = reached(organisation, *items, {"except": [exception]})

    assert without == reached(organisation, *items) - reached(organisation, exception)


@given(organisations(), selections | members)
def test_all_without_some_is_the_rest(organisation: Organisation, exception: object) -> None:
    """What is reached and what is taken out make up all that is there."""
    rest, everyone = reached(organisation, "all", {"except": [exception]}), reached(organisation, "all")

    assert rest | (reached(organisation, exception) & everyone) == everyone
    assert not rest & reached(organisation, exception)


@given(organisations(), st.lists(expressions, min_size=1, max_size=3))
def test_not_and_is_or_of_nots(organisation: Organisation, parts: list[object]) -> None:
    """De Morgan: people rewrite conditions, and mean the same."""
    negations = [{"not": part} for part in parts]

    assert reached(organisation, {"tagged": {"not": {"and": parts}}}) == reached(
        organisation, {"tagged": {"or": negations}}
    )
    assert reached(organisation, {"tagged": {"not": {"or": parts}}}) == reached(
        organisation, {"tagged": {"and": negations}}
    )


@given(organisations(), expressions)
def test_an_expression_and_its_negation_part_the_organisation(
    organisation: Organisation, expression: object
) -> None:
    """An account that lacks a tag is on one side, and on one only."""
    yes, no = (reached(organisation, {"tagged": part}) for part in (expression, {"not": expression}))

    assert not yes & no
    assert yes | no == reached(organisation, "all")


@given(
    organisations(), st.lists(selections, min_size=1, max_size=4), st.lists(selections | members, max_size=2)
)
def test_no_selection_reaches_the_management_account(
    organisation: Organisation, items: list[object], exceptions: list[object]
) -> None:
    """Whoever holds the management account holds the organisation."""
    taken_out = [{"except": exceptions}] if exceptions else []

    assert MANAGEMENT not in reached(organisation, "all", *items, *taken_out)
    assert MANAGEMENT in reached(organisation, "all", "management", *items)


@given(
    organisations(), st.lists(selections | members, min_size=1, max_size=4), st.randoms(use_true_random=False)
)
def test_the_order_of_a_list_means_nothing(
    organisation: Organisation, items: list[object], random: Random
) -> None:
    """Somebody sorts the file."""
    turned = random.sample(items, len(items))

    assert reached(organisation, *items) == reached(organisation, *turned)
    assert reached(organisation, *items, {"except": ["100000000001"]}) == reached(
        organisation, {"except": ["100000000001"]}, *turned
    )


@given(organisations(), st.lists(selections | members, min_size=1, max_size=4))
def test_only_accounts_in_use_are_reached(organisation: Organisation, items: list[object]) -> None:
    """AWS refuses assignments in closed accounts in the middle of an update."""
    accounts = organisation.accounts
    assert accounts is not None
    assert all(accounts[found].state is AccountState.ACTIVE for found in reached(organisation, *items))
