"""`identity-center`: what `pulumi` has no verb for. One module for each verb."""

import argparse
import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from identity_center_cli.aws.answers import BrokenAnswerError
from identity_center_cli.aws.instance.found import InstanceNotFoundError
from identity_center_cli.exit_status import COULD_NOT_READ
from identity_center_cli.verbs import access, check, explain, mfa, organisation, root, snapshot

EPILOG = """Credentials and Region come from where boto3 finds them: the environment, a profile, a role.
Exit status: 0 all is as it should be, 1 something is not, 2 it could not be read or the call was wrong."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="identity-center",
        description="Tells what an organisation's access to AWS really is.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(title="commands", required=True)
    access.add_verb(verbs)
    check.add_verb(verbs)
    explain.add_verb(verbs)
    organisation.add_verb(verbs)
    root.add_verb(verbs)
    snapshot.add_verb(verbs)
    mfa.add_verb(verbs)
    parsed = parser.parse_args(arguments)
    try:
        status: int = parsed.act(parsed)
    except (
        BotoCoreError,
        ClientError,
        InstanceNotFoundError,
        access.UnusableOutputsError,
        *organisation.ERRORS,
        *check.ERRORS,
        *explain.ERRORS,
        *root.ERRORS,
        *mfa.ERRORS,
        *snapshot.ERRORS,
    ) as error:
        sys.stderr.write(f"identity-center: {error}\n")
        return COULD_NOT_READ
    except (BrokenAnswerError, ResponseParserError):
        # botocore's text quotes the answer.
        sys.stderr.write(f"identity-center: {BrokenAnswerError()}\n")
        return COULD_NOT_READ
    return status
