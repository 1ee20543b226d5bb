"""What the access portal offers the person whose token is given, and who that person then is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import botocore.session
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from identity_center.model.aws.portal_roles import RoleSession, role_session
from identity_center_cli.aws.answers import NO_ANSWER, part, reason
from identity_center_cli.aws.retries import ADAPTIVE

from .sso_session import SsoSession
from .tokens import NotSignedInError

_TOKEN_IS_NONE: Final = "UnauthorizedException"  # noqa: S105  # the name of an error
#: With these the portal says that there is no such role for the person. Sources: API reference,
#: GetRoleCredentials; `ForbiddenException` (aws/aws-cli issue 6316) is not in it.
_NO_ROLE: Final = frozenset({"ForbiddenException", "ResourceNotFoundException"})


@dataclass(frozen=True, slots=True, order=True)
class OfferedRole:
    """One permission set in one account."""

    account_id: str
    permission_set: str
    """The permission set's name."""
    account_name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TriedRole:
    """What STS answered with the credentials of one role."""

    role: OfferedRole
    arn: str = ""
    """Of the session; empty where there was none."""
    user_name: str = ""
    """After whom the session is called."""
    problem: str = ""
    """Why the role is not what it should be."""
    unread: str = ""
    """Why that is not known."""


class Portal:
    """The access portal, for the person of one token."""

    def __init__(self, session: SsoSession, token: str) -> None:
        """Take the session and its token."""
        self._session, self._token = session, token
        # Of nobody's profile: the token says who asks.
        self._core = botocore.session.Session()
        self._client: Any = self._core.create_client(
            "sso", region_name=session.region, config=ADAPTIVE.merge(Config(signature_version=UNSIGNED))
        )

    def offered(self) -> tuple[OfferedRole, ...]:
        """Return every role: a request for 100 accounts and one for each. Raises NotSignedInError."""
        try:
            return tuple(sorted(self._roles()))
        except ClientError as error:
            if error.response["Error"]["Code"] == _TOKEN_IS_NONE:
                what = f"the access portal no longer takes the token of sso-session `{self._session.name}`"
                raise NotSignedInError(self._session.name, what) from error
            raise

    def _roles(self) -> Iterator[OfferedRole]:
        for account in self._listed("list_accounts", "accountList"):
            id_, name = account["accountId"], account.get("accountName", "")
            for role in self._listed("list_account_roles", "roleList", accountId=id_):
                yield OfferedRole(id_, role["roleName"], name)

    def _listed(self, operation: str, member: str, **asked: str) -> Iterator[dict[str, str]]:
        for page in self._client.get_paginator(operation).paginate(accessToken=self._token, **asked):
            yield from part(page, member)

    def tried(self, role: OfferedRole) -> TriedRole:
        """Take the role's credentials and ask STS who that is."""
        try:
            arn = self._arn(role)
        except ClientError as error:
            said = f"{error.operation_name}: {reason(error)}"
            refused = error.response["Error"]["Code"] in _NO_ROLE
            return TriedRole(role, problem=said) if refused else TriedRole(role, unread=said)
        except NO_ANSWER as error:
            return TriedRole(role, unread=reason(error))
        found = role_session(arn)
        wanted = (role.account_id, role.permission_set)
        if found is None or (found.account_id, found.permission_set) != wanted:
            return TriedRole(role, arn, problem=_somebody_else(found))
        return TriedRole(role, arn, found.session_name)

    def _arn(self, role: OfferedRole) -> str:
        told = self._client.get_role_credentials(
            accessToken=self._token, accountId=role.account_id, roleName=role.permission_set
        )
        given = part(told, "roleCredentials")
        sts: Any = self._core.create_client(
            "sts",
            region_name=self._session.region,
            aws_access_key_id=given["accessKeyId"],
            aws_secret_access_key=given["secretAccessKey"],
            aws_session_token=given["sessionToken"],
            config=ADAPTIVE,
        )
        return str(part(sts.get_caller_identity(), "Arn"))


def _somebody_else(found: RoleSession | None) -> str:
    if found is None:
        return "STS answers with an ARN that is no session of a permission set"
    return f"STS answers as {found.permission_set} in {found.account_id}"
