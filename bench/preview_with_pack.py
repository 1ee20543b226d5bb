"""How much longer a preview takes with the policy pack than with a pack that has no rule.

    python bench/preview_with_pack.py [--resources 1000 3000] [--rounds 3]

Both packs judge the same program of IAM and Identity Center resources in one sandbox, in turns, so that
whatever else the machine does meets both. The figure is the ratio of the medians; seconds are shown to be
believed, not to be compared with another machine's. Exit status 1 where the ratio is above the goal.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sandbox import lifecycle
from sandbox.commands import write_commands
from sandbox.environment import inside
from sandbox.home import CHECKOUT, Home
from sandbox.project import Project
from sandbox.pulumi_cli import find_or_build

GOAL = 1.15
PROGRAM = Path(__file__).with_name("programs") / "many_resources.py"
EMPTY_PACK = """
from pulumi_policy import PolicyPack, ResourceValidationPolicy
PolicyPack("empty", [ResourceValidationPolicy("nothing", "looks at nothing", lambda args, report: None)])
"""
#: The pack wants to know how people sign in; the program has no component that says so.
CONFIG = """{"mfa-requirement": {"declared": {"promptMode": "always-on", "noDevice": "register",
"identityProvider": "built-in", "confirmedBy": "bench", "validUntil": "2027-02-15"}}}"""


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--resources", type=int, nargs="+", default=[1000, 3000])
    parser.add_argument("--rounds", type=int, default=3, help="previews with each pack")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ratios = _measure_all(Path(folder), arguments.resources, arguments.rounds)
    return 0 if max(ratios) <= GOAL else 1


def _measure_all(folder: Path, sizes: list[int], rounds: int) -> list[float]:
    table = Table("resources", "empty pack", "this pack", "ratio", f"goal ≤ {GOAL}")
    home = Home(folder / "sandbox")
    cli = find_or_build()
    server = lifecycle.find_or_start(home).server
    try:
        write_commands(home, cli)
        project = _project(folder, inside(home, server, cli))
        ratios = []
        for size in sizes:
            empty, ours = _measure(project, size, rounds)
            ratios.append(ours / empty)
            verdict = "yes" if ratios[-1] <= GOAL else "NO"
            table.add_row(f"{size}", f"{empty:.1f} s", f"{ours:.1f} s", f"{ratios[-1]:.2f}", verdict)
    finally:
        lifecycle.end(home)
    Console().print(table)
    return ratios


def _project(folder: Path, environment: dict[str, str]) -> Project:
    program = folder / "program"
    empty = folder / "empty"
    for made in (program, empty):
        made.mkdir()
    (program / "Pulumi.yaml").write_text("name: many\nruntime: python\n", encoding="utf-8")
    (program / "__main__.py").write_text(PROGRAM.read_text(encoding="utf-8"), encoding="utf-8")
    (program / "config.json").write_text(CONFIG, encoding="utf-8")
    (empty / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n", encoding="utf-8")
    (empty / "__main__.py").write_text(EMPTY_PACK, encoding="utf-8")
    project = Project(program, environment)
    project.succeed("stack", "init", "bench")
    project.succeed("config", "set", "aws:region", "us-east-1")
    return project


def _measure(project: Project, size: int, rounds: int) -> tuple[float, float]:
    """Return the median seconds of a preview with the empty pack and with ours."""
    project.succeed("config", "set", "resources", str(size))
    ours = ("--policy-pack", str(CHECKOUT / "policies"), "--policy-pack-config", "config.json")
    empty = ("--policy-pack", str(project.folder.parent / "empty"))
    seconds: dict[tuple[str, ...], list[float]] = {empty: [], ours: []}
    for number in range(rounds):
        for pack, taken in seconds.items():
            sys.stderr.write(f"{size} resources, round {number + 1} of {rounds}, {Path(pack[1]).name}\n")
            began = time.perf_counter()
            project.succeed("preview", "--suppress-progress", *pack)
            taken.append(time.perf_counter() - began)
    return statistics.median(seconds[empty]), statistics.median(seconds[ours])


if __name__ == "__main__":
    sys.exit(main())
