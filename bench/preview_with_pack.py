"""How much longer a preview takes with the policy pack than with a pack that has no rule.

    python bench/preview_with_pack.py [--resources 1000 3000] [--rounds 3]

Both packs judge the same program of IAM and Identity Center resources, side by side (see side_by_side.py).
Exit status 1 where the ratio is above the goal.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from side_by_side import Comparison, Preview, medians, own_sandbox

from sandbox.home import CHECKOUT
from sandbox.project import Project

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
    comparison = Comparison(["resources", "empty pack", "this pack"])
    with tempfile.TemporaryDirectory() as name, own_sandbox(Path(name)) as environment:
        project = _project(Path(name), environment)
        for size in arguments.resources:
            project.succeed("config", "set", "resources", str(size))
            empty, ours = medians(f"{size} resources", _previews(project), arguments.rounds)
            comparison.add([str(size)], empty, ours, GOAL)
    return 0 if comparison.show() else 1


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


def _previews(project: Project) -> dict[str, Preview]:
    """Return a preview with the empty pack and one with ours."""
    ours = ("--policy-pack", str(CHECKOUT / "policies"), "--policy-pack-config", "config.json")
    empty = ("--policy-pack", str(project.folder.parent / "empty"))
    return {"empty pack": Preview(project, empty), "this pack": Preview(project, ours)}


if __name__ == "__main__":
    sys.exit(main())
