"""`identity-center init`: the project that it writes, and where it writes none."""

import shutil
import subprocess
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest
import yaml

from identity_center.model.reading.folder import read_folder
from identity_center.model.reading.load import load
from identity_center_cli import installed
from identity_center_cli.installed import requirement
from identity_center_cli.pipelines import FORGES, templates
from identity_center_cli.project_files import FILES, TEMPLATES
from identity_center_cli.verbs import snapshot
from identity_center_cli.verbs.init import DAYS_OF_THE_EXAMPLE

CHECKOUT = Path(__file__).parents[2]
Command = Any  # of the conftest, which a test module cannot import
HEX = "0123456789abcdef0123456789abcdef01234567"
GIT_ORIGIN = """{"url": "https://example.org/a/b", "vcs_info": {"vcs": "git", "requested_revision": "v0.1.0",
    "commit_id": "0123456789abcdef0123456789abcdef01234567"}}"""
#: What pip keeps of where a package came from, and the line that brings the same again.
ORIGINS = {
    "git": (
        GIT_ORIGIN,
        f"identity-center-as-code @ git+https://example.org/a/b@{HEX}",
    ),
    "file with a hash": (
        '{"url": "https://example.org/a.whl", "archive_info": {"hashes": {"sha256": "00ff"}}}',
        "identity-center-as-code @ https://example.org/a.whl#sha256=00ff",
    ),
    "file without": (
        '{"url": "file:///tmp/a.whl", "archive_info": {}}',
        "identity-center-as-code @ file:///tmp/a.whl",
    ),
    "folder": ('{"url": "file:///src", "dir_info": {}}', "identity-center-as-code @ file:///src"),
    "checkout": ('{"url": "file:///src", "dir_info": {"editable": true}}', "--editable file:///src"),
    "index": (None, "identity-center-as-code==9.8.7"),
}


def test_the_project_is_whole_and_its_model_has_no_mistake(command: Command, tmp_path: Path) -> None:
    """The first thing that a newcomer sees must not be a mistake that they did not make."""
    ended = command("init", "our-access")
    folder = tmp_path / "our-access"

    assert ended.status == 0
    assert ended.errors == ""
    assert {"pulumi install", "pulumi stack init dev"} <= {line.strip() for line in ended.output.splitlines()}
    assert '  pulumi up --policy-pack "$(identity-center pack-path)"\n' in ended.output
    files, mistakes = read_folder(folder / "access")
    texts = [file.read_text(encoding="utf-8") for file in (folder / "access").glob("*.yaml")]
    values: dict[str, Any] = {key: value for text in texts for key, value in yaml.safe_load(text).items()}
    assert len(files) == len(texts)
    assert list(mistakes) == []
    assert set(values) == {"users", "groups", "permissionSets", "assignments", "mfaRequirement"}
    assert load(values).mistakes == ()


def test_git_ignores_every_file_that_holds_data_of_people(command: Command, tmp_path: Path) -> None:
    """A snapshot that is committed once is in the history for ever."""
    assert command("init", "our-access").status == 0
    folder = tmp_path / "our-access"
    git = str(shutil.which("git"))
    subprocess.run([git, "init", "--quiet"], cwd=folder, check=True)
    files = [
        *(snapshot.DEFAULT_FILE, f".{snapshot.DEFAULT_FILE}.partial", "people.snapshot.json"),
        *("root-audit.json", "mfa-evidence.json", "access-changes.json"),
    ]

    asked = subprocess.run(
        [git, "check-ignore", *files], cwd=folder, capture_output=True, text=True, check=False
    )
    kept = subprocess.run([git, "check-ignore", "access/people.yaml"], cwd=folder, check=False)

    assert asked.stdout.splitlines() == files
    assert kept.returncode == 1, "the model is for git"


def test_the_examples_mfa_settings_lapse_soon(command: Command, tmp_path: Path) -> None:
    """Nobody has looked at the real ones: what counts for long would be taken for somebody's word."""
    assert command("init").status == 0
    text = (tmp_path / "access" / "mfa.yaml").read_text(encoding="utf-8")

    assert DAYS_OF_THE_EXAMPLE <= 31
    assert yaml.safe_load(text)["mfaRequirement"]["validUntil"] == "2026-12-20"


def test_editors_find_the_schemas(command: Command, tmp_path: Path) -> None:
    """A comment that names a file which is not there completes nothing."""
    assert command("init").status == 0
    written = [tmp_path / "Pulumi.dev.yaml", *(tmp_path / "access").glob("*.yaml")]

    assert len(written) == 5
    for file in written:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        assert (file.parent / first.removeprefix("# yaml-language-server: $schema=")).is_file()


def test_schemas_are_written_anew(command: Command, tmp_path: Path) -> None:
    """After an upgrade the old ones would call new keys wrong."""
    assert command("init").status == 0
    schema = tmp_path / "schemas" / "access-model.schema.json"
    whole = schema.read_text(encoding="utf-8")
    schema.write_text("{}", encoding="utf-8")

    assert command("schemas").status == 0
    assert schema.read_text(encoding="utf-8") == whole


def test_a_folder_that_is_not_empty_stays_as_it_is(command: Command, tmp_path: Path) -> None:
    """Somebody's files would be overwritten, or taken for a part of the project."""
    command.write("notes.txt", "mine")

    ended = command("init")

    assert ended.status == 2
    assert ended.errors == (
        "identity-center: . is not empty (notes.txt): nothing was written; name a new or an empty folder\n"
    )
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_in_the_way_is_told(command: Command) -> None:
    """A folder cannot be made where a file is."""
    command.write("our-access", "a file")

    ended = command("init", "our-access")

    assert ended.status == 2
    assert ended.errors == "identity-center: our-access: not a directory\n"


def test_a_repository_and_an_environment_may_be_there_before(command: Command, tmp_path: Path) -> None:
    """`git init` and `python -m venv .venv` are what one does first."""
    command.write(".git/HEAD", "ref: refs/heads/main")
    command.write(".venv/pyvenv.cfg", "")

    assert command("init").status == 0
    assert (tmp_path / "Pulumi.yaml").is_file()


@pytest.mark.parametrize(
    ("folder", "project"),
    [
        ("our-access", "our-access"),
        ("Our access & more", "Our-access-more"),
        ("ünser", "nser"),
        ("%", "identity-center"),
    ],
)
def test_the_project_has_a_name_that_pulumi_takes(
    command: Command, tmp_path: Path, folder: str, project: str
) -> None:
    """The engine takes letters, digits, `-`, `_` and `.`, and the folder may be called anything."""
    assert command("init", folder).status == 0
    declared = yaml.safe_load((tmp_path / folder / "Pulumi.yaml").read_text(encoding="utf-8"))

    assert declared["name"] == project


@pytest.mark.parametrize("origin", sorted(ORIGINS))
def test_the_requirement_is_what_is_installed_here(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    """A stranger may hold the name on a package index: it is named only where pip got it from there."""
    kept, line = ORIGINS[origin]

    class Kept(Distribution):
        """A distribution that came from somewhere."""

        version = "9.8.7"

        def read_text(self, filename: str) -> str | None:
            """Return what pip kept."""
            assert filename == "direct_url.json"
            return kept

        def locate_file(self, path: Any) -> Path:  # noqa: ANN401  # as the base class has it
            """Not asked for."""
            raise NotImplementedError(path)

    monkeypatch.setattr(installed, "distribution", lambda _name: Kept())

    assert requirement() == line


def test_the_projects_program_is_that_of_the_repository() -> None:
    """What the engine tests of the repository's program show has to hold for everybody's."""
    assert (TEMPLATES / "__main__.py").read_bytes() == (CHECKOUT / "__main__.py").read_bytes()


def test_every_template_is_written_to_a_project() -> None:
    """A template that nothing writes is a part of the project that newcomers lack."""
    there = {
        file.relative_to(TEMPLATES).as_posix()
        for file in TEMPLATES.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }

    of_pipelines = {template for forge in FORGES for each in templates(forge) for template in each}
    assert there == set(FILES) | of_pipelines


def test_the_project_asks_for_the_cli_that_the_repository_asks_for() -> None:
    """One version is tried, and both say it."""
    asked = [
        yaml.safe_load(line)["requiredPulumiVersion"]
        for file in (CHECKOUT / "Pulumi.yaml", TEMPLATES / "Pulumi.yaml")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("requiredPulumiVersion")
    ]

    assert asked == [">=3.259.0", ">=3.259.0"]
