"""What a user and a group of the directory consist of, and how an update by attribute paths changes them."""

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.model import ListShape, Shape, StructureShape

from sandbox.aws.modelled import invalid, service_model
from sandbox.aws.refusals.table import refuse
from sandbox.aws.shapes import violations

Reader = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Kind:
    """One kind of principal: how it is named and which attributes are required or unique."""

    name: str
    """As in its id: User, Group."""
    word: str
    """As in its ARN: user, group."""
    named: str
    """The attribute that is its name in Identity Center."""
    required: Mapping[str, Reader]
    unique: Mapping[str, Callable[[Mapping[str, Any]], Iterable[str]]]
    """By attribute path in small letters, the values (in small letters) that nobody else may have."""
    duplicate: Mapping[str, str]
    """By the same path, the refusal of a value that somebody else has."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """Attributes that a new one has without being asked for."""

    @property
    def id(self) -> str:
        """Name the member that holds its id."""
        return f"{self.name}Id"

    @property
    def arn(self) -> str:
        """Name the member that holds its ARN."""
        return f"{self.name}Arn"


USER = Kind(
    "User", "user", "UserName",
    required={
        "username": lambda row: row.get("UserName"),
        "displayname": lambda row: row.get("DisplayName"),
        "givenname": lambda row: row.get("Name", {}).get("GivenName"),
        "familyname": lambda row: row.get("Name", {}).get("FamilyName"),
    },
    unique={
        "username": lambda row: [row["UserName"].lower()],
        "emails.value": lambda row: [
            mail["Value"].lower() for mail in row.get("Emails", []) if "Value" in mail
        ],
    },
    duplicate={"username": "duplicate-user-name", "emails.value": "duplicate-email"},
    given={"UserStatus": "ENABLED"},
)  # fmt: skip

GROUP = Kind(
    "Group", "group", "DisplayName",
    required={"displayname": lambda row: row.get("DisplayName")},
    unique={"displayname": lambda row: [row["DisplayName"].lower()]},
    duplicate={"displayname": "duplicate-group-name"},
)  # fmt: skip

# Members of the Create request that are no attributes of the thing itself.
_NO_ATTRIBUTE = {"IdentityStoreId"}


def changed(row: Mapping[str, Any], operations: Iterable[Mapping[str, Any]], kind: Kind) -> dict[str, Any]:
    """Return a copy of ``row`` after the operations: a value replaces, a value left out or null removes."""
    new = copy.deepcopy(dict(row))
    shape = service_model("identitystore").operation_model(f"Create{kind.name}").input_shape
    for operation in operations:
        path = operation["AttributePath"]
        names, member = _resolved(shape, path.split("."))
        if member is None or names[0] in _NO_ATTRIBUTE:
            refuse("unknown-attribute", path=path, operation=f"Update{kind.name}")
        target = new
        for name in names[:-1]:
            target = target.setdefault(name, {})
        _set(target, names[-1], member, operation.get("AttributeValue"), path)
    return new


def _resolved(shape: Shape | None, parts: list[str]) -> tuple[list[str], Shape | None]:
    """Follow a path through the model: the names as the model spells them, and the shape at the end."""
    names: list[str] = []
    for part in parts:
        name = _member(shape, part)
        if name is None or not isinstance(shape, StructureShape):
            return names, None
        names.append(name)
        shape = shape.members[name]
    return names, shape


def _member(shape: Shape | None, part: str) -> str | None:
    """Find the member that a part of a path names: attribute paths ignore case."""
    if not isinstance(shape, StructureShape):
        return None
    return next((name for name in shape.members if name.lower() == part.lower()), None)


def _set(target: dict[str, Any], name: str, shape: Shape, value: Any, path: str) -> None:  # noqa: ANN401 - JSON
    if value is None:
        # Null removes; an empty value breaks the shape (TF user.go sends null for an empty string).
        target.pop(name, None)
        return
    spelt = _spelt(shape, value)
    found = violations(shape, spelt, path)
    if found:
        refuse("invalid-attribute-value", violations=invalid(found))
    target[name] = spelt


def _spelt(shape: Shape, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Give the members inside a value their model's spelling: in a document case is ignored."""
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_spelt(shape.member, item) for item in value]
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        pairs = ((_member(shape, key), item) for key, item in value.items())
        return {name: _spelt(shape.members[name], item) for name, item in pairs if name and item is not None}
    return value
