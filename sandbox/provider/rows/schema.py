"""What a row of the table is: a property, a resource type, a function. Data only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.provider.rows.call import Call

type_of_check = Callable[[Any], str | None]
"""Takes a known value; returns what is wrong with it, or None."""


class Kind(Enum):
    """The type of a property."""

    STRING = "string"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    LIST = "array"
    SET = "set"
    """A list whose order means nothing."""
    MAP = "map"
    """Texts by text."""
    OBJECT = "object"
    JSON = "json"
    """A policy document as text: two texts that mean the same are one value."""


@dataclass(frozen=True)
class Property:
    """One property of a resource or of an object in one."""

    kind: Kind = Kind.STRING
    required: bool = False
    force_new: bool = False
    """A change of it replaces the resource."""
    force_new_from: Any = None
    """A change of it from this value replaces the resource; from others it is made in place."""
    default: Any = None
    computed: bool = False
    """Where the program leaves it out, AWS or the provider decides, and that is no change."""
    secret: bool = False
    aws: str = ""
    """Its name in the API; empty: its own name with a capital letter. A minus: the API does not know it."""
    item: "Property | None" = None
    fields: Mapping[str, "Property"] = field(default_factory=dict)
    one_of_list: bool = False
    """An object that the API wraps in a list of one."""
    checks: tuple[type_of_check, ...] = ()
    conflicts: tuple[str, ...] = ()
    """Other properties that must not be given with it."""
    also: tuple[str, ...] = ()
    """Other properties of the same object that must be given with it."""
    deprecated: str = ""
    or_object: bool = False
    """A JSON text that the program may also give as an object (pulumi-aws writes the text itself)."""

    def member(self, name: str) -> str:
        """Return the name of this property, called ``name`` here, in the API."""
        return self.aws or name[:1].upper() + name[1:]


def text(**more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    """Return a property that is a text."""
    return Property(**more)


def flag(**more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    """Return a property that is true or false."""
    return Property(kind=Kind.BOOLEAN, **more)


def number(**more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    """Return a property that is a whole number."""
    return Property(kind=Kind.INTEGER, **more)


def document(**more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    """Return a property that is a policy document."""
    return Property(kind=Kind.JSON, **more)


def set_of(item: Property, **more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    """Return a property that is a list whose order means nothing."""
    return Property(kind=Kind.SET, item=item, **more)


def list_of(item: Property, **more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    """Return a property that is a list."""
    return Property(kind=Kind.LIST, item=item, **more)


def block(fields: Mapping[str, Property], **more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    """Return a property that is an object."""
    return Property(kind=Kind.OBJECT, fields=fields, **more)


def texts_by_key(**more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    """Return a property that is a map of texts."""
    return Property(kind=Kind.MAP, item=Property(), **more)


def value_at(state: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - any value of a property
    """Return the value at a path with dots, or None; the whole path as a key comes first."""
    if path in state:
        return state[path]
    first, _, rest = path.partition(".")
    inner = state.get(first)
    return value_at(inner, rest) if rest and isinstance(inner, Mapping) else None


@dataclass(frozen=True)
class Identity:
    """How the id of a resource is put together, which is how it is written for ``pulumi import`` too."""

    parts: tuple[str, ...]
    """Properties; one inside an object with a dot."""
    separator: str = ","

    def written(self, state: Mapping[str, Any]) -> str:
        """Return the id of the resource with this state."""
        return self.separator.join(str(value_at(state, part)) for part in self.parts)

    def read(self, identifier: str) -> dict[str, Any]:
        """Take an id apart; ``ValueError`` says which form it must have."""
        # The ARN of a policy has slashes: as the last part it may hold the separator.
        holds = self.separator == "/" and self.parts[-1].endswith("Arn")
        most = len(self.parts) - 1 if holds else -1
        found = identifier.split(self.separator, most) if self.separator else [identifier]
        if len(found) != len(self.parts) or not all(found):
            raise ValueError(f"the id {identifier!r} is not of the form {self.form}")
        return dict(zip(self.parts, found, strict=True))

    @property
    def form(self) -> str:
        """Return the form of an id for people: ``identityStoreId/userId``."""
        return self.separator.join(self.parts)


@dataclass(frozen=True)
class ListIdentity(Identity):
    """An id whose last part is a list: ``user/group1/group2``."""

    def written(self, state: Mapping[str, Any]) -> str:
        """Return the id of the resource with this state."""
        *single, last = self.parts
        return self.separator.join([*(str(state[part]) for part in single), *sorted(state[last])])

    def read(self, identifier: str) -> dict[str, Any]:
        """Take an id apart; ``ValueError`` says which form it must have."""
        found = identifier.split(self.separator)
        single = self.parts[:-1]
        if len(found) <= len(single) or not all(found):
            raise ValueError(f"the id {identifier!r} is not of the form {self.form}{self.separator}...")
        return {**dict(zip(single, found, strict=False)), self.parts[-1]: found[len(single) :]}


@dataclass(frozen=True)
class AutoName:
    """The bridge's automatic names: the logical name, a hyphen and seven hexadecimal digits."""

    property: str = "name"
    longest: int = 255


class Built(Enum):
    """What a resource type of the real provider is built on; much of its life follows from it.

    Source of the consequences: pulumi-terraform-bridge 59de6c6 (pkg/tfbridge/provider.go and
    pkg/tfshim/sdk-v2/provider2.go; pkg/pf/tfbridge/provider_create.go, provider_update.go, provider_diff.go).
    """

    SDK = "SDKv2"
    """Terraform's old SDK. After a failure the resource stays in the state once it has its id, with the
    values that were WANTED, as if they had been written (helper/schema ResourceData.State without Partial);
    the next update has no difference to make and ends with a read. customTimeouts count where the schema has
    the operation. What has a given name is deleted before it is replaced."""
    FRAMEWORK = "plugin framework"
    """Terraform's newer framework. Nothing is kept of a failed create, and the old state after a failed
    update. What was written is the state, unread. customTimeouts are ignored: an argument ``timeouts``
    counts, where there is one. What replaces is made first. A type without an ``id`` has the id "missing
    ID"."""


#: Of a type on the plugin framework whose schema has no ``id`` (bridge pkg/tfbridge/info.go).
MISSING_ID = "missing ID"


@dataclass(frozen=True)
class ResourceType:
    """One resource type: what it takes, what it gives, and the steps of its life."""

    token: str
    source: str
    """Where its behaviour was read."""
    built_on: Built
    read_at: str
    """The commit of hashicorp/terraform-provider-aws at which the file, or its registration, was read."""
    service: str
    """botocore's name of the service that it lives in."""
    id: Identity
    inputs: Mapping[str, Property]
    create: Callable[["Call", dict[str, Any]], None]
    """Makes it; calls ``call.made(...)`` with the values of its id as soon as it exists."""
    read: Callable[["Call", Mapping[str, str]], dict[str, Any] | None]
    """Returns its state from AWS by the parts of its id, or None where it is gone."""
    delete: Callable[["Call", Mapping[str, Any]], None]
    outputs: Mapping[str, Property] = field(default_factory=dict)
    update: Callable[["Call", Mapping[str, Any], dict[str, Any], frozenset[str]], None] | None = None
    """Changes it: the old state, the inputs wanted, the inputs that differ. None: every change replaces."""
    gone: tuple[str, ...] = ("ResourceNotFoundException",)
    """Error codes that mean that it does not exist."""
    deleting_twice_fails: bool = False
    """Its deletion takes none of these codes for success."""
    autoname: AutoName | None = None
    regional: bool = True
    """Takes and gives ``region`` (provider version 7: each resource of a regional service)."""
    kept: tuple[str, ...] = ()
    """Outputs that only the moment of creation shows (a secret key): carried from state to state."""
    timeouts: Mapping[str, float] = field(default_factory=dict)
    """How long create, update and delete wait, in seconds, where the upstream schema says so."""
    has_id: bool = True
    """Its schema has an ``id``; a type on the plugin framework may lack one."""
    waits: str = ""
    """What it waits for, for people."""

    def identifier(self, state: Mapping[str, Any]) -> str:
        """Return the id that the resource with this state bears in Pulumi."""
        return self.id.written(state) if self.has_id else MISSING_ID

    @property
    def all_inputs(self) -> dict[str, Property]:
        """Return the inputs with ``region`` where the type has one."""
        region = {"region": text(computed=True, force_new=True, aws="-")} if self.regional else {}
        return {**self.inputs, **region}

    @property
    def tagged(self) -> bool:
        """Say whether the type has tags, and with them ``tagsAll``."""
        return "tags" in self.inputs

    @property
    def all_outputs(self) -> dict[str, Property]:
        """Return the outputs that are no inputs."""
        tags = {"tagsAll": texts_by_key(aws="-")} if self.tagged else {}
        return {**self.outputs, **tags}

    @property
    def label(self) -> str:
        """Return the token as people write it: aws:ssoadmin:PermissionSet."""
        package, module, name = self.token.split(":")
        return f"{package}:{module.split('/')[0]}:{name}"


@dataclass(frozen=True)
class Invoke:
    """One function of the provider."""

    token: str
    source: str
    inputs: Mapping[str, Property]
    outputs: Mapping[str, Property]
    run: Callable[["Call", dict[str, Any]], dict[str, Any]]
    regional: bool = False

    @property
    def all_inputs(self) -> dict[str, Property]:
        """Return the inputs with ``region`` where the function has one."""
        return {**self.inputs, **({"region": text(computed=True)} if self.regional else {})}


def required(given: Property) -> Property:
    """Return the same property as a required one."""
    return replace(given, required=True)
