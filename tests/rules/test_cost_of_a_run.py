"""What a run costs beside the judging: a resource is unpacked once for each question, however many rules."""

import pytest

from identity_guard.rules import memory
from identity_guard.rules.in_process_engine import InProcessEngine, Made
from identity_guard.rules.observe import Properties
from identity_guard.rules.phase import Phase

ROLE = Made("aws:iam/role:Role", "a", {"name": "a"})
BUCKET = Made("aws:s3/bucket:Bucket", "b", {"bucket": "b"})


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Count the copies of properties."""
    copies: list[object] = []

    class Counting(Properties):
        def __init__(self, raw: dict[str, object]) -> None:
            copies.append(raw)
            super().__init__(raw)

    monkeypatch.setattr(memory, "Properties", Counting)
    return copies


@pytest.mark.parametrize("phase", list(Phase))
def test_a_resource_is_unpacked_once_for_each_question(phase: Phase, unpacked: list[object]) -> None:
    """The SDK alone would do it for every rule anew, and a preview of a thousand resources would wait."""
    engine = InProcessEngine(phase, {})
    engine.run([ROLE, BUCKET])

    assert len(unpacked) == 2  # as it is about to be made, and among all others


def test_what_no_rule_covers_is_not_looked_at(unpacked: list[object]) -> None:
    """A stack's other resources, and their secrets, stay untouched."""
    InProcessEngine(Phase.PREVIEW, {}).run([BUCKET])

    assert unpacked == []
