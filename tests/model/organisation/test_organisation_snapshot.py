"""The snapshot of an organisation: the same again when it is read back, and refused when it is not one."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from identity_center.model.mistakes import WrongValueError
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation, Unit
from identity_center.model.organisation.snapshot import (
    UnusableSnapshotError,
    age_of,
    named_snapshot,
    read_snapshot,
    write_snapshot,
)

TAKEN = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
UNITS = [Unit("r-root", "Root", None), Unit("ou-root-11111111", "Wörk", "r-root")]
ACCOUNTS = [
    MemberAccount("222222222222", "shop", AccountState.ACTIVE, "ou-root-11111111", {"team": "a", "env": "b"}),
    MemberAccount("111111111111", "boss", AccountState.ACTIVE, "r-root", None),
    MemberAccount("333333333333", "old", AccountState.OTHER, None, None),
]


def written(**changes: Any) -> str:  # noqa: ANN401  # anything may be wrong in a file
    """Return a snapshot with some of its keys changed."""
    document = json.loads(write_snapshot(Organisation.of("111111111111", ACCOUNTS, UNITS), TAKEN))
    return json.dumps(document | changes)


def test_what_was_written_is_read_back() -> None:
    """A preview from a snapshot must say what a preview with AWS says."""
    read = read_snapshot(written())

    assert read == Organisation.of("111111111111", ACCOUNTS, UNITS, TAKEN)


def test_the_order_of_reading_does_not_change_the_text() -> None:
    """The API lists accounts in any order, and the file is committed."""
    one, other = (
        write_snapshot(Organisation.of("111111111111", accounts, units), TAKEN)
        for accounts, units in ((ACCOUNTS, UNITS), (ACCOUNTS[::-1], UNITS[::-1]))
    )

    assert one == other


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no json", "Expecting value"),
        ("[]", "valid dictionary"),
        (written(format=2), "format"),
        (written(managementAccountId="999999999999"), "the management account is not among them"),
        (written(takenAt="yesterday"), "Invalid isoformat"),
        (written(takenAt="2026-11-01T09:30:00"), "offset"),
        (written(accounts=[{"id": "1", "name": "a", "state": "ACTIVE"}]), "accounts.0.id"),
        (written(surplus=1), "surplus"),
    ],
)
def test_a_file_that_is_no_snapshot_is_refused(text: str, says: str) -> None:
    """Half an organisation would take the access to the other half away."""
    with pytest.raises(UnusableSnapshotError, match=says):
        read_snapshot(text)


@pytest.mark.parametrize(
    ("day", "words", "old"),
    [
        (date(2026, 11, 1), "taken on 2026-11-01, today", False),
        (date(2026, 11, 2), "taken on 2026-11-01, 1 day ago", False),
        (date(2026, 12, 1), "taken on 2026-11-01, 30 days ago", False),
        (date(2026, 12, 2), "taken on 2026-11-01, 31 days ago", True),
        (date(2026, 10, 31), "taken on 2026-11-01, in the future", True),
    ],
)
def test_the_age_of_a_snapshot_is_said(day: date, words: str, *, old: bool) -> None:
    """New accounts are not in it, and nobody would think of it."""
    assert age_of(TAKEN, day) == (words, old)


@pytest.mark.parametrize(
    ("taken", "old"), [(datetime(2026, 11, 20, tzinfo=UTC), False), (datetime(2026, 9, 1, tzinfo=UTC), True)]
)
def test_the_age_of_a_named_snapshot_is_said(tmp_path: Path, taken: datetime, *, old: bool) -> None:
    """An old snapshot lacks new accounts."""
    boss = MemberAccount("111122223333", "boss", AccountState.ACTIVE, "r-root", {})
    tree = Organisation.of("111122223333", [boss], [Unit("r-root", "Root", None)])
    (tmp_path / "organisation.json").write_text(write_snapshot(tree, taken), encoding="utf-8")

    found = named_snapshot("organisation.json", tmp_path, date(2026, 11, 23))

    assert found.organisation.units == tree.units
    assert found.is_old is old
    assert f"of `organisation.json`, taken on {taken:%Y-%m-%d}" in found.words


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("nowhere.json", None, "`nowhere.json` cannot be read: no such file or directory"),
        ("../organisation.json", None, "is outside the project"),
        ("broken.json", b"{", "`broken.json` is no snapshot of an organisation"),
        ("latin.json", "ä".encode("latin-1"), "`latin.json` cannot be read: it is not in UTF-8"),
    ],
)
def test_a_named_snapshot_that_cannot_be_used_is_refused(
    tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    """To ask AWS instead would be what the snapshot was to prevent."""
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(WrongValueError) as caught:
        named_snapshot(name, tmp_path, date(2026, 11, 23))

    assert says in caught.value.problem
