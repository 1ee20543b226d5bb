"""`identity-center recover` on the real engine: states as a kill leaves them, made by hand."""

import json
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest

from identity_center_cli.aws.access import read_access
from sandbox.project import Ended, Project
from tests.choice import choice

from .page_of_failures import is_as_on_the_page

pytestmark = [pytest.mark.engine, pytest.mark.faults]
LINKS = ("AccountAssignment", "GroupMembership")
Json = dict[str, Any]


def _recover(project: Project, *options: str) -> Ended:
    return project.run(sys.executable, "-m", "identity_center_cli", "recover", "--stack", "dev", *options)


def _edit(project: Project, *kinds: str, pending: bool) -> None:
    """Take resources out of the state's file; as the engine leaves it, or as after a provider's death."""
    file = _file(project)
    checkpoint = json.loads(file.read_text(encoding="utf-8"))
    latest = checkpoint["checkpoint"]["latest"]
    out = [each for each in latest["resources"] if each["type"].endswith(kinds)]
    latest["resources"] = [each for each in latest["resources"] if each not in out]
    if pending:
        latest["pending_operations"] = [{"resource": _unmade(each), "type": "creating"} for each in out]
    file.write_text(json.dumps(checkpoint), encoding="utf-8")


def _file(project: Project) -> Path:
    (file,) = project.backend.glob(".pulumi/stacks/**/dev.json")
    return file


def _has_nothing_to_do(project: Project) -> None:
    project.succeed("up", "--yes", "--skip-preview", "--expect-no-changes")


def _unmade(entry: Json) -> Json:
    return {name: value for name, value in entry.items() if name not in ("id", "outputs")}


@pytest.fixture
def made(made_program: Project) -> Project:
    """Give the project's own stack, made; the pack judges none of this, and a recovery runs without it."""
    return made_program.without_pack()


@pytest.mark.fast
@pytest.mark.parametrize("pending", choice({"an engine": True, "a provider": False}, "an engine"))
def test_what_was_made_and_never_recorded_is_taken_in(
    made: Project, session: boto3.Session, *, pending: bool
) -> None:
    """Access that is in AWS and in no state stays when its line is taken away."""
    before = read_access(session).assignments
    _edit(made, *LINKS, pending=pending)

    refused = made.pulumi("up", "--yes")
    recovered = _recover(made, "--yes", "--format", "json")

    assert refused.status != 0
    assert "identity-center recover" in refused.output
    assert "developers/ada" in refused.output
    assert "creating" not in refused.output.replace("interrupted while creating", "")
    assert recovered.status == 0, recovered.output
    told = json.loads(recovered.output[recovered.output.index("{\n") :])
    assert {(each["type"].rsplit(":", 1)[1], each["outcome"]) for each in told["resources"]} == {
        (kind, "taken_in") for kind in LINKS
    }
    assert read_access(session).assignments == before
    assert "plaintext" not in _file(made).read_text(encoding="utf-8")
    _has_nothing_to_do(made)
    case = "an engine" if pending else "a provider"
    test = f"test_what_was_made_and_never_recorded_is_taken_in[{case}]"
    is_as_on_the_page(test, refused.output, recovered.output)


@pytest.mark.fast
def test_nothing_is_written_unasked_and_nothing_twice(made: Project) -> None:
    """A pipeline that nobody watches must not write a state on its own, and a second recovery finds nothing.

    A kill has also left the file beside the state empty, at which every command of Pulumi ends.
    """
    _edit(made, *LINKS, pending=True)
    file = _file(made)
    file.with_name("dev.json.attrs").write_text("", encoding="utf-8")
    before = file.read_bytes()

    ended = made.pulumi("preview")
    unasked = _recover(made, "--no-preview")
    unchanged = file.read_bytes() == before
    recovered = _recover(made, "--yes", "--no-preview")
    again = _recover(made)

    assert "failed to load checkpoint: EOF" in ended.output
    assert (unasked.status, unchanged) == (2, True)
    assert "say --yes" in unasked.output
    assert "dev.json.attrs was left empty, and goes" in unasked.output
    assert recovered.status == 0, recovered.output
    assert again.output == "the state says what AWS has: nothing to recover\n"
    is_as_on_the_page("test_nothing_is_written_unasked_and_nothing_twice", ended.output, unasked.output)


@pytest.mark.thorough
@pytest.mark.fast
def test_a_group_that_was_lost_is_taken_in_with_its_members_and_what_it_is_assigned(
    made: Project,
) -> None:
    """Until the group has an id, nothing of it can be looked for."""
    _edit(made, ":Group", *LINKS, pending=False)

    refused = made.pulumi("preview")
    recovered = _recover(made, "--yes")

    assert "identity-center recover" in refused.output
    assert recovered.status == 0, recovered.output
    assert "3 taken in; the state says what AWS has" in recovered.output
    _has_nothing_to_do(made)


@pytest.mark.fast
def test_what_is_gone_is_taken_out_and_made_again(made: Project, session: boto3.Session) -> None:
    """The preview would say that nothing changes, and nobody would get in."""
    (given,) = read_access(session).assignments
    sso = session.client("sso-admin")
    sso.delete_account_assignment(
        InstanceArn=sso.list_instances()["Instances"][0]["InstanceArn"],
        TargetId=given.account_id,
        TargetType="AWS_ACCOUNT",
        PermissionSetArn=given.permission_set_arn,
        PrincipalType="GROUP",
        PrincipalId=given.principal_id,
    )
    while read_access(session).assignments:
        pass

    recovered = _recover(made, "--yes")
    made.up()

    assert recovered.status == 0, recovered.output
    assert "is in the state and not in AWS: it is taken out of the state:" in recovered.output
    assert "1 taken out" in recovered.output
    assert read_access(session).assignments == {given}


@pytest.mark.thorough
@pytest.mark.fast
def test_what_cannot_be_told_is_asked_and_nothing_is_written(made: Project) -> None:
    """The engine forgets what it was at with the first thing that is written."""
    state = made.exported()["deployment"]["resources"]
    (provider,) = [each for each in state if each["type"] == "pulumi:providers:aws"]
    urn = "urn:pulumi:dev::identity-center::aws:s3/bucket:Bucket::logs"
    file = _file(made)
    checkpoint = json.loads(file.read_text(encoding="utf-8"))
    bucket = {
        "urn": urn, "custom": True, "type": "aws:s3/bucket:Bucket", "inputs": {"bucket": "logs"},
        "provider": f"{provider['urn']}::{provider['id']}",
    }  # fmt: skip
    checkpoint["checkpoint"]["latest"]["pending_operations"] = [{"resource": bucket, "type": "creating"}]
    file.write_text(json.dumps(checkpoint), encoding="utf-8")

    asked = _recover(made, "--yes", "--no-preview")
    still = made.exported()["deployment"]["pending_operations"]
    told = _recover(made, "--yes", "--no-preview", "--not-made", urn)

    assert asked.status == 1
    assert f"--not-made '{urn}'" in asked.output
    assert [each["resource"]["urn"] for each in still] == [urn]
    assert told.status == 0, told.output
    _has_nothing_to_do(made)
