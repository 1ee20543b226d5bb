"""`identity-center check` and `explain` over what the real engine writes."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from identity_center_cli.main import main
from identity_guard.pack import registration
from sandbox.project import Project

pytestmark = pytest.mark.engine

PACK = Path(registration.__file__).parents[2]
PROGRAM = """
import pulumi
import pulumi_aws as aws

found = aws.ssoadmin.get_instances()
arn, store = found.arns[0], found.identity_store_ids[0]
ada = aws.identitystore.User(
    "ada", identity_store_id=store, user_name="ada", display_name="Ada",
    name={"given_name": "Ada", "family_name": "Lovelace"})
devs = aws.identitystore.Group("devs", identity_store_id=store, display_name="Developers")
aws.identitystore.GroupMembership(
    "devs/ada", identity_store_id=store, group_id=devs.group_id, member_id=ada.user_id)
admin = aws.ssoadmin.PermissionSet("admin", instance_arn=arn, name="Admin")
held = aws.ssoadmin.ManagedPolicyAttachment(
    "admin", instance_arn=arn, permission_set_arn=admin.arn,
    managed_policy_arn="arn:aws:iam::aws:policy/AdministratorAccess")
aws.ssoadmin.AccountAssignment(
    "devs-admin", instance_arn=arn, permission_set_arn=admin.arn, principal_type="GROUP",
    principal_id=devs.group_id, target_id="123456789012", target_type="AWS_ACCOUNT",
    opts=pulumi.ResourceOptions(depends_on=[held]))
"""


@pytest.fixture
def project(empty_project: Project) -> Project:
    """Give a program that makes ada an administrator, on an engine that streams its events."""
    (empty_project.folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    streaming = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true", "PULUMI_DEBUG_COMMANDS": "true"}
    made = dataclasses.replace(empty_project, environment={**empty_project.environment, **streaming})
    made.succeed("config", "set", "aws:region", "us-east-1")
    return made


def test_a_real_run_is_checked_and_explained(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A change of the engine's formats would make the commands blind; here that shows."""

    def check(name: str, text: str) -> tuple[int, list[str]]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        status = main(["check", str(path), "--format", "json"])
        return status, [each["rule"] for each in json.loads(capsys.readouterr().out)["results"]]

    judged = project.pulumi("preview", "--json", "--policy-pack", str(PACK))
    assert judged.status != 0
    status, rules = check("judged.jsonl", judged.output.partition("\nerror:")[0])
    assert status == 1
    assert "no-root-level-access" in rules

    status, rules = check("fresh.jsonl", project.succeed("preview", "--json").output)
    assert status == 1  # nothing declares MFA
    assert "undecided" in rules  # events of a fresh stack do not say what joins what

    log = tmp_path / "up.jsonl"
    project.up("--event-log", str(log))
    for name, text in (
        ("up.jsonl", log.read_text(encoding="utf-8")),
        ("again.jsonl", project.succeed("preview", "--json").output),
        ("state.json", json.dumps(project.exported())),
    ):
        status, rules = check(name, text)
        assert status == 1
        assert sorted(rules) == ["mfa-requirement", "no-root-level-access"], name

    state = str(tmp_path / "state.json")
    asked = ["explain", "--state", state, "--can", "iam:CreateUser", "--in", "123456789012", "--who", "ada"]
    assert main(asked) == 0
    told = capsys.readouterr().out
    for link in (
        "group Developers",
        "devs-admin",
        "permission set Admin",
        "AdministratorAccess, Statement[0]",
    ):
        assert link in told


QUESTIONS = (
    ("--who", "ada", "--can", "iam:CreateUser", "--in", "123456789012"),
    ("--who", "ada", "--can", "organizations:LeaveOrganization", "--in", "123456789012"),
    ("--who", "ada", "--can", "s3:GetObject", "--in", "444444444444"),
    ("--who", "developers", "--can", "s3:GetObject", "--on", "arn:aws:s3:::reports/may.csv"),
    ("--who-can", "iam:CreateUser", "--in", "123456789012"),
    ("--who-can", "account:CloseAccount", "--in", "123456789012"),
)


def validate_beside_what_is_there(program: Project, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """See that a stack's own names are free for it by a real state, and taken for a stack without one."""
    existing = state.with_name("existing.json")
    read = program.run("identity-center", "snapshot", "--output", str(existing))
    assert read.status == 0, read.output
    asked = ["validate", str(program.folder / "Pulumi.dev.yaml"), "--existing", str(existing)]

    main([*asked, "--state", str(state)])
    assert "AWS has" not in capsys.readouterr().out
    assert main(asked) == 1
    assert capsys.readouterr().out.count("AWS has a") == 4  # user name and address, group, permission set


@pytest.mark.thorough
def test_the_model_answers_before_the_update_as_the_state_does_after_it(
    program: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The walkthrough's last question can be asked before anybody is let in, and then nothing differs."""
    snapshot = tmp_path / "organisation.json"
    written = program.run("identity-center", "organisation", "snapshot", "--output", str(snapshot))
    assert written.status == 0, written.output
    known = ["--organisation", str(snapshot)]
    model = ["--model", str(program.folder / "Pulumi.dev.yaml"), *known]

    def answers(*source: str) -> list[tuple[int, Any]]:
        found = []
        for question in QUESTIONS:
            status = main(["explain", *source, "--format", "json", *question])
            found.append((status, json.loads(capsys.readouterr().out)))
        return found

    before = answers(*model)
    program.up()
    state = tmp_path / "state.json"
    state.write_text(json.dumps(program.exported()), encoding="utf-8")

    assert before == answers("--state", str(state), *known)
    validate_beside_what_is_there(program, state, capsys)
    assert [status for status, _ in before] == [0, 1, 1, 0, 0, 1]
