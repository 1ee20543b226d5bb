"""How strong the access of a permission set or role is, by the evaluator's verdict."""

from typing import Final

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.stack.judgement import Judgement

from .contents import Strength

_NAMED: Final = 3
"""How many ways to more access are named; the others are counted."""


def strength_of(judgement: Judgement) -> tuple[Strength, str]:
    """Return the strength and what makes it so; undecided where a missing document may make it stronger."""
    verdict = judgement.known
    if judgement.root_level:
        return Strength.ROOT_LEVEL, "may do everything in the account"
    if verdict.administrator and judgement.root_level is not None:
        return Strength.ADMINISTRATOR, "controls IAM without limit and nearly everything else"
    if verdict.escalation:
        return Strength.ESCALATES, _ways([path.name for path in verdict.escalation])
    if (
        judgement.root_level is None
        or None in (verdict.administrator, verdict.escalates)
        or judgement.missing
    ):
        return Strength.UNDECIDED, "; ".join(judgement.open_reasons)
    return _by_actions(verdict.actions_at_best)


def _ways(names: list[str]) -> str:
    others = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {others} more" if others > 0 else "")


def _by_actions(actions: int) -> tuple[Strength, str]:
    known = catalogue()
    changing = {
        service: found.bit_count() for service in known.levels if (found := known.changing(service) & actions)
    }
    if changing:
        most = sorted(changing, key=lambda service: (-changing[service], service))
        return Strength.WRITES, f"changes things in {_ways(most)}"
    count = (actions & known.known).bit_count()
    if count:
        return Strength.READS, f"{count} reading actions"
    return Strength.NOTHING, "its policies allow nothing"
