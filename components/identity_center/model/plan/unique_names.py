"""Names that AWS keeps unique: which of a plan's names the stack's state has, and which are new."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Any, Final, NamedTuple

from identity_center.model.mistakes import KeyPath

from .planned import (
    ACCOUNT_ACCESS,
    APPLICATION,
    ATTRIBUTES,
    CONTROL_POLICY,
    GROUP,
    PERMISSION_SET,
    USER,
    Id,
    PlannedResource,
    Secret,
)


class Change(Enum):
    """When a resource that has a name lets go of it, where it gets another one."""

    IN_TURN = auto()
    """In its own step: changed in place, or deleted before it is made anew."""
    AT_THE_END = auto()
    """When everything else is done: the new one is made first."""
    SHARED = auto()
    """It need not: AWS lets several have the name, and to make it once more would only double it."""


class UniqueName(NamedTuple):
    """One kind of name that nobody else may have."""

    type: str
    input: str
    """Path of the provider's input; empty where an instance has one of these, whatever it is called."""
    words: str
    """What people call it."""
    kind: str
    """What has it, as in `a group`."""
    section: str
    """Key of the model under which it is written."""
    written: tuple[str, ...]
    """Where it stands below the resource's own key."""
    id_output: str
    """Output of the provider that has AWS's id."""
    change: Change
    folds: bool
    """Whether small and capital letters are the same."""


#: Sources: documentation of the operations in botocore (CreateUser: "This attribute must be unique";
#: CreateGroup; ConflictException of CreatePermissionSet and of
#: CreateInstanceAccessControlAttributeConfiguration; DuplicatePolicyException of CreatePolicy, UpdatePolicy;
#: AlreadyCreatedException of account access manager). How each changes: the schemas of pulumi-aws
#: (`willReplaceOnChanges`), and `plan/people.py` for the order of a user's replacement.
#: Of an application's name no operation says that it is unique.
UNIQUE: Final = (
    UniqueName(
        USER, "userName", "user name", "user", "users", ("userName",), "userId", Change.IN_TURN, folds=True
    ),
    UniqueName(
        USER, "emails.value", "e-mail address", "user", "users", ("email",), "userId", Change.IN_TURN,
        folds=True,
    ),
    UniqueName(
        GROUP, "displayName", "display name", "group", "groups", ("displayName",), "groupId",
        Change.IN_TURN, folds=True,
    ),
    UniqueName(
        PERMISSION_SET, "name", "name", "permission set", "permissionSets", ("name",), "arn",
        Change.AT_THE_END, folds=False,
    ),
    UniqueName(
        APPLICATION, "name", "name", "application", "applications", ("name",), "arn", Change.SHARED,
        folds=False,
    ),
    UniqueName(
        CONTROL_POLICY, "name", "name", "service control policy", "rootGuard", (), "arn", Change.IN_TURN,
        folds=False,
    ),
    UniqueName(
        ATTRIBUTES, "", "configuration", "configuration of attributes for access control",
        "accessControlAttributes", (), "instanceArn", Change.IN_TURN, folds=False,
    ),
    UniqueName(
        ACCOUNT_ACCESS, "", "application", "application of account access manager", "accountAccess", (),
        "arn", Change.IN_TURN, folds=False,
    ),
)  # fmt: skip
TYPES: Final = frozenset(name.type for name in UNIQUE)
#: The guard of root users has a permission set of its own, beside the model's.
_GUARD: Final = "identity-center:index:RootGuard"


@dataclass(frozen=True)
class Holder:
    """What AWS has under some names: a resource of the state, or an object of AWS's own lists."""

    type: str
    id: str
    names: Mapping[str, str]
    """By path of the input; may hold personal data."""
    outermost: str = ""
    """Type of the outermost component, of a resource of the state."""
    key: str = ""
    """Its name in the stack, of a resource of the state."""


@dataclass(frozen=True)
class Claim:
    """A resource of a plan that is to have a name."""

    kind: UniqueName
    name: str
    """As it is compared."""
    id: Id
    outermost: str
    former_keys: tuple[str, ...] = ()
    """Under which the state may have it."""

    @property
    def path(self) -> KeyPath:
        """Where the name is written."""
        if self.outermost == _GUARD:
            return ("rootGuard", "permissionSet") if self.kind.type == PERMISSION_SET else ("rootGuard",)
        return (
            (self.kind.section, self.id.key, *self.kind.written)
            if self.kind.written
            else (self.kind.section,)
        )


def claims_of(plan: Iterable[PlannedResource]) -> Iterator[Claim]:
    """Yield every unique name of a plan."""
    planned = {each.id: each for each in plan}
    for each in planned.values():
        if each.type in TYPES:
            names = {unique.input: name for unique, name in _names(each.type, each.inputs)}
            around = None if each.parent is None else planned.get(each.parent)
            former = each.former_names or (
                around.former_names if around is not None and around.key == each.key else ()
            )
            for unique in UNIQUE:
                if unique.type == each.type and unique.input in names:
                    outermost = _outermost(each, planned)
                    yield Claim(unique, names[unique.input], each.id, outermost, former)


def _outermost(each: PlannedResource, planned: Mapping[Id, PlannedResource]) -> str:
    while each.parent is not None and each.parent in planned:
        each = planned[each.parent]
    return each.type


def holder(type_: str, properties: Mapping[str, Any], outermost: str = "", key: str = "") -> Holder:
    """Read what has names from the provider's outputs, or from what is written like them."""
    ids = {unique.id_output for unique in UNIQUE if unique.type == type_}
    found = next((str(properties[name]) for name in ids if properties.get(name)), "")
    return Holder(
        type_, found, {unique.input: name for unique, name in _names(type_, properties)}, outermost, key
    )


def _names(type_: str, properties: Mapping[str, Any]) -> Iterator[tuple[UniqueName, str]]:
    for unique in UNIQUE:
        if unique.type == type_:
            value: Any = properties
            for part in filter(None, unique.input.split(".")):
                value = value.get(part) if isinstance(value, Mapping) else None
                value = value.value if isinstance(value, Secret) else value
            if not unique.input:
                yield unique, ""
            elif isinstance(value, str) and value:
                yield unique, value.casefold() if unique.folds else value


@dataclass(frozen=True)
class State:
    """The resources of the stack's state that have such names."""

    holders: tuple[Holder, ...] = ()

    def of(self, claim: Claim) -> Holder | None:
        """Return the resource that the plan goes on with; None for what it makes."""
        keys = (claim.id.key, *claim.former_keys)
        found = (self._by_key.get((claim.outermost, claim.id.type, key)) for key in keys)
        return next((each for each in found if each is not None), None)

    @cached_property
    def _by_key(self) -> dict[tuple[str, str, str], Holder]:
        return {(each.outermost, each.type, each.key): each for each in self.holders}
