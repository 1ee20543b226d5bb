"""Targets of assignments: what each kind reaches, and what is said of a wrong one."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from identity_center.model.language.targets import Reading, Targets, readings_needed
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation, Unit
from identity_center.model.organisation.selection import Resolution, resolve

MANAGEMENT = "111122223333"
SHOP, DATA, STAGING, CLOSED, LOOSE = (digit * 12 for digit in "45679")
ROOT, WORK, PROD, STAGE, OTHER, SECOND = (
    "r-root",
    *(f"ou-root-{name}0000" for name in ("work", "prod", "stag", "othr", "scnd")),
)
UNITS = [
    Unit(ROOT, "Root", None),
    Unit(WORK, "Workloads", ROOT),
    Unit(PROD, "Production", WORK),
    Unit(STAGE, "Staging", WORK),
    Unit(OTHER, "Other", ROOT),
    Unit(SECOND, "Staging", OTHER),
]
ACTIVE = AccountState.ACTIVE
ORGANISATION = Organisation.of(
    MANAGEMENT,
    [
        MemberAccount(MANAGEMENT, "Boss", ACTIVE, ROOT, {"environment": "production"}),
        MemberAccount(SHOP, "shop", ACTIVE, PROD, {"environment": "production", "team": "shop"}),
        MemberAccount(DATA, "data", ACTIVE, PROD, {"environment": "production", "team": "data"}),
        MemberAccount(STAGING, "twin", ACTIVE, STAGE, {"environment": "staging"}),
        MemberAccount(CLOSED, "old", AccountState.OTHER, PROD, {"environment": "production"}),
        MemberAccount(LOOSE, "twin", ACTIVE, None, {}),
    ],
    UNITS,
)
WHICH_ID = "write the id of the one that is meant"
WHICH_UNIT = "write the path or the id of the one that is meant"
OTHER_STAGING, WORKLOADS_STAGING = f"`/Other/Staging ({SECOND})`", f"`/Workloads/Staging ({STAGE})`"
EVERY_MEMBER = {SHOP, DATA, STAGING, LOOSE}


READER: TypeAdapter[Any] = TypeAdapter(Targets)


def parsed(*items: object) -> tuple[Any, ...]:
    """Read a list of targets as the configuration gives it."""
    read: tuple[Any, ...] = READER.validate_python(list(items))
    return read


def resolved(*items: object, organisation: Organisation = ORGANISATION) -> Resolution:
    """Resolve a list of targets."""
    return resolve(parsed(*items), organisation, ("accounts",))


def tagged(**expression: object) -> dict[str, object]:
    """Write a tag expression. A trailing underscore is dropped: `is`, `in` and others are Python's words."""
    return {"tagged": {key.rstrip("_"): value for key, value in expression.items()}}


@pytest.mark.parametrize(
    ("items", "reached"),
    [
        (["management"], {MANAGEMENT}),
        ([MANAGEMENT], {MANAGEMENT}),
        ([int(SHOP)], {SHOP}),
        (["shop"], {SHOP}),
        ([{"account": "shop"}], {SHOP}),
        ([{"account": SHOP}], {SHOP}),
        (["all"], EVERY_MEMBER),
        ([{"unit": "/"}], EVERY_MEMBER - {LOOSE}),
        ([{"unit": ROOT}], EVERY_MEMBER - {LOOSE}),
        ([{"unit": "/", "children": False}], set()),
        ([{"unit": "Workloads"}], {SHOP, DATA, STAGING}),
        ([{"unit": "Workloads", "children": False}], set()),
        ([{"unit": "Workloads/Production"}], {SHOP, DATA}),
        ([{"unit": "/Workloads/Production"}], {SHOP, DATA}),
        ([{"unit": "Production"}], {SHOP, DATA}),
        ([{"unit": PROD}], {SHOP, DATA}),
        ([{"unit": "Other/Staging"}], set()),
        ([tagged(tag="environment", is_="production")], {SHOP, DATA}),
        ([tagged(tag="environment", in_=["staging", "sandbox"])], {STAGING}),
        ([tagged(tag="team")], {SHOP, DATA}),
        ([tagged(not_={"tag": "environment", "is": "production"})], {STAGING, LOOSE}),
        ([tagged(and_=[{"tag": "team"}, {"not": {"tag": "team", "is": "shop"}}])], {DATA}),
        (
            [tagged(or_=[{"tag": "team", "is": "shop"}, {"tag": "environment", "is": "staging"}])],
            {SHOP, STAGING},
        ),
        (["all", {"except": ["shop", {"unit": "Workloads/Staging"}]}], {DATA, LOOSE}),
        (["all", "management", {"except": [tagged(tag="team")]}], {STAGING, LOOSE, MANAGEMENT}),
        ([{"except": [SHOP]}, {"unit": "Workloads"}], {DATA, STAGING}),
        (["shop", {"unit": "Production"}], {SHOP, DATA}),
    ],
    ids=str,
)
def test_each_kind_of_target_reaches_its_accounts(items: list[object], reached: set[str]) -> None:
    """A target that reaches more than it says is access that nobody meant."""
    found = resolved(*items)

    assert found.mistakes == ()
    assert set(found.accounts) == reached


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (["shopp"], [((0,), "no account has the name `shopp`; did you mean `shop`?")]),
        (["mangement"], [((0,), "no account has the name `mangement`; did you mean `management`?")]),
        (
            ["twin"],
            [
                (
                    (0,),
                    f"2 accounts have the name `twin`; {WHICH_ID}: `{STAGING}`, `{LOOSE}`",
                )
            ],
        ),
        (
            ["Boss"],
            [((0,), "`Boss` is the name of the management account; write `management` if it is meant")],
        ),
        (
            ["444444444445"],
            [((0,), f"account `444444444445` is not in the organisation; did you mean `{SHOP}` (shop)?")],
        ),
        (
            [{"unit": "Staging"}],
            [
                (
                    (0, "unit"),
                    f"2 units are called `Staging`; {WHICH_UNIT}: {OTHER_STAGING}, {WORKLOADS_STAGING}",
                )
            ],
        ),
        (
            [{"unit": "Workloads/Prodction"}],
            [((0, "unit"), "no unit is called `Workloads/Prodction`; did you mean `Workloads/Production`?")],
        ),
        (
            [{"unit": "ou-root-prod0001"}],
            [
                (
                    (0, "unit"),
                    f"no unit has the id `ou-root-prod0001`; did you mean `{PROD}` (/Workloads/Production)?",
                )
            ],
        ),
        (
            [tagged(and_=[{"tag": "team"}, {"not": {"tag": "enviroment"}}])],
            [
                (
                    (0, "tagged", "and", 1, "not", "tag"),
                    "no account has the tag `enviroment`; did you mean `environment`?",
                )
            ],
        ),
        ([SHOP, "shop"], [((1,), f"`shop` and `{SHOP}` are the same account; keep one of them")]),
        (
            [{"unit": PROD}, {"unit": "Production"}],
            [((1,), "selects the same as item 0 of the list; keep one of them")],
        ),
        (
            [SHOP, {"except": ["shop"]}],
            [((1, "except", 0), "takes out all that item 0 of the list asks for; remove one of the two")],
        ),
        (
            ["management", {"except": [MANAGEMENT]}],
            [((1, "except", 0), "takes out all that item 0 of the list asks for; remove one of the two")],
        ),
        (
            [{"unit": "Production"}, {"except": [{"unit": "Workloads"}]}],
            [((1, "except", 0), "takes out all that item 0 of the list asks for; remove one of the two")],
        ),
    ],
    ids=str,
)
def test_a_wrong_target_is_told_with_its_place_and_what_to_write(
    items: list[object], said: list[tuple[tuple[object, ...], str]]
) -> None:
    """A name that is taken for another account gives access to the wrong one."""
    assert [(m.path, str(m)) for m in resolved(*items).mistakes] == [
        (("accounts", *path), text) for path, text in said
    ]


@pytest.mark.parametrize(
    ("items", "place", "words"),
    [
        ([{"except": ["shop"]}], (), "has exceptions only"),
        (["all", {"except": []}], (1,), "`except` is empty"),
        (["shop", {"except": ["all"]}], (1,), "nothing is left"),
        ([{}], (0,), "has none of `account`, `unit`, `tagged` and `except`"),
        ([{"unit": "a", "account": "b"}], (0,), "has several of"),
        ([{"account": "b", "children": True}], (0,), "has `children` and no `unit`"),
        ([{"unit": ""}], (0, "unit"), "is empty"),
        ([""], (0,), "has 0 characters"),
        ([True], (0,), "is not an account"),
        ([None], (0,), "is not an account"),
        ([12345678901], (0,), "`12345678901` is not an account id"),
        (["0123456789012"], (0,), "is not an account"),
        (["ou-root-prod0000"], (0,), "write `unit: ou-root-prod0000`"),
        ([tagged()], (0, "tagged"), "has none of `tag`, `and`, `or` and `not`"),
        ([tagged(tag="a", not_={"tag": "b"})], (0, "tagged"), "has several of"),
        ([tagged(tag="a", is_="b", in_=["c"])], (0, "tagged"), "has both `is` and `in`"),
        ([tagged(tag="a", in_=[])], (0, "tagged"), "`in` is empty"),
        ([tagged(and_=[])], (0, "tagged"), "`and` is empty"),
        ([tagged(not_={"tag": "a"}, is_="b")], (0, "tagged"), "has a value and no `tag`"),
        ([tagged(or_=[{"tagg": "a"}])], (0, "tagged", "or", 0, "tagg"), "Extra inputs"),
    ],
    ids=str,
)
def test_a_target_of_the_wrong_form_is_refused_at_its_place(
    items: list[object], place: tuple[object, ...], words: str
) -> None:
    """An empty selection that passed would look like access and be none, or the other way round."""
    with pytest.raises(ValidationError) as caught:
        parsed(*items)

    (error,) = caught.value.errors()
    assert error["loc"] == place
    assert words in error["msg"]


def test_what_is_closed_drops_out_and_is_said() -> None:
    """A closed account must not stop everybody else's update, nor vanish without a word."""
    by_id, selected = resolved(CLOSED, SHOP), resolved({"unit": "Workloads/Production"})

    assert set(by_id.accounts) == {SHOP}
    assert by_id.notes == ((("accounts", 0), f"account {CLOSED} is suspended or closed, so it is left out"),)
    assert CLOSED not in selected.accounts


def test_a_selection_of_nothing_is_said() -> None:
    """A unit that was emptied takes access away without any change of the file."""
    assert resolved({"unit": "Other"}).notes == (
        (("accounts", 0), "reaches no account now: none that is in use is so"),
    )
    assert resolved({"unit": "Production"}, {"except": [tagged(tag="team")]}).notes == (
        (("accounts",), "reaches no account now: the exceptions take out all that is reached"),
    )


@pytest.mark.parametrize(
    ("item", "unread"),
    [
        ("all", "accounts"),
        ("shop", "accounts"),
        ({"unit": "Workloads"}, "organisational units"),
        ({"tagged": {"tag": "team"}}, "tags of accounts"),
    ],
    ids=str,
)
def test_what_was_not_read_is_never_taken_for_empty(item: object, unread: str) -> None:
    """Credentials that see nothing would otherwise take everybody's access away."""
    blind = Organisation.of(MANAGEMENT, [], UNITS if unread == "accounts" else ())

    (mistake,) = resolved(item, organisation=blind).mistakes

    assert f"the {unread} of the organisation were not read" in mistake.problem


def test_without_a_list_of_accounts_ids_are_taken_as_they_are() -> None:
    """That they are unchecked is said once, elsewhere."""
    found = resolved("777777777777", organisation=Organisation.of(MANAGEMENT, []))

    assert set(found.accounts) == {"777777777777"}
    assert found.mistakes == ()


@pytest.mark.parametrize(
    ("items", "needed"),
    [
        (["management", SHOP, "shop", "all"], {Reading.ACCOUNTS}),
        ([{"unit": "a"}], {Reading.ACCOUNTS, Reading.UNITS}),
        (["all", {"except": [{"unit": "a"}]}], {Reading.ACCOUNTS, Reading.UNITS}),
        ([tagged(tag="a")], {Reading.ACCOUNTS, Reading.TAGS}),
    ],
    ids=str,
)
def test_only_what_is_needed_is_asked_for(items: list[object], needed: set[Reading]) -> None:
    """Tags cost a request for each account."""
    assert readings_needed(parsed(*items)) == needed


def test_units_in_a_circle_end() -> None:
    """AWS has none, a snapshot that somebody edited may."""
    circle = [
        Unit("ou-aaaa-11111111", "A", "ou-aaaa-22222222"),
        Unit("ou-aaaa-22222222", "B", "ou-aaaa-11111111"),
    ]
    odd = Organisation.of(
        MANAGEMENT,
        [
            MemberAccount(MANAGEMENT, "Boss", ACTIVE, None, {}),
            MemberAccount(SHOP, "shop", ACTIVE, "ou-aaaa-11111111", {}),
        ],
        circle,
    )

    assert set(resolved({"unit": "ou-aaaa-22222222"}, organisation=odd).accounts) == {SHOP}


def test_no_account_of_a_large_organisation_is_dropped() -> None:
    """A peer's queue lost all work past its fortieth account, without a word."""
    many = [str(200000000000 + number) for number in range(500)]
    large = Organisation.of(
        MANAGEMENT,
        [
            MemberAccount(MANAGEMENT, "Boss", ACTIVE, ROOT, {}),
            *(MemberAccount(number, f"account-{number}", ACTIVE, PROD, {"team": "a"}) for number in many),
        ],
        UNITS,
    )

    for target in ("all", {"unit": "/"}, {"unit": "Production"}, tagged(tag="team")):
        assert set(resolved(target, organisation=large).accounts) == set(many)
