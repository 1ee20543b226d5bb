"""The guard of root users counts the policies of its targets before it attaches one more."""

from collections.abc import Callable
from typing import Any

import pytest

from identity_center.resources import RefusedLookupError, RootGuard
from tests.support.answers import MANAGEMENT, Answers

Run = Callable[..., Any]
UNIT = "ou-abcd-12345678"


@pytest.fixture(autouse=True)
def organisation(answers: Answers) -> None:
    """Let everything be as the guard needs it."""
    answers.organisation = {
        "masterAccountId": MANAGEMENT,
        "featureSet": "ALL",
        "awsServiceAccessPrincipals": ["iam.amazonaws.com"],
        "enabledPolicyTypes": ["SERVICE_CONTROL_POLICY"],
        "roots": [{"id": "r-abcd"}],
    }


def test_an_eleventh_policy_is_refused_before_anything_is_made(
    run: Run, answers: Answers, registered: list[str]
) -> None:
    """AWS refuses it when features and policy are made already: an organisation that is guarded by half."""
    answers.control_policies = {"r-abcd": [f"p-{number}" for number in range(10)]}

    with pytest.raises(RefusedLookupError) as refused:
        run(lambda: RootGuard("guard", {}))

    assert str(refused.value) == (
        "RootGuard `guard`: r-abcd has 10 service control policies already, and AWS attaches 10 at most; "
        "put two into one, or detach one: aws organizations list-policies-for-target "
        "--filter SERVICE_CONTROL_POLICY --target-id r-abcd"
    )
    assert not [urn for urn in registered if "$aws:" in urn]


def test_each_target_is_counted(run: Run, answers: Answers) -> None:
    """The organisation's root may have room where a unit has none."""
    answers.control_policies = {UNIT: [f"p-{number}" for number in range(10)], "444444444444": ["p-1"]}

    with pytest.raises(RefusedLookupError, match=UNIT):
        run(lambda: RootGuard("guard", {"target_ids": ["444444444444", UNIT]}))


def test_ten_policies_among_which_is_the_guards_are_not_too_many(run: Run, answers: Answers) -> None:
    """The second update would be refused for what the first one made."""
    answers.control_policies = {"r-abcd": [*(f"p-{number}" for number in range(9)), "guard-deny-root"]}
    answers.policy_names = {"guard-deny-root": "guard-deny-root"}

    made = run(lambda: RootGuard("guard", {}))

    assert made.urn("organizations/policyAttachment:PolicyAttachment", "guard/r-abcd")


def test_nine_policies_leave_room_and_are_not_asked_for_their_names(run: Run, answers: Answers) -> None:
    """Each name is a call of an API that answers few of them."""
    answers.control_policies = {"r-abcd": [f"p-{number}" for number in range(9)]}

    made = run(lambda: RootGuard("guard", {}))

    assert "aws:organizations/getPolicy:getPolicy" not in {token for token, _ in made.calls}
