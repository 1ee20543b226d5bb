"""What AWS refuses, what is tried again and for how long."""

import threading
import time
from dataclasses import replace

import grpc

from sandbox import pace
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.provider import serve
from sandbox.provider.rows import clients
from sandbox.provider.rows.attached import Attached, Made, half_made
from sandbox.provider.rows.values import plain

from .inputs import (
    ASSIGNMENT,
    ATTACHMENT,
    MANAGEMENT,
    NOBODY,
    PERMISSION_SET,
    POWER,
    USER,
    assignment,
    failure,
    of_set,
    person,
)


def test_a_refusal_of_aws_says_who_refused_what_and_why(impatient: Attached, around: Surroundings) -> None:
    """An error without the operation and the code cannot be looked up."""
    around.user()
    error = failure(lambda: impatient.create(USER, "ada", person(around)))
    assert "creating aws:identitystore/user:User 'ada'" in str(error.details())
    assert "identitystore CreateUser: ConflictException: Duplicate UserName" in str(error.details())
    assert half_made(error) is None, "nothing was made, so nothing may enter the state"


def test_an_assignment_that_exists_is_not_made_again(attached: Attached, around: Surroundings) -> None:
    """AWS would take it silently, and destroying one stack would then take another stack's access away."""
    held, group = around.permission_set(), around.group()
    around.assign(held, group, MANAGEMENT)
    error = failure(lambda: attached.create(ASSIGNMENT, "a", assignment(around, held, group)))
    assert "already exists" in str(error.details())


def test_an_attachment_that_exists_is_not_made_again(attached: Attached, around: Surroundings) -> None:
    """The real provider looks first."""
    inputs = of_set(around, around.permission_set(), managedPolicyArn=POWER)
    attached.create(ATTACHMENT, "a", inputs)
    error = failure(lambda: attached.create(ATTACHMENT, "b", inputs))
    assert "already attached" in str(error.details())


def test_an_assignment_that_fails_later_gives_awss_reason_and_leaves_nothing(
    attached: Attached, around: Surroundings
) -> None:
    """AWS accepts the request first: success that only the request reports would be no success."""
    inputs = assignment(around, around.permission_set(), NOBODY)
    error = failure(lambda: attached.create(ASSIGNMENT, "a", inputs))
    assert f"FAILED: Received a 404 status error: GROUP {NOBODY} not found" in str(error.details())
    assert half_made(error) is None


def test_a_set_in_use_is_not_deleted_and_the_wait_ends(impatient: Attached, around: Surroundings) -> None:
    """The real provider tries a conflict again until its patience ends."""
    made = impatient.create(PERMISSION_SET, "p", {"instanceArn": around.instance, "name": around.word})
    around.assign(plain(made.state)["arn"], around.group(), MANAGEMENT)
    assert "still has account assignments" in str(failure(lambda: impatient.delete(made)).details())


def test_attachments_that_come_together_are_tried_again(port: int, around: Surroundings) -> None:
    """The engine makes independent resources at once; on AWS the conflicts heal, so they must here."""
    held = around.permission_set()
    names = ("PowerUserAccess", "ReadOnlyAccess", "SecurityAudit", "IAMFullAccess")
    connection = Attached(port, region="us-east-1")
    made: list[Made] = []

    def attach(name: str) -> None:
        arn = f"arn:aws:iam::aws:policy/{name}"
        made.append(connection.create(ATTACHMENT, name, of_set(around, held, managedPolicyArn=arn)))

    threads = [threading.Thread(target=attach, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    assert {one.name for one in made} == set(names)


def test_an_api_that_does_not_answer_is_no_refusal(around: Surroundings) -> None:
    """Nobody knows whether the call changed something: the engine must be told so."""
    server, bound = serve("http://127.0.0.1:9")
    connection = Attached(bound, region="us-east-1")
    error = failure(lambda: connection.create(USER, "ada", person(around)))
    assert error.code() is grpc.StatusCode.UNKNOWN
    connection.close()
    server.stop(grace=None).wait()


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
        error = failure(lambda: connection.create(PERMISSION_SET, "p", inputs))
    finally:
        undo()
    took = time.monotonic() - started
    assert "already exists" in str(error.details())
    assert took > 12 * 150 * 0.0001, "the last twelve pauses are 150 s at least"
    connection.close()
