"""`identity-center grant`: an entry that ends at an hour, and the truth about when it ends."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
import yaml

from identity_center.model.language.clock import TODAY_VARIABLE
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.model.organisation.snapshot import write_snapshot
from tests.support.command import Command

PEOPLE: Final = """\
# People first.
users:
  ada: {userName: ada.l, givenName: A, familyName: L, displayName: Ada Lovelace, email: ada@example.com}
  bob: {userName: bob, givenName: B, familyName: B, displayName: Bob Berg, email: bob@example.com}
groups:
  shop: {displayName: Shop, members: [bob]}
permissionSets:
  deploying: {name: Deploying, sessionDuration: 4 hours}
  reading: {name: Reading}
assignments:
  - group: shop  # the team
    permissionSets: [reading]
    accounts: ["444444444444"]
organisationSnapshot: organisation.json
"""
NAMES: Final = {"123456789012": "management", "444444444444": "shop-production", "555555555555": "books"}
REASON: Final = ("--reason", "INC-7")


@pytest.fixture
def folder(command: Command, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a project with a snapshot of its organisation, at noon."""
    monkeypatch.setenv(TODAY_VARIABLE, "2026-11-20T12:00:30Z")
    accounts = [MemberAccount(number, name, AccountState.ACTIVE) for number, name in NAMES.items()]
    snapshot = write_snapshot(Organisation.of("123456789012", accounts), datetime(2026, 11, 19, tzinfo=UTC))
    command.write("organisation.json", snapshot)
    command.write("Pulumi.yaml", "name: access\nruntime: python\n")
    return (command.folder / command.write("access/all.yaml", PEOPLE)).parent


def test_an_incident_gets_four_hours_and_is_told_when_they_end(command: Command, folder: Path) -> None:
    """Who is told `four hours` and has access for eight would not have agreed."""
    ended = command("grant", "Ada Lovelace", "Deploying", "shop-production", "--for", "4h", *REASON)

    assert ended.status == 0
    assert ended.output.splitlines() == [
        "access/all.yaml: ada gets Deploying in shop-production (444444444444)",
        "begins with the next update",
        (
            "taken away by the first run after 2026-11-20 16:00 UTC; "
            "sessions begun before may last until 2026-11-20 20:00 UTC"
        ),
        "next: commit it, then pulumi up; let a scheduler run identity-center expire",
    ]
    added = """\
  - user: ada
    permissionSets: [deploying]
    accounts:
      - "444444444444" # shop-production
    reason: INC-7
    expires: "2026-11-20T16:00:00Z"
"""
    at = PEOPLE.index("organisationSnapshot")
    assert (folder / "all.yaml").read_text(encoding="utf-8") == PEOPLE[:at] + added + PEOPLE[at:]


def test_a_last_day_says_when_its_last_session_ends(command: Command, folder: Path) -> None:
    """Midnight is not the end for who signed in at eleven."""
    ended = command("grant", "bob", "reading", "books", "--until", "2026-11-21", *REASON, "--ticket", "T-1")
    (entry,) = yaml.safe_load((folder / "all.yaml").read_text(encoding="utf-8"))["assignments"][1:]

    assert (
        "taken away by the first run after 2026-11-21; sessions begun before may last until "
        "2026-11-22 01:00 UTC" in ended.output
    )
    assert entry == {
        "user": "bob",
        "permissionSets": ["reading"],
        "accounts": ["555555555555"],
        "reason": "INC-7",
        "ticket": "T-1",
        "expires": "2026-11-21",
    }


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("adda", "deploying", "books"), "no person is called `adda`; did you mean `ada`?"),
        (("ada@example.org", "deploying", "books"), "no person is called `ada@example.org`"),
        (("ada", "Deployin", "books"), "no permission set is called `Deployin`; did you mean `Deploying`?"),
        (
            ("ada", "deploying", "shop-prod"),
            "no account is called `shop-prod`; did you mean `shop-production`?",
        ),
        (
            ("bob", "reading", "shop-production"),
            "bob has reading in 444444444444 already, through group shop",
        ),
    ],
)
def test_a_grant_that_would_be_wrong_is_not_written(
    command: Command, folder: Path, call: tuple[str, str, str], says: str
) -> None:
    """In an incident nobody has time for a preview to find the typing mistake."""
    ended = command("grant", *call, "--for", "4h", *REASON)

    assert ended.status == 2
    assert says in ended.errors
    assert "bob@example.com" not in ended.errors
    assert (folder / "all.yaml").read_text(encoding="utf-8") == PEOPLE


def test_a_model_that_would_have_a_mistake_is_left_as_it_is(command: Command, folder: Path) -> None:
    """The same grant twice is refused by the next preview, when the incident is over."""
    first = command("grant", "ada", "deploying", "books", "--for", "4h", *REASON)
    text = (folder / "all.yaml").read_text(encoding="utf-8")
    again = command("grant", "ada", "deploying", "books", "--for", "8h", *REASON)

    assert first.status == 0
    assert again.status == 2
    assert "ada has deploying in 555555555555 already, directly" in again.errors
    assert (folder / "all.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (("--until", "2026-11-20T12:00:00Z"), "2026-11-20 12:00 UTC is over already"),
        (("--until", "2026-11-19"), "2026-11-19 is over already"),
    ],
)
def test_an_end_that_is_over_is_refused(
    command: Command, folder: Path, end: tuple[str, str], says: str
) -> None:
    """The entry would never be made, and somebody would wait for it."""
    ended = command("grant", "ada", "deploying", "books", *end, *REASON)

    assert ended.status == 2
    assert says in ended.errors
    assert (folder / "all.yaml").read_text(encoding="utf-8") == PEOPLE


@pytest.mark.parametrize("end", [("--for", "0h"), ("--for", "soon"), ("--until", "2026-11-20T16:00:00")])
def test_an_end_that_is_none_is_refused_by_name(
    command: Command, folder: Path, end: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody's four o'clock is another's five."""
    assert folder.is_dir()
    with pytest.raises(SystemExit):
        command("grant", "ada", "deploying", "books", *end, *REASON)

    assert f"`{end[1]}` is" in capsys.readouterr().err


def test_without_a_snapshot_names_are_written_and_called_unchecked(command: Command, folder: Path) -> None:
    """A wrong name is found by the preview then, and whoever wrote it should know."""
    text = PEOPLE.replace("organisationSnapshot: organisation.json\n", "")
    (folder / "all.yaml").write_text(text, encoding="utf-8")

    ended = command("grant", "ada", "deploying", "shop-production", "--for", "4h", *REASON)

    assert ended.status == 0
    assert "the names of accounts are unchecked" in ended.output
    assert "      - shop-production\n" in (folder / "all.yaml").read_text(encoding="utf-8")
