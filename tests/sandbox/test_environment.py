"""The environment inside the sandbox meets nobody's AWS and nobody's Pulumi."""

from pathlib import Path

import pytest

from sandbox.environment import inside, without_aws_and_pulumi
from sandbox.home import Home
from sandbox.running_server import RunningServer

SERVER = RunningServer(id="x", pid=1, endpoint="http://127.0.0.1:1", provider_port=2)


def test_the_users_aws_and_pulumi_are_never_met(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Else a try in the sandbox could change a real organisation."""
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "real")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", "real")

    environment = inside(Home(tmp_path), SERVER, tmp_path / "cli" / "pulumi")

    assert "real" not in environment.values()
    assert "AWS_PROFILE" not in environment
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert environment["AWS_ENDPOINT_URL"] == SERVER.endpoint
    assert environment["PULUMI_BACKEND_URL"] == f"file://{tmp_path}/backend"


def test_what_a_user_sets_for_pulumi_itself_is_kept() -> None:
    """A flag given as a variable, such as a pack, is the user's decision."""
    wished = {"PULUMI_OPTION_POLICY_PACK": "my-pack", "PULUMI_PARALLEL": "4"}

    assert without_aws_and_pulumi(wished).items() >= wished.items()


def test_the_sandboxs_commands_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Else plain `pulumi` in `make shell` would be another one, without the sandbox's habits."""
    monkeypatch.setenv("PATH", "/usr/bin")

    path = inside(Home(tmp_path), SERVER, tmp_path / "cli" / "pulumi")["PATH"].split(":")

    assert path[:2] == [f"{tmp_path}/bin", f"{tmp_path}/cli"]
    assert path[-1] == "/usr/bin"


def test_a_proxy_never_stands_between_a_client_and_loopback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Else boto3 would send the sandbox's requests to the company's proxy."""
    monkeypatch.setenv("NO_PROXY", "internal.example")

    environment = inside(Home(tmp_path), SERVER, tmp_path / "cli" / "pulumi")

    assert environment["NO_PROXY"] == "internal.example,127.0.0.1,localhost"
    assert environment["no_proxy"] == environment["NO_PROXY"]
