"""A resource that the engine asks about twice counts once, and takes nothing of another with it."""

from typing import Any, Final

import pytest

from identity_guard.stack.identities import Identities
from identity_guard.stack.observe import Properties
from identity_guard.stack.phase import Phase
from identity_guard.stack.resources import Resource
from identity_guard.testing.in_process_engine import UNKNOWN, InProcessEngine, Made

ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
SET: Final = "arn:aws:sso:::permissionSet/ssoins-1/ps-2"


def resource(kind: str, name: str, **inputs: Any) -> Resource:  # noqa: ANN401 - any property
    """Make a resource as a callback shows it."""
    return Resource(kind, f"urn:pulumi:dev::project::{kind}::{name}", name, inputs=Properties(inputs))


@pytest.mark.parametrize(
    ("kind", "inputs", "of"),
    [
        ("aws:iam/userPolicyAttachment:UserPolicyAttachment", {"user": "eve", "policyArn": ADMIN}, "grants"),
        (
            "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment",
            {"permissionSetArn": SET, "permissionsBoundary": {"managedPolicyArn": ADMIN}},
            "limits",
        ),
        ("aws:ssoadmin/accountAssignment:AccountAssignment", {"permissionSetArn": SET}, "entries"),
        ("aws:iam/userGroupMembership:UserGroupMembership", {"user": "eve", "groups": ["g"]}, "memberships"),
        ("aws:iam/accessKey:AccessKey", {"user": "eve"}, "credentials"),
    ],
)
def test_it_counts_once_and_the_others_stay(kind: str, inputs: dict[str, Any], of: str) -> None:
    """A replacement is asked about before what it replaces is gone, under the same URN."""
    identities = Identities()
    first, second = resource(kind, "first", **inputs), resource(kind, "second", **inputs)
    for each in (first, second, first):
        identities.add(each)
    (identity,) = identities.everyone
    holders = [getattr(each, "holder", each) for each in getattr(identity, of)]

    assert [each.name for each in holders] == ["second", "first"]


def test_what_cannot_be_joined_yet_is_open_once() -> None:
    """The next time it may be known."""
    identities = Identities()
    kind = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
    open_ones = [resource(kind, name, user=UNKNOWN, policyArn=ADMIN) for name in ("first", "second")]
    for each in (*open_ones, resource(kind, "first", user="eve", policyArn=ADMIN)):
        identities.add(each)

    assert [each.holder.name for each in identities.unresolved] == ["second"]


def test_a_member_that_is_touched_itself_is_told_once() -> None:
    """One attachment to a group and to one of its members makes two identities worse, not three."""
    member = Made("aws:iam/userGroupMembership:UserGroupMembership", "m", {"user": "eve", "groups": ["ops"]})
    other = Made("aws:iam/userGroupMembership:UserGroupMembership", "o", {"user": "ann", "groups": ["dev"]})
    both = Made(
        "aws:iam/policyAttachment:PolicyAttachment",
        "to-both",
        {"users": ["eve"], "groups": ["ops"], "policyArn": ADMIN},
    )
    engine = InProcessEngine(Phase.UPDATE, {})
    told = [each.message for made in (member, other, both) for each in engine.one(made)]

    assert len(told) == 2
    assert "IAM user `eve` has root-level access" in told[0]
    assert "IAM group `ops` has root-level access" in told[1]
