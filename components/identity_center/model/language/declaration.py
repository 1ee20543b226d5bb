"""The whole access model as the configuration declares it."""

from typing import Annotated

from pydantic import Field

from .applications import ApplicationEntry
from .assignments import AssignmentEntry
from .directory import ExternalGroupEntry, ExternalUserEntry, GroupEntry, UserEntry
from .entry import Entry, Items
from .ignored_drift import IgnoredDriftEntry
from .keys.key_facts import Declares, EachOnce, Kind, MayBeSecret, OwnForm
from .keys.values import AdditionalRegion, AttributeName, AttributeSource, InstanceArn, Key, PortalUrl
from .mfa_requirement import MfaRequirementEntry
from .permission_sets import ExternalPermissionSetEntry, PermissionSetEntry, PermissionSetParameters
from .settings import (
    AccountAccessEntry,
    AllowRemovalsEntry,
    PolicyExceptionEntry,
    PolicyLookupsEntry,
    QuotasEntry,
    RootGuardEntry,
)
from .timeouts import TimeoutsEntry


class AccessDeclaration(Entry):
    """Everything the configuration says, each part under its key; no reference is followed yet."""

    users: Annotated[dict[Key, UserEntry], Declares(Kind.USER), MayBeSecret()] = Field(default_factory=dict)
    """People of the Identity Center directory, by key."""
    groups: Annotated[dict[Key, GroupEntry], Declares(Kind.GROUP)] = Field(default_factory=dict)
    """Groups of the Identity Center directory, by key."""
    external_users: Annotated[
        dict[Key, ExternalUserEntry], Declares(Kind.USER, elsewhere=True), MayBeSecret()
    ] = Field(default_factory=dict)
    """People who come from elsewhere (SCIM, Active Directory), by key: looked up, never made or changed."""
    external_groups: Annotated[dict[Key, ExternalGroupEntry], Declares(Kind.GROUP, elsewhere=True)] = Field(
        default_factory=dict
    )
    """Groups that come from elsewhere, by key: looked up, never made or changed."""
    permission_set_defaults: PermissionSetParameters | None = None
    """What every permission set has that does not say otherwise."""
    permission_sets: Annotated[dict[Key, PermissionSetEntry], Declares(Kind.PERMISSION_SET)] = Field(
        default_factory=dict
    )
    """Permission sets, by key."""
    external_permission_sets: Annotated[
        dict[Key, ExternalPermissionSetEntry], Declares(Kind.PERMISSION_SET, elsewhere=True)
    ] = Field(default_factory=dict)
    """Permission sets of somebody else's, by key: looked up and assigned, never made or changed."""
    assignments: Items[AssignmentEntry] = ()
    """Who gets which permission sets in which accounts."""
    applications: Annotated[dict[Key, ApplicationEntry], Declares(Kind.APPLICATION)] = Field(
        default_factory=dict
    )
    """Applications that people reach from the access portal, by key."""
    account_access: AccountAccessEntry | None = None
    """Role entitlements: who gets an IAM role that exists already."""
    access_control_attributes: dict[AttributeName, AttributeSource] = Field(default_factory=dict)
    """Attributes for access control (ABAC): the name of each session tag, and where its value comes from,
    such as `${path:enterprise.costCenter}`."""
    additional_regions: Annotated[Items[AdditionalRegion], EachOnce()] = ()
    """Regions that the instance is replicated to, beside the primary one: people can sign in there as well.
    AWS adds and removes one at a time, and asks for an external identity provider and a multi-Region KMS
    key."""
    mfa_requirement: MfaRequirementEntry | None = None
    """What holds for MFA at sign-in."""
    root_guard: RootGuardEntry | None = None
    """Where root users of member accounts are denied, and who may do root's tasks in their place."""
    policy_exceptions: Items[PolicyExceptionEntry] = ()
    """Violations of the policy pack's rules that somebody answers for, each for a time."""
    portal_url: PortalUrl | None = None
    """The access portal's address, where it is not the one that follows from the identity store."""
    instance_arn: InstanceArn | None = None
    """The instance to use, where the account has several in its Region."""
    quotas: QuotasEntry | None = None
    """Quotas that AWS has raised for the organisation."""
    timeouts: TimeoutsEntry | None = None
    """How long the provider waits for AWS, where the defaults do not fit the organisation."""
    policy_lookups: PolicyLookupsEntry | None = None
    """How member accounts are looked into for customer-managed policies, where it is not the usual way."""
    organisation_snapshot: str | None = None
    """File of the organisation's accounts and units, relative to the project, as `identity-center
    organisation snapshot` writes it: targets are then resolved from it, and AWS is not asked."""
    ignored_drift: Annotated[Items[IgnoredDriftEntry], OwnForm()] = ()
    """Differences between AWS and the code that are meant to be there: `identity-center drift` ignores them,
    each for a time."""
    allow_removals: AllowRemovalsEntry | None = None
    """What the next update may take away, where that is more than the brake lets pass."""
    model_folder: str | None = None
    """Folder of YAML files that hold more of the model, relative to the project: for models that outgrow the
    stack's file. In those files the keys stand without `identity-center:`."""
