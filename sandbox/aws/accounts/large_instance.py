"""A large instance, as years of work by hand and Control Tower leave one: for tests and measurements.

It is made by the backends of the sandbox's API themselves, in this process: what they refuse is refused here
as well, and 10,000 assignments take seconds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.organizations.models import organizations_backends

from sandbox.aws.identity_center.identitystore import IdentityStore, directory
from sandbox.aws.identity_center.ssoadmin import SsoAdmin, identity_center
from sandbox.aws.modelled import ONE_AT_A_TIME
from sandbox.pace import OFF, current

PARTITION: Final = "aws"
#: Sets of Control Tower with the AWS-managed policy of each.
#: Source: AWS Control Tower user guide, "IAM Identity Center groups for AWS Control Tower".
CONTROL_TOWER_SETS: Final = {
    "AWSAdministratorAccess": "AdministratorAccess",
    "AWSOrganizationsFullAccess": "AWSOrganizationsFullAccess",
    "AWSPowerUserAccess": "PowerUserAccess",
    "AWSReadOnlyAccess": "job-function/ViewOnlyAccess",
    "AWSServiceCatalogAdminFullAccess": "AWSServiceCatalogAdminFullAccess",
    "AWSServiceCatalogEndUserAccess": "AWSServiceCatalogEndUserFullAccess",
}
#: What Control Tower assigns in every account that it has. Source: as above.
IN_EVERY_ACCOUNT: Final = {
    "AWSControlTowerAdmins": "AWSAdministratorAccess",
    "AWSSecurityAuditPowerUsers": "AWSPowerUserAccess",
    "AWSSecurityAuditors": "AWSReadOnlyAccess",
}
OTHER_GROUPS: Final = ("AWSAccountFactory", "AWSServiceCatalogAdmins")
POLICIES: Final = (
    "ReadOnlyAccess",
    "PowerUserAccess",
    "AmazonS3ReadOnlyAccess",
    "AmazonEC2FullAccess",
    "job-function/Billing",
    "job-function/NetworkAdministrator",
)
BOUNDARY: Final = "arn:aws:iam::aws:policy/PowerUserAccess"
INLINE: Final = (
    '{"Version":"2012-10-17","Statement":'
    '[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::%s/*"}]}'
)
#: One assignment in so many is a person's own.
OF_A_PERSON: Final = 25
#: So many accounts a product has.
ACCOUNTS_OF_A_PRODUCT: Final = 15
#: So many teams share them.
TEAMS_OF_A_PRODUCT: Final = 3
#: For so many assignments somebody is deleted afterwards who was assigned in person.
GONE: Final = 400

Row = tuple[str, str, str, str]
"""An assignment: USER or GROUP, the principal, the permission set, the account."""


@dataclass(frozen=True)
class Size:
    """How much of each an instance has, with what Control Tower has of it."""

    sets: int
    accounts: int
    assignments: int
    users: int
    groups: int


def populate(region: str, size: Size) -> frozenset[str]:
    """Fill an organisation that was just seeded up to this size.

    Return the ids of users who were deleted since; their assignments are left, as AWS leaves them.
    """
    # Everything was done long ago: no request is under way any more.
    undo = current.fix(replace(OFF, request=0.0))
    try:
        with ONE_AT_A_TIME:
            return frozenset(_Making(region, size).make())
    finally:
        undo()


class _Making:
    """One instance on its way."""

    def __init__(self, region: str, size: Size) -> None:
        self._size = size
        self._sso: SsoAdmin = identity_center(DEFAULT_ACCOUNT_ID, region)
        self._store: IdentityStore = directory(DEFAULT_ACCOUNT_ID, region)
        (self._instance,) = self._sso.instances.values()

    def make(self) -> list[str]:
        """Make it; return the users who are gone."""
        accounts = list(self._accounts())
        groups = {name: self._group(name) for name in (*IN_EVERY_ACCOUNT, *OTHER_GROUPS)}
        theirs = {name: self._set(name, policy) for name, policy in CONTROL_TOWER_SETS.items()}
        teams = [self._group(f"Team {number:03}") for number in range(self._size.groups - len(groups))]
        people = [self._user(number) for number in range(self._size.users)]
        for number, person in enumerate(people):
            self._join(teams[number % len(teams)], person)
        sets = [self._own_set(number) for number in range(self._size.sets - len(theirs))]
        rows = dict.fromkeys(
            ("GROUP", groups[group], theirs[name], account)
            for account in accounts
            for group, name in IN_EVERY_ACCOUNT.items()
        )
        for row in _by_hand(teams, people, sets, accounts):
            if len(rows) >= self._size.assignments:
                break
            rows[row] = None
        self._assign(rows)
        persons = list(dict.fromkeys(who for kind, who, _, _ in rows if kind == "USER"))
        deleted = persons[: max(1, len(rows) // GONE)]
        for gone in deleted:
            self._store.delete_user(self._of_store(UserId=gone))
        return deleted

    def _accounts(self) -> Iterator[str]:
        """Yield the accounts that there are, the management account first, and as many more as it takes."""
        organisation: Any = organizations_backends[DEFAULT_ACCOUNT_ID][PARTITION]
        yield from (each.id for each in organisation.accounts)
        root = organisation.list_roots()["Roots"][0]["Id"]
        units = [each.id for each in organisation.ou if each.type == "ORGANIZATIONAL_UNIT"]
        for number in range(self._size.accounts - len(organisation.accounts)):
            name = f"product-{number:03}"
            asked = {"AccountName": name, "Email": f"aws-{name}@example.com", "Tags": []}
            made = organisation.create_account(**asked)["CreateAccountStatus"]["AccountId"]
            where = units[number % len(units)]
            organisation.move_account(AccountId=made, SourceParentId=root, DestinationParentId=where)
            yield made

    def _of_store(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - members of any operation
        return {"IdentityStoreId": self._instance.store_id, **asked}

    def _of_set(self, arn: str, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        return {"InstanceArn": self._instance.arn, "PermissionSetArn": arn, **asked}

    def _group(self, name: str) -> str:
        return str(self._store.create_group(self._of_store(DisplayName=name))["GroupId"])

    def _user(self, number: int) -> str:
        name = {"GivenName": "Some", "FamilyName": f"Body {number}"}
        email = {"Value": f"somebody{number}@example.com", "Type": "work", "Primary": True}
        more = {"DisplayName": f"Some Body {number}", "Name": name, "Emails": [email]}
        return str(self._store.create_user(self._of_store(UserName=f"somebody{number}", **more))["UserId"])

    def _join(self, group: str, user: str) -> None:
        self._store.create_group_membership(self._of_store(GroupId=group, MemberId={"UserId": user}))

    def _set(self, name: str, policy: str, **more: Any) -> str:  # noqa: ANN401 - members of CreatePermissionSet
        made = self._sso.create_permission_set({"InstanceArn": self._instance.arn, "Name": name, **more})
        arn = str(made["PermissionSet"]["PermissionSetArn"])
        policy_arn = f"arn:aws:iam::aws:policy/{policy}"
        self._sso.attach_managed_policy_to_permission_set(self._of_set(arn, ManagedPolicyArn=policy_arn))
        return arn

    def _own_set(self, number: int) -> str:
        """Make one as people do: many alike, some with a document or a boundary of their own."""
        tags = [{"Key": "team", "Value": f"team-{number % 12}"}]
        arn = self._set(
            f"Product{number:03}", POLICIES[number % len(POLICIES)], Tags=tags, SessionDuration="PT8H"
        )
        if number % 3 == 0:
            document = INLINE % f"product-{number}"
            self._sso.put_inline_policy_to_permission_set(self._of_set(arn, InlinePolicy=document))
        if number % 5 == 0:
            boundary = {"ManagedPolicyArn": BOUNDARY}
            self._sso.put_permissions_boundary_to_permission_set(
                self._of_set(arn, PermissionsBoundary=boundary)
            )
        return arn

    def _assign(self, rows: Iterable[Row]) -> None:
        for kind, principal, arn, account in rows:
            asked = {"TargetId": account, "TargetType": "AWS_ACCOUNT", "PrincipalType": kind}
            self._sso.create_account_assignment(self._of_set(arn, PrincipalId=principal, **asked))
            self._instance.settle()
            failed = [each.failure for each in self._instance.requests.values() if each.failure]
            if failed:
                raise RuntimeError(f"an assignment of a large instance failed: {failed[0]}")
            # What AWS remembers of a request is gone soon after it is done.
            self._instance.requests.clear()


def _by_hand(teams: list[str], people: list[str], sets: list[str], accounts: list[str]) -> Iterator[Row]:
    """Yield what each team was given: in each round a set more, in the accounts of a product.

    The teams of a product share its accounts and its sets, as developers, operators and testers do.
    """
    made = 0
    for turn in range(len(sets)):
        for number, team in enumerate(teams):
            product = number // TEAMS_OF_A_PRODUCT
            given = sets[(5 * product + turn) % len(sets)]
            for place in range(min(ACCOUNTS_OF_A_PRODUCT, len(accounts))):
                account = accounts[(7 * product + place) % len(accounts)]
                made += 1
                if made % OF_A_PERSON == 0:
                    yield "USER", people[made % len(people)], given, account
                else:
                    yield "GROUP", team, given, account
