"""AWS's pace on request: its limits, delays and failures, with every second as long as the test says."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import pace
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.clock import CLOCK

SHOP, SECURITY = "444444444444", "222222222222"
Slow = Callable[..., None]
LetPass = Callable[[float], None]


@pytest.fixture
def at() -> Iterator[Slow]:
    """Give what sets the pace for one test: the fields that differ from the pace of tests."""
    undo: list[Callable[[], None]] = []

    def fix(**fields: Any) -> None:  # noqa: ANN401 - fields of Pace
        undo.append(pace.current.fix(replace(pace.OFF, **fields)))

    yield fix
    for one in reversed(undo):
        one()


def _start(around: Surroundings, held: str, group: str, account: str = SHOP) -> str:
    asked = {"TargetId": account, "TargetType": "AWS_ACCOUNT", "PrincipalType": "GROUP", "PrincipalId": group}
    started = around.sso.create_account_assignment(**around.of_set(held), **asked)
    return str(started["AccountAssignmentCreationStatus"]["RequestId"])


def test_more_calls_than_twenty_a_second_are_throttled(
    around: Surroundings, at: Slow, let_pass: LetPass
) -> None:
    """A command that asks as fast as it can is refused by AWS and must slow down."""
    held = around.permission_set()
    at(calls_a_second=20.0, burst=20.0)
    let_pass(60.0)

    def answered(calls: int) -> int:
        """Ask so often at once; return how often AWS answered."""
        answers = 0
        for _ in range(calls):
            try:
                around.sso.describe_permission_set(**around.of_set(held))
            except ClientError as error:
                assert error.response["Error"]["Code"] == "ThrottlingException"  # noqa: PT017 - some calls pass
            else:
                answers += 1
        return answers

    assert answered(25) == 20, "the burst"
    let_pass(0.26)
    assert answered(10) == 5, "twenty a second after it"
    let_pass(60.0)
    assert answered(25) == 20, "a minute's rest saves no more than a burst"


@pytest.mark.parametrize("most", [1, 3])
def test_only_so_many_assignments_may_be_under_way(around: Surroundings, at: Slow, most: int) -> None:
    """Pulumi starts all of them at once; AWS takes fifteen."""
    held, groups = around.permission_set(), [around.group(f"{around.word}-{one}") for one in range(4)]
    at(request=1.0, assignments_at_once=most)
    started = [_start(around, held, group) for group in groups[:most]]
    with pytest.raises(ClientError, match="ThrottlingException"):
        _start(around, held, groups[most])
    assert [around.settled("creation", one)["Status"] for one in started] == ["SUCCEEDED"] * most
    around.settled("creation", _start(around, held, groups[most]))


def test_only_three_sets_may_be_provisioned_at_once(around: Surroundings, at: Slow) -> None:
    """More than three sets that change in one run wait for each other."""
    held = [around.permission_set(f"{around.word}-{one}") for one in range(4)]
    at(provisioning=1.0, provisionings_at_once=3)
    every = {"TargetType": "ALL_PROVISIONED_ACCOUNTS"}
    started = [
        around.sso.provision_permission_set(**around.of_set(one), **every)["PermissionSetProvisioningStatus"]
        for one in held[:3]
    ]
    with pytest.raises(ClientError, match="ThrottlingException"):
        around.sso.provision_permission_set(**around.of_set(held[3]), **every)
    for one in started:
        around.settled("provisioning", one["RequestId"])


def test_roles_of_one_account_are_updated_one_after_the_other(around: Surroundings, at: Slow) -> None:
    """Assignments in one account queue: the last of many meets the provider's five minutes."""
    held, group = around.permission_set(), around.group()
    other = around.group(f"{around.word}-2")
    at(request=60.0, one_role_at_a_time=True)
    began = CLOCK.now()
    requests = [
        _start(around, held, group),
        _start(around, held, other),
        _start(around, held, group, SECURITY),
    ]
    took = []
    for request in (requests[2], requests[0], requests[1]):
        around.settled("creation", request)
        took.append(round(CLOCK.now() - began, 1))
    assert took == [60.0, 60.0, 120.0], "the other account has a queue of its own"


@pytest.mark.parametrize("kind", ["creation", "deletion", "provisioning"])
def test_a_request_fails_with_the_reason_that_is_asked_for(around: Surroundings, at: Slow, kind: str) -> None:
    """A reason that never reaches the user cannot be acted on."""
    held, group = around.permission_set(), around.group()
    around.assign(held, group, SHOP)
    at(failures={kind: "Received a 409 status error: try later"})
    make: dict[str, Callable[[], dict[str, Any]]] = {
        "creation": lambda: around.assign(held, around.group(f"{around.word}-2"), SHOP),
        "deletion": lambda: around.unassign(held, group, SHOP),
        "provisioning": lambda: around.provision(held),
    }
    status = make[kind]()
    assert (status["Status"], status["FailureReason"]) == ("FAILED", "Received a 409 status error: try later")


def test_what_was_written_is_not_seen_at_once(around: Surroundings, at: Slow, let_pass: LetPass) -> None:
    """Whoever reads right after writing may see the old state."""
    held, group = around.permission_set(), around.group()
    around.assign(held, group, SHOP)
    at(consistent_after=60.0)
    user = around.user()
    with pytest.raises(around.store.exceptions.ResourceNotFoundException):
        around.store.describe_user(IdentityStoreId=around.store_id, UserId=user)
    around.unassign(held, group, SHOP)
    where = {**around.of_set(held), "AccountId": SHOP}
    assert around.sso.list_account_assignments(**where)["AccountAssignments"]
    let_pass(59.0)
    assert around.sso.list_account_assignments(**where)["AccountAssignments"]
    let_pass(2.0)
    assert around.store.describe_user(IdentityStoreId=around.store_id, UserId=user)["UserId"] == user
    assert not around.sso.list_account_assignments(**where)["AccountAssignments"]


def test_a_file_slows_a_running_sandbox_and_its_absence_ends_that(tmp_path: Path, let_pass: LetPass) -> None:
    """The pace is for trials too: no restart, no lost organisation."""
    file = tmp_path / "pace.json"
    followed = pace.Current()
    followed.follow(file)
    assert followed() == pace.OFF
    file.write_text(json.dumps({"scale": 0.5, "assignments_at_once": 10}))
    let_pass(0.6)
    assert followed() == replace(pace.OF_AWS, scale=0.5, assignments_at_once=10)
    file.unlink()
    let_pass(0.6)
    assert followed() == pace.OFF


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"speed": 1}, "there is no 'speed'; a pace has "),
        ({"scale": 0}, "scale must be more than 0"),
        ("fast", "expected a number or an object"),
        ([1], "expected a number or an object"),
    ],
)
def test_a_wrong_pace_is_named(given: object, problem: str) -> None:
    """A misspelt limit that is ignored would test nothing."""
    with pytest.raises(pace.PaceError, match=f"pace.json: {problem}"):
        pace.paced(given, "pace.json")


def test_the_variable_gives_the_scale_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped path that is ignored would measure the wrong pace."""
    followed = pace.Current()
    monkeypatch.setattr(pace, "current", followed)
    monkeypatch.setenv(pace.PACE_VARIABLE, "0.02")
    pace.follow_environment(tmp_path)
    assert followed() == replace(pace.OF_AWS, scale=0.02)
    monkeypatch.setenv(pace.PACE_VARIABLE, str(tmp_path / "nowhere.json"))
    with pytest.raises(pace.PaceError, match="is neither a number nor a file"):
        pace.follow_environment(tmp_path)
