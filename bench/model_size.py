"""How much CPU time a large model takes: read, loaded, validated and resolved, at 1, 2 and 4 times its size.

    python bench/model_size.py [--rounds 3] [--scales 1 2 4]

The organisation is generated: at scale 1 it has 500 accounts in nested units, 5,000 users, 300 groups, and
10,000 grants by every kind of target, with exceptions, and permission sets that extend others. Each scale
runs in a process of its own, and the best of the rounds counts, as the machine has more to do. Exit status 1
where scale 1 takes more than the goal, or where the time for each grant at the largest scale is more than
GROWTH times that of the smallest: then the cost is not linear.
"""

import argparse
import gc
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from identity_center.model.assemble import assemble
from identity_center.model.language.clock import Clock
from identity_center.model.mistakes import collector_paused
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation, Unit
from identity_center.model.reading.sources import of_folder
from identity_center_cli.stacks.written_model import WithoutAws

DAY = date(2026, 11, 23)
GOAL = 2.0
GROWTH = 1.25
ACCOUNTS, USERS, GROUPS, SETS = 500, 5_000, 300, 60
PER_UNIT = 10
MANAGEMENT = "100000000000"
ENVIRONMENTS = ("production", "staging", "sandbox")


def organisation(scale: int) -> Organisation:
    """Return accounts, ten to a team, whose unit is four levels below the root."""
    units = [Unit("r-root", "Root", None)]
    accounts = [MemberAccount(MANAGEMENT, "management", AccountState.ACTIVE, "r-root", {})]
    for number in range(ACCOUNTS * scale):
        team = number // PER_UNIT
        if number % PER_UNIT == 0:
            units += _units_of(team)
        state = AccountState.OTHER if number % 97 == 0 else AccountState.ACTIVE
        tags = {"team": f"team-{team}", "environment": ENVIRONMENTS[number % 3]}
        unit = f"ou-root-{'abcd'[number % 2]}{team:07}"
        accounts.append(MemberAccount(str(100000000001 + number), f"account-{number}", state, unit, tags))
    return Organisation.of(MANAGEMENT, accounts, units)


def _units_of(team: int) -> list[Unit]:
    """Return the units of a team: one below another, and half of its accounts in each of the lower two."""
    parent, upper = f"ou-root-x{team // 10:07}", f"ou-root-u{team:07}"
    area = [Unit(parent, f"area-{team // 10}", "r-root")] if team % 10 == 0 else []
    lower = [Unit(f"ou-root-{which}{team:07}", f"team-{team}-{which}", upper) for which in "ab"]
    return [*area, Unit(upper, f"team-{team}", parent), *lower]


def targets(number: int, team: int) -> list[Any]:
    """Return targets of one kind after the other, about ten accounts each, in one team."""
    first = 100000000001 + team * PER_UNIT
    area = f"area-{team // 10}"
    kinds: list[list[Any]] = [
        [str(first + place) for place in range(1, 10)],
        [f"account-{team * PER_UNIT + place}" for place in range(1, 10)],
        [{"unit": f"{area}/team-{team}"}],
        [{"unit": f"team-{team}"}, {"except": [str(first + 1)]}],
        [{"unit": f"ou-root-u{team:07}"}],
        [{"unit": f"{area}/team-{team}/team-{team}-a", "children": False}, {"unit": f"team-{team}-b"}],
        [{"tagged": {"tag": "team", "is": f"team-{team}"}}],
        [
            {
                "tagged": {
                    "and": [
                        {"or": [{"tag": "team", "is": f"team-{team}"}, {"tag": "team", "is": "team-0"}]},
                        {"not": {"tag": "environment", "in": ["sandbox"]}},
                    ]
                }
            },
            {"except": [{"unit": "area-0/team-0", "children": True}]},
        ],
    ]
    return kinds[number % len(kinds)]


def model(scale: int) -> dict[str, Any]:
    """Return a model as its files hold it."""
    teams, groups, users = ACCOUNTS * scale // PER_UNIT, GROUPS * scale, USERS * scale
    sets = {f"set-{n}": _permission_set(n) for n in range(SETS)}
    assignments = [
        {
            "group": f"group-{number % groups}",
            "permissionSets": [f"set-{number // groups}"],
            "accounts": targets(number, number % teams),
            "owner": "platform",
            "reviewBy": "2027-06-30",
        }
        # A bit over 1,000 entries of about nine accounts each, and two of all accounts.
        for number in range(1030 * scale)
    ]
    everywhere = [
        {"user": f"user-{n}", "permissionSets": ["set-59"], "accounts": ["all", {"except": [f"account-{n}"]}]}
        for n in (1, 2)
    ]
    return {
        "users": {f"user-{n}": _user(n) for n in range(users)},
        "groups": {
            f"group-{n}": {
                "displayName": f"Group {n}",
                "members": [f"user-{(n * 17 + place) % users}" for place in range(17)],
            }
            for n in range(groups)
        },
        "permissionSets": sets,
        "assignments": assignments + everywhere,
    }


def _user(number: int) -> dict[str, str]:
    return {
        "userName": f"user-{number}",
        "givenName": "Some",
        "familyName": f"Body {number}",
        "displayName": f"Some Body {number}",
        "email": f"user-{number}@example.com",
    }


def _permission_set(number: int) -> dict[str, Any]:
    base = {"extends": f"set-{number - 1}"} if number % 5 else {"sessionDuration": "4 hours"}
    return {"name": f"Set{number}", "managedPolicies": [f"Policy{number}"], **base}


def measure(scale: int, rounds: int) -> tuple[float, float, int]:
    """Return CPU seconds: for reading the files, and for the rest; and the number of grants."""
    where = organisation(scale)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, content in model(scale).items():
            text = yaml.dump({part: content}, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper))
            (folder / f"{part}.yaml").write_text(text, encoding="utf-8")
        figures = [_round(folder, where) for _ in range(rounds)]
    return min(figures, key=lambda figure: figure[0] + figure[1])


def _round(folder: Path, where: Organisation) -> tuple[float, float, int]:
    gc.collect()
    with collector_paused():  # as the program does
        began = time.process_time()
        sources = of_folder(folder)
        read = time.process_time()
        found = assemble(sources, Clock(DAY), WithoutAws(""), where)
        ended = time.process_time()
    if found.mistakes or len(found.access.permission_sets) != SETS:
        raise SystemExit(f"the generated model has mistakes, such as: {found.mistakes[:3]}")
    return read - began, ended - read, len(found.access.grants)


def main() -> int:
    """Measure each scale in a process of its own, and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scales", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--one", type=int, help="measure this scale in this process and print the figures")
    arguments = parser.parse_args()
    if arguments.one is not None:
        sys.stdout.write(" ".join(map(str, measure(arguments.one, arguments.rounds))))
        return 0
    return _show({scale: _in_a_process(scale, arguments.rounds) for scale in arguments.scales})


def _in_a_process(scale: int, rounds: int) -> tuple[float, float, int]:
    command = [sys.executable, __file__, "--one", str(scale), "--rounds", str(rounds)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603  # itself
    return float(told[0]), float(told[1]), int(told[2])


def _show(figures: dict[int, tuple[float, float, int]]) -> int:
    table = Table("scale", "grants", "read files", "load, validate, resolve", "together", "µs a grant")
    each: list[float] = []
    for scale, (read, rest, grants) in figures.items():
        each.append((read + rest) / grants * 1e6)
        table.add_row(
            f"{scale}x",
            f"{grants:,}",
            f"{read:.2f} s",
            f"{rest:.2f} s",
            f"{read + rest:.2f} s",
            f"{each[-1]:.0f}",
        )
    Console().print(table)
    read, rest, _ = next(iter(figures.values()))
    growth = each[-1] / each[0]
    sys.stdout.write(f"smallest: {read + rest:.2f} s of CPU (goal: under {GOAL:g}); ")
    sys.stdout.write(
        f"a grant at the largest scale costs {growth:.2f} of one at the smallest (goal: {GROWTH})\n"
    )
    return 0 if read + rest < GOAL and growth <= GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
