"""The language host: programs and packs behave as with upstream's, errors and interrupts included."""

import os
import signal
import subprocess
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.processes import is_running
from sandbox.project import Project
from tests.choice import choice

pytestmark = pytest.mark.engine

PACK = """
import pulumi
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def tell(args, report):
    if args.resource_type == "pulumi:pulumi:Stack":
        word = pulumi.Config().get('word')
        report(f"project={pulumi.get_project()} stack={pulumi.get_stack()} word={word}")


policy = ResourceValidationPolicy("tell", "tells what it knows", tell)
PolicyPack("telling", [policy], EnforcementLevel.ADVISORY)
"""


def write_program(project: Project, text: str) -> None:
    """Write the project's program."""
    (project.folder / "__main__.py").write_text(textwrap.dedent(text), encoding="utf-8")


def test_a_program_gets_its_config_and_secrets_stay_secret(empty_project: Project) -> None:
    """A secret that is shown once is no secret any more."""
    write_program(
        empty_project,
        """
        import pulumi
        config = pulumi.Config()
        pulumi.export("word", config.require("word"))
        pulumi.export("secret", config.require_secret("secret"))
        """,
    )
    empty_project.succeed("config", "set", "word", "plain")
    empty_project.succeed("config", "set", "--secret", "secret", "hidden-value")

    shown = empty_project.succeed("up", "--yes").output

    assert "plain" in shown
    assert "[secret]" in shown
    assert "hidden-value" not in shown
    assert (
        empty_project.succeed("stack", "output", "--show-secrets", "secret").output.strip() == "hidden-value"
    )


def test_a_mistake_that_a_program_reports_is_shown_without_a_traceback(empty_project: Project) -> None:
    """Users see what they did wrong, not how the program is built."""
    write_program(empty_project, 'import pulumi\nraise pulumi.RunError("group `ops` is not defined")\n')

    ended = empty_project.pulumi("preview")

    assert ended.status != 0
    assert "group `ops` is not defined" in ended.output
    assert "Traceback" not in ended.output


def test_a_crash_shows_the_users_own_lines_once(empty_project: Project) -> None:
    """Frames of the launcher would hide the one line that matters."""
    write_program(empty_project, "def broken():\n    return 1 / 0\n\n\nbroken()\n")

    ended = empty_project.pulumi("preview")

    assert ended.status != 0
    assert ended.output.count("ZeroDivisionError: division by zero") == 1
    assert "return 1 / 0" in ended.output
    assert "runpy" not in ended.output


def test_a_missing_virtual_environment_says_how_to_make_it(empty_project: Project) -> None:
    """Upstream's host says the same: the environment is named in Pulumi.yaml and not there."""
    (empty_project.folder / "Pulumi.yaml").write_text(
        "name: own\nruntime:\n  name: python\n  options:\n    virtualenv: nowhere\n", encoding="utf-8"
    )
    write_program(empty_project, "")

    ended = empty_project.pulumi("preview")

    assert ended.status != 0
    assert "nowhere" in ended.output
    assert "pulumi install" in ended.output


def test_a_pack_knows_the_stack_that_it_judges(empty_project: Project, tmp_path: Path) -> None:
    """Without the proxy a pack would see placeholders for project and stack, and no config."""
    write_program(empty_project, "")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n", encoding="utf-8")
    (pack / "__main__.py").write_text(PACK, encoding="utf-8")
    empty_project.succeed("config", "set", "word", "shibboleth")

    shown = empty_project.succeed("preview", "--policy-pack", str(pack)).output

    assert "project=own stack=dev word=shibboleth" in shown


@pytest.mark.parametrize(
    "text",
    choice(
        {"exits": "import sys\nsys.exit('no')\n", "no port": "print('no port')\n", "raises": "1 / 0\n"},
        "raises",
    ),
)
def test_a_pack_that_does_not_come_up_fails_the_run(
    empty_project: Project, tmp_path: Path, text: str
) -> None:
    """A guard that is not there must never look like a guard that agrees, nor like one that still thinks."""
    write_program(empty_project, "")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\n", encoding="utf-8")
    (pack / "__main__.py").write_text(text, encoding="utf-8")

    assert empty_project.pulumi("preview", "--policy-pack", str(pack)).status != 0


@pytest.mark.thorough
def test_cancelling_in_the_middle_ends_everything(empty_project: Project) -> None:
    """Whoever presses Ctrl-C must not find a program still working on the organisation an hour later."""
    running, program = _sleeping(empty_project)

    os.killpg(running.pid, signal.SIGINT)

    assert running.wait(30) != 0
    _wait_until(lambda: not is_running(program), "the program outlived its engine")


@pytest.mark.thorough
def test_an_engine_that_is_killed_takes_its_program_with_it(empty_project: Project) -> None:
    """A machine that kills the job must not leave half of it running."""
    running, program = _sleeping(empty_project)

    running.kill()
    running.wait(30)

    _wait_until(lambda: not is_running(program), "the program outlived its engine")


def test_about_names_the_python_that_runs(empty_project: Project) -> None:
    """`pulumi about` is what people paste into a question."""
    write_program(empty_project, "")

    about = empty_project.succeed("about").output

    assert "python" in about
    assert "pulumi_aws" in about.replace("-", "_")


@pytest.mark.thorough
def test_install_makes_the_environment_and_fills_it(empty_project: Project) -> None:
    """`pulumi install` is what a user of Pulumi types first."""
    (empty_project.folder / "Pulumi.yaml").write_text(
        "name: own\nruntime:\n  name: python\n  options:\n    virtualenv: venv\n", encoding="utf-8"
    )
    (empty_project.folder / "requirements.txt").write_text("./wheel-of-ours\n", encoding="utf-8")
    package = empty_project.folder / "wheel-of-ours"
    package.mkdir()
    (package / "pyproject.toml").write_text(
        '[project]\nname = "ours"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\n'
        'build-backend = "setuptools.build_meta"\n[tool.setuptools]\npy-modules = ["ours"]\n',
        encoding="utf-8",
    )
    (package / "ours.py").write_text("", encoding="utf-8")

    empty_project.succeed("install")

    found = empty_project.run(str(empty_project.folder / "venv/bin/python"), "-c", "import ours")
    assert found.status == 0, found.output


def _sleeping(project: Project) -> tuple[subprocess.Popen[bytes], int]:
    """Start a preview whose program sleeps; return it, and the program's process id."""
    write_program(
        project,
        """
        import pathlib, os, time
        pathlib.Path("pid").write_text(str(os.getpid()))
        time.sleep(600)
        """,
    )
    pid_file = project.folder / "pid"
    running = project.start("pulumi", "preview", "--non-interactive")
    # It is there for a moment before anything is in it.
    _wait_until(lambda: pid_file.exists() and pid_file.read_text() != "", "the program never started")
    return running, int(pid_file.read_text())


def _wait_until(holds: Callable[[], bool], otherwise: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)
