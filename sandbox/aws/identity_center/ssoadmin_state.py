"""What Identity Center holds: the instance, its permission sets, assignments, applications and requests."""

import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.aws.identity_center.account_access_state import AccountAccess
from sandbox.aws.identity_center.ssoadmin_region_state import Encryption, Region, Regions
from sandbox.aws.modelled import now
from sandbox.pace import current


@dataclass(frozen=True)
class PolicyName:
    """A customer-managed policy as a permission set names it: looked up in each account by name and path."""

    name: str
    path: str = "/"

    @classmethod
    def of(cls, reference: dict[str, str]) -> "PolicyName":
        """Read a CustomerManagedPolicyReference, whose path is ``/`` where it is left out."""
        return cls(reference["Name"], reference.get("Path", "/"))

    def reference(self) -> dict[str, str]:
        """Write a CustomerManagedPolicyReference."""
        return {"Name": self.name, "Path": self.path}


@dataclass
class PermissionSet:
    """One permission set with everything attached to it."""

    arn: str
    name: str
    session_duration: str
    description: str | None = None
    relay_state: str | None = None
    created: float = field(default_factory=now)
    tags: dict[str, str] = field(default_factory=dict)
    managed: dict[str, str] = field(default_factory=dict)
    """Name by ARN, in the order of attachment."""
    customer_managed: list[PolicyName] = field(default_factory=list)
    inline: str = ""
    boundary: dict[str, Any] | None = None
    version: int = 1
    """Counts the changes that reach an account only by provisioning."""
    provisioned: dict[str, int] = field(default_factory=dict)
    """By account, the version that its role has."""
    suffixes: dict[str, str] = field(default_factory=dict)
    """By account, how the name of its role ends: another one each time the role is made."""
    changing: bool = False
    """A request that changes it is being answered at this moment."""

    @property
    def id(self) -> str:
        """Return the part of the ARN that AWS's messages name it by."""
        return self.arn.rsplit("/", 1)[-1]

    def provision(self, account: str) -> None:
        """Bring an account's role up to date; make it where there is none."""
        self.provisioned[account] = self.version
        self.suffixes.setdefault(account, secrets.token_hex(8))

    def withdraw(self, account: str) -> None:
        """Take an account's role away."""
        self.provisioned.pop(account, None)
        self.suffixes.pop(account, None)

    def described(self) -> dict[str, Any]:
        """Return the shape PermissionSet of the API."""
        return {
            "Name": self.name,
            "PermissionSetArn": self.arn,
            "Description": self.description,
            "CreatedDate": self.created,
            "SessionDuration": self.session_duration,
            "RelayState": self.relay_state,
        }

    def names_needed(self) -> list[PolicyName]:
        """Return the customer-managed policies that each account must have, the boundary included."""
        boundary = (self.boundary or {}).get("CustomerManagedPolicyReference")
        return [*self.customer_managed, *([PolicyName.of(boundary)] if boundary else [])]


@dataclass(frozen=True)
class Assignment:
    """One principal, one permission set, one account."""

    account: str
    permission_set: str
    principal_type: str
    principal: str

    @classmethod
    def of(cls, asked: dict[str, Any]) -> "Assignment":
        """Read the members of CreateAccountAssignment and DeleteAccountAssignment."""
        return cls(asked["TargetId"], asked["PermissionSetArn"], asked["PrincipalType"], asked["PrincipalId"])

    def row(self) -> dict[str, Any]:
        """Return the shape AccountAssignment of the API."""
        return {
            "AccountId": self.account,
            "PermissionSetArn": self.permission_set,
            "PrincipalType": self.principal_type,
            "PrincipalId": self.principal,
        }

    def status(self) -> dict[str, Any]:
        """Return what a status shows of it."""
        return {
            "TargetId": self.account,
            "TargetType": "AWS_ACCOUNT",
            "PermissionSetArn": self.permission_set,
            "PrincipalType": self.principal_type,
            "PrincipalId": self.principal,
        }


@dataclass
class Assigned:
    """Assignments in the order of their creation, found by permission set and account at once.

    An instance may have 10,000 of them, in thousands of places that are listed one after the other.
    """

    _all: dict[Assignment, None] = field(default_factory=dict)
    _by_place: dict[tuple[str, str], dict[Assignment, None]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Assignment]:
        """Yield all."""
        return iter(self._all)

    def __contains__(self, one: Assignment) -> bool:
        """Tell whether it is one of them."""
        return one in self._all

    def add(self, one: Assignment) -> None:
        """Add one; once more changes nothing."""
        self._all[one] = None
        self._by_place.setdefault((one.permission_set, one.account), {})[one] = None

    def remove(self, one: Assignment) -> None:
        """Take one away."""
        del self._all[one]
        del self._by_place[one.permission_set, one.account][one]

    def of(self, permission_set: str, account: str) -> Iterable[Assignment]:
        """Return those of one permission set in one account."""
        return self._by_place.get((permission_set, account), {})


@dataclass
class Application:
    """One customer-managed application, with the principals that are assigned to it."""

    arn: str
    provider: str
    account: str
    region: str
    name: str
    description: str | None = None
    status: str = "ENABLED"
    visibility: str = "ENABLED"
    sign_in: dict[str, str] | None = None
    created: float = field(default_factory=now)
    tags: dict[str, str] = field(default_factory=dict)
    assigned: dict[tuple[str, str], None] = field(default_factory=dict)
    """The type and the id of each principal."""
    assignment_required: bool = True
    """Whether only they may use it. Source: API reference of PutApplicationAssignmentConfiguration."""

    def described(self) -> dict[str, Any]:
        """Return what DescribeApplication shows of it, without its instance."""
        return {
            "ApplicationArn": self.arn,
            "ApplicationProviderArn": self.provider,
            "ApplicationAccount": self.account,
            "Name": self.name,
            "Description": self.description,
            "Status": self.status,
            "PortalOptions": {"SignInOptions": self.sign_in, "Visibility": self.visibility},
            "CreatedDate": self.created,
            "CreatedFrom": self.region,
        }


@dataclass
class Request:
    """A request that is answered at once and done later."""

    kind: str
    """creation, deletion or provisioning."""
    permission_set: str
    shown: dict[str, Any]
    """The further members of its status."""
    do: Callable[[], str | None]
    """Does it when it is due; returns the reason of a failure."""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: float = field(default_factory=now)
    due_at: float = 0.0
    status: str = "IN_PROGRESS"
    failure: str | None = None

    @property
    def due(self) -> bool:
        """Say whether it is time to do it."""
        return self.status == "IN_PROGRESS" and now() >= self.due_at

    def described(self) -> dict[str, Any]:
        """Return the status shape of the API."""
        return {
            **self.shown,
            "RequestId": self.id,
            "Status": self.status,
            "CreatedDate": self.created,
            "FailureReason": self.failure,
        }

    def metadata(self) -> dict[str, Any]:
        """Return the short shape that the lists of statuses have."""
        return {"Status": self.status, "RequestId": self.id, "CreatedDate": self.created}


@dataclass
class Instance:
    """One organisation instance of Identity Center."""

    arn: str
    store_id: str
    owner: str
    region: str
    partition: str
    name: str | None = None
    created: float = field(default_factory=now)
    tags: dict[str, str] = field(default_factory=dict)
    attributes: list[dict[str, Any]] | None = None
    permission_sets: dict[str, PermissionSet] = field(default_factory=dict)
    assignments: Assigned = field(default_factory=Assigned)
    requests: dict[str, Request] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    account_access: AccountAccess | None = None
    busy_until: dict[str, float] = field(default_factory=dict)
    """By account, when its last role in the queue will have been updated."""
    departed: dict[Assignment, float] = field(default_factory=dict)
    """When assignments were deleted, for lists that do not know of it yet."""
    encryption: Encryption = field(default_factory=Encryption)
    regions: Regions = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the Region that Identity Center was enabled in."""
        self.regions = Regions(Region(self.region, is_primary=True, added=self.created))

    @property
    def id(self) -> str:
        """Return the part of the ARN after the slash: ssoins- and 16 characters."""
        return self.arn.rsplit("/", 1)[-1]

    @property
    def store_arn(self) -> str:
        """Return the ARN of its directory."""
        return f"arn:{self.partition}:identitystore::{self.owner}:identitystore/{self.store_id}"

    def described(self) -> dict[str, Any]:
        """Return the shape InstanceMetadata of the API."""
        return {
            "InstanceArn": self.arn,
            "IdentityStoreId": self.store_id,
            "IdentityStoreArn": self.store_arn,
            "OwnerAccountId": self.owner,
            "Name": self.name,
            "CreatedDate": self.created,
            "Status": "ACTIVE",
            "PrimaryRegion": self.region,
            "Regions": [each.described() for each in self.regions.all()],
        }

    def accept(self, request: Request, accounts: Iterable[str]) -> Request:
        """Take a request that will be done later, one role of an account at a time where the pace says so."""
        pace = current()
        if request.kind in pace.failures:
            request.do = lambda: pace.failures[request.kind]
        takes = pace.here(pace.provisioning if request.kind == "provisioning" else pace.request)
        request.due_at = request.created + takes
        for account in accounts if pace.one_role_at_a_time else ():
            ends = max(request.created, self.busy_until.get(account, 0.0)) + takes
            self.busy_until[account] = ends
            request.due_at = max(request.due_at, ends)
        self.requests[request.id] = request
        return request

    def outstanding(self, *kinds: str) -> int:
        """Return how many requests of these kinds are under way."""
        return sum(one.status == "IN_PROGRESS" and one.kind in kinds for one in self.requests.values())

    def settle(self) -> None:
        """Do every request that is due. Called before each operation, so no thread of its own is needed."""
        self.regions.settle()
        for request in self.requests.values():
            if request.due:
                request.failure = request.do()
                request.status = "FAILED" if request.failure else "SUCCEEDED"

    def under_way(self, permission_set: str, *kinds: str) -> bool:
        """Say whether a request of one of these kinds for this permission set is not done yet."""
        return any(
            request.status == "IN_PROGRESS"
            and request.permission_set == permission_set
            and request.kind in kinds
            for request in self.requests.values()
        )
