"""Each sentence of a preview with the change that causes it, of a stack of three assignments, in the engine.

`tests/engine/README.md` lists the sentences. What they say of a longer list, of other people and of other
places is a matter of words: tests/resources and tests/model go through it without an engine.
"""

import json
import shutil
import sysconfig
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pytest

from sandbox.home import CHECKOUT
from sandbox.project import Project
from sandbox.standing_stack import StandingStack
from tests.choice import THOROUGH

from .conftest import NewFolder, Sandbox
from .wished import program_of

pytestmark = pytest.mark.engine

Config = dict[str, Any]
KEY: Final = "identity-center:"
SHOP: Final = "444444444444"
THREE: Final = f"(3 people, shop-production {SHOP})"
ADA: Final = f"(1 person, shop-production {SHOP})"
NOBODY: Final = "nobody gains or loses anything"
FIRST_SIGN_IN: Final = "Set a password of your own when asked"
CONSOLE: Final = "MFA settings have no API"


def _person(key: str) -> dict[str, str]:
    name = key.title()
    address = f"{key}@example.com"
    return {
        "userName": key,
        "givenName": name,
        "familyName": "B",
        "displayName": f"{name} B",
        "email": address,
    }


@pytest.fixture
def config() -> Config:
    """Give a model of three assignments: of three people with two permission sets, and of one of them."""
    return {
        "aws:region": "us-east-1",
        f"{KEY}users": {key: _person(key) for key in ("ada", "bob", "eve")},
        f"{KEY}groups": {"network": {"displayName": "Network", "members": ["ada", "bob", "eve"]}},
        f"{KEY}permissionSets": {
            "networking": {"name": "Networking", "managedPolicies": ["AmazonVPCReadOnlyAccess"]},
            "power": {
                "name": "PowerUsers",
                "sessionDuration": "PT4H",
                "managedPolicies": ["PowerUserAccess"],
                "permissionsBoundary": {"managedPolicy": "PowerUserAccess"},
            },
            "auditing": {"name": "Auditing", "managedPolicies": ["SecurityAudit"]},
        },
        f"{KEY}assignments": [
            {"group": "network", "permissionSets": ["networking", "power"], "accounts": [SHOP]},
            {"user": "ada", "permissionSets": ["auditing"], "accounts": [SHOP]},
        ],
        f"{KEY}mfaRequirement": {
            "promptMode": "always-on",
            "allowedTypes": ["security-keys"],
            "noDevice": "register",
            "identityProvider": "built-in",
            "confirmedBy": "identity team",
            "validUntil": "2027-02-15",
        },
    }


@pytest.fixture
def made(
    standing_stack: StandingStack, running_sandbox: Sandbox, new_folder: NewFolder, config: Config
) -> Project:
    """Give the stack, made; it is made once for all tests of this file."""

    def make() -> Project:
        project = program_of(new_folder(), running_sandbox, config)
        project.up()
        return project

    project = standing_stack.get("three assignments", make)
    project.write_config(config)
    return project


def _changes(project: Project) -> dict[str, Any]:
    """Read the file for machines."""
    read: dict[str, Any] = json.loads((project.folder / "access-changes.json").read_text(encoding="utf-8"))
    return read


def _said(project: Project) -> str:
    """Preview, and return what is told, as one line."""
    return " ".join(project.succeed("preview").output.split())


@dataclass(frozen=True)
class Case:
    """A change of the model, and what a preview of it says besides, or does not say."""

    change: Callable[[Config], None]
    says: tuple[str, ...]
    never: tuple[str, ...] = field(default=(NOBODY, FIRST_SIGN_IN, CONSOLE))


def _of_permissions(config: Config) -> None:
    sets = config[f"{KEY}permissionSets"]
    statement = {"Effect": "Allow", "Action": "ec2:*Vpn*", "Resource": "*"}
    sets["networking"]["inlinePolicy"] = {"Version": "2012-10-17", "Statement": [statement]}
    sets["power"]["permissionsBoundary"] = {"managedPolicy": "ReadOnlyAccess"}
    sets["auditing"]["managedPolicies"] = ["PowerUserAccess", "IAMFullAccess"]


def _of_a_session(config: Config) -> None:
    config[f"{KEY}permissionSets"]["power"]["sessionDuration"] = "PT2H"


def _of_people_and_dates(config: Config) -> None:
    config[f"{KEY}users"]["bob"]["userName"] = "bobby"
    config[f"{KEY}groups"]["readers"] = {"displayName": "Readers"}
    grants = config[f"{KEY}assignments"]
    grants[0]["reviewBy"] = "2026-11-01"
    grants[1]["expires"] = "2026-12-01"
    grants.append({"group": "readers", "permissionSets": ["networking"], "accounts": [SHOP]})


def _of_a_later_end(config: Config) -> None:
    config[f"{KEY}assignments"][1] |= {"expires": "2026-12-08", "reviewBy": "2026-11-23"}


def _of_accounts(config: Config) -> None:
    grants = config[f"{KEY}assignments"]
    grants[1]["accounts"] = ["555555555555"]
    grants.append({"user": "ada", "permissionSets": ["networking"], "accounts": ["all"]})
    grants.append({"user": "eve", "permissionSets": ["auditing"], "accounts": ["all"]})


def _of_settings_in_the_console(config: Config) -> None:
    config[f"{KEY}mfaRequirement"]["noDevice"] = "block"


def _of_a_new_person(config: Config) -> None:
    config[f"{KEY}users"]["zoe"] = _person("zoe")
    config[f"{KEY}groups"]["network"]["members"].append("zoe")


def _of_nothing(_config: Config) -> None:
    pass


#: What the issue wants to be told, by the change that causes it. The clock says 2026-11-23.
CASES: Final[Mapping[str, Case]] = {
    "permissions": Case(
        _of_permissions,
        (
            (
                f"Networking {THREE}: inline policy added; writes for the first "
                "time; gains 42 actions of ec2:*Vpn*"
            ),
            (
                f"PowerUsers {THREE}: boundary PowerUserAccess -> ReadOnlyAccess; is no longer able to give "
                "itself more; keeps 8 of 12,471 actions that write; loses 15,164 actions (ec2 547, "
            ),
            (
                f"Auditing {ADA}: without SecurityAudit; with IAMFullAccess, "
                "PowerUserAccess; becomes administrator; gains "
            ),
            "nobody gains or loses a permission set",
        ),
    ),
    "a session": Case(
        _of_a_session,
        (
            f"PowerUsers {THREE}: session 4 h -> 2 h ",
            "nobody gains or loses a permission set",
        ),
    ),
    "people and dates": Case(
        _of_people_and_dates,
        (
            (
                "1 person gets another user name, which makes a new person for AWS: password and MFA device "
                "are gone, and `first_sign_in` says how this one begins: bob"
            ),
            "groups.readers: the group is assigned in 1 account and has no member, so that nobody has",
            "assignments[1]: the access of user `ada` ends after 2026-12-01; write a later `expires`",
            "assignments[0]: the access of group `network` was to be reviewed by 2026-11-01; look whether",
        ),
    ),
    "an end in 15 days and a review today": Case(
        _of_a_later_end, (NOBODY,), (" ends after ", " to be reviewed by ", FIRST_SIGN_IN, CONSOLE)
    ),
    "accounts": Case(
        _of_accounts,
        (
            "1 person gains Auditing in 1 account directly: ada (data-production 555555555555)",
            "1 person loses Auditing in 1 account directly: ada (shop-production 444444444444)",
            "1 person gains Auditing in all 7 member accounts directly: eve",
            (
                "1 person gains Networking in all 7 member accounts but shop-production 444444444444 "
                "directly: ada"
            ),
        ),
    ),
    "settings of the console": Case(
        _of_settings_in_the_console,
        (CONSOLE, "Block their sign-in", "an administrator registers an MFA device for the person"),
        (),
    ),
    "a new person": Case(
        _of_a_new_person,
        (
            "1 person gains Networking in 1 account through group network: zoe",
            "new: zoe. How they sign in for the first time: pulumi stack output first_sign_in",
        ),
    ),
    "nothing": Case(_of_nothing, (NOBODY,), (CONSOLE, FIRST_SIGN_IN, "first_sign_in", "Outputs:", " more,")),
}
IN_EACH_RUN: Final = ("permissions", "people and dates")


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=() if each in IN_EACH_RUN else THOROUGH) for each in CASES]
)
def test_a_change_is_told_in_a_sentence(made: Project, config: Config, name: str) -> None:
    """Whoever decides on a pull request sees people there; the resources are in the list below it.

    Each sentence names its set, person, group or entry: in a preview of several changes it tells of one.
    """
    case = CASES[name]
    case.change(config)
    made.write_config(config)

    said = _said(made)

    assert [sentence for sentence in case.says if sentence not in said] == []
    assert [words for words in case.never if words in said] == []


@pytest.mark.thorough
def test_a_long_list_is_cut_with_a_count_and_where_the_whole_is(made: Project, config: Config) -> None:
    """A thousand lines hide the ten that matter: dates, permission sets, people and actions alike."""
    many = [f"p{number:02}" for number in range(20)]
    sets, grants = config[f"{KEY}permissionSets"], config[f"{KEY}assignments"]
    sets |= {each: {"name": each.upper(), "sessionDuration": "PT4H"} for each in many}
    made.write_config(config)
    made.up()
    config[f"{KEY}users"] |= {each: _person(each) for each in many}
    config[f"{KEY}groups"]["network"]["members"] += many
    for each in many:
        sets[each]["sessionDuration"] = "PT1H"
    grants += [
        {"user": each, "permissionSets": ["auditing"], "accounts": [SHOP], "expires": "2026-11-01"}
        for each in many
    ]
    made.write_config(config)

    said, whole = _said(made), _changes(made)

    for sentence in (
        "and 16 more grants have expired: access-changes.json has all of them",
        "and 10 more permission sets change: access-changes.json has all of them",
        "20 people gain Networking in 1 account through group network: p00, p01, ",
        " and 12 more (shop-production 444444444444)",
        "what is counted and not named here: access-changes.json has all of it",
    ):
        assert sentence in said
    assert len(whole["notices"]) == 20
    assert {each["permissionSet"] for each in whole["permissions"]} == set(many)
    gained = {each["person"] for each in whole["changes"] if each["permissionSet"] == "networking"}
    assert gained == set(many)


@pytest.mark.thorough
def test_a_record_of_another_version_is_no_empty_comparison(made: Project, config: Config) -> None:
    """After going back to an older release, or far ahead, `nobody` would be said of what nobody compared.

    What permission sets hold stands in the state itself, so that it is compared all the same.
    """
    state = made.succeed("stack", "export", "--show-secrets").json()
    (stack,) = [each for each in state["deployment"]["resources"] if each["type"] == "pulumi:pulumi:Stack"]
    kept = json.loads(json.loads(stack["outputs"]["access_model"]["plaintext"]))
    assert kept["format"] == 1
    stack["outputs"]["access_model"]["plaintext"] = json.dumps(json.dumps({**kept, "format": 99}))
    (made.folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
    made.succeed("stack", "import", "--file", "state.json")
    _of_a_session(config)
    made.write_config(config)

    said = _said(made)

    assert (
        "who gains and who loses access cannot be said, and the brake counts assignments only: the model of "
        "the last update cannot be read: it has format 99, and this program knows 1. The state has 3 "
        "assignments and the model 3" in said
    )
    assert "What can be compared: PowerUsers (3 people, shop-production 444444444444): session 4 h" in said
    assert NOBODY not in said
    assert _changes(made)["comparison"] == "not-compared"


@pytest.mark.thorough
def test_without_the_pack_beside_it_permissions_are_not_compared(
    made: Project, config: Config, tmp_path: Path
) -> None:
    """The components run alone as well; silence there would read as no change."""
    _of_permissions(config)
    made.write_config(config)
    selected = made.environment | {"PULUMI_STACK": "dev"}
    alone = replace(made, folder=tmp_path / "program", environment=selected)
    shutil.copytree(made.folder, alone.folder, ignore=shutil.ignore_patterns(".venv", "__main__.py"))
    _components_alone(alone.folder / ".venv")
    (alone.folder / "__main__.py").write_text(
        "from identity_center.program.lookups.readers import Readers\n"
        "from identity_center.program.run import run\n\nrun(Readers())\n",
        encoding="utf-8",
    )

    said = _said(alone)

    for sentence in (
        (
            f"Networking {THREE}: inline policy added; permissions not compared: "
            "the policy pack is not installed beside the components"
        ),
        (
            f"Auditing {ADA}: without SecurityAudit; with IAMFullAccess, "
            "PowerUserAccess; permissions not compared: "
        ),
    ):
        assert sentence in said
    assert NOBODY not in said
    assert [each["gains"] for each in _changes(alone)["permissions"]] == [None, None, None]


def _components_alone(folder: Path) -> None:
    """Make an environment that has the components and what they need, and neither the pack nor the command.

    The packages of the tests' own environment are read, and what it has by a finder of its own is not.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    seen = f"{sysconfig.get_path('purelib')}\n{CHECKOUT / 'components'}\n"
    (site / "components.pth").write_text(seen, encoding="utf-8")


@pytest.mark.thorough
def test_what_is_added_moves_no_output_and_the_long_ones_are_not_listed(
    made: Project, config: Config
) -> None:
    """One moved account printed 654 lines of other people's assignments, each as if it had changed."""
    before = made.succeed("stack", "output", "--json", "--show-secrets").json()["assignments"]
    # It comes before all others, in whatever order.
    config[f"{KEY}assignments"].insert(
        0, {"user": "ada", "permissionSets": ["auditing"], "accounts": ["111111111111"]}
    )
    made.write_config(config)

    previewed = made.succeed("preview", "--diff").output
    shown = made.up().output
    after = made.succeed("stack", "output", "--json", "--show-secrets").json()["assignments"]

    assert set(before) == {
        f"auditing/user/ada/{SHOP}",
        f"networking/group/network/{SHOP}",
        f"power/group/network/{SHOP}",
    }
    assert before.items() <= after.items()
    assert set(after.items()) - set(before.items()) == {
        ("auditing/user/ada/111111111111", "user ada -> Auditing -> log-archive 111111111111")
    }
    for text in (previewed, shown):
        listed = text.partition("Outputs:")[2].partition("Resources:")[0]
        assert len(listed.splitlines()) < 20
        assert SHOP not in listed
        assert "log-archive" not in listed


def test_a_refused_run_says_so_last_and_to_machines(made: Project, config: Config) -> None:
    """The comment on a pull request would tell of the run before; a person would look for a bug."""
    _of_accounts(config)
    made.write_config(config)
    _said(made)
    assert _changes(made)["changes"]
    config[f"{KEY}permissionSets"]["power"]["sessionDuration"] = "PT13H"
    made.write_config(config)

    ended = made.pulumi("preview")

    told = _changes(made)
    assert ended.status != 0
    assert "unhandled error" not in ended.output
    assert "`PT13H` is not a duration from 1 to 12 hours" in ended.output
    assert (told["comparison"], told["problem"]) == ("refused", "1 mistake; nothing was changed")
    assert "PT13H" in told["mistakes"][0]
    assert "changes" not in told
