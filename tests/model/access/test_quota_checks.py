"""Quotas on the resolved model: at the limit nothing is said, one more is a mistake."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic.alias_generators import to_camel, to_snake

from identity_center.model.access.grant import Grant
from identity_center.model.access.permission_sets import resolve_policies, sets_as_made
from identity_center.model.access.quota_checks import quota_mistakes
from identity_center.model.language.settings import QuotasEntry
from identity_center.model.reading.load import load
from tools.docs.access_model_schema import model_schema

ROLE = "arn:aws:iam::111122223333:role/R"
PROVIDER = "arn:aws:sso::aws:applicationProvider/custom"


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


def raised(model: dict[str, Any]) -> dict[str, Any]:
    """Return the model of an organisation where roles may have more policies than a permission set."""
    return {**model, "quotas": {"managedPoliciesPerRole": 30}}


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


def application_of(count: int) -> dict[str, Any]:
    """Return groups that may all use one application."""
    keys = [f"g{i}" for i in range(count)]
    assigned = [{"group": key} for key in keys]
    return {
        "groups": {key: {"displayName": key} for key in keys},
        "applications": {"wiki": {"name": "Wiki", "provider": PROVIDER, "assignments": assigned}},
    }


@pytest.mark.parametrize(
    ("within", "beyond", "words"),
    [
        ((raised(policies(12, 12)), []), (raised(policies(12, 13)), []), "has 26 policies"),
        (({}, in_account(1, 100)), ({}, in_account(1, 101)), "assigns `p0` to 101 groups"),
        ((attributes(50), []), (attributes(51), []), "has 51 attributes"),
        ((application_of(100), []), (application_of(101), []), "is assigned to 101 groups"),
    ],
    ids=["policies", "groups of a set", "attributes", "groups of an application"],
)
def test_one_more_than_the_quota_is_a_mistake(within: Any, beyond: Any, words: str) -> None:  # noqa: ANN401  # a model and its grants
    """AWS says so in the middle of an update, after minutes of waiting."""
    assert said(*within) == []
    (line,) = said(*beyond)
    assert words in line


#: What is counted under each key of `quotas`, that many of it, and what is said then.
COUNTED: dict[str, Callable[[int], tuple[dict[str, Any], list[Grant]]]] = {
    "permissionSetsPerAccount": lambda count: ({}, in_account(count)),
    "accounts": lambda count: ({}, [Grant("p", "g", "GROUP", f"{i:012}") for i in range(count)]),
    "managedPoliciesPerRole": lambda count: (
        {"permissionSets": {"s": {"name": "S", "customerManagedPolicies": [f"p{i}" for i in range(count)]}}},
        [],
    ),
    "groupsPerRole": lambda count: (holders(count), []),
    "permissionSets": lambda count: (
        {"permissionSets": {f"s{i}": {"name": f"S{i}"} for i in range(count)}},
        [],
    ),
    # The primary Region counts, and stands in no list.
    "regions": lambda count: ({"additionalRegions": [f"eu-middle-{i}" for i in range(1, count)]}, []),
    "applications": lambda count: (
        {"applications": {f"a{i}": {"name": f"A{i}", "provider": PROVIDER} for i in range(count)}},
        [],
    ),
}


@pytest.mark.parametrize("key", COUNTED)
def test_a_raised_quota_counts(key: str) -> None:
    """An organisation that has asked AWS for more is not stopped by what others have."""
    most = QuotasEntry.model_fields[to_snake(key)].default
    model, grants = COUNTED[key](most + 1)

    (refused,) = said(model, grants)
    assert f"write it as `quotas.{key}`" in refused
    assert said(*COUNTED[key](most)) == []
    assert said({"quotas": {key: most + 1}, **model}, grants) == []


@pytest.mark.parametrize("part", ["users", "groups"])
def test_people_are_counted_against_the_quota(part: str) -> None:
    """Nobody writes so many by hand; a list of another system is converted to so many in a moment."""
    most = QuotasEntry.model_fields[part].default

    def mistakes(count: int, quotas: QuotasEntry | None = None) -> list[str]:
        counted = {part: dict.fromkeys(range(count)), "quotas": quotas}
        return [str(each) for each in quota_mistakes(load({}).declaration.model_copy(update=counted), {}, [])]

    assert mistakes(most) == []
    (refused,) = mistakes(most + 1)
    assert refused.startswith(f"has {most + 1} entries, and AWS allows {most}; ")
    assert f"write it as `quotas.{part}`" in refused
    assert mistakes(most + 1, QuotasEntry(**{part: most + 1})) == []


def test_every_quota_that_can_be_raised_is_counted() -> None:
    """A key that nothing looks at would be taken in silence."""
    assert {to_camel(name) for name in QuotasEntry.model_fields} == {*COUNTED, "users", "groups"}


@pytest.mark.parametrize("name", QuotasEntry.model_fields)
def test_no_quota_is_less_than_what_everyone_has(name: str) -> None:
    """AWS lowers none: a smaller number is a slip, and would refuse a model that AWS takes."""
    key, least = to_camel(name), QuotasEntry.model_fields[name].default

    assert load({"quotas": {key: least}}).mistakes == ()
    assert [str(each) for each in load({"quotas": {key: least - 1}}).mistakes] == [
        f"is less than the {least} that AWS gives everyone; write what AWS raised it to, or remove the key"
    ]
    assert model_schema()["$defs"]["QuotasEntry"]["properties"][key]["minimum"] == least
