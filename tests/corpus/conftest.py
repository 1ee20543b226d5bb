"""Load the labelled cases, strictly: a field or value that the README does not name is an error."""

import json
from pathlib import Path
from typing import Any

import pytest

FIELDS = {
    "id",
    "kind",
    "family",
    "policies",
    "boundary",
    "expect",
    "why",
    "note",
    "doubted",
    "iam_create_accepts",
    "raw",
    "source",
}
REQUIRED = {"id", "kind", "family", "policies", "boundary", "expect", "why"}
KINDS = {"identity", "permission_set", "trust", "scp", "malformed"}
LABELS = {"root_level", "escalation", "mfa_enforced", "public_trust", "malformed", "naive_root"}
ENTRIES = ({"document"}, {"text"}, {"managed_arn"})

Case = dict[str, Any]


def load_cases(folder: Path) -> list[Case]:
    """Return every case of the folder in a fixed order, or fail with all that is wrong with them."""
    cases: list[Case] = []
    mistakes: list[str] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            case = json.loads(line)
            mistakes += [f"{path.name}:{number}: {mistake}" for mistake in mistakes_of(case)]
            cases.append(case)
    ids = [case.get("id") for case in cases]
    mistakes += [
        f"the id {name} is given twice" for name in sorted({str(i) for i in ids if ids.count(i) > 1})
    ]
    if mistakes:
        raise ValueError("\n".join(mistakes))
    return cases


def mistakes_of(case: Case) -> list[str]:
    """Return what is wrong with one case."""
    found = [f"unknown field {name}" for name in case.keys() - FIELDS]
    found += [f"no field {name}" for name in REQUIRED - case.keys()]
    if case.get("kind") not in KINDS:
        found.append(f"unknown kind {case.get('kind')}")
    found += [f"unknown label {name}" for name in case.get("expect", {}).keys() - LABELS]
    labels = case.get("expect", {}).values()
    found += [f"a label is {value!r}" for value in labels if value not in {True, False, None}]
    found += [
        f"a policy entry with {sorted(entry)}" for entry in case["policies"] if set(entry) not in ENTRIES
    ]
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every test that asks for `case` each of the cases."""
    if "case" in metafunc.fixturenames:
        cases = load_cases(Path(__file__).parent)
        metafunc.parametrize("case", cases, ids=[case["id"] for case in cases])


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    """Every case of the corpus."""
    return load_cases(Path(__file__).parent)
