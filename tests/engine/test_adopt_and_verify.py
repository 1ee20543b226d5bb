"""`identity-center adopt` with the real engine: what was made by hand is imported, and previewed empty."""

import boto3
import pytest

from sandbox.project import Ended, Project
from sandbox.settings import REGION
from tests.support.lived_in import LivedIn

pytestmark = pytest.mark.engine


@pytest.fixture
def empty(program: Project) -> Project:
    """Give the stack a folder that has nothing yet, and nothing else."""
    program.write_config({"aws:region": REGION, "identity-center:modelFolder": "access"})
    (program.folder / "access").mkdir()
    return program


def adopt(program: Project, *options: str) -> Ended:
    """Adopt into the stack's folder."""
    return program.run(
        "identity-center",
        *("adopt", "--into", "access", "--requests-per-second", "10000", "--region", REGION),
        *options,
    )


def test_a_hand_made_instance_is_adopted_imported_and_previewed_empty(
    empty: Project, session: boto3.Session
) -> None:
    """Getting 500 hand-made assignments in is a day of scripting, and whoever slips makes them anew."""
    LivedIn(str(session.client("sso-admin").meta.endpoint_url), REGION, session)

    ended = adopt(empty, "--verify")

    assert ended.status == 0, ended.output
    assert "the preview changes nothing" in ended.output
