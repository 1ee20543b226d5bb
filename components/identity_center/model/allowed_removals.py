"""What one run may take away: the answer of the stack to the brake."""

from typing import Annotated

from pydantic import Field

from .fields import Entry, Items

#: So many assignments may go in one run where the stack says nothing.
MOST_REMOVALS = 10


class AllowRemovalsEntry(Entry):
    """What one run may take away. Remove it again when the update is done."""

    assignments: Annotated[int, Field(ge=0)] = MOST_REMOVALS
    """How many assignments may go: of permission sets to accounts, of applications, and of roles."""
    replaced_permission_sets: Items[str] = ()
    """Keys of permission sets that may get a new name although they are assigned: everybody who has one loses
    it and gains the new one."""
    last_person_of: Items[str] = ()
    """Keys of permission sets and applications, and ARNs of roles, of which a break-glass grant may lose its
    last person."""
