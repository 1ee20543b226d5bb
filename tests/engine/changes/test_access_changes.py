"""What a preview says of who gains and loses access, and what the brake refuses, with the real engine."""

import contextlib
import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import termios
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.model.organisation.snapshot import write_snapshot
from identity_center_cli.aws.access import read_access
from sandbox.project import Project
from tests.support.unfolded import UNFOLDED

pytestmark = pytest.mark.engine

Config = dict[str, Any]
KEY = "identity-center:"
SET = "power-user-with-iam"
MANAGEMENT = "123456789012"
SHOP = "444444444444"
PERMISSION_SET = "aws:ssoadmin/permissionSet:PermissionSet"
POLICIES = "arn:aws:iam::aws:policy/"


def _changes(project: Project) -> dict[str, Any]:
    """Read the file for machines."""
    read: dict[str, Any] = json.loads((project.folder / "access-changes.json").read_text(encoding="utf-8"))
    return read


@pytest.fixture
def made(made_program: Project) -> Project:
    """Give stack dev without the pack."""
    return made_program.without_pack()


def test_the_first_preview_says_who_gains_what(program: Project) -> None:
    """A reviewer of a pull request asks for people, not for resources."""
    shown = program.without_pack().succeed("preview").output

    assert "Access, of a stack that has none yet:" in shown
    assert (
        "1 person gains PowerUserWithIAM in 1 account through group developers: ada "
        "(management 123456789012)" in shown
    )
    assert _changes(program)["comparison"] == "first"


def test_a_change_of_members_is_shown_as_people_and_an_unchanged_stack_as_nothing(
    made_program: Project, dev_config: Config
) -> None:
    """Through a group, access changes without any change of an assignment."""
    made = made_program.without_pack()
    unchanged = made.succeed("preview").output
    assert "nobody gains or loses anything" in unchanged
    assert "MFA settings have no API" not in unchanged
    assert "Outputs:" not in unchanged
    dev_config[f"{KEY}users"]["bob"] = {
        "userName": "bob",
        "givenName": "Bob",
        "familyName": "B",
        "displayName": "Bob B",
        "email": "bob@example.com",
    }
    dev_config[f"{KEY}groups"]["developers"]["members"] = ["bob"]
    power = dev_config[f"{KEY}permissionSets"]["power-user-with-iam"]
    power |= {"sessionDuration": "PT1H", "permissionsBoundary": {"managedPolicy": "ReadOnlyAccess"}}
    made.write_config(dev_config)

    shown = made.succeed("preview").output

    assert (
        "PowerUserWithIAM (nobody keeps it where they had it): boundary none -> ReadOnlyAccess; "
        "session 4 h -> 1 h; " in shown
    )
    assert "4 h -> 1 h; is no longer administrator; keeps 8 of " in shown
    assert "1 person gains PowerUserWithIAM in 1 account through group developers: bob" in shown
    assert "1 person loses PowerUserWithIAM in 1 account through group developers: ada" in shown
    assert "@example.com" not in json.dumps(_changes(made))
    assert [(one["change"], one["person"]) for one in _changes(made)["changes"]] == [
        ("loses", "ada"),
        ("gains", "bob"),
    ]


def test_what_a_refresh_repairs_is_said_and_fits_the_terminal(
    made: Project, session: boto3.Session, dev_config: Config
) -> None:
    """A hand took an account from ada and gave the set a policy: both are put right, and both are told.

    The engine writes to a terminal of 60 columns here, on which no line of the program's own is longer.
    """
    sso, arns = session.client("sso-admin"), made.exported()
    (set_,) = [each for each in arns["deployment"]["resources"] if each["type"] == PERMISSION_SET]
    where = {"InstanceArn": set_["inputs"]["instanceArn"], "PermissionSetArn": set_["outputs"]["arn"]}
    sso.attach_managed_policy_to_permission_set(**where, ManagedPolicyArn=f"{POLICIES}ReadOnlyAccess")
    (held,) = sso.list_account_assignments(**where, AccountId=MANAGEMENT)["AccountAssignments"]
    sso.delete_account_assignment(
        **where,
        TargetId=MANAGEMENT,
        TargetType="AWS_ACCOUNT",
        PrincipalType=held["PrincipalType"],
        PrincipalId=held["PrincipalId"],
    )
    dev_config[f"{KEY}users"]["ada"]["userName"] = "ada.lovelace"
    made.write_config(dev_config)

    shown = _on_a_terminal(made, 60, "preview", "--refresh", "--non-interactive")
    # The diagnostics say all; above them the engine shows the first line of each message as it comes.
    lines = shown[shown.index("Diagnostics:") :].splitlines()

    told = " ".join(line.strip() for line in lines)
    assert "compared with what AWS has of the last update" in told
    assert "PowerUserWithIAM (assigned to nobody until now): without ReadOnlyAccess; " in told
    assert "1 person gains PowerUserWithIAM in 1 account through group developers: ada (management" in told
    assert "another user name, which makes a new person for AWS: password and MFA device are gone" in told
    assert [line for line in lines if len(line) > 60 and " " in line.strip()] == []


def _on_a_terminal(project: Project, columns: int, *arguments: str) -> str:
    """Run pulumi as somebody does who sits at a terminal, and return what stands there in the end."""
    terminal, engine = pty.openpty()
    fcntl.ioctl(engine, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    parts: list[bytes] = []
    with subprocess.Popen(
        [shutil.which("pulumi", path=project.environment["PATH"]) or "pulumi", *arguments],
        cwd=project.folder,
        env={name: value for name, value in project.environment.items() if name not in UNFOLDED},
        stdin=subprocess.DEVNULL,
        stdout=engine,
        stderr=subprocess.STDOUT,
    ) as running:
        os.close(engine)
        # Its end is an input/output error: nobody holds the other side any more.
        with contextlib.suppress(OSError):
            while part := os.read(terminal, 65536):
                parts.append(part)
        os.close(terminal)
    text = b"".join(parts).decode()
    assert running.returncode == 0, text
    return re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "")


def test_the_kept_model_is_secret_and_holds_no_attribute(made_program: Project) -> None:
    """Outputs are read by other stacks, and states end in backups."""
    shown = made_program.succeed("stack", "output", "--json").json()
    kept = made_program.succeed("stack", "output", "--json", "--show-secrets").json()["access_model"]

    assert shown["access_model"] == "[secret]"
    assert "Lovelace" not in kept
    assert "example.com" not in kept
    assert json.loads(kept)["groups"] == {"developers": ["ada"]}
    assert json.loads(kept)["format"] == 1
    assert "\n" not in kept
    assert ": " not in kept


@pytest.mark.thorough
def test_after_a_failed_update_the_comparison_is_uncertain(
    made: Project, dev_config: Config, session: boto3.Session
) -> None:
    """What was kept is not what is there."""
    # An account that a snapshot has and AWS does not: its assignment fails while the other one is made.
    names = {"123456789012": "management", "444444444444": "shop", "888888888888": "gone"}
    accounts = [MemberAccount(number, name, AccountState.ACTIVE) for number, name in names.items()]
    snapshot = write_snapshot(Organisation.of("123456789012", accounts), datetime.now(UTC))
    (made.folder / "organisation.json").write_text(snapshot, encoding="utf-8")
    dev_config[f"{KEY}organisationSnapshot"] = "organisation.json"
    dev_config[f"{KEY}assignments"][0]["accounts"] = ["management", "444444444444", "888888888888"]
    made.write_config(dev_config)
    failed = made.pulumi("up", "--yes", "--skip-preview", "--continue-on-error")
    assert failed.status != 0
    assert len(read_access(session).assignments) == 2

    shown = made.succeed("preview").output

    assert "the comparison with the last update is uncertain: the state has" in shown
    assert _changes(made)["comparison"] == "uncertain"


def test_the_brake_refuses_what_takes_access_away_until_the_stack_allows_it(
    made: Project, dev_config: Config, session: boto3.Session
) -> None:
    """People lock themselves out by removing a line too many."""
    dev_config[f"{KEY}permissionSets"][SET]["name"] = "Operator"
    made.write_config(dev_config)
    refused = made.pulumi("up", "--yes", "--skip-preview")
    (instance,) = session.client("sso-admin").list_instances()["Instances"]

    assert refused.status != 0
    assert "`Operator` instead of `PowerUserWithIAM` replaces the permission set" in refused.output
    assert f"replacedPermissionSets: [{SET}]" in refused.output
    assert len(read_access(session).assignments) == 1

    dev_config[f"{KEY}allowRemovals"] = {"replacedPermissionSets": [SET]}
    made.write_config(dev_config)
    shown = made.up().output
    sets = session.client("sso-admin").list_permission_sets(InstanceArn=instance["InstanceArn"])

    assert "PowerUserWithIAM becomes Operator. Everybody who has it" in shown
    assert "EKS access entries" in shown
    assert len(sets["PermissionSets"]) == 1
    assert {one.permission_set for one in read_access(session).sign_ins} == {"Operator"}


@pytest.mark.thorough
def test_the_brake_counts_assignments_and_watches_break_glass(
    program: Project, dev_config: Config, session: boto3.Session
) -> None:
    """Emergencies are no time to find out that nobody can get in."""
    project = program.without_pack()
    dev_config[f"{KEY}assignments"][0]["accounts"] = ["444444444444", "555555555555"]
    dev_config[f"{KEY}assignments"].append(
        {"group": "developers", "permissionSets": [SET], "accounts": ["management"], "breakGlass": True}
    )
    project.write_config(dev_config)
    project.up()
    dev_config[f"{KEY}assignments"][0]["accounts"] = ["444444444444"]
    dev_config[f"{KEY}groups"]["developers"]["members"] = []
    dev_config[f"{KEY}allowRemovals"] = {"assignments": 0}
    project.write_config(dev_config)

    ended = project.pulumi("preview")

    assert ended.status != 0
    assert "3 mistakes" in ended.output
    assert (
        f"1 of 3 assignments would go, such as permission set `{SET}` (PowerUserWithIAM) of group "
        "`developers` in " in ended.output
    )
    assert "data-production 555555555555; 0 may" in ended.output
    assert f"nobody would be left with the break-glass permission set `{SET}`" in ended.output
    assert "`breakGlassPeople: [ada]`" in ended.output, "the engine keeps her membership besides"
    assert len(read_access(session).assignments) == 3


@pytest.mark.thorough
def test_a_break_glass_grant_goes_the_way_that_the_brake_tells(
    program: Project, dev_config: Config, session: boto3.Session
) -> None:
    """Advice that ends in the engine's refusal sends people to `pulumi state unprotect`."""
    project = program.without_pack()
    grant = {"group": "developers", "permissionSets": [SET], "accounts": ["management"], "breakGlass": True}
    dev_config[f"{KEY}assignments"] = [grant]
    project.write_config(dev_config)
    project.up()
    project.write_config({**dev_config, f"{KEY}assignments": []})

    told = project.pulumi("preview")
    project.write_config({**dev_config, f"{KEY}assignments": [{**grant, "breakGlass": False}]})
    project.up()
    project.write_config({**dev_config, f"{KEY}assignments": []})
    project.up()

    assert told.status != 0
    assert "write `breakGlass: false` and update" in " ".join(told.output.split())
    assert not read_access(session).assignments
