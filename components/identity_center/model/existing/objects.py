"""What an instance holds, object by object, in AWS's words; sorted by id, so that equal things are equal."""

from typing import Final

from pydantic import Field

from .parts import Fact


class ExternalId(Fact):
    """The id of a user or group in the directory that it comes from."""

    issuer: str
    """What made it: a SCIM endpoint, a directory."""
    id: str


class Email(Fact):
    """An e-mail address of a user."""

    value: str
    kind: str = ""
    primary: bool = False


class Phone(Fact):
    """A telephone of a user."""

    value: str
    kind: str = ""
    primary: bool = False


class Address(Fact):
    """A postal address of a user."""

    street_address: str = ""
    locality: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    formatted: str = ""
    kind: str = ""
    primary: bool = False


class User(Fact):
    """A user of the identity store. Everything but the id and the user name is personal data."""

    id: str
    user_name: str = ""
    """Empty where the directory gives none."""
    display_name: str = ""
    given_name: str = ""
    family_name: str = ""
    emails: tuple[Email, ...] = ()
    attributes: dict[str, str] = Field(default_factory=dict)
    """What else it says of the person in one text, by AWS's name in camelCase, such as `title`; parts of the
    name but the two above are `middleName`, `formattedName`, `honorificPrefix` and `honorificSuffix`."""
    phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    status: str = ""
    """ENABLED or DISABLED, where AWS says it."""
    external_ids: tuple[ExternalId, ...] = ()
    created_by: str = ""


class Group(Fact):
    """A group of the identity store."""

    id: str
    name: str = ""
    description: str = ""
    external_ids: tuple[ExternalId, ...] = ()
    created_by: str = ""


class Membership(Fact):
    """One user in one group."""

    group_id: str
    user_id: str
    id: str
    """The membership's own id, by which it is imported and deleted."""


class PolicyName(Fact):
    """A customer-managed policy as a permission set names it: each account has its own."""

    path: str = "/"
    name: str

    def __str__(self) -> str:
        """Write both as a model does: `/team/Boundary`."""
        return f"{self.path}{self.name}"


class Boundary(Fact):
    """A permissions boundary: one of the two is set."""

    managed_policy_arn: str = ""
    customer_managed: PolicyName | None = None

    def __str__(self) -> str:
        """Name the policy."""
        return self.managed_policy_arn or str(self.customer_managed)


class Provisioned(Fact):
    """A permission set's role in an account."""

    account_id: str
    outdated: bool = False
    """AWS says LATEST_PERMISSION_SET_NOT_PROVISIONED: the account has an older form of the set."""


class PermissionSet(Fact):
    """A permission set with every part; what was not read is named in `Existing.unread` and None here."""

    arn: str
    name: str | None = None
    description: str = ""
    session_duration: str = ""
    """ISO 8601, such as PT1H."""
    relay_state: str = ""
    managed_policies: tuple[str, ...] | None = None
    """ARNs, sorted."""
    customer_managed_policies: tuple[PolicyName, ...] | None = None
    inline_policy: str | None = None
    """JSON text, empty where the set has none."""
    boundary: Boundary | None = None
    """None where the set has none, or where `boundaries` is unread for it."""
    tags: dict[str, str] | None = None
    provisioned: tuple[Provisioned, ...] | None = None

    @property
    def label(self) -> str:
        """Return the name, or the ARN where the name was not read."""
        return self.name or self.arn


class Assignment(Fact):
    """One principal's permission set in one account."""

    permission_set_arn: str
    account_id: str
    principal_type: str
    """USER or GROUP."""
    principal_id: str

    @property
    def sort_key(self) -> tuple[str, str, str, str]:
        """Order them by set, account and principal."""
        return self.permission_set_arn, self.account_id, self.principal_type, self.principal_id


class ApplicationAssignment(Fact):
    """A principal who may use an application."""

    principal_type: str
    principal_id: str


class Application(Fact):
    """An application of the instance: customer-managed, from the catalogue or another AWS service's."""

    arn: str
    name: str = ""
    description: str = ""
    provider_arn: str = ""
    account_id: str = ""
    """The account that owns it."""
    created_from: str = ""
    """The Region that it was made from, where AWS says it."""
    status: str = ""
    visibility: str = ""
    sign_in_origin: str = ""
    url: str = ""
    assignment_required: bool | None = None
    """None where it was not read."""
    assignments: tuple[ApplicationAssignment, ...] | None = None
    tags: dict[str, str] | None = None


class Entitlement(Fact):
    """A principal who may assume an IAM role through account access manager."""

    application_arn: str
    id: str
    role_arn: str
    principal_type: str
    principal_id: str


class AccountAccess(Fact):
    """An application of account access manager."""

    arn: str
    status: str = ""
    tags: dict[str, str] = Field(default_factory=dict)


class Region(Fact):
    """A Region in which the instance is enabled."""

    name: str
    status: str
    """ACTIVE, ADDING or REMOVING."""
    is_primary: bool = False


class Attribute(Fact):
    """An attribute for access control."""

    key: str
    sources: tuple[str, ...]


USER: Final = "USER"
GROUP: Final = "GROUP"
