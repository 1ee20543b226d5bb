"""What `drift --remove` would take away, in which order, and what it leaves: decided without AWS."""

from typing import Final

import pytest

from identity_center.model.existing.drift import Drifted
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import (
    Assignment,
    Boundary,
    Group,
    Membership,
    PermissionSet,
    Provisioned,
    User,
)
from identity_center.model.existing.parts import Part, Unread
from identity_center.model.existing.removal import Emergencies, Removal, plan_removal
from identity_center.model.existing.things import Kind, Thing
from identity_center.model.language.ignored_drift import Difference

READ: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
HELD: Final = Existing(
    region="eu-central-1",
    instance_arn="i",
    identity_store_id="d",
    read_from="2026-11-30T00:00:00Z",
    read_until="2026-11-30T00:00:00Z",
    users=(User(id="u-1", user_name="ada"), User(id="u-2", user_name="kim")),
    groups=(Group(id="g-1", name="Emergency"), Group(id="g-2", name="Own"), Group(id="g-3", name="Devs")),
    memberships=(Membership(group_id="g-1", user_id="u-1", id="m-1"),),
    permission_sets=(
        PermissionSet(arn="a", name="Admin", inline_policy=""),
        PermissionSet(
            arn="r",
            name="Read",
            managed_policies=(READ,),
            inline_policy="{}",
            boundary=Boundary(managed_policy_arn=READ),
            provisioned=(Provisioned(account_id="1", outdated=True),),
        ),
    ),
    assignments=(
        Assignment(permission_set_arn="a", account_id="1", principal_type="GROUP", principal_id="g-2"),
    ),
)
WANTED: Final = {Thing(Kind.PERMISSION_SET, (name,)): "" for name in ("Admin", "Read")}
INLINE: Final = Drifted(Difference.EXTRA, Thing(Kind.INLINE_POLICY, ("Read",)), found="{}")
BOUNDARY: Final = Drifted(Difference.EXTRA, Thing(Kind.BOUNDARY, ("Read",)), found=READ)
MANAGED: Final = Drifted(Difference.EXTRA, Thing(Kind.MANAGED_POLICY, ("Read", READ)))
OUTDATED: Final = Drifted(Difference.OUTDATED, Thing(Kind.PROVISIONED_SET, ("Read", "1")))
CHANGED: Final = Drifted(Difference.CHANGED, INLINE.thing, "[]", "{}")
OWN: Final = Drifted(Difference.EXTRA, Thing(Kind.GROUP, ("Own",)))
GRANT: Final = Drifted(Difference.EXTRA, Thing(Kind.ASSIGNMENT, ("Admin", "1", "GROUP", "Own")))


def _plan(*rows: Drifted, existing: Existing = HELD, ignored: tuple[Drifted, ...] = ()) -> Removal:
    return plan_removal(rows, ignored, existing, WANTED)


def test_what_gives_access_goes_before_what_limits_it_and_whole_things_go_last() -> None:
    """Without its boundary a policy that somebody added allows all that it says."""
    steps = _plan(OWN, BOUNDARY, INLINE, GRANT, MANAGED, OUTDATED).steps

    assert [each.stage for each in steps] == sorted(each.stage for each in steps)
    assert {each.row for each in steps if each.set_arn == "r"} == {OUTDATED, MANAGED, INLINE, BOUNDARY}
    assert steps[-2].row is BOUNDARY


@pytest.mark.parametrize(
    ("existing", "also", "ignored"),
    [
        (HELD, (CHANGED,), ()),
        (HELD, (Drifted(Difference.MISSING, MANAGED.thing),), ()),
        (HELD, (), (INLINE,)),
        (
            HELD.model_copy(
                update={"unread": (Unread(part=Part.BOUNDARIES.value, of="r", operation="x", why="y"),)}
            ),
            (),
            (),
        ),
    ],
)
def test_a_set_that_would_not_be_as_the_code_says_is_not_provisioned(
    existing: Existing, also: tuple[Drifted, ...], ignored: tuple[Drifted, ...]
) -> None:
    """To provision it would put into accounts what somebody wrote into it and never provisioned."""
    plan = _plan(BOUNDARY, OUTDATED, GRANT, *also, existing=existing, ignored=ignored)

    assert [each.row for each in plan.steps] == [GRANT]
    assert {row for row, _ in plan.stays} == {BOUNDARY, OUTDATED, *also}


def test_a_set_of_somebody_else_is_not_provisioned() -> None:
    """What is in it is nothing that the code ever said."""
    plan = plan_removal([OUTDATED], [], HELD, {})

    assert plan.steps == ()


ASSIGNED: Final = Thing(Kind.ASSIGNMENT, ("Admin", "1", "GROUP", "Emergency"))
FOR_EMERGENCIES: Final = {
    "its set for anybody": (Thing(Kind.ASSIGNMENT, ("Admin", "9", "USER", "kim")), True),
    "another set for its group": (Thing(Kind.ASSIGNMENT, ("Read", "1", "GROUP", "Emergency")), True),
    "another set for its member": (Thing(Kind.ASSIGNMENT, ("Read", "1", "USER", "ada")), True),
    "another set for another": (Thing(Kind.ASSIGNMENT, ("Read", "1", "USER", "kim")), False),
    "a member of its group": (Thing(Kind.MEMBER, ("Emergency", "kim")), True),
    "a member of a group that has its set": (Thing(Kind.MEMBER, ("Own", "kim")), True),
    "a member of another group": (Thing(Kind.MEMBER, ("Devs", "kim")), False),
    "its member": (Thing(Kind.USER, ("ada",)), True),
    "another user": (Thing(Kind.USER, ("kim",)), False),
    "a group that has its set": (Thing(Kind.GROUP, ("Own",)), True),
    "another group": (Thing(Kind.GROUP, ("Devs",)), False),
    "a policy of its set": (Thing(Kind.INLINE_POLICY, ("Admin",)), True),
    "a policy of another set": (Thing(Kind.INLINE_POLICY, ("Read",)), False),
    "a role for its group": (Thing(Kind.ENTITLEMENT, ("arn", "GROUP", "Emergency")), True),
    "a role for another": (Thing(Kind.ENTITLEMENT, ("arn", "GROUP", "Devs")), False),
    "an attribute": (Thing(Kind.ATTRIBUTE, ("Team",)), False),
}


@pytest.mark.parametrize("case", FOR_EMERGENCIES)
def test_what_emergencies_live_by_is_known(case: str) -> None:
    """A pipeline with --yes locks out whoever is in the middle of an emergency."""
    thing, expected = FOR_EMERGENCIES[case]

    assert Emergencies(frozenset({ASSIGNED}), HELD).concern(thing) is expected


def test_where_it_is_not_known_who_has_what_everybody_counts() -> None:
    """A user would be deleted whose part in an emergency nobody could read."""
    refused = Unread(part=Part.MEMBERSHIPS.value, of="g-1", operation="x", why="y")
    unsure = HELD.model_copy(update={"unread": (refused,)})
    kim, read = Thing(Kind.USER, ("kim",)), Thing(Kind.INLINE_POLICY, ("Read",))

    assert Emergencies(frozenset({ASSIGNED}), unsure).concern(kim)
    assert not Emergencies(frozenset({ASSIGNED}), unsure).concern(read)
    assert not Emergencies(frozenset(), unsure).concern(kim)
