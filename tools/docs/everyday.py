"""docs/everyday.md: a page whose blocks are run, so that what it shows is what the command says today.

Each block of the page says what is done, in order, in one project:

- `yaml FILE` is a file of the model, `diff FILE` changes one;
- `console` has commands (`$ identity-center …`) and below each what it prints, which is written anew;
- `console engine` has what Pulumi and AWS are needed for: tests/engine/test_everyday.py runs it;
- a comment `in AWS: account NUMBER moves to UNIT` moves an account; the snapshot is taken anew.

Each section begins with all of the earlier ones committed.
"""

import io
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from identity_center.model.language.clock import TODAY_VARIABLE
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation, Unit
from identity_center.model.organisation.snapshot import write_snapshot
from identity_center_cli.main import main

PAGE: Final = Path(__file__).parents[2] / "docs" / "everyday.md"
NOW: Final = "2026-11-30T12:00:00Z"
"""When the page is read."""
MANAGEMENT: Final = "123456789012"
ACCOUNTS: Final = {
    MANAGEMENT: ("management", ""),
    "444444444444": ("shop-production", "Workloads/Production"),
    "555555555555": ("data-production", "Workloads/Production"),
    "666666666666": ("shop-staging", "Workloads/Staging"),
}
"""The organisation of the page: names and units of accounts, by number."""
UNITS: Final = ("Workloads", "Workloads/Production", "Workloads/Staging")
ROOT: Final = "r-abcd"
_MOVE: Final = re.compile(r"<!-- in AWS: account (\d{12}) moves to ([\w/-]+) -->")
_FENCE: Final = "```"
_PROJECT: Final = {
    "Pulumi.yaml": "name: access\nruntime: python\n",
    "Pulumi.prod.yaml": "config:\n  aws:region: us-east-1\n  identity-center:modelFolder: access\n",
}


@dataclass(frozen=True)
class Block:
    """A piece of the page: a fenced block, or lines between blocks."""

    info: str
    """What stands behind the fence, such as `diff access/people.yaml`; empty for lines of text."""
    lines: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What is done with it."""
        return self.info.split()[0] if self.info else "text"

    @property
    def argument(self) -> str:
        """The file, or `engine`."""
        return self.info.partition(" ")[2]

    @property
    def moves(self) -> list[tuple[str, str]]:
        """Accounts that move in AWS, each with its new unit."""
        return [(found[1], found[2]) for line in self.lines if (found := _MOVE.fullmatch(line))]

    def __str__(self) -> str:
        """Write it as the page has it."""
        text = "\n".join(self.lines)
        return f"{_FENCE}{self.info}\n{text}\n{_FENCE}" if self.info else text


def blocks(text: str) -> Iterator[Block]:
    """Yield the pieces of a page, in order; each section begins a new one."""
    lines: list[str] = []
    info = ""
    for line in text.splitlines():
        begins_or_ends = line.startswith(_FENCE)
        if begins_or_ends or (line.startswith("## ") and not info):
            if lines or info:
                yield Block(info, tuple(lines))
            lines = [] if begins_or_ends else [line]
            info = line.removeprefix(_FENCE) if begins_or_ends and not info else ""
        else:
            lines.append(line)
    yield Block(info, tuple(lines))


@dataclass
class Walk:
    """A project on the way through the page."""

    folder: Path
    accounts: dict[str, tuple[str, str]] = field(default_factory=lambda: dict(ACCOUNTS))

    def take(self, block: Block) -> Block:
        """Do what a piece of the page says, and return it with what its commands print."""
        path = self.folder / block.argument
        if block.kind == "yaml":
            path.parent.mkdir(exist_ok=True)
            path.write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        elif block.kind == "diff":
            path.write_text(patched(path.read_text(encoding="utf-8"), block.lines), encoding="utf-8")
        elif block.info == "console":
            return Block(block.info, tuple(_answered(block.lines, self.folder)))
        elif block.kind == "text":
            if block.lines[0].startswith("## "):
                self.snapshot()
                self.commit()
            for number, unit in block.moves:
                self.accounts[number] = (self.accounts[number][0], unit)
            self.snapshot()
        return block

    def snapshot(self) -> None:
        """Write the organisation as it is."""
        (self.folder / "organisation.json").write_text(_snapshot(self.accounts), encoding="utf-8")

    def commit(self) -> None:
        """Commit all that there is."""
        named = ("-c", "user.name=page", "-c", "user.email=page@example.com", "-c", "commit.gpgsign=false")
        for command in (
            ("init", "-q"),
            ("add", "-A"),
            (*named, "commit", "-q", "--allow-empty", "-m", "so far"),
        ):
            git = ["git", *command]
            subprocess.run(git, cwd=self.folder, check=True, capture_output=True)  # noqa: S603  # as above


def patched(text: str, lines: tuple[str, ...]) -> str:
    """Change a text as the lines of a diff say: what is unchanged or removed has to stand there once."""
    old = "".join(f"{line[1:]}\n" for line in lines if line[:1] in " -")
    new = "".join(f"{line[1:]}\n" for line in lines if line[:1] in " +")
    if text.count(old) != 1:
        raise ValueError(f"the page's diff does not fit: {old!r} stands there {text.count(old)} times")
    return text.replace(old, new)


def _answered(lines: tuple[str, ...], folder: Path) -> Iterator[str]:
    for line in lines:
        if line.startswith("$ "):
            yield line
            yield from run(line.removeprefix("$ "), folder).splitlines()


def run(command: str, folder: Path) -> str:
    """Run `identity-center …` in a folder; return what it prints."""
    program, *arguments = shlex.split(command)
    if program != "identity-center":
        raise ValueError(f"the page runs `identity-center`, and not `{program}`")
    said = io.StringIO()
    with chdir(folder), _variable(TODAY_VARIABLE, NOW), redirect_stdout(said):
        main(arguments)
    return said.getvalue()


@contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name) if before is None else os.environ.update({name: before})


def _snapshot(accounts: Mapping[str, tuple[str, str]]) -> str:
    ids = {unit: f"ou-abcd-{number:08}" for number, unit in enumerate(UNITS)} | {"": ROOT}
    units = [Unit(ids[each], each.rpartition("/")[2], ids[each.rpartition("/")[0]]) for each in UNITS]
    members = [
        MemberAccount(number, name, AccountState.ACTIVE, ids[unit], {})
        for number, (name, unit) in accounts.items()
    ]
    taken = datetime(2026, 11, 30, 6, tzinfo=UTC)
    return write_snapshot(Organisation.of(MANAGEMENT, members, [Unit(ROOT, "Root", None), *units]), taken)


def page() -> str:
    """Return the page with what its commands print today."""
    with tempfile.TemporaryDirectory() as folder:
        walk = Walk(Path(folder))
        for name, text in _PROJECT.items():
            (walk.folder / name).write_text(text, encoding="utf-8")
        done = [walk.take(each) for each in blocks(PAGE.read_text(encoding="utf-8"))]
    return "\n".join(map(str, done)) + "\n"
