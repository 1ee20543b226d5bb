"""Whether the names that a run is to give are free: asked in bulk, and only where something new gets one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from identity_center.model.access.brake import renamed_people
from identity_center.model.language.settings import AwsSettings
from identity_center.model.mistakes import Mistake, UnansweredError, key_path
from identity_center.model.plan.name_changes import NamesInUse, Waits, name_changes, taken
from identity_center.model.plan.planned import Id, PlannedResource
from identity_center.model.plan.unique_names import UNIQUE, Claim, State
from identity_center.program.state.last_model import LastUpdate
from identity_center.resources import messages

from .after_a_fall import is_adopting

NameReader: TypeAlias = Callable[[AwsSettings, str, frozenset[str]], NamesInUse]
"""Reads who has which names in AWS, of an instance and of types of resources."""


class AsksForNames(Protocol):
    """What knows which names AWS has."""

    def names_in_use(self, types: frozenset[str]) -> NamesInUse:
        """Return them for these types of resources. Raises UnansweredError."""


@dataclass(frozen=True)
class CheckedNames:
    """What was found out of the names of a plan."""

    mistakes: tuple[Mistake, ...] = ()
    waits: Waits = field(default_factory=dict)
    """Who waits for whom in this run, since a name is passed on."""
    renamed: tuple[Id, ...] = ()
    """What is there and gets another name."""


def check_names(plan: Sequence[PlannedResource], last: LastUpdate, answers: AsksForNames) -> CheckedNames:
    """Look for names of the plan that are taken, in the stack's state and then, of the rest, in AWS."""
    if last.state is None:
        messages.warn(f"whether AWS has the names of this stack already is unchecked: {last.problem}")
        return CheckedNames()
    changes = name_changes(plan, last.state)
    mistakes = list(changes.mistakes)
    if last.model is not None:
        users = {
            each.id.key: (each.id.key, *each.former_keys)
            for each in changes.renamed
            if each.kind.input == "userName"
        }
        mistakes += renamed_people(users, last.model)
    if changes.unknown:
        mistakes += _taken(changes.unknown, last.state, answers)
    return CheckedNames(tuple(mistakes), changes.waits, tuple(each.id for each in changes.renamed))


def _taken(unknown: Sequence[Claim], state: State, answers: AsksForNames) -> list[Mistake]:
    try:
        in_use = answers.names_in_use(frozenset(each.kind.type for each in unknown))
    except UnansweredError as error:
        return [Mistake((), error.problem, error.remedy)]
    _say_unseen(in_use.unseen)
    return list(_refused(taken(unknown, in_use.found, state)))


def _refused(mistakes: Iterable[Mistake]) -> Iterator[Mistake]:
    """Refuse what is taken, or only warn of it where somebody lists what there is to import."""
    if not is_adopting():
        yield from mistakes
        return
    for mistake in mistakes:
        messages.warn(f"{key_path(mistake.path)}: {mistake.problem}")


def _say_unseen(unseen: Mapping[str, str]) -> None:
    if unseen:
        kinds = {unique.type: unique.kind for unique in UNIQUE}
        listed = "; ".join(f"of a {kinds[type_]} ({why})" for type_, why in sorted(unseen.items()))
        messages.warn(
            f"whether AWS has a new name already is unchecked {listed}: the update fails in the middle where "
            "it has"
        )
