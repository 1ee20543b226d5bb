"""What `identity-center drift` compares, how it may differ, and which differences are meant to be there."""

from enum import Enum
from typing import Annotated, Final

from pydantic import Field, model_validator

from identity_center.model.mistakes import WrongValueError

from .entry import CalendarDate, Entry, Items
from .keys.key_facts import OwnForm
from .keys.values import ExactName, PersonText


class DriftKind(Enum):
    """A kind of thing that an instance holds; the value is what people call it."""

    USER = "user"
    """A user of the directory."""
    USER_ATTRIBUTE = "user attribute"
    """What a user has besides the user name, such as an e-mail address."""
    GROUP = "group"
    """A group of the directory."""
    GROUP_DESCRIPTION = "group description"
    """The description of a group."""
    MEMBER = "member"
    """A user in a group."""
    PERMISSION_SET = "permission set"
    """A permission set."""
    SESSION = "session duration"
    """How long a session of a permission set lasts."""
    DESCRIPTION = "description"
    """The description of a permission set."""
    RELAY_STATE = "relay state"
    """Where a permission set leads after sign-in."""
    MANAGED_POLICY = "managed policy"
    """An AWS-managed policy of a permission set."""
    CUSTOMER_POLICY = "customer-managed policy"
    """A customer-managed policy of a permission set."""
    INLINE_POLICY = "inline policy"
    """The inline policy of a permission set."""
    BOUNDARY = "permissions boundary"
    """The permissions boundary of a permission set."""
    TAG = "tag"
    """A tag of a permission set."""
    PROVISIONED_SET = "provisioned permission set"
    """A permission set's role in an account."""
    ASSIGNMENT = "account assignment"
    """A permission set in an account, for a user or group."""
    APPLICATION = "application"
    """An application of the access portal."""
    APPLICATION_SETTING = "application setting"
    """How an application is set up, its tags among that."""
    APPLICATION_ASSIGNMENT = "application assignment"
    """An application, for a user or group."""
    ENTITLEMENT = "role entitlement"
    """A role of account access manager, for a user or group."""
    ATTRIBUTE = "attribute for access control"
    """An attribute for access control."""
    REGION = "additional Region"
    """A Region that the instance is replicated to."""


_GRANTED: Final = ("USER or GROUP", "user or group")
_OF_A_SET: Final = ("permission set",)
NAMES_OF: Final = {
    DriftKind.USER: ("user name",),
    DriftKind.USER_ATTRIBUTE: ("user name", "attribute"),
    DriftKind.GROUP: ("display name",),
    DriftKind.GROUP_DESCRIPTION: ("display name",),
    DriftKind.MEMBER: ("group", "user"),
    DriftKind.PERMISSION_SET: _OF_A_SET,
    DriftKind.SESSION: _OF_A_SET,
    DriftKind.DESCRIPTION: _OF_A_SET,
    DriftKind.RELAY_STATE: _OF_A_SET,
    DriftKind.MANAGED_POLICY: (*_OF_A_SET, "ARN"),
    DriftKind.CUSTOMER_POLICY: (*_OF_A_SET, "path and name"),
    DriftKind.INLINE_POLICY: _OF_A_SET,
    DriftKind.BOUNDARY: _OF_A_SET,
    DriftKind.TAG: (*_OF_A_SET, "key"),
    DriftKind.PROVISIONED_SET: (*_OF_A_SET, "account id"),
    DriftKind.ASSIGNMENT: (*_OF_A_SET, "account id", *_GRANTED),
    DriftKind.APPLICATION: ("name",),
    DriftKind.APPLICATION_SETTING: ("application", "setting"),
    DriftKind.APPLICATION_ASSIGNMENT: ("application", *_GRANTED),
    DriftKind.ENTITLEMENT: ("ARN of the role", *_GRANTED),
    DriftKind.ATTRIBUTE: ("key",),
    DriftKind.REGION: ("Region",),
}
"""What names a thing of each kind, in order, as AWS has the names."""


class Difference(Enum):
    """How AWS differs from the code."""

    MISSING = "missing"
    """In the code and not in AWS."""
    EXTRA = "extra"
    """In AWS and not in the code."""
    CHANGED = "changed"
    """In both, with another value."""
    UNASSIGNED = "unassigned"
    """A permission set is in an account where nobody is assigned it."""
    OUTDATED = "outdated"
    """An account has an older form of a permission set."""
    GONE = "gone"
    """Assigned to a user or group that is gone."""


class IgnoredDriftEntry(Entry):
    """One difference between AWS and the code that is meant to be there, until a day.

    It names one thing, as `identity-center drift --format json` does, and never grows by itself. Of what is
    changed it ignores every later change as well.
    """

    kind: Annotated[DriftKind, Field(strict=False), OwnForm()]
    """What it is, in the words of `drift`, such as `account assignment`."""
    names: Annotated[Items[ExactName], OwnForm()]
    """The names of the thing in AWS, as `drift --format json` lists them, such as
    `[Emergency, "444444444444", USER, kim]`."""
    difference: Annotated[Difference, Field(strict=False), OwnForm()] = Difference.EXTRA
    """How it differs."""
    owner: Annotated[PersonText, OwnForm()]
    """Who answers for it, such as a team."""
    reason: Annotated[PersonText, OwnForm()]
    """Why it is meant to be there."""
    last_day: Annotated[CalendarDate, OwnForm()]
    """The last day on which it is ignored, such as 2027-02-15, in UTC."""

    @model_validator(mode="after")
    def _names_of_its_kind(self) -> "IgnoredDriftEntry":
        wanted = NAMES_OF[self.kind]
        if len(self.names) != len(wanted):
            raise WrongValueError(
                f"`names` has {len(self.names)}, and a difference of the kind `{self.kind.value}` has "
                f"{len(wanted)}: {', '.join(wanted)}",
                "copy `names` from `identity-center drift --format json`",
            )
        return self
