"""The access model of a stack as its files have it: checked as a run would check it, without asking AWS."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from identity_center.model.access.grants import Grant, grants_of, repeated_grant_mistakes
from identity_center.model.access.permission_sets import ResolvedSet, resolve_policies, sets_as_made
from identity_center.model.access.terms import in_force
from identity_center.model.language.assignments import AssignmentEntry
from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.targets import MANAGEMENT
from identity_center.model.language.values import today
from identity_center.model.mistakes import NAMESPACE, AccessModelError, KeyPath, Mistake, Position
from identity_center.model.organisation.organisation import Organisation
from identity_center.model.organisation.snapshot import UnusableSnapshotError, read_snapshot
from identity_center.model.reading.folder import MergedModel, read_folder, with_policy_files
from identity_center.model.reading.load import Loaded, load
from identity_center.model.reading.stack_file import StackFile
from identity_center.model.reading.yaml_file import read_yaml

ID_DIGITS = 12


class UnusableModelError(ValueError):
    """The files of a model cannot be read, or have mistakes: then nobody knows what they would grant."""


@dataclass(frozen=True)
class OpenGrant:
    """Somebody gets a permission set in accounts that only the organisation can tell."""

    permission_set: str
    principal: str
    kind: str
    target: str
    """The account as it was written, such as `management`."""


@dataclass(frozen=True)
class WrittenModel:
    """A model that a run would accept, as far as that can be said without AWS."""

    declared: AccessDeclaration
    sets: Mapping[str, ResolvedSet]
    grants: tuple[Grant, ...]
    open_grants: tuple[OpenGrant, ...]


class _Nowhere:
    """Knows no place: the model has no stack's file."""

    def position(self, path: KeyPath, *, at_key: bool) -> Position | None:
        """Know none."""
        del path, at_key
        return None


@dataclass(frozen=True)
class _Source:
    values: Mapping[str, Any]
    positions: StackFile | _Nowhere
    root: Path
    region: str


def read_model(place: Path, organisation: Path | None) -> WrittenModel:
    """Read a stack's file or a folder of the model. Raises UnusableModelError with every mistake."""
    source, merged, folder = _read(place)
    loaded, unread = with_policy_files(load(merged.values, complete=merged.complete), folder)
    day = today(os.environ)
    current, _ = in_force(loaded, day)
    mistakes = [*merged.mistakes, *loaded.mistakes, *unread]
    mistakes += repeated_grant_mistakes(loaded.declaration, day)
    known = _organisation(organisation, source, current.declaration)
    fixed, open_grants = (current, ()) if known else _without_organisation(current)
    granted = grants_of(fixed, known or Organisation("", None))
    sets, wrong = _sets(current, source.region)
    mistakes += [*granted.mistakes, *wrong]
    if mistakes:
        raise UnusableModelError(str(AccessModelError(mistakes, merged)))
    return WrittenModel(current.declaration, sets, granted.grants, tuple(open_grants))


def _read(place: Path) -> tuple[_Source, MergedModel, Path]:
    if place.is_dir():
        source = _Source({}, _Nowhere(), place, "")
        folder: Path | None = place
    else:
        source = _stack_file(place)
        name = source.values.get("modelFolder")
        folder = source.root / name if isinstance(name, str) and name else None
        if folder is not None and not folder.is_dir():
            raise UnusableModelError(f"{place}: there is no folder `{name}` beside it")
    files, mistakes = read_folder(folder) if folder else ((), ())
    merged = MergedModel.of(source.values, source.positions, files)
    merged.mistakes[:0] = mistakes
    return source, merged, folder or source.root


def _stack_file(place: Path) -> _Source:
    try:
        text = place.read_text(encoding="utf-8")
        read = read_yaml(place, place.name)
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableModelError(f"{place} cannot be read ({type(error).__name__})") from error
    config = read.value.get("config") if isinstance(read.value, dict) else None
    if read.mistakes or not isinstance(config, dict):
        raise UnusableModelError(_no_stack_file(place, read.mistakes))
    prefix = f"{NAMESPACE}:"
    values = {str(key).removeprefix(prefix): value for key, value in config.items() if _ours(key)}
    encrypted = sorted(key for key, value in values.items() if _is_encrypted(value))
    if encrypted:
        raise UnusableModelError(
            f"{place}: {', '.join(f'`{key}`' for key in encrypted)} is encrypted there; ask the exported "
            "state of the stack instead (--state)"
        )
    region = config.get("aws:region")
    return _Source(values, StackFile(place.name, text), place.parent, str(region or ""))


def _no_stack_file(place: Path, mistakes: tuple[Mistake, ...]) -> str:
    if mistakes:
        return str(AccessModelError(mistakes))
    return f"{place} is no stack's file: it has no `config`; name Pulumi.STACK.yaml or the model's folder"


def _ours(key: object) -> bool:
    return isinstance(key, str) and key.startswith(f"{NAMESPACE}:")


def _is_encrypted(value: object) -> bool:
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(map(_is_encrypted, value.values()))
    return isinstance(value, list) and any(map(_is_encrypted, value))


def _organisation(given: Path | None, source: _Source, declared: AccessDeclaration) -> Organisation | None:
    """Return the organisation of a snapshot: the one that is given, else the one that the model names."""
    named = declared.organisation_snapshot
    path = given or (source.root / named if named else None)
    if path is None:
        return None
    try:
        return read_snapshot(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableModelError(f"{path} cannot be read ({type(error).__name__})") from error
    except UnusableSnapshotError as error:
        raise UnusableModelError(f"{path} is no snapshot of an organisation ({error})") from error


def _without_organisation(loaded: Loaded) -> tuple[Loaded, list[OpenGrant]]:
    """Keep the accounts that are given by id; of all others it is not known which they are."""
    kept: list[tuple[int, AssignmentEntry]] = []
    left: list[OpenGrant] = []
    for place, entry in zip(loaded.assignment_places, loaded.declaration.assignments, strict=True):
        fixed = tuple(each for each in entry.accounts if _is_id(each))
        if fixed:
            kept.append((place, entry.model_copy(update={"accounts": fixed})))
        left += _open(entry, [each for each in entry.accounts if not _is_id(each)])
    declaration = loaded.declaration.model_copy(update={"assignments": tuple(entry for _, entry in kept)})
    places = tuple(place for place, _ in kept)
    raw = {name: value for name, value in loaded.raw.items() if name != "assignments"}
    return replace(loaded, raw=raw, declaration=declaration, assignment_places=places), left


def _is_id(target: object) -> bool:
    return isinstance(target, str) and target.isdigit() and len(target) == ID_DIGITS


def _open(entry: AssignmentEntry, targets: list[Any]) -> Iterator[OpenGrant]:
    for target in targets:
        words = target if isinstance(target, str) else "selected accounts"
        text = "the management account" if words == MANAGEMENT else words
        for key in entry.permission_sets:
            yield OpenGrant(key, entry.principal, entry.principal_type.value, text)


def _sets(loaded: Loaded, region: str) -> tuple[dict[str, ResolvedSet], list[Mistake]]:
    """Resolve the policies; of a name that only AWS can tell about the text is not at hand."""
    partition = (
        "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    )
    resolution = resolve_policies(loaded, partition)
    answers = {question: question.arns[0] for question in resolution.questions()}
    sets, repeated = sets_as_made(resolution, answers)
    return sets, [*resolution.mistakes, *repeated]
