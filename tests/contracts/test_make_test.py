"""`make test` on a bad day: each tier is run, and the end says which failed."""

import os
import re
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("wrong", "told", "status"),
    [
        ("none", ["lint passed", "unit passed", "engine passed"], 0),
        ("unit", ["lint passed", "unit FAILED", "engine passed"], 2),
        ("lint", ["lint FAILED", "unit passed", "engine passed"], 2),
    ],
)
def test_a_tier_that_fails_or_crashes_hides_no_others_result(
    tmp_path: Path, wrong: str, told: list[str], status: int
) -> None:
    """A run of a quarter of an hour that ends at the first mistake has to be run again for the second."""
    tier = tmp_path / "tier"
    tier.write_text(f'#!/bin/sh\necho "ran $2"\n[ "$2" != {wrong} ] || kill -9 $$\n', encoding="utf-8")
    tier.chmod(0o755)
    # What a make above this one has said to it is not for this one.
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}

    ran = subprocess.run(
        ["make", "test", f"MAKE={tier}"],  # noqa: S607 # make of the PATH
        cwd=CHECKOUT,
        env=quiet,
        check=False,
        capture_output=True,
        text=True,
    )

    assert re.findall(r"ran (\w+)", ran.stdout) == ["lint", "unit", "engine"]
    assert re.findall(r"^  (\w+ \w+) after \d+ s$", ran.stdout, re.MULTILINE) == told
    assert ran.returncode == status
