"""Grants that are told to be narrow by how their actions are written."""

import pytest

from identity_guard.iam import Statement, attach
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.questions.root_level import takes_fewer_than


def statements(*actions: str, element: str = "Action", effect: str = "Allow") -> tuple[Statement, ...]:
    """Return one statement of these actions."""
    return attach({"Statement": {"Effect": effect, element: list(actions), "Resource": "*"}}).statements


@pytest.mark.parametrize(
    ("actions", "services"),
    [
        (["s3:*"], ["s3"]),
        (["S3:Get?bject", "s3:PutObject"], ["s3"]),
        (["s3:*", "ec2:Describe*"], ["s3", "ec2"]),
        (["tomorrow:*", "s3:*"], ["s3"]),
        (["iam:*"], ["iam"]),
        (["PutRolePolicy"], []),
        (["s3:Get:*", ":Get*"], ["s3"]),
    ],
)
def test_a_grant_takes_at_most_the_services_that_it_names(actions: list[str], services: list[str]) -> None:
    """All actions of those services, and one of which the catalogue does not know: no more, and no fewer."""
    most = sum(catalogue().sizes[service] for service in services) + 1

    assert takes_fewer_than(most + 1, statements(*actions))
    assert not takes_fewer_than(most, statements(*actions))


@pytest.mark.parametrize("pattern", ["*", "*:*", "s*:*", "s?:GetObject", "?", "*s3:GetObject"])
def test_a_service_that_is_not_written_out_leaves_it_open(pattern: str) -> None:
    """A pattern that may take any service is for those who work it out."""
    assert not takes_fewer_than(catalogue().size, statements("s3:GetObject", pattern))


def test_only_what_is_allowed_counts() -> None:
    """A Deny of everything is as narrow as can be; everything but something is not."""
    assert takes_fewer_than(2, statements("*", effect="Deny"))
    assert not takes_fewer_than(catalogue().size, statements("s3:*", element="NotAction"))
