"""What a run costs beside the judging: a resource is unpacked once for each question, however many rules."""

import pytest

from identity_guard.pack import memory
from identity_guard.rules import escalation
from identity_guard.stack import judgement, view
from identity_guard.stack.observe import Properties
from identity_guard.stack.phase import Phase
from identity_guard.testing.in_process_engine import InProcessEngine, Made

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


def test_a_rule_that_cannot_refuse_is_asked_at_the_end_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """In an update every resource waits for the answer; advice comes from the stack policy."""
    asked: list[object] = []

    def counting(_self: object, *given: object) -> tuple[()]:
        asked.append(given)
        return ()

    monkeypatch.setattr(escalation.EscalationJudge, "one", counting)
    InProcessEngine(Phase.UPDATE, {}).one(ROLE)
    assert asked == []
    for refusing in ({"privilege-escalation": "mandatory"}, {"undecided": "mandatory"}):
        InProcessEngine(Phase.UPDATE, refusing).one(ROLE)
    assert len(asked) == 2


def test_an_assignment_judges_no_policy_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A permission set is assigned in hundreds of accounts, and none of them changes what it allows."""
    judged: list[object] = []
    judge = judgement.judge_identity

    def counting(*given: object) -> object:
        judged.append(given)
        return judge(*given)  # type: ignore[arg-type] # whatever it is called with

    monkeypatch.setattr(view, "judge_identity", counting)
    of_the_set = {"permissionSetArn": "arn:aws:sso:::permissionSet/ssoins-1/ps-1"}
    policy = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    attached = Made(
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
        "reading",
        {**of_the_set, "managedPolicyArn": policy},
    )
    assigned = [
        Made(
            "aws:ssoadmin/accountAssignment:AccountAssignment",
            f"in-{number}",
            {**of_the_set, "principalType": "GROUP", "principalId": "g-1", "targetId": f"{number:012}"},
        )
        for number in range(9)
    ]
    engine = InProcessEngine(Phase.UPDATE, {"mfa-requirement": "disabled"})
    for made in (attached, *assigned):
        engine.one(made)

    assert len(judged) == 1
