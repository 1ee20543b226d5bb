"""With whose credentials, and where, AWS is asked beside the Pulumi provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from identity_center.model.aws.root_guard import TARGET, RootTask
from identity_center.model.mistakes import WrongValueError

from .accounts import looks_like_an_id, no_account_id, quoted_or_plain
from .assignments import GrantEntry
from .assumed_roles import StsRequest
from .entry import CalendarDate, Entry, Items, Tags
from .keys.choices import ExcusableRule
from .keys.key_facts import Argument, EachOnce, OwnForm
from .keys.values import ExactName, PermissionSetName, PersonText, RoleArn, RoleName


@dataclass(frozen=True)
class AwsSettings:
    """What the Pulumi AWS provider is told of credentials; boto3's own rules hold for the rest."""

    profile: str | None = None
    """Profile of the AWS configuration files (`aws:profile`)."""
    region: str | None = None
    """Region (`aws:region`). Of Organizations, which is global, it tells the partition."""
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Addresses of services (`aws:endpoints`), where they are not AWS's own."""
    config_file: str | None = None
    """Instead of `~/.aws/config` (`aws:sharedConfigFiles`)."""
    credentials_file: str | None = None
    """Instead of `~/.aws/credentials` (`aws:sharedCredentialsFiles`)."""
    ca_bundle: str | None = None
    """File of the certificates that AWS's are checked against (`aws:customCaBundle`)."""
    proxies: Mapping[str, str] = field(default_factory=dict)
    """By `http` and `https` (`aws:httpProxy`, `aws:httpsProxy`)."""
    fips: bool = False
    dualstack: bool = False
    web_identity: StsRequest | None = None
    """Role that is assumed with a token of an identity provider (`aws:assumeRoleWithWebIdentity`)."""
    web_identity_token: str | None = field(default=None, repr=False)
    web_identity_token_file: str | None = None
    roles: tuple[StsRequest, ...] = ()
    """Roles that are assumed then, one with the credentials of the other (`aws:assumeRoles`)."""


# How member accounts are looked into for policies, before anything is made.
#: What Organizations makes in each account that it creates.
#: Source: AWS Organizations user guide, "Accessing member accounts in an organization".
USUAL_ROLE: Final = "OrganizationAccountAccessRole"


class PolicyLookupsEntry(Entry):
    """How the program finds out whether policies and roles are in the member accounts that need them.

    These are customer-managed policies, and roles that people get through account access manager, which have
    to let that service in. It assumes a role in each of these accounts, once a run and for `iam:GetPolicy`
    and `iam:GetRole` only, whatever the role allows. An account that does not let it in is called unchecked,
    with the reason.
    """

    member_accounts: bool = True
    """Whether it looks into member accounts at all. Without, all of them are called unchecked."""
    role: RoleName = USUAL_ROLE
    """Role to assume there, with its path where it has one."""


# The guard of root users, as the configuration declares it.
ORGANISATION = "organisation"


def _target(text: str) -> str:
    if looks_like_an_id(text):
        raise no_account_id(text)
    if text != ORGANISATION and TARGET.fullmatch(text) is None:
        raise WrongValueError(
            f"`{text}` is not a place in the organisation",
            f"write `{ORGANISATION}`, or the id of a root (r-…), a unit (ou-…) or an account (12 digits)",
        )
    return text


class TaskWord(Enum):
    """The tasks of root sessions, in the words of the configuration."""

    AUDIT = "audit"
    """Read the root user's credentials."""
    DELETE = "delete"
    """Delete the root user's credentials."""
    CREATE_PASSWORD = "create-password"  # noqa: S105  # a word of the configuration
    """Let somebody recover the root user's password."""
    UNLOCK_BUCKET = "unlock-bucket"
    """Delete a bucket policy that locks everybody out."""
    UNLOCK_QUEUE = "unlock-queue"
    """Delete a queue policy that locks everybody out."""

    @property
    def task(self) -> RootTask:
        """Return the task by its policy."""
        return RootTask[self.name]


class RootGuardEntry(Entry):
    """Where root users are denied, and who may do root's tasks in their place."""

    deny_root_in: Items[Annotated[str, BeforeValidator(quoted_or_plain), AfterValidator(_target)]] = Field(
        min_length=1
    )
    """`organisation`, or ids of its root, units or accounts: root users of member accounts there are denied
    everything. The management account's root user cannot be denied."""
    permission_set: PermissionSetName | None = None
    """Name of the permission set for root tasks; without it none is made."""
    tasks: Items[Annotated[TaskWord, Field(strict=False)]] = (TaskWord.AUDIT, TaskWord.DELETE)
    """What the permission set may become root for."""


# Exceptions of the stack from rules of the policy pack: what somebody answers for, for a time.
#
# The model says them beside the access that they are about. They reach the pack as arguments of the component
# `AccessModel`; the pack decides whether they hold. `policies/identity_guard/rules/exceptions.py` is
# the other side, and a contract test holds the names of the rules together.


class PolicyExceptionEntry(Entry):
    """One finding of the policy pack that somebody answers for, until a day.

    It turns violations of one rule by one resource or principal into advice. It never covers a document that
    cannot be read, nor what could not be decided.
    """

    rule: Annotated[ExcusableRule, Field(strict=False)]
    """The rule that would refuse the stack."""
    resource: Annotated[ExactName | None, Argument(early=True)] = None
    """The resource that is meant: its URN, or the end of it from the type on, such as
    `aws:iam/role:Role::break-glass`. Exactly one of `resource` and `principal`."""
    principal: Annotated[ExactName | None, Argument(early=True)] = None
    """The permission set, role, user or group that is meant, by its name in AWS."""
    reason: Annotated[PersonText, OwnForm()]
    """Why it is accepted. It stays in the configuration."""
    owner: Annotated[PersonText, OwnForm()]
    """Who answers for it, such as a team. It stays in the configuration."""
    expires: CalendarDate
    """The last day on which it holds, such as 2027-02-15, in UTC."""

    @model_validator(mode="after")
    def _one_thing(self) -> "PolicyExceptionEntry":
        if (self.resource is None) == (self.principal is None):
            has = "has both `resource` and `principal`" if self.resource else "names nothing"
            raise WrongValueError(has, "write exactly one of `resource` and `principal`")
        return self


# What one run may take away: the answer of the stack to the brake.
#: So many assignments may go in one run where the stack says nothing.
MOST_REMOVALS = 10


class AllowRemovalsEntry(Entry):
    """What one run may take away. Remove it again when the update is done."""

    assignments: Annotated[int, Field(ge=0)] = MOST_REMOVALS
    """How many assignments may go: of permission sets to accounts, of applications, and of roles."""
    replaced_permission_sets: Items[str] = ()
    """Keys of permission sets that may get a new name although they are assigned: everybody who has one loses
    it and gains the new one."""
    last_person_of: Items[str] = ()
    """Keys of permission sets and applications, and ARNs of roles, of which a break-glass grant may lose its
    last person."""
    break_glass_people: Items[str] = ()
    """Keys of users who are to leave what is for emergencies. The update only lifts the engine's protection
    of them and their memberships; the next one may take them out of `users` and `groups`, or change their
    user names."""
    regions: Items[str] = ()
    """Additional Regions that may leave the instance, such as eu-west-1."""


# Role entitlements of account access manager: an IAM role that exists, given without a permission set.
#
# Source: pulumi-aws, accountaccess.Application and accountaccess.Entitlement.


class RoleEntitlementEntry(GrantEntry):
    """One principal may use IAM roles that exist already.

    The trust of each role has to let `account-access.amazonaws.com` assume it, set its context and tag it.
    Every run looks whether the role is there and does so, before anything is made (see policy lookups).
    """

    roles: Annotated[Items[RoleArn], EachOnce(), Argument("role_arn", one=True)]
    """ARNs of the roles, such as arn:aws:iam::444444444444:role/Auditor."""

    @model_validator(mode="after")
    def _some_role(self) -> "RoleEntitlementEntry":
        if not self.roles:
            raise WrongValueError("`roles` is empty", "name a role, or remove the entitlement")
        return self


class AccountAccessEntry(Entry):
    """Account access manager: its application, one for the instance, and who gets which role through it."""

    tags: Tags = Field(default_factory=dict)
    """Tags of its application, at most 75."""
    entitlements: Items[RoleEntitlementEntry] = ()
    """Who gets which role."""


# Quotas of IAM Identity Center, and those of them that AWS raises on request.
#
# Sources of all figures, and of which can be raised: AWS IAM Identity Center user guide, "Quotas and limits
# in IAM Identity Center" (singlesignon/latest/userguide/limits); for roles, AWS IAM user guide, "Quotas and
# limits in account access manager" (IAM/latest/UserGuide/aam-quotas).
#: AWS-managed and customer-managed policies of a permission set together. Not raised.
MOST_POLICIES = 25
#: Groups that have one permission set in one account, or one application. Not raised.
MOST_GROUPS_ASSIGNED = 100
#: Attributes for access control. Source: botocore, sso-admin, shape AccessControlAttributeList.
MOST_ATTRIBUTES = 50


def _with_minimum(schema: dict[str, Any]) -> None:
    """Tell editors what is told of a value that is too small."""
    for each in schema["properties"].values():
        each["minimum"] = each["default"]


class QuotasEntry(Entry):
    """Quotas that AWS has raised for the organisation.

    Where a key is left out, what AWS gives everyone counts; no value is less than that.
    """

    model_config = ConfigDict(json_schema_extra=_with_minimum)

    permission_sets: int = 3500
    """Permission sets of the instance."""
    permission_sets_per_account: int = 500
    """Permission sets that are assigned in one account."""
    users: int = 200_000
    """Users of the directory."""
    groups: int = 100_000
    """Groups of the directory."""
    accounts: int = 7000
    """Accounts that Identity Center reaches."""
    applications: int = 7000
    """Applications of the instance."""
    regions: int = 6
    """Regions of the instance, the primary one included."""
    managed_policies_per_role: int = 10
    """Managed policies of one IAM role, AWS-managed and customer-managed together, in every account where
    permission sets are assigned: a set is a role there. IAM raises it account by account."""
    groups_per_role: int = 20
    """Groups that have one role through account access manager."""

    @field_validator("*")
    @classmethod
    def _raised(cls, value: int, info: ValidationInfo) -> int:
        """Refuse what AWS never gives: a quota is raised, and a smaller one is a slip of the pen."""
        everybody_has = cls.model_fields[str(info.field_name)].default
        if value < everybody_has:
            problem = f"is less than the {everybody_has} that AWS gives everyone"
            raise WrongValueError(problem, "write what AWS raised it to, or remove the key")
        return value
