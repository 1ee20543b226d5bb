"""The bench beside other checkers: each is understood as it means it, and a failure is no answer."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from identity_guard.iam import Through, escalation_paths

BENCH = Path(__file__).parents[2] / "bench"
LOUD = """
from cases import ask_all

def ask(documents):
    print("a checker that talks")
    if "broken" in documents:
        raise ValueError
    return {"root_level": True}

ask_all(ask, lambda: print("and while it starts"))
"""


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import the bench, which is a command and no package."""
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module("verdicts_beside_peers")


def test_a_checker_that_prints_or_fails_still_has_its_answers_read(tmp_path: Path) -> None:
    """One document that made a checker print once ended the whole bench."""
    cases = tmp_path / "cases.json"
    cases.write_text(
        json.dumps([{"id": "good", "documents": ["{}"]}, {"id": "bad", "documents": ["broken"]}]),
        encoding="utf-8",
    )

    done = subprocess.run(
        [sys.executable, "-c", LOUD, str(cases)],
        check=True,
        capture_output=True,
        text=True,
        cwd=BENCH / "peers",
    )

    assert json.loads(done.stdout)["answers"] == {"good": {"root_level": True}, "bad": {"failed": True}}
    assert "a checker that talks" in done.stderr


def test_what_a_checker_leaves_open_is_neither_found_nor_raised(bench: ModuleType) -> None:
    """A checker that failed on a case was not wrong about it; the table says how often it said nothing."""
    wanted = {"a": True, "b": True, "c": False, "d": False, "e": None}
    asked = [
        {"id": name, "expect": {"root_level": is_root}, "documents": []} for name, is_root in wanted.items()
    ]
    said = {
        "a": {"root_level": True},
        "b": {"failed": True},
        "c": {"root_level": True},
        "d": {"root_level": None},
    }
    result = bench.Result("peer", {**said, "e": {"root_level": True}}, 1.0, 1)

    assert bench.detection(result, asked, "root_level") == "1 of 2, 1 false of 2, 2 open"
    assert bench.detection(result, asked, "escalation") == "no verdict"


def test_an_engine_for_single_calls_is_not_asked_for_paths_that_are_no_escalation(
    bench: ModuleType, tmp_path: Path
) -> None:
    """Thirty false alarms of a peer were ours: the paths that it was asked for, no label calls escalation."""
    file = tmp_path / "probes.json"
    bench.write_probes(file, {"mfa": ['{"Statement": []} multifactorauth'], "other": ["{}"]})
    probes = json.loads(file.read_text(encoding="utf-8"))
    asked = [[call["action"] for call in calls] for calls in probes["paths"]]
    running = [list(path.actions) for path in escalation_paths() if path.through is Through.RUNNING_ROLE]

    assert running
    assert [actions for actions in running if actions in asked] == []
    assert all(list(path.actions) in asked for path in escalation_paths() if path.through is Through.IDENTITY)
    assert probes["named"] == {"mfa": []}


def test_calls_that_a_document_names_are_tried_without_mfa(bench: ModuleType, tmp_path: Path) -> None:
    """What a Deny leaves out is where MFA is missing, and no probe spread over all services finds it."""
    document = {
        "Statement": {
            "Effect": "Deny",
            "NotAction": ["iam:EnableMFADevice", "s3:GetObject"],
            "Resource": "arn:aws:s3:::home/${aws:username}/*",
            "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
        }
    }
    file = tmp_path / "probes.json"
    bench.write_probes(file, {"one": [json.dumps({"Version": "2012-10-17", **document})]})
    named = json.loads(file.read_text(encoding="utf-8"))["named"]["one"]

    assert {call["action"] for call in named} == {"s3:GetObject"}
    assert "arn:aws:s3:::home/alice/x" in {call["resource"] for call in named}
