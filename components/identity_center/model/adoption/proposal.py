"""What a model has to say besides what it says: entries by their places, and what is left out of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import ValidationError

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.things import Thing
from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.policies import CustomerPolicy
from identity_center.model.mistakes import key_path
from identity_center.model.plan.planned import GROUP, PERMISSION_SET, USER
from identity_center.model.reading.load import shape_mistakes

from .import_ids import Imports
from .keys import Keys

Place = tuple[str, ...]
"""Where something stands in a model: `("groups", "developers", "members")`."""
Said = dict[str, Any]
"""An entry as a file has it."""


class LeftOut(NamedTuple):
    """Something that exists and that the model will not say."""

    what: str
    """In words, without what people are called: `permission set AWSReadOnlyAccess`."""
    why: str
    thing: Thing | None = None
    """The same as a drift knows it, where it does."""


@dataclass
class Proposal:
    """What is added to a model. Nothing that it has is changed."""

    mappings: dict[Place, Said] = field(default_factory=dict)
    """By place of a mapping: the keys and values that it gets."""
    lists: dict[Place, list[Any]] = field(default_factory=dict)
    """By place of a list: the items that it gets at its end."""
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, part: str, key: str, entry: object) -> None:
        """Add an entry to a mapping at the top."""
        self.mappings.setdefault((part,), {})[key] = entry

    def append(self, place: Place, item: object) -> None:
        """Add an item to a list."""
        self.lists.setdefault(place, []).append(item)

    def leave_out(self, what: str, why: str, thing: Thing | None = None) -> None:
        """Note what the model will not say."""
        self.left_out.append(LeftOut(what, why, thing))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to add."""
        return not self.mappings and not self.lists


def problem_of(part: str, entry: Mapping[str, Any]) -> str | None:
    """Say why the model cannot have this entry; None where it can."""
    try:
        AccessDeclaration.model_validate({part: {"it": entry}})
    except ValidationError as error:
        mistake = shape_mistakes(error.errors(include_url=False))[0]
        place = key_path(mistake.path).partition(":")[2].removeprefix(f"{part}.it").removeprefix(".")
        return f"the model does not take it: {place + ' ' if place else ''}{mistake.problem}"
    return None


class ModelNow:
    """What a model says already: keys of what exists, and which keys are in use."""

    def __init__(
        self,
        declared: AccessDeclaration,
        imports: Imports,
        external: Mapping[str, str],
        external_sets: Mapping[str, str],
    ) -> None:
        """Take the keys of users and groups from elsewhere by their ids, of permission sets by ARN."""
        self.declared, self.imports = declared, imports
        own = {imports.known_as[which]: which.key for which in imports.ids if which.type in (USER, GROUP)}
        self.principals: dict[str, str] = {**own, **external}
        """Key of each user and group of the instance that the model has, by id."""
        own_sets = {
            imports.known_as[which]: which.key for which in imports.ids if which.type == PERMISSION_SET
        }
        self.sets: dict[str, str] = {**own_sets, **external_sets}
        """Key of each permission set of the instance that the model has, by ARN."""
        self.user_keys = Keys([*declared.users, *declared.external_users, *_former(declared.users)])
        self.group_keys = Keys([*declared.groups, *declared.external_groups, *_former(declared.groups)])
        every_set = {**declared.permission_sets, **declared.external_permission_sets}
        self.set_keys = Keys([*every_set, *_former(every_set)])
        self.application_keys = Keys([*declared.applications, *_former(declared.applications)])

    def has(self, kind: str, *names: str) -> bool:
        """Tell whether the model says what AWS knows by these names (`provider_ids.HELD_TYPES`)."""
        return (kind, names) in self.imports.said


def _former(entries: Mapping[str, Any]) -> Iterator[str]:
    return (entry.formerly for entry in entries.values() if entry.formerly)


def referred_to(why: str, referred: bool) -> str:  # noqa: FBT001 - said once, beside its meaning
    """Say why something is not in the model, and that the model refers to it where it does."""
    return f"{why}; the model refers to it and changes nothing of it" if referred else why


def customer_policy(path: str, name: str) -> str:
    """Write a customer-managed policy as a model does: `Deploy`, or `/team/Deploy`."""
    written = name if path == "/" else f"{path}{name}"
    return written if CustomerPolicy.named(written) == CustomerPolicy(path, name) else f"{path}{name}"


@dataclass(frozen=True)
class Adopting:
    """One adoption on its way: what exists, what the model has, what it gets."""

    existing: Existing
    model: ModelNow
    proposal: Proposal
