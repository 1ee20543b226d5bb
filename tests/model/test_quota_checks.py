"""Quotas on the resolved model: at the limit nothing is said, one more is a mistake."""

from typing import Any

import pytest

from identity_center.model.access import Grant
from identity_center.model.load import load
from identity_center.model.policies_of_sets import resolve_policies, sets_as_made
from identity_center.model.quota_checks import quota_mistakes

ROLE = "arn:aws:iam::111122223333:role/R"


def said(model: dict[str, Any], grants: list[Grant] | None = None) -> list[str]:
    """Return what is said of a model and of what its assignments come to."""
    loaded = load(model)
    assert loaded.mistakes == ()
    sets, _ = sets_as_made(resolve_policies(loaded, "aws"), {})
    return [str(mistake) for mistake in quota_mistakes(loaded.declaration, sets, grants or [])]


def policies(own: int, taken: int) -> dict[str, Any]:
    """Return a set with policies of its own and of the set that it extends."""
    return {
        "permissionSets": {
            "base": {"name": "B", "customerManagedPolicies": [f"b{i}" for i in range(taken)]},
            "own": {
                "name": "O",
                "extends": "base",
                "customerManagedPolicies": [f"o{i}" for i in range(own)],
                "managedPolicies": ["ReadOnlyAccess"],
            },
        }
    }


def in_account(sets: int, groups: int = 1) -> list[Grant]:
    """Return grants in one account."""
    return [Grant(f"p{p}", f"g{g}", "GROUP", "111122223333") for p in range(sets) for g in range(groups)]


def attributes(count: int) -> dict[str, Any]:
    """Return attributes for access control."""
    return {"accessControlAttributes": {f"a{i}": "${path:userType}" for i in range(count)}}


def holders(count: int) -> dict[str, Any]:
    """Return groups that all have one role."""
    keys = [f"g{i}" for i in range(count)]
    entitlements = [{"group": key, "roles": [ROLE]} for key in keys]
    return {
        "groups": {key: {"displayName": key} for key in keys},
        "accountAccess": {"entitlements": entitlements},
    }


@pytest.mark.parametrize(
    ("within", "beyond", "words"),
    [
        ((policies(12, 12), []), (policies(12, 13), []), "has 26 policies"),
        (({}, in_account(500)), ({}, in_account(501)), "assigns 501 permission sets in account 111122223333"),
        (({}, in_account(1, 100)), ({}, in_account(1, 101)), "assigns `p0` to 101 groups"),
        ((attributes(50), []), (attributes(51), []), "has 51 attributes"),
        ((holders(20), []), (holders(21), []), f"gives {ROLE} to 21 groups"),
        (
            ({}, [Grant("p", "g", "GROUP", f"{i:012}") for i in range(7000)]),
            ({}, [Grant("p", "g", "GROUP", f"{i:012}") for i in range(7001)]),
            "reaches 7001 accounts",
        ),
    ],
    ids=["policies", "sets of an account", "groups of a set", "attributes", "groups of a role", "accounts"],
)
def test_one_more_than_the_quota_is_a_mistake(within: Any, beyond: Any, words: str) -> None:  # noqa: ANN401  # a model and its grants
    """AWS says so in the middle of an update, after minutes of waiting."""
    assert said(*within) == []
    (line,) = said(*beyond)
    assert words in line


def test_a_raised_quota_counts() -> None:
    """An organisation that has asked AWS for more is not stopped by what others have."""
    model = {"quotas": {"permissionSetsPerAccount": 501}}

    assert said(model, in_account(501)) == []
    assert said({"quotas": {"permissionSets": 1}, **policies(1, 1)}) == [
        "has 2 entries, and AWS allows 1; where AWS has raised the quota, write it under `quotas`"
    ]
