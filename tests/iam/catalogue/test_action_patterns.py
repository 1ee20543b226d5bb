"""What a pattern of actions matches, what it costs to find out, and what is left open as too costly."""

import re

import pytest

from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import (
    LARGEST_CACHE,
    action_set,
    forget_patterns,
    remembered_patterns,
)
from identity_guard.iam.catalogue.actions import catalogue

DEAR = "iam:*a?*b*"
"""A pattern that has to be compared with names."""
LONGEST = "license-manager-linux-subscriptions:listregisteredsubscriptionproviders"


def names(mask: int) -> set[str]:
    """Return the names of known actions in a mask, in lower case."""
    return {name.lower() for name in catalogue().names(mask & catalogue().known)}


EVERY_NAME = names(catalogue().known)


def slowly(pattern: str) -> set[str]:
    """Return the known actions that a pattern matches, each compared with it as a whole."""
    signs = {"*": ".*", "?": "."}
    wanted = re.compile("".join(signs.get(each, re.escape(each)) for each in pattern.lower()))
    return {name for name in EVERY_NAME if wanted.fullmatch(name)}


def test_the_longest_action_is_the_one_meant() -> None:
    """Two of the patterns below are about bounds that only it reaches."""
    assert max(map(len, EVERY_NAME)) == len(LONGEST)
    assert LONGEST in EVERY_NAME


@pytest.mark.parametrize(
    "pattern",
    [
        "iam?assRole",
        "iam*assRole",
        "s*GetObject",
        "*ing:*s",
        LONGEST.replace(":", "?"),
        LONGEST.replace(":l", ":?"),
        LONGEST.replace(":l", ":?") + "*",
        "*".join(LONGEST),
        LONGEST.replace(":", "") + "?",
        "*:*Role",
        "*:*assRole",
        "*:*Ro?e",
        "*:GetObject",
        "*:Get*",
        "*:**Role",
        "s?:*",
        "ia?:Get*",
        "i?m:PassRole",
        "i?m:zzz",
        "i?m:aaa",
        "ia*:Pass*",
        "a2c:??",
        "a2c:????????????????*",
        "iam:PassRol?*",
        "iam:PassRole?*",
        "iam:?assRole*",
        "iam:*?",
        "sts:*e?",
        "xray:?*s",
    ],
)
def test_a_pattern_matches_what_a_slow_reading_of_it_matches(pattern: str) -> None:
    """An action that falls through a look-up is one that a policy grants and no verdict counts."""
    found = action_set([pattern], ScanBudget(10**9))

    assert found.exact
    assert names(found.certain) == slowly(pattern)


@pytest.mark.parametrize("service", ["iam", "sts", "account", "sso"])
def test_a_service_holds_its_own_actions_and_no_others(service: str) -> None:
    """One bit beside the others is another service's action."""
    own = {name for name in EVERY_NAME if name.startswith(f"{service}:")}

    assert names(catalogue().service_masks[service]) == own
    assert names(action_set([f"{service}:*"], ScanBudget()).certain) == own


def test_what_changes_access_is_known_action_by_action() -> None:
    """Control of access is counted over these; counted over others, a reader passes for an administrator."""
    changing = {service: names(catalogue().changing(service)) for service in ("account", "sts", "iam")}

    assert all(name.startswith(f"{service}:") for service, found in changing.items() for name in found)
    assert {"account:closeaccount", "account:putalternatecontact"} <= changing["account"]
    assert not {name for name in changing["account"] if ":get" in name or ":list" in name}
    assert {"iam:putrolepolicy", "iam:tagrole", "iam:createaccesskey"} <= changing["iam"]
    assert not {name for name in changing["iam"] if ":get" in name or ":list" in name}


def test_a_name_that_stands_for_a_future_action_is_read_like_any_other() -> None:
    """A document may name anything, the last symbol of the catalogue too."""
    last = catalogue().size - 1

    assert action_set([catalogue().name_of(last)], ScanBudget()).certain == 1 << last


def price(pattern: str) -> int:
    """Return what a pattern costs that was not asked for before."""
    forget_patterns()
    budget = ScanBudget()
    assert action_set([pattern], budget).exact
    return ScanBudget().left - budget.left


@pytest.mark.parametrize(
    "pattern", ["*:*PassRole", "ia*:PassRole", "?am:PassRole", "iam:?assRole", "iam:*policy*s"]
)
def test_a_pattern_costs_no_less_than_what_it_names(pattern: str) -> None:
    """The price is what bounds the time: too low, and a stranger's document stops a check."""
    assert price(pattern) >= len(slowly(pattern))
    assert price(pattern) > price("iam:PassRole"), "one action by its name is looked up"


def test_a_pattern_that_is_tried_in_more_places_costs_more() -> None:
    """A piece between two wildcards is looked for anew from every place where the one before it was."""
    assert price("iam:*policy?*?s") > price("iam:*policy?*s") > price("iam:*policy*s")


def test_a_budget_is_spent_to_its_last_comparison_and_no_further() -> None:
    """What can just be afforded is worked out."""
    budget = ScanBudget(5)

    assert budget.take(5)
    assert budget.take(0)
    assert not budget.take(1)
    assert budget.left == 0


@pytest.mark.parametrize("known_before", [False, True])
def test_what_is_too_dear_is_left_open_within_its_services(*, known_before: bool) -> None:
    """A verdict may not depend on what was judged before, nor on which pattern of a list was the first."""
    forget_patterns()
    others = "s3:*a?*b*"
    if known_before:
        assert action_set([DEAR, others], ScanBudget(10**9)).exact
    budget = ScanBudget(3)
    found = action_set([DEAR, others, "ec2:RunInstances"], budget)

    assert not found.exact
    assert budget.left == 0
    assert names(found.certain) == {"ec2:runinstances"}
    masks = catalogue().service_masks
    assert found.possible == masks["iam"] | masks["s3"] | found.certain
    everywhere = action_set([DEAR, "i?m:PassRol?"], ScanBudget(3))
    assert (everywhere.certain, everywhere.possible) == (0, catalogue().everything)


def test_actions_of_tomorrow_do_not_make_a_set_inexact() -> None:
    """They are a doubt of their own: whatever AWS adds, the actions of today are known."""
    found = action_set(["new:Thing"], ScanBudget(), open_to_unknown=True)

    assert found.exact
    assert found.has_unknown


@pytest.mark.parametrize(
    ("pattern", "unknown"),
    [("s3:Z*", False), ("s3:Zz*", True), ("s3:GetObjectz*", False), ("s3:GetObjectzz*", True)],
)
def test_a_listing_by_letters_names_nothing_new(pattern: str, *, unknown: bool) -> None:
    """`s3:Z*` closes an alphabet; `s3:Zz*` is about something that AWS may have added."""
    assert action_set([pattern], ScanBudget(), open_to_unknown=True).has_unknown is unknown


def test_the_patterns_that_were_asked_for_last_are_remembered() -> None:
    """A long-lived process must not grow, and the patterns in use must not be worked out again and again."""
    forget_patterns()
    patterns = [f"sts:*{number}?*" for number in range(LARGEST_CACHE + 10)]
    for pattern in patterns:
        action_set([pattern], ScanBudget())

    assert remembered_patterns() == tuple(patterns[10:])
