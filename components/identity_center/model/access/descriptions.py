"""Descriptions that a model takes away, which AWS keeps: found by comparing with what the state has.

- Permission set: UpdatePermissionSet without a description leaves the old one, so that the difference comes
  back with each refresh, and each update provisions every account for it.
  Source: hashicorp/terraform-provider-aws, issue 41897.
- Group: the provider sends an empty text, which the API refuses at every run.
  Source: terraform-provider-aws, identitystore/group.go, Update; botocore, shape SensitiveStringType.
- Application: UpdateApplication has no way to say that there is none, and what is left out stays.
  Source: botocore, sso-admin, UpdateApplication; its shape Description has at least one character.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from identity_center.model.mistakes import Mistake

from .grants import Access


class Described(Enum):
    """What has a description that cannot be taken away, by its key in the model."""

    PERMISSION_SET = "permissionSets"
    """A permission set."""
    GROUP = "groups"
    """A group of the directory."""
    APPLICATION = "applications"
    """An application of the access portal."""


_WHAT_AWS_DOES = {
    Described.PERMISSION_SET: "AWS keeps it, and every update would provision all its accounts again",
    Described.GROUP: "AWS refuses to take it away, at every update",
    Described.APPLICATION: "AWS keeps it, and every update would show the difference again",
}


@dataclass(frozen=True)
class Descriptions:
    """Who has a description in the state: name in AWS by the name of the resource, by kind."""

    names: Mapping[Described, Mapping[str, str]] = field(default_factory=dict)

    def lost_in(self, access: Access) -> Iterator[Mistake]:
        """Find each description that a model takes away. What gets a new name in AWS is made anew: no loss.

        Groups keep theirs when they are renamed.
        """
        for one in _entries(access):
            before = self.names.get(one.kind, {})
            known = before.get(one.key, before.get(one.formerly or ""))
            is_made_anew = one.kind is Described.PERMISSION_SET and known != one.name
            if known is not None and one.description is None and not is_made_anew:
                yield Mistake(
                    (one.kind.value, one.key),
                    f"has no description any more; {_WHAT_AWS_DOES[one.kind]}",
                    "write a description: the old one, or another text",
                    at_key=True,
                )


class _Entry(NamedTuple):
    kind: Described
    key: str
    formerly: str | None
    name: str
    description: str | None


def _entries(access: Access) -> Iterator[_Entry]:
    for key, made in access.permission_sets.items():
        entry = made.entry
        yield _Entry(Described.PERMISSION_SET, key, entry.formerly, made.name, entry.description)
    for key, group in access.declared.groups.items():
        yield _Entry(Described.GROUP, key, group.formerly, group.display_name, group.description)
    for key, one in access.declared.applications.items():
        yield _Entry(Described.APPLICATION, key, one.formerly, one.name, one.description)
