"""Conditions on keys that hang together: MFA and its age, the time, the address, the route, the Region."""

from typing import Any

import pytest

from identity_guard.iam import Verdict, attach, judge
from identity_guard.iam.evaluate.context_state import MOST_VALUES
from identity_guard.iam.evaluate.linked_keys import DECADE
from identity_guard.iam.text.operators import EXAMPLE_ADDRESS, PRIVATE

Json = dict[str, Any]
NOW = 1_795_000_000.0
AGE, PRESENT = "aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent"
ADDRESS, EPOCH = "aws:SourceIp", "aws:EpochTime"


def under(condition: Json, actions: str = "*") -> Verdict:
    """Judge an Allow under a condition."""
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*", "Condition": condition}
    return judge([attach({"Version": "2012-10-17", "Statement": statement})], now=NOW)


FREE: dict[str, Json] = {
    "no MFA": {"Bool": {PRESENT: "false"}},
    "keys without a session": {"Null": {PRESENT: "true"}},
    "MFA of under a minute": {"NumericLessThan": {AGE: "60"}},
    "MFA of exactly a minute": {"NumericEquals": {AGE: "60"}},
    "MFA of over an hour": {"NumericGreaterThan": {AGE: "3600"}},
    "MFA of this second": {"NumericLessThanEquals": {AGE: "0"}},
    "a decade and more": {"NumericLessThan": {EPOCH: f"{NOW + DECADE:.0f}"}},
    "eleven years": {"DateLessThan": {"aws:CurrentTime": "2037-11-20T00:00:00Z"}},
    "from this second on": {"NumericGreaterThanEquals": {EPOCH: f"{NOW:.0f}"}},
    "not what nobody calls from": {"NotIpAddress": {ADDRESS: [*PRIVATE, "::/0"]}},
    "the same in other pieces": {
        "NotIpAddress": {ADDRESS: ["0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "127.0.0.0/8", "::/0"]}
    },
    "all but one address in a hundred": {"NotIpAddress": {ADDRESS: ["20.0.0.0/8", "30.0.0.0/9", "::/0"]}},
    "not the example address": {"NotIpAddress": {ADDRESS: [EXAMPLE_ADDRESS, "::/0"]}},
    "half of the old addresses, all of the new": {"IpAddress": {ADDRESS: ["0.0.0.0/1", "::/0"]}},
    "all of the new addresses in halves": {"IpAddress": {ADDRESS: ["::/1", "8000::/1"]}},
    "not one net of the new addresses": {"NotIpAddress": {ADDRESS: ["0.0.0.0/0", "2001:db8::/32"]}},
    "all but one new address in a hundred": {"NotIpAddress": {ADDRESS: ["0.0.0.0/0", "2000::/7"]}},
    "a route that is not taken": {"StringNotEquals": {"aws:CalledViaFirst": "athena.amazonaws.com"}},
    "not a Region that is no Region": {"StringNotEquals": {"aws:RequestedRegion": "nowhere"}},
}


@pytest.mark.parametrize("name", FREE)
def test_a_condition_that_everybody_can_meet_restricts_nothing(name: str) -> None:
    """The holder chooses MFA and how long ago; time goes on, and most addresses are open to all."""
    found = under(FREE[name])

    assert found.root_level is True
    assert found.witness is not None


BOUND: dict[str, Json] = {
    "an age below none": {"NumericLessThan": {AGE: "0"}},
    "an age without MFA": {"Bool": {PRESENT: "false"}, "Null": {AGE: "false"}},
    "MFA without an age": {"Bool": {PRESENT: "true"}, "Null": {AGE: "true"}},
    "a second less than a decade": {"NumericLessThan": {EPOCH: f"{NOW + DECADE - 1:.0f}"}},
    "nine years": {"DateLessThan": {"aws:CurrentTime": "2035-11-20T00:00:00Z"}},
    "one second more": {"NumericLessThanEquals": {EPOCH: f"{NOW:.0f}"}},
    "not yet": {"NumericGreaterThan": {EPOCH: f"{NOW:.0f}"}},
    "half of the new addresses": {"IpAddress": {ADDRESS: "::/1"}},
    "the other half": {"IpAddress": {ADDRESS: "8000::/1"}},
    "all but two addresses in a hundred": {"NotIpAddress": {ADDRESS: ["20.0.0.0/7", "30.0.0.0/8", "::/0"]}},
    "all but a net beside what nobody calls from": {"NotIpAddress": {ADDRESS: ["8.0.0.0/6", "::/0"]}},
    "the net of the example address": {"IpAddress": {ADDRESS: "198.51.100.0/24"}},
    "all but two new addresses in a hundred": {"NotIpAddress": {ADDRESS: ["0.0.0.0/0", "2000::/6"]}},
    "what lies around the middle": {"IpAddress": {ADDRESS: ["0.0.0.0/3", "160.0.0.0/3", "192.0.0.0/3"]}},
    "what lies in the middle": {"IpAddress": {ADDRESS: ["64.0.0.0/3", "96.0.0.0/3", "128.0.0.0/3"]}},
    "a quarter beside the middle": {"IpAddress": {ADDRESS: ["32.0.0.0/3", "64.0.0.0/3"]}},
    "only through a service": {"Null": {"aws:CalledVia": "false"}},
    "a Region of tomorrow": {"StringEquals": {"aws:RequestedRegion": "eu-north-9"}},
}


@pytest.mark.parametrize("name", BOUND)
def test_a_condition_that_not_every_call_meets_restricts(name: str) -> None:
    """What holds for some callers, until some day or from some places is no power over everything."""
    assert under(BOUND[name]).root_level is False


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {ADDRESS: "203.0.113.7"}},
        {"IpAddress": {ADDRESS: "10.0.0.1"}},
        {"IpAddress": {ADDRESS: EXAMPLE_ADDRESS}},
        {"IpAddress": {ADDRESS: "2001:db8::1"}},
        {"StringEquals": {ADDRESS: "203.0.113.7"}},
        {"Null": {ADDRESS: "true"}},
        {"NotIpAddress": {ADDRESS: "198.51.100.0/24"}},
        {"NumericGreaterThan": {EPOCH: f"{NOW + 7:.0f}"}},
        {"NumericEquals": {EPOCH: f"{NOW + 7:.0f}"}},
        {"NumericGreaterThan": {EPOCH: f"{NOW + 7:.0f}"}, "NumericLessThan": {EPOCH: f"{NOW + 9:.0f}"}},
        {"DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
        {"StringEquals": {"aws:RequestedRegion": "eu-north-9"}},
        {"StringEquals": {"aws:RequestedRegion": "ap-southeast-7"}},
        {"ForAnyValue:StringEquals": {"aws:CalledVia": ["athena.amazonaws.com"]}},
        {"StringEquals": {"aws:CalledViaLast": "glue.amazonaws.com"}},
        {"StringLike": {"aws:CalledViaFirst": "a*.amazonaws.com"}},
        {"Bool": {"aws:ViaAWSService": "true"}},
    ],
    ids=str,
)
def test_one_state_without_mfa_is_enough_and_the_call_shows_it(condition: Json) -> None:
    """A thief needs one address, one moment, one Region; the call that is shown is in that state."""
    found = under(condition, "s3:*")

    assert found.mfa_enforced is False
    assert found.witness_without_mfa is not None


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {ADDRESS: "203.0.113.7"}, "NotIpAddress": {ADDRESS: "203.0.113.0/24"}},
        {"NumericGreaterThan": {EPOCH: "1900000000"}, "NumericLessThan": {EPOCH: "1900000001"}},
        {"DateLessThan": {"aws:CurrentTime": "2026-11-01T00:00:00Z"}},
        {"StringEquals": {"aws:RequestedRegion": "nowhere"}},
        {"Bool": {"aws:ViaAWSService": "true"}, "Null": {"aws:CalledVia": "true"}},
        {"Bool": {PRESENT: "false"}, "NumericLessThan": {AGE: "9000"}},
    ],
    ids=str,
)
def test_what_is_never_so_needs_no_mfa(condition: Json) -> None:
    """Keys that hang together exclude each other: no call is outside a net that it is in."""
    found = under(condition, "s3:*")

    assert found.mfa_enforced is True
    assert found.witness_without_mfa is None


def test_an_age_or_a_time_that_is_none_is_left_open() -> None:
    """A word where a number should be says nothing for certain, and breaks nothing."""
    assert under({"NumericLessThan": {AGE: "soon"}}).root_level is None
    assert under({"NumericLessThan": {EPOCH: "soon"}}).root_level is None
    assert under({"IpAddress": {ADDRESS: "home"}}).root_level is None


NETS = [f"203.0.{number}.0/24" for number in range(MOST_VALUES + 1)]
SERVICES = [f"service{number}.amazonaws.com" for number in range(MOST_VALUES + 1)]
DAYS = [f"{NOW + 86_400 * number:.0f}" for number in range(1, MOST_VALUES + 2)]


@pytest.mark.parametrize(
    ("operator", "key", "values"),
    [
        ("IpAddress", ADDRESS, NETS),
        ("ForAnyValue:StringEquals", "aws:CalledVia", SERVICES),
        ("NumericEquals", EPOCH, DAYS),
    ],
)
def test_what_lies_beyond_the_values_that_are_tried_is_not_called_safe(
    operator: str, key: str, values: list[str]
) -> None:
    """One net of many without MFA is a way in; where it is not among those tried, the answer is open."""

    def but_the_last(number: int) -> Verdict:
        allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
        given = (allow, values[:number]), (deny, values[: number - 1])
        statements = [{**each, "Condition": {operator: {key: named}}} for each, named in given]
        return judge([attach({"Version": "2012-10-17", "Statement": statements})], now=NOW)

    assert but_the_last(MOST_VALUES).mfa_enforced is False
    assert but_the_last(MOST_VALUES + 1).mfa_enforced is None
    assert but_the_last(MOST_VALUES + 1).undecided


@pytest.mark.parametrize(
    ("network", "address"),
    [("10.0.0.0/7", "11.0.0.0"), ("192.0.0.0/8", "192.0.0.0"), ("10.0.0.0/9", "10.0.0.0")],
)
def test_a_call_is_shown_from_an_address_that_somebody_calls_from(network: str, address: str) -> None:
    """A call from a private network tells nobody how a grant is used; it is shown where there is no other."""
    call = under({"IpAddress": {ADDRESS: network}}, "s3:*").witness_without_mfa

    assert call is not None
    assert call.context[ADDRESS] == address
