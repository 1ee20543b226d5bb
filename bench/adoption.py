"""A large organisation gets in: read, adopted, imported by the real engine, and previewed empty.

    python bench/adoption.py [--sets 200] [--accounts 300] [--assignments 10000] [--users 600] [--groups 150]

The instance is shaped as hands and Control Tower leave one, and is in the sandbox's API. `identity-center
adopt` does all of it, as a user calls it. Counted are the requests that reach the API, beside the smallest
number that a reading can take (`identity_center.model.existing.least_calls`), and the time of each step. Exit
status 1 where a reading takes more than a tenth above the bound, or the preview is not empty.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from name_lookups import Calls, counted_sandbox
from rich.console import Console
from rich.table import Table

from identity_center.model.existing.least_calls import PER_SECOND, least_calls, minutes
from identity_center.model.existing.snapshot_file import read_existing
from sandbox.aws.accounts.large_instance import Size, populate
from sandbox.home import CHECKOUT
from sandbox.project import Project
from sandbox.settings import REGION

#: The reader may take so many times the bound.
GOAL = 1.1
#: Faster than any machine, so that the time is the command's and not the service's rate.
UNHINDERED = "100000"
SNAPSHOT = "identity-center.snapshot.json"


@dataclass(frozen=True)
class Step:
    """What one command took."""

    name: str
    seconds: float
    requests: int
    told: str


def main() -> int:
    """Measure and show."""
    size = _size()
    calls: Calls = Counter()
    with tempfile.TemporaryDirectory() as name, counted_sandbox(Path(name), calls) as environment:
        populate(REGION, size)
        project = _project(Path(name) / "program", environment)
        steps = list(_steps(project, calls))
        existing = read_existing((project.folder / SNAPSHOT).read_text(encoding="utf-8"))
        resources = project.exported()["deployment"]["resources"]
    bound = sum(least_calls(existing).values())
    _show(steps, bound)
    sys.stdout.write(f"{len(resources)} resources are in the state\n")
    whole = "the preview changes nothing" in steps[-1].told
    return 0 if whole and steps[0].requests <= GOAL * bound else 1


def _size() -> Size:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    given = {"sets": 200, "accounts": 300, "assignments": 10_000, "users": 600, "groups": 150}
    for name, default in given.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    return Size(**vars(parser.parse_args()))


def _steps(project: Project, calls: Calls) -> Iterator[Step]:
    """Run the commands of docs/adopting.md one after the other."""
    fast = ("--region", REGION, "--requests-per-second", UNHINDERED)
    into = ("adopt", "--into", "access", "--snapshot", SNAPSHOT)
    yield _step("read: snapshot", project, calls, "snapshot", *fast)
    yield _step("write the model: adopt", project, calls, *into)
    yield _step("import and preview: adopt --verify", project, calls, *into, "--verify")


def _step(name: str, project: Project, calls: Calls, *command: str) -> Step:
    sys.stderr.write(f"{name}\n")
    calls.clear()
    began = time.perf_counter()
    ended = subprocess.run(  # noqa: S603  # the project's own command; hours are no mistake here
        [str(shutil.which("identity-center", path=project.environment["PATH"])), *command],
        cwd=project.folder,
        env=project.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    taken = time.perf_counter() - began
    sys.stderr.write(ended.stdout[-2000:])
    if ended.returncode:
        raise SystemExit(f"{name} ended with status {ended.returncode}")
    return Step(name, taken, calls.total(), ended.stdout)


def _project(folder: Path, environment: dict[str, str]) -> Project:
    folder.mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / name, folder / name)
    (folder / ".venv").symlink_to(environment["VIRTUAL_ENV"])
    project = Project(folder, environment)
    project.write_config({"aws:region": REGION, "identity-center:modelFolder": "access"})
    project.succeed("stack", "init", "dev")
    return project


def _show(steps: list[Step], bound: int) -> None:
    table = Table("step", "seconds here", "requests", f"minutes at {PER_SECOND} a second")
    table.add_row("the least that a reading can take", "", str(bound), f"{minutes(bound):.1f}")
    for each in steps:
        table.add_row(each.name, f"{each.seconds:.0f}", str(each.requests), f"{minutes(each.requests):.1f}")
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
