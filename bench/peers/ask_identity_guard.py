"""Ask our own evaluator. The second argument says what: `root-and-mfa`, or `everything`."""

import sys

from cases import Answer, ask_all

from identity_guard.iam import attach, judge
from identity_guard.testing.preparation import prepare

NOW = 1_795_000_000.0


def root_and_mfa(documents: list[str]) -> Answer:
    """Ask the two questions that string matchers ask."""
    verdict = judge([attach(text) for text in documents], now=NOW)
    mfa = verdict.mfa_enforced
    return {"root_level": verdict.root_level, "misses_mfa": None if mfa is None else not mfa}


def everything(documents: list[str]) -> Answer:
    """Ask for the whole verdict, its paths and its witness."""
    verdict = judge([attach(text) for text in documents], now=NOW)
    mfa = verdict.mfa_enforced
    answer: Answer = {
        "root_level": verdict.root_level,
        "misses_mfa": None if mfa is None else not mfa,
        "escalation": verdict.escalates,
        "malformed": bool(verdict.unreadable),
    }
    _ = verdict.administrator, verdict.undecided, verdict.witness
    return answer


if __name__ == "__main__":
    ask_all({"root-and-mfa": root_and_mfa, "everything": everything}[sys.argv[2]], prepare)
