"""Additional Regions, end to end: they come and go one at a time, and what no state has is taken in."""

import sys
from typing import Any

import boto3
import pytest

from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.project import Project
from sandbox.settings import REGION

pytestmark = pytest.mark.engine

KEY = "identity-center:"
EXTERNAL = {
    "identityProvider": "external",
    "enforcedBy": "sign-on policy AWS",
    "confirmedBy": "identity team",
    "validUntil": "2027-02-15",
}


def config(*regions: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # keys of the model
    """Return a stack's configuration with these Regions, in which a conflict is not tried again."""
    model = {"additionalRegions": list(regions), "mfaRequirement": EXTERNAL, **more}
    return {
        "aws:region": REGION,
        "aws:maxRetries": 1,
        **{f"{KEY}{key}": value for key, value in model.items()},
    }


@pytest.fixture
def around(session: boto3.Session) -> Surroundings:
    """Give an instance that is ready for three Regions."""
    around = Surroundings(session.client("sts").meta.endpoint_url, REGION, "regions")
    around.ready_for("eu-central-1", "eu-west-1", "us-west-2")
    return around


def test_regions_come_and_go_one_at_a_time(program: Project, around: Surroundings) -> None:
    """Two at once are a conflict, which the provider tries again for an hour.

    The two that go are parted by one that stays; it gets another time-out, on which the provider would fail.
    """
    program.write_config(config("us-west-2", "eu-west-1", "eu-central-1"))
    said = program.succeed("up", "--yes", "--skip-preview").output
    assert "people can sign in at 3 more Regions (eu-central-1, eu-west-1, us-west-2)" in said
    assert list(around.regions()) == ["us-east-1", "eu-central-1", "eu-west-1", "us-west-2"]
    assert set(around.regions().values()) == {"ACTIVE"}

    gone = {"regions": ["eu-central-1", "us-west-2"]}
    program.write_config(config("eu-west-1", timeouts={"regions": "5h"}, allowRemovals=gone))
    said = program.succeed("up", "--yes", "--skip-preview").output

    assert "nobody can sign in at eu-central-1, us-west-2 any more" in said
    assert around.regions() == {"us-east-1": "ACTIVE", "eu-west-1": "ACTIVE"}


@pytest.mark.faults
def test_a_region_that_timed_out_is_taken_in_and_goes_with_the_stack(
    program: Project, around: Surroundings
) -> None:
    """AWS goes on adding it, and the next update would meet a conflict for an hour."""
    around.add_region("eu-west-1")
    program.write_config(config("eu-west-1"))

    refused = program.pulumi("up", "--yes", "--skip-preview")
    assert refused.status != 0
    assert "the instance has eu-west-1 already, and this stack's record does not have it" in refused.output
    assert "identity-center recover" in refused.output
    command = (sys.executable, "-m", "identity_center_cli", "recover", "--stack", "dev", "--yes")
    recovered = program.run(*command)
    assert recovered.status == 0, recovered.output

    made = program.succeed("up", "--yes", "--skip-preview").output
    assert "aws:ssoadmin:Region eu-west-1 create" not in made
    program.succeed("destroy", "--yes", "--skip-preview")
    assert around.regions() == {"us-east-1": "ACTIVE"}
