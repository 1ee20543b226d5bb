"""The folder `policies/`, shipped alone, on a state that somebody exported."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sandbox.home import CHECKOUT
from sandbox.project import Project
from tests.choice import choice

pytestmark = pytest.mark.engine

INSTANCE = "arn:aws:sso:::instance/ssoins-1111111111111111"
SET = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222"
STACK = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"


def _resource(kind: str, name: str, identity: str, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:prod::shop::{kind}::{name}",
        "custom": True,
        "id": identity,
        "type": kind,
        "inputs": values,
        "outputs": values,
        "parent": STACK,
    }


def _state(policy_arn: str) -> dict[str, Any]:
    """Return what `pulumi stack export` prints for a permission set, its policy and its assignment."""
    of_the_set = {"instanceArn": INSTANCE, "permissionSetArn": SET}
    resources = [
        {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack"},
        _resource(
            "aws:ssoadmin/permissionSet:PermissionSet",
            "ops",
            f"{SET},{INSTANCE}",
            {"instanceArn": INSTANCE, "name": "Ops", "sessionDuration": "PT8H", "arn": SET},
        ),
        _resource(
            "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
            "ops",
            f"{policy_arn},{SET},{INSTANCE}",
            of_the_set | {"managedPolicyArn": policy_arn},
        ),
    ]
    return {"version": 3, "deployment": {"manifest": {}, "resources": resources}}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Copy what git has of the folder to an empty place."""
    return Path(
        shutil.copytree(
            CHECKOUT / "policies",
            tmp_path / "pack",
            ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"),
        )
    )


def _analyze(project: Project, pack: Path, policy_arn: str, config: dict[str, Any]) -> tuple[int, str]:
    state = project.folder / "state.json"
    state.write_text(json.dumps(_state(policy_arn)), encoding="utf-8")
    settings = project.folder / "config.json"
    settings.write_text(json.dumps(config), encoding="utf-8")
    ended = project.run(
        "pulumi",
        "policy",
        "analyze",
        "--policy-pack",
        str(pack),
        "--policy-pack-config",
        str(settings),
        "--file",
        str(state),
    )
    return ended.status, ended.output


DECLARED = {
    "mfa-requirement": {
        "declared": {
            "promptMode": "always-on",
            "noDevice": "register",
            "identityProvider": "built-in",
            "confirmedBy": "identity team",
            "validUntil": "2027-02-15",
        }
    }
}


@pytest.mark.parametrize("partition", choice({name: name for name in ("aws", "aws-us-gov", "aws-cn")}, "aws"))
def test_root_level_access_in_an_exported_state_is_found(
    empty_project: Project, pack: Path, partition: str
) -> None:
    """Nothing of this project but the folder is needed to judge somebody else's stack."""
    status, shown = _analyze(
        empty_project, pack, f"arn:{partition}:iam::aws:policy/AdministratorAccess", DECLARED
    )

    assert status != 0
    assert "no-root-level-access" in shown
    assert "AdministratorAccess" in shown


def test_an_ordinary_policy_with_a_declared_mfa_requirement_passes(
    empty_project: Project, pack: Path
) -> None:
    """A pack that cries wolf is switched off."""
    status, shown = _analyze(empty_project, pack, "arn:aws:iam::aws:policy/SecurityAudit", DECLARED)

    assert status == 0, shown


def test_without_a_declaration_the_mfa_requirement_is_missed(empty_project: Project, pack: Path) -> None:
    """A stack that lets people in says how they prove who they are."""
    status, shown = _analyze(empty_project, pack, "arn:aws:iam::aws:policy/SecurityAudit", {})

    assert status != 0
    assert "mfa-requirement" in shown
