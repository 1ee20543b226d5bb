"""Ask our own evaluator. The second argument says what: `root-and-mfa`, or `everything`."""

import gc
import json
import sys

from cases import Answer, ask_all

from identity_guard.iam import attach, judge, managed_names
from identity_guard.iam.catalogue.action_sets import forget_patterns

NOW = 1_795_000_000.0
#: Documents that ask for all data and every index once, as the peers read theirs before the clock starts.
#: They are several: what one statement has found is not looked for by another of the same document.
ASKS_FOR_MUCH = (
    [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    [{"Effect": "Allow", "Action": ["*:Get*", "*:*Role"], "Resource": "*"}],
    [
        {
            "Effect": "Allow",
            "Action": ["*:*", "*:Get*", "*:*Role", "s3:???"],
            "Resource": "*",
            "Condition": {
                "StringNotEquals": {"nosuch:Key": "x", "aws:RequestedRegion": "nowhere"},
                "StringNotLike": {"iam:PassedToService": "a*"},
            },
        },
        {"Effect": "Deny", "Action": "iam:*", "Resource": "arn:aws:s3:::x/*"},
    ],
)


def prepare() -> None:
    """Read the data and build the indexes; what patterns match is forgotten, as each document has its own."""
    managed_names()
    for statements in ASKS_FOR_MUCH:
        everything([json.dumps({"Version": "2012-10-17", "Statement": statements})])
    forget_patterns()
    # What was read stays for good: the garbage collector need not go through it again.
    gc.collect()
    gc.freeze()


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
