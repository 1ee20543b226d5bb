"""An instance that is as the recorded stack says, and `identity-center drift` of what is otherwise there."""

from typing import Any, Final

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import (
    Assignment,
    ExternalId,
    Group,
    Membership,
    PermissionSet,
    Provisioned,
    Region,
    User,
)
from identity_center.model.existing.snapshot_file import write_existing
from tests.support.command import SET_ARN, Command, Ended, Recorded

SHOP: Final = "444444444444"
READ: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
SET: Final = PermissionSet(
    arn=SET_ARN,
    name="Builders",
    managed_policies=(READ,),
    customer_managed_policies=(),
    inline_policy="",
    tags={},
    provisioned=(Provisioned(account_id=SHOP),),
)
HELD: Final = Assignment(
    permission_set_arn=SET_ARN, account_id=SHOP, principal_type="GROUP", principal_id="g-1"
)
EQUAL: Final = Existing(
    region="eu-central-1",
    instance_arn="arn:aws:sso:::instance/ssoins-1111111111111111",
    identity_store_id="d-1",
    read_from="2026-11-30T00:00:00Z",
    read_until="2026-11-30T00:01:00Z",
    users=(User(id="u-1", user_name="ada"),),
    groups=(Group(id="g-1", name="Developers"),),
    memberships=(Membership(group_id="g-1", user_id="u-1", id="m-1"),),
    permission_sets=(SET,),
    assignments=(HELD,),
    regions=(Region(name="eu-central-1", status="ACTIVE", is_primary=True),),
)
"""An instance that is as the recorded stack says."""


def set_with(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - members of PermissionSet
    """Let the set be otherwise."""
    return {"permission_sets": (SET.model_copy(update=changed),)}


ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
CUSTOM: Final = "arn:aws:sso::aws:applicationProvider/custom"
OTHER: Final = User(id="u-2", user_name="leo", external_ids=(ExternalId(issuer="scim", id="7"),))
JOINED: Final = Membership(group_id="g-1", user_id="u-2", id="m-2")
OWN: Final = {"arn": "x", "name": "Own", "provisioned": ()}


def state_beside(command: Command, existing: Existing, *options: str) -> Ended:
    """Compare the recorded stack's state with an instance."""
    file = command.write("held.json", write_existing(existing))
    state = command.write("state.json", Recorded(["ReadOnlyAccess"]).state())
    return command("drift", "--state", state, "--snapshot", file, *options)


EXTRA: Final = EQUAL.model_copy(
    update={
        "users": (*EQUAL.users, User(id="u-2", user_name="kim")),
        "assignments": (
            HELD,
            HELD.model_copy(update={"principal_type": "USER", "principal_id": "u-2"}),
        ),
    }
)
"""With a user and a grant of the user's own that no code has."""
