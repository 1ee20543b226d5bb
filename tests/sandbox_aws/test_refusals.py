"""The sandbox is no more forgiving than AWS: each row of the table of refusals, provoked."""

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.aws.modelled import service_model
from sandbox.aws.refusals.table import REFUSALS
from tests.sandbox_aws.scenarios.register import SCENARIOS

# Each chapter writes its scenarios into the register.
from .scenarios import of_applications, of_iam, of_identitystore, of_portal, of_regions, of_ssoadmin

CHAPTERS = (of_identitystore, of_ssoadmin, of_applications, of_iam, of_regions, of_portal)
#: Errors that services were seen to give, and that stand in no operation of their models.
BESIDE_THE_MODELS = {"iam": {"AccessDenied"}, "sso": {"ForbiddenException"}}


def test_each_row_has_a_scenario() -> None:
    """A refusal that nothing provokes may never happen."""
    assert set(SCENARIOS) == set(REFUSALS)


@pytest.mark.parametrize("row", sorted(REFUSALS))
def test_the_refusal_of_the_row_is_what_a_client_gets(around: Surroundings, row: str) -> None:
    """A program that AWS would refuse must not pass here."""
    refusal = REFUSALS[row]
    with pytest.raises(ClientError) as refused:
        SCENARIOS[row](around)
    answer: Any = refused.value.response
    assert answer["Error"]["Code"] == refusal.code
    assert refusal.message.split("{")[0] in answer["Error"]["Message"]
    assert {key: answer.get(key) for key in refusal.details} == dict(refusal.details)
    assert refused.value.operation_name in refusal.operations


@pytest.mark.parametrize("row", sorted(REFUSALS))
def test_the_model_of_the_service_knows_the_error(row: str) -> None:
    """A client that catches the errors of the model must catch ours."""
    refusal = REFUSALS[row]
    model = service_model(refusal.service)
    for operation in refusal.operations:
        codes = {
            shape.metadata.get("error", {}).get("code", shape.name)
            for shape in model.operation_model(operation).error_shapes
        }
        assert refusal.code in codes | BESIDE_THE_MODELS.get(refusal.service, set())


def test_two_changes_of_one_permission_set_at_the_same_time_are_a_conflict(around: Surroundings) -> None:
    """Attachments of one set that run in parallel fail on AWS now and then: here they must too."""
    where = around.of_set(around.permission_set())
    codes: list[str] = []

    def attach(name: str) -> None:
        try:
            around.sso.attach_managed_policy_to_permission_set(
                **where, ManagedPolicyArn=f"arn:aws:iam::aws:policy/{name}"
            )
            codes.append("")
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])

    names = ("ReadOnlyAccess", "PowerUserAccess", "IAMFullAccess", "SecurityAudit")
    threads = [threading.Thread(target=attach, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "ConflictException" in codes
    assert "" in codes
