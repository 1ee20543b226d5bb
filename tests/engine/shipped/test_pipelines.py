"""The pipelines that `init --ci` writes: what their jobs run, run in the sandbox."""

from string import Template

import boto3
import pytest

from identity_center_cli.aws.access import read_access
from sandbox.home import CHECKOUT
from sandbox.project import Ended, Project
from tests.cli.forges import ME, TOKEN, serving
from tests.engine.conftest import NewFolder, Sandbox, own_project
from tests.support.pipelines import commands_of, steps_of_gitlab

pytestmark = pytest.mark.engine


@pytest.fixture
def project(sandbox: Sandbox, new_folder: NewFolder) -> Project:
    """Write a new project with pipelines for GitHub. What `prepare` installs is the sandbox's."""
    folder = new_folder()
    folder.mkdir()
    made = own_project(folder, sandbox, {"PULUMI_STACK": "dev", "AWS_REGION": "us-east-1"})
    written = made.run("identity-center", "init", ".", "--ci", "github")
    assert written.status == 0, written.output
    (folder / ".venv").symlink_to(sandbox.environment["VIRTUAL_ENV"])
    made.succeed("stack", "init", "dev")
    return made


def run(project: Project, job: str) -> list[Ended]:
    """Run what a job runs after it was prepared, each step as the runner's shell does, all of them."""
    return [
        project.run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step)
        for step in commands_of(project.folder, "github")[job]
    ]


def test_each_job_does_what_its_name_says(project: Project, session: boto3.Session) -> None:
    """A pipeline that somebody copies is run for the first time on their organisation."""
    with serving() as forge:
        project.environment.update(
            GITHUB_REF="refs/pull/12/merge",
            GITHUB_REPOSITORY="acme/access",
            GITHUB_TOKEN=TOKEN,
            GITHUB_API_URL=forge.base,
        )
        previewed = run(project, "preview")
        (comment,) = forge.comments

    assert [each.status for each in previewed] == [0, 0, 0], [each.output for each in previewed]
    assert "identity-guard" in previewed[1].output
    assert comment["author"] == ME
    assert "1 person gains access" in comment["body"]
    assert read_access(session).assignments == frozenset()

    updated = run(project, "update")
    assert [each.status for each in updated] == [0, 0], [each.output for each in updated]
    assert "identity-guard" in updated[0].output
    assert "1 of 1 assignments of the stack are in the instance" in updated[1].output

    (expired,) = run(project, "expire")
    assert (expired.status, expired.output) == (0, "nothing is over\n")

    drifted, reviewed = run(project, "nightly")
    assert drifted.status == 0, drifted.output
    assert reviewed.status == 0, reviewed.output
    assert "nothing is due" in reviewed.output


@pytest.fixture
def gitlab(sandbox: Sandbox, new_folder: NewFolder) -> Project:
    """Write a new project with a pipeline for GitLab, and set what its page tells people to set."""
    folder = new_folder()
    folder.mkdir()
    role = "arn:aws:iam::123456789012:role/access"
    told = {f"ACCESS_{each}_ROLE": f"{role}-{each.lower()}" for each in ("PREVIEW", "UPDATE", "DRIFT")}
    made = own_project(folder, sandbox, {**told, "GITLAB_TOKEN": TOKEN, "AWS_TOKEN": "signed.by.gitlab"})
    written = made.run("identity-center", "init", ".", "--ci", "gitlab", "--stack", "dev")
    assert written.status == 0, written.output
    (folder / ".venv").symlink_to(sandbox.environment["VIRTUAL_ENV"])
    made.succeed("stack", "init", "dev")
    return made


def run_as_gitlab(project: Project, job: str) -> list[Ended]:
    """Run the lines of a job, and those after it, as GitLab's runner does, in a shell each."""
    variables, lines, after = steps_of_gitlab(project.folder, job)
    kept_in = str(project.folder / "web-identity-token")
    variables = {**variables, "AWS_WEB_IDENTITY_TOKEN_FILE": kept_in, "AWS_REGION": "us-east-1"}
    known = {**project.environment, **variables}
    project.environment.update({name: Template(text).substitute(known) for name, text in variables.items()})
    assert lines.count("pulumi install") == 1
    lines.remove("pulumi install")
    return [
        project.run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "\n".join(shell))
        for shell in (lines, after)
        if shell
    ]


@pytest.mark.thorough
def test_each_job_of_gitlab_does_what_its_name_says(gitlab: Project, session: boto3.Session) -> None:
    """What the forge's schema takes may still fail in its first line."""
    with serving() as forge:
        gitlab.environment.update(CI_API_V4_URL=forge.base, CI_PROJECT_ID="34", CI_MERGE_REQUEST_IID="12")
        previewed = run_as_gitlab(gitlab, "preview")
        (comment,) = forge.comments

    assert [each.status for each in previewed] == [0, 0], [each.output for each in previewed]
    assert "identity-guard" in previewed[0].output
    assert "1 person gains access" in comment["body"]
    assert (gitlab.folder / "web-identity-token").read_text(encoding="utf-8") == "signed.by.gitlab"
    assert read_access(session).assignments == frozenset()

    (updated,) = run_as_gitlab(gitlab, "update")
    assert updated.status == 0, updated.output
    assert gitlab.environment["AWS_ROLE_ARN"].endswith("role/access-update")
    assert "1 of 1 assignments of the stack are in the instance" in updated.output

    (expired,) = run_as_gitlab(gitlab, "expire")
    assert (expired.status, expired.output) == (0, "nothing is over\n")

    (nightly,) = run_as_gitlab(gitlab, "nightly")
    assert nightly.status == 0, nightly.output
    assert "0 differences" in nightly.output
    assert "nothing is due" in nightly.output


def test_the_sandbox_installs_what_the_pipelines_would() -> None:
    """The one step that is left out above has to be the one that installs."""
    prepare = CHECKOUT / "identity_center_cli" / "new_project" / "ci" / "github" / "prepare.yml"

    assert prepare.read_text(encoding="utf-8").count("pulumi install") == 1
