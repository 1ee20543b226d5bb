"""What `pulumi` inside the sandbox adds to the real one."""

from pathlib import Path

import pytest

from sandbox.shell import pulumi_command
from sandbox.shell.pulumi_command import POLICY_PACK_VARIABLE, drop_unneeded_salt, with_pack

SALT = "encryptionsalt: v1:AAAA:v1:BBBB:CCCC\n"


def test_a_committed_stack_file_stays_as_it_was_when_nothing_needs_the_salt(tmp_path: Path) -> None:
    """Else `git status` would show a change after every first `make up`, a different one for everybody."""
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(f"{SALT}config:\n  aws:region: us-east-1 # home\n", encoding="utf-8")
    before = b"config:\n\n  aws:region: us-east-1   # home\n"

    drop_unneeded_salt(file, before)

    assert file.read_bytes() == before


def test_what_the_user_changed_with_pulumi_stays_changed(tmp_path: Path) -> None:
    """`pulumi config set` in the sandbox works as everywhere."""
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(f"{SALT}config:\n  aws:region: eu-west-1\n", encoding="utf-8")

    drop_unneeded_salt(file, b"config:\n  aws:region: us-east-1\n")

    assert file.read_text(encoding="utf-8") == "config:\n  aws:region: eu-west-1\n"


@pytest.mark.parametrize(
    "secret",
    ["config:\n  a:b:\n    secure: v1:x:y\n", "config:\n  a:list:\n    - secure: v1:x:y\n"],
    ids=["value", "in a list"],
)
def test_a_salt_that_a_secret_needs_is_kept(tmp_path: Path, secret: str) -> None:
    """Else the user's own secret could never be read again."""
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(SALT + secret, encoding="utf-8")

    drop_unneeded_salt(file, secret.encode())

    assert file.read_text(encoding="utf-8") == SALT + secret


def test_only_this_checkouts_program_gets_the_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program in the sandbox is run exactly as its user says."""
    (tmp_path / "Pulumi.yaml").touch()
    inner = tmp_path / "deep" / "er"
    inner.mkdir(parents=True)

    assert not pulumi_command.is_this_checkouts_program(inner)
    monkeypatch.setattr(pulumi_command, "CHECKOUT", tmp_path)

    assert pulumi_command.is_this_checkouts_program(inner)


@pytest.mark.parametrize(
    ("arguments", "on"),
    [
        (["preview"], True),
        (["preview", "--policy-pack", "policies", "--policy-pack-config", "pack.json"], False),
        (["up", "--policy-pack=policies"], False),
        (["preview", "--policy-pack-config", "pack.json"], True),
    ],
)
def test_a_pack_that_the_user_names_is_not_doubled(arguments: list[str], *, on: bool) -> None:
    """Pulumi wants a configuration for each pack, and refuses the documented command for want of a second."""
    environment = with_pack(arguments, {"PATH": "/bin"})

    assert (POLICY_PACK_VARIABLE in environment) is on


def test_a_pack_that_the_environment_names_is_kept() -> None:
    """Somebody who tries another pack means that one."""
    assert with_pack(["preview"], {POLICY_PACK_VARIABLE: "other"}) == {POLICY_PACK_VARIABLE: "other"}
