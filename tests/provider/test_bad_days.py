"""What happens when AWS refuses, is slow, is interrupted, or was changed by somebody else."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import grpc
import pytest

from sandbox import pace
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.provider import serve
from sandbox.provider.rows import clients
from sandbox.provider.rows.attached import Attached, Made, half_made
from sandbox.provider.rows.timeouts import duration
from sandbox.provider.rows.values import Secret, from_wire, plain

POWER = "arn:aws:iam::aws:policy/PowerUserAccess"
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
NOWHERE = "arn:aws:iam::aws:policy/ZzzNoSuchPolicy"
MANAGEMENT = "123456789012"
NOBODY = "12345678-1234-1234-1234-123456789012"
PERMISSION_SET = "aws:ssoadmin/permissionSet:PermissionSet"
ASSIGNMENT = "aws:ssoadmin/accountAssignment:AccountAssignment"
ATTACHMENT = "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment"
CUSTOMER = "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment"
EXCLUSIVE = "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive"
INLINE = "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy"
USER = "aws:identitystore/user:User"
GROUP = "aws:identitystore/group:Group"
ROLE = "aws:iam/role:Role"
GET = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'
TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"ec2.amazonaws.com"}}]}'
)


@pytest.fixture
def around(endpoint: str, unique: str) -> Surroundings:
    """Give what a test makes beside the provider."""
    return Surroundings(endpoint, "us-east-1", unique)


@pytest.fixture
def impatient(port: int) -> Attached:
    """Give a connection that tries nothing again."""
    return Attached(port, region="us-east-1", maxRetries=1)


def _of(around: Surroundings, permission_set: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - inputs
    return {"instanceArn": around.instance, "permissionSetArn": permission_set, **more}


def _assignment(around: Surroundings, permission_set: str, group: str) -> dict[str, Any]:
    target = {"targetId": MANAGEMENT, "targetType": "AWS_ACCOUNT"}
    return _of(around, permission_set, principalId=group, principalType="GROUP", **target)


def _person(around: Surroundings) -> dict[str, Any]:
    name = {"givenName": "Ada", "familyName": "Lovelace"}
    return {
        "identityStoreId": around.store_id, "userName": around.word, "displayName": "Ada", "name": name
    }  # fmt: skip


def _failure(do: Callable[[], object]) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as failed:
        do()
    return failed.value


# Refusals


def test_a_refusal_of_aws_says_who_refused_what_and_why(impatient: Attached, around: Surroundings) -> None:
    """An error without the operation and the code cannot be looked up."""
    around.user()
    error = _failure(lambda: impatient.create(USER, "ada", _person(around)))
    assert "creating aws:identitystore/user:User 'ada'" in str(error.details())
    assert "identitystore CreateUser: ConflictException: Duplicate UserName" in str(error.details())
    assert half_made(error) is None, "nothing was made, so nothing may enter the state"


def test_an_assignment_that_exists_is_not_made_again(attached: Attached, around: Surroundings) -> None:
    """AWS would take it silently, and destroying one stack would then take another stack's access away."""
    held, group = around.permission_set(), around.group()
    around.assign(held, group, MANAGEMENT)
    error = _failure(lambda: attached.create(ASSIGNMENT, "a", _assignment(around, held, group)))
    assert "already exists" in str(error.details())


def test_an_attachment_that_exists_is_not_made_again(attached: Attached, around: Surroundings) -> None:
    """The real provider looks first."""
    inputs = _of(around, around.permission_set(), managedPolicyArn=POWER)
    attached.create(ATTACHMENT, "a", inputs)
    error = _failure(lambda: attached.create(ATTACHMENT, "b", inputs))
    assert "already attached" in str(error.details())


def test_an_assignment_that_fails_later_gives_awss_reason_and_leaves_nothing(
    attached: Attached, around: Surroundings
) -> None:
    """AWS accepts the request first: success that only the request reports would be no success."""
    inputs = _assignment(around, around.permission_set(), NOBODY)
    error = _failure(lambda: attached.create(ASSIGNMENT, "a", inputs))
    assert f"FAILED: Received a 404 status error: GROUP {NOBODY} not found" in str(error.details())
    assert half_made(error) is None


def test_a_set_in_use_is_not_deleted_and_the_wait_ends(impatient: Attached, around: Surroundings) -> None:
    """The real provider tries a conflict again until its patience ends."""
    made = impatient.create(PERMISSION_SET, "p", {"instanceArn": around.instance, "name": around.word})
    around.assign(plain(made.state)["arn"], around.group(), MANAGEMENT)
    assert "still has account assignments" in str(_failure(lambda: impatient.delete(made)).details())


def test_attachments_that_come_together_are_tried_again(port: int, around: Surroundings) -> None:
    """The engine makes independent resources at once; on AWS the conflicts heal, so they must here."""
    held = around.permission_set()
    names = ("PowerUserAccess", "ReadOnlyAccess", "SecurityAudit", "IAMFullAccess")
    connection = Attached(port, region="us-east-1")
    made: list[Made] = []

    def attach(name: str) -> None:
        arn = f"arn:aws:iam::aws:policy/{name}"
        made.append(connection.create(ATTACHMENT, name, _of(around, held, managedPolicyArn=arn)))

    threads = [threading.Thread(target=attach, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    assert {one.name for one in made} == set(names)


# Half-made resources


def test_a_policy_that_an_account_lacks_fails_the_attachment_and_keeps_it(
    attached: Attached, around: Surroundings
) -> None:
    """The name is attached, but the account where the set is assigned has no such policy."""
    held = around.permission_set()
    around.assign(held, around.group(), MANAGEMENT)
    reference = {"name": around.word, "path": "/"}
    inputs = _of(around, held, customerManagedPolicyReference=reference)
    error = _failure(lambda: attached.create(CUSTOMER, "c", inputs))
    assert f"policy/{around.word}" in str(error.details())
    kept = half_made(error)
    assert kept is not None
    assert kept.id.startswith(f"{around.word},/,")


def test_a_resource_that_was_made_in_part_stays_in_the_state(
    impatient: Attached, around: Surroundings
) -> None:
    """A role that exists and is in no state would block the next run with its name.

    Terraform's old SDK then writes what was wanted, not what is there: the state claims both policies.
    """
    inputs = {"name": around.word, "assumeRolePolicy": TRUST, "managedPolicyArns": [READ, NOWHERE]}
    error = _failure(lambda: impatient.create(ROLE, "r", inputs))
    kept = half_made(error)
    assert kept is not None
    assert kept.id == around.word
    assert "NoSuchEntity" in kept.reasons[0]
    assert list(kept.properties["managedPolicyArns"]) == [READ, NOWHERE]  # type: ignore[arg-type]  # a protobuf list


def test_the_framework_keeps_nothing_half_made(impatient: Attached, around: Surroundings) -> None:
    """The real provider loses what a failed create left behind, and only an import brings it back."""
    inputs = _of(around, around.permission_set(), managedPolicyArns=[POWER, NOWHERE])
    error = _failure(lambda: impatient.create(EXCLUSIVE, "e", inputs))
    assert half_made(error) is None
    seen = impatient.adopt(EXCLUSIVE, "e", f"{inputs['instanceArn']},{inputs['permissionSetArn']}")
    assert seen is not None
    assert seen.state["managedPolicyArns"] == [POWER], "AWS keeps what was attached before the refusal"


def test_the_framework_keeps_the_old_state_where_an_update_fails(
    impatient: Attached, around: Surroundings
) -> None:
    """The next run must see the same difference again."""
    inputs = _of(around, around.permission_set(), managedPolicyArns=[POWER])
    made = impatient.create(EXCLUSIVE, "e", inputs)
    wanted = {**inputs, "managedPolicyArns": [READ, NOWHERE]}
    assert half_made(_failure(lambda: impatient.update(made, wanted))) is None
    assert made.id == "missing ID", "its schema has no id"


def test_a_failed_update_is_forgotten_until_the_state_is_read_again(
    impatient: Attached, around: Surroundings
) -> None:
    """Terraform's old SDK keeps what was wanted: the next run ends green and changes nothing in AWS."""
    inputs = _person(around)
    made = impatient.create(USER, "ada", inputs)
    mail = {"value": f"{around.word}@example.com"}
    around.user(f"{around.word}-other", Emails=[{"Value": mail["value"]}])
    kept = half_made(_failure(lambda: impatient.update(made, {**inputs, "emails": mail})))
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
    inputs = _of(around, held, inlinePolicy=GET)
    kept = half_made(_failure(lambda: impatient.create(INLINE, "i", inputs)))
    assert kept is not None
    after = Made(INLINE, "i", kept.id, from_wire(kept.properties), from_wire(kept.inputs))
    assert "FAILED" in str(_failure(lambda: impatient.update(after, inputs)).details())
    around.iam.create_policy(PolicyName=around.word, PolicyDocument=GET)
    impatient.update(after, inputs)


@pytest.fixture
def slow_requests() -> Iterator[None]:
    """Let AWS take a second for each request."""
    undo = pace.current.fix(replace(pace.OFF, request=1.0))
    yield
    undo()


@pytest.mark.usefixtures("slow_requests")
def test_an_interruption_forgets_what_aws_still_makes(port: int, around: Surroundings) -> None:
    """After Ctrl-C the access comes to be and is in no state: the next run says that it exists."""
    inputs = _assignment(around, around.permission_set(), around.group())
    interrupted = Attached(port, region="us-east-1")
    threading.Timer(0.3, interrupted.cancel).start()
    started = time.monotonic()
    error = _failure(lambda: interrupted.create(ASSIGNMENT, "a", inputs))
    assert time.monotonic() - started < 0.9, "a wait goes on after the interruption"
    assert half_made(error) is None, "the real provider sets the id after its wait"
    assert "cancelled" in str(_failure(lambda: interrupted.create(GROUP, "g", {
        "identityStoreId": around.store_id, "displayName": "after",
    })).details())  # fmt: skip
    interrupted.close()
    again = Attached(port, region="us-east-1")
    time.sleep(1.1)
    assert "already exists" in str(_failure(lambda: again.create(ASSIGNMENT, "a", inputs)).details())
    again.close()


@pytest.mark.parametrize(("timeout", "token", "works"), [(0.0, ASSIGNMENT, False), (900.0, ASSIGNMENT, True)])
def test_an_assignment_waits_five_minutes_or_as_long_as_custom_timeouts_say(
    attached: Attached, around: Surroundings, timeout: float, token: str, *, works: bool
) -> None:
    """A large organisation's queue is longer than the default, and what it grants then is in no state."""
    inputs = _assignment(around, around.permission_set(), around.group())
    # A second of a time-out is a millisecond here: five minutes are 0.3 s, and AWS takes 0.6 s.
    undo = pace.current.fix(replace(pace.OFF, request=0.6, timeouts=0.001))
    try:
        if works:
            attached.create(token, "a", inputs, timeout)
            return
        error = _failure(lambda: attached.create(token, "a", inputs, timeout))
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
    inputs = _of(around, held, managedPolicyArns=[READ])
    undo = pace.current.fix(replace(pace.OFF, provisioning=0.9, timeouts=0.001))
    try:
        error = _failure(lambda: attached.create(EXCLUSIVE, "e", inputs, 6000))
        assert "still IN_PROGRESS after 1 s" in str(error.details())
        time.sleep(1)
        longer = {**inputs, "managedPolicyArns": [READ, POWER], "timeouts": {"create": "1h"}}
        attached.create(EXCLUSIVE, "e", longer)
    finally:
        undo()


def test_durations_are_read_as_go_writes_them() -> None:
    """A time-out that is misread ends too early or never."""
    assert (duration("90m"), duration("1h30m"), duration("2.5s"), duration("500ms")) == (5400, 5400, 2.5, 0.5)
    with pytest.raises(ValueError, match="is no duration"):
        duration("10 minutes")


def test_an_api_that_does_not_answer_is_no_refusal(around: Surroundings) -> None:
    """Nobody knows whether the call changed something: the engine must be told so."""
    server, bound = serve("http://127.0.0.1:9")
    connection = Attached(bound, region="us-east-1")
    error = _failure(lambda: connection.create(USER, "ada", _person(around)))
    assert error.code() is grpc.StatusCode.UNKNOWN
    connection.close()
    server.stop(grace=None).wait()


# Changes by others


Drift = tuple[str, Callable[[Surroundings], dict[str, Any]], Callable[[Surroundings, Made], object], str]
DRIFT: dict[str, Drift] = {
    "a person's title": (
        USER, _person,
        lambda around, made: around.store.update_user(
            IdentityStoreId=around.store_id, UserId=plain(made.state)["userId"],
            Operations=[{"AttributePath": "title", "AttributeValue": "Boss"}]),
        "title",
    ),
    "a group's name": (
        GROUP, lambda around: {"identityStoreId": around.store_id, "displayName": around.word},
        lambda around, made: around.store.update_group(
            IdentityStoreId=around.store_id, GroupId=plain(made.state)["groupId"],
            Operations=[{"AttributePath": "displayName", "AttributeValue": f"{around.word}-x"}]),
        "displayName",
    ),
    "a session's length": (
        PERMISSION_SET, lambda around: {"instanceArn": around.instance, "name": around.word},
        lambda around, made: around.sso.update_permission_set(
            **around.of_set(plain(made.state)["arn"]), SessionDuration="PT12H"),
        "sessionDuration",
    ),
    "a policy attached by hand": (
        EXCLUSIVE, lambda around: _of(around, around.permission_set(), managedPolicyArns=[READ]),
        lambda around, made: around.sso.attach_managed_policy_to_permission_set(
            **around.of_set(plain(made.state)["permissionSetArn"]), ManagedPolicyArn=POWER),
        "managedPolicyArns",
    ),
    "an inline policy": (
        INLINE, lambda around: _of(around, around.permission_set(), inlinePolicy=GET),
        lambda around, made: around.sso.put_inline_policy_to_permission_set(
            **around.of_set(plain(made.state)["permissionSetArn"]), InlinePolicy=GET.replace("Get", "Put")),
        "inlinePolicy",
    ),
    "a tag": (
        ROLE, lambda around: {"name": around.word, "assumeRolePolicy": TRUST},
        lambda around, made: around.iam.tag_role(RoleName=made.id, Tags=[{"Key": "k", "Value": "v"}]),
        "tags",
    ),
    "a permissions boundary": (
        ROLE, lambda around: {"name": around.word, "assumeRolePolicy": TRUST, "permissionsBoundary": POWER},
        lambda around, made: around.iam.delete_role_permissions_boundary(RoleName=made.id),
        "permissionsBoundary",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DRIFT)
def test_a_change_by_somebody_else_shows_and_is_undone(
    attached: Attached, around: Surroundings, what: str
) -> None:
    """Access that was changed by hand and looks unchanged is what this project exists against."""
    token, inputs_of, change, name = DRIFT[what]
    inputs = inputs_of(around)
    made = attached.create(token, around.word, inputs)
    change(around, made)
    seen = attached.refresh(made)
    assert seen is not None
    assert {path.split(".")[0].split("[")[0] for path in attached.diff(seen, inputs).kinds} == {name}
    restored = attached.refresh(attached.update(seen, inputs))
    assert restored is not None
    assert attached.diff(restored, inputs).kinds == {}


def test_what_the_program_does_not_give_is_compared_too(attached: Attached, around: Surroundings) -> None:
    """A description written by hand shows, though the program says nothing of descriptions."""
    inputs = {"instanceArn": around.instance, "name": around.word}
    made = attached.create(PERMISSION_SET, "p", inputs)
    around.sso.update_permission_set(**around.of_set(plain(made.state)["arn"]), Description="by hand")
    seen = attached.refresh(made)
    assert seen is not None
    assert attached.diff(seen, inputs).kinds == {"description": "DELETE"}


def test_a_description_of_a_set_cannot_be_taken_away(attached: Attached, around: Surroundings) -> None:
    """AWS keeps it, so that every run shows the difference again and provisions every account for it."""
    inputs = {"instanceArn": around.instance, "name": around.word}
    made = attached.create(PERMISSION_SET, "p", {**inputs, "description": "old"})
    updated = attached.update(made, inputs)
    assert updated.state["description"] == "old"
    assert attached.diff(updated, inputs).kinds == {"description": "DELETE"}


def test_a_description_of_a_group_cannot_be_taken_away(attached: Attached, around: Surroundings) -> None:
    """The real provider sends an empty text, which AWS refuses at every run."""
    inputs = {"identityStoreId": around.store_id, "displayName": around.word}
    made = attached.create(GROUP, "g", {**inputs, "description": "old"})
    error = _failure(lambda: attached.update(made, inputs))
    assert "UpdateGroup: ValidationException" in str(error.details())


def test_an_assignment_that_somebody_deleted_is_gone(attached: Attached, around: Surroundings) -> None:
    """A state that still has it would hide that people lost their access."""
    held, group = around.permission_set(), around.group()
    made = attached.create(ASSIGNMENT, "a", _assignment(around, held, group))
    around.unassign(held, group, MANAGEMENT)
    assert attached.refresh(made) is None
    attached.delete(made)


def test_a_person_that_was_renamed_in_iam_is_still_the_same(attached: Attached, around: Surroundings) -> None:
    """IAM users and groups are renamed in place, though their name is their id."""
    made = attached.create("aws:iam/user:User", "u", {"name": around.word})
    renamed = attached.update(made, {"name": f"{around.word}-2"})
    seen = attached.refresh(renamed)
    assert seen is not None
    assert seen.id == f"{around.word}-2"
    attached.delete(renamed)
    assert attached.refresh(renamed) is None


# Secrets


def test_a_secret_input_stays_secret_in_the_state(attached: Attached, around: Surroundings) -> None:
    """A state file with a secret in clear is a leak, whatever the property."""
    secret = {**_person(around), "displayName": Secret("hidden"), "emails": {"value": Secret("a@b.c")}}
    made = attached.create(USER, "ada", secret)
    assert made.state["displayName"] == Secret("hidden")
    assert made.state["emails"]["value"] == Secret("a@b.c")
    seen = attached.refresh(made)
    assert seen is not None
    assert (seen.state["displayName"], seen.inputs["displayName"]) == (Secret("hidden"),) * 2
    assert seen.inputs["emails"]["value"] == Secret("a@b.c")


def test_an_error_does_not_quote_a_secret(impatient: Attached, around: Surroundings) -> None:
    """AWS quotes what it refuses, and an error ends in logs."""
    hidden = GET.replace("s3:Get*", "top-secret-nonsense")
    inputs = _of(around, around.permission_set(), inlinePolicy=Secret(hidden + " " * 33_000))
    error = _failure(lambda: impatient.create(INLINE, "i", inputs))
    assert "top-secret" not in str(error.details())
    assert "length less than or equal to 32768" in str(error.details())


def _pauses(*, throttled: bool) -> float:
    return sum(clients.pause_after(attempt, throttled=throttled) for attempt in range(1, 25))


def test_the_sandbox_waits_in_moments() -> None:
    """Tests and trials wait for the same events as on AWS, not for the same time."""
    assert _pauses(throttled=False) < 10


def test_a_taken_name_takes_an_hour_at_the_real_pace() -> None:
    """The first run on an organisation that is not empty hangs: the sandbox must be able to show it."""
    undo = pace.current.fix(pace.OF_AWS)
    try:
        assert 30 * 60 < _pauses(throttled=False) < 90 * 60
        assert 30 * 60 < _pauses(throttled=True) < 120 * 60
    finally:
        undo()


def test_a_taken_name_is_asked_for_25_times(port: int, around: Surroundings) -> None:
    """AWS says at once that the name is taken, and the real provider asks again and again."""
    around.permission_set()
    connection = Attached(port, region="us-east-1")
    started = time.monotonic()
    undo = pace.current.fix(replace(pace.OFF, backoff=0.0001))
    try:
        inputs = {"instanceArn": around.instance, "name": around.word}
        error = _failure(lambda: connection.create(PERMISSION_SET, "p", inputs))
    finally:
        undo()
    took = time.monotonic() - started
    assert "already exists" in str(error.details())
    assert took > 12 * 150 * 0.0001, "the last twelve pauses are 150 s at least"
    connection.close()
