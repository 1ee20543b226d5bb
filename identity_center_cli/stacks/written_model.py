"""The access model of a stack as its files have it: checked as a run checks it, without asking AWS.

What only AWS can tell is answered from files where they say it (a snapshot of the organisation, the Region of
the stack's file), and named as unchecked where they do not.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from identity_center.model.access.permission_sets import PolicyAnswers
from identity_center.model.assemble import Assembled, NobodyAsked, assemble
from identity_center.model.aws.partitions import partition_of, partition_of_region
from identity_center.model.language.clock import clock
from identity_center.model.language.policies import PolicyQuestion
from identity_center.model.mistakes import AccessModelError, Mistake, Positions, why_unread
from identity_center.model.organisation.organisation import Organisation
from identity_center.model.reading.sources import Sources, of_folder, of_stack_file, project_of
from identity_center.model.reading.stack_file import StackFile
from identity_center_cli.stacks.snapshots import UnusableModelError, read_organisation

#: Where AWS's own tools look for a Region after the stack's `aws:region`.
#: Source: AWS SDKs and Tools reference guide, "AWS Region".
_REGION_VARIABLES: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")


@dataclass(frozen=True)
class WithoutAws(NobodyAsked):
    """Answers from what files say; all else nobody is asked for."""

    region: str
    """Empty where nothing names one."""

    def partition(self, instance_arn: str | None) -> str:
        """Return the partition of the instance's ARN, else of the Region, else the commercial one."""
        if instance_arn is not None:
            return partition_of(instance_arn)
        return partition_of_region(self.region).name

    def policies(self, questions: Sequence[PolicyQuestion]) -> PolicyAnswers:
        """Take each policy for the likeliest."""
        return PolicyAnswers.unasked(questions, "AWS was not asked")


@dataclass(frozen=True)
class WrittenModel:
    """What the files of a model come to, and where each value stands."""

    sources: Sources
    assembled: Assembled


def read_written(place: Path, organisation: Path | Organisation | None) -> WrittenModel:
    """Read a stack's file or a folder of the model, mistakes and all.

    Raises UnusableModelError where `place` is neither, or where a file cannot be read.
    """
    sources, region = _read(place)
    known = read_organisation(organisation) if isinstance(organisation, Path) else organisation
    return WrittenModel(sources, assemble(sources, clock(os.environ), WithoutAws(region), known))


def read_model(place: Path, organisation: Path | Organisation | None) -> Assembled:
    """Read a model that a run would accept. Raises UnusableModelError with every mistake."""
    return read_usable(place, organisation).assembled


def read_usable(place: Path, organisation: Path | Organisation | None) -> WrittenModel:
    """Read a model that a run would accept, with its places. Raises UnusableModelError with every mistake."""
    written = read_written(place, organisation)
    if written.assembled.mistakes:
        raise refused(written.assembled.mistakes, place, written.sources.places)
    if written.sources.encrypted:
        keys = ", ".join(f"`{key}`" for key in sorted(written.sources.encrypted))
        raise UnusableModelError(
            f"{place}: {keys} is encrypted there; ask the exported state of the stack instead (--state)"
        )
    return written


def refused(mistakes: Iterable[Mistake], place: Path, places: Positions) -> UnusableModelError:
    """Return what says every mistake of a model, each with its file as it is called from here."""
    located = AccessModelError(mistakes, places)
    said = [
        replace(mistake, place=found and replace(found, file=str(file_of(place, found.file))))
        for mistake, found in zip(located.mistakes, located.places, strict=True)
    ]
    return UnusableModelError(str(AccessModelError(said)))


def file_of(place: Path, name: str) -> Path:
    """Return where a file of the model is from here; its name begins beside the model's own place."""
    return place.parent / name if place.is_file() or place.name else place.resolve().parent / name


def read_sources(place: Path) -> Sources:
    """Read what is written, and where. Raises UnusableModelError where `place` is no model."""
    return _read(place)[0]


def _read(place: Path) -> tuple[Sources, str]:
    """Return what is written, and the Region that the stack is in, as far as somebody says so."""
    usual = next((os.environ[name] for name in _REGION_VARIABLES if os.environ.get(name)), "")
    if place.is_dir():
        return of_folder(place), usual
    try:
        file = StackFile.at(place, place.name)
    except OSError as error:
        raise UnusableModelError(f"{place} cannot be read: {why_unread(error)}") from error
    if file.config is None and not file.mistakes:
        raise UnusableModelError(
            f"{place} is no stack's file: it has no `config`; name Pulumi.STACK.yaml or the model's folder"
        )
    region = (file.config or {}).get("aws:region")
    return of_stack_file(file, project_of(place.parent)), str(region or usual)
