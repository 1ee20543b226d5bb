"""What happens when AWS refuses, is slow, is interrupted, or was changed by somebody else."""

import threading
import time
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from sandbox.aws import ssoadmin_state
from sandbox.aws.surroundings import Surroundings
from sandbox.provider import clients, serve
from sandbox.provider.attached import Attached, Made, half_made
from sandbox.provider.values import Secret, plain

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
    """A role that exists and is in no state would block the next run with its name."""
    inputs = {"name": around.word, "assumeRolePolicy": TRUST, "managedPolicyArns": [READ, NOWHERE]}
    error = _failure(lambda: impatient.create(ROLE, "r", inputs))
    kept = half_made(error)
    assert kept is not None
    assert kept.id == around.word
    assert "NoSuchEntity" in kept.reasons[0]
    assert list(kept.properties["managedPolicyArns"]) == [READ]  # type: ignore[arg-type]  # a protobuf list


def test_the_next_update_finishes_what_was_made_in_part(impatient: Attached, around: Surroundings) -> None:
    """After a failure `pulumi up` must be enough."""
    inputs = _of(around, around.permission_set(), managedPolicyArns=[POWER, NOWHERE])
    kept = half_made(_failure(lambda: impatient.create(EXCLUSIVE, "e", inputs)))
    assert kept is not None
    checked = impatient.check(EXCLUSIVE, "e", inputs)
    half = Made(EXCLUSIVE, "e", kept.id, {**inputs, "managedPolicyArns": [POWER]}, checked)
    finished = impatient.update(half, {**inputs, "managedPolicyArns": [POWER, READ]})
    seen = impatient.refresh(finished)
    assert seen is not None
    assert sorted(plain(seen.state)["managedPolicyArns"]) == sorted([POWER, READ])


def test_an_interruption_keeps_what_aws_may_still_make(
    port: int, around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Ctrl-C in the middle the next run must not fail over an assignment that came to be meanwhile."""
    monkeypatch.setattr(ssoadmin_state, "REQUEST_SECONDS", 1.0)
    inputs = _assignment(around, around.permission_set(), around.group())
    interrupted = Attached(port, region="us-east-1")
    threading.Timer(0.3, interrupted.cancel).start()
    started = time.monotonic()
    error = _failure(lambda: interrupted.create(ASSIGNMENT, "a", inputs))
    assert time.monotonic() - started < 0.9, "a wait goes on after the interruption"
    kept = half_made(error)
    assert kept is not None
    assert kept.id.startswith(inputs["principalId"])
    assert "cancelled" in str(_failure(lambda: interrupted.create(GROUP, "g", {
        "identityStoreId": around.store_id, "displayName": "after",
    })).details())  # fmt: skip
    interrupted.close()
    monkeypatch.setattr(ssoadmin_state, "REQUEST_SECONDS", 0.0)
    again = Attached(port, region="us-east-1")
    checked = again.check(ASSIGNMENT, "a", inputs)
    finished = again.update(Made(ASSIGNMENT, "a", kept.id, checked, checked), inputs)
    assert again.refresh(finished) is not None
    again.close()


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


def test_the_sandbox_waits_in_moments() -> None:
    """Tests and trials wait for the same events as on AWS, not for the same time."""
    assert clients._LONGEST_DELAY * 25 < 10  # noqa: SLF001 - the patience of the default settings, in seconds
