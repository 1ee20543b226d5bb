"""People and groups of the Identity Center directory, as the configuration declares them."""

from .fields import Email, Entry, GroupName, Items, PersonText, UserName


class UserEntry(Entry):
    """A person who signs in."""

    user_name: UserName
    """What they sign in with: 1 to 128 characters, no white space, unique. A new one replaces the user."""
    given_name: PersonText
    """First name."""
    family_name: PersonText
    """Last name."""
    display_name: PersonText
    """The name that the console and the portal show."""
    email: Email
    """Where the one-time password for the first sign-in goes: unique in the directory."""


class GroupEntry(Entry):
    """People who get the same access."""

    display_name: GroupName
    """The name that the console shows: 1 to 1024 characters, unique."""
    description: PersonText | None = None
    """What the group is for."""
    members: Items[str] = ()
    """Keys of the users in it."""
