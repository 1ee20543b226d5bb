"""Where root-level and administrator-equivalent begin, to the action."""

import pytest

from identity_guard.iam.catalogue.actions import GUARDING_SERVICES, catalogue
from identity_guard.iam.questions.root_level import (
    LOST_CONTROL,
    NEARLY_EVERYTHING,
    NEGLIGIBLE,
    is_administrator,
    is_root_level,
)
from tests.iam.statements import Json, verdict

UNCLEAR = {"NumericLessThan": {"aws:EpochTime": "soon"}}


def lowest(mask: int, number: int) -> int:
    """Return so many actions of a mask."""
    found = 0
    for _ in range(number):
        found |= (mask ^ found) & -(mask ^ found)
    return found


def guarding() -> int:
    """Return the actions of the services that guard access."""
    masks = [catalogue().service_masks[service] for service in GUARDING_SERVICES]
    return sum(masks)


def test_root_level_lacks_one_and_a_half_actions_in_a_hundred_at_most() -> None:
    """Of those that do not guard access."""
    others = catalogue().known & ~guarding()
    most = int(catalogue().known_size * NEGLIGIBLE)

    assert is_root_level(catalogue().everything)
    assert is_root_level(catalogue().known ^ lowest(others, most))
    assert not is_root_level(catalogue().known ^ lowest(others, most + 1))


@pytest.mark.parametrize("service", GUARDING_SERVICES)
def test_root_level_lacks_hardly_a_change_of_what_guards_access(service: str) -> None:
    """One change or one in twenty may be missing, and any number of reads within the whole."""
    changing = catalogue().changing(service)
    most = max(1, int(changing.bit_count() * LOST_CONTROL))

    assert is_root_level(catalogue().everything ^ lowest(changing, most))
    assert not is_root_level(catalogue().everything ^ lowest(changing, most + 1))
    assert is_root_level(catalogue().everything & ~(catalogue().service_masks[service] & ~changing))


def test_an_administrator_has_iam_whole_and_nine_tenths_of_the_rest() -> None:
    """Nothing more is asked, of the account itself or of Identity Center."""
    iam = catalogue().service_masks["iam"]
    others = catalogue().known & ~iam
    needed = -int(-others.bit_count() * NEARLY_EVERYTHING // 1)
    changing = catalogue().changing("iam")
    most = max(1, int(changing.bit_count() * LOST_CONTROL))

    assert is_administrator(iam | lowest(others, needed))
    assert not is_administrator(iam | lowest(others, needed - 1))
    assert is_administrator(iam ^ lowest(changing, most) | others)
    assert not is_administrator(iam ^ lowest(changing, most + 1) | others)


ALL: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
BUT_ACCOUNT: Json = {"Effect": "Allow", "NotAction": "account:*", "Resource": "*"}


def deny(action: str, condition: Json) -> Json:
    """Return a Deny under a condition."""
    return {"Effect": "Deny", "Action": action, "Resource": "*", "Condition": condition}


@pytest.mark.parametrize(
    ("statements", "root_level", "administrator"),
    [
        ([ALL, deny("iam:*", UNCLEAR)], None, None),
        ([ALL, deny("account:*", UNCLEAR)], None, None),
        ([ALL, deny("s3:GetObject", UNCLEAR)], True, False),
        ([BUT_ACCOUNT, deny("iam:*", UNCLEAR)], False, None),
        ([BUT_ACCOUNT, deny("s3:GetObject", UNCLEAR)], False, True),
        ([{**ALL, "Condition": UNCLEAR}], None, None),
        ([{**BUT_ACCOUNT, "Condition": UNCLEAR}], False, None),
        ([{**BUT_ACCOUNT, "Condition": UNCLEAR}, BUT_ACCOUNT], False, True),
        ([{**ALL, "Condition": UNCLEAR}, ALL], True, False),
        ([{**ALL, "Condition": UNCLEAR}, deny("iam:*", {"StringLike": {"aws:userid": "*"}})], False, False),
    ],
)
def test_a_condition_without_meaning_leaves_open_what_hangs_on_it(
    statements: list[Json], *, root_level: bool | None, administrator: bool | None
) -> None:
    """What is so at best and not at worst is neither yes nor no."""
    found = verdict(*statements)

    assert (found.root_level, found.administrator) == (root_level, administrator)
    assert found.undecided or None not in (root_level, administrator)


def test_more_states_than_are_gone_through_leave_the_reach_open() -> None:
    """A Deny of IAM that hangs on thirteen tags may hold in a state that nobody looked at."""
    tags = {f"aws:ResourceTag/{number}": "false" for number in range(13)}
    found = verdict(ALL, deny("iam:*", {"Null": tags}))

    assert (found.root_level, found.administrator) == (None, None)
    assert "too many combinations" in found.undecided[0]


@pytest.mark.parametrize(
    ("conditions", "root_level"),
    [
        ([{"StringEquals": {"aws:username": "a"}}, {"StringEquals": {"aws:username": "b"}}], True),
        ([{"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {"StringEquals": {"aws:username": "b"}}], True),
    ],
    ids=str,
)
def test_the_best_that_the_holder_can_choose_counts(conditions: list[Json], *, root_level: bool) -> None:
    """Each of two statements needs another choice, and one of them is enough."""
    assert verdict(*({**ALL, "Condition": each} for each in conditions)).root_level is root_level


def test_what_needs_two_choices_at_once_is_not_had() -> None:
    """Half of everything under one name and half under another is all for nobody."""
    one = {**ALL, "Action": "iam:*", "Condition": {"StringEquals": {"aws:username": "a"}}}
    other = {
        "Effect": "Allow",
        "NotAction": "iam:*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:username": "b"}},
    }
    same = {**other, "Condition": one["Condition"]}

    assert verdict(one, other).root_level is False
    assert verdict(one, same).root_level is True
