"""How many requests it takes to see that new names are free, and that a stack with none new asks nothing.

    python bench/name_lookups.py [--sets 200] [--groups 300] [--users 1000]

The instance has so much of others already. The real engine previews stack dev: before it is made, made, with
one more group, and with one more permission set. Counted are the requests that reach the API, the provider's
and the program's; a run that gives no new name makes the same as before names were looked up. Exit status 1
where a preview takes more than it should.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import boto3
import yaml
from rich.console import Console
from rich.table import Table

from identity_center.model.existing.least_calls import PER_SECOND
from sandbox import aws, provider
from sandbox.environment import inside
from sandbox.home import CHECKOUT, Home
from sandbox.listening import LoopbackServer, Wsgi
from sandbox.project import Project
from sandbox.running_server import RunningServer
from sandbox.settings import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from sandbox.shell.commands import write_commands
from sandbox.toolchain.pulumi_cli import find_or_build

#: The requests by which names are looked up.
LOOKUPS = ("ListUsers", "ListGroups", "ListPermissionSets", "DescribePermissionSet", "ListApplications")
PAGE = 100
Calls = Counter[str]


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=int, default=200)
    parser.add_argument("--groups", type=int, default=300)
    parser.add_argument("--users", type=int, default=1000)
    size = parser.parse_args()
    calls: Calls = Counter()
    with tempfile.TemporaryDirectory() as name, counted_sandbox(Path(name), calls) as environment:
        _populate(environment["AWS_ENDPOINT_URL"], size)
        project = _project(Path(name) / "program", environment)
        rows = list(_rows(project, calls, size))
    table = Table("preview", "look-ups", "expected", f"seconds at {PER_SECOND:g} a second", "all requests")
    for title, found, expected, everything in rows:
        table.add_row(title, str(found), str(expected), f"{found / PER_SECOND:.1f}", str(everything))
    Console().print(table)
    return 0 if all(found == expected for _, found, expected, _ in rows) else 1


def _rows(project: Project, calls: Calls, size: argparse.Namespace) -> Iterator[tuple[str, int, int, int]]:
    """Preview a stack on its way; yield what was looked up beside what it should take."""
    users, groups = ceil(size.users / PAGE), ceil(size.groups / PAGE)
    sets = ceil(size.sets / PAGE) + size.sets
    yield _preview("of a stack that is not there yet", project, calls, users + groups + sets)
    project.up()
    yield _preview("of a stack in which nothing is new", project, calls, 0)
    _add(project, "groups", "second", {"displayName": "A second group"})
    yield _preview("with one more group", project, calls, ceil((size.groups + 1) / PAGE))
    _add(project, "permissionSets", "second", {"name": "Second"})
    more = ceil((size.groups + 1) / PAGE) + ceil((size.sets + 1) / PAGE) + size.sets + 1
    yield _preview("with one more permission set as well", project, calls, more)


def _preview(title: str, project: Project, calls: Calls, expected: int) -> tuple[str, int, int, int]:
    sys.stderr.write(f"preview {title}\n")
    calls.clear()
    project.succeed("preview", "--suppress-progress")
    return title, sum(calls[name] for name in LOOKUPS), expected, calls.total()


@contextmanager
def counted_sandbox(folder: Path, calls: Calls) -> Iterator[dict[str, str]]:
    """Serve the API and the provider in this process, with each request counted."""
    api = LoopbackServer(_counting(aws.create_app(), calls))
    endpoint = f"http://127.0.0.1:{api.port}"
    aws.reset(endpoint)
    aws.seed(endpoint, REGION)
    _server, port = provider.serve(endpoint)
    home, cli = Home(folder / "sandbox"), find_or_build()
    home.backend.mkdir(parents=True)
    write_commands(home, cli)
    yield inside(home, RunningServer("bench", os.getpid(), endpoint, port), cli)
    api.end()


def _counting(app: Wsgi, calls: Calls) -> Wsgi:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        calls[str(environ.get("HTTP_X_AMZ_TARGET", environ.get("PATH_INFO"))).rpartition(".")[2]] += 1
        return app(environ, start_response)

    return answer


def _populate(endpoint: str, size: argparse.Namespace) -> None:
    session = boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION)
    sso: Any = session.client("sso-admin", endpoint_url=endpoint)
    store: Any = session.client("identitystore", endpoint_url=endpoint)
    (instance,) = sso.list_instances()["Instances"]
    for number in range(size.sets):
        sso.create_permission_set(InstanceArn=instance["InstanceArn"], Name=f"Theirs{number}")
    of_store = {"IdentityStoreId": instance["IdentityStoreId"]}
    for number in range(size.groups):
        store.create_group(**of_store, DisplayName=f"Their group {number}")
    for number in range(size.users):
        person = {"GivenName": "Some", "FamilyName": "Body"}
        store.create_user(**of_store, UserName=f"person{number}", DisplayName=f"P {number}", Name=person)


def _project(folder: Path, environment: dict[str, str]) -> Project:
    folder.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / name, folder / name)
    (folder / ".venv").symlink_to(environment["VIRTUAL_ENV"])
    project = Project(folder, environment)
    project.succeed("stack", "init", "dev")
    return project


def _add(project: Project, section: str, key: str, entry: dict[str, str]) -> None:
    config = yaml.safe_load((project.folder / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
    config[f"identity-center:{section}"][key] = entry
    project.write_config(config)


if __name__ == "__main__":
    sys.exit(main())
