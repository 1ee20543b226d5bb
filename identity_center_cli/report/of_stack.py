"""A report of a stack, of its model or of its exported state."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from identity_center.model.organisation.organisation import Organisation
from identity_center_cli.stacks.named import organisation_of
from identity_center_cli.stacks.planned import view_of_model
from identity_center_cli.stacks.recorded import UnusableStackError, read_state, resources_in, view_of
from identity_center_cli.stacks.snapshots import read_organisation
from identity_center_cli.stacks.written_model import read_usable

from . import from_model
from .contents import Report
from .from_stack import StackAccess

NOT_OF_A_STATE: Final = (
    "a state does not say who owns a grant, or until when it is given (--model does)",
    "a state does not say which applications people reach (--model does)",
)


def report_of(model: Path | None, state: str | None, organisation: Path | Organisation | None) -> Report:
    """Report what a model grants, or else what a state does (standard input where none is named).

    `organisation` has names and units of accounts: as it was read, or the file of a snapshot.
    Raises UnusableModelError and UnusableStackError.
    """
    known = read_organisation(organisation) if isinstance(organisation, Path) else organisation
    return _of_state(state or "-", known) if model is None else _of_model(model, known)


def _of_model(place: Path, organisation: Organisation | None) -> Report:
    """Report what a model would grant. Raises UnusableModelError with every mistake."""
    written = read_usable(place, organisation)
    assembled, access = written.assembled, written.assembled.access
    names, units = from_model.names_and_units(organisation or organisation_of(written, None))
    stack = StackAccess(view_of_model(access), names, units, from_model.terms_by_assignment(access))
    return Report(
        title="Who can reach what",
        about=f"What the model in {place.name} grants",
        people=stack.people,
        groups=stack.groups,
        permission_sets=stack.permission_sets,
        accounts=stack.accounts,
        grants=stack.grants,
        others=(*stack.others, *from_model.applications(access)),
        mfa=from_model.mfa_settings(access),
        exceptions=tuple(from_model.exceptions(access)),
        due=from_model.due(assembled),
        notes=(*assembled.unchecked, *stack.unplaced),
        unplaced=stack.unplaced,
    )


_OF_IDENTITY_CENTER: Final = ("aws:ssoadmin/", "aws:identitystore/", "identity-center:")
"""How the types of resources begin that a stack of ours has."""


def _of_state(place: str, organisation: Organisation | None) -> Report:
    """Report what an exported state grants. Raises UnusableStackError."""
    state = read_state(place)
    view = view_of(resources_in(state, place), {})
    if not _may_be_ours(state):
        # A report would say that nobody has access.
        other = "none of its resources is of Identity Center: it is another stack's"
        raise UnusableStackError(f"{place}: {other}")
    names, units = from_model.names_and_units(organisation)
    stack = StackAccess(view, names, units)
    return Report(
        title="Who can reach what",
        about="What the exported state of a stack grants",
        people=stack.people,
        groups=stack.groups,
        permission_sets=stack.permission_sets,
        accounts=stack.accounts,
        grants=stack.grants,
        others=stack.others,
        notes=(*NOT_OF_A_STATE, *stack.unplaced),
        unplaced=stack.unplaced,
    )


def _may_be_ours(state: Mapping[str, Any]) -> bool:
    """Say whether a stack has made anything of Identity Center, or nothing at all yet."""
    types = {str(each.get("type")) for each in state["deployment"].get("resources") or []}
    made = {each for each in types if not each.startswith("pulumi:")}
    return not made or any(each.startswith(_OF_IDENTITY_CENTER) for each in made)
