"""How much longer a preview takes through the components than with a flat program of the same resources.

    python bench/preview_of_components.py [--resources 1000 3000] [--rounds 3]

Three programs are previewed side by side (see side_by_side.py), as new stacks, and as stacks in which nothing
changes:

- flat: programs/flat_access.py, plain resources in loops;
- component: programs/component_access.py, the same in one `AccessModel`;
- program: this project's own, which reads a folder of YAML files, checks and resolves the model, compares it
  with that of the last update, and makes it by `AccessModel`.

All are made, too, and their exported states are compared: the run ends where they do not hold the same
provider resources with the same inputs. Exit status 1 where a ratio is above its goal.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml
from side_by_side import Comparison, Preview, medians, own_sandbox

from sandbox.home import CHECKOUT
from sandbox.project import Project
from sandbox.settings import REGION

#: Against the flat program. The project's own program does more than make resources (it reads and checks
#: files, and compares with the last update), so that its row is shown without a goal.
GOALS = {"component": 1.10, "program": None}
PROGRAMS = Path(__file__).with_name("programs")
#: Resources of a team: 10 people, a group, 15 memberships, 3 permission sets with their managed policies and
#: inline policy, 15 assignments.
OF_A_TEAM = 50
ROOM = 10
POLICIES = {"reading": "ReadOnlyAccess", "auditing": "SecurityAudit", "billing": "Billing"}
ACCOUNTS = ["111111111111", "222222222222", "333333333333", "444444444444"]


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--resources", type=int, nargs="+", default=[1000, 3000])
    parser.add_argument("--rounds", type=int, default=3, help="previews of each program")
    arguments = parser.parse_args()
    comparison = Comparison(["resources", "stack", "compared", "flat", "this"])
    with tempfile.TemporaryDirectory() as name, own_sandbox(Path(name)) as environment:
        for size in arguments.resources:
            projects = _projects(Path(name) / str(size), environment, size // OF_A_TEAM)
            _compare(comparison, projects, [str(size), "new"], arguments.rounds)
            _make_all(projects, size)
            _compare(comparison, projects, [str(size), "same"], arguments.rounds, "--expect-no-changes")
            _quickly(projects["program"], "destroy")
    return 0 if comparison.show() else 1


def _compare(
    comparison: Comparison, projects: dict[str, Project], measured: list[str], rounds: int, *options: str
) -> None:
    previews = {name: Preview(project, options) for name, project in projects.items()}
    seconds = dict(zip(projects, medians(" ".join(measured), previews, rounds), strict=True))
    for name, goal in GOALS.items():
        comparison.add([*measured, name], seconds["flat"], seconds[name], goal)


def _projects(folder: Path, environment: dict[str, str], teams: int) -> dict[str, Project]:
    """Return the three programs, each with a new stack. The project's own is the last."""
    projects = {name: _project(folder / name, environment) for name in ("flat", "component", "program")}
    for name in ("flat", "component"):
        shutil.copy(PROGRAMS / f"{name}_access.py", projects[name].folder / "__main__.py")
        projects[name].write_config(
            {"aws:region": REGION, "identity-center:teams": teams, "identity-center:accounts": ACCOUNTS}
        )
    ours = projects["program"]
    shutil.copy(CHECKOUT / "__main__.py", ours.folder)
    ours.write_config({"aws:region": REGION, "identity-center:modelFolder": "access"})
    (ours.folder / "access").mkdir()
    for part, content in _model(teams).items():
        text = yaml.safe_dump({part: content}, sort_keys=False)
        (ours.folder / "access" / f"{part}.yaml").write_text(text, encoding="utf-8")
    return projects


def _project(folder: Path, environment: dict[str, str]) -> Project:
    folder.mkdir(parents=True)
    shutil.copy(CHECKOUT / "Pulumi.yaml", folder)
    (folder / ".venv").symlink_to(environment["VIRTUAL_ENV"])
    (folder / "backend").mkdir()
    project = Project(folder, environment | {"PULUMI_BACKEND_URL": f"file://{folder / 'backend'}"})
    project.succeed("stack", "init", "dev")
    return project


def _model(teams: int) -> dict[str, Any]:
    """Return what the other two programs say, in the words of the access model."""
    sets = [(team, use) for team in range(teams) for use in POLICIES]
    return {
        "users": {f"person-{number}": _person(number) for number in range(teams * ROOM)},
        "groups": {f"team-{team}": _group(team, teams) for team in range(teams)},
        "permissionSets": {f"{use}-{team}": _permission_set(team, use) for team, use in sets},
        "assignments": [
            grant
            for team in range(teams)
            for grant in (
                {"group": f"team-{team}", "permissionSets": _sets(team), "accounts": ACCOUNTS},
                {"user": f"person-{team * ROOM}", "permissionSets": _sets(team), "accounts": ACCOUNTS[:1]},
            )
        ],
    }


def _sets(team: int) -> list[str]:
    return [f"{use}-{team}" for use in POLICIES]


def _person(number: int) -> dict[str, str]:
    return {
        "userName": f"person-{number}",
        "givenName": "Person",
        "familyName": f"Number {number}",
        "displayName": f"Person {number}",
        "email": f"person-{number}@example.com",
        "title": "Engineer",
    }


def _group(team: int, teams: int) -> dict[str, Any]:
    following = (team + 1) % teams
    members = [*range(team * ROOM, (team + 1) * ROOM), *range(following * ROOM, (following + 1) * ROOM, 2)]
    return {
        "displayName": f"Team {team}",
        "description": "A team",
        "members": [f"person-{number}" for number in members],
    }


def _permission_set(team: int, use: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": f"arn:aws:s3:::team-{team}-*",
    }
    return {
        "name": f"{use.title()}{team}",
        "description": f"{use.title()} of a team",
        "sessionDuration": "8 hours",
        "managedPolicies": [POLICIES[use]],
        "inlinePolicy": {"Version": "2012-10-17", "Statement": [statement]},
        "tags": {"team": f"team-{team}"},
    }


def _make_all(projects: dict[str, Project], size: int) -> None:
    """Make all stacks; end the run where they do not hold the same.

    AWS holds one of them at a time. A preview without refresh asks the state only, so the state of the others
    is put back once their resources are gone.
    """
    *others, last = projects.values()
    for project in others:
        state = str(project.folder / "state.json")
        _quickly(project, "up")
        project.succeed("stack", "export", "--file", state)
        _quickly(project, "destroy")
        project.succeed("stack", "import", "--file", state)
    _quickly(last, "up")
    flat, *rest = (_provider_resources(project.exported()) for project in projects.values())
    if len(flat) != size:
        raise SystemExit(f"the stacks hold {len(flat)} resources, not {size}")
    for held in rest:
        _insist_on_equal(flat, held)


def _insist_on_equal(flat: dict[str, str], held: dict[str, str]) -> None:
    differing = sorted({row for row, _ in flat.items() ^ held.items()})
    if differing:
        first = [resources.get(differing[0], "not there") for resources in (flat, held)]
        said = f"the stacks differ in {len(differing)} resources: nothing to compare"
        raise SystemExit(f"{said}; the first is {differing[0]}:\n{first[0]}\n{first[1]}")


def _quickly(project: Project, command: str) -> None:
    """Change AWS, with the state saved at the end only: it is written twice for each resource otherwise."""
    sys.stderr.write(f"{project.folder.parent.name} resources: {command} of {project.folder.name}\n")
    quick = Project(project.folder, project.environment | {"PULUMI_SKIP_CHECKPOINTS": "true"})
    quick.succeed(command, "--yes", "--skip-preview", "--suppress-progress")


#: By type: the output that other resources name it by.
_OWN_ID = {"User": "userId", "Group": "groupId", "PermissionSet": "arn"}


def _provider_resources(state: dict[str, Any]) -> dict[str, str]:
    """Return the inputs of each provider resource by type and name; ids as the names of what they are of."""
    resources = [entry for entry in state["deployment"]["resources"] if entry["type"].startswith("aws:")]
    names: dict[str, str] = {}
    for entry in resources:
        output = _OWN_ID.get(entry["type"].split(":")[-1])
        if output is not None:
            names[entry["outputs"][output]] = f"{output} of {_name(entry)}"
    return {_name(entry): json.dumps(_named(entry["inputs"], names), sort_keys=True) for entry in resources}


def _name(entry: dict[str, Any]) -> str:
    return f"{entry['type']}::{entry['urn'].split('::')[-1]}"


def _named(value: Any, names: dict[str, str]) -> Any:  # noqa: ANN401  # JSON
    if isinstance(value, dict):
        return {key: _named(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_named(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


if __name__ == "__main__":
    sys.exit(main())
