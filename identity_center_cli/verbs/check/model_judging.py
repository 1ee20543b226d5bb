"""A written model before anything is made: its mistakes, with their places, and what the pack says of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from identity_center.model.access.grants import Access
from identity_center.model.access.terms import Notice
from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.mistakes import (
    NAMESPACE,
    AccessModelError,
    KeyPath,
    Mistake,
    Position,
    Positions,
    key_path,
)
from identity_center_cli.stacks.planned import view_of_model
from identity_center_cli.stacks.written_model import WrittenModel, file_of, read_written
from identity_center_cli.verbs.check.judging import MODEL_RULE, Checked, Result
from identity_center_cli.verbs.check.kinds import Kind, PassedOver, Source
from identity_center_cli.verbs.check.sources import YAML
from identity_center_cli.verbs.check.taken_names import Instance, taken_names
from identity_guard.pack.all_rules import UNDECIDED
from identity_guard.pack.configuration import Configuration, audit
from identity_guard.rules import mfa_requirement

_TOP_KEY: Final = re.compile(
    rf"(?:{'|'.join(str(field.alias) for field in AccessDeclaration.model_fields.values())}):"
)
#: What a run looks at that files cannot tell, besides what is said of each model.
ONLY_A_RUN: Final = (
    "who loses access against the last update, root users and evidence of MFA are looked at in a run only"
)
NO_SNAPSHOT: Final = (
    "what AWS has already under the same names: no snapshot of the instance is given (--existing)"
)


def is_model(place: Path) -> bool:
    """Say whether a folder or a stack's file is an access model, by the keys that its lines begin with.

    Lines alone are looked at: what has mistakes is a model as well.
    """
    if place.is_dir():
        files = sorted((*place.glob("*.yaml"), *place.glob("*.yml")))
        return any(_TOP_KEY.match(line) for file in files for line in lines_of(file))
    if place.suffix not in YAML or not place.is_file():
        return False
    return any(line.strip().startswith(f"{NAMESPACE}:") for line in lines_of(place))


def lines_of(file: Path) -> list[str]:
    """Return the lines of a file; none where it cannot be read, which others tell."""
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


ELSEWHERE: Final = (
    "whether people sign in with MFA: the folder has no `mfaRequirement`; validate the stack's file that "
    "names the folder"
)


@dataclass
class JudgedModel:
    """What `validate` says of a model."""

    results: list[Result] = field(default_factory=list)
    """Mistakes, and what the pack says where there are none."""
    notices: list[tuple[Position | None, Notice]] = field(default_factory=list)
    """What is no mistake and a reader should know."""
    unchecked: list[str] = field(default_factory=list)
    """What nobody looked at, and why."""

    @property
    def refused(self) -> bool:
        """Whether a run would end with it."""
        return any(each.level == "mandatory" for each in self.results)


def judge_model(
    place: Path,
    organisation: Path | None,
    configuration: Configuration,
    supplied: Mapping[str, str],
    instance: Instance | None = None,
) -> JudgedModel:
    """Check a stack's file or a folder of a model, and judge what it would make.

    `supplied` are texts of customer-managed policies, by name. The names are looked for in the `instance`.
    Raises UnusableModelError where `place` is neither a stack's file nor a folder, or cannot be read.
    """
    written = read_written(place, organisation)
    judged = JudgedModel(unchecked=[*written.assembled.unchecked, ONLY_A_RUN])
    judged.results += _mistakes(place, written.assembled.mistakes, written.sources.places)
    if instance is None:
        judged.unchecked.append(NO_SNAPSHOT)
    elif not judged.results:
        mistakes, unseen = taken_names(written.assembled.access, instance)
        judged.results += _mistakes(place, mistakes, written.sources.places)
        judged.unchecked += unseen
    judged.notices += [
        (written.sources.places.position(notice.path, at_key=True), notice)
        for notice in written.assembled.notices
    ]
    if judged.results:
        judged.unchecked.append("the policy pack judges a model without mistakes only")
    elif written.sources.encrypted:
        judged.unchecked.append("the policy pack judges a model that can be read only")
    else:
        judged.results += _verdicts(place, written, configuration, supplied)
        if _mfa_may_be_declared_elsewhere(place, written.assembled.access):
            judged.results = [each for each in judged.results if each.rule != mfa_requirement.NAME]
            judged.unchecked.append(ELSEWHERE)
    return judged


def _mfa_may_be_declared_elsewhere(place: Path, access: Access) -> bool:
    """Say whether the stack's file, which was not given, may say what a folder leaves out."""
    return place.is_dir() and access.declared.mfa_requirement is None


def add_model(checked: Checked, place: Path, judged: JudgedModel) -> None:
    """Put what is said of a model to what `check` says of other files."""
    checked.read.append(Source(str(place), Kind.MODEL, ""))
    checked.results += judged.results
    checked.passed_over += [PassedOver(str(place), line) for line in judged.unchecked]


def _mistakes(place: Path, mistakes: Sequence[Mistake], places: Positions) -> Iterator[Result]:
    found = AccessModelError(mistakes, places)
    for position, mistake in zip(found.places, found.mistakes, strict=True):
        keys = f"{key_path(mistake.path)}: " if mistake.path else ""
        yield _result(place, position, MODEL_RULE, f"{keys}{mistake}")


def _result(place: Path, position: Position | None, rule: str, message: str) -> Result:
    if position is None:
        return Result(str(place), rule, "mandatory", undecided=False, message=message)
    file = str(file_of(place, position.file))
    return Result(
        file,
        rule,
        "mandatory",
        undecided=False,
        message=message,
        line=position.line,
        column=position.column,
    )


def _verdicts(
    place: Path, written: WrittenModel, configuration: Configuration, supplied: Mapping[str, str]
) -> Iterator[Result]:
    access = written.assembled.access
    for told in audit(view_of_model(access, supplied), configuration):
        finding = told.finding
        level = "advisory" if told.level in ("advisory", "warning") else "mandatory"
        position = _position(finding.urn or "", access, written.sources.places)
        yield Result(
            str(file_of(place, position.file)) if position else str(place),
            told.policy.name,
            level,
            told.policy is UNDECIDED,
            finding.message,
            finding.urn,
            finding.everything,
            line=position.line if position else None,
            column=position.column if position else None,
        )


def _position(urn: str, access: Access, places: Positions) -> Position | None:
    """Return where what a resource is made of was written: its name begins with the key of its entry."""
    key = urn.rpartition("::")[2].partition("/")[0]
    declared = access.declared
    parts: tuple[tuple[str, str, Mapping[str, object]], ...] = (
        ("aws:ssoadmin/", "permissionSets", declared.permission_sets),
        ("aws:ssoadmin/", "externalPermissionSets", declared.external_permission_sets),
        ("aws:identitystore/group:", "groups", declared.groups),
        ("aws:identitystore/user:", "users", declared.users),
    )
    found = ((part, key) for token, part, entries in parts if f"::{token}" in urn and key in entries)
    path: KeyPath | None = next(found, None)
    return places.position(path, at_key=True) if path else None
