"""How many documents of a folder cannot be decided: `python -m tools.measure_documents FOLDER…`.

Every policy and trust policy in the files that `identity-center check` reads is judged alone: root-level or
not, more access or not, public or not. One of which a verdict is open is undecided. With `--managed` the
AWS-managed policies of the pack's snapshot are judged as well. The texts are not kept;
`bench/results/public_documents.md` has what came out for public ones, with their addresses.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from identity_center_cli.readers.reading import NotThisFormError, Reading
from identity_center_cli.stacks.recorded import UnusableStackError, view_of
from identity_center_cli.verbs.check.kinds import Kind, Source
from identity_center_cli.verbs.check.readings import reading_of
from identity_center_cli.verbs.check.sources import find_sources
from identity_guard.iam.evaluate.attachment import managed_names, managed_text
from identity_guard.stack.held_policies import HeldPolicy
from identity_guard.stack.judgement import Judgement, judge_held
from identity_guard.stack.observe import Known
from identity_guard.stack.policy_documents import PolicyDocuments
from identity_guard.stack.resource_types import Content
from identity_guard.stack.resources import Resource
from identity_guard.stack.trusts import trusts_of

_FORMS = (Kind.STATE, Kind.PREVIEW, Kind.TEMPLATE, Kind.PLAN, Kind.ANSWER)


@dataclass
class Measured:
    """What was counted."""

    files: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    by_file: Counter[str] = field(default_factory=Counter)
    undecided: list[str] = field(default_factory=list)
    """Where each document stands that could not be decided, and why."""

    def take(self, place: str, *, open_for: str | None) -> None:
        """Count one document; `open_for` says why it is undecided."""
        self.documents += 1
        self.by_file[place.partition(": ")[0]] += 1
        if open_for is not None:
            self.undecided.append(f"{place}: {open_for}")


def measure(folder: Path, measured: Measured) -> None:
    """Judge every document of a folder."""
    for found in find_sources([str(folder)], sys.stdin):
        if not isinstance(found, Source):
            continue
        measured.files[found.kind.value] += 1
        place = str(Path(found.place).relative_to(folder))
        try:
            _of_source(found, place, measured)
        except (NotThisFormError, UnusableStackError) as error:
            measured.take(place, open_for=str(error))


def _of_source(source: Source, place: str, measured: Measured) -> None:
    if source.kind is Kind.DOCUMENT:
        value = source.written.value if source.written else source.text
        measured.take(place, open_for=_open(_judged(value)))
    elif source.kind in _FORMS:
        _of_reading(reading_of(source), place, measured)


def _of_reading(reading: Reading, place: str, measured: Measured) -> None:
    view = view_of(reading.resources, {})
    for held in _documents(view.identities.everyone):
        judgement = judge_held("a document", [held], [], view.documents, view.now())
        measured.take(f"{place}: {held.holder.name}", open_for=_open(judgement))
    for trust in trusts_of(view):
        public = trust.verdict.public if trust.verdict else None
        wider = trust.at_most.public if trust.at_most else public
        why = None if public is True or (public is False and wider is False) else "its trust policy"
        measured.take(f"{place}: {trust.role.name}", open_for=why)


def _documents(identities: Any) -> Iterator[HeldPolicy]:  # noqa: ANN401 - of any identity
    """Yield each text once, whoever holds it."""
    seen: set[int] = set()
    for identity in identities:
        for held in identity.grants:
            if held.content is Content.DOCUMENT and id(held.observed) not in seen:
                seen.add(id(held.observed))
                yield held


def _judged(value: Any) -> Judgement:  # noqa: ANN401 - a document as it is written
    held = HeldPolicy(Resource("file", "document", "document"), Content.DOCUMENT, Known(value))
    return judge_held("a document", [held], [], PolicyDocuments())


def _open(judgement: Judgement) -> str | None:
    """Say why a document is undecided; None where it is not."""
    if judgement.unreadable or judgement.root_level:
        return None
    escalates = judgement.known.escalates
    is_open = judgement.root_level is None or escalates is None
    is_open |= escalates is False and judgement.at_most.escalates is not False
    return "; ".join(judgement.open_reasons)[:200] if is_open else None


def measure_managed(measured: Measured) -> None:
    """Judge the AWS-managed policies of the pack's snapshot."""
    for name in managed_names():
        text = managed_text(f"arn:aws:iam::aws:policy/{name}")
        measured.files["AWS-managed policy"] += 1
        measured.take(name, open_for=_open(_judged(text)))


def main() -> None:
    """Print what was counted."""
    parser = argparse.ArgumentParser(prog="python -m tools.measure_documents", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--managed", action="store_true", help="the AWS-managed policies as well")
    parser.add_argument("--by-file", action="store_true", help="how many documents each file has")
    arguments = parser.parse_args()
    measured = Measured()
    for folder in arguments.folders:
        measure(folder, measured)
    if arguments.managed:
        measure_managed(measured)
    for place, count in sorted(measured.by_file.items()) if arguments.by_file else ():
        sys.stdout.write(f"{place}: {count}\n")
    for line in measured.undecided:
        sys.stdout.write(f"undecided: {line}\n")
    kinds = ", ".join(f"{count} of the kind {kind}" for kind, count in sorted(measured.files.items()))
    share = 100 * len(measured.undecided) / max(1, measured.documents)
    sys.stdout.write(
        f"{measured.documents} documents ({kinds}), {len(measured.undecided)} undecided: {share:.2f} %\n"
    )


if __name__ == "__main__":
    main()
