"""A release is one command: what it refuses, and what it writes down."""

import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import yaml

from tools.release import CHANGELOG, PLACES, Release, unreleased

CHECKOUT = Path(__file__).parents[2]
DAY = date(2027, 1, 31)
CHANGES = """# Changelog

## Unreleased

### Added

- A thing.

### Fixed

## 0.1.0 - 2026-11-30

### Added

- Everything.
"""


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """Give a release of a small repository with the real files that say a version."""

    def git(command: Sequence[str]) -> str:
        who = ["-c", "user.name=tests", "-c", "user.email=tests@example.com"]
        call = ["git", *who, *command[1:]] if command[0] == "git" else [*command]
        return subprocess.run(call, cwd=tmp_path, check=True, stdout=subprocess.PIPE, text=True).stdout

    git(["git", "init", "--quiet"])
    (tmp_path / CHANGELOG).write_text(CHANGES, encoding="utf-8")
    for name in PLACES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(CHECKOUT / name, tmp_path / name)
    git(["git", "add", "."])
    git(["git", "commit", "--quiet", "--message", "begin"])
    return Release("0.2.0", tmp_path, git)


def test_a_sound_checkout_is_released(release: Release) -> None:
    """The version stands in three places, and one that lags behind names another pack."""
    assert release.obstacles() == []
    release.write_version(DAY)
    release.commit()

    project = tomllib.loads((release.root / "pyproject.toml").read_text(encoding="utf-8"))
    pack = yaml.safe_load((release.root / "policies/PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == pack["version"] == "0.2.0"
    changes = (release.root / CHANGELOG).read_text(encoding="utf-8")
    assert (
        "## Unreleased\n\n## 0.2.0 - 2027-01-31\n\n### Added\n\n- A thing.\n\n## 0.1.0 - 2026-11-30\n"
        in changes
    )
    assert "### Fixed" not in changes
    assert release.run(["git", "describe"]).strip() == "v0.2.0"
    assert release.run(["git", "status", "--porcelain"]) == ""


def test_all_that_is_in_the_way_is_told_at_once(release: Release) -> None:
    """A release is made in a hurry: to mend one thing and meet the next takes a `make test` each."""
    (release.root / CHANGELOG).write_text(CHANGES.replace("- A thing.\n", ""), encoding="utf-8")
    release.run(["git", "tag", "v0.2.0"])

    assert release.obstacles() == [
        "there is a tag v0.2.0 already",
        "the checkout has changes that are not committed",
        f"{CHANGELOG} says nothing under Unreleased",
    ]


@pytest.mark.parametrize(
    "version", ["", "v1.2.3", "1.2", "01.2.3", "1.2.3-", "1.2.3.4", "1.2.3; rm", "1.2.3-x"]
)
def test_what_is_no_version_is_refused(release: Release, version: str) -> None:
    """A tag that has left this machine is not taken back."""
    wrong = Release(version, release.root, release.run)

    assert wrong.obstacles() == [f"`{version}` is no version such as 1.2.3 or 1.2.3-rc.1"]


def test_the_changelog_has_the_form_that_a_release_needs() -> None:
    """The next release is made of what stands under Unreleased."""
    text = (CHECKOUT / CHANGELOG).read_text(encoding="utf-8")

    assert isinstance(unreleased(text), str)
    assert "\n## 0.1.0 - " in text
