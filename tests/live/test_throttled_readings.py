"""AWS refuses every request for half a minute, as where somebody else's tool takes the service's rate."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from botocore import endpoint as botocore_endpoint
from botocore.retries import bucket
from rich.console import Console
from rich.progress import Progress

from identity_center_cli.main import main
from identity_center_cli.verbs import snapshot
from tests.support.changed_by_hand import SHOP, Instance

#: So many seconds of boto3's waits pass in one of the test's.
SCALE: Final = 60
HALF_A_MINUTE: Final = 30 / SCALE
WAITS: Final = "AWS asks for fewer requests: the reading waits, and goes on by itself\n"


@pytest.fixture
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let boto3 wait a sixtieth of what it waits, by its clock and by its pauses."""
    # The one place in which its rate becomes a wait; boto3 has no public name for it.
    waits = vars(bucket.TokenBucket)["_sleep_amount"]
    monkeypatch.setattr(bucket.Clock, "current_time", lambda _clock: time.time() * SCALE)
    monkeypatch.setattr(bucket.TokenBucket, "_sleep_amount", lambda self, amount: waits(self, amount) / SCALE)
    paused = SimpleNamespace(sleep=lambda seconds: time.sleep(seconds / SCALE))
    monkeypatch.setattr(botocore_endpoint, "time", paused)


@pytest.fixture
def throttled(order_fault: Callable[..., None], _hurried: None) -> Callable[[], None]:
    """Let each service refuse whatever it is asked after its first answer, for half a minute."""

    def order() -> None:
        for service in ("organizations", "sso-admin", "identitystore"):
            order_fault(service=service, code="ThrottlingException", after=1, seconds=HALF_A_MINUTE)

    return order


def test_a_snapshot_waits_and_has_everything(
    instance: Instance, tmp_path: Path, throttled: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """A reading that gives up after half an hour is begun again, and meets the next half minute."""
    calm, stormy = tmp_path / "calm.json", tmp_path / "stormy.json"
    assert main(["snapshot", "--output", str(calm), "--requests-per-second", "10000"]) == 0
    capsys.readouterr()
    throttled()

    assert main(["snapshot", "--output", str(stormy), "--requests-per-second", "10000"]) == 0

    assert instance.users
    assert capsys.readouterr().err == WAITS
    assert _read(stormy) == _read(calm)


def _read(file: Path) -> dict[str, Any]:
    """Read a snapshot without the moments of its reading."""
    found = json.loads(file.read_text(encoding="utf-8"))
    return {key: value for key, value in found.items() if key not in ("readFrom", "readUntil")}


def test_drift_waits_and_names_the_change(
    instance: Instance, model: Path, throttled: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """A nightly job that is red for somebody else's tool is switched off."""
    instance.made.assign(instance.sets["Emergency"], instance.users["kim"], SHOP, "USER")
    throttled()

    status = main(["drift", "--model", str(model), "--requests-per-second", "10000"])

    told = capsys.readouterr()
    assert (status, told.err) == (1, WAITS)
    assert told.out.splitlines()[-1] == "1 difference"


def test_adopt_waits_and_writes_everything(
    instance: Instance,
    tmp_path: Path,
    throttled: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was refused meanwhile is not in the model, and the first update takes it away."""
    monkeypatch.chdir(tmp_path)
    throttled()

    assert main(["adopt", "--into", "access", "--requests-per-second", "10000"]) == 0

    told = capsys.readouterr()
    assert instance.users
    assert told.err == WAITS
    assert "5 permission sets, 1 entry of assignments" in told.out, told.out


def test_a_terminal_shows_that_it_waits_and_then_goes_on(
    instance: Instance,
    tmp_path: Path,
    throttled: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bar that stands still for half a minute is taken for a hung command, and stopped."""
    shown: list[str] = []

    class Watched(Progress):
        """Notes what the bar says."""

        def update(self, *arguments: Any, **more: Any) -> None:  # noqa: ANN401 - of rich
            """Show, and note it."""
            shown.append(more["description"])
            super().update(*arguments, **more)

    monkeypatch.setattr(snapshot, "Progress", Watched)
    monkeypatch.setattr(snapshot, "Console", lambda **more: Console(force_terminal=True, **more))
    throttled()

    assert main(["snapshot", "--output", str(tmp_path / "s.json"), "--requests-per-second", "10000"]) == 0
    assert instance.users
    assert "waiting: AWS asks for fewer requests" in shown
    assert shown[-1] == "reading"
