"""Which modules are changed, which tests bear on each, and which survivors have a reason."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).parents[2]
PACKAGE: Final = Path("policies/identity_guard")
KNOWN: Final = Path(__file__).with_name("survivors.jsonl")
#: By part: its folders of the package. What tests drive (`testing`) and what starts a process decide nothing.
PARTS: Final = {"iam": ("iam",), "rules": ("stack", "chains", "rules", "pack")}
#: They call nearly all of `iam`, so often that to watch them would take minutes.
UNWATCHED: Final = ("tests/properties", "tests/differential")
#: By part: the folders of tests that bear on it, the fast ones first.
STAGES: Final = {
    "iam": (("tests/iam",), ("tests/corpus", "tests/rules"), UNWATCHED),
    "rules": (("tests/rules", "tests/chains"), ("tests/contracts", "tests/cli")),
}


@dataclass(frozen=True)
class Survivor:
    """A change that no test need notice, and why."""

    module: str
    function: str
    """Its name with those around it; empty at the top of the module."""
    change: str
    """The line as it stands, and as it would be."""
    kind: str
    reason: str

    @property
    def line(self) -> str:
        """The line as it stands in the module."""
        return self.change.partition("  =>  ")[0]


def modules(checkout: Path, named: str = "") -> list[str]:
    """Return every module of the parts, or those whose path holds what is named."""
    folders = [checkout / PACKAGE / folder for part in PARTS.values() for folder in part]
    files = [str(path.relative_to(checkout)) for each in folders for path in sorted(each.rglob("*.py"))]
    return [path for path in files if named in path]


def part_of(module: str) -> str:
    """Return the part that a module is in."""
    folder = Path(module).relative_to(PACKAGE).parts[0]
    return next(part for part, folders in PARTS.items() if folder in folders)


def survivors() -> list[Survivor]:
    """Read those that have a reason."""
    return [Survivor(**json.loads(line)) for line in KNOWN.read_text(encoding="utf-8").splitlines()]
