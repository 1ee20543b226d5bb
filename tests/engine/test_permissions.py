"""The documented policies under the real engine: a whole model previewed, made, refreshed and destroyed."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.project import Project
from tests.choice import choice
from tests.engine.conftest import Sandbox
from tests.support import calls_of_a_key
from tests.support.whole_model import Directory, directory, folder, policies
from tools.docs.permission import Job
from tools.docs.permissions_table import actions, policy

__all__ = ["directory", "folder", "policies"]

pytestmark = pytest.mark.engine

#: The tests' own hands have another key.
KEY = "AKIAPIPELINE00000000"
#: Whether AWS has a name already: asked of names that the state does not have.
NAMES = {
    "account-access:ListApplications",
    "organizations:ListPolicies",
    "sso:DescribeInstanceAccessControlAttributeConfiguration",
    "sso:ListApplications",
    "sso:ListPermissionSets",
}
#: Of the lookups, those of which a preview says that something is unchecked; it fails without the others.
UNCHECKED = {"iam:GetPolicy", "iam:GetPolicyVersion", "sts:AssumeRole", *NAMES}
LOOKUPS = {
    "identitystore:ListGroups",
    "identitystore:ListUsers",
    "organizations:DescribeOrganization",
    "organizations:ListAWSServiceAccessForOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListPoliciesForTarget",
    "organizations:ListRoots",
    "organizations:ListTagsForResource",
    "sso:ListInstances",
    *UNCHECKED,
}


class Pipeline:
    """Runs the program with a key under a policy, and tells what the key asked."""

    def __init__(self, program: Project, endpoint: str) -> None:
        """Give the stack the key."""
        self._program, self._endpoint = program, endpoint
        file = program.folder / "Pulumi.dev.yaml"
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        document["config"] |= {"aws:accessKey": KEY, "aws:secretKey": "none"}
        file.write_text(yaml.safe_dump(document), encoding="utf-8")

    def run(self, document: dict[str, Any], *command: str) -> tuple[int, str]:
        """Run under a policy; return the status and all that was said."""
        calls_of_a_key.put_under(self._endpoint, {"pipeline": document}, KEY)
        ended = self._program.pulumi(*command)
        return ended.status, " ".join(ended.output.split())

    def asks(self, job: Job, *command: str) -> set[str]:
        """Run under the policy of a job, which has to suffice; return what was asked."""
        status, said = self.run(policy(job), *command)
        assert status == 0, said
        assert "AccessDenied" not in said
        return set(calls_of_a_key.asked(self._endpoint, KEY))


@pytest.fixture
def pipeline(
    program: Project, folder: Path, policies: None, directory: Directory, sandbox: Sandbox
) -> Pipeline:
    """Give the program with the model that uses every key there is."""
    assert folder.is_dir()
    assert policies is None
    directory.people_from_elsewhere()
    return Pipeline(program, sandbox.endpoint)


def test_each_policy_suffices_and_holds_nothing_else(pipeline: Pipeline, program: Project) -> None:
    """A pipeline that is refused in the middle of an update leaves an organisation half changed."""
    assert pipeline.asks(Job.PREVIEW, "preview") == LOOKUPS
    made = pipeline.asks(Job.UPDATE, "up", "--yes", "--skip-preview")
    refreshed = pipeline.asks(Job.PREVIEW, "preview", "--refresh")
    program.succeed("state", "unprotect", "--all", "--yes")
    gone = pipeline.asks(Job.UPDATE, "destroy", "--yes")

    assert made | gone <= actions(Job.UPDATE)
    assert LOOKUPS - NAMES < refreshed <= actions(Job.PREVIEW)


def without(job: Job, *taken: str) -> dict[str, Any]:
    """Return the policy of a job without some actions."""
    document = policy(job)
    denied: dict[str, object] = {"Effect": "Deny", "Action": list(taken), "Resource": "*"}
    return {**document, "Statement": [*document["Statement"], denied]}


# Two minutes: a preview for every action. `make test` takes each away from the reading itself instead.
@pytest.mark.faults
def test_without_one_action_a_preview_names_it(pipeline: Pipeline) -> None:
    """Who runs it the first time learns so what its policy lacks, and takes nothing unseen for checked."""
    silent = {action for action in sorted(LOOKUPS) if not _names(pipeline, action)}

    assert silent == set()


def _names(pipeline: Pipeline, taken: str) -> bool:
    status, said = pipeline.run(without(Job.PREVIEW, taken), "preview")
    assert (status == 0) == (taken in UNCHECKED), said
    return taken in said


@pytest.mark.parametrize(
    "taken",
    choice(
        {taken: taken for taken in ("sso:CreateAccountAssignment", "organizations:AttachPolicy")},
        "sso:CreateAccountAssignment",
    ),
)
def test_without_one_action_an_update_fails_and_names_it(pipeline: Pipeline, taken: str) -> None:
    """All others are taken away without an engine: tests/provider/test_permissions.py."""
    status, said = pipeline.run(without(Job.UPDATE, taken), "up", "--yes", "--skip-preview")

    assert status != 0
    assert f"is not authorized to perform: {taken} on resource" in said
