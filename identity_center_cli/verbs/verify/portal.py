"""What the access portal offers somebody, beside what the code grants them."""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from identity_center_cli.aws.portal.offered import OfferedRole, Portal, TriedRole
from identity_center_cli.aws.portal.tokens import access_token, configured_session
from identity_center_cli.connection import sso_session
from identity_center_cli.report.contents import Report
from identity_center_cli.report.of_person import AccessOfPerson, Role, access_of
from identity_center_cli.report.of_stack import report_of
from identity_center_cli.tables import print_table

from .assignments import Row

#: What a session can be called after. Source: STS API reference, AssumeRole, RoleSessionName.
_SESSION_NAME: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


class UnknownVisitorError(ValueError):
    """It is not known who has signed in, or it is somebody else than was said."""


def verify_portal(arguments: argparse.Namespace, outputs: Mapping[str, Any]) -> "VerifiedPortal":
    """Ask the portal and STS, and compare with the model or state.

    Raises NoPortalError, NotSignedInError, UnknownPersonError, UnknownVisitorError, UnusableModelError,
    UnusableStackError, and botocore's errors where the portal does not answer.
    """
    report = report_of(arguments.model, arguments.state, arguments.organisation)
    session = sso_session(arguments, outputs, configured_session(arguments.session_name))
    portal = Portal(session, access_token(session, arguments.cache))
    offered = portal.offered()
    count = len(offered) if arguments.all else arguments.sample
    tried = tuple(map(portal.tried, spread(offered, count)))
    access = access_of(report, _visitor(arguments.person, tried))
    _refuse_another(access, tried, session.name)
    return VerifiedPortal(report, access, offered, tried, exactly=arguments.exactly)


def spread(offered: Sequence[OfferedRole], count: int) -> list[OfferedRole]:
    """Return so many of them, as far apart as they are sorted: of several accounts rather than of one."""
    count = min(count, len(offered))
    return [offered[number * len(offered) // count] for number in range(count)]


def _visitor(said: str | None, tried: Sequence[TriedRole]) -> str:
    """Return who has signed in."""
    found = {one.user_name for one in tried if one.user_name}
    if said is not None:
        return said
    if len(found) == 1:
        return found.pop()
    why = "; ".join(filter(None, (one.problem or one.unread for one in tried))) or "no role was tried"
    raise UnknownVisitorError(f"it is not known who has signed in ({why}): say it with --person")


def _refuse_another(access: AccessOfPerson, tried: Sequence[TriedRole], session: str) -> None:
    """Refuse to compare one person's portal with another one's access."""
    expected = access.person.user_name
    if expected is None or not _SESSION_NAME.fullmatch(expected):
        return
    for one in tried:
        if one.user_name and one.user_name.casefold() != expected.casefold():
            raise UnknownVisitorError(
                f"who has signed in for sso-session `{session}` is {one.user_name}, and not {expected}"
            )


@dataclass(frozen=True)
class VerifiedPortal:
    """One person's portal and grants."""

    report: Report
    access: AccessOfPerson
    offered: tuple[OfferedRole, ...]
    tried: tuple[TriedRole, ...]
    exactly: bool

    @property
    def missing(self) -> list[Role]:
        """What is granted and not offered."""
        return sorted(self.access.granted - self._offered.keys())

    @property
    def others(self) -> list[Role]:
        """What is offered and not granted by the code, as far as that is known."""
        return sorted(self._offered.keys() - self.access.granted - self.access.by_unknown_groups)

    @property
    def broken(self) -> bool:
        """Whether something is not as it should be."""
        wrong = bool(self.missing) or any(one.problem for one in self.tried)
        return wrong or (self.exactly and bool(self.others))

    @property
    def unread(self) -> tuple[str, ...]:
        """What AWS did not say, and which grants the code does not place."""
        of_aws = (f"{self._name(_role(one.role))}: {one.unread}" for one in self.tried if one.unread)
        return (*of_aws, *(f"what the code grants: {note}" for note in self.report.unplaced))

    @property
    def _offered(self) -> dict[Role, OfferedRole]:
        return {_role(one): one for one in self.offered}

    @property
    def _tried(self) -> dict[Role, TriedRole]:
        return {_role(one.role): one for one in self.tried}

    def show(self) -> None:
        """Show each role, name what is wrong, then count."""
        rows = [*self._cells()] or [("nothing", "", "", "")]
        print_table(("Permission set", "Account", "Portal", "Session"), rows)
        for text in self.access.notes:
            sys.stderr.write(f"note: {text}\n")
        for text in self._broken_lines():
            sys.stderr.write(f"{text}\n")
        sys.stdout.write(self._summary())

    def _cells(self) -> Iterator[tuple[str, str, str, str]]:
        for role in self._rows():
            tried = self._tried.get(role)
            session = "" if tried is None else tried.arn or "?"
            yield role[1], self._account(role), self._standing(role), session

    def _rows(self) -> list[Role]:
        return sorted(self.access.granted | self._offered.keys())

    def _standing(self, role: Role) -> str:
        if role not in self._offered:
            return "NOT OFFERED"
        if role in self.access.granted:
            return "offered, granted"
        return (
            "offered, by a group perhaps" if role in self.access.by_unknown_groups else "offered, not granted"
        )

    def _broken_lines(self) -> Iterator[str]:
        for role in self.missing:
            yield f"NOT OFFERED: {self._name(role)}, which the code grants {self._person}"
        for role in self.others:
            yield f"{'NOT' if self.exactly else 'not'} granted by the code: {self._name(role)}"
        for one in self.tried:
            if one.problem:
                yield f"NOT USABLE: {self._name(_role(one.role))}: {one.problem}"

    def _summary(self) -> str:
        granted, good = len(self.access.granted), sum(bool(one.user_name) for one in self.tried)
        there = granted - len(self.missing)
        return (
            f"the portal offers {self._person} {there} of the {granted} roles that the code grants, "
            f"and {len(self.offered) - there} more; STS answered as it should for {good} of "
            f"the {len(self.tried)} that were tried\n"
        )

    @property
    def _person(self) -> str:
        return self.access.person.user_name or self.access.person.name

    def _account(self, role: Role) -> str:
        known = {each.id: each.name for each in self.report.accounts if each.name}
        known |= {each.account_id: each.account_name for each in self.offered if each.account_name}
        return f"{role[0]} {known.get(role[0], '')}".strip()

    def _name(self, role: Role) -> str:
        return f"{role[1]} in {self._account(role)}"

    def rows(self) -> Iterator[Row]:
        """Yield a row for each role, of a table of `verify`."""
        for role in self._rows():
            account_id, permission_set = role
            tried = self._tried.get(role)
            session = "" if tried is None else tried.arn or tried.problem or tried.unread
            what = ("permissionSet", permission_set, account_id)
            yield ("portal", "user", self._person, *what, self._standing(role).lower(), session)

    def document(self) -> Mapping[str, Any]:
        """Return each role with how it stands; no token and no credentials."""
        return {
            "person": self._person,
            "roles": [self._document(role) for role in self._rows()],
            "unread": list(self.unread),
        }

    def _document(self, role: Role) -> Mapping[str, Any]:
        tried = self._tried.get(role)
        said = {} if tried is None else {"session": tried.arn or None, "problem": tried.problem or None}
        return {
            "permissionSet": role[1],
            "accountId": role[0],
            "offered": role in self._offered,
            "granted": role in self.access.granted,
            "grantedByUnknownGroup": role in self.access.by_unknown_groups,
            **said,
        }


def _role(one: OfferedRole) -> Role:
    return one.account_id, one.permission_set
