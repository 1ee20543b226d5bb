"""What AWS has otherwise than the model says, as the values that its entries would have to say instead."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from identity_center.model.existing.details import PORTAL, TAGS
from identity_center.model.existing.drift import Drifted
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.things import OF_A_SET, OWNER_OF, Kind
from identity_center.model.language.ignored_drift import Difference
from identity_center.model.language.keys.values import DEFAULT_SESSION

from .grants import entry_of_application
from .people import entry_of_user, unsayable
from .permission_sets import KEY_OF, PermissionSets
from .proposal import Adopting, ModelNow, Place, Proposal

#: Details that an entry may get where it says nothing of them; parts of sets are added with the sets.
_DETAILS: Final = OWNER_OF.keys() - OF_A_SET


class NewValue(NamedTuple):
    """A value that an entry of the model would have to say, so that it says what AWS has."""

    row: Drifted
    place: Place
    """Its key, such as `("permissionSets", "builders", "sessionDuration")`."""
    value: Any

    @property
    def replaces(self) -> bool:
        """Whether the model says something else now, which is a person's to give up."""
        return self.row.difference is Difference.CHANGED


class _UnsayableError(Exception):
    """A value that no key of the model can have; the text says why."""


@dataclass(frozen=True)
class NewValues:
    """What a model can say of the differences, and why it cannot say the others."""

    sayable: tuple[NewValue, ...]
    unsayable: Mapping[Drifted, str]


def is_value(row: Drifted) -> bool:
    """Tell whether a difference is about a value of an entry that the model has."""
    return row.difference is Difference.CHANGED or (
        row.difference is Difference.EXTRA and row.thing.kind in _DETAILS
    )


def new_values(rows: Iterable[Drifted], existing: Existing, now: ModelNow) -> NewValues:
    """Find the entries that these differences are about, and what they would have to say."""
    entries, sayable, why = _Entries(existing, now), [], {}
    for row in rows:
        try:
            sayable.append(NewValue(row, *entries.place_and_value(row)))
        except _UnsayableError as error:
            why[row] = str(error)
    return NewValues(tuple(sayable), why)


class _Entries:
    """The entries of a model as they would be if they said what AWS has."""

    def __init__(self, existing: Existing, now: ModelNow) -> None:
        self._existing, self._now = existing, now
        self._sets = PermissionSets(Adopting(existing, now, Proposal()))
        self._set_of = {each.label: each for each in existing.permission_sets}
        self._user_of = {each.user_name: each for each in existing.users if each.user_name}
        self._group_of = {each.name: each for each in existing.groups if each.name}
        self._application_of = {each.name: each for each in existing.applications if each.name}
        self._key_of_application = {entry.name: key for key, entry in now.declared.applications.items()}

    def place_and_value(self, row: Drifted) -> tuple[Place, Any]:
        """Return the key that says a thing, and its value in AWS. Raises _UnsayableError."""
        kind = Kind.SESSION if row.thing.kind in OF_A_SET else row.thing.kind
        return _FINDERS[kind](self, row)

    def set_part(self, row: Drifted) -> tuple[Place, Any]:
        kind, names = row.thing
        one = self._set_of[names[0]]
        place = ("permissionSets", self._now.sets[one.arn])
        if kind is Kind.TAG:
            return (*place, "tags", names[1]), (one.tags or {})[names[1]]
        # What is not said in an entry is the session that AWS gives where nobody says one.
        entry = {"sessionDuration": DEFAULT_SESSION, **dict(self._sets.entry(one))}
        return (*place, KEY_OF[kind]), _said(entry, KEY_OF[kind])

    def user_attribute(self, row: Drifted) -> tuple[Place, Any]:
        name, attribute = row.thing.names
        user = self._user_of[name]
        problem = unsayable(user)
        if problem is not None:
            raise _UnsayableError(problem)
        key = self._now.principals[user.id]
        return ("users", key, attribute), _said(entry_of_user(user), attribute)

    def group_description(self, row: Drifted) -> tuple[Place, Any]:
        group = self._group_of[row.thing.names[0]]
        return ("groups", self._now.principals[group.id], "description"), group.description

    def application_setting(self, row: Drifted) -> tuple[Place, Any]:
        name, setting = row.thing.names
        if setting == "provider":
            raise _UnsayableError("an application of another provider is another one: delete one of the two")
        entry = {"status": "enabled", **entry_of_application(self._application_of[name])}
        place = ("applications", self._key_of_application[name])
        if setting.startswith(TAGS):
            key = setting.removeprefix(TAGS)
            return (*place, "tags", key), entry["tags"][key]
        if setting.startswith(PORTAL):
            key = setting.removeprefix(PORTAL)
            return (*place, "portal", key), _said({"visibility": "enabled", **entry.get("portal", {})}, key)
        return (*place, setting), _said(entry, setting)

    def attribute(self, row: Drifted) -> tuple[Place, Any]:
        key = row.thing.names[0]
        sources = next(each.sources for each in self._existing.attributes if each.key == key)
        if len(sources) != 1:
            raise _UnsayableError("it has several sources, and the model has one")
        return ("accessControlAttributes", key), sources[0]

    def region(self, row: Drifted) -> tuple[Place, Any]:
        raise _UnsayableError(f"it is {row.found}: AWS is still at it")


def _said(entry: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - a value of an entry
    if key not in entry:
        raise _UnsayableError("the model has no words for what AWS has")
    return entry[key]


_FINDERS: Final[Mapping[Kind, Callable[[_Entries, Drifted], tuple[Place, Any]]]] = {
    Kind.SESSION: _Entries.set_part,
    Kind.USER_ATTRIBUTE: _Entries.user_attribute,
    Kind.GROUP_DESCRIPTION: _Entries.group_description,
    Kind.APPLICATION_SETTING: _Entries.application_setting,
    Kind.ATTRIBUTE: _Entries.attribute,
    Kind.REGION: _Entries.region,
}
"""By kind; those of a permission set are all found as its session is."""
