"""Permission sets, as the configuration declares them."""

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from identity_center.model.mistakes import WrongValueError

from .entry import Entry, Items, Tags
from .keys.key_facts import (
    Argument,
    EachOnce,
    FormerKey,
    Joined,
    Kind,
    NamesManagedPolicy,
    OwnForm,
    RefersTo,
    Unique,
)
from .keys.values import (
    AttachedPolicyName,
    CustomerPolicyName,
    Key,
    PermissionSetDescription,
    PermissionSetName,
    RelayState,
    SessionDuration,
)
from .policies import InlinePolicy, read_inline_policy


class PermissionsBoundaryEntry(Entry):
    """A policy that limits what the others of a permission set can grant: exactly one of the two kinds."""

    managed_policy: Annotated[str | None, NamesManagedPolicy()] = None
    """An AWS-managed policy by name, path and name, or ARN."""
    customer_managed_policy: CustomerPolicyName | None = None
    """A policy of the accounts, by name or path and name: it has to be in every account of an assignment."""

    @model_validator(mode="after")
    def _one_kind(self) -> "PermissionsBoundaryEntry":
        if (self.managed_policy is None) == (self.customer_managed_policy is None):
            have = "neither" if self.managed_policy is None else "both"
            raise WrongValueError(
                f"has {have} of `managedPolicy` and `customerManagedPolicy`", "write exactly one of the two"
            )
        return self


class PermissionSetParameters(Entry):
    """What several permission sets may have in common."""

    description: PermissionSetDescription | None = None
    """What it is for: 1 to 700 characters of Latin-1. It can be changed, but not taken away again."""
    session_duration: Annotated[
        SessionDuration | None,
        Argument(said="How long a session lasts, in ISO 8601: PT1H (the default) to PT12H."),
    ] = None
    """How long a session lasts, from 1 to 12 hours: `PT4H` or `4 hours`. An hour where nothing is written."""
    relay_state: RelayState | None = None
    """Page that the console opens with, such as https://eu-west-1.console.aws.amazon.com/ec2/."""
    managed_policies: Annotated[Items[str], NamesManagedPolicy(), EachOnce(), Joined(), OwnForm()] = ()
    """AWS-managed policies by name (`ReadOnlyAccess`), path and name (`job-function/Billing`) or ARN."""
    customer_managed_policies: Annotated[Items[AttachedPolicyName], EachOnce(), Joined(), OwnForm()] = ()
    """Policies of the accounts, by name (`Deploy`) or path and name (`/team/Deploy`): they have to be in
    every account where the set is assigned. No commas: the provider could not read the attachment back."""
    inline_policy: Annotated[
        InlinePolicy | None,
        BeforeValidator(read_inline_policy),
        WithJsonSchema({"type": ["object", "string"]}),
        OwnForm(),
    ] = None
    """A policy document: written here as YAML, as JSON text, or `file: NAME` of a JSON or YAML file."""
    permissions_boundary: Annotated[PermissionsBoundaryEntry | None, OwnForm()] = None
    """A policy that limits all others of the set."""
    tags: Annotated[Tags, Joined()] = Field(default_factory=dict)
    """Tags of the permission set, at most 75."""


class PermissionSetEntry(PermissionSetParameters):
    """What somebody may do in the accounts where it is assigned."""

    name: Annotated[PermissionSetName, Unique()]
    """Its name in the portal and in role names: 1 to 32 characters. A new one replaces the permission set."""
    extends: Annotated[str | None, RefersTo(Kind.PERMISSION_SET, made_here=True), OwnForm()] = None
    """Key of a permission set whose parameters this one takes: lists and tags are added to, all else is
    replaced where it is written here."""
    formerly: Annotated[Key | None, FormerKey()] = None
    """The key that this set had before: what is there is kept, and nothing is made anew."""


class ExternalPermissionSetEntry(Entry):
    """A permission set of somebody else's, such as Control Tower: assigned here, never made or changed."""

    name: Annotated[PermissionSetName, Unique()]
    """Its name in the portal and in role names: looked up in the instance."""
    formerly: Annotated[Key | None, FormerKey()] = None
    """The key that this set had before: its assignments are kept."""
