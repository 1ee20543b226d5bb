"""The access portal: what a person with a token may reach, and credentials for it.

Source: botocore's model of ``sso``, and the answers of AWS that people report: `Session token not found or
invalid`, `No access`. That the list of an account's roles refuses in the words in which credentials are
refused was not seen. AWS makes a role in IAM for each permission set of an account; here it is a name alone.
"""

from typing import Any, Final

from moto.organizations.models import organizations_backends

from sandbox.aws.identity_center.ssoadmin_state import Instance, PermissionSet
from sandbox.aws.modelled import now, page
from sandbox.aws.portal.role_sessions import credentials
from sandbox.aws.portal.sign_ins import Token, instances, sign_ins, store_of
from sandbox.aws.refusals.table import RefusedError, refuse

_PAGE: Final = 100


class AccessPortal:
    """The operations of ``sso`` for the person whose token a request carries."""

    def list_accounts(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListAccounts: those in which the person has a role."""
        visit = _visit(asked)
        accounts = organizations_backends[visit.instance.owner][visit.instance.partition].accounts
        named = {each.id: each for each in accounts}
        rows = [
            {"accountId": id_, "accountName": named[id_].name, "emailAddress": named[id_].email}
            for id_ in sorted({account for account, _ in visit.offered})
            if id_ in named
        ]
        return _page(asked, "accountList", rows)

    def list_account_roles(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListAccountRoles."""
        account = asked["accountId"]
        names = sorted(held.name for id_, held in _visit(asked).offered if id_ == account)
        if not names:
            refuse("portal-no-access")
        return _page(asked, "roleList", [{"roleName": name, "accountId": account} for name in names])

    def get_role_credentials(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetRoleCredentials: a session of the role, called after the person."""
        visit, account = _visit(asked), asked["accountId"]
        wanted = (account, asked["roleName"])
        found = next((held for id_, held in visit.offered if (id_, held.name) == wanted), None)
        if found is None:
            refuse("portal-no-access")
        return {"roleCredentials": credentials(visit.instance, found, account, visit.user_name)}

    def logout(self, asked: dict[str, Any]) -> None:
        """Logout: the token is worth nothing from now on, nor is what would renew it."""
        token = _visit(asked).token
        held = sign_ins()
        held.tokens = {key: each for key, each in held.tokens.items() if each.person != token.person}
        held.refresh = {key: each for key, each in held.refresh.items() if each.person != token.person}


class _Visit:
    """A person with a token that holds, in the portal of an instance."""

    def __init__(self, token: Token, instance: Instance) -> None:
        self.token, self.instance = token, instance
        self._store = store_of(instance)

    @property
    def user_name(self) -> str:
        return str(self._store.users[self.token.person.user]["UserName"])

    @property
    def offered(self) -> list[tuple[str, PermissionSet]]:
        """Return each account with a permission set that is assigned there and provisioned, once."""
        user = self.token.person.user
        principals = {("USER", user)} | {
            ("GROUP", row["GroupId"])
            for row in self._store.memberships.values()
            if row["MemberId"]["UserId"] == user
        }
        sets = self.instance.permission_sets
        found = {
            (one.account, one.permission_set): sets[one.permission_set]
            for one in self.instance.assignments
            if (one.principal_type, one.principal) in principals
            and one.account in sets[one.permission_set].provisioned
        }
        return [(account, held) for (account, _), held in found.items()]


def _visit(asked: dict[str, Any]) -> _Visit:
    token = sign_ins().tokens.get(asked["accessToken"])
    instance = next((each for each in instances() if token and each.arn == token.person.instance), None)
    if token is None or instance is None or now() >= token.ends:
        refuse("portal-token")
    if token.person.user not in store_of(instance).users:
        refuse("portal-token")
    return _Visit(token, instance)


def _page(asked: dict[str, Any], member: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    wanted = {"NextToken": asked.get("nextToken"), "MaxResults": asked.get("maxResults", _PAGE)}
    try:
        found = page(wanted, member, rows)
    except RefusedError:
        refuse("portal-page")
    return {member: found[member], "nextToken": found["NextToken"]}
