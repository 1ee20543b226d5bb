"""How a command that asked AWS in vain tells it."""

from botocore.exceptions import BotoCoreError, ClientError, NoRegionError
from botocore.parsers import ResponseParserError

from identity_center_cli.aws.answers import BrokenAnswerError
from identity_center_cli.aws.instance.found import InstanceNotFoundError
from identity_center_cli.connection import NO_REGION


def told_of_aws(error: Exception) -> str | None:
    """Return what to say where asking AWS failed; None where it was something else."""
    if isinstance(error, BrokenAnswerError | ResponseParserError):
        # botocore's text quotes the answer.
        return str(BrokenAnswerError())
    if isinstance(error, NoRegionError):
        return NO_REGION
    return str(error) if isinstance(error, BotoCoreError | ClientError | InstanceNotFoundError) else None
