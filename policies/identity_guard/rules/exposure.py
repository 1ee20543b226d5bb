"""What makes an access worse: who gets it, where, for how long, and with which credentials."""

import re
from collections.abc import Iterator
from typing import Final

from .identities import Identity
from .observe import Known, NotYetKnown, Observed
from .resource_types import ACCOUNT_ASSIGNMENT
from .stack import Resource

ONE_HOUR: Final = 60
"""Minutes. The default session of a permission set (IAM Identity Center user guide, howtosessionduration)."""

_DURATION: Final = re.compile(r"PT(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:\d+S)?")


def exposures(identity: Identity, management_account: str | None) -> Iterator[str]:
    """Say what makes this identity's access worse than it is by its policies."""
    for entry in identity.entries:
        if _text(entry.declared.get("principalType")) == "USER":
            yield f"{entry.label} gives it to a single user instead of a group"
    yield from in_management_account(identity, management_account)
    accounts = {_text(entry.declared.get("targetId")) for entry in _assignments(identity)} - {None}
    if len(accounts) > 1:
        yield f"it is assigned in {len(accounts)} accounts"
    if (minutes := session_minutes(identity) or 0) > ONE_HOUR:
        yield f"a session lasts longer than an hour ({minutes} minutes)"
    for credential in identity.credentials:
        yield f"the user has {credential.called} ({credential.holder.label})"
    for entry in identity.entries:
        if entry.type != ACCOUNT_ASSIGNMENT:
            yield f"{entry.label} lets people of Identity Center use the role"


def in_management_account(identity: Identity, account: str | None) -> Iterator[str]:
    """Say that it is assigned in the management account, whose id only the configuration tells."""
    for entry in _assignments(identity):
        if account is not None and _text(entry.declared.get("targetId")) == account:
            yield f"{entry.label} gives it in the management account"
            return


def open_exposures(identity: Identity, management_account: str | None) -> Iterator[str]:
    """Name the values that are not known yet and could make it worse."""
    wanted = [(entry, "principalType") for entry in identity.entries]
    if management_account is not None:
        wanted += [(entry, "targetId") for entry in _assignments(identity)]
    if identity.resource is not None:
        wanted.append((identity.resource, "sessionDuration"))
    for resource, name in wanted:
        observed = resource.declared.get(name)
        if isinstance(observed, NotYetKnown):
            yield f"`{observed.path}` of {resource.label} is not known yet"


def _assignments(identity: Identity) -> list[Resource]:
    return [entry for entry in identity.entries if entry.type == ACCOUNT_ASSIGNMENT]


def session_minutes(identity: Identity) -> int | None:
    """Return how long a session of a permission set lasts, in minutes; None where it is not said."""
    duration = _text(identity.resource.declared.get("sessionDuration")) if identity.resource else None
    found = _DURATION.fullmatch(duration) if duration else None
    return int(found["hours"] or 0) * 60 + int(found["minutes"] or 0) if found else None


def _text(observed: Observed) -> str | None:
    return observed.value if isinstance(observed, Known) and isinstance(observed.value, str) else None
