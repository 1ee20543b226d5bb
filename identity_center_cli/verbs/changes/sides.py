"""The two sides of a comparison: a model, the same at a commit, or an exported state."""

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from identity_center.model.access.changes import access_changes
from identity_center.model.access.record import FormerKeys, OtherGrant, RecordedModel, grant_named
from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.organisation.organisation import Organisation
from identity_center.model.organisation.places import Places
from identity_center.model.plan.other_changes import region_sentences
from identity_center.model.plan.planned import (
    APPLICATION_ASSIGNMENT,
    ASSIGNMENT,
    COMPONENTS,
    ENTITLEMENT,
    GROUP,
    MEMBERSHIP,
    PERMISSION_SET,
    REGION,
    Id,
)
from identity_center.model.plan.region_checks import RegionChanges
from identity_center.model.plan.set_contents import SetContents, contents, contents_of_plan
from identity_center.program.preview.permission_changes import permission_changes
from identity_center_cli.stacks.deployment import Deployment
from identity_center_cli.stacks.named import organisation_of
from identity_center_cli.stacks.planned import plan_of
from identity_center_cli.stacks.recorded import UnusableStackError, plain, read_state, resources_in
from identity_center_cli.stacks.snapshots import UnusableModelError, read_organisation
from identity_center_cli.stacks.written_model import read_usable

from .found import COMPARED, Changes

_NO_FORMER_KEYS: Final = FormerKeys({}, {}, {}, {})
_OF_A_MODEL: Final = f"{COMPONENTS}AccessModel$"


class UnknownCommitError(ValueError):
    """Git has no such commit, or there is no git."""


@dataclass(frozen=True)
class Side:
    """One of two models that are compared."""

    model: RecordedModel
    former: FormerKeys
    """The keys that its things had before."""
    contents: Mapping[str, SetContents]
    """What each permission set holds, by key."""
    regions: frozenset[str] = frozenset()
    """Additional Regions of the instance."""
    unknown: tuple[str, ...] = ()
    """What of it is not known, so that a comparison says nothing of it."""
    organisation: Organisation | None = None
    """What the accounts are called, as far as the model names a snapshot that knows."""


def compare(before: str, after: str, organisation: Path | None) -> Changes:
    """Compare two sides, each written as on the command line.

    Raises UnusableModelError, UnusableStackError and UnknownCommitError.
    """
    old, new = read_side(before, organisation), read_side(after, organisation)
    names = new.former
    sets = {names.permission_sets.get(key, key): held for key, held in old.contents.items()}
    was = old.model.renamed(names)
    return Changes(
        f"{before} -> {after}",
        "uncertain" if old.unknown or new.unknown else COMPARED,
        "; ".join(dict.fromkeys((*old.unknown, *new.unknown))),
        access_changes(was, new.model),
        tuple(permission_changes(sets, new.contents, was, new.model)),
        tuple(region_sentences(_region_changes(old.regions, new.regions))),
        places=Places(new.organisation or old.organisation or _given(organisation)),
    )


def _region_changes(before: frozenset[str], after: frozenset[str]) -> RegionChanges:
    return RegionChanges(tuple(sorted(after - before)), tuple(sorted(before - after)))


def read_side(place: str, organisation: Path | None) -> Side:
    """Read a model's folder or file, `COMMIT:PATH`, or an exported state (a JSON file, or `-`)."""
    path = Path(place)
    if place == "-" or path.suffix == ".json":
        return _of_state(read_state(place), place)
    commit, colon, inside = place.partition(":")
    if path.exists() or not colon:
        return _of_model(path, organisation)
    with _checked_out(commit) as folder:
        try:
            return _of_model(folder / inside, organisation)
        except UnusableModelError as error:
            # Nobody knows the copy by its name.
            raise UnusableModelError(str(error).replace(f"{folder}{os.sep}", f"{commit}:")) from error


def _of_model(place: Path, organisation: Path | None) -> Side:
    written = read_usable(place, organisation)
    access = written.assembled.access
    gaps = [
        f"the accounts of {each.permission_set} for {each.principal} are not known ({each.target})"
        for each in access.open_grants
    ]
    return Side(
        RecordedModel.of(access),
        FormerKeys.of(access),
        contents_of_plan(plan_of(access)),
        frozenset(access.declared.additional_regions),
        tuple(gaps),
        organisation_of(written, organisation),
    )


def _given(organisation: Path | None) -> Organisation | None:
    return read_organisation(organisation) if organisation else None


@contextmanager
def _checked_out(commit: str) -> Iterator[Path]:
    """Give the present folder as a commit has it, and all that is beside it. Raises UnknownCommitError."""
    top, prefix = (_git("rev-parse", each).decode().strip() for each in ("--show-toplevel", "--show-prefix"))
    archive = _git("-C", top, "archive", "--format=tar", f"{commit}^{{tree}}", of=commit)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder, prefix)


def _git(*arguments: str, of: str = "") -> bytes:
    try:
        return subprocess.run(  # noqa: S603  # git, with arguments of this module and a commit behind them
            ["git", *arguments],  # noqa: S607  # whichever git is the user's
            check=True,
            capture_output=True,
        ).stdout
    except FileNotFoundError as error:
        raise UnknownCommitError("there is no `git` on PATH, so no commit can be read") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        what = f"commit `{of}` cannot be read" if of else "this folder is in no git repository"
        raise UnknownCommitError(f"{what}: {said}") from error


def _of_state(state: Mapping[str, Any], place: str) -> Side:
    """Read a state by the names of its resources, which hold the model's keys: no secret is needed."""
    resources_in(state, place)
    made = [*_made(state)]
    if not made:
        raise UnusableStackError(
            f"{place}: it has no access model: nothing in it was made by this program; is it another stack's?"
        )
    permission_sets = {key: str(held.get("name")) for (kind, key), held in made if kind == PERMISSION_SET}
    grants = frozenset(grant_named(key) for (kind, key), _ in made if kind == ASSIGNMENT)
    applications = frozenset(_application(key) for (kind, key), _ in made if kind == APPLICATION_ASSIGNMENT)
    roles = frozenset(_role(key, held) for (kind, key), held in made if kind == ENTITLEMENT)
    holders = {(grant.kind, grant.principal) for grant in grants}
    holders |= {(kind, principal) for _, kind, principal in applications | roles}
    groups = {principal for kind, principal in holders if kind == PrincipalType.GROUP.value}
    model = RecordedModel(permission_sets, _members(made, groups), grants, frozenset(), applications, roles)
    regions = frozenset(key for (kind, key), _ in made if kind == REGION)
    return Side(model, _NO_FORMER_KEYS, contents(made), regions)


def _made(state: Mapping[str, Any]) -> Iterator[tuple[Id, Mapping[str, Any]]]:
    """Yield the parts of the access model in a state, with what AWS has of them."""
    for each in Deployment(state).resources:
        *_, types, name = each["urn"].split("::", 3)
        if types.startswith(_OF_A_MODEL) and not each.get("delete"):
            held = plain(each.get("outputs") or each.get("inputs") or {})
            yield Id(types.rsplit("$", 1)[-1], name), held


def _members(
    made: Iterable[tuple[Id, Mapping[str, Any]]], holders: Iterable[str]
) -> dict[str, frozenset[str] | None]:
    members: dict[str, set[str]] = {}
    for (kind, key), _ in made:
        if kind == GROUP:
            members.setdefault(key, set())
        elif kind == MEMBERSHIP:
            group, _, user = key.partition("/")
            members.setdefault(group, set()).add(user)
    # What gets something and is not made by the stack comes from elsewhere.
    elsewhere = dict.fromkeys(group for group in holders if group not in members)
    return {**elsewhere, **{group: frozenset(users) for group, users in members.items()}}


def _application(name: str) -> OtherGrant:
    key, kind, principal = name.split("/")
    return key, PrincipalType(kind.upper()).value, principal


def _role(name: str, held: Mapping[str, Any]) -> OtherGrant:
    *_, kind, principal = name.split("/")
    return str(held["entitlement"]["principalRole"]["roleArn"]), PrincipalType(kind.upper()).value, principal


#: What ends a comparison with a message of its own.
ERRORS: Final = (UnknownCommitError, UnusableModelError, UnusableStackError)
