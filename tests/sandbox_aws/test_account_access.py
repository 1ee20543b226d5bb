"""The account access manager behaves and answers as botocore's model of it says."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore import xform_name

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import TRUST, Surroundings
from sandbox.aws.identity_center.account_access import AccountAccessManager
from sandbox.aws.modelled import service_model
from sandbox.aws.shapes import violations

SERVICE = "account-access"
Seen = dict[str, list[dict[str, Any]]]


@pytest.fixture
def access(endpoint: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
    """Give the service's API."""
    return loopback_client(SERVICE, endpoint, "us-east-1")


@pytest.fixture
def seen(access: Any) -> Iterator[Seen]:  # noqa: ANN401 - a boto3 client
    """Record the raw answers while a test runs."""
    answers: Seen = {}

    def record(http_response: Any, model: Any, **_rest: object) -> None:  # noqa: ANN401 - botocore's event
        assert http_response.status_code == model.http["responseCode"]
        answers.setdefault(model.name, []).append(json.loads(http_response.content or b"{}"))

    access.meta.events.register("after-call", record)
    yield answers
    # The client is the run's.
    access.meta.events.unregister("after-call", record)


def test_every_answer_has_the_shape_of_the_model(
    access: Any,  # noqa: ANN401 - a boto3 client
    around: Surroundings,
    seen: Seen,
    let_pass: Callable[[float], None],
) -> None:
    """A member that AWS always sends and the sandbox does not would mislead whoever reads it."""
    for left in access.list_applications()["applications"]:
        access.delete_application(applicationArn=left["applicationArn"])
    let_pass(60.0)
    assert access.list_applications()["applications"] == []
    source = {"identityCenter": {"instanceArn": around.instance}}
    made = access.create_application(identitySource=source, tags={"team": "a"})
    where = {"applicationArn": made["applicationArn"]}
    assert (
        access.create_application(identitySource=source, tags={"team": "a"})["applicationArn"]
        == (made["applicationArn"])
    )
    assert access.get_application(**where)["status"] == "CREATE_IN_PROGRESS"
    tagged = {"resourceArn": made["applicationArn"]}
    access.tag_resource(**tagged, tags={"cost": "b"})
    access.untag_resource(**tagged, tagKeys=["team"])
    assert access.list_tags_for_resource(**tagged)["tags"] == {"cost": "b"}
    role = around.iam.create_role(RoleName=around.word, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    principal = {"identityCenter": {"userId": around.user()}}
    wanted = {"principalRole": {"roleArn": role, "principal": principal}}
    first, again = (access.create_entitlement(**where, entitlement=wanted)["entitlementId"] for _ in "12")
    assert first == again, "the same entitlement twice is one"
    found = access.get_entitlement(**where, entitlementId=first)["entitlement"]["principalRole"]
    assert (found["account"], found["accountName"], found["principal"]) == (
        "123456789012",
        "management",
        principal,
    )
    rows = access.list_entitlements(**where, filter={"principalRole": {"roleArn": role}})["entitlements"]
    assert [row["entitlementId"] for row in rows] == [first]
    access.delete_entitlement(**where, entitlementId=first)
    access.delete_entitlement(**where, entitlementId=first)
    assert access.list_entitlements(**where, filter={"principalRole": {}})["entitlements"] == []
    access.delete_application(**where)
    model = service_model(SERVICE)
    for operation, answers in seen.items():
        for answer in answers:
            assert violations(model.operation_model(operation).output_shape, answer) == [], operation
    assert set(seen) == set(model.operation_names)
    assert all(hasattr(AccountAccessManager, xform_name(name)) for name in model.operation_names)
