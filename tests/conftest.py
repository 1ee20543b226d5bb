"""What holds for every test."""

import os

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
