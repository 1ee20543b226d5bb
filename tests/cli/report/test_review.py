"""`identity-center review`: what is due, and a date that is written without touching another byte."""

import csv
import io
from pathlib import Path
from typing import Final

import pytest
import yaml

from identity_center.model.access.reviews import Due
from tests.support.command import Command

TODAY: Final = "2026-11-20"
"""As the fixtures of the command have it."""
FILE: Final = "access/assignments.yaml"
OVER: Final = "user ada: writing in all, selected accounts (Platform)"
FLOW: Final = '{user: ada, permissionSets: [reading], accounts: ["555555555555"]}'
ASSIGNMENTS: Final = f"""\
# Who has what; keep it short.
assignments:
  - group: readers      # everybody
    permissionSets: [reading]
    accounts: ["444444444444"]   # shop
    owner: shop team
    ticket: ACCESS-1
    reviewBy: 2026-11-01  # once a year

  - {FLOW}
  - user: ada
    permissionSets: [writing]
    accounts:
      - all
      - except: ["444444444444"]
    owner: Platform
    expires: "2026-11-19T16:00:00Z"
"""
PEOPLE: Final = """\
users:
  ada: {userName: ada, givenName: A, familyName: L, displayName: "=cmd()", email: ada@example.com}
groups:
  readers: {displayName: Readers, members: [ada]}
permissionSets:
  reading: {name: Reading}
  writing: {name: Writing}
applications:
  wiki:
    name: Wiki
    provider: arn:aws:sso::aws:applicationProvider/custom
    assignments: [{group: readers, reviewBy: "2027-01-01", owner: "=cmd()"}]
mfaRequirement:
  promptMode: always-on
  noDevice: register
  identityProvider: built-in
  confirmedBy: identity team
  validUntil: "2026-12-01"
policyExceptions:
  - {rule: iam-mfa, principal: robot, reason: r, owner: platform, expires: "2026-12-15"}
"""


@pytest.fixture
def folder(command: Command) -> Path:
    """Write the model."""
    command.write("access/people.yaml", PEOPLE)
    return command.folder / Path(command.write("access/assignments.yaml", ASSIGNMENTS))


def test_what_is_due_is_named_with_its_place_and_who_answers(command: Command, folder: Path) -> None:
    """A list without owner and place is a list that nobody works through."""
    assert folder.is_file()
    ended = command("review")

    assert ended.status == 1
    assert ended.output.splitlines() == [
        f"{FILE}:3: review by 2026-11-01: group readers: reading in 444444444444 (shop team, ACCESS-1)",
        f"{FILE}:11: is over since 2026-11-19 16:00 UTC: {OVER}",
        "2 to look at",
        "nobody is ever asked about 1 grant: no `reviewBy`, no `expires`",
    ]


def test_a_later_day_and_an_owner_narrow_and_widen_the_list(command: Command, folder: Path) -> None:
    """A team lead looks at what is theirs, a quarter ahead."""
    assert folder.is_file()
    every = command("review", "--due", "2027-01-01", "--format", "json").json()
    theirs = command("review", "--due", "2027-01-01", "--owner", "SHOP team", "--format", "json").json()
    none = command("review", "--owner", "nobody")
    mistyped = command("review", "--owner", "shop teem")

    assert [each["due"] for each in every["due"]] == [
        Due.REVIEW.value,
        Due.OVER.value,
        Due.CONFIRMATION.value,
        Due.EXCEPTION.value,
        Due.REVIEW.value,
    ]
    assert [each["entry"] for each in theirs["due"]] == ["assignments[0]"]
    assert (none.status, none.output.splitlines()[0]) == (0, "nothing is due")
    assert "no entry that is ever due is `nobody`'s" in none.errors
    assert "did you mean `shop team`?" in mistyped.errors


def test_the_table_for_spreadsheets_calculates_nothing(command: Command, folder: Path) -> None:
    """An owner that begins with `=` is a formula to who opens the list."""
    assert folder.is_file()
    text = command("review", "--due", "2027-01-01", "--format", "csv").output
    rows = list(csv.DictReader(io.StringIO(text)))

    assert len(rows) == 5
    assert rows[0]["place"] == "access/assignments.yaml:3"
    assert rows[-1]["owner"] == "'=cmd()"


@pytest.mark.parametrize(
    ("entry", "old", "new"),
    [
        ("assignments[0]", "reviewBy: 2026-11-01  #", 'reviewBy: "2027-11-30"  #'),
        ("access/assignments.yaml:3", "reviewBy: 2026-11-01  #", 'reviewBy: "2027-11-30"  #'),
        ("access/assignments.yaml:3:5", "reviewBy: 2026-11-01  #", 'reviewBy: "2027-11-30"  #'),
        ("assignments[1]", FLOW, FLOW.replace("{", '{reviewBy: "2027-11-30", ')),
    ],
)
def test_a_confirmed_review_changes_its_date_and_no_other_byte(
    command: Command, folder: Path, entry: str, old: str, new: str
) -> None:
    """Comments and columns are how people find their way; a tool that moves them is not run twice."""
    ended = command("review", "--confirm", entry, "--until", "2027-11-30")

    assert ended.status == 0
    assert "reviewBy is 2027-11-30" in ended.output
    assert folder.read_text(encoding="utf-8") == ASSIGNMENTS.replace(old, new)


def test_line_ends_and_other_entries_stay(command: Command, folder: Path) -> None:
    """A file from Windows comes back as one."""
    text = ASSIGNMENTS.replace("    reviewBy: 2026-11-01  # once a year\n", "").replace("\n", "\r\n")
    folder.write_bytes(text.encode())

    assert command("review", "--confirm", "assignments[0]", "--until", "2027-11-30").status == 0

    added = '  - reviewBy: "2027-11-30"\r\n    group: readers'
    assert folder.read_bytes().decode() == text.replace("  - group: readers", added)


def test_several_are_confirmed_at_once_wherever_they_stand(command: Command, folder: Path) -> None:
    """A review ends with all that was looked at, in one commit."""
    entries = ("assignments[1]", "assignments[0]", "applications.wiki.assignments[0]", "mfaRequirement")
    options = [each for entry in entries for each in ("--confirm", entry)]

    assert command("review", *options, "--until", "2027-11-30").status == 0

    people = yaml.safe_load((folder.parent / "people.yaml").read_text(encoding="utf-8"))
    listed = yaml.safe_load(folder.read_text(encoding="utf-8"))["assignments"]
    assert [each.get("reviewBy") for each in listed] == ["2027-11-30", "2027-11-30", None]
    assert people["applications"]["wiki"]["assignments"][0]["reviewBy"] == "2027-11-30"
    assert people["mfaRequirement"]["validUntil"] == "2027-11-30"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--confirm", "assignments[7]", "--until", "2027-11-30"), "no entry is `assignments[7]`"),
        (("--confirm", "assignments[2]", "--until", "2027-11-30"), "looking at it does not prolong it"),
        (("--confirm", "policyExceptions[0]", "--until", "2027-11-30"), "looking at it does not prolong it"),
        (("--confirm", "assignments[0]", "--until", TODAY), "is not after today"),
        (("--confirm", "assignments[0]"), "--confirm and --until belong together"),
        (
            ("--confirm", "assignments[0]", "--confirm", "assignments[9]", "--until", "2027-11-30"),
            "no entry is `assignments[9]`",
        ),
    ],
)
def test_what_cannot_be_confirmed_is_named_and_nothing_is_written(
    command: Command, folder: Path, options: tuple[str, ...], says: str
) -> None:
    """Half of a review that is written is a review of which nobody knows the rest."""
    ended = command("review", *options)

    assert ended.status == 2
    assert says in ended.errors
    assert folder.read_text(encoding="utf-8") == ASSIGNMENTS


def test_an_alias_is_not_followed_into_another_entry(command: Command, folder: Path) -> None:
    """A date that two entries share would be a review of what nobody looked at."""
    text = (
        "assignments:\n"
        "  - &it {user: ada, permissionSets: [reading], accounts: [all], reviewBy: 2026-11-01}\n"
        "  - *it\n"
    )
    folder.write_text(text, encoding="utf-8")

    ended = command("review", "--confirm", "assignments[0]", "--until", "2027-11-30")

    assert ended.status == 2
    assert "cannot be written without changing more" in ended.errors
    assert folder.read_text(encoding="utf-8") == text


def test_a_model_with_mistakes_is_not_reviewed(command: Command, folder: Path) -> None:
    """`nothing is due` of entries that could not be read would be believed."""
    folder.write_text("assignments: [{user: ada, reviewBy: soon}]\n", encoding="utf-8")

    ended = command("review")

    assert ended.status == 2
    assert "access/assignments.yaml:1" in ended.errors


def test_a_stacks_file_is_reviewed_and_written_as_well(command: Command) -> None:
    """Small organisations have one file."""
    lines = [
        "config:",
        "  identity-center:permissionSets: {p: {name: P}}",
        "  identity-center:groups: {g: {displayName: G}}",
        "  identity-center:assignments:",
        "    - group: g",
        "      permissionSets: [p]",
        "      accounts: [all]",
        "      reviewBy: '2026-11-01' # now",
        "",
    ]
    command.write("Pulumi.dev.yaml", "\n".join(lines))

    due = command("review", "--model", "Pulumi.dev.yaml")
    wrote = command(
        "review", "--model", "Pulumi.dev.yaml", "--confirm", "Pulumi.dev.yaml:5", "--until", "2027-11-30"
    )

    assert "Pulumi.dev.yaml:5: review by 2026-11-01: group g: p in all" in due.output
    assert wrote.status == 0
    assert (command.folder / "Pulumi.dev.yaml").read_text(encoding="utf-8") == "\n".join(lines).replace(
        "'2026-11-01'", '"2027-11-30"'
    )
