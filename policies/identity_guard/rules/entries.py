"""What lets people of Identity Center in: an assignment of a permission set, or an entitlement to a role.

Where each names its account, and its person or group.
"""

from collections.abc import Mapping
from typing import Final

from .observe import Absent, Known, NotYetKnown, Observed
from .resource_types import ACCOUNT_ASSIGNMENT, DIRECTORY_GROUP, DIRECTORY_USER, ENTITLEMENT
from .stack import Resource

ACCOUNT_AT: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    ACCOUNT_ASSIGNMENT: (("targetId",),),
    ENTITLEMENT: (("entitlement", "principalRole", "accountId"), ("entitlement", "principalRole", "roleArn")),
}
"""By its id, or in an ARN."""
PRINCIPAL: Final = ("entitlement", "principalRole", "principal", "identityCenter")
"""Of an entitlement: exactly one of a user and a group."""

_ACCOUNT_PART: Final = 4
"""`arn:aws:iam::ACCOUNT:role/NAME`."""
_TYPES: Final = {"USER": DIRECTORY_USER, "GROUP": DIRECTORY_GROUP}


def account_of(entry: Resource) -> Observed:
    """Return the id, of 12 digits, of the account that an entry lets people into."""
    observed: Observed = NotYetKnown("targetId")
    for path in ACCOUNT_AT[entry.type]:
        observed = entry.declared.get(*path)
        if isinstance(observed, Known):
            return Known(_id_in(str(observed.value)))
    return observed


def _id_in(text: str) -> str:
    parts = text.split(":")
    return parts[_ACCOUNT_PART] if len(parts) > _ACCOUNT_PART else text


def principal_of(entry: Resource) -> tuple[str | None, tuple[str, ...]]:
    """Return the type of an entry's person or group, None where it is not known, and where it is named."""
    if entry.type == ACCOUNT_ASSIGNMENT:
        return _TYPES.get(text_at(entry, "principalType") or ""), ("principalId",)
    of_user = not isinstance(entry.declared.get(*PRINCIPAL, "userId"), Absent)
    kind, name = (DIRECTORY_USER, "userId") if of_user else (DIRECTORY_GROUP, "groupId")
    return kind, (*PRINCIPAL, name)


def text_at(resource: Resource, *path: str) -> str | None:
    """Return a text that is known."""
    observed = resource.declared.get(*path)
    return observed.value if isinstance(observed, Known) and isinstance(observed.value, str) else None
