"""Assignments: who gets which permission sets in which accounts, as the configuration declares them."""

from typing import Annotated

from pydantic import model_validator

from identity_center.model.mistakes import WrongValueError

from .clock import day_of
from .entry import CalendarDate, EndOfAccess, Entry, Items
from .keys.key_facts import EachOnce, Kind, OwnForm, RefersTo
from .keys.values import PersonText, PrincipalType
from .targets import Targets

# Who gets something: a user or a group, and on what terms.


class GrantEntry(Entry):
    """Somebody gets something: exactly one of a group and a user, and the terms on which they get it."""

    group: Annotated[str | None, RefersTo(Kind.GROUP), OwnForm()] = None
    """Key of the group that gets it. Exactly one of `group` and `user`."""
    user: Annotated[str | None, RefersTo(Kind.USER), OwnForm()] = None
    """Key of the user who gets it. Prefer groups: people come and go."""
    owner: Annotated[PersonText | None, OwnForm()] = None
    """Who answers for it, such as a team."""
    reason: Annotated[PersonText | None, OwnForm()] = None
    """Why it is given."""
    ticket: Annotated[PersonText | None, OwnForm()] = None
    """Where it was asked for and agreed."""
    review_by: Annotated[CalendarDate | None, OwnForm()] = None
    """By when somebody looks at it again: from the day after, every run says that it is due."""
    expires: Annotated[EndOfAccess | None, OwnForm()] = None
    """The last day of access, in UTC, or the moment of its end with its zone, such as `2027-02-15T16:00:00Z`.
    The first update after that takes it away."""
    break_glass: Annotated[bool, OwnForm()] = False
    """Whether it is for emergencies: the engine then refuses to delete it until this is taken away first."""

    @model_validator(mode="after")
    def _principal_and_terms(self) -> "GrantEntry":
        if (self.group is None) == (self.user is None):
            raise WrongValueError(
                "has neither `group` nor `user`" if self.group is None else "has both `group` and `user`",
                "write exactly one of the two",
            )
        if self.break_glass and self.expires is not None:
            raise WrongValueError(
                "has `breakGlass` and `expires`: its last day would end in a refusal to delete it",
                "leave one of them out; `reviewBy` asks for a look without taking the access away",
            )
        if self.expires is not None and self.review_by is not None and self.review_by > day_of(self.expires):
            raise WrongValueError(
                "is to be reviewed after it has expired", "write a `reviewBy` before `expires`"
            )
        return self

    @property
    def principal_type(self) -> PrincipalType:
        """Whether a group or a user gets it."""
        return PrincipalType.USER if self.group is None else PrincipalType.GROUP

    @property
    def principal(self) -> str:
        """Key of the group or user."""
        return self.group or self.user or ""


class AssignmentEntry(GrantEntry):
    """One principal gets permission sets in accounts: every combination of the two lists."""

    permission_sets: Annotated[Items[str], RefersTo(Kind.PERMISSION_SET), EachOnce()]
    """Keys of the permission sets."""
    accounts: Annotated[Targets, EachOnce()]
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
