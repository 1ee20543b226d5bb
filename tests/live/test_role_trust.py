"""Whether the roles of account access manager let that service in."""

import json
from typing import Any

import pytest

from identity_center.model.access.other_accounts import SERVICE, RoleTrust
from identity_center_cli.aws.lookups.role_trust import judge_role_trust

MANAGEMENT = "111122223333"
ALL = ["sts:AssumeRole", "sts:SetContext", "sts:TagSession"]


def trust(*actions: str, **condition: dict[str, str]) -> str:
    """Return a trust policy that lets the service do some actions."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": [*actions],
        "Condition": condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


OF_MANAGEMENT = {"aws:SourceAccount": MANAGEMENT}
OF_THE_APPLICATION = {"aws:SourceArn": f"arn:aws:account-access:us-east-1:{MANAGEMENT}:application/aam-1"}
CASES = {
    "all that it needs": (trust(*ALL), MANAGEMENT, RoleTrust()),
    "no session tags": (trust(*ALL[:2]), MANAGEMENT, RoleTrust(refuses_tags=True)),
    "no context": (trust(ALL[0], ALL[2]), MANAGEMENT, RoleTrust(refuses=("sts:SetContext",))),
    "for the management account": (trust(*ALL, StringEquals=OF_MANAGEMENT), MANAGEMENT, RoleTrust()),
    "for the account of the role, which is the usual mistake": (
        trust(*ALL, StringEquals={"aws:SourceAccount": "444455556666"}),
        MANAGEMENT,
        RoleTrust(refuses=("sts:AssumeRole", "sts:SetContext"), refuses_tags=True),
    ),
    "the management account is not known": (
        trust(*ALL, StringEquals=OF_MANAGEMENT),
        None,
        RoleTrust(
            undecided="the trust policy lets the service in on conditions that are not decided here "
            "(aws:sourceaccount)"
        ),
    ),
    "for one application": (
        trust(*ALL, StringEquals=OF_MANAGEMENT, ArnEquals=OF_THE_APPLICATION),
        MANAGEMENT,
        RoleTrust(
            undecided="the trust policy lets the service in on conditions that are not decided here "
            "(aws:sourcearn)"
        ),
    ),
    "a star": (
        json.dumps({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:*"}}),
        MANAGEMENT,
        RoleTrust(undecided="the trust policy does not name the service itself"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_role_is_in_order_only_if_its_trust_certainly_lets_the_service_in(
    case: tuple[str, str | None, RoleTrust],
) -> None:
    """AWS refuses nothing here: people find out that they cannot get in."""
    text, management, expected = case

    assert judge_role_trust(text, management) == expected


def test_a_trust_that_cannot_be_read_is_undecided() -> None:
    """It is no proof that the role lets nobody in."""
    assert judge_role_trust("{", MANAGEMENT).undecided.startswith("the trust policy cannot be read (")
