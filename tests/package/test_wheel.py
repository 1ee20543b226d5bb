"""What others install: three packages with all that they need, and nothing of the workshop."""

import tarfile
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from identity_guard.iam.catalogue.data import DATA_FOLDER, FILES

CHECKOUT = Path(__file__).parents[2]
#: The folders of the checkout that a wheel holds, and where.
SHIPPED = {
    "components/identity_center": "identity_center",
    "policies/identity_guard": "identity_guard",
    "identity_center_cli": "identity_center_cli",
}
Installed = Any  # of the conftest above, which a test module cannot import
#: Imports all that a wheel holds, and prints every file that a module came from.
IMPORT_ALL = """
import importlib, pkgutil, sys
for name in ("identity_center", "identity_guard", "identity_center_cli"):
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
print(*{file for each in list(sys.modules.values()) if (file := getattr(each, "__file__", None))}, sep="\\n")
"""


def names_in(wheel: Path) -> set[str]:
    """Return the files of a wheel."""
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_three_packages_and_no_other_name(wheel: Path) -> None:
    """A package called `sandbox` or `tests` in somebody's environment would hide one of theirs."""
    roots = {name.split("/")[0] for name in names_in(wheel)}

    assert {root for root in roots if not root.endswith(".dist-info")} == set(SHIPPED.values())
    assert len(roots) == len(SHIPPED) + 1


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    """A new package or data file that nobody ships works in the checkout and nowhere else."""
    found = names_in(wheel)
    expected = {
        f"{place}/{file.relative_to(CHECKOUT / folder).as_posix()}"
        for folder, place in SHIPPED.items()
        for file in (CHECKOUT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }

    assert expected - found == set()
    assert len(expected) > 200


@pytest.mark.parametrize(
    ("folder", "place", "names"),
    [
        ("policies", "identity_guard/pack_folder", {"PulumiPolicy.yaml", "__main__.py", "requirements.txt"}),
        (
            "components",
            "identity_center/component_folder",
            {"PulumiPlugin.yaml", "__main__.py", "requirements.txt"},
        ),
    ],
)
def test_the_folders_that_pulumi_starts_are_in_the_wheel_as_in_the_checkout(
    wheel: Path, folder: str, place: str, names: set[str]
) -> None:
    """`--policy-pack` and `plugins:` name a folder, and an older copy of one would be another pack."""
    with zipfile.ZipFile(wheel) as archive:
        for name in names:
            assert archive.read(f"{place}/{name}") == (CHECKOUT / folder / name).read_bytes()


def test_the_wheel_says_its_licence_and_that_it_is_typed(wheel: Path) -> None:
    """Without a licence nobody may use it; without py.typed a type checker sees nothing of it."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode()

    assert "License-Expression: Apache-2.0" in text
    assert "Classifier: Typing :: Typed" in text
    assert {f"{package}/py.typed" for package in SHIPPED.values()} <= names_in(wheel)
    assert any(name.endswith("/licenses/LICENSE") for name in names_in(wheel))


def test_the_source_archive_holds_no_workshop(source_archive: Path) -> None:
    """Tests and the sandbox are of the repository: whoever unpacks the source to build it needs neither."""
    with tarfile.open(source_archive) as archive:
        roots = {name.split("/")[1] for name in archive.getnames() if "/" in name}

    assert {"sandbox", "tests", "tools", "bench"} & roots == set()
    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "setup.py"} <= roots


def test_nothing_that_runs_comes_from_the_checkout(installed: Installed, tmp_path: Path) -> None:
    """A test of the installed package that imported the checkout would prove nothing."""
    ended = installed.run("python", "-c", IMPORT_ALL, cwd=tmp_path)
    files = {Path(line) for line in ended.stdout.splitlines()}
    ours = {file for file in files if file.is_relative_to(installed.packages)}

    assert ended.returncode == 0, ended.stderr
    assert len(ours) > 150
    assert [
        file for file in files if file.is_relative_to(CHECKOUT) and "site-packages" not in file.parts
    ] == []


def test_the_paths_are_those_of_the_installed_package(installed: Installed, tmp_path: Path) -> None:
    """The engine starts what these print."""
    pack = installed.run("identity-center", "pack-path", cwd=tmp_path)
    components = installed.run("identity-center", "components-path", cwd=tmp_path)

    assert pack.stdout.strip() == str(installed.packages / "identity_guard" / "pack_folder")
    assert components.stdout.strip() == str(installed.packages / "identity_center" / "component_folder")


def test_the_version_is_told(installed: Installed, tmp_path: Path) -> None:
    """The first thing that a report of a mistake is asked for."""
    told = installed.run("identity-center", "--version", cwd=tmp_path)

    assert told.stdout == f"identity-center {version('identity-center-as-code')}\n"


def test_pack_and_package_are_of_one_version() -> None:
    """The engine shows the pack's version with each verdict."""
    declared = yaml.safe_load((CHECKOUT / "policies" / "PulumiPolicy.yaml").read_text(encoding="utf-8"))

    assert declared["version"] == version("identity-center-as-code")


def test_the_list_of_the_packs_data_is_whole() -> None:
    """Only what is on the list is looked for before anything is judged."""
    there = {file.name for file in DATA_FOLDER.iterdir() if file.is_file() and file.suffix != ".py"}

    assert set(FILES) == there


@pytest.mark.parametrize(
    ("lost", "verb"),
    [
        ("identity_guard/pack_folder/PulumiPolicy.yaml", ["pack-path"]),
        ("identity_guard/pack_folder/__main__.py", ["pack-path"]),
        ("identity_guard/iam/catalogue/data/actions.json.gz", ["pack-path"]),
        ("identity_guard/iam/catalogue/data/actions.json.gz", ["check", "policy.json"]),
        ("identity_guard/iam/catalogue/data/escalation_paths.json", ["check", "policy.json"]),
        ("identity_center/component_folder/PulumiPlugin.yaml", ["components-path"]),
        ("identity_center/access-model.schema.json", ["init", "new"]),
        ("identity_center_cli/new_project/access/mfa.yaml", ["init", "new"]),
        (
            "identity_center/model/language/aws_managed_policies.txt",
            ["explain", "--who-can", "iam:CreateUser", "--in", "444444444444", "--model", "model"],
        ),
    ],
)
def test_a_package_without_its_data_says_what_is_missing(
    installed: Installed, tmp_path: Path, lost: str, verb: list[str]
) -> None:
    """A traceback, or a verdict without the data, leaves the user to guess; `init` writes no half project."""
    statement = '{"Effect": "Allow", "Action": "iam:CreateUser", "Resource": "*"}'
    (tmp_path / "policy.json").write_text(f'{{"Version": "2012-10-17", "Statement": [{statement}]}}')
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "sets.yaml").write_text(
        "permissionSets: {reading: {name: Reading, managedPolicies: [ReadOnlyAccess]}}\n"
    )
    missing = installed.packages / lost
    aside = missing.rename(tmp_path / "aside")

    ended = installed.run("identity-center", *verb, cwd=tmp_path)
    aside.rename(missing)

    assert ended.returncode == 2
    assert str(missing) in ended.stderr
    assert "install" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "new").exists()
