"""A type or function that the stand-in does not have: the message leads on, and not astray."""

import pytest

from sandbox.provider.table import NotInTableError, invoke, resource_type


def test_a_misspelt_type_is_told_the_nearest_of_its_service() -> None:
    """A letter too many is found at once."""
    with pytest.raises(NotInTableError, match=r"did you mean aws:iam/user:User"):
        resource_type("aws:iam/user:Userr")


@pytest.mark.parametrize("token", ["aws:s3/bucket:Bucket", "aws:sqs/queue:Queue"])
def test_a_service_that_is_not_there_is_no_misspelt_user(token: str) -> None:
    """Who tried a bucket was asked whether a user of IAM was meant."""
    with pytest.raises(NotInTableError) as refused:
        resource_type(token)

    said = str(refused.value)
    assert "did you mean" not in said
    assert f"it has no resource type of {token.partition('/')[0]} at all" in said
    assert "aws:iam, aws:identitystore, aws:organizations, aws:ssoadmin" in said


def test_the_same_holds_for_functions() -> None:
    """A program asks before it makes anything."""
    with pytest.raises(NotInTableError, match=r"it has no function of aws:s3 at all"):
        invoke("aws:s3/getBucket:getBucket")
