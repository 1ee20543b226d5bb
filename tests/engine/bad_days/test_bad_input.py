"""Wrong configuration: one clear message each, all mistakes of a run together, and nothing made."""

import copy
import itertools
import shutil
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from sandbox.home import CHECKOUT
from sandbox.project import Project
from tests.choice import choice

pytestmark = pytest.mark.engine

Config = dict[str, Any]
KEY = "identity-center:"
SET = "power-user-with-iam"


def _set(*path: str | int, value: object) -> Callable[[Config], None]:
    """Return a change that writes a value at a place in the config."""

    def change(config: Config) -> None:
        place: Any = config
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value

    return change


def _second_user_of_the_same_name(config: Config) -> None:
    users = config[f"{KEY}users"]
    users["ada2"] = copy.deepcopy(users["ada"]) | {"email": "ada2@example.com"}


@dataclass(frozen=True)
class BadInput:
    """A change of stack dev, and what the message must contain: the place and the way out."""

    change: Callable[[Config], None]
    says: tuple[str, ...]


CASES = {
    "unknown group": BadInput(
        _set(f"{KEY}assignments", 0, "group", value="develpers"),
        ("assignments[0].group", "develpers", "did you mean `developers`"),
    ),
    "unknown user": BadInput(
        _set(f"{KEY}groups", "developers", "members", value=["adda"]),
        ("groups.developers.members[0]", "adda", "did you mean `ada`"),
    ),
    "unknown permission set": BadInput(
        _set(f"{KEY}assignments", 0, "permissionSets", value=["power-user"]),
        ("assignments[0].permissionSets[0]", "`power-user`", SET),
    ),
    "unknown account": BadInput(
        _set(f"{KEY}assignments", 0, "accounts", value=["444444444445"]),
        ("assignments[0].accounts[0]", "444444444445", "444444444444"),
    ),
    "session too short": BadInput(
        _set(f"{KEY}permissionSets", SET, "sessionDuration", value="PT59M"),
        (f"permissionSets.{SET}.sessionDuration", "PT59M", "12 hours"),
    ),
    "session too long": BadInput(
        _set(f"{KEY}permissionSets", SET, "sessionDuration", value="PT13H"),
        (f"permissionSets.{SET}.sessionDuration", "PT13H", "12 hours"),
    ),
    "policy that does not exist": BadInput(
        _set(f"{KEY}permissionSets", SET, "managedPolicies", value=["PowrUserAccess"]),
        (f"permissionSets.{SET}.managedPolicies[0]", "PowrUserAccess", "did you mean `PowerUserAccess`"),
    ),
    "two users of one name": BadInput(_second_user_of_the_same_name, ("users.ada2.userName", "ada")),
    "users as a list": BadInput(_set(f"{KEY}users", value=["ada"]), ("identity-center:users", "mapping")),
    "misspelt key": BadInput(
        _set(f"{KEY}grops", value={}), ("identity-center:grops", "did you mean `groups`")
    ),
    "wrong region": BadInput(
        _set("aws:region", value="eu-west-1"), ("eu-west-1", "Identity Center instance")
    ),
}


def _nothing_made(session: boto3.Session) -> bool:
    sso, store = session.client("sso-admin"), session.client("identitystore")
    (instance,) = sso.list_instances()["Instances"]
    store_id = instance["IdentityStoreId"]
    return not (
        store.list_users(IdentityStoreId=store_id)["Users"]
        or store.list_groups(IdentityStoreId=store_id)["Groups"]
        or sso.list_permission_sets(InstanceArn=instance["InstanceArn"])["PermissionSets"]
    )


@pytest.mark.parametrize("case", choice(CASES, "unknown group", "wrong region"))
def test_a_mistake_is_named_with_its_place_and_nothing_is_made(
    program: Project, session: boto3.Session, dev_config: Config, case: BadInput
) -> None:
    """An organisation must not be half-changed because somebody mistyped a name."""
    case.change(dev_config)
    program.write_config(dev_config)

    ended = program.pulumi("up", "--yes", "--skip-preview")

    assert ended.status != 0
    for text in case.says:
        assert text in ended.output
    assert "Traceback" not in ended.output
    assert _nothing_made(session)


def test_all_mistakes_of_a_run_come_together_with_line_and_column(
    program: Project, dev_config: Config
) -> None:
    """Whoever mends ten mistakes wants one run, not ten."""
    for name in ("unknown user", "session too long", "unknown account", "misspelt key"):
        CASES[name].change(dev_config)
    program.write_config(dev_config)
    lines = (program.folder / "Pulumi.dev.yaml").read_text(encoding="utf-8").splitlines()

    ended = program.pulumi("preview")

    assert "4 mistakes" in ended.output
    for text in ("adda", "PT13H", "444444444445", "grops"):
        line = next(number for number, content in enumerate(lines, 1) if text in content)
        assert f"Pulumi.dev.yaml:{line}:" in ended.output


CORPUS = CHECKOUT / "tests" / "model"
#: Cases of the table that change a file of the sound model, one for each kind of mistake.
CHANGED = (
    "a misspelt key of an address",
    "a group named twice but for case",
    "a boundary of both kinds",
    "a duration in days",
    "an inline policy with a misspelt element",
    "an account id of 14 digits, as in an example of a peer",
    "an application that is on",
)
#: Files that no editor should have written, and how they are named.
HOSTILE = {
    "bomb.yaml": (
        b"users:\n  a: &a [x, x, x, x, x, x, x, x, x]\n"
        + b"".join(
            f"  {new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n".encode()
            for old, new in itertools.pairwise("abcdefghij")
        ),
        ":8:6: stands for more than a million values",
    ),
    "large.yaml": (b"# " + b"x" * 10_000_000, ":1:1: has 10000002 bytes"),
    "latin.yaml": ("groups:\n  x: {displayName: Zoë}\n".encode("latin-1"), ":2:22: is not in UTF-8"),
    "list.yaml": (b"- users\n", ":1:1: "),
    "tabs.yaml": (b"groups:\n\tx: {}\n", ":2:1: is indented with a tab"),
    "twice.yaml": (b"quotas: {users: 5, users: 6}\n", ":1:20: the key `users` is there twice"),
}


def test_a_folder_of_wrong_and_hostile_files_is_told_at_once_and_nothing_is_made(
    program: Project, session: boto3.Session, tmp_path: Path
) -> None:
    """Files come by pull request, from anybody; the engine has to end, in order, with all that is wrong."""
    folder = Path(shutil.copytree(CORPUS / "sound_folder" / "access", program.folder / "access"))
    cases = {case["case"]: case for case in yaml.safe_load((CORPUS / "wrong_models.yaml").read_text("utf-8"))}
    for name in CHANGED:
        file = folder / cases[name]["file"]
        text = file.read_text(encoding="utf-8")
        assert cases[name]["old"] in text
        file.write_text(text.replace(cases[name]["old"], cases[name]["new"], 1), encoding="utf-8")
    for name, (content, _) in HOSTILE.items():
        (folder / name).write_bytes(content)
    (tmp_path / "outside.yaml").write_text("users: {}\n", encoding="utf-8")
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    program.write_config({"aws:region": "us-east-1", f"{KEY}modelFolder": "access"})

    ended = program.pulumi("up", "--yes", "--skip-preview")

    said = " ".join(ended.output.split())
    assert ended.status != 0
    assert "Traceback" not in said
    for name, (_, words) in HOSTILE.items():
        assert f"access/{name}{words}" in said
    assert "access/link.yaml:1:1: is a link to a file outside the folder" in said
    for name in CHANGED:
        for line in cases[name]["says"]:
            # Cases that add lines move the places of those below them.
            assert line.split(": ", 1)[1].split("; ")[0] in said
    assert _nothing_made(session)


def test_an_organisation_without_identity_center_is_said(program: Project, session: boto3.Session) -> None:
    """The service has to be enabled by hand, once; a stack cannot do it."""
    endpoint = session.client("sso-admin").meta.endpoint_url
    reset = urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")  # noqa: S310  # loopback
    urllib.request.urlopen(reset, timeout=30).close()  # noqa: S310  # loopback
    session.client("organizations").create_organization(FeatureSet="ALL")

    ended = program.pulumi("preview")

    assert ended.status != 0
    assert "no Identity Center instance" in ended.output
