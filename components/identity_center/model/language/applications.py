"""Applications that people reach from the access portal, as the configuration declares them."""

from typing import Annotated

from pydantic import Field, model_validator

from identity_center.model.mistakes import WrongValueError

from .assignments import GrantEntry
from .entry import Entry, Items, Tags
from .keys.choices import SignInOrigin, Switch
from .keys.key_facts import Argument, FormerKey, OwnForm
from .keys.values import ApplicationDescription, ApplicationName, ApplicationProviderArn, ApplicationUrl, Key


class PortalEntry(Entry):
    """How the access portal shows an application."""

    visibility: Annotated[
        Switch,
        Field(strict=False),
        Argument(
            said="Whether people see it. The default is that they do. Another value replaces the application."
        ),
    ] = Switch.ENABLED
    """Whether people see it. AWS cannot change it: another value replaces the application."""
    origin: Annotated[SignInOrigin, Field(strict=False)]
    """Where a sign-in begins."""
    application_url: Annotated[ApplicationUrl | None, Argument(early=True)] = None
    """The application's own address: with `origin: application`, and only with it."""

    @model_validator(mode="after")
    def _address_where_it_is_needed(self) -> "PortalEntry":
        if (self.origin is SignInOrigin.APPLICATION) != (self.application_url is not None):
            lacks = self.application_url is None
            raise WrongValueError(
                "has no `applicationUrl`" if lacks else "has an `applicationUrl` that is not used",
                "write it" if lacks else "leave it out, or write `origin: application`",
            )
        return self


class ApplicationAssignmentEntry(GrantEntry):
    """Somebody may use the application."""


class ApplicationEntry(Entry):
    """An application, and who may use it."""

    name: ApplicationName
    """What people see: 1 to 100 characters."""
    provider: Annotated[ApplicationProviderArn, Argument("application_provider_arn")]
    """ARN of its application provider, such as arn:aws:sso::aws:applicationProvider/custom. A new one
    replaces the application."""
    description: ApplicationDescription | None = None
    """What it is for: 1 to 128 characters. It can be changed, but not taken away again."""
    status: Annotated[
        Switch,
        Field(strict=False),
        Argument(said="Whether people can sign in to it. The default is that they can."),
    ] = Switch.ENABLED
    """Whether people can sign in to it."""
    portal: PortalEntry | None = None
    """How the access portal shows it."""
    tags: Tags = Field(default_factory=dict)
    """Tags of the application, at most 75."""
    assignments: Annotated[Items[ApplicationAssignmentEntry], OwnForm()] = ()
    """Who may use it."""
    formerly: Annotated[Key | None, FormerKey()] = None
    """The key that this application had before: what is there is kept, and nothing is made anew."""
