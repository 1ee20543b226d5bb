"""`identity-center profiles`: profiles that boto3 reads, in a file that keeps what others wrote."""

import json
import stat
from pathlib import Path
from typing import Final

import botocore.session
import pytest

from identity_center_cli.aws.portal.sso_session import SsoSession
from identity_center_cli.verbs.profiles.config_file import merged, part_of
from tests.cli.report.test_report import ACCOUNT, model
from tests.support.command import SECRET_MARK, Command, Recorded

PORTAL: Final = "https://d-1111111111.awsapps.com/start"
OTHERS: Final = "# mine\r\n[default]\r\nregion=eu-west-1\r\n\r\n[profile  old ]\noutput = json\n  # end"


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a model and a stack's outputs into a folder, and go there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "all.yaml").write_text(json.dumps(model()), encoding="utf-8")
    outputs = {"portal_url": PORTAL, "region": "eu-central-1"}
    (tmp_path / "outputs.json").write_text(json.dumps(outputs), encoding="utf-8")
    return tmp_path


ASKED: Final = ("profiles", "--model", "access", "--outputs", "outputs.json")


def read_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    """Read the profiles as boto3 does."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    session = botocore.session.Session()
    config = session.full_config
    assert "sso_sessions" in config
    return {name: dict(keys) for name, keys in config["profiles"].items()}


def test_boto3_reads_a_profile_for_each_account_and_set(
    stack: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile that the SDK does not take sends people back to the console."""
    ended = command(*ASKED, "--for", "ada", "--write", "config")

    profiles = read_back(stack / "config", monkeypatch)
    assert ended.status == 0
    assert "aws sso login --sso-session identity-center" in ended.output
    assert profiles[f"{ACCOUNT}-S0"] == {
        "sso_session": "identity-center",
        "sso_account_id": ACCOUNT,
        "sso_role_name": "S0",
    }
    assert stat.S_IMODE((stack / "config").stat().st_mode) == 0o600


def test_what_others_wrote_stays_byte_for_byte(stack: Path, command: Command) -> None:
    """The file holds profiles for other companies too; one lost line costs somebody a morning."""
    config = stack / "config"
    config.write_bytes(OTHERS.encode())
    config.chmod(0o640)

    for _ in range(2):
        assert command(*ASKED, "--write", "config").status == 0

    written = config.read_bytes()
    assert written.startswith(OTHERS.encode())
    assert written.count(b"[sso-session identity-center]") == 1
    assert stat.S_IMODE(config.stat().st_mode) == 0o640


def test_lines_after_the_part_stay_where_they_are() -> None:
    """People add their own below; an upgrade must not eat it."""
    session = SsoSession("x", PORTAL, "eu-central-1")
    first = merged("[default]\n", "x", part_of(session, (), None)) + "[profile mine]\nregion = a\n"

    again = merged(first, "x", part_of(session, (), "eu-west-1"))

    assert again == first


def test_access_that_is_gone_is_named_and_dropped_on_demand(stack: Path, command: Command) -> None:
    """A profile that no longer works looks like an outage."""
    command(*ASKED, "--write", "config")
    smaller = model()
    smaller["assignments"] = [{**each, "permissionSets": ["s0"]} for each in smaller["assignments"]]
    (stack / "access" / "all.yaml").write_text(json.dumps(smaller), encoding="utf-8")

    kept = command(*ASKED, "--write", "config")
    kept_text = (stack / "config").read_text(encoding="utf-8")
    pruned = command(*ASKED, "--write", "config", "--prune")

    assert "no longer granted" in kept.output
    assert f"{ACCOUNT}-S1" in kept.output
    assert f"[profile {ACCOUNT}-S1]" in kept_text
    assert "dropped" in pruned.output
    assert f"[profile {ACCOUNT}-S1]" not in (stack / "config").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[profile a]\n[profile a]\n", "[profile a] on lines 1, 2"),
        (f"[profile {ACCOUNT}-S0]\n", f"[profile {ACCOUNT}-S0] on line 1"),
        ("[sso-session identity-center]\n", "[sso-session identity-center] on line 1"),
        ("# identity-center: end identity-center\n", "has lost its first or last comment"),
        ("\xff", "not in UTF-8"),
    ],
)
def test_a_file_that_would_break_is_left_alone(text: str, says: str, stack: Path, command: Command) -> None:
    """The AWS CLI reads nothing at all of a file with a section that is there twice."""
    (stack / "config").write_bytes(text.encode("latin-1"))

    ended = command(*ASKED, "--write", "config")

    assert (ended.status, (stack / "config").read_bytes()) == (2, text.encode("latin-1"))
    assert says in ended.errors
    assert not list(stack.glob(".config*"))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--model", "broken"), "broken/all.yaml:1:"),
        (("--model", "nowhere"), "nowhere"),
        (("--state", "outputs.json"), "outputs.json is no exported state: it "),
        (("--state", "broken/all.yaml"), "it is not JSON"),
    ],
)
def test_what_is_no_model_or_state_of_ours_is_one_message(
    options: tuple[str, str], says: str, stack: Path, command: Command
) -> None:
    """A traceback tells nobody which file to mend; and the file of profiles stays as it was."""
    (stack / "broken").mkdir()
    (stack / "broken" / "all.yaml").write_text("users: {ada: {}}", encoding="utf-8")
    (stack / "config").write_text(OTHERS, encoding="utf-8")

    ended = command("profiles", *options, "--outputs", "outputs.json", "--write", "config")

    assert (ended.status, ended.output) == (2, "")
    assert says in ended.errors
    assert (stack / "config").read_text(encoding="utf-8") == OTHERS.replace("\r\n", "\n")


@pytest.mark.usefixtures("stack")
def test_a_misspelt_person_is_told(command: Command) -> None:
    """An empty file of profiles looks like no access."""
    ended = command(*ASKED, "--for", "adda")

    assert ended.status == 2
    assert "nobody is called `adda`; did you mean `ada`?" in ended.errors


def test_without_a_portal_nothing_is_written(stack: Path, command: Command) -> None:
    """A session without its address fails at the first sign-in only."""
    ended = command("profiles", "--model", "access", "--write", "config")

    assert ended.status == 2
    assert "--start-url" in ended.errors
    assert "--sso-region" in ended.errors
    assert not (stack / "config").exists()


def test_access_that_is_not_known_in_full_is_told(
    command: Command, stack: Path, administrators: Recorded
) -> None:
    """An assignment to somebody whom the state does not name is no access of nobody."""
    state = administrators.state()
    for each in state["deployment"]["resources"]:
        if each["type"].endswith(":AccountAssignment"):
            each["inputs"]["principalId"] = each["outputs"]["principalId"] = SECRET_MARK
    (stack / "state.json").write_text(json.dumps(state), encoding="utf-8")

    ended = command("profiles", "--state", "state.json", "--outputs", "outputs.json")

    assert ended.status == 0
    assert "is not known" in ended.errors
