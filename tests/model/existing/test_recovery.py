"""What became of what an update was at when it was killed, told by what AWS has."""

from typing import Any

import pytest

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import (
    AccountAccess,
    Application,
    ApplicationAssignment,
    Assignment,
    Attribute,
    Boundary,
    Entitlement,
    Group,
    Membership,
    PermissionSet,
    PolicyName,
    Region,
    User,
)
from identity_center.model.existing.parts import Unread, not_asked
from identity_center.model.existing.provider_ids import HELD_TYPES
from identity_center.model.existing.recovery import (
    MISSING_ID,
    Beside,
    Found,
    Interrupted,
    Operation,
    Outcome,
    Recorded,
    Told,
    what_became,
)
from identity_center.model.plan import planned

INSTANCE, STORE = "arn:aws:sso:::instance/ssoins-1", "d-1"
SET = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
APPLICATION = "arn:aws:sso::123456789012:application/ssoins-1/apl-1"
ROLE = "arn:aws:iam::444444444444:role/Deploy"
PROVIDER = "arn:aws:sso::aws:applicationProvider/custom"
FULL = Existing(
    region="us-east-1",
    instance_arn=INSTANCE,
    identity_store_id=STORE,
    read_from="2026-11-30T00:00:00Z",
    read_until="2026-11-30T00:00:01Z",
    users=(User(id="u-1", user_name="ada"),),
    groups=(Group(id="g-1", name="Developers"),),
    memberships=(Membership(group_id="g-1", user_id="u-1", id="m-1"),),
    permission_sets=(
        PermissionSet(
            arn=SET,
            name="Power",
            managed_policies=("arn:aws:iam::aws:policy/ReadOnlyAccess",),
            customer_managed_policies=(PolicyName(name="Extra", path="/team/"),),
            inline_policy="{}",
            boundary=Boundary(managed_policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ),
    ),
    assignments=(
        Assignment(
            permission_set_arn=SET, account_id="444444444444", principal_type="GROUP", principal_id="g-1"
        ),
    ),
    applications=(
        Application(
            arn=APPLICATION,
            name="Wiki",
            provider_arn=PROVIDER,
            assignments=(ApplicationAssignment(principal_type="USER", principal_id="u-1"),),
        ),
    ),
    account_access=(AccountAccess(arn="arn:aws:account-access:us-east-1:123456789012:application/1"),),
    entitlements=(
        Entitlement(
            application_arn="arn:access",
            id="e-1",
            role_arn=ROLE,
            principal_type="GROUP",
            principal_id="g-1",
        ),
    ),
    attributes=(Attribute(key="CostCenter", sources=("${path:enterprise.costCenter}",)),),
    regions=(
        Region(name="us-east-1", status="ACTIVE", is_primary=True),
        Region(name="eu-west-1", status="ACTIVE"),
    ),
)
_HELD = (
    "users groups memberships permission_sets assignments applications account_access entitlements "
    "attributes regions"
)
EMPTY = FULL.model_copy(update=dict.fromkeys(_HELD.split(), ()))
OF_SET = {"instanceArn": INSTANCE, "permissionSetArn": SET}
ASSIGNED = {**OF_SET, "principalId": "g-1", "principalType": "GROUP", "targetId": "444444444444"}
#: By type: what the program says of it, and the id under which `pulumi import` takes it (docs of pulumi-aws).
MADE: dict[str, tuple[dict[str, Any], str]] = {
    planned.USER: ({"identityStoreId": STORE, "userName": "ada"}, "d-1/u-1"),
    planned.GROUP: ({"identityStoreId": STORE, "displayName": "Developers"}, "d-1/g-1"),
    planned.MEMBERSHIP: ({"identityStoreId": STORE, "groupId": "g-1", "memberId": "u-1"}, "d-1/m-1"),
    planned.PERMISSION_SET: ({"instanceArn": INSTANCE, "name": "Power"}, f"{SET},{INSTANCE}"),
    planned.MANAGED_POLICIES: (OF_SET, f"{INSTANCE},{SET}"),
    planned.CUSTOMER_POLICY: (
        {**OF_SET, "customerManagedPolicyReference": {"name": "Extra", "path": "/team/"}},
        f"Extra,/team/,{SET},{INSTANCE}",
    ),
    planned.INLINE_POLICY: (OF_SET, f"{SET},{INSTANCE}"),
    planned.BOUNDARY: (OF_SET, f"{SET},{INSTANCE}"),
    planned.ASSIGNMENT: (ASSIGNED, f"g-1,GROUP,444444444444,AWS_ACCOUNT,{SET},{INSTANCE}"),
    planned.APPLICATION: (
        {"instanceArn": INSTANCE, "name": "Wiki", "applicationProviderArn": PROVIDER},
        APPLICATION,
    ),
    planned.APPLICATION_ASSIGNMENT: (
        {"applicationArn": APPLICATION, "principalId": "u-1", "principalType": "USER"},
        f"{APPLICATION},u-1,USER",
    ),
    planned.ATTRIBUTES: ({"instanceArn": INSTANCE}, INSTANCE),
    planned.REGION: ({"instanceArn": INSTANCE, "regionName": "eu-west-1"}, f"{INSTANCE},eu-west-1"),
    planned.ACCOUNT_ACCESS: (
        {"identitySource": {"identityCenter": {"instanceArn": INSTANCE}}},
        "arn:aws:account-access:us-east-1:123456789012:application/1",
    ),
    planned.ENTITLEMENT: (
        {
            "applicationArn": "arn:access",
            "entitlement": {
                "principalRole": {"roleArn": ROLE, "principal": {"identityCenter": {"groupId": "g-1"}}}
            },
        },
        "arn:access,e-1",
    ),
}


def _tell(
    *interrupted: Interrupted,
    recorded: tuple[Recorded, ...] = (),
    existing: Existing = FULL,
    beside: Beside | None = None,
    told: Told | None = None,
) -> tuple[Found, ...]:
    return what_became(interrupted, recorded, existing, beside or Beside(), told or Told())


def _creating(kind: str, inputs: dict[str, Any] | None = None) -> Interrupted:
    return Interrupted(Operation.CREATING, kind, f"urn:{kind}", MADE[kind][0] if inputs is None else inputs)


def _recorded(kind: str, **more: Any) -> Recorded:  # noqa: ANN401 - fields of Recorded
    inputs, identifier = MADE[kind]
    return Recorded(kind, f"urn:{kind}", more.pop("id", identifier), inputs, **more)


def test_every_type_of_an_instance_is_here() -> None:
    """A type without a case below could have any id."""
    assert set(MADE) == set(HELD_TYPES)


@pytest.mark.parametrize("kind", MADE)
def test_what_was_made_and_never_recorded_is_taken_in_under_its_id(kind: str) -> None:
    """A wrong id takes something else into the state, or nothing."""
    (found,) = _tell(_creating(kind))

    assert (found.outcome, found.id) == (Outcome.TAKEN_IN, MADE[kind][1])


@pytest.mark.parametrize("kind", MADE)
def test_what_aws_does_not_have_was_not_made(kind: str) -> None:
    """To take in what is not there would end every later run."""
    (found,) = _tell(_creating(kind), existing=EMPTY)

    assert found.outcome is Outcome.NOT_MADE


@pytest.mark.parametrize("kind", MADE)
def test_what_the_program_wants_and_aws_has_is_taken_in_without_a_pending_operation(kind: str) -> None:
    """A provider that dies alone leaves no pending operation: the engine saw an error."""
    wanted = Interrupted(Operation.PLANNED, kind, f"urn:{kind}", MADE[kind][0])

    (found,) = _tell(wanted)

    assert found.outcome is Outcome.TAKEN_IN


@pytest.mark.parametrize("kind", MADE)
def test_what_the_state_has_and_aws_has_is_not_told(kind: str) -> None:
    """A thousand lines about nothing hide the one that counts."""
    assert _tell(recorded=(_recorded(kind),)) == ()


@pytest.mark.parametrize("kind", sorted(set(MADE) - {planned.ATTRIBUTES}))
def test_what_the_state_has_and_aws_does_not_is_named(kind: str) -> None:
    """The next preview would say that nothing changes, and nobody would get in."""
    (found,) = _tell(recorded=(_recorded(kind),), existing=EMPTY)

    assert (found.outcome, found.operation) == (Outcome.GONE, None)


@pytest.mark.parametrize("kind", [planned.MANAGED_POLICIES, planned.ENTITLEMENT, planned.ACCOUNT_ACCESS])
def test_a_type_without_an_id_is_known_by_what_it_says(kind: str) -> None:
    """The state has the same `missing ID` for all of them."""
    assert _tell(recorded=(_recorded(kind, id=MISSING_ID),)) == ()
    (gone,) = _tell(recorded=(_recorded(kind, id=MISSING_ID),), existing=EMPTY)
    assert gone.outcome is Outcome.GONE
    (found,) = _tell(_creating(kind), recorded=(Recorded(kind, "urn:other", MISSING_ID, MADE[kind][0]),))
    assert found.outcome is Outcome.NOT_MADE


def test_what_the_state_has_under_another_name_is_not_taken_in_twice() -> None:
    """Two resources of one object would delete each other's."""
    other = Recorded(planned.GROUP, "urn:other", "d-1/g-1", MADE[planned.GROUP][0])

    (found,) = _tell(_creating(planned.GROUP), recorded=(other,))

    assert found.outcome is Outcome.NOT_MADE


@pytest.mark.parametrize(
    ("operation", "in_state", "outcome"),
    [
        (Operation.UPDATING, True, Outcome.READ_AGAIN),
        (Operation.DELETING, True, Outcome.READ_AGAIN),
        (Operation.IMPORTING, True, Outcome.READ_AGAIN),
        (Operation.READING, False, Outcome.NOT_MADE),
        (Operation.DELETING, False, Outcome.NOT_MADE),
    ],
)
def test_what_was_being_changed_is_read_again(
    operation: Operation, outcome: Outcome, *, in_state: bool
) -> None:
    """AWS may have the old value, the new one, or the half of it."""
    inputs, identifier = MADE[planned.USER]
    interrupted = Interrupted(operation, planned.USER, f"urn:{planned.USER}", inputs, identifier)

    (found,) = _tell(interrupted, recorded=(_recorded(planned.USER),) if in_state else ())

    assert found.outcome is outcome


def test_what_a_recovery_took_in_and_never_read_is_read_again() -> None:
    """A recovery can be killed, too."""
    (found,) = _tell(recorded=(_recorded(planned.USER, is_read=False),))

    assert found.outcome is Outcome.READ_AGAIN


@pytest.mark.parametrize("kind", MADE)
def test_what_was_not_read_is_never_taken_for_absent(kind: str) -> None:
    """Throttled for a moment, and a thousand grants would be made anew."""
    part = HELD_TYPES[kind].part
    refused = Unread(part=part.value, of="", operation="sso:List", why="AccessDeniedException")
    for unread in (refused, not_asked(part)):
        existing = EMPTY.model_copy(update={"unread": (unread,)})

        (found,) = _tell(_creating(kind), existing=existing)

        assert found.outcome is Outcome.UNDECIDED
        assert unread.why in found.why
        assert _tell(recorded=(_recorded(kind),), existing=existing) == ()


def test_an_empty_list_of_policies_is_there_and_was_not_made() -> None:
    """Every set has one. Who took the last policy away by hand must not be asked for ever."""
    bare = FULL.permission_sets[0].model_copy(update={"managed_policies": ()})
    existing = FULL.model_copy(update={"permission_sets": (bare,)})

    (found,) = _tell(_creating(planned.MANAGED_POLICIES), existing=existing)

    assert found.outcome is Outcome.NOT_MADE
    assert _tell(recorded=(_recorded(planned.MANAGED_POLICIES),), existing=existing) == ()


def test_several_that_could_be_meant_are_named() -> None:
    """AWS lets two applications have one name: to choose one would be a guess."""
    twin = FULL.applications[0].model_copy(update={"arn": f"{APPLICATION}b"})
    existing = FULL.model_copy(update={"applications": (*FULL.applications, twin)})

    (found,) = _tell(_creating(planned.APPLICATION), existing=existing)

    assert found.outcome is Outcome.UNDECIDED
    assert APPLICATION in found.why
    assert twin.arn in found.why


@pytest.mark.parametrize("kind", [planned.GROUP, planned.PERMISSION_SET])
def test_what_belongs_to_another_instance_is_not_looked_for_in_this_one(kind: str) -> None:
    """An object of the same name in another directory is another object."""
    elsewhere = {"identityStoreId": "d-2", "instanceArn": "arn:aws:sso:::instance/ssoins-2"}
    inputs = {**MADE[kind][0], **{key: value for key, value in elsewhere.items() if key in MADE[kind][0]}}

    (found,) = _tell(_creating(kind, inputs))

    assert found.outcome is Outcome.UNDECIDED
    assert "belongs to" in found.why


def test_somebody_says_what_cannot_be_told() -> None:
    """Who has looked knows more than the command."""
    kind = "aws:s3/bucket:Bucket"
    bucket = Interrupted(Operation.CREATING, kind, "urn:b", {"bucket": "b"})

    (unknown,) = _tell(bucket)
    (made,) = _tell(bucket, told=Told({"urn:b": "b"}))
    (not_made,) = _tell(bucket, told=Told(not_made=frozenset({"urn:b"})))

    assert unknown.outcome is Outcome.UNDECIDED
    assert (made.outcome, made.id) == (Outcome.TAKEN_IN, "b")
    assert not_made.outcome is Outcome.NOT_MADE


def test_what_other_services_hold_is_found_by_its_name_or_its_written_id() -> None:
    """The guard of root users is a control policy with attachments."""
    policy = _creating(planned.CONTROL_POLICY, {"name": "deny-root"})
    attachment = _creating(planned.CONTROL_POLICY_ATTACHMENT, {"policyId": "p-1", "targetId": "ou-1"})
    beside = Beside({(planned.CONTROL_POLICY, "deny-root"): "p-1"}, frozenset({planned.CONTROL_POLICY}))

    found = _tell(policy, attachment, beside=beside)
    absent = _tell(policy, beside=Beside(asked=frozenset({planned.CONTROL_POLICY})))

    assert [(each.outcome, each.id) for each in found] == [
        (Outcome.TAKEN_IN, "p-1"),
        (Outcome.LOOKED_FOR, "ou-1:p-1"),
    ]
    assert [each.outcome for each in absent] == [Outcome.NOT_MADE]
