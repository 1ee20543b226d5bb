"""Assignments: who gets which permission sets in which accounts, as the configuration declares them."""

from enum import Enum
from typing import Annotated

from pydantic import BeforeValidator, model_validator

from .fields import Entry, Items, mistake

#: The word that stands for the organisation's management account, whatever its number.
MANAGEMENT = "management"
_DIGITS = 12


class PrincipalType(Enum):
    """The two kinds of principal that AWS assigns to. Source: botocore, sso-admin, shape PrincipalType."""

    USER = "USER"
    """A person."""
    GROUP = "GROUP"
    """All members of a group."""


def is_account(text: str) -> bool:
    """Tell whether a text has the form of an account: 12 digits, or the word `management`."""
    return text == MANAGEMENT or (len(text) == _DIGITS and text.isascii() and text.isdigit())


def _account(value: object) -> str:
    """Read an account: the word `management`, or 12 digits, which YAML may have read as a number.

    A number with a leading zero loses it in YAML, or is read to the base 8: it has fewer digits then, is
    refused, and is never taken for another account.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if len(str(value)) == _DIGITS:
            return str(value)
        raise mistake(
            f"the number {value} does not have 12 digits",
            'write the account id in quotes, such as "012345678901": YAML drops a leading zero',
        )
    if not isinstance(value, str):
        raise mistake("is not an account", f"write an account id of 12 digits, or `{MANAGEMENT}`")
    if not is_account(value):
        raise mistake(f"`{value}` is not an account", f"write an account id of 12 digits, or `{MANAGEMENT}`")
    return value


Account = Annotated[str, BeforeValidator(_account)]


class AssignmentEntry(Entry):
    """One principal gets permission sets in accounts: every combination of the two lists."""

    group: str | None = None
    """Key of the group that gets them. Exactly one of `group` and `user`."""
    user: str | None = None
    """Key of the user who gets them. Prefer groups: people come and go."""
    permission_sets: Items[str]
    """Keys of the permission sets."""
    accounts: Items[Account]
    """Account ids of 12 digits, or the word `management`."""

    @model_validator(mode="after")
    def _one_principal(self) -> "AssignmentEntry":
        if (self.group is None) == (self.user is None):
            raise mistake(
                "has neither `group` nor `user`" if self.group is None else "has both `group` and `user`",
                "write exactly one of the two",
            )
        if not self.permission_sets:
            raise mistake("`permissionSets` is empty", "name a permission set, or remove the assignment")
        if not self.accounts:
            raise mistake("`accounts` is empty", "name an account, or remove the assignment")
        return self

    @property
    def principal_type(self) -> PrincipalType:
        """Whether a group or a user gets the permission sets."""
        return PrincipalType.USER if self.group is None else PrincipalType.GROUP

    @property
    def principal(self) -> str:
        """Key of the group or user."""
        return self.group or self.user or ""
