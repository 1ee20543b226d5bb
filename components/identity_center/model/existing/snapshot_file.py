"""The file form of a reading: JSON that says the same in the same bytes, and is read back equal."""

import json
from typing import Any, Final

from pydantic import ValidationError

from .existing import Existing, sorted_unread
from .objects import Group, PermissionSet, User
from .parts import FOR_REVIEW, Part, Unread, not_asked

FORMAT: Final = 1
_KIND: Final = "identity-center-snapshot"


class UnusableExistingError(ValueError):
    """A file that is no snapshot of an instance; the text says where it is wrong, and quotes nothing."""


def write_existing(existing: Existing) -> str:
    """Write a snapshot as JSON: ids, names, and all that was read of people, so keep it for few eyes."""
    document = {"kind": _KIND, "format": FORMAT, **existing.model_dump(by_alias=True, exclude_defaults=True)}
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def read_existing(text: str) -> Existing:
    """Read what `write_existing` wrote. Raises UnusableExistingError."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise UnusableExistingError("it is not JSON") from error
    if not isinstance(document, dict) or document.pop("kind", None) != _KIND:
        raise UnusableExistingError("it is no snapshot of an Identity Center instance")
    if document.pop("format", None) != FORMAT:
        raise UnusableExistingError(f"its format is another than {FORMAT}: write it anew with this version")
    try:
        return _with_gaps(Existing.model_validate_json(json.dumps(document)))
    except ValidationError as error:
        raise UnusableExistingError(_first(error)) from error


def _with_gaps(existing: Existing) -> Existing:
    """Name what an older version did not read: every instance has a Region, so none means not asked."""
    if existing.regions or not existing.knows(Part.REGIONS):
        return existing
    return existing.model_copy(update={"unread": sorted_unread([*existing.unread, not_asked(Part.REGIONS)])})


def _first(error: ValidationError) -> str:
    first: Any = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


def for_review(existing: Existing) -> Existing:
    """Leave out everything but ids, keys and names, so that people who review a change may have the file.

    What is left out is named as unread: a comparison with it says so, instead of finding differences.
    """
    left_out = (
        Part.MANAGED_POLICIES,
        Part.CUSTOMER_MANAGED_POLICIES,
        Part.INLINE_POLICIES,
        Part.BOUNDARIES,
        Part.TAGS,
        Part.ACCOUNT_TAGS,
    )
    unread = {each for each in existing.unread if each.part not in {part.value for part in left_out}}
    unread |= {Unread(part=part.value, of="", operation="", why=FOR_REVIEW) for part in left_out}
    return existing.model_copy(
        update={
            "users": tuple(User(id=user.id, user_name=user.user_name) for user in existing.users),
            "groups": tuple(Group(id=group.id, name=group.name) for group in existing.groups),
            "permission_sets": tuple(map(_bare_set, existing.permission_sets)),
            "accounts": tuple(each.model_copy(update={"tags": None}) for each in existing.accounts),
            "applications": tuple(
                each.model_copy(update={"description": "", "url": "", "tags": None})
                for each in existing.applications
            ),
            "account_access": tuple(each.model_copy(update={"tags": {}}) for each in existing.account_access),
            "unread": tuple(sorted(unread, key=lambda each: (each.part, each.of, each.operation, each.why))),
        }
    )


def _bare_set(one: PermissionSet) -> PermissionSet:
    return PermissionSet(arn=one.arn, name=one.name, provisioned=one.provisioned)
