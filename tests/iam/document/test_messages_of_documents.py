"""What is said about a document: what is shown of it, and about nothing that is right."""

from typing import Any

import pytest

from identity_guard.iam import Document, DocumentKind, Unreadable, parse

Json = dict[str, Any]
GRANT: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def reasons(decoded: Json) -> tuple[str, ...]:
    """Return why a decoded document cannot be read; it must not be readable."""
    found = parse(decoded)
    assert isinstance(found, Unreadable)
    return found.reasons


def document(*statements: Json) -> Json:
    """Put statements into a document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


LONG = "x" * 100
SHOWN = "x" * 60


@pytest.mark.parametrize(
    ("changed", "start"),
    [
        ({LONG: "*"}, f"Statement[0].{SHOWN}: IAM knows no such element"),
        ({"Condition": {LONG: {"a": "b"}}}, f"Statement[0].Condition.{SHOWN}: IAM knows no such operator"),
        ({"Condition": {LONG: []}}, f"Statement[0].Condition.{SHOWN}: expected an object"),
        ({"Condition": {"Bool": {LONG: None}}}, f"Statement[0].Condition.Bool.{SHOWN}: expected a text"),
        (
            {"Condition": {"DateEquals": {LONG: "x"}}},
            f"Statement[0].Condition.DateEquals.{SHOWN}: not a date",
        ),
    ],
)
def test_a_long_name_is_shown_in_part(changed: Json, start: str) -> None:
    """A message that quotes a page of somebody's text is read by nobody."""
    (reason,) = reasons(document({**GRANT, **changed}))

    assert reason.startswith(start)


def test_the_same_key_in_two_cases_is_an_error_in_a_decoded_document_too() -> None:
    """A program hands over what no text could say: which of the two holds would be chance."""
    condition = {"Bool": {"aws:SecureTransport": "true", "AWS:securetransport": "false"}}

    assert reasons(document({**GRANT, "Condition": condition})) == (
        "Statement[0].Condition.Bool: a condition key is given twice; keys have no case",
    )


def test_only_what_is_given_twice_is_called_so() -> None:
    """Whoever mends the wrong statement mends nothing."""
    sids = ["x" * 100, "Once", "x" * 100]

    assert reasons(document(*({**GRANT, "Sid": sid} for sid in sids))) == (
        f"Statement: the Sid `{SHOWN}` is given twice; IAM wants each once",
    )


def test_a_wrong_version_is_told_the_right_ones() -> None:
    """There are two, and people know neither by heart."""
    assert reasons({**document(GRANT), "Version": "2020-01-01"}) == (
        "Version: expected `2012-10-17` or `2008-10-17`",
    )


def test_a_trust_statement_is_about_the_role_itself() -> None:
    """It names no resource, and what it allows is allowed on the role that it belongs to."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    found = parse(document(statement), DocumentKind.TRUST)

    assert isinstance(found, Document)
    assert (found.statements[0].resources, found.statements[0].resources_excluded) == (("*",), False)
