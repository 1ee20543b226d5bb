"""With which profile, in which Region and on which instance a verb asks AWS; where people sign in."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from identity_center_cli.aws.portal.sso_session import SsoSession

if TYPE_CHECKING:
    import boto3

    from identity_center.model.language.settings import AwsSettings

#: Outputs of a stack that say where it is.
REGION: Final = "region"
INSTANCE_ARN: Final = "instance_arn"
#: The output that says where people sign in.
PORTAL: Final = "portal_url"
#: What `profiles` and `verify` call the sso-session, unless they are told otherwise.
SESSION_NAME: Final = "identity-center"
NO_REGION: Final = (
    "it is not said which Region to ask: give --region, set AWS_REGION, or give what "
    "`pulumi stack output --json` prints"
)
OUTPUTS: Final = "what `pulumi stack output --json` printed (`-`: standard input)"


class UnusableOutputsError(Exception):
    """A file that should hold a stack's outputs does not."""


class NoPortalError(ValueError):
    """It is not said where people sign in."""


@dataclass(frozen=True)
class Connection:
    """Who asks, and where. What is None is left to boto3's own rules."""

    profile: str | None = None
    region: str | None = None
    instance_arn: str | None = None

    def session(self) -> "boto3.Session":
        """Return a session for it. Raises botocore's errors where there is no such profile."""
        import boto3  # noqa: PLC0415  # takes longer to load than a verb that asks nobody takes to answer

        return boto3.Session(profile_name=self.profile, region_name=self.region)

    def settings(self) -> "AwsSettings":
        """Return the same as the program's settings say it."""
        from identity_center.model.language.settings import AwsSettings  # noqa: PLC0415  # as above

        return AwsSettings(profile=self.profile, region=self.region)


def add_connection_options(verb: argparse.ArgumentParser, *, instance: bool = False) -> None:
    """Add the options of a verb that asks AWS; `instance` where it asks one instance."""
    group = verb.add_argument_group("which AWS to ask")
    group.add_argument("--profile", metavar="NAME", help="of the AWS configuration (default: AWS_PROFILE)")
    group.add_argument(
        "--region",
        metavar="REGION",
        help="where Identity Center is enabled (default: that of the stack whose outputs are given, else "
        "as boto3 finds it)",
    )
    if instance:
        group.add_argument(
            "--instance-arn",
            metavar="ARN",
            help="the Identity Center instance, where there are several (default: that of the stack whose "
            "outputs are given)",
        )


def add_outputs_option(verb: "argparse._ActionsContainer") -> None:
    """Add the option that takes Region and instance from a stack."""
    verb.add_argument("--outputs", metavar="FILE", help=f"{OUTPUTS}: its Region and instance are asked")


def connection(arguments: argparse.Namespace, outputs: Mapping[str, Any] | None = None) -> Connection:
    """Return what options say, and for what they leave out, the outputs of a stack.

    `outputs` are those that were read already; else they are read where --outputs names them.
    Raises UnusableOutputsError.
    """
    if outputs is None:
        outputs = read_outputs(arguments.outputs) if getattr(arguments, "outputs", None) else {}
    return Connection(
        profile=arguments.profile,
        region=arguments.region or _text(outputs, REGION),
        instance_arn=getattr(arguments, "instance_arn", None) or _text(outputs, INSTANCE_ARN),
    )


def add_portal_options(group: "argparse._ActionsContainer") -> None:
    """Add what says where people sign in."""
    group.add_argument("--start-url", metavar="URL", help=f"the access portal (default: output {PORTAL})")
    group.add_argument("--sso-region", metavar="REGION", help=f"of the instance (default: output {REGION})")
    group.add_argument(
        "--session-name",
        default=SESSION_NAME,
        metavar="NAME",
        help=f"the sso-session (default: {SESSION_NAME})",
    )


def sso_session(
    arguments: argparse.Namespace, outputs: Mapping[str, Any], configured: SsoSession | None = None
) -> SsoSession:
    """Return where people sign in: by options, else by outputs, else as it was configured.

    Raises NoPortalError.
    """
    url = arguments.start_url or _text(outputs, PORTAL) or (configured and configured.start_url)
    region = arguments.sso_region or _text(outputs, REGION) or (configured and configured.region)
    missing = [] if url else ["the portal (--start-url, or a stack's outputs)"]
    missing += [] if region else ["the Region of the instance (--sso-region, or a stack's outputs)"]
    if not url or not region:
        raise NoPortalError(f"it is not said where people sign in: {' and '.join(missing)} is missing")
    return SsoSession(arguments.session_name, url, region)


def _text(outputs: Mapping[str, Any], name: str) -> str | None:
    value = outputs.get(name)
    return value if isinstance(value, str) and value else None


def read_outputs(source: str) -> dict[str, Any]:
    """Read the outputs of a stack. Raises UnusableOutputsError where the text is something else."""
    text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    try:
        outputs = json.loads(text)
    except ValueError as error:
        raise UnusableOutputsError(
            f"{source} is not what `pulumi stack output --json` prints ({type(error).__name__}: {error})"
        ) from error
    if not isinstance(outputs, dict):
        raise UnusableOutputsError(f"{source} is not what `pulumi stack output --json` prints: no mapping")
    return outputs
