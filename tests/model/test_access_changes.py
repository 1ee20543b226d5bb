"""Who gains and who loses what between two models, and what is kept of a model."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_center.model.access.change_sentences import MOST_LINES, sentences
from identity_center.model.access.changes import AccessChanges, access_changes, to_document
from identity_center.model.access.grant import Grant
from identity_center.model.access.record import (
    FormerKeys,
    RecordedModel,
    UnusableRecordError,
    read_record,
    write_record,
)
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation, Unit
from identity_center.model.organisation.places import Places

A, B, C = "111111111111", "222222222222", "333333333333"
REPLACED = (
    "permission set `dev` is replaced: Developer becomes Builder. Everybody who has it loses it and gains "
    "the new one (1 assignments), its roles get new ARNs in every "
    "account, and what names the old ones breaks: EKS access entries, KMS key policies, bucket policies"
)
NOTHING: frozenset[Any] = frozenset()
ROLE = f"arn:aws:iam::{A}:role/Auditor"


def model(
    *grants: Grant,
    members: dict[str, Iterable[str] | None] | None = None,
    names: dict[str, str] | None = None,
    applications: Iterable[tuple[str, str, str]] = (),
    roles: Iterable[tuple[str, str, str]] = (),
    break_glass: Iterable[Grant] = (),
) -> RecordedModel:
    """Return a model of a permission set `dev`, and a group `crew` of two people."""
    people = {"crew": ["ada", "bob"]} if members is None else members
    return RecordedModel(
        names or {"dev": "Developer", "ops": "Operator"},
        {key: None if users is None else frozenset(users) for key, users in people.items()},
        frozenset(grants),
        frozenset(break_glass),
        frozenset(applications),
        frozenset(roles),
    )


def crew(account: str, permission_set: str = "dev") -> Grant:
    """Return a grant of the group."""
    return Grant(permission_set, "crew", "GROUP", account)


def ada(account: str, permission_set: str = "dev") -> Grant:
    """Return a grant of a user."""
    return Grant(permission_set, "ada", "USER", account)


def said(before: RecordedModel, after: RecordedModel) -> list[str]:
    """Return the sentences of a comparison."""
    return sentences(access_changes(before, after), Places())


ORGANISATION = Organisation.of(
    "999999999999",
    [
        MemberAccount("999999999999", "management", AccountState.ACTIVE, "r-1"),
        MemberAccount(A, "shop-production", AccountState.ACTIVE, "ou-shop"),
        MemberAccount(B, "shop-staging", AccountState.ACTIVE, "ou-shop"),
        MemberAccount(C, "logs", AccountState.ACTIVE, "r-1"),
        MemberAccount("444444444444", "closed", AccountState.OTHER, "r-1"),
    ],
    [Unit("r-1", "Root", None), Unit("ou-shop", "Shop", "r-1")],
)


MANY = {f"5000000000{number:02}": f"m{number}" for number in range(12)}
MANY_ACCOUNTS = Organisation.of(
    A,
    [MemberAccount(A, "management", AccountState.ACTIVE)]
    + [MemberAccount(each, name, AccountState.ACTIVE) for each, name in MANY.items()],
)


@pytest.mark.parametrize(
    ("accounts", "says"),
    [
        ([A], "in 1 account through group crew: ada, bob (shop-production 111111111111)"),
        (
            [A, C],
            "in 2 accounts through group crew: ada, bob (shop-production 111111111111, logs 333333333333)",
        ),
        ([A, B], "in both accounts of the unit /Shop through group crew: ada, bob"),
        ([A, B, C], "in all 3 member accounts through group crew: ada, bob"),
        (
            [A, B, C, "999999999999"],
            "in all 3 member accounts and management 999999999999 through group crew: ada, bob",
        ),
        (
            list(MANY)[1:-1],
            "in all 12 member accounts but m0 500000000000, m11 500000000011 through group crew: ada, bob",
        ),
        (
            list(MANY)[2:-1],
            (
                "in 9 accounts through group crew: ada, bob "
                "(m2 500000000002, m3 500000000003, m4 500000000004, m5 500000000005 and 5 more)"
            ),
        ),
        (["888888888888"], "in 1 account through group crew: ada, bob (888888888888)"),
    ],
)
def test_accounts_have_names_and_a_selection_is_said_as_one(accounts: list[str], says: str) -> None:
    """Nobody knows twelve digits by heart, and nobody checks whether a list is all there is."""
    changes = access_changes(model(), model(*map(crew, accounts)))

    organisation = MANY_ACCOUNTS if set(accounts) <= MANY.keys() else ORGANISATION
    assert sentences(changes, Places(organisation))[0] == f"2 people gain Developer {says}"


def test_a_long_list_is_cut_where_it_matters_least_and_says_where_the_whole_is() -> None:
    """Two thousand lines are read by nobody; what reaches furthest is told first."""
    everywhere = Grant("ops", "zoe", "USER", A), Grant("ops", "zoe", "USER", B)
    grants = [Grant("dev", f"p{number:02}", "USER", str(number).zfill(12)) for number in range(30)]

    first, *lines = sentences(access_changes(model(), model(*grants, *everywhere)), Places())

    assert first.startswith("1 person gains Operator in 2 accounts directly: zoe")
    assert len(lines) == MOST_LINES - 1 + 2
    assert lines[-2] == "and 21 more such lines of what people gain: access-changes.json has all of them"
    assert lines[-1] == "assignments: 32, all new"


CASES: dict[str, tuple[RecordedModel, RecordedModel, list[str]]] = {
    "nothing": (model(crew(A)), model(crew(A)), ["nobody gains or loses anything"]),
    "a grant of a group in three accounts": (
        model(),
        model(crew(A), crew(B), crew(C)),
        [
            f"2 people gain Developer in 3 accounts through group crew: ada, bob ({A}, {B}, {C})",
            "assignments: 3, all new",
        ],
    ),
    "a person leaves the group": (
        model(crew(A)),
        model(crew(A), members={"crew": ["ada"]}),
        [f"1 person loses Developer in 1 account through group crew: bob ({A})"],
    ),
    "a person has it by another way too": (
        model(crew(A), ada(A)),
        model(crew(A)),
        ["assignments: 0 more, 1 fewer, of 2 before", "no person gains or loses anything by it"],
    ),
    "a group without members": (
        model(members={"crew": []}),
        model(crew(A), members={"crew": []}),
        ["assignments: 1, all new", "no person gains or loses anything by it"],
    ),
    "a group from elsewhere": (
        model(members={"crew": None}),
        model(crew(A), members={"crew": None}),
        [
            f"everybody in a group from elsewhere gains Developer in 1 account: crew ({A})",
            "assignments: 1, all new",
        ],
    ),
    "a permission set with a new name": (
        model(crew(A)),
        model(crew(A), names={"dev": "Builder", "ops": "Operator"}),
        [
            REPLACED,
            f"2 people gain Builder in 1 account through group crew: ada, bob ({A})",
            f"2 people lose Developer in 1 account through group crew: ada, bob ({A})",
        ],
    ),
    "an application and a role": (
        model(applications=[("wiki", "USER", "ada")]),
        model(roles=[(ROLE, "GROUP", "crew")]),
        [
            f"2 people gain role {ROLE} through group crew: ada, bob",
            "1 person loses application wiki directly: ada",
        ],
    ),
    "another permission set in another account": (
        model(ada(A)),
        model(ada(B, "ops")),
        [
            f"1 person gains Operator in 1 account directly: ada ({B})",
            f"1 person loses Developer in 1 account directly: ada ({A})",
            "assignments: 1 more, 1 fewer, of 1 before",
        ],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_changes_are_said_of_people(case: tuple[RecordedModel, RecordedModel, list[str]]) -> None:
    """A list of resources does not tell a reviewer who can now do what."""
    before, after, expected = case

    assert said(before, after) == expected


def test_a_long_list_is_cut_for_readers_and_whole_for_machines() -> None:
    """A change of a large group must not push everything else off the screen."""
    people = [f"user-{number:02}" for number in range(30)]
    before, after = model(members={"crew": people}), model(crew(A), members={"crew": people})

    assert "and 22 more" in said(before, after)[0]
    assert len(to_document(access_changes(before, after))["changes"]) == 30  # type: ignore[arg-type]  # a list


def test_a_new_key_of_the_same_thing_is_no_change() -> None:
    """`formerly` keeps what is there, and nobody gains or loses by it."""
    before = model(Grant("old", "team", "GROUP", A), members={"team": ["a"]}, names={"old": "Developer"})
    after = model(crew(A), members={"crew": ["ada"]}, names={"dev": "Developer"})
    renamed = before.renamed(FormerKeys({"a": "ada"}, {"team": "crew"}, {"old": "dev"}, {}))

    assert renamed == after
    assert said(renamed, after) == ["nobody gains or loses anything"]


def test_the_file_for_machines_holds_the_same() -> None:
    """A comment on a pull request is made from it."""
    document = to_document(access_changes(model(crew(A), members={"crew": ["ada"]}), model(ada(B))))

    assert document == {
        "changes": [
            {
                "change": "loses",
                "person": "ada",
                "permissionSet": "dev",
                "permissionSetName": "Developer",
                "accountId": A,
                "through": ["group crew"],
            },
            {
                "change": "gains",
                "person": "ada",
                "permissionSet": "dev",
                "permissionSetName": "Developer",
                "accountId": B,
                "through": ["directly"],
            },
        ],
        "replacedPermissionSets": [],
        "assignments": {
            "before": 1,
            "added": [f"dev/user/ada/{B}"],
            "removed": [f"dev/group/crew/{A}"],
        },
    }


users = st.sampled_from(["ada", "bob", "cy"])
groups = st.sampled_from(["crew", "team"])
grants = st.one_of(
    st.builds(Grant, st.sampled_from(["dev", "ops"]), groups, st.just("GROUP"), st.sampled_from([A, B])),
    st.builds(Grant, st.sampled_from(["dev", "ops"]), users, st.just("USER"), st.sampled_from([A, B])),
)
elsewhere = st.frozensets(
    st.tuples(st.just("GROUP"), groups) | st.tuples(st.just("USER"), users),
).map(lambda principals: frozenset(("wiki", *principal) for principal in principals))
models = st.builds(
    lambda held, wiki, members, names, glass: RecordedModel(
        names,
        members,
        held,
        frozenset(grant for grant in held if glass),
        wiki,
        frozenset((ROLE, kind, who) for _, kind, who in wiki),
        wiki if glass else NOTHING,
        NOTHING if glass else frozenset((ROLE, kind, who) for _, kind, who in wiki),
    ),
    st.frozensets(grants),
    elsewhere,
    st.fixed_dictionaries({"crew": st.none() | st.frozensets(users), "team": st.frozensets(users)}),
    st.fixed_dictionaries({"dev": st.sampled_from(["D", "E"]), "ops": st.just("O")}),
    st.booleans(),
)


def _all_held(one: RecordedModel) -> set[tuple[str, bool, str, str]]:
    """Spell out who has what, the slow way."""
    given = [
        (one.permission_set_names[grant.permission_set], grant.account_id, grant.kind, grant.principal)
        for grant in one.grants
    ]
    given += [(key, "", kind, who) for key, kind, who in one.applications]
    given += [(arn, A, kind, who) for arn, kind, who in one.roles]
    found = set()
    for name, account_id, kind, principal in given:
        people = {principal} if kind == "USER" else one.members[principal]
        if people is None:
            found.add((principal, True, name, account_id))
        for user in people or ():
            found.add((user, False, name, account_id))
    return found


def _of(found: AccessChanges, *, gains: bool) -> set[tuple[str, bool, str, str]]:
    return {
        (one.person, one.whole_group, one.held.name, one.held.account_id)
        for one in found.changes
        if one.gains is gains
    }


@given(models, models)
def test_gains_and_losses_are_what_a_slow_comparison_finds(
    before: RecordedModel, after: RecordedModel
) -> None:
    """A person who is overlooked is access that no review has seen."""
    found = access_changes(before, after)

    assert _of(found, gains=True) == _all_held(after) - _all_held(before)
    assert _of(found, gains=False) == _all_held(before) - _all_held(after)


@given(models)
def test_what_is_kept_is_read_back_and_is_the_same_text_each_time(one: RecordedModel) -> None:
    """An output that changes without a reason is a change in every preview."""
    text = write_record(one)

    assert read_record(text) == one
    assert write_record(read_record(text)) == text


def test_accounts_that_many_share_are_kept_once() -> None:
    """Ten thousand grants must not make the state heavy."""
    accounts = [f"{100000000000 + number}" for number in range(500)]
    everywhere = [Grant("dev", f"group-{n}", "GROUP", account) for n in range(20) for account in accounts]

    assert len(write_record(model(*everywhere))) < 10_000


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 2}', "null"])
def test_a_record_that_this_program_did_not_write_is_refused(text: str) -> None:
    """Half a record would say that the other half is gained or lost."""
    with pytest.raises(UnusableRecordError):
        read_record(text)
