"""What pyproject.toml cannot say: which folders are packages, and of what.

`policies` and `components` are folders that Pulumi starts. A wheel holds them inside the packages that they
start, where `identity-center pack-path` and `components-path` find them, so that each file is written once.
"""

import sys
from typing import Final

from setuptools import find_packages, setup

#: The import package, and the folder that holds it.
PACKAGES: Final = {
    "identity_center": "components",
    "identity_guard": "policies",
    "identity_center_cli": ".",
}
#: What is in a wheel besides: files for Pulumi, beside no `__init__.py`.
STARTED_BY_PULUMI: Final = {
    "identity_center.component_folder": "components",
    "identity_guard.pack_folder": "policies",
}
#: Whoever works on the checkout also imports the sandbox from it; no wheel has it.
OF_THE_CHECKOUT: Final = {"sandbox": "."} if "editable_wheel" in sys.argv else {}


def _packages() -> dict[str, str]:
    """Return every package to install, with its folder."""
    found = dict(STARTED_BY_PULUMI)
    for name, place in (PACKAGES | OF_THE_CHECKOUT).items():
        for package in find_packages(place, include=[name, f"{name}.*"]):
            found[package] = f"{place}/{package.replace('.', '/')}"
    return found


if __name__ == "__main__":
    setup(packages=list(_packages()), package_dir=_packages())
