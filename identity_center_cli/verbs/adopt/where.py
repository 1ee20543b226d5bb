"""Where a model is written that gets what exists: a folder, and what the file of its stack says of it."""

from dataclasses import dataclass, replace
from pathlib import Path

from identity_center.model.adoption.proposal import Place, Proposal
from identity_center.model.reading.sources import project_of
from identity_center.model.reading.stack_file import StackFile


class UnadoptableError(ValueError):
    """The model that would be written does not say what exists, or cannot be read; nothing was written."""


@dataclass(frozen=True)
class Stack:
    """A stack's own file, which may say a part of the model."""

    name: str
    """As messages show it."""
    file: StackFile

    def has(self, place: Place) -> bool:
        """Tell whether an entry stands in it: `("groups", "developers")`."""
        part = self.file.values.get(place[0])
        return isinstance(part, dict) and place[1] in part


@dataclass(frozen=True)
class Where:
    """Where a model is written: a folder, which may not be there yet, and the file of its stack."""

    folder: Path
    stack: Stack | None = None

    def addable(self, proposal: Proposal) -> Proposal:
        """Leave out what would have to be added to an entry of the stack's own file."""
        stack = self.stack
        if stack is None:
            return proposal
        inside = [place for place in proposal.lists if place[2:] and stack.has(place)]
        for place in inside:
            why = f"`{place[1]}` stands in {stack.name}, to which adopt adds nothing: move it into the folder"
            proposal.leave_out(f"{len(proposal.lists[place])} of {'.'.join(place)}", why)
        kept = {place: items for place, items in proposal.lists.items() if place not in inside}
        return replace(proposal, lists=kept)


def where_written(folder: Path, stack: str | None) -> Where:
    """Find the stack's file beside a folder: of the stack that is named, or the only one that says anything.

    Raises UnadoptableError where nobody can tell which, or the file is for another folder or cannot be read.
    """
    root = project_of(folder)
    found = _named(root, stack) if stack else _speaking(root)
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        raise UnadoptableError(f"{names} say something of a model: name the stack that is meant with --stack")
    for each in found:
        _insist_on_folder(each, root, folder)
        hidden = sorted(each.file.encrypted)
        if hidden:
            raise UnadoptableError(
                f"{each.name}: nothing was written, `{hidden[0]}` is encrypted, so that nobody here can tell "
                "what the model has already; adopt with it in clear, and encrypt it again"
            )
    return Where(folder, found[0] if found else None)


def _named(root: Path, stack: str) -> list[Stack]:
    name = stack.rpartition("/")[2]
    file = StackFile.find(root, name)
    return [Stack(f"Pulumi.{name}.yaml", file)] if file is not None and file.values else []


def _speaking(root: Path) -> list[Stack]:
    return [stack for name in StackFile.stacks(root) for stack in _named(root, name)]


def _insist_on_folder(stack: Stack, root: Path, folder: Path) -> None:
    named = stack.file.values.get("modelFolder")
    if isinstance(named, str) and (root / named).resolve() != folder.resolve():
        raise UnadoptableError(
            f"{stack.name}: nothing was written, its model is in the folder {named}, and not in {folder}: "
            "adopt into that one, or name another stack with --stack"
        )
