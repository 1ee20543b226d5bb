"""Allowed only in named Regions, hours or addresses restricts; allowed everywhere but in them does not."""

from typing import Final

import pytest

from identity_guard.iam.catalogue.regions import REGIONS
from tests.iam.statements import Json, allow, deny, verdict

REGION, TIME, ADDRESS = "aws:RequestedRegion", "aws:CurrentTime", "aws:SourceIp"
GLOBAL: Final = ["iam:*", "sts:*", "organizations:*", "account:*", "route53:*", "cloudfront:*", "support:*"]
HERE: Final = ["eu-west-1", "eu-central-1"]
MOST: Final = list(REGIONS["aws"])[1:-3]


def between(begin: str, end: str) -> Json:
    """Return a condition on the time."""
    return {"DateGreaterThan": {TIME: begin}, "DateLessThan": {TIME: end}}


ROOT_LEVEL: Final[dict[str, list[Json]]] = {
    "but in one Region": [allow(), deny(Condition={"StringEquals": {REGION: "me-south-1"}})],
    "but in two Regions": [allow(), deny(Condition={"StringEquals": {REGION: ["me-south-1", "af-south-1"]}})],
    "but in the Regions of a continent": [allow(), deny(Condition={"StringLike": {REGION: "ap-*"}})],
    "but in a Region, by the Allow": [allow(Condition={"StringNotEquals": {REGION: "sa-east-1"}})],
    "but EC2 in one Region": [allow(), deny("ec2:*", Condition={"StringEquals": {REGION: "me-south-1"}})],
    "but for some hours": [
        allow(),
        deny(Condition=between("2026-12-24T18:00:00Z", "2026-12-25T06:00:00Z")),
    ],
    "but for a few days": [allow(), deny(Condition=between("2026-12-24T00:00:00Z", "2026-12-31T00:00:00Z"))],
    "but at one moment": [allow(Condition={"DateNotEquals": {TIME: "2027-01-01T00:00:00Z"}})],
    "but from one network": [allow(), deny(Condition={"IpAddress": {ADDRESS: "198.51.100.0/24"}})],
    "but for a tag": [allow(), deny(Condition={"StringEquals": {"aws:ResourceTag/keep": "yes"}})],
}

RESTRICTED: Final[dict[str, list[Json]]] = {
    "only in one Region": [allow(Condition={"StringEquals": {REGION: "eu-west-1"}})],
    "only in two, by a Deny": [allow(), deny(Condition={"StringNotEquals": {REGION: HERE}})],
    "only in most Regions": [allow(Condition={"StringEquals": {REGION: MOST}})],
    "but in most Regions": [allow(), deny(Condition={"StringEquals": {REGION: MOST}})],
    "but where the global services are": [allow(), deny(Condition={"StringEquals": {REGION: "us-east-1"}})],
    "only for some hours": [allow(Condition=between("2026-11-18T00:00:00Z", "2026-11-19T00:00:00Z"))],
    "only until": [allow(Condition={"DateLessThan": {TIME: "2027-01-01T00:00:00Z"}})],
    "only from next year on": [allow(Condition={"DateGreaterThan": {TIME: "2027-01-01T00:00:00Z"}})],
    "only from one network": [allow(Condition={"IpAddress": {ADDRESS: "198.51.100.0/24"}})],
    "only for a tag": [allow(Condition={"StringEquals": {"aws:ResourceTag/team": "a"}})],
    "only outside of one Region, IAM aside": [
        allow(Condition={"StringNotEquals": {REGION: "me-south-1"}}),
        deny("iam:*"),
    ],
}


@pytest.mark.parametrize("name", ROOT_LEVEL)
def test_allowed_everywhere_but_in_named_ones_is_root_level(name: str) -> None:
    """To spare a Region that nobody needs takes nothing from whoever has all the others."""
    assert verdict(*ROOT_LEVEL[name]).root_level is True


@pytest.mark.parametrize("name", RESTRICTED)
def test_allowed_only_in_named_ones_is_not(name: str) -> None:
    """Who can act in one Region only, or until tomorrow, has no power over everything."""
    assert verdict(*RESTRICTED[name]).root_level is False


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringNotLike"])
def test_a_lock_that_spares_the_global_services_leaves_an_administrator(operator: str) -> None:
    """IAM is whole there: who has it writes a policy without the lock."""
    spared = {**deny(Condition={operator: {REGION: HERE}}), "NotAction": GLOBAL}
    del spared["Action"]
    found = verdict(allow(), spared)

    assert (found.root_level, found.administrator) == (False, True)


@pytest.mark.parametrize(
    "statements",
    [
        [allow(), deny(Condition={"StringNotEquals": {REGION: HERE}})],
        [allow(Condition={"StringEquals": {REGION: HERE}})],
        [allow("ec2:*", Condition={"StringEquals": {REGION: HERE}}), allow("iam:*")],
    ],
)
def test_a_lock_that_spares_nothing_leaves_none(statements: list[Json]) -> None:
    """IAM answers in one Region, and that one is locked; or there is little besides IAM."""
    assert verdict(*statements).administrator is False
