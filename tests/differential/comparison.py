"""Compare the evaluator with the oracle on random decisions, and count what occurred."""

import json
import random
from collections import Counter
from types import ModuleType
from typing import Any, Protocol

from identity_guard.iam import Answer, Attachment, Request, Unreadable, Verdict, attach, judge, may

NOW = 1_795_000_000.0


class Generator(Protocol):
    """What makes random cases."""

    def case(self) -> dict[str, Any]:
        """Return documents, limits and one request."""


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
    layers = [[read(document) for document in layer] for layer in case["limits"]]
    request = Request(case["action"], case["resource"], case["context"])
    boundary = layers[0][0] if layers else None
    return ANSWERS[may(documents, request, boundary, layers[1:]).answer]


def read(document: dict[str, Any]) -> Attachment:
    """Parse a document that the generator made; it must be readable."""
    found = attach(json.dumps(document))
    if isinstance(found.document, Unreadable):
        raise ValueError(f"{found.document.reasons}: {document}")  # noqa: TRY004 - the text is wrong
    return found


def disagreements(oracle: ModuleType, generator: Generator, count: int, occurred: Counter[str]) -> list[str]:
    """Return the cases in which the two differ, and count operators, elements and answers in `occurred`."""
    found = []
    for number in range(count):
        case = generator.case()
        expected = oracle.decide(
            case["documents"], case["action"], case["resource"], case["context"], case["limits"]
        )
        actual = decided(case)
        occurred[f"answer {expected}"] += 1
        occurred.update(elements_of(case))
        if actual != expected:
            found.append(f"decision {number}: oracle {expected}, evaluator {actual}: {json.dumps(case)}")
    return found


def verdict_disagreements(
    oracle: ModuleType, enumeration: ModuleType, source: random.Random, count: int, occurred: Counter[str]
) -> list[str]:
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
        wrong += unproven(oracle, verdict, documents, limits)
        if wrong:
            found.append(f"verdict {number}: {', '.join(wrong)}: {json.dumps([documents, limits])}")
    return found


def unproven(oracle: ModuleType, verdict: Verdict, documents: list[Any], limits: list[Any]) -> list[str]:
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


def elements_of(case: dict[str, Any]) -> Counter[str]:
    """Count what a case is made of."""
    found: Counter[str] = Counter()
    found["boundary or SCP"] += len(case["limits"])
    for document in [*case["documents"], *(each for layer in case["limits"] for each in layer)]:
        statements = document["Statement"]
        for statement in [statements] if isinstance(statements, dict) else statements:
            found.update(name for name in ("NotAction", "NotResource") if name in statement)
            found["Deny"] += statement["Effect"] == "Deny"
            found["policy variable"] += "${" in json.dumps(statement)
            for operator in statement.get("Condition", {}):
                prefix, _, name = operator.rpartition(":")
                found[f"operator {name.removesuffix('IfExists')}"] += 1
                found["ForAllValues"] += prefix == "ForAllValues"
                found["ForAnyValue"] += prefix == "ForAnyValue"
                found["IfExists"] += name.endswith("IfExists")
    return found
