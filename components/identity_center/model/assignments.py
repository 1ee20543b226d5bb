"""Assignments: who gets which permission sets in which accounts, as the configuration declares them."""

from pydantic import model_validator

from .fields import Items
from .principals import GrantEntry
from .targets import Targets
from .wrong_value import WrongValueError


class AssignmentEntry(GrantEntry):
    """One principal gets permission sets in accounts: every combination of the two lists."""

    permission_sets: Items[str]
    """Keys of the permission sets."""
    accounts: Targets
    """Where: account ids of 12 digits, names of accounts, `management`, `all`, or targets with a key: units,
    tags, exceptions. The management account is reached by `management` or its id only."""

    @model_validator(mode="after")
    def _something_somewhere(self) -> "AssignmentEntry":
        if not self.permission_sets:
            raise WrongValueError(
                "`permissionSets` is empty", "name a permission set, or remove the assignment"
            )
        if not self.accounts:
            raise WrongValueError("`accounts` is empty", "name an account, or remove the assignment")
        return self
