"""Faults on order: what an AWS client meets on a bad day, it meets in the sandbox."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, EndpointConnectionError

from sandbox.aws import faults
from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import Surroundings, post
from sandbox.home import CHECKOUT
from sandbox.listening import OUTAGE_PATH, Listening

MANAGEMENT = "123456789012"
REGION = "us-east-1"


@pytest.fixture(autouse=True)
def _good_again(endpoint: str) -> Iterator[None]:
    yield
    post(endpoint, "/sandbox/no-more-faults", {})


def _order(endpoint: str, operation: str, service: str = "sso-admin", **more: object) -> None:
    post(endpoint, "/sandbox/fault", {"service": service, "operation": operation, **more})


@pytest.mark.parametrize(("status", "code"), [(500, "InternalServerException"), (503, "ServiceUnavailable")])
def test_an_error_of_the_service_has_its_status(
    endpoint: str, around: Surroundings, status: int, code: str
) -> None:
    """Clients decide by the status whether to ask again."""
    _order(endpoint, "ListPermissionSets", code=code, status=status, times=1)

    with pytest.raises(ClientError) as refused:
        around.sso.list_permission_sets(InstanceArn=around.instance)

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert refused.value.response["Error"]["Code"] == code
    around.sso.list_permission_sets(InstanceArn=around.instance)


def test_a_connection_that_breaks_before_the_service_has_changed_nothing(
    endpoint: str, around: Surroundings
) -> None:
    """One half of what a broken connection can mean."""
    _order(endpoint, "CreateGroup", service="identitystore", how="reset", times=1)

    with pytest.raises(ConnectionClosedError):
        around.group()

    around.group()


def test_an_answer_that_breaks_off_comes_after_the_work(endpoint: str, around: Surroundings) -> None:
    """The other half: whoever asks again is told that it exists."""
    _order(endpoint, "CreateGroup", service="identitystore", how="lost", times=1)

    with pytest.raises(BotoCoreError):
        around.group()

    with pytest.raises(ClientError, match="ConflictException"):
        around.group()


def test_an_accepted_request_fails_with_the_reason_in_the_account_that_was_named(
    endpoint: str, around: Surroundings
) -> None:
    """Provisioning fails in one account of many, and the others are as before."""
    held, group = around.permission_set(), around.group()
    _order(endpoint, "CreateAccountAssignment", how="failed", account=MANAGEMENT, message="no room", times=1)

    elsewhere = around.assign(held, group, "444444444444")
    failed = around.assign(held, group, MANAGEMENT)
    again = around.assign(held, group, MANAGEMENT)

    assert [elsewhere["Status"], failed["Status"], again["Status"]] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    assert failed["FailureReason"] == "no room"


def test_a_fault_can_end_by_itself(
    endpoint: str, around: Surroundings, let_pass: Callable[[float], None]
) -> None:
    """AWS throttles for half a minute, and then no more."""
    _order(endpoint, "ListPermissionSets", code="ThrottlingException", seconds=30.0)

    for _again in range(2):
        with pytest.raises(ClientError, match="ThrottlingException"):
            around.sso.list_permission_sets(InstanceArn=around.instance)

    let_pass(29.0)
    with pytest.raises(ClientError, match="ThrottlingException"):
        around.sso.list_permission_sets(InstanceArn=around.instance)
    let_pass(2.0)
    around.sso.list_permission_sets(InstanceArn=around.instance)


def test_a_fault_without_a_service_is_met_by_all(endpoint: str, around: Surroundings) -> None:
    """Credentials that have expired are so everywhere."""
    _order(endpoint, "", service="", code="ExpiredTokenException")

    for ask in (around.store.list_users, around.store.list_groups):
        with pytest.raises(ClientError, match="ExpiredTokenException"):
            ask(IdentityStoreId=around.store_id)
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        around.iam.list_users()


def test_faults_are_read_from_a_file_and_again_when_it_changes(
    around: Surroundings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    let_pass: Callable[[float], None],
) -> None:
    """Whoever tries the sandbox by hand needs no door."""
    file = tmp_path / "faults.json"
    fault = {"service": "sso-admin", "operation": "ListPermissionSets", "code": "Nope"}
    file.write_text(json.dumps([fault]), encoding="utf-8")
    monkeypatch.setenv(faults.FAULTS_VARIABLE, str(file))
    faults.follow_environment(tmp_path)
    with pytest.raises(ClientError, match="Nope"):
        around.sso.list_permission_sets(InstanceArn=around.instance)

    file.unlink()
    let_pass(0.6)

    around.sso.list_permission_sets(InstanceArn=around.instance)
    monkeypatch.delenv(faults.FAULTS_VARIABLE)
    faults.follow_environment(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[", "no JSON"),
        ("{}", "expected a list"),
        ('[{"service": "iam", "hows": "lost"}]', "fault 1: there is no 'hows'"),
        ('[{"service": "iam", "how": "gone"}]', "fault 1: 'gone' is not a valid How"),
        ("[{}]", "fault 1: .*service"),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, text: str, problem: str) -> None:
    """A fault that nobody meets makes a trial look green."""
    file = tmp_path / "faults.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(faults.FaultError, match=problem):
        faults.read_file(file)


def _nothing(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [("Content-Length", "2")])
    return [b"{}"]


def test_a_port_that_is_closed_refuses_and_comes_back() -> None:
    """No route to AWS: a client knows that its call changed nothing."""
    api = Listening(_nothing)
    client = loopback_client("sso-admin", api.endpoint, REGION)
    client.list_instances()

    post(api.endpoint, OUTAGE_PATH, {"seconds": 2})
    # On a busy machine a connection that comes in the moment of the closing is broken instead.
    with pytest.raises((EndpointConnectionError, ConnectionClosedError)):
        client.list_instances()

    until = time.monotonic() + 60
    while not _answers(client) and time.monotonic() < until:
        time.sleep(0.1)
    client.list_instances()


def test_a_connection_stays_open_between_two_calls() -> None:
    """AWS's own endpoints keep them: what breaks on a kept connection would never be met here."""
    api = Listening(_nothing)
    connection = HTTPConnection(api.endpoint.removeprefix("http://"))
    opened = []
    for _ in range(2):
        connection.request("POST", "/", body=b"{}")
        assert connection.getresponse().read() == b"{}"
        opened.append(connection.sock)
    connection.close()

    assert opened[0] is not None
    assert opened[0] is opened[1]


def test_a_process_ends_whose_server_nobody_ended() -> None:
    """Tests that run one after the other, and a sandbox that is told to end, would wait for ever."""
    program = "from sandbox.listening import LoopbackServer; LoopbackServer(lambda *_: [])"
    ended = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, check=False, timeout=60)

    assert ended.returncode == 0


def _answers(client: Any) -> bool:  # noqa: ANN401 - a boto3 client
    try:
        client.list_instances()
    except BotoCoreError:
        return False
    return True
