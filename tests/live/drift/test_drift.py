"""`identity-center drift` on an instance that somebody changed by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from identity_center_cli.main import main
from sandbox.aws.accounts.surroundings import POWER
from sandbox.aws.identity_center.ssoadmin import SsoAdmin
from sandbox.aws.refusals.table import RefusedError
from tests.support.changed_by_hand import SHOP, Instance


def _drift(model: Path, *more: str) -> int:
    return main(["drift", "--model", str(model), "--requests-per-second", "10000", *more])


def test_each_change_by_hand_is_named_and_nothing_else(
    instance: Instance, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A grant that no code made stays for ever where nothing ever names it."""
    assert _drift(model) == 0, capsys.readouterr()
    capsys.readouterr()

    instance.change_nine_things()
    status = _drift(model, "--format", "json")

    told = json.loads(capsys.readouterr().out)["drift"]
    assert status == 1
    assert {(row["difference"], row["kind"], tuple(row["names"])) for row in told} == {
        ("extra", "account assignment", ("Emergency", SHOP, "USER", "kim")),
        ("extra", "member", ("Emergency", "leo")),
        ("extra", "inline policy", ("Auditing",)),
        ("extra", "customer-managed policy", ("Reading", "/Extra")),
        ("changed", "session duration", ("Reading",)),
        ("extra", "managed policy", ("Auditing", POWER)),
        ("changed", "permissions boundary", ("Bounded",)),
        ("changed", "inline policy", ("Written",)),
        ("missing", "account assignment", ("Emergency", SHOP, "GROUP", "Emergency")),
    }
    (grant,) = [row["text"] for row in told if row["names"][-1] == "kim"]
    assert "root-level" in grant or "root level" in grant


def test_what_was_not_read_never_counts_as_equal(
    instance: Instance, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A comparison with a hole in it that ends green hides what somebody did there."""
    assert instance.sets

    def refuse(_backend: SsoAdmin, _asked: dict[str, Any]) -> None:
        raise RefusedError("AccessDeniedException", "a refusal that a test ordered")

    monkeypatch.setattr(SsoAdmin, "get_inline_policy_for_permission_set", refuse)

    assert _drift(model) == 2
    found = capsys.readouterr()
    assert "sso:GetInlinePolicyForPermissionSet" in found.err
    assert "0 differences" in found.out
