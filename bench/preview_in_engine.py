"""How long the text of a preview is that touches thousands of assignments, through the engine.

    python bench/preview_in_engine.py [--assignments 5000]

Two previews in a sandbox of their own: a first one, and one of a stack with ten assignments in which the same
group gets all the others, people join it, and a boundary takes actions from every set. Counted are the lines
beside the engine's list of resources: what the program says, and the outputs. Exit status 1 where there are
60 or more, or where no list is cut with its count.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from large_stacks import AT_THE_END, MANAGEMENT, accounts_of, config, project, run, update
from rich.console import Console
from rich.table import Table
from side_by_side import own_sandbox

from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.model.organisation.snapshot import write_snapshot
from sandbox.project import Project

MOST_LINES: Final = 60
#: Where the engine's list of resources ends, and where its count of them begins.
DIAGNOSTICS, OUTPUTS, RESOURCES = "Diagnostics:", "Outputs:", "Resources:"
CUT: Final = re.compile(r"and [\d,]+ more")
PEOPLE: Final = 30


@dataclass(frozen=True)
class Row:
    """What one preview was like."""

    title: str
    lines: int
    own: int
    changes: int
    cut: bool
    seconds: float


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assignments", type=int, default=5_000)
    assignments: int = parser.parse_args().assignments
    with tempfile.TemporaryDirectory() as name, own_sandbox(Path(name)) as environment:
        rows = _measured(project(Path(name) / "stack", environment), assignments)
    table = Table("preview", "lines", "beside the engine's", "changes for people", "lists cut", "seconds")
    for row in rows:
        table.add_row(
            row.title, f"{row.lines:,}", str(row.own), f"{row.changes:,}", "yes" if row.cut else "no",
            f"{row.seconds:.0f}",
        )  # fmt: skip
    Console().print(table)
    return 0 if all(row.own < MOST_LINES and row.cut for row in rows) else 1


def _measured(large: Project, assignments: int) -> list[Row]:
    accounts = [str(300_000_000_000 + number) for number in range(accounts_of(assignments))]
    named = [MemberAccount(each, f"account-{each}", AccountState.ACTIVE) for each in accounts]
    management = MemberAccount(MANAGEMENT, "management", AccountState.ACTIVE)
    organisation = Organisation.of(MANAGEMENT, [management, *named])
    file = large.folder / "organisation.json"
    file.write_text(write_snapshot(organisation, datetime.now(UTC)), encoding="utf-8")
    large.write_config(_config(accounts))
    first = _previewed("the first", large)
    large.write_config(_config([MANAGEMENT], people=1))
    update(large, **AT_THE_END)
    wide = _config([MANAGEMENT, *accounts])
    for each in wide["identity-center:permissionSets"].values():
        each |= {"permissionsBoundary": {"managedPolicy": "SecurityAudit"}, "sessionDuration": "PT2H"}
    large.write_config(wide)
    return [first, _previewed("of thousands of changes", large)]


def _config(accounts: list[str], people: int = PEOPLE) -> dict[str, Any]:
    """Return the stack's configuration: a group of people that has every set in every account."""
    users = {
        f"person-{number}": {
            "userName": f"person-{number}", "givenName": "P", "familyName": str(number),
            "displayName": f"Person {number}", "email": f"person-{number}@example.com",
        }
        for number in range(people)
    }  # fmt: skip
    groups = {"platform": {"displayName": "Platform", "members": [*users]}}
    more = {"users": users, "groups": groups, "organisationSnapshot": "organisation.json"}
    return config(accounts, more)


def _previewed(title: str, large: Project) -> Row:
    began = time.perf_counter()
    said = run(large, "preview", "--suppress-progress")
    seconds = time.perf_counter() - began
    lines = said.splitlines()
    told = json.loads((large.folder / "access-changes.json").read_text(encoding="utf-8"))
    return Row(title, len(lines), _own(lines), len(told["changes"]), CUT.search(said) is not None, seconds)


def _own(lines: list[str]) -> int:
    """Count the lines of the program: from the diagnostics to the count of resources, and the outputs."""
    marks = [number for number, line in enumerate(lines) if line.strip() in {DIAGNOSTICS, OUTPUTS}]
    ends = [number for number, line in enumerate(lines) if line.strip() == RESOURCES]
    if not marks or not ends:
        raise SystemExit(f"the preview has no {DIAGNOSTICS} or {RESOURCES}")
    return sum(1 for line in lines[min(marks) : max(ends)] if line.strip())


if __name__ == "__main__":
    sys.exit(main())
