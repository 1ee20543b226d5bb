"""From the declared model to who has what in which account."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_center.model.access.grant import Grant
from identity_center.model.access.grants import grants_of
from identity_center.model.access.permission_sets import resolve_policies, sets_as_made
from identity_center.model.language.keys.text_rules import KEY
from identity_center.model.language.keys.values import PrincipalType, assignment_name, membership_name
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.model.reading.load import load

MANAGEMENT, MEMBER, CLOSED = "111122223333", "012345678901", "999999999999"
ORGANISATION = Organisation.of(
    MANAGEMENT,
    [
        MemberAccount(MANAGEMENT, "Management", AccountState.ACTIVE),
        MemberAccount(MEMBER, "Production", AccountState.ACTIVE),
        MemberAccount(CLOSED, "Old", AccountState.OTHER),
    ],
)
LIST_THEM = "its accounts are listed by `aws organizations list-accounts` (3 of them)"


def assigned(*assignments: dict[str, Any]) -> dict[str, Any]:
    """Return a model with some assignments and all that they may name."""
    return {
        "users": {},
        "groups": {key: {"displayName": key} for key in ("g", "h")},
        "permissionSets": {key: {"name": key} for key in ("p", "q")},
        "assignments": list(assignments),
    }


def said(*assignments: dict[str, Any], organisation: Organisation = ORGANISATION) -> list[tuple[Any, str]]:
    """Return what is said of assignments in an organisation."""
    loaded = load(assigned(*assignments))
    assert loaded.mistakes == ()
    mistakes = grants_of(loaded, organisation).mistakes
    return [(mistake.path[1:], str(mistake)) for mistake in mistakes]


def test_an_assignment_grants_every_set_in_every_account(
    sound: str, values_of: Callable[[str], dict[str, Any]]
) -> None:
    """The word `management` stands for the account's number."""
    granted = grants_of(load(values_of(sound)), ORGANISATION)

    assert granted.mistakes == ()
    assert granted.grants == (
        Grant("power-user", "developers", "GROUP", MEMBER),
        Grant("power-user", "developers", "GROUP", MANAGEMENT),
    )


def test_grants_do_not_depend_on_the_order_of_the_file() -> None:
    """A sorted file is the same access, in the same order of outputs."""
    one = {"group": "g", "permissionSets": ["p", "q"], "accounts": [MEMBER, MANAGEMENT]}
    other = {"group": "h", "permissionSets": ["q"], "accounts": [MANAGEMENT]}
    turned = {"group": "g", "permissionSets": ["q", "p"], "accounts": [MANAGEMENT, MEMBER]}

    assert grants_of(load(assigned(one, other)), ORGANISATION) == grants_of(
        load(assigned(other, turned)), ORGANISATION
    )


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        (
            ["012345678902"],
            "account `012345678902` is not in the organisation; did you mean `012345678901` (Production)?",
        ),
        (["777777777777"], f"account `777777777777` is not in the organisation; {LIST_THEM}"),
    ],
)
def test_an_account_that_cannot_be_assigned_to_is_a_mistake(accounts: list[str], expected: str) -> None:
    """AWS would refuse it in the middle of an update, after minutes of waiting."""
    found = said({"group": "g", "permissionSets": ["p"], "accounts": accounts})

    assert found == [((0, "accounts", 0), expected)]


def test_an_account_by_number_and_by_word_is_one_account() -> None:
    """AWS accepts the second request and changes nothing: the engine would own one assignment twice."""
    found = said({"group": "g", "permissionSets": ["p"], "accounts": ["management", MANAGEMENT]})

    assert found == [
        ((0, "accounts", 1), "`111122223333` and `management` are the same account; keep one of them")
    ]


def test_the_same_grant_in_two_assignments_is_a_mistake() -> None:
    """Removing one of them would otherwise seem to take access away, and not do so."""
    found = said(
        {"group": "g", "permissionSets": ["p"], "accounts": [MEMBER]},
        {"group": "g", "permissionSets": ["q", "p"], "accounts": [MANAGEMENT, MEMBER]},
    )

    assert found == [
        (
            (1, "accounts", 1),
            "group `g` already has `p` in account 012345678901 by assignments[0]; keep one of the two",
        )
    ]


def test_without_a_list_of_accounts_no_account_is_called_wrong() -> None:
    """Credentials that may not list accounts see nothing; that is unknown, and said once elsewhere."""
    blind = Organisation.of(MANAGEMENT, [])

    assert (
        said({"group": "g", "permissionSets": ["p"], "accounts": ["777777777777"]}, organisation=blind) == []
    )


def policies(*names: str) -> dict[str, Any]:
    """Return a model with one permission set."""
    return {"permissionSets": {"p": {"name": "p", "managedPolicies": list(names)}}}


def test_policies_become_sorted_arns_with_the_answers_in_their_places() -> None:
    """The order of the file is no difference: the API returns a set."""
    resolution = resolve_policies(load(policies("ReadOnlyAccess", "New", "AmazonS3FullAccess")), "aws")
    (question,) = resolution.questions()
    sets, mistakes = sets_as_made(resolution, {question: "arn:aws:iam::aws:policy/job-function/New"})

    assert mistakes == ()
    assert sets["p"].managed_policy_arns == (
        "arn:aws:iam::aws:policy/AmazonS3FullAccess",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::aws:policy/job-function/New",
    )


def test_one_policy_by_two_names_is_a_mistake() -> None:
    """AWS counts policies against a limit, and a reader counts two."""
    resolution = resolve_policies(load(policies("Billing", "job-function/Billing")), "aws")
    _, mistakes = sets_as_made(resolution, {})

    assert [str(mistake) for mistake in mistakes] == [
        "names `arn:aws:iam::aws:policy/job-function/Billing` in two ways; keep one of them"
    ]


keys = st.from_regex(KEY.pattern or "", fullmatch=True).filter(lambda key: KEY.problem(key) is None)
accounts = st.from_regex(r"[0-9]{12}", fullmatch=True)
parts = st.tuples(keys, st.sampled_from(PrincipalType), keys, accounts)


@given(one=parts, other=parts)
def test_two_grants_never_share_a_name(
    one: tuple[str, PrincipalType, str, str], other: tuple[str, PrincipalType, str, str]
) -> None:
    """A shared name would be an error of the engine, or one person's access under another's name."""
    assert (assignment_name(*one) == assignment_name(*other)) == (one == other)


@given(one=st.tuples(keys, keys), other=st.tuples(keys, keys))
def test_two_memberships_never_share_a_name(one: tuple[str, str], other: tuple[str, str]) -> None:
    """As above, for members of groups."""
    assert (membership_name(*one) == membership_name(*other)) == (one == other)


def test_a_closed_account_drops_out_and_is_said() -> None:
    """A closed account must neither stop the update nor vanish without a word."""
    granted = grants_of(
        load(assigned({"group": "g", "permissionSets": ["p"], "accounts": [CLOSED, MEMBER]})), ORGANISATION
    )

    assert granted.mistakes == ()
    assert [grant.account_id for grant in granted.grants] == [MEMBER]
    assert [(notice.path, notice.text) for notice in granted.notices] == [
        (
            ("assignments", 0, "accounts", 0),
            f"account {CLOSED} is suspended or closed, so it is left out",
        )
    ]


def test_selections_may_overlap_by_chance_and_not_by_repetition() -> None:
    """A new account with two tags must not stop everybody's update; the same line twice is one too many."""
    everywhere = {"group": "g", "permissionSets": ["p"], "accounts": ["all"]}
    by_number = {"group": "g", "permissionSets": ["p"], "accounts": [MEMBER]}

    assert said(everywhere, by_number) == []
    assert said(everywhere, everywhere) == [
        (
            (1, "accounts", 0),
            f"group `g` already has `p` in account {MEMBER} by assignments[0]; keep one of the two",
        )
    ]


def test_targets_of_an_entry_with_another_mistake_are_checked_too() -> None:
    """Nobody corrects one mistake a run."""
    model = assigned({"group": "g", "permissionSets": [], "accounts": ["Prodction", {"unit": 1}]})

    assert [mistake.path for mistake in grants_of(load(model), ORGANISATION).mistakes] == [
        ("assignments", 0, "accounts", 0)
    ]
