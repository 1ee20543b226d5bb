"""Stacks of many assignments for apply_speed.py and state_size.py, and how long an update of one takes.

Every account has as many assignments as there are permission sets: a group of people with a few roles
everywhere, which is how large organisations come to their numbers.
"""

import re
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from sandbox.home import CHECKOUT
from sandbox.project import Project
from sandbox.settings import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY

MANAGEMENT = "123456789012"
#: Permission sets, and so assignments of an account.
SETS = 10
#: The largest stacks take long; a hang is for whoever looks on.
_LONGEST = 6 * 3600
#: Writes the state at the end only.
AT_THE_END = {"PULUMI_SKIP_CHECKPOINTS": "true"}
_UP = ("up", "--yes", "--skip-preview", "--suppress-progress")


@dataclass(frozen=True)
class Update:
    """What an update was like."""

    seconds: float
    made: int
    said: str


def accounts_of(assignments: int) -> int:
    """Return how many accounts hold so many assignments."""
    return -(-assignments // SETS)


def member_accounts(environment: dict[str, str], wanted: int) -> list[str]:
    """Return so many member accounts of the sandbox's organisation, made where they are missing."""
    session = boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION)
    organizations: Any = session.client("organizations", endpoint_url=environment["AWS_ENDPOINT_URL"])
    pages = organizations.get_paginator("list_accounts").paginate()
    numbers = [account["Id"] for page in pages for account in page["Accounts"]]
    numbers = [number for number in numbers if _can_be_written(number)]
    while len(numbers) < wanted:
        name = f"member-{len(numbers)}-{secrets.token_hex(4)}"
        asked = {"Email": f"{name}@example.com", "AccountName": name}
        number = organizations.create_account(**asked)["CreateAccountStatus"]["AccountId"]
        numbers += [number] * _can_be_written(number)
    return numbers[:wanted]


def _can_be_written(number: str) -> bool:
    """Leave out one that begins with 0: PyYAML writes it without quotes, and then it is no account id."""
    return number != MANAGEMENT and not number.startswith("0")


def project(folder: Path, environment: dict[str, str]) -> Project:
    """Return the project's own program with a new stack `dev`."""
    folder.mkdir(parents=True)
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / name, folder)
    (folder / ".venv").symlink_to(environment["VIRTUAL_ENV"])
    made = Project(folder, environment)
    made.succeed("stack", "init", "dev")
    return made


def config(accounts: list[str], more: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a stack's configuration: a group with every permission set in every account."""
    sets = {f"set-{number}": _permission_set(number) for number in range(SETS)}
    assignment = {"group": "platform", "permissionSets": [*sets], "accounts": accounts}
    sections = {
        "groups": {"platform": {"displayName": "Platform"}},
        "permissionSets": sets,
        "assignments": [assignment],
        **(more or {}),
    }
    return {"aws:region": REGION, **{f"identity-center:{key}": each for key, each in sections.items()}}


def _permission_set(number: int) -> dict[str, Any]:
    return {"name": f"Set{number}", "managedPolicies": ["ReadOnlyAccess"]}


def update(large: Project, *options: str, **environment: str) -> Update:
    """Run `pulumi up` without its preview; end the bench where it fails."""
    began = time.perf_counter()
    said = run(large, *_UP, *options, **environment)
    seconds = time.perf_counter() - began
    made = re.search(r"\+ (\d+) created", said)
    return Update(seconds, int(made[1]) if made else 0, said)


def destroy(large: Project) -> None:
    """Take the stack's resources away."""
    run(large, "destroy", *_UP[1:], **AT_THE_END)


def run(large: Project, *command: str, **environment: str) -> str:
    """Run `pulumi`, however long it takes; end the bench where it fails."""
    ended = subprocess.run(  # noqa: S603  # the bench's own command
        [shutil.which("pulumi", path=large.environment["PATH"]) or "pulumi", *command, "--non-interactive"],
        cwd=large.folder,
        env=large.environment | environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LONGEST,
    )
    if ended.returncode:
        told = ended.stdout[-6000:]
        raise SystemExit(f"pulumi {' '.join(command)}: exit status {ended.returncode}\n{told}")
    return ended.stdout
