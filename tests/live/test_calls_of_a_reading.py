"""How many requests a whole reading takes, for organisations of three shapes: the fewest that the API allows.

At 20 requests a second, which is all that Identity Center takes, each request too many is time in which
nobody else's work gets through.
"""

from collections import Counter
from typing import NamedTuple

import boto3
import pytest

from identity_center.model.existing.least_calls import least_calls, minutes
from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws.instance.reader import HowToRead, read_instance
from sandbox.aws.accounts.large_instance import Size, populate
from sandbox.settings import REGION


class Shape(NamedTuple):
    """An organisation, and the smallest number of requests that a reading of it takes."""

    size: Size
    calls: int
    minutes: float
    """At 20 requests a second."""


SHAPES = {
    "a few of everything": Shape(Size(sets=20, accounts=40, assignments=400, users=60, groups=20), 450, 0.4),
    "many principals with few sets in few accounts": Shape(
        Size(sets=9, accounts=8, assignments=4000, users=400, groups=330), 507, 0.4
    ),
    "a large organisation": Shape(
        Size(sets=200, accounts=300, assignments=10_000, users=600, groups=150), 6041, 5.0
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_reading_takes_no_more_than_a_tenth_above_the_bound_and_finds_who_is_gone(
    name: str, session: boto3.Session, calls: Counter[str]
) -> None:
    """What takes twice the requests takes twice the time, and throttles everybody else's work."""
    size, bound, at_20_a_second = SHAPES[name]
    assert session.region_name == REGION
    deleted = populate(REGION, size)

    existing = read_instance(
        AwsSettings(region=REGION), HowToRead(per_second=100_000, organizations_per_second=100_000)
    )

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
