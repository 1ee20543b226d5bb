"""`identity-center init --ci`: pipelines that their forge takes, and roles that let in nobody else.

What their commands do is shown with the engine: tests/engine/shipped/test_pipelines.py.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import Group
from identity_center.model.existing.snapshot_file import write_existing
from identity_center_cli.pipelines import FORGES
from identity_guard.rules.public_trust import RULE as PUBLIC_TRUST
from tests.support.command import Command
from tests.support.pipelines import commands_of

ROOT: Final = Path(__file__).parents[2]
SCHEMAS: Final = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}
"""Schemas of the forges, as the package check-jsonschema carries them."""
MOST_OF_AN_INLINE_POLICY: Final = 10_240
"""Characters without white space. Source: IAM user guide, "IAM and AWS STS quotas"."""


@pytest.fixture(params=FORGES)
def forge(request: pytest.FixtureRequest, command: Command) -> str:
    """Write a project with the pipelines of each forge."""
    assert command("init", ".", "--ci", request.param).status == 0
    return str(request.param)


def pipelines(folder: Path, forge: str) -> list[Path]:
    """Return the files that a forge reads."""
    return (
        [folder / ".gitlab-ci.yml"] if forge == "gitlab" else sorted(folder.glob(".github/workflows/*.yml"))
    )


def schema(name: str, *files: Path) -> subprocess.CompletedProcess[str]:
    """Check files by a schema, without a network."""
    call = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", name, *map(str, files)]
    return subprocess.run(call, capture_output=True, text=True, check=False, timeout=120)


def test_the_forges_schema_takes_every_file(command: Command, forge: str, tmp_path: Path) -> None:
    """A file that the forge refuses is a pipeline that nobody sees."""
    files = pipelines(command.folder, forge)
    checked = schema(SCHEMAS[forge], *files)
    broken = tmp_path / "broken.yml"
    broken.write_text(
        files[0].read_text(encoding="utf-8").replace("script:", "scrip:").replace("runs-on", "runs")
    )

    assert len(files) == (1 if forge == "gitlab" else 4)
    assert checked.returncode == 0, checked.stdout
    assert schema(SCHEMAS[forge], broken).returncode == 1
    if forge == "github":
        action = command.folder / ".github" / "actions" / "prepare" / "action.yml"
        assert schema("vendor.github-actions", action).returncode == 0


def test_the_nightly_job_of_the_page_is_one_that_the_forge_takes(command: Command, tmp_path: Path) -> None:
    """Whoever pastes it finds out in the night, and the drift goes on until somebody looks."""
    page = (ROOT / "docs" / "drift.md").read_text(encoding="utf-8")
    (job,) = (block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "schedule:" in block)
    file = tmp_path / "drift.yml"
    file.write_text(job, encoding="utf-8")
    command.write("access/all.yaml", {"groups": {"devs": {"displayName": "Developers"}}})
    existing = Existing(
        region="eu-central-1",
        instance_arn="arn:aws:sso:::instance/ssoins-1111111111111111",
        identity_store_id="d-1",
        read_from="2026-11-30T00:00:00Z",
        read_until="2026-11-30T00:01:00Z",
        groups=(Group(id="g-1", name="Developers"),),
    )
    command.write("identity-center.snapshot.json", write_existing(existing))

    assert schema(SCHEMAS["github"], file).returncode == 0
    steps = [step.get("run", "") for step in yaml.safe_load(job)["jobs"]["drift"]["steps"]]
    drifts = [
        step.partition(" > ")[0].partition(" >> ")[0].split()[1:] for step in steps if " drift " in step
    ]
    assert len(drifts) == 2
    for words in drifts:
        assert command(*words).status == 0, words


def test_both_forges_run_the_same_commands(command: Command) -> None:
    """A step that one of them lacks is a check that half of the teams do not have."""
    assert command("init", "a", "--ci", "github").status == 0
    assert command("init", "b", "--ci", "gitlab").status == 0
    github, gitlab = commands_of(command.folder / "a", "github"), commands_of(command.folder / "b", "gitlab")

    assert github.keys() == gitlab.keys() == {"preview", "update", "expire", "nightly"}
    for job in github:
        theirs = " ".join(gitlab[job])
        for each in github[job]:
            said = each.replace("comment github", "comment gitlab").replace(" --format github", "")
            assert said.partition(" |")[0] in theirs


def test_only_the_named_repository_gets_a_role(command: Command, forge: str) -> None:
    """A trust without a subject lets every repository of the forge in."""
    assert forge in FORGES
    for job in ("preview", "update", "drift"):
        trust = json.loads((command.folder / f"ci/aws/{job}-trust.json").read_text(encoding="utf-8"))
        (statement,) = trust["Statement"]
        conditions = statement["Condition"]
        subjects = [
            value
            for operator in conditions.values()
            for key, values in operator.items()
            if key.endswith(":sub")
            for value in (values if isinstance(values, list) else [values])
        ]
        audiences = [value for key, value in conditions["StringEquals"].items() if key.endswith(":aud")]
        assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        assert len(audiences) == 1
        assert subjects
        assert all("OWNER/REPOSITORY:" in each for each in subjects)
        if job != "preview":
            assert not any("*" in each for each in subjects)


def test_the_pack_finds_no_trust_of_strangers_in_the_roles(command: Command, forge: str) -> None:
    """What the project asks of others it keeps itself."""
    assert forge in FORGES
    for job in ("preview", "update", "drift"):
        trust = json.loads((command.folder / f"ci/aws/{job}-trust.json").read_text(encoding="utf-8"))
        inputs = {"name": job, "assumeRolePolicy": json.dumps(trust)}
        role = {
            "urn": f"urn:pulumi:dev::own::aws:iam/role:Role::{job}",
            "type": "aws:iam/role:Role",
            "custom": True,
            "id": job,
            "inputs": inputs,
            "outputs": inputs,
        }
        state = command.write(f"{job}.json", {"version": 3, "deployment": {"resources": [role]}})
        found = command("check", state, "--format", "json").json()["results"]
        assert [each for each in found if each["rule"] == PUBLIC_TRUST.name] == []


def test_the_policies_are_those_of_the_table_and_fit_into_a_role(command: Command, forge: str) -> None:
    """One that is too long is refused by IAM when the role is made."""
    assert forge in FORGES
    for job in ("preview", "update", "drift"):
        text = (command.folder / f"ci/aws/{job}-policy.json").read_text(encoding="utf-8")
        actions = {action for each in json.loads(text)["Statement"] for action in each["Action"]}
        assert len(re.sub(r"\s", "", text)) < MOST_OF_AN_INLINE_POLICY
        assert "sso:ListInstances" in actions
        assert ("sso:CreateAccountAssignment" in actions) == (job == "update")


def test_a_project_that_is_there_gets_the_pipelines_alone(command: Command) -> None:
    """Most have a project before they have a pipeline."""
    command.write("Pulumi.yaml", "name: access\nruntime: python\n")
    command.write("Pulumi.prod.yaml", "config:\n  aws:region: eu-central-1\n")

    ended = command("init", "--ci", "github")
    again = command("init", "--ci", "github")
    workflow: Any = yaml.safe_load(
        (command.folder / ".github/workflows/access-update.yml").read_text(encoding="utf-8")
    )

    assert ended.status == 0
    assert not (command.folder / "access").exists()
    assert workflow["env"]["PULUMI_STACK"] == "prod"
    assert workflow["env"]["AWS_REGION"] == "eu-central-1"
    assert again.status == 2
    assert "is there already: nothing was written" in again.errors


@pytest.mark.parametrize(
    ("stacks", "says"),
    [
        ({}, "has: none"),
        ({"a": "config: {aws:region: us-east-1}", "b": "config: {}"}, "has: a, b"),
        ({"a": "config: {}"}, "names no `aws:region`"),
    ],
)
def test_for_which_stack_is_asked_where_it_is_not_clear(
    command: Command, stacks: dict[str, str], says: str
) -> None:
    """A pipeline for the wrong stack is an update of the wrong organisation."""
    command.write("Pulumi.yaml", "name: access\nruntime: python\n")
    for stack, text in stacks.items():
        command.write(f"Pulumi.{stack}.yaml", text)

    ended = command("init", "--ci", "gitlab")

    assert ended.status == 2
    assert says in ended.errors
    assert not (command.folder / ".gitlab-ci.yml").exists()
