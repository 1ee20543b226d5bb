"""How many requests a whole reading takes, for organisations of three shapes: the fewest that the API allows.

At 20 requests a second, which is all that Identity Center takes, each request too many is time in which
nobody else's work gets through.
"""

from collections import Counter
from typing import NamedTuple

import boto3
import pytest

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.least_calls import least_calls, minutes
from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws.instance.reader import HowToRead, OtherInstanceError, read_instance
from sandbox.aws.accounts.large_instance import Size, populate
from sandbox.aws.accounts.surroundings import ANY_POLICY, Surroundings
from sandbox.settings import REGION


class Shape(NamedTuple):
    """An organisation, and the smallest number of requests that a reading of it takes."""

    size: Size
    calls: int
    minutes: float
    """At 20 requests a second."""


# The large organisation has 200 sets, 300 accounts and 10,000 assignments: bench/adoption.py reads all of it.
SHAPES = {
    "a few of everything": Shape(Size(sets=20, accounts=40, assignments=400, users=60, groups=20), 451, 0.4),
    "many principals with few sets in few accounts": Shape(
        Size(sets=9, accounts=8, assignments=4000, users=400, groups=330), 508, 0.4
    ),
    "a fifth of a large organisation": Shape(
        Size(sets=40, accounts=60, assignments=2000, users=120, groups=30), 1229, 1.0
    ),
}


def read(since: Existing | None = None) -> Existing:
    """Read everything, as fast as this machine can."""
    how = HowToRead(per_second=100_000, organizations_per_second=100_000, since=since)
    return read_instance(AwsSettings(region=REGION), how)


@pytest.mark.parametrize("name", SHAPES)
def test_a_reading_takes_no_more_than_a_tenth_above_the_bound_and_finds_who_is_gone(
    name: str, session: boto3.Session, calls: Counter[str]
) -> None:
    """What takes twice the requests takes twice the time, and throttles everybody else's work."""
    size, bound, at_20_a_second = SHAPES[name]
    assert session.region_name == REGION
    deleted = populate(REGION, size)

    existing = read()

    found = (existing.permission_sets, existing.accounts, existing.assignments, existing.groups)
    assert tuple(map(len, found)) == (size.sets, size.accounts, size.assignments, size.groups)
    assert existing.unread == ()
    least = least_calls(existing)
    assert sum(least.values()) == bound, least
    assert round(minutes(bound), 1) == at_20_a_second
    assert calls.total() <= 1.1 * bound, (calls.total(), calls)
    gone = {each.principal_id for each in existing.gone_assignments()}
    assert gone == deleted
    assert gone, "a shape in which nobody is gone proves nothing"


def test_a_reading_that_goes_on_from_an_earlier_one_finds_the_same_with_fewer_requests(
    around: Surroundings, calls: Counter[str]
) -> None:
    """Whoever looks every night pays for what may have changed, and is told what cannot have been seen."""
    populate(REGION, SHAPES["a few of everything"].size)
    first = read()
    _change_by_hand(around, first)
    calls.clear()

    second = read(since=first)
    taken = calls.total()
    third = read(since=second)
    calls.clear()
    whole = read()

    times = {"read_from": whole.read_from, "read_until": whole.read_until, "last_whole": ""}
    assert second.model_copy(update=times) == whole
    assert taken < 0.75 * calls.total(), (taken, calls.total())
    assert {second.last_whole, third.last_whole} == {first.read_from}, "what was never seen stays unseen"
    (unseen,) = second.not_seen
    assert f"who came and went since {first.read_from}" in str(unseen)
    with pytest.raises(OtherInstanceError, match="the earlier reading is of arn:of:another"):
        read(since=first.model_copy(update={"instance_arn": "arn:of:another"}))


def _change_by_hand(made: Surroundings, first: Existing) -> None:
    """Change assignments in each way that there is, and a permission set."""
    one, other = (each for each in first.assignments[:2] if each.principal_type == "GROUP")
    made.unassign(one.permission_set_arn, one.principal_id, one.account_id)
    new = made.user("newcomer")
    made.assign(other.permission_set_arn, new, other.account_id, "USER")
    unused = made.permission_set("Unused")
    gone = made.user("came-and-went")
    made.assign(unused, gone, other.account_id, "USER")
    made.store.delete_user(IdentityStoreId=made.store_id, UserId=gone)
    in_person = {each.principal_id for each in first.assignments if each.principal_type == "USER"}
    left = min(in_person - {each.principal_id for each in first.gone_assignments()})
    made.store.delete_user(IdentityStoreId=made.store_id, UserId=left)
    made.sso.put_inline_policy_to_permission_set(
        **made.of_set(other.permission_set_arn), InlinePolicy=ANY_POLICY
    )
