"""What a team that installs the package does, by the real engine: nothing of the checkout takes part."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from identity_center_cli.aws.access import read_access
from sandbox.project import Project

pytestmark = pytest.mark.engine

Installed = Any  # of the conftest above, which a test module cannot import
Sandbox = Any  # likewise
BY_NAME = """
import pulumi

class Remote(pulumi.ComponentResource):
    def __init__(self, kind, name, inputs):
        super().__init__(f"identity-center:index:{kind}", name, inputs, remote=True)

Remote("PermissionSet", "reading", {"instanceArn": pulumi.Config().require("instance"), "name": "Reading"})
"""


@pytest.fixture
def environment(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    """Return the sandbox's environment, with a backend of the test's own and pip cut off from the network."""
    (tmp_path / "backend").mkdir()
    variables: dict[str, str] = sandbox.environment
    return variables | {
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'backend'}",
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
    }


def within(environment: dict[str, str], virtualenv: Path) -> dict[str, str]:
    """Return what `activate` of a virtual environment makes of an environment."""
    commands, *others = environment["PATH"].split(os.pathsep)
    path = os.pathsep.join([commands, str(virtualenv / "bin"), *others])
    return environment | {"VIRTUAL_ENV": str(virtualenv), "PATH": path}


def answer(project: Project, *command: str) -> str:
    """Run a command and insist that it succeeds."""
    ended = project.run(*command)
    assert ended.status == 0, ended.output
    return ended.output.strip()


def test_a_new_project_is_made_with_the_pack_that_was_installed(
    installed: Installed,
    borrow_dependencies: Any,  # noqa: ANN401  # a function of the conftest above
    environment: dict[str, str],
    session: boto3.Session,
    tmp_path: Path,
) -> None:
    """The way of every newcomer: install, init, up; the guard holds from the first run."""
    told = installed.run("identity-center", "init", "our-access", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    folder = tmp_path / "our-access"
    project = Project(folder, within(environment, folder / ".venv"))
    project.succeed("install")
    borrow_dependencies(folder / ".venv")
    pack = answer(project, "identity-center", "pack-path")
    assert Path(pack).is_relative_to(folder / ".venv")
    project.succeed("stack", "init", "dev")

    made = project.up("--policy-pack", pack)

    assert "identity-guard" in made.output
    assert [(one.person, one.permission_set) for one in read_access(session).sign_ins] == [
        ("ada", "Auditing")
    ]
    outputs = answer(project, "pulumi", "stack", "output", "--json", "--show-secrets")
    (folder / "outputs.json").write_text(outputs, encoding="utf-8")
    assert "1 of 1 assignments" in answer(project, "identity-center", "access", "--expect", "outputs.json")

    sets = folder / "access" / "permission-sets.yaml"
    sets.write_text(sets.read_text(encoding="utf-8").replace("SecurityAudit", "AdministratorAccess"))
    refused = project.pulumi("preview", "--policy-pack", pack)

    assert refused.status != 0
    assert "no-root-level-access" in refused.output


@pytest.mark.thorough
def test_the_components_of_the_wheel_are_used_by_name(
    installed: Installed,
    borrow_dependencies: Any,  # noqa: ANN401  # a function of the conftest above
    environment: dict[str, str],
    session: boto3.Session,
    tmp_path: Path,
) -> None:
    """A second project, in an environment without the package, as Pulumi gives each plugin one of its own."""
    told = installed.run("identity-center", "components-path", cwd=tmp_path)
    components = Path(told.stdout.strip())
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(components / "venv")], check=True)
    borrow_dependencies(components / "venv")
    folder = tmp_path / "second"
    folder.mkdir()
    plugin = {"name": "identity-center", "path": str(components)}
    declared = {"name": "second", "runtime": "python", "plugins": {"providers": [plugin]}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    (folder / "__main__.py").write_text(BY_NAME, encoding="utf-8")
    project = Project(folder, within(environment, components / "venv"))
    project.succeed("stack", "init", "dev")
    sso = session.client("sso-admin")
    (instance,) = sso.list_instances()["Instances"]
    project.succeed("config", "set", "instance", instance["InstanceArn"])
    project.succeed("config", "set", "aws:region", "us-east-1")

    project.up()

    (made,) = sso.list_permission_sets(InstanceArn=instance["InstanceArn"])["PermissionSets"]
    told = sso.describe_permission_set(InstanceArn=instance["InstanceArn"], PermissionSetArn=made)
    assert told["PermissionSet"]["Name"] == "Reading"


def test_an_older_cli_refuses_a_new_project(
    installed: Installed, environment: dict[str, str], tmp_path: Path
) -> None:
    """A CLI that knows nothing of the pack's variable would make everything without it, and say nothing."""
    told = installed.run("identity-center", "init", "our-access", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    file = tmp_path / "our-access" / "Pulumi.yaml"
    text = file.read_text(encoding="utf-8")
    assert ">=3.259.0" in text
    file.write_text(text.replace(">=3.259.0", ">=99.0.0"), encoding="utf-8")
    project = Project(file.parent, environment)
    project.succeed("stack", "init", "dev")

    refused = project.pulumi("preview")

    assert refused.status != 0
    assert ">=99.0.0" in refused.output
