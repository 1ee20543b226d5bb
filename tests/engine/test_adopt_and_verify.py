"""`identity-center adopt` with the real engine: what was made by hand is imported, and previewed empty."""

import boto3
import pytest
import yaml

from sandbox.aws.accounts.surroundings import Surroundings
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


@pytest.fixture
def lived_in(empty: Project, session: boto3.Session) -> LivedIn:
    """Give an instance that people have used, and a stack that knows nothing of it."""
    assert empty.folder.is_dir()
    endpoint = str(session.client("sso-admin").meta.endpoint_url)
    return LivedIn(Surroundings(endpoint, REGION, "lived-in"), session)


@pytest.mark.usefixtures("lived_in")
def test_a_hand_made_instance_is_adopted_imported_and_previewed_empty(empty: Project) -> None:
    """Getting 500 hand-made assignments in is a day of scripting, and whoever slips makes them anew."""
    ended = adopt(empty, "--verify")

    assert ended.status == 0, ended.output
    assert "11 assignments: 8 imported, 3 left over" in ended.output
    assert "\n4 resources get how long Pulumi waits for them" in ended.output, ended.output
    assert "\nthe preview changes nothing else\n" in ended.output
    empty.without_pack().up()
    assert empty.without_pack().up("--expect-no-changes").status == 0
    again = adopt(empty, "--verify")
    assert again.status == 0, again.output
    assert "nothing is new" in again.output


@pytest.mark.thorough
@pytest.mark.usefixtures("lived_in")
def test_what_the_preview_would_change_is_named_and_ends_red(empty: Project) -> None:
    """An adoption that is called whole and is not takes something away with the first update."""
    assert adopt(empty).status == 0
    file = empty.folder / "access" / "permission-sets.yaml"
    model = yaml.safe_load(file.read_text(encoding="utf-8"))
    model["permissionSets"]["reading"]["description"] = "What somebody wrote since"
    model["permissionSets"]["new"] = {"name": "New"}
    file.write_text(yaml.safe_dump(model), encoding="utf-8")

    ended = adopt(empty, "--verify")

    different = {line.split(": ", 1)[1] for line in ended.output.splitlines() if line.startswith("DIFFERENT")}
    assert ended.status == 1, ended.output
    assert "update aws:ssoadmin/permissionSet:PermissionSet reading: description" in different
    assert "create aws:ssoadmin/permissionSet:PermissionSet new" in different
    assert all(line.split()[2].rstrip(":") in ("reading", "new") for line in different), different


@pytest.mark.thorough
def test_an_import_that_fails_half_way_is_finished_by_a_second_run(empty: Project, lived_in: LivedIn) -> None:
    """A resource whose reading is refused once must not be the end of the adoption, nor come in twice."""
    assert adopt(empty).status == 0
    refused = {"service": "sso-admin", "operation": "DescribePermissionSet", "code": "AccessDeniedException"}
    # The adoption reads every set once before the import does.
    lived_in.order({**refused, "times": 1, "after": len(lived_in.sets) + 2})

    failed = adopt(empty, "--verify")
    finished = adopt(empty, "--verify")

    assert failed.status == 2, failed.output
    assert "`pulumi import` ended with status" in failed.output
    assert finished.status == 0, finished.output
    assert "11 assignments: 8 imported, 3 left over" in finished.output


@pytest.mark.thorough
def test_a_value_that_was_changed_by_hand_is_kept_by_model_state_and_aws(
    empty: Project, lived_in: LivedIn, session: boto3.Session
) -> None:
    """What was adopted is set back by the next update, or the state and the model never agree again."""
    assert adopt(empty, "--verify").status == 0
    empty.without_pack().up()
    of = {"InstanceArn": lived_in.made.instance, "PermissionSetArn": lived_in.sets["Reading"]}
    sso = session.client("sso-admin")
    sso.update_permission_set(**of, Description="Changed by hand", SessionDuration="PT7H")

    drift = ("identity-center", "drift", "--model", "access", "--region", REGION)
    adopted = empty.run(*drift, "--only", "permission-sets", "--adopt", "--yes")
    assert "2 of 2 are in the model now: access/permission-sets.yaml" in adopted.output, adopted.output

    empty.without_pack().up("--refresh")

    held = sso.describe_permission_set(**of)["PermissionSet"]
    assert (held["Description"], held["SessionDuration"]) == ("Changed by hand", "PT7H")
    verified = adopt(empty, "--verify")
    assert (verified.status, "nothing is new" in verified.output) == (0, True), verified.output
