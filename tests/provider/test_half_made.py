"""What the state keeps of a resource where a create or an update fails, is interrupted or takes too long."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sandbox import pace
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.clock import CLOCK
from sandbox.provider.rows.attached import Attached, Made, half_made
from sandbox.provider.rows.timeouts import duration
from sandbox.provider.rows.values import from_wire

from .inputs import (
    ASSIGNMENT,
    CUSTOMER,
    EXCLUSIVE,
    GET,
    GROUP,
    INLINE,
    MANAGEMENT,
    NOWHERE,
    POWER,
    READ,
    REGION,
    ROLE,
    TRUST,
    USER,
    assignment,
    failure,
    of_set,
    person,
)

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


def test_a_policy_that_an_account_lacks_fails_the_attachment_and_keeps_it(
    attached: Attached, around: Surroundings
) -> None:
    """The name is attached, but the account where the set is assigned has no such policy."""
    held = around.permission_set()
    around.assign(held, around.group(), MANAGEMENT)
    reference = {"name": around.word, "path": "/"}
    inputs = of_set(around, held, customerManagedPolicyReference=reference)
    error = failure(lambda: attached.create(CUSTOMER, "c", inputs))
    assert f"policy/{around.word}" in str(error.details())
    kept = half_made(error)
    assert kept is not None
    assert kept.id.startswith(f"{around.word},/,")


def test_a_resource_that_was_made_in_part_stays_in_the_state(
    attached: Attached, around: Surroundings
) -> None:
    """A policy that is attached and is in no state would stay when its line goes.

    Terraform's old SDK then writes what was wanted, not what is there.
    """
    held = around.permission_set()
    around.assign(held, around.group(), MANAGEMENT)
    reference = {"name": around.word, "path": "/"}
    error = failure(
        lambda: attached.create(CUSTOMER, "c", of_set(around, held, customerManagedPolicyReference=reference))
    )
    kept = half_made(error)
    assert kept is not None
    assert kept.properties["customerManagedPolicyReference"]["name"] == around.word  # type: ignore[index]  # a protobuf value


def test_a_role_whose_policy_is_refused_is_in_no_state(
    impatient: Attached, around: Surroundings, iam: "IAMClient"
) -> None:
    """The provider sets the id when all policies are attached: the next run meets a name that is taken.

    One whose inline policy is refused it deletes again.
    """
    role = {"name": around.word, "assumeRolePolicy": TRUST}
    error = failure(lambda: impatient.create(ROLE, "r", {**role, "managedPolicyArns": [READ, NOWHERE]}))
    assert half_made(error) is None
    assert iam.get_role(RoleName=around.word)["Role"]["RoleName"] == around.word
    iam.detach_role_policy(RoleName=around.word, PolicyArn=READ)
    iam.delete_role(RoleName=around.word)

    wrong = [{"name": "p", "policy": '{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps"}]}'}]
    error = failure(lambda: impatient.create(ROLE, "r", {**role, "inlinePolicies": wrong}))
    assert half_made(error) is None
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=around.word)


def test_the_framework_keeps_nothing_half_made(impatient: Attached, around: Surroundings) -> None:
    """The real provider loses what a failed create left behind, and only an import brings it back."""
    inputs = of_set(around, around.permission_set(), managedPolicyArns=[POWER, NOWHERE])
    error = failure(lambda: impatient.create(EXCLUSIVE, "e", inputs))
    assert half_made(error) is None
    seen = impatient.adopt(EXCLUSIVE, "e", f"{inputs['instanceArn']},{inputs['permissionSetArn']}")
    assert seen is not None
    assert seen.state["managedPolicyArns"] == [POWER], "AWS keeps what was attached before the refusal"


def test_the_framework_keeps_the_old_state_where_an_update_fails(
    impatient: Attached, around: Surroundings
) -> None:
    """The next run must see the same difference again."""
    inputs = of_set(around, around.permission_set(), managedPolicyArns=[POWER])
    made = impatient.create(EXCLUSIVE, "e", inputs)
    wanted = {**inputs, "managedPolicyArns": [READ, NOWHERE]}
    assert half_made(failure(lambda: impatient.update(made, wanted))) is None
    assert made.id == "missing ID", "its schema has no id"


def test_a_failed_update_is_forgotten_until_the_state_is_read_again(
    impatient: Attached, around: Surroundings
) -> None:
    """Terraform's old SDK keeps what was wanted: the next run ends green and changes nothing in AWS."""
    inputs = person(around)
    made = impatient.create(USER, "ada", inputs)
    mail = {"value": f"{around.word}@example.com"}
    around.user(f"{around.word}-other", Emails=[{"Value": mail["value"]}])
    kept = half_made(failure(lambda: impatient.update(made, {**inputs, "emails": mail})))
    assert kept is not None
    after = Made(USER, "ada", kept.id, from_wire(kept.properties), from_wire(kept.inputs))
    assert impatient.diff(after, {**inputs, "emails": mail}).kinds == {}
    retried = impatient.update(after, {**inputs, "emails": mail})
    assert "emails" not in retried.state
    assert impatient.diff(retried, {**inputs, "emails": mail}).kinds == {"emails": "ADD"}


def test_a_failed_inline_policy_is_put_and_provisioned_again(
    impatient: Attached, around: Surroundings
) -> None:
    """Its update always puts, so that a failed provisioning is not forgotten."""
    held = around.permission_set()
    around.assign(held, around.group(), MANAGEMENT)
    around.sso.attach_customer_managed_policy_reference_to_permission_set(
        **around.of_set(held), CustomerManagedPolicyReference={"Name": around.word}
    )
    inputs = of_set(around, held, inlinePolicy=GET)
    kept = half_made(failure(lambda: impatient.create(INLINE, "i", inputs)))
    assert kept is not None
    after = Made(INLINE, "i", kept.id, from_wire(kept.properties), from_wire(kept.inputs))
    assert "FAILED" in str(failure(lambda: impatient.update(after, inputs)).details())
    around.iam.create_policy(PolicyName=around.word, PolicyDocument=GET)
    impatient.update(after, inputs)


def _cancel_once_aws_has_a_request(connection: Attached, around: Surroundings) -> None:
    of = {"InstanceArn": around.instance, "Filter": {"Status": "IN_PROGRESS"}}
    while not around.sso.list_account_assignment_creation_status(**of)["AccountAssignmentsCreationStatus"]:
        time.sleep(0.01)
    connection.cancel()


def test_an_interruption_forgets_what_aws_still_makes(
    port: int, around: Surroundings, let_pass: Callable[[float], None]
) -> None:
    """After Ctrl-C the access comes to be and is in no state: the next run says that it exists."""
    inputs = assignment(around, around.permission_set(), around.group())
    interrupted = Attached(port, region="us-east-1")
    threading.Thread(target=_cancel_once_aws_has_a_request, args=(interrupted, around)).start()
    error = failure(lambda: interrupted.create(ASSIGNMENT, "a", inputs))
    assert "cancelled while waiting for AWS" in str(error.details()), "a wait goes on after the interruption"
    assert half_made(error) is None, "the real provider sets the id after its wait"
    assert "cancelled" in str(failure(lambda: interrupted.create(GROUP, "g", {
        "identityStoreId": around.store_id, "displayName": "after",
    })).details())  # fmt: skip
    interrupted.close()
    again = Attached(port, region="us-east-1")
    let_pass(1.0)
    assert "already exists" in str(failure(lambda: again.create(ASSIGNMENT, "a", inputs)).details())
    again.close()


@pytest.mark.parametrize(("timeout", "token", "works"), [(0.0, ASSIGNMENT, False), (900.0, ASSIGNMENT, True)])
def test_an_assignment_waits_five_minutes_or_as_long_as_custom_timeouts_say(
    attached: Attached, around: Surroundings, timeout: float, token: str, *, works: bool
) -> None:
    """A large organisation's queue is longer than the default, and what it grants then is in no state."""
    inputs = assignment(around, around.permission_set(), around.group())
    # A second of a time-out is a millisecond here: five minutes are 0.3 s, and AWS takes 0.6 s, or for ever.
    undo = pace.current.fix(replace(pace.OFF, request=0.6, timeouts=0.001))
    try:
        if works:
            attached.create(token, "a", inputs, timeout)
            return
        with CLOCK.stopped():
            error = failure(lambda: attached.create(token, "a", inputs, timeout))
        assert "still IN_PROGRESS after" in str(error.details())
        assert half_made(error) is None
    finally:
        undo()


def test_custom_timeouts_of_the_framework_count_nothing_and_its_argument_does(
    attached: Attached, around: Surroundings
) -> None:
    """Whoever sets customTimeouts on the exclusive list waits ten minutes all the same."""
    held = around.permission_set()
    around.assign(held, around.group(), MANAGEMENT)
    inputs = of_set(around, held, managedPolicyArns=[READ])
    undo = pace.current.fix(replace(pace.OFF, provisioning=0.9, timeouts=0.001))
    try:
        with CLOCK.stopped() as let_pass:
            error = failure(lambda: attached.create(EXCLUSIVE, "e", inputs, 6000))
            assert "still IN_PROGRESS after 1 s" in str(error.details())
            let_pass(1.0)
        longer = {**inputs, "managedPolicyArns": [READ, POWER], "timeouts": {"create": "1h"}}
        attached.create(EXCLUSIVE, "e", longer)
    finally:
        undo()


def test_a_region_that_takes_longer_is_in_no_state_and_aws_goes_on(
    attached: Attached, around: Surroundings
) -> None:
    """The next update meets a Region that nobody recorded; the half hour of the provider is short for it."""
    around.with_one_region()
    around.ready_for("eu-west-1")
    inputs = {"instanceArn": around.instance, "regionName": "eu-west-1"}
    undo = pace.current.fix(replace(pace.OFF, replication=2.5, timeouts=0.001))
    try:
        error = failure(lambda: attached.create(REGION, "r", inputs, 36000))
        assert "Region eu-west-1: still ADDING after 2 s" in str(error.details())
        assert half_made(error) is None
    finally:
        undo()
    around.wait_for("eu-west-1", "ACTIVE")
    taken_in = attached.adopt(REGION, "r", f"{around.instance},eu-west-1")
    assert taken_in is not None
    assert taken_in.state["status"] == "ACTIVE"
    attached.delete(taken_in)
    assert around.regions() == {"us-east-1": "ACTIVE"}


def test_a_region_is_never_updated(attached: Attached, around: Surroundings) -> None:
    """Another time-out of a Region that is there would end every update of the stack from then on."""
    around.with_one_region()
    around.ready_for("eu-west-1")
    made = attached.create(REGION, "r", {"instanceArn": around.instance, "regionName": "eu-west-1"})
    longer = {"instanceArn": around.instance, "regionName": "eu-west-1", "timeouts": {"create": "2h"}}

    assert attached.diff(made, longer).replaces == []
    error = failure(lambda: attached.update(made, longer))

    assert "Update method should not have been called" in str(error.details())


def test_durations_are_read_as_go_writes_them() -> None:
    """A time-out that is misread ends too early or never."""
    assert (duration("90m"), duration("1h30m"), duration("2.5s"), duration("500ms")) == (5400, 5400, 2.5, 0.5)
    with pytest.raises(ValueError, match="is no duration"):
        duration("10 minutes")
