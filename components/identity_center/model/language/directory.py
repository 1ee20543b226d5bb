"""People and groups: those of the Identity Center directory, and those that come from elsewhere."""

from typing import Annotated

from pydantic import model_validator

from identity_center.model.mistakes import WrongValueError

from .entry import Entry, Items
from .keys.key_facts import EachOnce, FormerKey, Kind, OwnForm, RefersTo, Unique
from .keys.values import Email, GroupName, Key, PersonText, UserName


class PhoneNumberEntry(Entry):
    """A person's telephone."""

    value: PersonText
    """The number, as people dial it."""
    type: PersonText | None = None
    """What kind of number it is, such as work."""
    primary: bool = False
    """Whether it is the number to call first."""


class AddressEntry(Entry):
    """Where a person is to be found."""

    street_address: PersonText | None = None
    """Street and number."""
    locality: PersonText | None = None
    """Town."""
    region: PersonText | None = None
    """State or province."""
    postal_code: PersonText | None = None
    """Code of the town or district, in quotes where it has digits only."""
    country: PersonText | None = None
    """Country."""
    formatted: PersonText | None = None
    """The whole address as it is written on an envelope."""
    type: PersonText | None = None
    """What kind of address it is, such as work."""
    primary: bool = False
    """Whether it is the address to write to first."""


class UserEntry(Entry):
    """A person who signs in, made and changed by this stack."""

    user_name: Annotated[UserName, Unique()]
    """What they sign in with: 1 to 128 characters, no white space, unique. A new one replaces the user."""
    given_name: PersonText
    """First name."""
    family_name: PersonText
    """Last name."""
    display_name: PersonText
    """The name that the console and the portal show."""
    email: Annotated[Email, Unique()]
    """Where the one-time password for the first sign-in goes: unique in the directory."""
    email_type: PersonText | None = None
    """What kind of address `email` is, such as work."""
    phone_number: PhoneNumberEntry | None = None
    """Telephone. AWS keeps one."""
    address: AddressEntry | None = None
    """Postal address. AWS keeps one."""
    middle_name: PersonText | None = None
    """Middle name."""
    formatted_name: PersonText | None = None
    """The whole name as it is written out."""
    honorific_prefix: PersonText | None = None
    """What stands before the name, such as Dr."""
    honorific_suffix: PersonText | None = None
    """What stands after the name, such as Jr."""
    nickname: PersonText | None = None
    """What colleagues call them."""
    title: PersonText | None = None
    """What they are in the organisation."""
    user_type: PersonText | None = None
    """What they are to the organisation, such as employee."""
    preferred_language: PersonText | None = None
    """Language to write to them in, such as en-GB."""
    locale: PersonText | None = None
    """Language and country of dates and numbers, such as en_GB."""
    timezone: PersonText | None = None
    """Where their clock is set, such as Europe/London."""
    profile_url: PersonText | None = None
    """A page about them."""
    formerly: Annotated[Key | None, FormerKey()] = None
    """The key that this user had before: what is there is kept, and nothing is made anew."""


class GroupEntry(Entry):
    """People who get the same access, in a group that is made and changed by this stack."""

    display_name: Annotated[GroupName, Unique()]
    """The name that the console shows: 1 to 1024 characters, unique. Changed in place."""
    description: PersonText | None = None
    """What the group is for. It can be changed, but not taken away again."""
    members: Annotated[Items[str], RefersTo(Kind.USER), EachOnce(), OwnForm()] = ()
    """Keys of the users in it."""
    formerly: Annotated[Key | None, FormerKey()] = None
    """The key that this group had before: what is there is kept, and nothing is made anew."""


class ExternalIdEntry(Entry):
    """What another system calls somebody. The directory shows it, and only that system sets it."""

    issuer: PersonText
    """The system that gave the id."""
    id: PersonText
    """The id that it gave."""


class ExternalUserEntry(Entry):
    """A person who comes from elsewhere (SCIM, Active Directory): looked up, never made or changed.

    Exactly one of the keys says who is meant.
    """

    user_name: Annotated[UserName | None, Unique()] = None
    """What they sign in with."""
    email: Annotated[Email | None, Unique()] = None
    """Their e-mail address."""
    display_name: PersonText | None = None
    """The name that the console shows. Two people may have the same: that ends in an error."""
    external_id: ExternalIdEntry | None = None
    """What the system that they come from calls them."""
    formerly: Annotated[Key | None, FormerKey()] = None
    """The key that this user had before: their assignments are kept."""

    @model_validator(mode="after")
    def _one_way_to_find_them(self) -> "ExternalUserEntry":
        ways = (self.user_name, self.email, self.display_name, self.external_id)
        given = [value for value in ways if value is not None]
        if len(given) != 1:
            raise WrongValueError(
                f"has {'several' if given else 'none'} of `userName`, `email`, `displayName`, `externalId`",
                "write exactly one of them",
            )
        return self


class ExternalGroupEntry(Entry):
    """A group that comes from elsewhere (SCIM, Active Directory): looked up, never made or changed."""

    display_name: Annotated[GroupName, Unique()]
    """The name that the console shows."""
    formerly: Annotated[Key | None, FormerKey()] = None
    """The key that this group had before: its assignments are kept."""
