"""The evaluator against a slow, independent reading of IAM's rules."""

import ast
import json
import random
from collections import Counter
from pathlib import Path

import pytest

from identity_guard.iam import managed_text
from identity_guard.testing.case_verdict import verdict_of
from tests.differential import comparison, oracle
from tests.differential.generator import Generator
from tests.differential.occurrences import LEAST_SHARE, expected

DECISIONS = 2_000
VERDICTS = 250
HERE = Path(__file__).parent


def test_single_decisions_agree() -> None:
    """A wrong decision in `explain` sends a person to the wrong policy."""
    occurred: Counter[str] = Counter()

    assert comparison.disagreements(Generator(20_261_123), DECISIONS, occurred) == []
    for name in expected():
        least = DECISIONS * LEAST_SHARE if name.startswith("answer ") else 50
        assert occurred[name] >= least, name


def test_verdicts_agree_with_trying_everything() -> None:
    """Masks and states are worth nothing if going through every call says otherwise; witnesses included."""
    occurred: Counter[str] = Counter()

    source = random.Random(4)  # noqa: S311 - a repeatable source is the point

    assert comparison.verdict_disagreements(source, VERDICTS, occurred) == []
    for name in ("root_level", "mfa_enforced", "escalation"):
        assert min(occurred[f"{name} True"], occurred[f"{name} False"]) >= VERDICTS * 0.1


@pytest.mark.parametrize("name", ["oracle.py", "enumeration.py", "generator.py"])
def test_the_slow_side_imports_nothing_from_the_project(name: str) -> None:
    """An oracle that borrows from what it judges would share its mistakes."""
    tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    assert not [
        module
        for module in imported
        if str(module).startswith(("identity", "live", "cli", "sandbox", "tests"))
    ]


def test_every_witness_of_the_corpus_is_allowed_by_the_oracle() -> None:
    """The call that a message shows must succeed, or nobody believes the next message."""
    shown = 0
    for path in sorted((HERE.parent / "corpus").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            witness = verdict_of(case, 1_795_000_000.0)["witness"]
            if case["kind"] == "trust" or witness is None:
                continue
            documents = [readable(entry) for entry in case["policies"]]
            limits = [[readable(case["boundary"])]] if case["boundary"] else []
            answer = oracle.decide(
                documents, witness["action"], witness["resource"], witness["context"], limits
            )
            shown += 1
            assert answer == oracle.ALLOW, case["id"]
    assert shown >= 120


def readable(entry: dict[str, object]) -> dict[str, object]:
    """Return an entry of a case as a decoded document."""
    if "managed_arn" in entry:
        return dict(json.loads(managed_text(str(entry["managed_arn"])) or ""))
    if "text" in entry:
        return dict(json.loads(str(entry["text"])))
    document = entry.get("document", entry)
    return dict(document) if isinstance(document, dict) else {}
