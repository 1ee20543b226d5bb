"""Which permission sets that get a new name are made before the old one goes, and what the preview says."""

import pytest

from identity_center.model.access.change_sentences import sentences
from identity_center.model.access.changes import access_changes
from identity_center.model.access.grant import Grant
from identity_center.model.access.record import RecordedModel
from identity_center.model.organisation.places import Places
from identity_center.model.plan.made_first import made_first, sets_made_first
from identity_center.model.plan.planned import BOUNDARY, GROUP, PERMISSION_SET, Id, Plan
from identity_center.model.plan.whole_model import MODEL, Given, ModelParts, plan_model

SHOP, SECURITY = "444444444444", "222222222222"
RENAMED = (Id(PERMISSION_SET, "dev"), Id(GROUP, "crew"))


def plan(*grants: tuple[str, str]) -> Plan:
    """Return a plan of three sets, and who has which in which account."""
    sets = {
        key: {
            "name": key.title(),
            "permissions_boundary": {"managed_policy_arn": "arn:aws:iam::aws:policy/X"},
        }
        for key in ("dev", "ops", "audit")
    }
    args = {
        "instance_arn": "arn:aws:sso:::instance/ssoins-1",
        "identity_store_id": "d-1",
        "groups": {"crew": {"display_name": "Crew", "members": []}},
        "permission_sets": sets,
    }
    given = [Given(Grant(key, "crew", "GROUP", account)) for key, account in grants]
    return plan_model(MODEL, ModelParts(args, given))


@pytest.mark.parametrize(
    ("of_account", "of_instance", "found"),
    [(3, 4, {"dev"}), (2, 4, set()), (3, 3, set())],
    ids=["both names fit", "one account is full", "the instance is full"],
)
def test_a_set_is_there_twice_only_where_aws_has_room(
    of_account: int, of_instance: int, found: set[str]
) -> None:
    """A set more than the quota allows would fail in the middle of the update."""
    made = plan(("dev", SHOP), ("ops", SHOP), ("audit", SECURITY))
    assert sets_made_first(made, RENAMED, of_account, of_instance) == found


def test_a_set_takes_its_boundary_along() -> None:
    """Its own attachment would else be deleted first, while people have the set."""
    made = made_first(plan(("dev", SHOP)), {"dev"})
    told = {each.id: each.delete_before_replace for each in made}
    assert told[Id(PERMISSION_SET, "dev")] is False
    assert told[Id(BOUNDARY, "dev")] is False
    assert told[Id(PERMISSION_SET, "ops")] is None
    assert told[Id(BOUNDARY, "ops")] is True


@pytest.mark.parametrize(
    ("first", "order"),
    [
        ({"dev"}, "gains the new one before the old one goes"),
        (set(), "has neither for a while in between"),
        (None, "loses it and gains the new one (1"),
    ],
)
def test_the_preview_says_whether_somebody_is_without(first: set[str] | None, order: str) -> None:
    """Nobody plans for a lockout that the preview keeps to itself."""
    nothing = frozenset[tuple[str, str, str]]()
    grants = frozenset({Grant("dev", "crew", "GROUP", SHOP)})
    before, after = (
        RecordedModel({"dev": name}, {"crew": frozenset({"ada"})}, grants, frozenset(), nothing, nothing)
        for name in ("Developer", "Builder")
    )
    said, *_ = sentences(access_changes(before, after, first), Places())
    assert order in said
