"""The guard of root users, as the configuration declares it."""

from enum import Enum
from typing import Annotated

from pydantic import AfterValidator, Field

from .fields import Entry, Items, PermissionSetName
from .root_guard import TARGET, RootTask
from .wrong_value import WrongValueError

ORGANISATION = "organisation"


def _target(text: str) -> str:
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

    deny_root_in: Items[Annotated[str, AfterValidator(_target)]] = Field(min_length=1)
    """`organisation`, or ids of its root, units or accounts: root users of member accounts there are denied
    everything. The management account's root user cannot be denied."""
    permission_set: PermissionSetName | None = None
    """Name of the permission set for root tasks; without it none is made."""
    tasks: Items[Annotated[TaskWord, Field(strict=False)]] = (TaskWord.AUDIT, TaskWord.DELETE)
    """What the permission set may become root for."""
