"""A release in one command, `make release VERSION=0.2.0`: check, write down, build, commit and tag.

Nothing leaves this machine: what to push is printed at the end.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
#: Source: semver.org, version 2.0.0; of what may follow, a pre-release only.
VERSION: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(?:alpha|beta|rc)\.\d+)?")
#: Where the version stands, and the line that says it.
PLACES: Final = {
    "pyproject.toml": re.compile(r'^version = "(.*)"$', re.MULTILINE),
    "policies/PulumiPolicy.yaml": re.compile(r"^version: (.*)$", re.MULTILINE),
}
CHANGELOG: Final = "CHANGELOG.md"
UNRELEASED: Final = "## Unreleased\n"
NEXT: Final = """{version} is committed, tagged and built in dist/. To publish it:
  git push origin HEAD v{version}
"""


class NotReleasableError(Exception):
    """What has to be mended before there can be a release."""


Run = Callable[[Sequence[str]], str]
"""Runs a command in the checkout and returns what it printed. Raises subprocess.CalledProcessError."""


def run(command: Sequence[str]) -> str:
    """Run a command; what it says of errors goes to the terminal."""
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603  # our own


@dataclass(frozen=True)
class Release:
    """One release of a checkout."""

    version: str
    root: Path = ROOT
    run: Run = run

    def obstacles(self) -> list[str]:
        """Return everything that is in the way, so that it is mended at once."""
        found = []
        if not VERSION.fullmatch(self.version):
            found.append(f"`{self.version}` is no version such as 1.2.3 or 1.2.3-rc.1")
        elif self.run(["git", "tag", "--list", f"v{self.version}"]).strip():
            found.append(f"there is a tag v{self.version} already")
        if self.run(["git", "status", "--porcelain"]).strip():
            found.append("the checkout has changes that are not committed")
        if not unreleased(self._read(CHANGELOG)).strip():
            found.append(f"{CHANGELOG} says nothing under Unreleased")
        return found

    def write_version(self, day: date) -> None:
        """Put the version where it is said, and date the changes."""
        for name, line in PLACES.items():
            self._write(name, with_version(self._read(name), line, self.version))
        self._write(CHANGELOG, dated(self._read(CHANGELOG), self.version, day))

    def build(self) -> None:
        """Build the source archive, and the wheel from it, in an empty `dist`."""
        shutil.rmtree(self.root / "dist", ignore_errors=True)
        # Left-overs of an earlier build would be in the wheel.
        shutil.rmtree(self.root / "build", ignore_errors=True)
        self.run([sys.executable, "-c", "from setuptools.build_meta import build_sdist; build_sdist('dist')"])
        (archive,) = (self.root / "dist").glob("*.tar.gz")
        options = ["--no-deps", "--no-build-isolation", "--wheel-dir", "dist"]
        self.run([sys.executable, "-m", "pip", "wheel", *options, str(archive)])

    def commit(self) -> None:
        """Commit the version and tag the commit."""
        self.run(["git", "add", CHANGELOG, *PLACES])
        self.run(["git", "commit", "--message", f"Release {self.version}"])
        self.run(["git", "tag", "--annotate", f"v{self.version}", "--message", f"Release {self.version}"])

    def _read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def _write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")


def unreleased(changelog: str) -> str:
    """Return what stands under Unreleased, without empty sections. Raises NotReleasableError."""
    if UNRELEASED not in changelog:
        raise NotReleasableError(f"{CHANGELOG} has no section `{UNRELEASED.strip()}`")
    section = re.split(r"^## ", changelog.split(UNRELEASED, 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    return re.sub(r"^### .*\n+(?=### |\Z)", "", section, flags=re.MULTILINE)


def dated(changelog: str, version: str, day: date) -> str:
    """Turn what is unreleased into a release, below an empty Unreleased."""
    section = unreleased(changelog)
    head, rest = changelog.split(UNRELEASED, 1)
    after = re.split(r"^(?=## )", rest, maxsplit=1, flags=re.MULTILINE)[1:]
    return "".join(
        [head, UNRELEASED, f"\n## {version} - {day}\n\n", section.strip("\n"), "\n", *("\n", *after)]
    )


def with_version(text: str, line: re.Pattern[str], version: str) -> str:
    """Put a version into the one line that says it. Raises NotReleasableError."""
    found = line.findall(text)
    if len(found) != 1:
        raise NotReleasableError(f"{len(found)} lines say a version where one should: {line.pattern}")
    return line.sub(lambda match: match.group().replace(match.group(1), version), text)


def main(arguments: Sequence[str]) -> int:
    """Release the version that is named. Returns 0, or 1 with all that is in the way."""
    if len(arguments) != 1:
        sys.stderr.write("name a version: make release VERSION=1.2.3\n")
        return 1
    release = Release(arguments[0])
    obstacles = release.obstacles()
    for obstacle in obstacles:
        sys.stderr.write(f"release: {obstacle}\n")
    if obstacles:
        return 1
    subprocess.run(["make", "test"], cwd=ROOT, check=True)  # noqa: S607  # as the user has it
    release.write_version(datetime.now(UTC).date())
    release.build()
    release.commit()
    sys.stdout.write(NEXT.format(version=release.version))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (NotReleasableError, subprocess.CalledProcessError) as error:
        sys.exit(f"release: {error}")
