"""The labelled cases beside themselves in other words."""

import importlib
import json
import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from identity_guard.iam import Document, DocumentKind, managed_text, parse
from identity_guard.testing.case_verdict import verdict_of

NOW = 1_795_000_000.0
ANSWERS = ("root_level", "administrator", "escalation", "mfa_enforced", "public_trust", "malformed")
Json = dict[str, Any]
HARMLESS: Json = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"},
}


@cache
def labelled_cases() -> list[tuple[Json, Json]]:
    """Return the cases that can be read, with managed policies and texts written out, and their verdicts."""
    found = []
    for path in sorted((Path(__file__).parent.parent / "corpus").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if not case["expect"].get("malformed"):
                case["policies"] = [decoded(entry) for entry in case["policies"]]
                case["boundary"] = case["boundary"] and decoded(case["boundary"])["document"]
                if _iam_takes_all_of(case):
                    found.append((case, verdict_of(case, NOW)))
    return found


def _iam_takes_all_of(case: Json) -> bool:
    """Say whether every document is written as IAM takes it: for others, nothing says what is the same."""
    kind = DocumentKind.TRUST if case["kind"] == "trust" else DocumentKind.IDENTITY
    return all(isinstance(parse(each["document"], kind), Document) for each in case["policies"])


def decoded(entry: Json) -> Json:
    """Return an entry of a case with its document decoded."""
    if "managed_arn" in entry:
        return {"document": json.loads(managed_text(entry["managed_arn"]) or "")}
    if "text" in entry:
        return {"document": json.loads(entry["text"])}
    return {"document": entry.get("document", entry)}


@cache
def unreadable_cases() -> list[Json]:
    """Return the cases that IAM would not read."""
    return [
        case
        for path in sorted((Path(__file__).parent.parent / "corpus").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if (case := json.loads(line))["expect"].get("malformed")
    ]


def mended(seed: int) -> Iterator[str]:
    """Rewrite each unreadable case once; yield those that are called readable then."""
    source = random.Random(seed)  # noqa: S311 - a repeatable source is the point
    for case in unreadable_cases():
        texts = [
            entry["text"]
            if "text" in entry
            else json.dumps(entry["document"], indent=source.choice((None, 1)))
            for entry in case["policies"]
        ]
        blanks = source.choice(("", " ", "\n\t", "\r\n" * 1_000))
        policies: list[Json] = [{"text": f"{blanks}{text}{blanks}"} for text in texts]
        policies.insert(source.randint(0, len(policies)), {"document": HARMLESS})
        if not verdict_of({**case, "policies": policies}, NOW)["malformed"]:
            yield f"{seed} {case['id']}: {json.dumps(policies)[:2000]}"


def differences(seed: int, taken: Counter[str], only: frozenset[str] | None = None) -> Iterator[str]:
    """Rewrite each case once; yield what changed, and count the steps taken."""
    rewriter = importlib.import_module("rewriter")
    for case, before in labelled_cases():
        writer = rewriter.Rewriter(f"{seed} {case['id']}", only)
        rewritten = writer.rewritten(case)
        after = verdict_of(rewritten, NOW)
        taken.update(writer.steps)
        changed = [name for name in ANSWERS if before[name] != after[name]]
        if changed:
            said = {name: (before[name], after[name]) for name in changed}
            # The whole case can be had again from its seed.
            text = json.dumps({"policies": rewritten["policies"], "boundary": rewritten["boundary"]})
            why = f"by {sorted(writer.steps)}: {after['undecided'][:2]}"
            yield f"{seed} {case['id']}: {said} {why}: {text[:3000]}"
