"""All that a model is written in: what a stack says, and the folder of files that it names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.keys.key_facts import MayBeSecret, keys_with
from identity_center.model.mistakes import KeyPath, Mistake, Position, Positions

from .folder import MergedModel, read_folder
from .stack_file import StackFile

_FOLDER = "modelFolder"
#: Parts that hold people's attributes, and that a stack may therefore keep encrypted.
_SECRET_PARTS = tuple(part.alias for part in keys_with(AccessDeclaration, MayBeSecret))
#: What Pulumi takes for a project's file.
_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")


class NoPlaces:
    """Knows no place, as of values that come from no file."""

    def position(self, path: KeyPath, *, at_key: bool) -> Position | None:
        """Know none."""
        del path, at_key
        return None


@dataclass(frozen=True)
class Sources:
    """A model as it was written, with the place of each value."""

    values: Mapping[str, object]
    """By key, without the namespace."""
    places: Positions
    root: Path
    """Folder of the project: files that the model names are relative to it."""
    policy_folder: Path
    """Folder that files of inline policies are named from, and have to be in."""
    complete: bool = True
    """Whether all was read; where not, what seems to be missing may be in the rest."""
    mistakes: tuple[Mistake, ...] = ()
    """What is wrong with the files, and with what they hold together."""
    encrypted: frozenset[str] = field(default=frozenset())
    """Keys whose values only the engine can read, and that are therefore not among the values."""

    @property
    def unchecked(self) -> Iterator[str]:
        """What of the model nobody could look at."""
        for key in sorted(self.encrypted):
            yield f"`{key}` is unchecked: it is encrypted in the stack's file, and only a run can read it"


def of_stack(
    values: Mapping[str, object],
    places: Positions,
    root: Path,
    *,
    secret: frozenset[str] = frozenset(),
    encrypted: frozenset[str] = frozenset(),
) -> Sources:
    """Put what a stack says and the folder that it names together.

    `secret` are keys that the stack keeps encrypted, `encrypted` those of them whose values are not known.
    """
    known = {key: value for key, value in values.items() if key not in encrypted}
    name = known.get(_FOLDER)
    folder = root / name if isinstance(name, str) and name else None
    wrong = [_misplaced_secret(key) for key in sorted((secret | encrypted).difference(_SECRET_PARTS))]
    if folder is not None and not folder.is_dir():
        problem = f"there is no folder `{name}` beside the project file"
        wrong.append(Mistake((_FOLDER,), problem, "correct it"))
        return Sources(known, places, root, root, complete=False, mistakes=tuple(wrong), encrypted=encrypted)
    return _together(known, places, root, folder, wrong, encrypted)


def of_stack_file(file: StackFile, root: Path) -> Sources:
    """Read a stack's file without an engine: what it encrypts is left out."""
    made = of_stack(file.values, file, root, encrypted=file.encrypted)
    complete = made.complete and not file.mistakes
    return replace(made, complete=complete, mistakes=(*file.mistakes, *made.mistakes))


def of_stack_file_beside(file: StackFile, root: Path, folder: Path | None) -> Sources:
    """Read a stack's file together with a folder that it need not name yet."""
    known = {key: value for key, value in file.values.items() if key not in file.encrypted}
    made = _together(known, file, root, folder, list(file.mistakes), file.encrypted)
    return replace(made, complete=made.complete and not file.mistakes)


def of_folder(folder: Path) -> Sources:
    """Read a folder of a model by itself. Its project is the nearest folder above that has a project file."""
    return _together({}, NoPlaces(), project_of(folder), folder, [], frozenset())


def _together(  # noqa: PLR0913, PLR0917  # the parts of a model
    values: Mapping[str, object],
    places: Positions,
    root: Path,
    folder: Path | None,
    mistakes: list[Mistake],
    encrypted: frozenset[str],
) -> Sources:
    files, unreadable = read_folder(folder) if folder else ((), ())
    merged = MergedModel.of(values, places, files)
    return Sources(
        values=merged.values,
        places=merged,
        root=root,
        policy_folder=folder or root,
        complete=merged.complete and not encrypted,
        mistakes=(*mistakes, *unreadable, *merged.mistakes),
        encrypted=encrypted,
    )


def project_of(folder: Path) -> Path:
    """Return the nearest folder, from `folder` upwards, that has a project file; itself where none has."""
    here = folder.resolve()
    above = (here, *here.parents)
    return next((each for each in above if any((each / name).is_file() for name in _PROJECT_FILES)), here)


def _misplaced_secret(key: str) -> Mistake:
    parts = " and ".join(f"`{part}`" for part in _SECRET_PARTS)
    return Mistake(
        (key,),
        "holds an encrypted value",
        f"write it in clear: of the model, only {parts} can be kept secret",
        at_key=True,
    )
