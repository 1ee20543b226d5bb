"""Colons in the names of IAM: a path may have some, and a question mark may stand for one."""

import pytest

from identity_guard.iam.evaluate.arn_patterns import can_be_matched
from identity_guard.iam.evaluate.callers import PRINCIPAL_ARN, can_be_a_callers


@pytest.mark.parametrize(
    "pattern",
    [
        "arn:aws:iam::111122223333:role/team:a/*",
        "arn:aws:iam::*:user/team:*",
        "arn:aws:iam:?111122223333:role/*",
        "arn:aws:iam::111122223333?role/*",
    ],
)
def test_some_arn_fits(pattern: str) -> None:
    """IAM API Reference, CreateRole (Path): any character from `!` on, colons too."""
    assert can_be_matched(pattern)


def test_an_arn_with_a_region_or_a_short_account_fits_nothing() -> None:
    """A colon in a path is none that parts an ARN."""
    assert not can_be_matched("arn:aws:iam:us-east-1:111122223333:role/a:b")
    assert not can_be_matched("arn:aws:iam::1111:role/team:a/*")


@pytest.mark.parametrize("arn", ["arn:aws:iam::111122223333:role/team:a/Deploy"])
def test_a_role_on_a_path_with_a_colon_calls(arn: str) -> None:
    """A condition that asks for it can be met."""
    assert can_be_a_callers(PRINCIPAL_ARN, arn)


def test_a_group_calls_nobody() -> None:
    """Whatever part of the ARN its pattern begins with."""
    assert not can_be_a_callers(PRINCIPAL_ARN, "arn:aws:iam::*:group/x")
    assert not can_be_a_callers(PRINCIPAL_ARN, "*:group/x")


@pytest.mark.parametrize(
    ("resource", "can"),
    [("user/${x}", False), ("user/${x}/*", True), ("role/${x}*", True), ("role/a/${x}-b", False)],
)
def test_a_path_may_have_a_brace_and_a_name_has_none(resource: str, *, can: bool) -> None:
    """A document of 2008 takes a variable as it is written: told to grant nothing, it was waved through."""
    assert can_be_matched(f"arn:aws:iam::111122223333:{resource}") is can
