"""A stack that tests share is the one that AWS has, or is made anew."""

from collections.abc import Callable
from itertools import count

import pytest

from sandbox.aws import reset, seed
from sandbox.aws.organisation import loopback_client
from sandbox.aws.surroundings import POWER, Surroundings
from sandbox.standing_stack import StandingStack, first_day

MANAGEMENT, SHOP = "123456789012", "444444444444"
REGION = "us-east-1"


def _make(endpoint: str, numbers: count) -> Callable[[], tuple[int, Surroundings]]:  # type: ignore[type-arg]  # its item is int
    """Return a function that makes somebody with access, and says how often it was called."""

    def make() -> tuple[int, Surroundings]:
        made = Surroundings(endpoint, REGION, "stack")
        made.assign(made.permission_set(), made.group(), SHOP)
        made.user()
        return next(numbers), made

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


def test_what_is_still_there_is_not_made_again(standing: StandingStack, endpoint: str) -> None:
    """Otherwise every test that only looks pays for a stack of its own."""
    make = _make(endpoint, count())

    assert [standing.get("one", make)[0] for _ in range(3)] == [0, 0, 0]
    assert standing.get("other", make)[0] == 1, "of another kind"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_a_test_has_changed_is_made_anew_for_the_next(
    standing: StandingStack, endpoint: str, change: Callable[[Surroundings, str], object]
) -> None:
    """A test must not fail, or pass, because of what another one left."""
    make = _make(endpoint, count())
    change(standing.get("one", make)[1], endpoint)

    assert standing.get("one", make)[0] == 1
    assert standing.get("one", make)[0] == 1


def test_what_failed_to_be_made_is_not_kept(standing: StandingStack, endpoint: str) -> None:
    """The half of a stack is no stack."""

    def fail() -> tuple[int, Surroundings]:
        raise OSError("no engine")

    make = _make(endpoint, count())
    standing.get("one", make)
    with pytest.raises(OSError, match="no engine"):
        standing.get("other", fail)

    assert standing.get("one", make)[0] == 1
