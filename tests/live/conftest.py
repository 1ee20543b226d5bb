"""AWS's API on loopback for tests of what reads it."""

import json
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from identity_center_cli.aws.root import reading as root_reading
from identity_center_cli.aws.root.audit_file import load_postures
from identity_center_cli.aws.root.posture import RootPosture, Standing
from identity_center_cli.aws.token_bucket import TokenBucket
from identity_center_cli.main import main
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.clock import CLOCK
from sandbox.settings import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from tests.support.aws_in_process import Stages, endpoint, stages
from tests.support.changed_by_hand import MODEL, Instance
from tests.support.lived_in import LivedIn

__all__ = ["endpoint", "stages"]

OF_THE_PACE: Final = {"test_token_bucket.py", "test_throttled_readings.py", "test_calls_of_a_reading.py"}


@pytest.fixture
def session(endpoint: str, stages: Stages, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    """Give a session of an AWS that is as on the first day."""
    assert stages.is_on_first_day
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    for name, value in {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    return boto3.Session()


@pytest.fixture(autouse=True)
def _no_pace(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask as fast as this AWS answers, but where the pace is what is tested: most of the time was waiting."""
    if request.path.name not in OF_THE_PACE:
        monkeypatch.setattr(TokenBucket, "take", lambda _self: None)


@pytest.fixture
def around(session: boto3.Session, endpoint: str) -> Surroundings:
    """Give what makes things in the instance, without waiting for AWS."""
    assert session.region_name == REGION
    return Surroundings(endpoint, REGION, "word", wait=lambda _seconds: CLOCK.let_pass(1.0))


@pytest.fixture
def instance(around: Surroundings, stages: Stages) -> Instance:
    """Give the instance that the model of `changed_by_hand` describes."""
    return stages.at("as the model says", lambda: Instance(around))


@pytest.fixture
def lived_in(session: boto3.Session, around: Surroundings, stages: Stages) -> LivedIn:
    """Give an instance that people have used for years."""
    return stages.at("lived in", lambda: LivedIn(around, session))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Give that model's folder."""
    folder = tmp_path / "access"
    folder.mkdir()
    (folder / "all.yaml").write_text(json.dumps(MODEL))
    return folder


Post = Callable[..., None]


def _post(endpoint: str, door: str, body: dict[str, Any]) -> None:
    request = urllib.request.Request(  # noqa: S310  # loopback
        f"{endpoint}/sandbox/{door}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=30).close()  # noqa: S310  # loopback


@pytest.fixture
def central_root(session: boto3.Session, stages: Stages) -> boto3.Session:
    """Give an AWS whose organisation manages its members' root users centrally."""

    def enable() -> None:
        session.client("organizations").enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
        session.client("iam").enable_organizations_root_credentials_management()

    stages.at("central root", enable)
    return session


@pytest.fixture
def set_root_user(endpoint: str) -> Post:
    """Give the root user of an account what it signs in with."""
    return lambda **wanted: _post(endpoint, "root-user", wanted)


@pytest.fixture
def record_event(endpoint: str) -> Post:
    """Put an event into CloudTrail's history."""
    return lambda **event: _post(endpoint, "cloudtrail-event", event)


@pytest.fixture
def order_fault(endpoint: str) -> Post:
    """Make AWS refuse something."""
    return lambda **fault: _post(endpoint, "fault", fault)


@pytest.fixture
def no_more_faults(endpoint: str) -> Post:
    """Make AWS have a good day again."""
    return lambda: _post(endpoint, "no-more-faults", {})


@pytest.fixture
def break_off(monkeypatch: pytest.MonkeyPatch) -> Post:
    """Let a list of one service give its first page and refuse the second."""
    real = boto3.Session.client

    def break_list(service: str, operation: str, code: str) -> None:
        def with_break(self: boto3.Session, name: str, **more: Any) -> Any:  # noqa: ANN401 - a boto3 client
            client = real(self, name, **more)  # type: ignore[call-overload]  # the name of any service
            if name == service:
                _break_second_page(client, service, operation, code)
            return client

        monkeypatch.setattr(boto3.Session, "client", with_break)

    return break_list


@pytest.fixture
def cut_short(monkeypatch: pytest.MonkeyPatch) -> Post:
    """Let half of each answer of an operation come."""
    real = boto3.Session.client

    def cut(service: str, operation: str) -> None:
        def halve(response_dict: dict[str, Any], **_more: Any) -> None:  # noqa: ANN401 - of botocore
            body = response_dict["body"]
            response_dict["body"] = body[: len(body) // 2]

        def with_cut(self: boto3.Session, name: str, **more: Any) -> Any:  # noqa: ANN401 - a boto3 client
            client = real(self, name, **more)  # type: ignore[call-overload]  # the name of any service
            if name == service:
                client.meta.events.register(f"before-parse.{service}.{operation}", halve)
            return client

        monkeypatch.setattr(boto3.Session, "client", with_cut)

    return cut


def _break_second_page(client: Any, service: str, operation: str, code: str) -> None:  # noqa: ANN401 - a boto3 client
    pages: list[int] = []

    def answer(http_response: Any, parsed: dict[str, Any], **_more: Any) -> None:  # noqa: ANN401 - of botocore
        pages.append(1)
        if len(pages) == 1:
            parsed.update({"IsTruncated": True, "Marker": "1"} if service == "iam" else {"NextToken": "1"})
            return
        http_response.status_code = 400
        parsed["Error"] = {"Code": code, "Message": "a page that was refused"}

    client.meta.events.register(f"after-call.{service}.{operation}", answer)


class Audit:
    """Runs the command and gives what it left."""

    def __init__(self, file: Path) -> None:
        """Keep the result in a file."""
        self.file = file

    def __call__(self, *options: str) -> int:
        """Run, fast enough for a test."""
        return main(["root", "audit", "--output", str(self.file), "--requests-per-second", "1000", *options])

    @property
    def postures(self) -> dict[str, RootPosture]:
        """Read what the file says."""
        return load_postures(self.file)[1]

    def of_standing(self, standing: Standing) -> set[str]:
        """Return the accounts with this verdict."""
        return {key for key, posture in self.postures.items() if posture.standing is standing}


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Audit:
    """Give the command, which waits less for a credential report than one would at AWS."""
    monkeypatch.setattr(root_reading, "REPORT_WAIT", 0.01)
    return Audit(tmp_path / "audit.json")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count every request that a client of boto3 sends by operation, repeated ones included."""
    counted: Counter[str] = Counter()
    real = boto3.Session.client

    def counting(self: boto3.Session, name: str, **more: Any) -> Any:  # noqa: ANN401 - a boto3 client
        client = real(self, name, **more)  # type: ignore[call-overload]  # the name of any service

        def count(event_name: str, **_more: Any) -> None:  # noqa: ANN401 - of botocore
            counted[event_name.rpartition(".")[2]] += 1

        client.meta.events.register("before-send.*.*", count)
        return client

    monkeypatch.setattr(boto3.Session, "client", counting)
    return counted
