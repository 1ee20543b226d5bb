"""What the provider's client tries again, as AWS's SDK for Go does, and what a lost answer leaves."""

from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest

from sandbox.aws.accounts.surroundings import Surroundings, post
from sandbox.provider import serve
from sandbox.provider.rows.attached import Attached, half_made

from .inputs import ASSIGNMENT, ATTACHMENT, GROUP, PERMISSION_SET, POWER, assignment, failure, of_set


@pytest.fixture(autouse=True)
def _good_again(endpoint: str) -> Iterator[None]:
    yield
    post(endpoint, "/sandbox/no-more-faults", {})


@pytest.fixture
def order(endpoint: str) -> Callable[..., None]:
    """Return a function that orders a fault of Identity Center."""

    def give(operation: str, service: str = "sso-admin", **more: object) -> None:
        post(endpoint, "/sandbox/fault", {"service": service, "operation": operation, **more})

    return give


def _set(around: Surroundings) -> dict[str, Any]:
    return {"instanceArn": around.instance, "name": around.word}


def _group(around: Surroundings) -> dict[str, Any]:
    return {"identityStoreId": around.store_id, "displayName": around.word}


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 503, "code": "ServiceUnavailable"},
        {"status": 504, "code": "GatewayTimeout"},
        {"how": "reset"},
        {"code": "ThrottlingException"},
    ],
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
def test_what_passes_is_tried_again(
    attached: Attached, around: Surroundings, order: Callable[..., None], fault: dict[str, object]
) -> None:
    """A bad minute of AWS is no failed update: the real provider asks 25 times."""
    order("CreatePermissionSet", times=3, **fault)

    attached.create(PERMISSION_SET, "p", _set(around))


def test_what_does_not_pass_ends_after_25_tries_and_is_named(
    attached: Attached, around: Surroundings, order: Callable[..., None]
) -> None:
    """The 25th is the last one."""
    order("CreateGroup", service="identitystore", status=500, times=25)

    error = failure(lambda: attached.create(GROUP, "g", _group(around)))

    assert "identitystore CreateGroup: InternalServerException" in str(error.details())
    attached.create(GROUP, "g", _group(around))


def test_other_refusals_are_not_tried_again(
    attached: Attached, around: Surroundings, order: Callable[..., None]
) -> None:
    """To ask again would change nothing."""
    order("CreateGroup", service="identitystore", code="ValidationException", times=1)

    assert "ValidationException" in str(
        failure(lambda: attached.create(GROUP, "g", _group(around))).details()
    )


def test_a_create_whose_answer_is_lost_finds_its_own_work(
    attached: Attached, around: Surroundings, order: Callable[..., None]
) -> None:
    """The second try is told that the name is taken, and what the first made is in no state."""
    order("CreateGroup", service="identitystore", how="lost", times=1)

    error = failure(lambda: attached.create(GROUP, "g", _group(around)))

    assert "ConflictException: Duplicate GroupDisplayName" in str(error.details())
    assert half_made(error) is None


def test_an_assignment_whose_answer_is_lost_is_made_all_the_same(
    attached: Attached, around: Surroundings, order: Callable[..., None]
) -> None:
    """AWS takes the same assignment twice."""
    order("CreateAccountAssignment", how="lost", times=1)

    attached.create(ASSIGNMENT, "a", assignment(around, around.permission_set(), around.group()))


def test_nobody_there_ends_after_nine_tries(around: Surroundings) -> None:
    """A connection that is refused is tried for half a minute, not for an hour."""
    server, bound = serve("http://127.0.0.1:9")
    connection = Attached(bound, region="us-east-1")

    error = failure(lambda: connection.create(GROUP, "g", _group(around)))

    assert error.code() is grpc.StatusCode.UNKNOWN
    assert "Could not connect" in str(error.details())
    connection.close()
    server.stop(grace=None).wait()


def test_a_set_that_is_not_found_when_it_is_provisioned_keeps_what_was_to_go_in_the_state(
    attached: Attached, around: Surroundings, order: Callable[..., None]
) -> None:
    """Only the detaching may find nothing: accounts that were not provisioned keep the policy.

    "Permission set provision not found": hashicorp/terraform-provider-aws, issue 33337.
    """
    inputs = of_set(around, around.permission_set(), managedPolicyArn=POWER)
    made = attached.create(ATTACHMENT, "a", inputs)
    order("ProvisionPermissionSet", code="ResourceNotFoundException", times=1)

    error = failure(lambda: attached.delete(made))

    assert "provisioning SSO Permission Set" in str(error.details())
    attached.delete(made)


def test_a_status_that_is_never_found_ends_the_wait(
    attached: Attached, around: Surroundings, order: Callable[..., None]
) -> None:
    """Nobody knows then whether the access is gone, and a state without it would never take it away."""
    held, group = around.permission_set(), around.group()
    made = attached.create(ASSIGNMENT, "a", assignment(around, held, group))
    order("DescribeAccountAssignmentDeletionStatus", code="ResourceNotFoundException", times=21)

    error = failure(lambda: attached.delete(made))

    assert "couldn't find resource (21 retries)" in str(error.details())
