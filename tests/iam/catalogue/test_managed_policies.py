"""The shipped snapshot of AWS-managed policies."""

import pytest

from identity_guard.iam import (
    Document,
    judge,
    managed_attachment,
    managed_document,
    managed_names,
    managed_text,
    parse,
    snapshot_origin,
)

PREFIX = "arn:aws:iam::aws:policy/"


def test_the_snapshot_says_where_and_when_it_is_from() -> None:
    """Data without a date cannot be refreshed on purpose."""
    source, date = snapshot_origin()

    assert source
    assert len(date) == len("2026-11-23")


def test_every_policy_of_the_snapshot_can_be_read() -> None:
    """AWS's own documents are the largest corpus of valid ones there is."""
    names = managed_names()

    assert len(names) >= 1_582
    assert not [
        name
        for name in names
        if not isinstance(parse(managed_text(PREFIX + name) or "", of_aws=True), Document)
    ]


@pytest.mark.parametrize(
    "name", ["AdministratorAccess", "job-function/Billing", "service-role/AWSLambdaRole"]
)
def test_a_policy_is_found_by_its_arn(name: str) -> None:
    """Paths belong to the ARN, and not to the name."""
    assert managed_document(PREFIX + name) is not None
    assert managed_attachment(PREFIX + name).name == name.rpartition("/")[2]


def test_a_policy_has_the_arns_of_its_partition() -> None:
    """In China the documents name China's ARNs."""
    name = "job-function/DataScientist"
    here, china = managed_text(PREFIX + name) or "", managed_text(f"arn:aws-cn:iam::aws:policy/{name}") or ""

    assert '"arn:aws:' in here
    assert '"arn:aws:' not in china
    assert '"arn:aws-cn:' in china


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::aws:policy/NoSuchPolicy",
        "arn:aws:iam::aws:policy/administratoraccess",
        "arn:aws:iam::111122223333:policy/AdministratorAccess",
        "AdministratorAccess",
        "",
    ],
)
def test_a_policy_that_is_not_there_is_unknown_and_never_harmless(arn: str) -> None:
    """AWS adds policies; the pack says that it does not know one."""
    attachment = managed_attachment(arn)

    assert managed_document(arn) is None
    assert attachment.document is None
    assert judge([attachment]).root_level is None
    assert arn in judge([attachment]).undecided[0]
