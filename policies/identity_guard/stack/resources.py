"""The resources of a run, as a policy callback showed them.

Those that let people of Identity Center in, an assignment of a permission set or an entitlement to a role,
name their account and their person or group in different places; `account_of` and `principal_of` know
where.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from identity_guard.iam.text.arn import ACCOUNT_PART

from .accounts import account_in
from .observe import ABSENT, Absent, Known, NotYetKnown, Observed, Properties, text_of
from .resource_types import ACCOUNT_ASSIGNMENT, DIRECTORY_GROUP, DIRECTORY_USER, ENTITLEMENT


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: what its program gave and, in a stack policy, what the provider answered."""

    type: str
    urn: str
    name: str
    """The name in the program, which messages show."""
    inputs: Properties | None = None
    """As a resource policy got them; None or empty where none was asked about it, as for a read."""
    outputs: Properties | None = None
    """As a stack policy got them."""
    provider: str | None = None
    """URN of its provider: the same IAM name under two providers is two identities."""
    dependencies: frozenset[str] = frozenset()
    """URNs of all it depends on."""
    by_property: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URNs of what each of its properties depends on."""
    parent: str | None = None
    """URN of its parent, as a resource policy got it."""
    secret: bool = False
    """Whether the stack keeps a part of it secret: then nothing of its texts is told."""
    provider_account: str | None = None
    """The account in which its provider makes things, where the provider says it."""

    @property
    def account(self) -> str | None:
        """The account in which it is made, by its provider or its own ARN; None where neither says it."""
        return self.provider_account or account_in(text_of(self.identifier("arn")))

    @property
    def declared(self) -> Properties:
        """What the program gave.

        Outputs would mislead: a role's `managedPolicyArns` there can still list what this very update
        detaches. They stand in only where no inputs were seen, which includes components in a stack policy's
        view.
        """
        return self.inputs or self.outputs or Properties({})

    def identifier(self, name: str) -> Observed:
        """Return a property by which others name this resource, from whichever side knows it."""
        found: Observed = ABSENT
        for side in (self.inputs, self.outputs):
            observed = ABSENT if side is None else side.get(name)
            if isinstance(observed, Known):
                return observed
            found = observed if isinstance(found, Absent) else found
        return found

    @property
    def label(self) -> str:
        """How messages name it: the type's last part and its name in the program."""
        return f"{self.type.rpartition(':')[2]} `{self.name}`"


@dataclass(frozen=True, slots=True)
class Stack:
    """All resources that a callback may know of, by URN."""

    resources: Mapping[str, Resource]

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """Return the resources of these types, in the order in which they were seen."""
        return tuple(each for each in self.resources.values() if each.type in types)


ACCOUNT_AT: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    ACCOUNT_ASSIGNMENT: (("targetId",),),
    ENTITLEMENT: (("entitlement", "principalRole", "accountId"), ("entitlement", "principalRole", "roleArn")),
}
"""Where a resource that lets people in names its account: by its id, or in an ARN."""
PRINCIPAL: Final = ("entitlement", "principalRole", "principal", "identityCenter")
"""Of an entitlement: exactly one of a user and a group."""

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
    return parts[ACCOUNT_PART] if len(parts) > ACCOUNT_PART else text


def principal_of(entry: Resource) -> tuple[str | None, tuple[str, ...]]:
    """Return the type of an entry's person or group, None where it is not known, and where it is named."""
    if entry.type == ACCOUNT_ASSIGNMENT:
        return _TYPES.get(entry.declared.text("principalType") or ""), ("principalId",)
    of_user = not isinstance(entry.declared.get(*PRINCIPAL, "userId"), Absent)
    kind, name = (DIRECTORY_USER, "userId") if of_user else (DIRECTORY_GROUP, "groupId")
    return kind, (*PRINCIPAL, name)
