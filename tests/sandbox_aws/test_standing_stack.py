"""A stack that tests share is as it was made, in an AWS that is as it was then."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from sandbox.aws import reset, seed
from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import POWER, Surroundings
from sandbox.standing_stack import StandingStack, first_day

MANAGEMENT, SHOP = "123456789012", "444444444444"
REGION = "us-east-1"


@dataclass(frozen=True)
class Made:
    """Somebody with access, and a state that says so."""

    number: int
    around: Surroundings
    backend: Path

    @property
    def state(self) -> str:
        """Read what the state says."""
        return (self.backend / "state").read_text(encoding="utf-8")


def _make(endpoint: str, numbers: Iterator[int], folder: Path) -> Callable[[], Made]:
    """Return a function that makes somebody with access, and says how often it was called."""

    def make() -> Made:
        number = next(numbers)
        around = Surroundings(endpoint, REGION, f"stack{number}")
        around.assign(around.permission_set(), around.group(), SHOP)
        around.user()
        backend = folder / f"{number}"
        backend.mkdir()
        (backend / "state").write_text("as made", encoding="utf-8")
        return Made(number, around, backend)

    return make


def _reset(around: Surroundings, endpoint: str) -> None:
    assert around.instance
    reset(endpoint)
    seed(endpoint, REGION)


def _held(around: Surroundings) -> str:
    (arn,) = around.sso.list_permission_sets(InstanceArn=around.instance)["PermissionSets"]
    return str(arn)


CHANGES: dict[str, Callable[[Surroundings, str], object]] = {
    "a new AWS": _reset,
    "another person": lambda around, _: around.user("bob"),
    "a group": lambda around, _: around.group("others"),
    "an assignment": lambda around, _: around.assign(_held(around), around.user("bob"), MANAGEMENT, "USER"),
    "a policy": lambda around, _: around.sso.attach_managed_policy_to_permission_set(
        **around.of_set(_held(around)), ManagedPolicyArn=POWER
    ),
    "an account": lambda _, endpoint: loopback_client("organizations", endpoint, REGION).create_account(
        AccountName="new", Email="new@example.com"
    ),
}


@pytest.fixture
def standing(endpoint: str) -> StandingStack:
    """Give what tests share, with nothing made."""
    first_day(endpoint)
    return StandingStack(endpoint)


def _people(around: Surroundings) -> object:
    groups = around.store.list_groups(IdentityStoreId=around.store_id)["Groups"]
    return around.store.list_users(IdentityStoreId=around.store_id)["Users"], groups


def _seen(around: Surroundings, endpoint: str) -> object:
    here = {"InstanceArn": around.instance}
    organizations = loopback_client("organizations", endpoint, REGION)
    sets = around.sso.list_permission_sets(**here)["PermissionSets"]
    of_sets = [
        (
            around.sso.list_managed_policies_in_permission_set(**around.of_set(one))[
                "AttachedManagedPolicies"
            ],
            [
                around.sso.list_account_assignments(**around.of_set(one), AccountId=account)[
                    "AccountAssignments"
                ]
                for account in (MANAGEMENT, SHOP)
            ],
        )
        for one in sets
    ]
    accounts = [one["Name"] for one in organizations.list_accounts()["Accounts"]]
    return _people(around), sets, of_sets, accounts


def test_a_stack_of_each_kind_is_made_once(standing: StandingStack, endpoint: str, tmp_path: Path) -> None:
    """Otherwise every test that only looks pays for a stack of its own."""
    make = _make(endpoint, count(), tmp_path)

    assert [standing.get("one", make).number for _ in range(3)] == [0, 0, 0]
    assert standing.get("other", make).number == 1
    assert standing.get("one", make).number == 0, "still there"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_a_test_has_changed_is_as_it_was_for_the_next(
    standing: StandingStack,
    endpoint: str,
    tmp_path: Path,
    change: Callable[[Surroundings, str], object],
) -> None:
    """A test must not fail, or pass, because of what another one left."""
    make = _make(endpoint, count(), tmp_path)
    made = standing.get("one", make)
    before = _seen(made.around, endpoint)
    for _again in range(2):
        change(made.around, endpoint)
        (made.backend / "state").write_text("changed", encoding="utf-8")
        (made.backend / "more").touch()

        assert standing.get("one", make) == made
        assert _seen(made.around, endpoint) == before
        assert (made.state, [one.name for one in made.backend.iterdir()]) == ("as made", ["state"])


def test_each_kind_has_an_aws_of_its_own(standing: StandingStack, endpoint: str, tmp_path: Path) -> None:
    """Two stacks in one AWS would be in each other's way, and a lookup would find the other's people."""
    make = _make(endpoint, count(), tmp_path)
    one = _seen(standing.get("one", make).around, endpoint)

    other = standing.get("other", make)
    assert {
        user["UserName"]
        for user in other.around.store.list_users(IdentityStoreId=other.around.store_id)["Users"]
    } == {"stack1"}
    assert _seen(standing.get("one", make).around, endpoint) == one


def test_what_failed_to_be_made_is_not_kept(standing: StandingStack, endpoint: str, tmp_path: Path) -> None:
    """The half of a stack is no stack."""

    def fail() -> Made:
        raise OSError("no engine")

    make = _make(endpoint, count(), tmp_path)
    standing.get("one", make)
    with pytest.raises(OSError, match="no engine"):
        standing.get("other", fail)

    assert standing.get("one", make).number == 0
    assert standing.get("other", make).number == 1
