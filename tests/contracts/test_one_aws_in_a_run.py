"""Folders of tests that are given one AWS, in whatever order a worker meets them."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def test_a_folder_between_two_modules_of_another_changes_nothing_for_them() -> None:
    """Each folder had an organisation of its own, in one process: all tests of a second module failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"]
    order = [
        "tests/provider/test_policy_documents.py::test_a_sid_twice_is_refused",
        "tests/sandbox_aws/test_callers.py::test_nobody_needs_leave_to_ask_who_it_is",
        "tests/provider/test_functions.py::test_the_instance_is_found_in_its_region_only",
    ]
    ran = subprocess.run([*command, *order], cwd=CHECKOUT, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
