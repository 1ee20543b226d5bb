"""AWS, the network, the disk or somebody else fails in the middle of an update: the next ends as wished."""

import json
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from sandbox.aws.accounts.surroundings import Surroundings, post
from sandbox.listening import OUTAGE_PATH
from sandbox.project import Ended, Project

from .falls import holds, made
from .page_of_failures import is_as_on_the_page
from .projects import Sandbox
from .wished import ACCOUNTS, Config, Make, end_of, is_as_wished, model

pytestmark = [pytest.mark.engine, pytest.mark.faults]
TINY = model(people=2, teams=1, sets=1, accounts=2)
SSO, DIRECTORY = "sso-admin", "identitystore"
FOR_ALL_TRIES = 25
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'


@dataclass(frozen=True)
class Day:
    """A stack, its AWS, and what can go wrong with them."""

    project: Project
    session: boto3.Session
    endpoint: str
    test: str

    def order(self, operation: str, service: str = SSO, **more: object) -> None:
        """Order a fault."""
        post(self.endpoint, "/sandbox/fault", {"service": service, "operation": operation, **more})

    def good_again(self) -> None:
        """Let AWS have a good day from now on."""
        post(self.endpoint, "/sandbox/no-more-faults", {})

    def up(self) -> Ended:
        """Run an update as a pipeline does."""
        return self.project.pulumi("up", "--yes", "--skip-preview")

    def run(self, verb: str, *options: str) -> Ended:
        """Run a verb of the command."""
        return self.project.run(sys.executable, "-m", "identity_center_cli", verb, *options)

    def recover(self) -> Ended:
        """Run what a refusal names."""
        return self.run("recover", "--stack", "dev", "--yes")

    def up_while(self, is_far_enough: Callable[[], bool], act: Callable[[], object]) -> Ended:
        """Run an update, and do something in the middle of it."""
        ended: list[Ended] = []
        running = threading.Thread(target=lambda: ended.append(self.up()))
        running.start()
        while not is_far_enough() and running.is_alive():
            time.sleep(0.02)
        act()
        running.join()
        return ended[0]

    def has_made_all_but_assignments(self) -> bool:
        """Tell whether only what a fault holds up is left: the assignments, and the last of the rest."""
        return made(self.project) >= end_of(TINY) - 4

    def is_over(self, config: Config, *outputs: Ended) -> None:
        """Insist that all is as wished, and that the page has what was said."""
        is_as_wished(self.project, self.session, config)
        is_as_on_the_page(self.test, *(each.output for each in outputs))


@pytest.fixture
def day(
    session: boto3.Session, running_sandbox: Sandbox, stack: Make, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Day]]:
    """Return a function that gives a tiny stack, made or not, and ends every fault afterwards."""

    def give(config: Config = TINY, *, is_made: bool = False) -> Day:
        project = stack(config, is_made=is_made)
        return Day(project, session, running_sandbox.endpoint, request.function.__name__)

    yield give
    post(running_sandbox.endpoint, "/sandbox/no-more-faults", {})


@pytest.mark.thorough
@pytest.mark.fast
def test_an_answer_that_is_lost(day: Callable[..., Day]) -> None:
    """The connection breaks after AWS has made a group: the next try meets its own work."""
    today = day()
    today.order("CreateGroup", DIRECTORY, how="lost", times=1)

    failed = today.up()
    refused = today.up()
    recovered = today.recover()
    gone_on = today.up()

    assert [each.status == 0 for each in (failed, refused, recovered, gone_on)] == [False, False, True, True]
    today.is_over(TINY, failed, refused, recovered)


@pytest.mark.fast
def test_an_assignment_that_aws_does_not_make(day: Callable[..., Day]) -> None:
    """AWS takes the request and fails later: its reason must reach whoever has to act."""
    today = day()
    reason = "Received a 404 status error: AWS account not ready."
    today.order("CreateAccountAssignment", how="failed", account=ACCOUNTS[0], message=reason, times=1)

    failed = today.up()
    gone_on = today.up()

    assert (failed.status != 0, gone_on.status) == (True, 0), gone_on.output
    assert reason in failed.output
    today.is_over(TINY, failed)


def test_credentials_that_expire_in_the_middle(day: Callable[..., Day]) -> None:
    """What AWS was still granting when they expired is in no state."""
    today = day()
    today.order("DescribeAccountAssignmentCreationStatus", code="ExpiredTokenException", message=EXPIRED)

    failed = today.up()
    today.good_again()
    refused = today.up()
    recovered = today.recover()
    gone_on = today.up()

    assert [each.status == 0 for each in (failed, refused, recovered, gone_on)] == [False, False, True, True]
    today.is_over(TINY, failed, refused, recovered)


EXPIRED = "The security token included in the request is expired"


def test_a_disk_that_is_full(day: Callable[..., Day]) -> None:
    """Pulumi puts the half of the state that it could write in the place of the state.

    No file may become larger than the state is, and a little: as on a disk where so much is left.
    """
    today = day(is_made=True)
    more = model(people=4, teams=2, sets=1, accounts=2)
    today.project.write_config(more)
    (state,) = today.project.backend.glob(".pulumi/stacks/**/dev.json")

    failed = _with_little_room(today.project, state.stat().st_size + 4_000)
    refused = today.up()
    recovered = today.recover()
    gone_on = today.up()

    assert [each.status == 0 for each in (failed, refused, recovered, gone_on)] == [False, False, True, True]
    today.is_over(more, failed, refused, recovered)


def _with_little_room(project: Project, most: int) -> Ended:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    ended = subprocess.run(
        [
            shutil.which("pulumi", path=project.environment["PATH"]) or "pulumi",
            "up", "--yes", "--skip-preview", "--non-interactive", "--parallel=1",
        ],
        cwd=project.folder, env=project.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False, timeout=900,
        preexec_fn=limit,
    )  # fmt: skip
    return Ended(ended.returncode, ended.stdout)


@pytest.mark.thorough
@pytest.mark.fast
def test_two_updates_at_once(day: Callable[..., Day]) -> None:
    """The second is refused, and the first ends as if it had been alone."""
    today = day()
    today.order("CreatePermissionSet", code="ThrottlingException", seconds=3)
    second: list[Ended] = []

    first = today.up_while(
        lambda: any(today.project.backend.glob(".pulumi/locks/**/*.json")),
        lambda: second.append(today.up()),
    )

    assert (second[0].status != 0, first.status) == (True, 0), first.output
    today.is_over(TINY, second[0])


class TestWhatPasses:
    """What passes within the provider's 25 tries is nobody's business: the update ends well."""

    @pytest.mark.parametrize(
        "fault",
        [
            {
                "operation": "CreatePermissionSet",
                "code": "InternalServerException",
                "status": 500,
                "times": 3,
            },
            {
                "operation": "CreateGroup",
                "service": DIRECTORY,
                "code": "Unavailable",
                "status": 503,
                "times": 3,
            },
            {"operation": "AttachManagedPolicyToPermissionSet", "code": "ConflictException", "times": 3},
            {"operation": "CreateAccountAssignment", "how": "lost", "times": 2},
            {"operation": "CreateUser", "service": DIRECTORY, "how": "reset", "times": 2},
            # At this pace 25 tries take three seconds: half a minute of an hour is less than a twentieth.
            {"operation": "", "code": "ThrottlingException", "seconds": 0.5},
        ],
        ids=["500", "503", "conflicts", "lost", "resets", "throttling"],
    )
    def test_a_fault_that_passes(self, day: Callable[..., Day], fault: dict[str, Any]) -> None:
        """Nobody has to run anything again."""
        today = day()
        today.order(**fault)

        ended = today.up()

        assert ended.status == 0, ended.output
        today.is_over(TINY, ended)


@pytest.mark.parametrize(
    ("status", "code"), [(500, "InternalServerException"), (503, "ServiceUnavailableException")]
)
def test_errors_of_aws_that_stay(day: Callable[..., Day], status: int, code: str) -> None:
    """After 25 tries the update fails, and the next goes on where it was."""
    today = day()
    today.order("CreateAccountAssignment", code=code, status=status, times=2 * FOR_ALL_TRIES)

    failed = today.up()
    gone_on = today.up()

    assert (failed.status != 0, gone_on.status) == (True, 0), gone_on.output
    assert code in failed.output
    today.is_over(TINY, failed)


def test_an_aws_that_cannot_be_reached(day: Callable[..., Day]) -> None:
    """The run ends before anything is made: what is there cannot be asked."""
    today = day()
    today.order("", service="", how="reset")

    failed = today.up()
    today.good_again()
    made_nothing = not holds(today.session).users
    gone_on = today.up()

    assert (failed.status != 0, made_nothing, gone_on.status) == (True, True, 0), gone_on.output
    today.is_over(TINY, failed)


def test_an_aws_that_goes_away_in_the_middle(day: Callable[..., Day]) -> None:
    """What was being granted is taken in, the rest is made."""
    today = day()
    today.order("CreateAccountAssignment", code="ThrottlingException", seconds=1.5)

    failed = today.up_while(
        today.has_made_all_but_assignments, lambda: post(today.endpoint, OUTAGE_PATH, {"seconds": 6})
    )
    time.sleep(7)
    gone_on = today.up()

    assert (failed.status != 0, gone_on.status) == (True, 0), gone_on.output
    today.is_over(TINY, failed)


def test_provisioning_that_fails_in_one_account(day: Callable[..., Day]) -> None:
    """The provider has nothing to do the next time, and one account would keep the old role."""
    today = day(is_made=True)
    changed = json.loads(json.dumps(TINY))
    (held,) = changed["identity-center:permissionSets"].values()
    held["managedPolicies"] = ["ReadOnlyAccess", "SecurityAudit"]
    today.project.write_config(changed)
    reason = "Received a 409 status error: the role is being changed."
    today.order("ProvisionPermissionSet", how="failed", account=ACCOUNTS[1], message=reason, times=1)

    failed = today.up()
    told = today.up()
    provisioned = today.run("provision", "--set", "Set0", "--account", ACCOUNTS[1])
    gone_on = today.up()

    assert reason in failed.output
    assert [each.status == 0 for each in (failed, told, provisioned, gone_on)] == [False, False, True, True]
    today.is_over(changed, failed, told, provisioned)


def _with_customer_policy(around: Surroundings) -> Config:
    """Say a set that needs a policy of the accounts, and make that there."""
    config: Config = json.loads(json.dumps(TINY))
    (held,) = config["identity-center:permissionSets"].values()
    held["customerManagedPolicies"] = ["Extra"]
    for account in ACCOUNTS[:2]:
        around.in_account("iam", account).create_policy(PolicyName="Extra", PolicyDocument=POLICY)
    return config


def test_a_policy_of_an_account_that_vanishes_before_the_update(day: Callable[..., Day]) -> None:
    """Nothing is made: the run looks into the accounts again."""
    today = day()
    around = Surroundings(today.endpoint, "us-east-1", "extra")
    config = _with_customer_policy(around)
    today.project.write_config(config)
    today.project.succeed("preview")
    iam = around.in_account("iam", ACCOUNTS[1])
    iam.delete_policy(PolicyArn=f"arn:aws:iam::{ACCOUNTS[1]}:policy/Extra")
    before = holds(today.session)

    refused = today.up()
    unchanged = holds(today.session) == before
    iam.create_policy(PolicyName="Extra", PolicyDocument=POLICY)
    gone_on = today.up()

    assert (refused.status != 0, unchanged, gone_on.status) == (True, True, 0), gone_on.output
    today.is_over(config, refused)


def test_a_policy_of_an_account_that_vanishes_in_the_middle(day: Callable[..., Day]) -> None:
    """The account without it gets no role, and AWS's reason names the policy."""
    today = day()
    around = Surroundings(today.endpoint, "us-east-1", "extra")
    config = _with_customer_policy(around)
    today.project.write_config(config)
    today.order("CreateAccountAssignment", code="ThrottlingException", seconds=2)
    iam = around.in_account("iam", ACCOUNTS[1])

    failed = today.up_while(
        today.has_made_all_but_assignments,
        lambda: iam.delete_policy(PolicyArn=f"arn:aws:iam::{ACCOUNTS[1]}:policy/Extra"),
    )
    iam.create_policy(PolicyName="Extra", PolicyDocument=POLICY)
    gone_on = today.up()

    assert (failed.status != 0, gone_on.status) == (True, 0), gone_on.output
    today.is_over(config, failed)


def test_a_group_that_somebody_deletes_in_the_middle(day: Callable[..., Day]) -> None:
    """The state has a group that is gone, and every assignment to it fails until the state is right."""
    today = day()
    around = Surroundings(today.endpoint, "us-east-1", "other")
    today.order("CreateAccountAssignment", code="ThrottlingException", seconds=2)

    def delete_group() -> None:
        of = {"IdentityStoreId": around.store_id}
        (group,) = around.store.list_groups(**of)["Groups"]
        around.store.delete_group(**of, GroupId=group["GroupId"])

    failed = today.up_while(today.has_made_all_but_assignments, delete_group)
    refused = today.up()
    recovered = today.recover()
    gone_on = today.up()

    assert failed.status != 0, failed.output
    assert [each.status == 0 for each in (refused, recovered, gone_on)] == [False, True, True], gone_on.output
    today.is_over(TINY, failed, refused, recovered)


def test_a_policy_that_somebody_writes_at_the_same_time(day: Callable[..., Day]) -> None:
    """The update that did not touch it is green: drift names it, and a refresh takes it back."""
    today = day(is_made=True)
    around = Surroundings(today.endpoint, "us-east-1", "other")
    changed: Config = json.loads(json.dumps(TINY))
    (held,) = changed["identity-center:permissionSets"].values()
    held["managedPolicies"] = ["ReadOnlyAccess", "SecurityAudit"]
    today.project.write_config(changed)
    (arn,) = around.sso.list_permission_sets(InstanceArn=around.instance)["PermissionSets"]
    around.sso.put_inline_policy_to_permission_set(**around.of_set(arn), InlinePolicy=POLICY)

    updated = today.up()
    state = today.project.folder / "state.json"
    state.write_text(json.dumps(today.project.exported()), encoding="utf-8")
    drift = today.run("drift", "--state", str(state))
    repaired = today.project.pulumi("up", "--yes", "--skip-preview", "--refresh")

    assert [each.status for each in (updated, drift, repaired)] == [0, 1, 0], drift.output + repaired.output
    today.is_over(changed, updated, drift)
