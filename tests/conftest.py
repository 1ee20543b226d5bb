"""What holds for every test."""

import os
import random
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

import botocore.session
import pytest
from botocore.hooks import EventAliaser, HierarchicalEmitter
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
CHECKOUT = TESTS.parent

# No test is about time, and a busy machine must not fail one. CI takes the same examples each time, so that a
# red run is about the change; elsewhere new ones are tried.
settings.register_profile(
    "project",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("project")


@pytest.fixture(scope="session", autouse=True)
def _service_models_read_once() -> Iterator[None]:
    """Let all boto3 sessions of a process share what botocore reads of its own files, and names of events.

    Each test makes its own, as each call of the command does, and would read megabytes of JSON anew; each
    client works out the names of hundreds of events, an eighth of the time of a test that asks AWS.
    """
    names_of_one = partial(vars(EventAliaser)["_alias_event_name"], EventAliaser(HierarchicalEmitter()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        patch.setattr(EventAliaser, "_alias_event_name", staticmethod(names_of_one))
        yield


@pytest.fixture(scope="session")
def source_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive from a copy of what git has of the checkout, or would have."""
    folder = tmp_path_factory.mktemp("source")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 # git of the PATH
        cwd=CHECKOUT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, folder / name)
    built = tmp_path_factory.mktemp("dist")
    program = "import sys; from setuptools.build_meta import build_sdist; build_sdist(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", program, str(built)], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    (archive,) = built.iterdir()
    return archive


@pytest.fixture(scope="session")
def wheel(source_archive: Path) -> Path:
    """Build the wheel from the source archive, without a network: what the one lacks the other lacks."""
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--quiet", "--wheel-dir", "."]
    _pip("wheel", *options, str(source_archive), cwd=source_archive.parent)
    (built,) = source_archive.parent.glob("*.whl")
    return built


@dataclass(frozen=True)
class Installed:
    """A virtual environment that has the wheel and what it depends on, and nothing of the checkout."""

    folder: Path

    @property
    def packages(self) -> Path:
        """The folder that the wheel's packages are in."""
        (found,) = self.folder.glob("lib/python*/site-packages")
        return found

    def run(self, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment; any exit status is an answer."""
        return subprocess.run(
            [str(self.folder / "bin" / command[0]), *command[1:]],
            cwd=cwd,
            env={"PATH": os.defpath, "IDENTITY_CENTER_TODAY": "2026-11-23"},
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture(scope="session")
def borrow_dependencies() -> Callable[[Path], None]:
    """Return a function that lets a virtual environment find the packages of the tests' own.

    A path in a .pth file is searched, but the .pth files there are not read: the one that leads to the
    checkout, of the editable install, has no effect.
    """

    def borrow(environment: Path) -> None:
        (packages,) = environment.glob("lib/python*/site-packages")
        path = sysconfig.get_path("purelib")
        (packages / "dependencies.pth").write_text(f"{path}\n", encoding="utf-8")

    return borrow


@pytest.fixture(scope="session")
def installed(
    wheel: Path, borrow_dependencies: Callable[[Path], None], tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    """Install the wheel into an empty virtual environment."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    _pip("--python", python, "install", "--no-deps", "--no-index", "--quiet", str(wheel), cwd=folder)
    borrow_dependencies(folder)
    return Installed(folder)


def _pip(*arguments: str, cwd: Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    subprocess.run(command, cwd=cwd, check=True)


def pytest_configure(config: pytest.Config) -> None:
    """Let all processes of a run iterate over sets alike: names of tests are made of them, and must agree.

    Each run takes another order, which its header names.
    """
    if not hasattr(config, "workerinput"):
        os.environ.setdefault("PYTHONHASHSEED", str(random.randrange(2**32)))  # noqa: S311  # nothing secret


#: What takes longest by itself, the longest first, as `--durations` showed on 2026-11-30. A file is one
#: worker's: whoever began one of these at the end would keep the others waiting.
LONGEST: Final = (
    "differential/test_against_oracle.py",
    "live/test_permissions.py",
    "resources/test_validate_as_a_run.py",
    "properties/test_laws.py",
    "properties/test_rewriting.py",
    "model/test_each_key_wrong.py",
    "corpus/test_corpus.py",
    "provider/test_life_of_each_type.py",
    "report/test_page_in_a_browser.py",
    "live/test_calls_of_a_reading.py",
    "live/drift/test_drift_remove.py",
    "live/adopt/test_adopt.py",
    "live/root/test_root_audit_on_a_bad_day.py",
    "live/sign_ins/test_access.py",
    "live/test_permissions_of_readings.py",
    "cli/test_command_line.py",
    "chains/test_against_the_slow_way.py",
    "package/test_wheel.py",
    "live/drift/test_drift_on_a_bad_day.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; the others stay in their order."""
    place = {TESTS / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


def pytest_report_header() -> str:
    """Say how the order of sets is had again."""
    return f"PYTHONHASHSEED={os.environ['PYTHONHASHSEED']} in the processes that run the tests"
