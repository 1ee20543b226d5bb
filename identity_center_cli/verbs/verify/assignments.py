"""What a stack lists, as the instance shows it."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from identity_center_cli.aws.access import AccountAssignment, OtherGrant
from identity_center_cli.aws.instance.found import the_instance
from identity_center_cli.aws.outdated_sets import remedy
from identity_center_cli.aws.retries import ADAPTIVE
from identity_center_cli.aws.verification.assignments import Checked, Standing, check_assignments
from identity_center_cli.aws.verification.other_grants import check_other_grants
from identity_center_cli.connection import connection
from identity_center_cli.stacks.listed_assignments import (
    ListedAssignment,
    listed_assignments,
    listed_others,
)

Row = tuple[str, str, str, str, str, str, str, str]
"""What was asked | kind, principal | kind, name, account id | standing, session."""
_BROKEN: Final = (Standing.MISSING, Standing.NOT_PROVISIONED, Standing.OUTDATED)


def verify_assignments(arguments: argparse.Namespace, outputs: Mapping[str, Any]) -> "VerifiedAssignments":
    """Ask AWS for each assignment that the outputs list.

    Raises UnusableOutputsError, InstanceNotFoundError, and botocore's errors where no instance is found.
    """
    listed = listed_assignments(outputs, arguments.expect)
    others = listed_others(outputs, arguments.expect)
    asked = connection(arguments, outputs)
    session = asked.session()
    sso = session.client("sso-admin", config=ADAPTIVE)
    arn = the_instance(sso, asked.instance_arn).arn
    return VerifiedAssignments(
        listed,
        check_assignments(sso, arn, listed),
        others,
        check_other_grants(session, arn, others or {}),
    )


@dataclass(frozen=True)
class VerifiedAssignments:
    """What is there, and what is not."""

    listed: Mapping[AccountAssignment, ListedAssignment]
    checked: Checked[AccountAssignment]
    others: Mapping[OtherGrant, str] | None
    """Of applications and roles, in words; None where the outputs do not list them."""
    checked_others: Checked[OtherGrant]

    @property
    def broken(self) -> bool:
        """Whether one is not as it should be."""
        found = {*self.checked.standings.values(), *self.checked_others.standings.values()}
        return not found.isdisjoint(_BROKEN)

    @property
    def unread(self) -> tuple[str, ...]:
        """What AWS did not answer, each once."""
        return tuple(dict.fromkeys((*self.checked.unread, *self.checked_others.unread)))

    def show(self) -> None:
        """Name what is broken, then count."""
        for text in (*self._broken_lines(), *self._broken_others()):
            sys.stderr.write(f"{text}\n")
        if self.others is None:
            sys.stderr.write("note: applications and roles are not looked at: the outputs do not list them\n")
        fine = len(self.checked.that_are(Standing.FINE))
        sys.stdout.write(
            f"{fine} of {len(self.listed)} assignments of the stack are in the instance, each permission set "
            "provisioned in its latest form\n"
        )
        if self.others:
            fine = len(self.checked_others.that_are(Standing.FINE))
            sys.stdout.write(
                f"{fine} of {len(self.others)} assignments of applications and entitlements to roles are "
                "there\n"
            )

    def _broken_lines(self) -> Iterator[str]:
        for each in self.checked.that_are(Standing.MISSING):
            yield f"MISSING: {self.listed[each]}: run `pulumi up --refresh`"
        for each in self.checked.that_are(Standing.NOT_PROVISIONED):
            yield (
                f"NOT PROVISIONED: {self.listed[each]}: the account has no role of the permission set; "
                "take the assignment away and run `pulumi up --refresh`, which makes both anew"
            )
        for one in (self.listed[each] for each in self.checked.that_are(Standing.OUTDATED)):
            yield f"OUTDATED: {one}: run {remedy(one.permission_set, one.account_id)}"
        for each in self.checked.that_are(Standing.UNREAD):
            yield f"NOT VERIFIED: {self.listed[each]}"

    def _broken_others(self) -> Iterator[str]:
        for each in self.checked_others.that_are(Standing.MISSING):
            yield f"MISSING: {(self.others or {})[each]}: run `pulumi up --refresh`"
        for each in self.checked_others.that_are(Standing.UNREAD):
            yield f"NOT VERIFIED: {(self.others or {})[each]}"

    def rows(self) -> Iterator[Row]:
        """Yield a row for each, of a table of `verify`."""
        for each, one in sorted(self.listed.items(), key=lambda pair: pair[1]):
            standing = self.checked.standings[each].value
            what = ("permissionSet", one.permission_set, one.account_id)
            yield ("instance", one.kind, one.principal, *what, standing, "")
        for other, found in sorted(self.checked_others.standings.items()):
            who = (other.principal_type.lower(), other.principal_id)
            yield ("instance", *who, other.kind, other.arn, "", found.value, "")

    def document(self) -> Mapping[str, Any]:
        """Return each with how it stands."""
        return {
            "listed": [
                {
                    "principalType": one.kind,
                    "principal": one.principal,
                    "permissionSet": one.permission_set,
                    "accountId": one.account_id,
                    "standing": self.checked.standings[each].value,
                }
                for each, one in sorted(self.listed.items(), key=lambda pair: pair[1])
            ],
            "others": [
                {
                    "principalType": each.principal_type.lower(),
                    "principalId": each.principal_id,
                    "kind": each.kind,
                    "arn": each.arn,
                    "standing": found.value,
                }
                for each, found in sorted(self.checked_others.standings.items())
            ],
            "unread": list(self.unread),
        }
