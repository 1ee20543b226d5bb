"""What `make lint` cannot say of imports: which libraries a run loads, since it waits for each of them.

Which part may import which stands in pyproject.toml, and import-linter holds every import to it.
"""

import subprocess
import sys

import pytest

#: Imports a package with every module beside it, and prints which of some libraries that loaded.
_PROGRAM = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(*sorted(set(sys.argv[2:]) & set(sys.modules)))
"""


def loaded(package: str, *libraries: str) -> list[str]:
    """Return which of these libraries a package loads in a process of its own."""
    command = [sys.executable, "-c", _PROGRAM, package, *libraries]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()


@pytest.mark.parametrize("package", ["identity_center.model", "identity_guard.iam"])
def test_a_pure_package_loads_neither_pulumi_nor_boto3(package: str) -> None:
    """Through a library, too: otherwise a check of a file in an editor would wait for the whole SDK."""
    assert loaded(package, "pulumi", "pulumi_aws", "pulumi_policy", "grpc", "boto3", "botocore") == []


def test_the_components_load_without_pydantic() -> None:
    """It takes half as long to load as the SDK, in every preview; a program of components reads no model."""
    program = "import identity_center.resources, sys; print(*{'pulumi', 'pydantic'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.split() == ["pulumi"]
