"""What holds for every test."""

import os
import random

import pytest
from hypothesis import HealthCheck, settings

# No test is about time, and a busy machine must not fail one. CI takes the same examples each time, so that a
# red run is about the change; elsewhere new ones are tried.
settings.register_profile(
    "project",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("project")


def pytest_configure(config: pytest.Config) -> None:
    """Let all processes of a run iterate over sets alike: names of tests are made of them, and must agree.

    Each run takes another order, which its header names.
    """
    if not hasattr(config, "workerinput"):
        os.environ.setdefault("PYTHONHASHSEED", str(random.randrange(2**32)))  # noqa: S311  # nothing secret


def pytest_report_header() -> str:
    """Say how the order of sets is had again."""
    return f"PYTHONHASHSEED={os.environ['PYTHONHASHSEED']} in the processes that run the tests"
