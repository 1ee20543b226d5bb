"""`identity-center adopt --verify` where something fails while Pulumi imports: a second run finishes."""

import boto3
import pytest

from sandbox.aws.accounts.surroundings import Surroundings, post
from sandbox.project import Ended, Project
from sandbox.settings import REGION
from tests.engine.conftest import NewFolder, Sandbox
from tests.engine.wished import LARGE, Make, end_of, program_of
from tests.support.lived_in import SHOP, LivedIn

pytestmark = [pytest.mark.engine, pytest.mark.faults]
SNAPSHOT = "identity-center.snapshot.json"
FAST = ("--requests-per-second", "10000", "--region", REGION)


@pytest.fixture
def empty(program: Project) -> Project:
    """Give a stack that knows nothing, with the folder of a model that is empty."""
    return _empty(program)


def _empty(project: Project) -> Project:
    project.write_config({"aws:region": REGION, "identity-center:modelFolder": "access"})
    (project.folder / "access").mkdir()
    return project


def adopt(project: Project, *options: str) -> Ended:
    """Adopt into the stack's folder, import and preview."""
    return project.run("identity-center", "adopt", "--into", "access", "--verify", *FAST, *options)


def snapshot(project: Project) -> None:
    """Read what there is, for an adoption from the file."""
    read = project.run("identity-center", "snapshot", *FAST)
    assert read.status == 0, read.output


def test_an_account_that_is_closed_between_reading_and_import_is_named(
    empty: Project, session: boto3.Session
) -> None:
    """The reading takes minutes; whoever closes an account meanwhile must not leave somebody puzzled."""
    endpoint = str(session.client("sso-admin").meta.endpoint_url)
    LivedIn(Surroundings(endpoint, REGION, "lived-in"), session)
    snapshot(empty)
    session.client("organizations").close_account(AccountId=SHOP)

    closed = adopt(empty, "--snapshot", SNAPSHOT)
    empty.without_pack().up()
    finished = adopt(empty)

    different = [line for line in closed.output.splitlines() if line.startswith("DIFFERENT")]
    assert closed.status == 1, closed.output
    assert "11 assignments: 8 imported, 3 left over" in closed.output
    assert len(different) == 6, closed.output
    assert all(f"/{SHOP}: the account is suspended or closed" in line for line in different), different
    assert finished.status == 0, finished.output
    assert "the preview changes nothing" in finished.output


def test_an_import_that_fails_at_item_300_is_finished_by_a_second_run(
    stack: Make, running_sandbox: Sandbox, new_folder: NewFolder
) -> None:
    """Whoever has to begin a large import anew, or finds half of it twice, imports nothing any more."""
    stack(LARGE, is_made=True)
    project = _empty(program_of(new_folder(), running_sandbox, {}))
    snapshot(project)
    refused = {"service": "", "code": "AccessDeniedException", "times": 1, "after": 300}
    post(running_sandbox.endpoint, "/sandbox/fault", refused)

    failed = adopt(project, "--snapshot", SNAPSHOT)
    half = {each["urn"] for each in project.exported()["deployment"]["resources"]}
    finished = adopt(project, "--snapshot", SNAPSHOT)

    assert failed.status == 2, failed.output
    assert "`pulumi import` ended with status" in failed.output
    assert "AccessDeniedException" in failed.output
    assert finished.status == 0, finished.output
    assert "180 assignments: 180 imported, 0 left over" in finished.output
    assert "the preview changes nothing else" in finished.output
    whole = [each["urn"] for each in project.exported()["deployment"]["resources"]]
    assert len(whole) == len(set(whole)) == end_of(LARGE)
    assert 250 <= len(half) < len(whole), "it did fail late"
    assert half < set(whole)
