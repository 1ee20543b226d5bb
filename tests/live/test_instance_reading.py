"""One reading of an instance: everything, in as few requests as the API allows, and what is not known."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from identity_center.model.existing.least_calls import least_calls
from identity_center.model.existing.parts import Part
from identity_center.model.existing.snapshot_file import for_review, read_existing, write_existing
from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws.instance.reader import HowToRead, read_instance
from identity_center_cli.main import main
from sandbox.aws.accounts.surroundings import ANY_POLICY, POWER, Surroundings
from sandbox.aws.identity_center.ssoadmin import SsoAdmin
from sandbox.aws.refusals.table import RefusedError
from sandbox.settings import REGION

MANAGEMENT, SHOP = "123456789012", "444444444444"
FAST = HowToRead(per_second=10_000, organizations_per_second=10_000)


@pytest.fixture
def around(around: Surroundings) -> Surroundings:
    """Give an instance with something of every kind."""
    made = around
    ada, gone = made.user("ada"), made.user("gone")
    group = made.group("Engineers")
    made.store.create_group_membership(IdentityStoreId=made.store_id, GroupId=group, MemberId={"UserId": ada})
    arn = made.permission_set("Auditing", Tags=[{"Key": "team", "Value": "audit"}])
    made.sso.attach_managed_policy_to_permission_set(**made.of_set(arn), ManagedPolicyArn=POWER)
    made.sso.put_inline_policy_to_permission_set(**made.of_set(arn), InlinePolicy=ANY_POLICY)
    made.assign(arn, group, MANAGEMENT)
    made.assign(arn, gone, SHOP, "USER")
    made.store.delete_user(IdentityStoreId=made.store_id, UserId=gone)
    return made


def test_every_part_is_read_and_the_principal_who_is_gone_is_found(around: Surroundings) -> None:
    """A grant to somebody who was deleted comes alive with the id, and no list of principals shows it."""
    existing = read_instance(AwsSettings(region=REGION), FAST)

    (one,) = existing.permission_sets
    assert (one.name, one.managed_policies, one.inline_policy) == ("Auditing", (POWER,), ANY_POLICY)
    assert one.tags == {"team": "audit"}
    assert {each.account_id for each in one.provisioned or ()} == {MANAGEMENT, SHOP}
    assert len(existing.assignments) == 2
    assert [each.account_id for each in existing.gone_assignments()] == [SHOP]
    assert existing.unread == ()
    assert around.store_id == existing.identity_store_id


def test_the_file_is_read_back_equal_and_for_review_it_holds_no_policy(around: Surroundings) -> None:
    """Everything that works offline works on what the file says."""
    existing = read_instance(AwsSettings(region=REGION), FAST)
    assert around.instance == existing.instance_arn
    bare = for_review(existing)

    assert read_existing(write_existing(existing)) == existing
    assert read_existing(write_existing(bare)) == bare
    assert "Lovelace" in write_existing(existing)
    assert "Lovelace" not in write_existing(bare)
    assert not bare.knows(Part.INLINE_POLICIES)


def test_a_small_reading_takes_no_more_than_a_tenth_above_the_bound(
    around: Surroundings, calls: Counter[str]
) -> None:
    """What takes twice the requests takes twice the time, and throttles everybody else's work."""
    existing = read_instance(AwsSettings(region=REGION), FAST)

    assert around.instance == existing.instance_arn
    assert calls.total() <= 1.1 * sum(least_calls(existing).values()), (calls, least_calls(existing))


def _refuse(_backend: SsoAdmin, _asked: dict[str, Any]) -> None:
    raise RefusedError("AccessDeniedException", "a refusal that a test ordered")


def test_a_refused_api_is_named_and_the_rest_is_read(
    around: Surroundings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A reading with a hole that nobody names is taken for the whole."""
    monkeypatch.setattr(SsoAdmin, "list_account_assignments", _refuse)
    file = tmp_path / "snapshot.json"

    status = main(["snapshot", "--output", str(file), "--requests-per-second", "10000"])

    assert status == 2
    assert "sso:ListAccountAssignments" in capsys.readouterr().err
    assert (file.stat().st_mode & 0o777) == 0o600
    assert len(json.loads(file.read_text())["users"]) == 1
    assert around.word == "word"


def test_what_was_refused_is_asked_for_by_a_second_reading_and_nothing_else(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, calls: Counter[str]
) -> None:
    """A page that fails in the tenth minute costs ten minutes once more, and the rate is everybody's."""
    assert around.word == "word"
    file, failed = tmp_path / "snapshot.json", SsoAdmin.list_account_assignments
    command = ["snapshot", "--output", str(file), "--requests-per-second", "10000"]
    monkeypatch.setattr(SsoAdmin, "list_account_assignments", _refuse)
    assert main(command) == 2
    partial = file.with_name(f".{file.name}.partial")
    assert (partial.stat().st_mode & 0o777) == 0o600
    monkeypatch.setattr(SsoAdmin, "list_account_assignments", failed)
    calls.clear()

    assert main([*command, "--resume"]) == 0

    asked = set(calls)
    assert asked == {"ListInstances", "ListAccountAssignments"}
    assert not partial.exists()
    assert read_existing(file.read_text(encoding="utf-8")).unread == ()
