"""`identity-center root remediate`: what is deleted, what is not, and what is written down about it."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from identity_center_cli.aws.root.audit import Auditor
from identity_center_cli.aws.root.posture import RootPosture
from identity_center_cli.main import main
from tests.support.terminal import Terminal

MANAGEMENT, SHOP = "123456789012", "444444444444"
WITH_KEY, WITHOUT_MFA = "666666666666", "777777777777"
Post = Callable[..., None]

pytestmark = pytest.mark.usefixtures("central_root")


class Remediation:
    """Runs the command and reads what it left."""

    def __init__(self, log: Path) -> None:
        """Keep the log in a file."""
        self.log = log

    def __call__(self, *arguments: str) -> int:
        """Run."""
        return main(
            ["root", "remediate", "--log", str(self.log), "--requests-per-second", "1000", *arguments]
        )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Read the log."""
        text = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def remediate(tmp_path: Path) -> Remediation:
    """Give the command."""
    return Remediation(tmp_path / "actions.log")


@pytest.fixture
def read_root(session: boto3.Session) -> Callable[[str], RootPosture]:
    """Read the root user of one account."""

    def read(account_id: str) -> RootPosture:
        auditor = Auditor(session, requests_per_second=1000)
        organisation = auditor.organisation()
        (account,) = [each for each in organisation.accounts if each.account_id == account_id]
        return auditor.read_one(organisation, account)

    return read


def test_everything_that_root_signs_in_with_is_deleted(
    remediate: Remediation,
    read_root: Callable[[str], RootPosture],
    set_root_user: Post,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A key that stays is a way in that nobody watches."""
    set_root_user(
        account_id=SHOP,
        password_made="2023-01-01T00:00:00Z",
        password_last_used="2024-01-01T00:00:00Z",
        access_keys=[
            {"identifier": "AKIAFIRSTKEYOFROOT00", "last_used": "2025-01-01T00:00:00Z"},
            {"identifier": "AKIASECONDKEYOFROOT0", "active": False},
        ],
        certificates=["CERTIFICATEOFROOT0000000"],
    )

    status = remediate(SHOP, WITHOUT_MFA, "--days", "10", "--yes")

    shown = capsys.readouterr().out
    assert status == 0
    for account in (SHOP, WITHOUT_MFA):
        posture = read_root(account)
        assert (posture.has_access_key, posture.has_password, posture.certificates) == (False, False, 0)
    assert "delete access key AKIAFIRSTKEYOFROOT00 (last used 2025-01-01)" in shown
    assert "delete access key AKIASECONDKEYOFROOT0 (never used, as far as AWS records)" in shown
    assert "delete signing certificate CERTIFICATEOFROOT0000000" in shown
    assert "delete password (last used 2024-01-01)" in shown
    assert f"{SHOP}: root has no credentials" in shown


def test_each_action_is_written_down_before_it_is_taken(
    remediate: Remediation, order_fault: Post, read_root: Callable[[str], RootPosture]
) -> None:
    """Whoever asks later what became of a key finds it, even where the run broke off."""
    order_fault(service="iam", operation="DeleteAccessKey", code="ServiceFailure")

    status = remediate(WITH_KEY, "--yes")

    assert status == 1
    assert [(line["action"], line["credential"], line["state"]) for line in remediate.lines] == [
        ("iam:DeleteAccessKey", "AKIAROOTOFSHOPSTAGIN", "about to"),
        ("iam:DeleteAccessKey", "AKIAROOTOFSHOPSTAGIN", "failed: ServiceFailure"),
        ("iam:DeleteLoginProfile", "", "about to"),
        ("iam:DeleteLoginProfile", "", "done"),
    ]
    assert all(line["account"] == WITH_KEY and line["by"].startswith("arn:") for line in remediate.lines)
    assert read_root(WITH_KEY).has_access_key


def test_the_log_tells_the_machines_time(remediate: Remediation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that is set for a trial must not stand in a log of deletions."""
    monkeypatch.setenv("IDENTITY_CENTER_TODAY", "2030-02-28")
    before = datetime.now(UTC).replace(microsecond=0)

    remediate(WITH_KEY, "--yes")

    times = [datetime.fromisoformat(line["time"]) for line in remediate.lines]
    assert times
    assert all(before <= time <= datetime.now(UTC) for time in times)


def test_an_action_that_cannot_be_written_down_is_not_taken(
    remediate: Remediation, read_root: Callable[[str], RootPosture], tmp_path: Path
) -> None:
    """A full disk must not make deletions that nobody can tell."""
    remediate.log = tmp_path / "no such folder" / "actions.log"

    assert remediate(WITH_KEY, "--yes") == 2
    assert read_root(WITH_KEY).has_access_key


def test_what_was_used_lately_goes_only_with_a_flag(
    remediate: Remediation,
    set_root_user: Post,
    read_root: Callable[[str], RootPosture],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Something still signs with that key, and would stop in the night."""
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    set_root_user(
        account_id=SHOP, access_keys=[{"identifier": "AKIAKEYSTILLUSED0000", "last_used": yesterday}]
    )

    assert remediate(SHOP, "--yes") == 1
    assert "AKIAKEYSTILLUSED0000 (last used" in capsys.readouterr().err
    assert read_root(SHOP).has_access_key
    assert remediate.lines == []

    assert remediate(SHOP, "--yes", "--even-if-used") == 0
    assert not read_root(SHOP).has_access_key


@pytest.mark.parametrize(("answer", "status", "left"), [("yes\n", 0, False), ("y\n", 1, True), ("", 1, True)])
def test_a_person_is_asked(  # noqa: PLR0913, PLR0917 - three values and four fixtures
    remediate: Remediation,
    monkeypatch: pytest.MonkeyPatch,
    read_root: Callable[[str], RootPosture],
    answer: str,
    status: int,
    left: bool,  # noqa: FBT001 - a parameter of the test
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing but a whole word deletes what cannot come back."""
    monkeypatch.setattr("sys.stdin", Terminal(answer))

    assert remediate(WITH_KEY) == status
    assert read_root(WITH_KEY).has_access_key is left
    # Of what stays by the person's own will nothing more is said.
    assert capsys.readouterr().err == ("identity-center: nothing was deleted\n" if left else "")


def test_a_pipeline_has_to_say_yes(
    remediate: Remediation,
    monkeypatch: pytest.MonkeyPatch,
    read_root: Callable[[str], RootPosture],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No answer is no yes."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    assert remediate(WITH_KEY) == 2
    assert "say --yes" in capsys.readouterr().err
    assert read_root(WITH_KEY).has_access_key


def test_what_changed_while_somebody_thought_is_left_alone(
    remediate: Remediation,
    monkeypatch: pytest.MonkeyPatch,
    set_root_user: Post,
    read_root: Callable[[str], RootPosture],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nobody agreed to delete the key that was made meanwhile."""
    slow = Terminal("yes\n")

    def answer_late() -> str:
        set_root_user(account_id=WITH_KEY, access_keys=[{"identifier": "AKIAMADEMEANWHILE000"}])
        return "yes\n"

    monkeypatch.setattr(slow, "readline", answer_late)
    monkeypatch.setattr("sys.stdin", slow)

    assert remediate(WITH_KEY) == 1
    assert "has changed since it was shown" in capsys.readouterr().err
    assert read_root(WITH_KEY).has_access_key


def test_the_management_account_is_never_touched(
    remediate: Remediation, read_root: Callable[[str], RootPosture], capsys: pytest.CaptureFixture[str]
) -> None:
    """Only its own root user can, and AWS refuses AssumeRoot there."""
    assert remediate(MANAGEMENT, "--yes") == 1
    shown = capsys.readouterr().out
    assert f"Sign in to {MANAGEMENT} as root" in shown
    assert "Access keys" in shown
    assert remediate.lines == []
    assert read_root(MANAGEMENT).has_password


def test_an_account_that_cannot_be_read_does_not_stop_the_others(
    remediate: Remediation,
    order_fault: Post,
    read_root: Callable[[str], RootPosture],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was not seen is not deleted, and not counted as done."""
    order_fault(service="iam", operation="GetAccessKeyLastUsed", code="AccessDenied", account=WITH_KEY)

    assert remediate(WITH_KEY, WITHOUT_MFA, "--days", "10", "--yes") == 1
    assert f"{WITH_KEY} could not be read: AccessDenied" in capsys.readouterr().err
    assert read_root(WITH_KEY).has_access_key
    assert not read_root(WITHOUT_MFA).has_password


def test_an_organisation_that_does_not_manage_root_centrally_is_told_how_to(
    session: boto3.Session, remediate: Remediation, capsys: pytest.CaptureFixture[str]
) -> None:
    """AWS only says that access is denied."""
    session.client("iam").disable_organizations_root_credentials_management()

    assert remediate(WITH_KEY, WITHOUT_MFA, "--yes") == 1
    shown = capsys.readouterr().err
    assert shown.count("does not manage root users centrally") == 1
    assert "aws iam enable-organizations-root-credentials-management" in shown
    assert remediate.lines == []


def test_a_second_run_deletes_what_the_first_could_not(
    remediate: Remediation,
    order_fault: Post,
    no_more_faults: Post,
    read_root: Callable[[str], RootPosture],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A session that ends between two accounts leaves one done, one not, and says which."""
    order_fault(service="iam", operation="DeleteLoginProfile", code="ExpiredToken", account=WITHOUT_MFA)

    assert remediate(WITH_KEY, WITHOUT_MFA, "--days", "10", "--yes") == 1
    shown = capsys.readouterr()
    assert f"{WITH_KEY}: root has no credentials" in shown.out
    assert f"{WITHOUT_MFA}: iam:DeleteLoginProfile: ExpiredToken" in shown.err
    assert read_root(WITHOUT_MFA).has_password

    no_more_faults()
    assert remediate(WITH_KEY, WITHOUT_MFA, "--days", "10", "--yes") == 0
    assert f"{WITH_KEY}:\n  nothing to delete" in capsys.readouterr().out
    assert not read_root(WITHOUT_MFA).has_password
    assert [line["state"] for line in remediate.lines if line["account"] == WITHOUT_MFA] == [
        "about to",
        "failed: ExpiredToken",
        "about to",
        "done",
    ]


def test_throttling_is_waited_for(
    remediate: Remediation, order_fault: Post, read_root: Callable[[str], RootPosture]
) -> None:
    """A deletion that AWS puts off is none yet."""
    order_fault(service="iam", operation="DeleteAccessKey", code="Throttling", times=2)

    assert remediate(WITH_KEY, "--yes") == 0
    assert not read_root(WITH_KEY).has_access_key


def test_half_a_list_of_keys_deletes_nothing(
    remediate: Remediation,
    cut_short: Post,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever agrees to a list agrees to all of it."""
    cut_short("iam", "ListAccessKeys")

    assert remediate(WITH_KEY, "--yes") == 1
    assert f"{WITH_KEY} could not be read: an answer that broke off" in capsys.readouterr().err
    assert remediate.lines == []


def test_it_fails_unless_a_reading_shows_it_gone(
    remediate: Remediation, order_fault: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    """A deletion that AWS accepted and that nobody saw is a hope."""
    order_fault(service="iam", operation="GetLoginProfile", code="AccessDenied", account=WITH_KEY, after=2)

    assert remediate(WITH_KEY, "--yes") == 1
    assert f"{WITH_KEY} afterwards: iam:GetLoginProfile: AccessDenied" in capsys.readouterr().err


def test_every_account_that_is_not_there_is_named(
    remediate: Remediation, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typing mistake among ten accounts must not leave nine of them done."""
    assert remediate("999999999999", WITH_KEY, "888888888888", "--yes") == 2
    told = capsys.readouterr().err
    assert "no account is called `999999999999`" in told
    assert "no account is called `888888888888`" in told
    assert remediate.lines == []


def test_an_account_may_be_called_by_its_name(
    remediate: Remediation, session: boto3.Session, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twelve digits are copied wrongly, and here a wrong account loses its root credentials."""
    accounts = session.client("organizations").list_accounts()["Accounts"]
    (name,) = [each["Name"] for each in accounts if each["Id"] == WITH_KEY]

    assert remediate(name[:-1], "--yes") == 2
    assert f"did you mean `{name}`?" in capsys.readouterr().err
    assert remediate(name.upper(), "--yes") == 0
    assert {each["account"] for each in remediate.lines} == {WITH_KEY}
