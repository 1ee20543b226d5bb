"""A Terraform plan or state as resources that the rules know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from identity_center_cli.readers.open_documents import document
from identity_center_cli.readers.open_values import Open
from identity_center_cli.readers.reading import (
    KeyPath,
    NotThisFormError,
    Place,
    Reading,
    Unseen,
    made_up_urn,
    objects,
)
from identity_center_cli.readers.templates.template import of_cloud_control, template_in
from identity_guard.iam.catalogue.context_keys import OWN_ACCOUNT
from identity_guard.stack.native_types import read_type
from identity_guard.stack.observe import NotYetKnown, Properties
from identity_guard.stack.resources import Resource

from .addresses import Configuration, Target, without_indexes
from .data_documents import written
from .mirrored import MIRRORS, attached, attached_elsewhere, without_empty
from .types import BY_TYPE, CLOUD_CONTROL, DATA_DOCUMENT, DOCUMENTS, SERVICES, TEMPLATES, translated

FORM: Final = "terraform"
_IAM_ARNS: Final[Mapping[str, str]] = {
    "aws_iam_role": "role",
    "aws_iam_user": "user",
    "aws_iam_group": "group",
    "aws_iam_policy": "policy",
}


def is_terraform(value: object) -> bool:
    """Say whether a value is what `terraform show -json` prints."""
    if not isinstance(value, Mapping) or "format_version" not in value:
        return False
    if set(value) <= {"format_version", "terraform_version"}:
        return True  # A state without a resource is printed so.
    return any(name in value for name in ("planned_values", "values", "resource_changes"))


def read_plan(value: Mapping[str, Any]) -> Reading:
    """Read a plan, as it will be, or a state, as it is. Raises NotThisFormError."""
    version = str(value.get("format_version"))
    if version.partition(".")[0] not in ("0", "1"):
        raise NotThisFormError(f"its format_version is {version[:20]}; 0 and 1 are read")
    key = "planned_values" if "planned_values" in value else "values"
    content = value.get(key)
    if set(value) <= {"format_version", "terraform_version"}:
        return Reading(unseen=[Unseen("it is an empty state: nothing is made")])
    if not isinstance(content, Mapping) or not isinstance(content.get("root_module", {}), Mapping):
        raise NotThisFormError(f"it has no object `{key}`: print it with `terraform show -json FILE`")
    try:
        reading = _Plan(value, key).read()
    except (TypeError, AttributeError) as error:
        raise NotThisFormError(
            f"it looks like a plan of Terraform, and is not laid out so: {error}"
        ) from error
    reading.unseen += _unseen(value)
    return reading


def _unseen(value: Mapping[str, Any]) -> Iterator[Unseen]:
    """Say that a plan does not show everything that is wanted."""
    if value.get("errored") is True:
        why = "the run of Terraform ended with an error, so the plan may not show every resource"
        yield Unseen(why, undecided=True)
    named = [_deferred(each) for each in objects(value.get("deferred_changes"))]
    if named or (value.get("complete") is False and not value.get("errored")):
        shown = [*named[:_SHOWN], *(["others"] if len(named) > _SHOWN else [])]
        listed = f": {', '.join(shown)}" if shown else ""
        yield Unseen(f"the plan leaves resources to a later run{listed}", undecided=True)


def _deferred(entry: Mapping[str, object]) -> str:
    change = entry.get("resource_change")
    return str(change.get("address")) if isinstance(change, Mapping) else "one without an address"


_SHOWN: Final = 5


@dataclass(frozen=True)
class _Entry:
    """One resource as the plan has it."""

    raw: Mapping[str, Any]
    module: str
    """Address of its module, indexes included."""
    path: KeyPath
    unknown: Any

    @property
    def address(self) -> str:
        return str(self.raw.get("address"))

    @property
    def type(self) -> str:
        return str(self.raw.get("type"))

    @property
    def values(self) -> Mapping[str, Any]:
        found = self.raw.get("values")
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def place(self) -> tuple[str, str, str, str]:
        """Where the configuration has it."""
        mode = str(self.raw.get("mode") or "managed")
        return without_indexes(self.module), mode, self.type, str(self.raw.get("name"))


class _Plan:
    def __init__(self, value: Mapping[str, Any], key: str) -> None:
        self.configuration = Configuration(value)
        changes = [each for each in value.get("resource_changes") or () if isinstance(each, Mapping)]
        self.changes = {
            str(each.get("address")): change
            for each in changes
            if isinstance(change := each.get("change"), Mapping)
        }
        root = value[key].get("root_module") or {}
        self.entries = list(self._entries(root, "", (key, "root_module"), 0))
        self.data = [
            each for each in changes if each.get("mode") == "data" and each.get("type") == DATA_DOCUMENT
        ]
        before = [(str(each.get("type")), each.get("change")) for each in changes]
        self.attached = {
            *attached((each.type, each.values) for each in self.entries),
            *attached((kind, each.get("before")) for kind, each in before if isinstance(each, Mapping)),
        }
        self.by_place: dict[tuple[str, str, str, str], list[_Entry]] = {}
        for each in self.entries:
            self.by_place.setdefault(each.place, []).append(each)

    def _entries(
        self, module: Mapping[str, Any], address: str, path: KeyPath, depth: int
    ) -> Iterator[_Entry]:
        for number, each in enumerate(module.get("resources") or ()):
            if isinstance(each, Mapping):
                unknown = self.changes.get(str(each.get("address")), {}).get("after_unknown")
                yield _Entry(each, address, (*path, "resources", number), unknown)
        for number, each in enumerate(module.get("child_modules") or ()):
            if isinstance(each, Mapping) and depth < 50:  # noqa: PLR2004 - deeper than any modules are nested
                inner = (*path, "child_modules", number)
                yield from self._entries(each, str(each.get("address")), inner, depth + 1)

    def read(self) -> Reading:
        """Read every resource of a covered type."""
        reading = Reading()
        for entry in self.entries:
            if entry.place[1] == "managed":
                self._read(entry, reading)
        return reading

    def _read(self, entry: _Entry, reading: Reading) -> None:
        place = Place(entry.address, entry.path)
        if entry.type in TEMPLATES:
            self._template(entry, place, reading)
        row = BY_TYPE.get(entry.type)
        if row is None:
            return
        values = {
            name: self._attribute(entry, name, each)
            for name, each in entry.values.items()
            if each is not None
        }
        values |= {name: self._unknown(entry, name) for name in self._unknown_names(entry)}
        if entry.type == "aws_iam_role":
            values = self._of_a_role(entry, without_empty(values), reading)
        depends = {name: tuple(self._urn(each) for each in self._referred(entry, name)) for name in values}
        by_property = {
            next(iter(translated(row, {name: None}))): urns for name, urns in depends.items() if urns
        }
        reading.add(
            Resource(
                read_type(row.read_as),
                self._urn(entry),
                entry.address,
                inputs=Properties(translated(row, values)),
                provider=str(entry.raw.get("provider_name")),
                dependencies=frozenset(urn for urns in depends.values() for urn in urns),
                by_property=by_property,
                secret=_is_sensitive(entry.raw.get("sensitive_values")),
            ),
            place,
        )

    def _of_a_role(self, entry: _Entry, values: dict[str, Any], reading: Reading) -> dict[str, Any]:
        """Return a role's attributes without those that only repeat what it has; that is read by itself."""
        written = self._expression(entry)
        given = written if isinstance(written, Mapping) else {}
        for member, kind, policy in attached_elsewhere(values, given, self.attached):
            row = BY_TYPE[kind]
            address = f"{entry.address}.{member}"
            urn = made_up_urn(FORM, read_type(row.read_as), address)
            inputs = Properties(translated(row, policy))
            by_property = {"role": (self._urn(entry),)}
            attachment = Resource(
                read_type(row.read_as), urn, address, inputs=inputs, by_property=by_property
            )
            reading.add(attachment, Place(entry.address, entry.path))
        return {name: each for name, each in values.items() if name not in MIRRORS or name in given}

    def _unknown_names(self, entry: _Entry) -> list[str]:
        """Return the attributes that are not known, but for those that AWS fills where nobody wrote any."""
        if not isinstance(entry.unknown, Mapping):
            return []
        names = [name for name, each in entry.unknown.items() if each is True]
        written = self._expression(entry)
        return [name for name in names if name in written] if isinstance(written, Mapping) else names

    def _urn(self, entry: _Entry) -> str:
        row = BY_TYPE.get(entry.type)
        return made_up_urn(FORM, read_type(row.read_as) if row else entry.type, entry.address)

    def _attribute(self, entry: _Entry, name: str, value: Any) -> Any:  # noqa: ANN401 - a plan holds anything
        """Return what is known of an attribute: of a block, part by part."""
        unknown = entry.unknown.get(name) if isinstance(entry.unknown, Mapping) else None
        return _with_unknown(value, unknown, name)

    def _unknown(self, entry: _Entry, name: str) -> Any:  # noqa: ANN401 - as above
        """Return what stands for an attribute that the plan does not know."""
        if name in DOCUMENTS:
            found = self._data_document(entry, name)
            if found is not None:
                return document(found, trust=name == "assume_role_policy")
        return NotYetKnown(name)

    def _expression(self, entry: _Entry, *path: str | int) -> Any:  # noqa: ANN401 - as above
        return self.configuration.expression(*entry.place, *path)

    def _referred(self, entry: _Entry, name: str) -> Iterator[_Entry]:
        for target in self.configuration.targets(entry.place[0], self._expression(entry, name)):
            yield from self._instances(target, entry)

    def _instances(self, target: Target, of: _Entry) -> list[_Entry]:
        """Return the instances that a reference may mean: the one it names, or those of the same index."""
        found = self.by_place.get((target.module, target.mode, target.type, target.name), [])
        found = [each for each in found if each.type in BY_TYPE]
        for narrowed in (
            [each for each in found if each.module == of.module],
            [each for each in found if each.raw.get("index") == _index_meant(target, of)],
        ):
            found = [each for each in found if each in narrowed] or found
        return found

    def _data_document(self, entry: _Entry, name: str) -> Any:  # noqa: ANN401 - as above
        """Return the document that the attribute takes from a data source; None where there is more to it."""
        targets = self.configuration.targets(entry.place[0], self._expression(entry, name))
        if len(targets) != 1 or targets[0].type != DATA_DOCUMENT:
            return None
        target = targets[0]
        found = [
            each
            for each in self.data
            if without_indexes(str(each.get("module_address") or "")) == target.module
            and each.get("name") == target.name
        ]
        same = [each for each in found if each.get("index") == _index_meant(target, entry)] or found
        change = same[0].get("change") if len(same) == 1 else None
        if not isinstance(change, Mapping) or not isinstance(change.get("after"), Mapping):
            return None
        return written(change["after"], change.get("after_unknown"), lambda path: self._open(target, path))

    def _open(self, target: Target, path: tuple[str | int, ...]) -> Open:
        """Return what stands for a part of a data document: ARNs of what the part refers to, or anything."""
        what = f"data.{target.type}.{target.name}." + "".join(
            f"[{each}]" if isinstance(each, int) else f".{each}" for each in path
        ).lstrip(".")
        expression = self.configuration.expression(target.module, "data", target.type, target.name, *path)
        if path[-1] == "actions" or not self.configuration.is_followed(target.module, expression):
            return Open(what)
        patterns = [self._pattern(each) for each in self.configuration.targets(target.module, expression)]
        if not patterns or None in patterns:
            return Open(what)
        most = tuple(str(each) for each in patterns)
        return Open(what, None, most, most[0].replace("*", "some-name"))

    def _pattern(self, target: Target) -> str | None:
        """Return a pattern of the ARNs of a resource; None where nobody knows how they look."""
        if target.type in SERVICES:
            return f"arn:aws:{SERVICES[target.type]}:*:*:*"
        if target.type not in _IAM_ARNS:
            return None
        entries = self.by_place.get((target.module, target.mode, target.type, target.name), [])
        names = [each.values.get("name") for each in entries]
        if len(names) != 1 or not isinstance(names[0], str):
            return None
        return f"arn:aws:iam::{OWN_ACCOUNT}:{_IAM_ARNS[target.type]}/{names[0]}"

    def _template(self, entry: _Entry, place: Place, reading: Reading) -> None:
        text = entry.values.get(TEMPLATES[entry.type])
        if entry.type == CLOUD_CONTROL:
            text = of_cloud_control(entry.values.get("type_name"), text, entry.type)
        found = template_in(text, f"{entry.address}/") if isinstance(text, str) else None
        if found is None:
            why = f"{entry.type}: the template that it makes is not in the plan; check that file as well"
            reading.unseen.append(Unseen(why, place))
            return
        reading.add_all(found)
        reading.places |= dict.fromkeys(found.resources, place)


def _index_meant(target: Target, of: _Entry) -> object:
    """Return the index that a reference gives, or that of the instance which it stands in."""
    return of.raw.get("index") if target.index is None else target.index


def _with_unknown(value: Any, unknown: Any, name: str) -> Any:  # noqa: ANN401 - as above
    if unknown is True:
        return NotYetKnown(name)
    if isinstance(unknown, Mapping) and isinstance(value, Mapping):
        return {
            key: _with_unknown(value.get(key), unknown.get(key), f"{name}.{key}")
            for key in (*value, *(each for each in unknown if each not in value))
        }
    if isinstance(unknown, list) and isinstance(value, list):
        marks = [*unknown, *[None] * (len(value) - len(unknown))]
        values = [*value, *[None] * (len(marks) - len(value))]
        return [
            _with_unknown(each, mark, f"{name}[{n}]")
            for n, (each, mark) in enumerate(zip(values, marks, strict=True))
        ]
    return value


def _is_sensitive(marks: Any) -> bool:  # noqa: ANN401 - as above
    if isinstance(marks, Mapping):
        return any(map(_is_sensitive, marks.values()))
    return any(map(_is_sensitive, marks)) if isinstance(marks, list) else marks is True
