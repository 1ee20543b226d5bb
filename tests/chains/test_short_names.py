"""A step names identities as people know them, and nothing that is no ARN ends a run."""

import pytest

from identity_guard.chains.steps import short


@pytest.mark.parametrize(
    ("arn", "told"),
    [
        ("arn:aws:iam::123456789012:user/boss", "user/boss"),
        ("arn:aws:lambda:eu-west-1:123456789012:function:clean", "lambda:function:clean"),
        ("arn:aws:iam::123456789012", "arn:aws:iam::123456789012"),
        ("boss", "boss"),
        ("", ""),
    ],
)
def test_a_name_is_told_as_people_know_it(arn: str, told: str) -> None:
    """Somebody wrote half an ARN: a preview that ends with a traceback says nothing of all the rest."""
    assert short(arn) == told
