"""The additional Regions that a stack lists, as the instance has them.

Source: API reference, DescribeInstance.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from identity_center_cli.aws.answers import Unseen, part
from identity_center_cli.aws.instance.found import the_instance
from identity_center_cli.aws.retries import ADAPTIVE
from identity_center_cli.connection import connection

from .assignments import Row

_ACTIVE: Final = "ACTIVE"


def verify_regions(
    arguments: argparse.Namespace, outputs: Mapping[str, Any], listed: tuple[str, ...]
) -> "VerifiedRegions":
    """Ask AWS, once, how each Region stands. Raises InstanceNotFoundError."""
    asked, unseen = connection(arguments, outputs), Unseen()
    sso: Any = asked.session().client("sso-admin", config=ADAPTIVE)
    arn = the_instance(sso, asked.instance_arn).arn
    told = unseen.ask("sso:DescribeInstance", lambda: part(sso.describe_instance(InstanceArn=arn), "Regions"))
    standing = None if told is None else {each["RegionName"]: each["Status"] for each in told}
    return VerifiedRegions(listed, standing, tuple(unseen.reasons))


@dataclass(frozen=True)
class VerifiedRegions:
    """What is there, and what is not."""

    listed: tuple[str, ...]
    standing: Mapping[str, str] | None
    """Status by Region of the instance; None where AWS did not say."""
    unread: tuple[str, ...]
    """What AWS did not answer."""

    @property
    def broken(self) -> bool:
        """Whether people cannot sign in at one of them."""
        return self.standing is not None and any(self._status(each) != _ACTIVE for each in self.listed)

    def _status(self, region: str) -> str:
        return "not read" if self.standing is None else self.standing.get(region, "not in the instance")

    def show(self) -> None:
        """Name what is broken, then count."""
        if self.standing is None:
            sys.stderr.writelines(f"NOT VERIFIED: additional Region {each}\n" for each in self.listed)
            return
        for each in self.listed:
            if each not in self.standing:
                sys.stderr.write(f"MISSING: additional Region {each}: run `pulumi up --refresh`\n")
            elif self._status(each) != _ACTIVE:
                sys.stderr.write(f"NOT ACTIVE: additional Region {each} is {self._status(each)}\n")
        fine = sum(self._status(each) == _ACTIVE for each in self.listed)
        of = f"{len(self.listed)} additional Regions of the stack"
        sys.stdout.write(f"people can sign in at {fine} of {of}\n")

    def rows(self) -> Iterator[Row]:
        """Yield a row for each, of a table of `verify`."""
        for each in self.listed:
            yield ("instance", "", "", "region", each, "", self._status(each).lower(), "")

    def document(self) -> Mapping[str, Any]:
        """Return each with how it stands."""
        listed = [{"name": each, "status": self._status(each)} for each in self.listed]
        return {"listed": listed, "unread": list(self.unread)}
