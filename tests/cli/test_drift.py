"""`identity-center drift` of a state against a snapshot: every kind of difference, row by row."""

from typing import Any, Final

import pytest
import yaml

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import (
    Assignment,
    Boundary,
    Group,
    Membership,
    PermissionSet,
    PolicyName,
    Provisioned,
    User,
)
from identity_center.model.existing.parts import Part, Unread, not_asked
from identity_center.model.existing.snapshot_file import write_existing
from tests.support.command import SET_ARN, Command, Recorded

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
)
"""An instance that is as the recorded stack says."""


def _set(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - members of PermissionSet
    return {"permission_sets": (SET.model_copy(update=changed),)}


ROWS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "tag": (_set(tags={"a": "b"}), "in AWS and not in the code: tag Builders -> a: b"),
    "boundary": (_set(boundary=Boundary(managed_policy_arn=READ)), "not in the code: permissions boundary"),
    "customer": (_set(customer_managed_policies=(PolicyName(name="X"),)), "policy Builders -> /X"),
    "managed": (_set(managed_policies=()), "in the code and not in AWS: managed policy"),
    "outdated": (
        _set(provisioned=(Provisioned(account_id=SHOP, outdated=True),)),
        "[writes]; identity-center provision --set Builders --account 444444444444",
    ),
    "unassigned": (
        _set(provisioned=(Provisioned(account_id=SHOP), Provisioned(account_id="555555555555"))),
        "provisioned and not assigned: permission set Builders -> 555555555555",
    ),
    "set": (
        {"permission_sets": (SET, SET.model_copy(update={"arn": "x", "name": "Own", "provisioned": ()}))},
        "in AWS and not in the code: permission set Own",
    ),
    "gone": (
        {"assignments": (HELD, HELD.model_copy(update={"principal_id": "g-9"}))},
        "gone: account assignment Builders -> 444444444444 -> g-9",
    ),
    "member": ({"memberships": ()}, "in the code and not in AWS: member Developers -> ada"),
    "user": ({"users": (*EQUAL.users, User(id="u-2", user_name="bob"))}, "not in the code: user bob"),
}
"""What is otherwise in AWS, and the words that name it."""


def _told(command: Command, changed: dict[str, Any]) -> tuple[int, str, str]:
    file = command.write("held.json", write_existing(EQUAL.model_copy(update=changed)))
    state = command.write("state.json", Recorded(["ReadOnlyAccess"]).state())
    ended = command("drift", "--state", state, "--snapshot", file)
    return ended.status, ended.output, ended.errors


def test_equal_is_no_drift(command: Command) -> None:
    """A nightly job that is red for nothing is switched off."""
    assert _told(command, {}) == (0, "0 differences\n", "")


@pytest.mark.parametrize("row", ROWS)
def test_each_difference_is_named_alone(command: Command, row: str) -> None:
    """What is not named stays."""
    changed, words = ROWS[row]
    status, output, _ = _told(command, changed)
    assert (status, output.splitlines()[1:]) == (1, ["1 difference"]), output
    assert words in output


def test_a_set_of_others_that_the_code_assigns_is_no_drift(command: Command) -> None:
    """Control Tower changes its own sets; a job that is red for that is switched off."""
    model = command.write(
        "Pulumi.dev.yaml",
        yaml.safe_dump(
            {
                "config": {
                    "identity-center:externalGroups": {"developers": {"displayName": "Developers"}},
                    "identity-center:externalPermissionSets": {"theirs": {"name": "Builders"}},
                    "identity-center:assignments": [
                        {"group": "developers", "permissionSets": ["theirs"], "accounts": [SHOP]}
                    ],
                }
            }
        ),
    )
    as_it_is = EQUAL.model_copy(update={"users": (), "memberships": ()})
    ended = command(
        "drift", "--model", model, "--snapshot", command.write("held.json", write_existing(as_it_is))
    )

    assert (ended.status, ended.output) == (0, "0 differences\n"), ended.errors
    without = as_it_is.model_copy(update={"assignments": ()})
    ended = command(
        "drift", "--model", model, "--snapshot", command.write("held.json", write_existing(without))
    )
    assert "in the code and not in AWS: account assignment Builders -> 444444444444" in ended.output


def test_unread_is_red_and_unasked_is_named(command: Command) -> None:
    """A hole that counts as equal hides what stands there."""
    refused = Unread(part=Part.TAGS.value, of="", operation="sso:ListTagsForResource", why="AccessDenied")
    assert _told(command, {**_set(tags=None), "unread": (refused,)})[0] == 2
    status, _, errors = _told(command, {"unread": (not_asked(Part.APPLICATIONS),)})
    assert (status, "NOT COMPARED: applications" in errors) == (0, True)
