"""The pure parts load where neither Pulumi nor boto3 is: in an editor, or a check in a pipeline."""

import subprocess
import sys

import pytest

#: Blocks the packages, then imports the module by name and every module beside it.
_PROGRAM = """
import importlib, pkgutil, sys
for blocked in ("pulumi", "pulumi_aws", "pulumi_policy", "boto3", "botocore", "grpc"):
    sys.modules[blocked] = None
package = importlib.import_module(sys.argv[1])
modules = [module.name for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in modules:
    importlib.import_module(name)
print(len(modules))
"""


@pytest.mark.parametrize("package", ["identity_center.model"])
def test_a_pure_package_loads_without_pulumi_and_boto3(package: str) -> None:
    """One import in the wrong place would make a check of a file need the whole SDK."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, package], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def test_the_block_works() -> None:
    """The test above fails where a package does import Pulumi."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, "identity_center.resources"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode != 0
    assert "pulumi" in done.stderr
