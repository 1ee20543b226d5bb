"""Compare the evaluator with the oracle on random decisions, and count what occurred."""

import json
import random
from collections import Counter
from typing import Any

from identity_guard.iam import Answer, Attachment, Request, Unreadable, Verdict, attach, judge, may
from tests.differential import enumeration, oracle
from tests.differential.generator import Generator
from tests.differential.occurrences import elements_of, limits_of

NOW = 1_795_000_000.0
ANSWERS = {
    Answer.ALLOWED: "allow",
    Answer.EXPLICITLY_DENIED: "explicit deny",
    Answer.NOT_ALLOWED: "implicit deny",
    Answer.NOT_ALLOWED_BY_LIMIT: "implicit deny",
    Answer.UNDECIDED: "undecided",
}


def decided(case: dict[str, Any]) -> str:
    """Return the evaluator's answer; the documents go through JSON text, as a user's would."""
    documents = [read(document) for document in case["documents"]]
    boundary = None if case["boundary"] is None else read(case["boundary"])
    levels = [[read(document) for document in level] for level in case["scps"]]
    request = Request(case["action"], case["resource"], case["context"])
    return ANSWERS[may(documents, request, boundary, levels).answer]


def read(document: dict[str, Any]) -> Attachment:
    """Parse a document that the generator made; it must be readable."""
    found = attach(json.dumps(document))
    if isinstance(found.document, Unreadable):
        raise ValueError(f"{found.document.reasons}: {document}")  # noqa: TRY004 - the text is wrong
    return found


def disagreements(generator: Generator, count: int, occurred: Counter[str]) -> list[str]:
    """Return the cases in which the two differ, and count operators, elements and answers in `occurred`."""
    found = []
    for number in range(count):
        case = generator.case()
        expected = oracle.readings(
            case["documents"], case["action"], case["resource"], case["context"], limits_of(case)
        )
        actual = decided(case)
        occurred[f"answer {' or '.join(sorted(expected))}"] += 1
        occurred.update(elements_of(case))
        if not agrees(actual, expected):
            found.append(f"decision {number}: oracle {expected}, evaluator {actual}: {json.dumps(case)}")
    return found


def agrees(actual: str, expected: set[str]) -> bool:
    """Say whether an answer is right where the documentation has one reading, or leaves two."""
    if len(expected) == 1:
        return actual in expected
    # Denied by the one reading and not allowed by the other: not allowed.
    return actual == "undecided" or (oracle.ALLOW not in expected and actual == oracle.IMPLICIT_DENY)


def verdict_disagreements(source: random.Random, count: int, occurred: Counter[str]) -> list[str]:
    """Return where a verdict differs from trying everything, or has a witness that is not allowed."""
    found = []
    for number in range(count):
        documents = [enumeration.document(source) for _ in range(source.choice((1, 1, 2)))]
        limits = [[enumeration.document(source)]] if source.random() < 0.25 else []
        verdict = judge(
            [read(document) for document in documents], read(limits[0][0]) if limits else None, now=NOW
        )
        said = {
            "root_level": (verdict.root_level, enumeration.is_root_level(oracle, documents, limits)),
            "mfa_enforced": (verdict.mfa_enforced, enumeration.requires_mfa(oracle, documents, limits)),
        }
        if not verdict.root_level:
            said["escalation"] = (verdict.escalates, enumeration.escalates(oracle, documents, limits))
        occurred.update(f"{name} {expected}" for name, (_, expected) in said.items())
        wrong = [f"{name}: {actual}" for name, (actual, expected) in said.items() if actual != expected]
        wrong += unproven(verdict, documents, limits)
        if wrong:
            found.append(f"verdict {number}: {', '.join(wrong)}: {json.dumps([documents, limits])}")
    return found


def unproven(verdict: Verdict, documents: list[Any], limits: list[Any]) -> list[str]:
    """Return what a verdict alleges without a witness that the oracle allows, too."""
    alleged = [("witness", verdict.witness)] if verdict.root_level or verdict.escalation else []
    alleged += [(path.name, verdict.witness_of(path)) for path in verdict.escalation[:3]]
    if verdict.mfa_enforced is False:
        alleged.append(("witness without MFA", verdict.witness_without_mfa))
    return [
        name
        for name, shown in alleged
        if shown is None
        or oracle.decide(documents, shown.action, shown.resource, shown.context, limits) != oracle.ALLOW
    ]
