"""How large the state of a stack is, and what an update of it costs, by where the state is kept.

    python bench/state_size.py [--resources 1000 3000 10000]

A stack of so many resources gets ten assignments more, with the state in a folder, and in an object store
(moto's S3, as Pulumi's own backend for S3 sees it). The engine writes the whole state before and after each
change; what that costs is the difference from the same update that writes it at the end only. Variables of
Pulumi's that make the state or its writing smaller are tried at the middle size.

At the largest size a tenth of the assignments is moved to another stack (docs/large-organisations.md).

The large states are made of a small one: its assignments, copied for more accounts. AWS has none of them,
which an update that refreshes nothing does not notice. Exit status 1 where a state is larger than
PER_RESOURCE for each of its resources, or a second update of a stack in the object store is not refused while
one runs.
"""

import argparse
import json
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
from large_stacks import AT_THE_END, SETS, config, member_accounts, project, run, update
from moto.server import ThreadedMotoServer
from rich.console import Console
from rich.table import Table
from side_by_side import own_sandbox

from sandbox.project import Project
from sandbox.settings import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY

#: Bytes of the state for each resource: half of them say where in the program it was registered.
PER_RESOURCE = 5_000
#: Resources of a stack beside its assignments: stack, provider, model, sets and their policies.
BESIDE = 5 + 3 * SETS
BUCKET = "state"
#: How the URN of a permission set of stack `dev` begins.
OF_SET = (
    "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:PermissionSet::"
)
#: Tried at the middle size. Source: pulumi/pulumi sdk/go/common/env/env.go.
SETTINGS = {
    "PULUMI_DIY_BACKEND_ZSTD": {"PULUMI_DIY_BACKEND_ZSTD": "true"},
    "PULUMI_DIY_BACKEND_GZIP": {"PULUMI_DIY_BACKEND_GZIP": "true"},
    "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": {
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true"
    },
}
EACH_STEP, AT_END = "at every step", "PULUMI_SKIP_CHECKPOINTS"


@dataclass(frozen=True)
class Row:
    """What one update cost."""

    resources: int
    backend: str
    written: str
    state_bytes: int
    seconds: float


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--resources", type=int, nargs="+", default=[1000, 3000, 10000])
    sizes = parser.parse_args().resources
    with (
        tempfile.TemporaryDirectory() as name,
        own_sandbox(Path(name)) as environment,
        _object_store() as store,
    ):
        rows = list(_measured(Path(name), environment, store, sizes))
        locks = _locks(Path(name), environment | {"PULUMI_BACKEND_URL": store.url}, store)
    _show(rows)
    sys.stdout.write(
        f"a second update of a stack in the object store: {'refused' if locks else 'NOT REFUSED'}\n"
    )
    small = all(row.state_bytes <= PER_RESOURCE * row.resources for row in rows)
    return 0 if small and locks else 1


@dataclass(frozen=True)
class _Store:
    url: str
    client: Any

    def size(self, pattern: str) -> int:
        """Return the bytes of the object whose key has the pattern."""
        listed = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return sum(each["Size"] for each in listed if pattern in each["Key"] and ".bak" not in each["Key"])

    def has(self, pattern: str) -> bool:
        """Say whether there is an object whose key has the pattern."""
        listed = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return any(pattern in each["Key"] for each in listed)


@contextmanager
def _object_store() -> Iterator[_Store]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client: Any = boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION).client(
        "s3", endpoint_url=endpoint
    )
    client.create_bucket(Bucket=BUCKET)
    yield _Store(f"s3://{BUCKET}?endpoint={endpoint}&s3ForcePathStyle=true&region={REGION}", client)
    server.stop()


def _measured(folder: Path, environment: dict[str, str], store: _Store, sizes: list[int]) -> Iterator[Row]:
    accounts = member_accounts(environment, 1 + max(sizes) // SETS + 20)
    fresh = iter(accounts[-20:])
    small = project(folder / "small", environment)
    small.write_config(config(accounts[:1]))
    update(small, **AT_THE_END)
    seed = small.exported()
    for size in sizes:
        used = accounts[: (size - BESIDE) // SETS]
        state = _grown(folder, environment, seed, used)
        settings: dict[str, dict[str, str]] = {EACH_STEP: {}, AT_END: AT_THE_END}
        if size == sizes[len(sizes) // 2]:
            settings |= SETTINGS
        for backend in ("folder", "object store"):
            for written, variables in settings.items():
                row = _one(folder, environment, store, state, [*used, next(fresh)], backend, variables)
                yield replace(row, resources=size, written=written)
                sys.stderr.write(
                    f"{size} {backend} {written}: {row.seconds:.0f} s, {row.state_bytes:,} bytes\n"
                )
    _move(folder, environment, state)


def _one(  # noqa: PLR0913, PLR0917  # what is the same for all rows, and what is not
    folder: Path,
    environment: dict[str, str],
    store: _Store,
    state: Path,
    accounts: list[str],
    backend: str,
    variables: dict[str, str],
) -> Row:
    """Take a state into a new stack, and measure an update that makes ten assignments more."""
    where = Path(tempfile.mkdtemp(dir=folder))
    (where / "backend").mkdir()
    url = store.url if backend == "object store" else f"file://{where / 'backend'}"
    large = project(where / "large", environment | {"PULUMI_BACKEND_URL": url} | variables)
    run(large, "stack", "import", "--file", str(state))
    large.write_config(config(accounts))
    made = update(large, **variables)
    if made.made != SETS:
        raise SystemExit(f"{made.made} resources were made, not {SETS}\n{made.said[-3000:]}")
    size = store.size("stacks/") if backend == "object store" else _size(where / "backend")
    run(large, "stack", "rm", "--yes", "--force")
    return Row(0, backend, "", size, made.seconds)


def _size(backend: Path) -> int:
    found = [file for file in backend.rglob("stacks/**/dev.json*") if ".bak" not in file.name]
    return sum(file.stat().st_size for file in found if not file.name.endswith(".attrs"))


def _grown(folder: Path, environment: dict[str, str], seed: dict[str, Any], accounts: list[str]) -> Path:
    """Write the state of a stack that has its assignments in so many accounts, made of that of one account.

    An update that changes nothing brings the stack's outputs up to date, the model of the last update first.
    """
    first, *others = accounts
    resources = seed["deployment"]["resources"]
    copied = [json.dumps(each) for each in resources if each["type"].endswith(":AccountAssignment")]
    more = [json.loads(each.replace(first, other)) for other in others for each in copied]
    grown = {**seed, "deployment": {**seed["deployment"], "resources": [*resources, *more]}}
    where = Path(tempfile.mkdtemp(dir=folder))
    file = where / "state.json"
    file.write_text(json.dumps(grown), encoding="utf-8")
    (where / "backend").mkdir()
    url = f"file://{where / 'backend'}"
    large = project(where / "large", environment | {"PULUMI_BACKEND_URL": url})
    run(large, "stack", "import", "--file", str(file))
    large.write_config(config(accounts))
    update(large, "--expect-no-changes", **AT_THE_END)
    run(large, "stack", "export", "--file", str(file))
    return file


def _move(folder: Path, environment: dict[str, str], state: Path) -> None:
    """Move a permission set and its assignments to another stack, and say how long it takes."""
    where = Path(tempfile.mkdtemp(dir=folder))
    (where / "backend").mkdir()
    large = project(where / "large", environment | {"PULUMI_BACKEND_URL": f"file://{where / 'backend'}"})
    run(large, "stack", "import", "--file", str(state))
    run(large, "stack", "init", "second")
    began = time.perf_counter()
    run(large, "state", "move", "--yes", "--source", "dev", "--dest", "second", f"{OF_SET}set-0")
    seconds = time.perf_counter() - began
    moved = run(large, "stack", "export", "--stack", "second").count(":AccountAssignment::")
    sys.stdout.write(f"{moved} assignments moved to another stack: {seconds:.0f} s\n")


def _locks(folder: Path, environment: dict[str, str], store: _Store) -> bool:
    """Say whether a second update of a stack in the object store is refused while the first runs."""
    stack: Project = project(Path(tempfile.mkdtemp(dir=folder)) / "locked", environment)
    stack.write_config(config(member_accounts(environment, 1)))
    first = stack.start("pulumi", *_UP, "--non-interactive")
    try:
        while not store.has("locks/") and first.poll() is None:
            time.sleep(0.05)
        second = stack.pulumi(*_UP)
    finally:
        first.wait()
    return bool(second.status) and "the stack is currently locked" in second.output


_UP = ("up", "--yes", "--skip-preview", "--suppress-progress")


def _show(rows: list[Row]) -> None:
    table = Table("resources", "state in", "state", "each resource", "ten assignments more", "written")
    for row in rows:
        table.add_row(
            f"{row.resources:,}",
            row.backend,
            f"{row.state_bytes / 1e6:.1f} MB",
            f"{row.state_bytes / row.resources / 1000:.1f} KB",
            f"{row.seconds:.0f} s",
            row.written,
        )
    Console(width=140).print(table)


if __name__ == "__main__":
    sys.exit(main())
