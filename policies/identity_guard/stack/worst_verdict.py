"""One verdict for several outcomes of which nobody knows which will hold: the worst answer of each question.

What is told to be safe is so in every outcome; what is alleged is shown in one of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from identity_guard.iam.catalogue.actions import union
from identity_guard.iam.catalogue.escalation_paths import EscalationPath
from identity_guard.iam.questions.mfa_patterns import WrongPattern
from identity_guard.iam.questions.proof import Witness
from identity_guard.iam.questions.verdict import Verdict

_SEVERITY: Final = {True: 0, None: 1, False: 2}


def worst(outcomes: Sequence[tuple[Verdict, tuple[int, ...]]]) -> Verdict:
    """Return one verdict; with each the places of its documents among those that messages name."""
    return outcomes[0][0] if len(outcomes) == 1 else WorstVerdict(outcomes)


class WorstVerdict(Verdict):
    """The worst of some verdicts, question by question."""

    def __init__(self, outcomes: Sequence[tuple[Verdict, tuple[int, ...]]]) -> None:
        """Take at least one verdict; the documents are those of the one that reaches furthest."""
        self._outcomes = sorted(outcomes, key=lambda each: _SEVERITY[each[0].root_level])
        first = self._outcomes[0][0]
        super().__init__(
            first.layers,
            first.now,
            role_session=first.role_session,
            permission_set=first.permission_set,
        )

    @property
    def _verdicts(self) -> list[Verdict]:
        return [verdict for verdict, _ in self._outcomes]

    @property
    def root_level(self) -> bool | None:
        """Whether any outcome is root-level."""
        return _any(each.root_level for each in self._verdicts)

    @property
    def root_level_today_only(self) -> bool:
        """Whether every root-level outcome leaves out what AWS adds later."""
        found = [each for each in self._verdicts if each.root_level]
        return bool(found) and all(each.root_level_today_only for each in found)

    @property
    def administrator(self) -> bool | None:
        """Whether any outcome is administrator-equivalent."""
        return _any(each.administrator for each in self._verdicts)

    @property
    def escalates(self) -> bool | None:
        """Whether any outcome opens a path."""
        return _any(each.escalates for each in self._verdicts)

    @property
    def escalation(self) -> tuple[EscalationPath, ...]:
        """The paths that some outcome opens."""
        return _each_once(path for each in self._verdicts for path in each.escalation)

    @property
    def escalation_undecided(self) -> tuple[EscalationPath, ...]:
        """Paths that some outcome may open."""
        return _each_once(path for each in self._verdicts for path in each.escalation_undecided)

    @property
    def takeovers(self) -> tuple[EscalationPath, ...]:
        """The paths through the role of a workload that some outcome opens."""
        return _each_once(path for each in self._verdicts for path in each.takeovers)

    @property
    def mfa_enforced(self) -> bool | None:
        """Whether every outcome asks for MFA."""
        free = _any(None if each.mfa_enforced is None else not each.mfa_enforced for each in self._verdicts)
        return None if free is None else not free

    @property
    def mfa_mistakes(self) -> tuple[WrongPattern, ...]:
        """The mistakes of every outcome."""
        return tuple(dict.fromkeys(found for each in self._verdicts for found in each.mfa_mistakes))

    @property
    def switches_mfa_off(self) -> tuple[tuple[str, str], ...]:
        """What some outcome allows that can switch MFA off."""
        return tuple(dict.fromkeys(found for each in self._verdicts for found in each.switches_mfa_off))

    @property
    def actions_at_best(self) -> int:
        """What some outcome may allow."""
        return union(each.actions_at_best for each in self._verdicts)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Why some outcome could not be decided."""
        return tuple(dict.fromkeys(reason for each in self._verdicts for reason in each.undecided))

    @property
    def witness(self) -> Witness | None:
        """A call of the worst outcome that has one."""
        return self._shown((each.witness, places) for each, places in self._outcomes)

    def witness_of(self, path: EscalationPath) -> Witness | None:
        """Return a call of a path, in an outcome that opens it."""
        return self._shown(
            (each.witness_of(path), places) for each, places in self._outcomes if path in each.escalation
        )

    @property
    def witness_without_mfa(self) -> Witness | None:
        """A call without MFA, in an outcome that allows one."""
        return self._shown((each.witness_without_mfa, places) for each, places in self._outcomes)

    def _shown(self, witnesses: Iterable[tuple[Witness | None, tuple[int, ...]]]) -> Witness | None:
        """Return the first witness, its documents counted among all that messages name."""
        for witness, places in witnesses:
            if witness is not None:
                statements = tuple(
                    replace(each, position=places[each.position]) if each.layer == 0 else each
                    for each in witness.statements
                )
                return replace(witness, statements=statements)
        return None


def _any(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return True if True in found else None if None in found else False


def _each_once(paths: Iterable[EscalationPath]) -> tuple[EscalationPath, ...]:
    return tuple({path.name: path for path in paths}.values())
