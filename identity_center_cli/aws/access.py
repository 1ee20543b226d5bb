"""Who can sign in to what, as Identity Center's API says now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from identity_center.model.existing.existing import sorted_unread
from identity_center.model.existing.objects import Region
from identity_center.model.existing.parts import Unread
from identity_center_cli.aws.instance.applications import ApplicationReader
from identity_center_cli.aws.instance.asking import Asking
from identity_center_cli.aws.instance.found import the_instance
from identity_center_cli.aws.instance.kept_answers import KeptAnswers
from identity_center_cli.aws.instance.regions import read_regions
from identity_center_cli.aws.outdated_sets import Outdated, OutdatedReader
from identity_center_cli.aws.retries import ADAPTIVE

if TYPE_CHECKING:
    from mypy_boto3_identitystore import IdentityStoreClient
    from mypy_boto3_identitystore.type_defs import FilterTypeDef
    from mypy_boto3_organizations import OrganizationsClient
    from mypy_boto3_sso_admin import SSOAdminClient


@dataclass(frozen=True, slots=True, order=True)
class AccountAssignment:
    """One principal's permission set in one account, by AWS's ids."""

    principal_type: str
    """USER or GROUP."""
    principal_id: str
    permission_set_arn: str
    account_id: str
    """Twelve digits."""


@dataclass(frozen=True, slots=True, order=True)
class SignIn:
    """One person who can sign in to one account with one permission set."""

    person: str
    """User name; the id where the user is gone."""
    through: str
    """`group NAME`, or `directly`."""
    permission_set: str
    """The permission set's name."""
    account_id: str
    account_name: str


@dataclass(frozen=True, slots=True, order=True)
class OtherAccess:
    """One person who can use an application, or take a role of account access manager."""

    person: str
    """User name; the id where the user is gone; `everybody` where an application asks for no assignment."""
    through: str
    """As above."""
    kind: str
    """`application` or `role`."""
    name: str
    """Name of the application, or ARN of the role."""


@dataclass(frozen=True, slots=True, order=True)
class OtherGrant:
    """One principal's application, or role of account access manager, by AWS's ids."""

    kind: str
    """`application` or `role`."""
    arn: str
    """Of the application, or of the role."""
    principal_type: str
    """USER or GROUP."""
    principal_id: str


@dataclass(frozen=True, slots=True)
class OtherAccesses:
    """What people can use besides accounts, and what of it AWS did not say."""

    rows: tuple[OtherAccess, ...]
    grants: Mapping[OtherGrant, str]
    """Each assignment and entitlement in words, such as `group Developers -> application Wiki`: of each,
    several people may be rows."""
    unread: tuple[Unread, ...]
    regions: tuple[Region, ...] = ()
    """Where they sign in: the primary Region, and those that the instance is replicated to."""


@dataclass(frozen=True, slots=True)
class AccessInAws:
    """All account assignments of an instance, and the people whom they let in."""

    assignments: frozenset[AccountAssignment]
    sign_ins: tuple[SignIn, ...]
    empty_groups: tuple[str, ...] = field(default=())
    """Groups that are assigned somewhere and have no member, so that nobody signs in through them."""
    words: Mapping[AccountAssignment, str] = field(default_factory=dict)
    """Each assignment in words: `group Developers -> PowerUser -> 123456789012`."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Names of the organisation's accounts, by id."""


def read_access(session: boto3.Session, instance_arn: str | None = None) -> AccessInAws:
    """Read every account assignment of an instance: of the one in the session's Region where none is named.

    Takes one request for each permission set, two for each of its accounts and one for each principal.
    Raises InstanceNotFoundError where it is not there, or several are; botocore's errors where AWS refuses.
    """
    reader = _Reader(session, instance_arn)
    assignments = frozenset(reader.assignments())
    sign_ins = {sign_in for assignment in assignments for sign_in in reader.sign_ins(assignment)}
    words = {each: reader.words(each) for each in assignments}
    return AccessInAws(
        assignments, tuple(sorted(sign_ins)), tuple(sorted(reader.empty_groups)), words, reader.account_names
    )


def read_other_access(session: boto3.Session, instance_arn: str | None = None) -> OtherAccesses:
    """Read who can use applications, and roles through account access manager, and where people sign in.

    What is refused is named.

    Raises InstanceNotFoundError as `read_access` does.
    """
    reader = _Reader(session, instance_arn)
    with KeptAnswers(None, {}, resume=False) as kept:
        asking = Asking(session, {}, kept)
        of_instance = ApplicationReader(asking, reader.instance_arn)
        applications = of_instance.applications()
        names = {
            OtherGrant("application", each.arn, grant.principal_type, grant.principal_id): each.name
            or each.arn
            for each in applications
            for grant in each.assignments or ()
        }
        names |= {
            OtherGrant("role", each.role_arn, each.principal_type, each.principal_id): each.role_arn
            for each in of_instance.account_access()[1]
        }
        regions = read_regions(asking, reader.instance_arn)
    rows = {
        OtherAccess("everybody", "no assignment is needed", "application", each.name or each.arn)
        for each in applications
        if each.assignment_required is False
    }
    rows |= {
        OtherAccess(person, through, grant.kind, name)
        for grant, name in names.items()
        for through, people in [reader.people(grant.principal_type, grant.principal_id)]
        for person in people
    }
    words = {
        grant: f"{reader.who(grant.principal_type, grant.principal_id)} -> {grant.kind} {name}"
        for grant, name in names.items()
    }
    return OtherAccesses(tuple(sorted(rows)), words, sorted_unread(asking.unread), regions)


def account_names(session: boto3.Session) -> dict[str, str]:
    """Return the names of the organisation's accounts by id: a request for 20 of them."""
    organizations: OrganizationsClient = session.client("organizations", config=ADAPTIVE)
    pages = organizations.get_paginator("list_accounts").paginate()
    return {account["Id"]: account["Name"] for page in pages for account in page["Accounts"]}


def unknown_names(
    session: boto3.Session, instance_arn: str | None, people: Iterable[str], sets: Iterable[str]
) -> list[str]:
    """Return which users and permission sets, by name, the instance has not: a wrong name has no access."""
    reader = _Reader(session, instance_arn)
    found = [f"user {name}" for name in people if not reader.has_user(name)]
    wanted = set(sets)
    known = {reader.set_name(arn) for arn in reader.permission_sets()} if wanted else set()
    return found + [f"permission set {name}" for name in sorted(wanted - known)]


def read_outdated(session: boto3.Session, instance_arn: str | None, sets: Iterable[str]) -> list[Outdated]:
    """Read which accounts have an older form of permission sets, given by ARN: a request for each."""
    sso = session.client("sso-admin", config=ADAPTIVE)
    return OutdatedReader(sso, the_instance(sso, instance_arn).arn).of_sets(sets)


class _Reader:
    """Asks AWS for each name once."""

    def __init__(self, session: boto3.Session, instance_arn: str | None) -> None:
        self._sso: SSOAdminClient = session.client("sso-admin", config=ADAPTIVE)
        self._store: IdentityStoreClient = session.client("identitystore", config=ADAPTIVE)
        instance = the_instance(self._sso, instance_arn)
        self.instance_arn, self._store_id = instance.arn, instance.store_id
        self._set_names: dict[str, str] = {}
        self._user_names: dict[str, str] = {}
        self._groups: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.account_names = account_names(session)
        self.empty_groups: set[str] = set()

    def assignments(self) -> Iterator[AccountAssignment]:
        for set_arn in self.permission_sets():
            for account_id in self._accounts_of(set_arn):
                pages = self._sso.get_paginator("list_account_assignments").paginate(
                    InstanceArn=self.instance_arn, PermissionSetArn=set_arn, AccountId=account_id
                )
                for page in pages:
                    for one in page["AccountAssignments"]:
                        yield AccountAssignment(one["PrincipalType"], one["PrincipalId"], set_arn, account_id)

    def permission_sets(self) -> Iterable[str]:
        pages = self._sso.get_paginator("list_permission_sets").paginate(InstanceArn=self.instance_arn)
        return [arn for page in pages for arn in page["PermissionSets"]]

    def _accounts_of(self, set_arn: str) -> Iterable[str]:
        pages = self._sso.get_paginator("list_accounts_for_provisioned_permission_set").paginate(
            InstanceArn=self.instance_arn, PermissionSetArn=set_arn
        )
        return [account for page in pages for account in page["AccountIds"]]

    def sign_ins(self, assignment: AccountAssignment) -> Iterator[SignIn]:
        through, people = self.people(assignment.principal_type, assignment.principal_id)
        for person in people:
            yield SignIn(
                person,
                through,
                self.set_name(assignment.permission_set_arn),
                assignment.account_id,
                self.account_names.get(assignment.account_id, "not in the organisation"),
            )

    def words(self, assignment: AccountAssignment) -> str:
        """Say an assignment as a stack's outputs do, by the names that AWS has."""
        who = self.who(assignment.principal_type, assignment.principal_id)
        return f"{who} -> {self.set_name(assignment.permission_set_arn)} -> {assignment.account_id}"

    def who(self, principal_type: str, principal_id: str) -> str:
        """Say a principal: `group Developers`, `user ada`."""
        through, people = self.people(principal_type, principal_id)
        return f"user {people[0]}" if principal_type == "USER" else through

    def has_user(self, name: str) -> bool:
        """Tell whether somebody has this user name."""
        named: FilterTypeDef = {"AttributePath": "UserName", "AttributeValue": name}
        pages = self._store.get_paginator("list_users").paginate(
            IdentityStoreId=self._store_id, Filters=[named]
        )
        return any(page["Users"] for page in pages)

    def people(self, principal_type: str, principal_id: str) -> tuple[str, tuple[str, ...]]:
        """Return by which way a principal gives access, and whom."""
        if principal_type == "USER":
            return "directly", (self._user_name(principal_id),)
        name, members = self._group(principal_id)
        if not members:
            self.empty_groups.add(name)
        return f"group {name}", members

    def set_name(self, arn: str) -> str:
        if arn not in self._set_names:
            told = self._sso.describe_permission_set(InstanceArn=self.instance_arn, PermissionSetArn=arn)
            self._set_names[arn] = told["PermissionSet"]["Name"]
        return self._set_names[arn]

    def _group(self, group_id: str) -> tuple[str, tuple[str, ...]]:
        if group_id not in self._groups:
            self._groups[group_id] = self._read_group(group_id)
        return self._groups[group_id]

    def _read_group(self, group_id: str) -> tuple[str, tuple[str, ...]]:
        try:
            told = self._store.describe_group(IdentityStoreId=self._store_id, GroupId=group_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            # An assignment can outlive its group; it lets nobody in, and is worth seeing.
            return f"{group_id} (deleted)", ()
        pages = self._store.get_paginator("list_group_memberships").paginate(
            IdentityStoreId=self._store_id, GroupId=group_id
        )
        members = [m["MemberId"]["UserId"] for page in pages for m in page["GroupMemberships"]]
        return told.get("DisplayName", group_id), tuple(self._user_name(member) for member in members)

    def _user_name(self, user_id: str) -> str:
        if user_id not in self._user_names:
            self._user_names[user_id] = self._read_user_name(user_id)
        return self._user_names[user_id]

    def _read_user_name(self, user_id: str) -> str:
        try:
            told = self._store.describe_user(IdentityStoreId=self._store_id, UserId=user_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return f"{user_id} (deleted)"
        return told.get("UserName", user_id)
