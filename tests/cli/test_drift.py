"""`identity-center drift` of a state against a snapshot: every kind of difference, row by row."""

import json
from typing import Any, Final

import pytest

from identity_center.model.existing.objects import (
    Application,
    Attribute,
    Boundary,
    Entitlement,
    PolicyName,
    Provisioned,
    Region,
    User,
)
from identity_center.model.existing.parts import Part, Unread, not_asked
from identity_center.model.existing.snapshot_file import write_existing
from tests.support.command import SECRET_MARK, Command, Recorded, resource
from tests.support.recorded_instance import (
    ADMIN,
    CUSTOM,
    EQUAL,
    EXTRA,
    HELD,
    JOINED,
    OTHER,
    OWN,
    READ,
    SET,
    SHOP,
    set_with,
    state_beside,
)

ENTITLED: Final = {
    "application_arn": "a",
    "role_arn": f"arn:aws:iam::{SHOP}:role/Auditor",
    "principal_type": "GROUP",
}
ROWS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "tag": (set_with(tags={"a": "b"}), "in AWS and not in the code: tag Builders -> a: b"),
    "boundary": (
        set_with(boundary=Boundary(managed_policy_arn=READ)),
        "not in the code: permissions boundary",
    ),
    "customer": (set_with(customer_managed_policies=(PolicyName(name="X"),)), "policy Builders -> /X"),
    "managed": (set_with(managed_policies=()), "in the code and not in AWS: managed policy"),
    "outdated": (
        set_with(provisioned=(Provisioned(account_id=SHOP, outdated=True),)),
        "[writes]; identity-center provision --set Builders --account 444444444444",
    ),
    "unassigned": (
        set_with(provisioned=(Provisioned(account_id=SHOP), Provisioned(account_id="555555555555"))),
        "provisioned and not assigned: provisioned permission set Builders -> 555555555555",
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
    "managed-strength": (
        set_with(managed_policies=(READ, ADMIN)),
        f"not in the code: managed policy Builders -> {ADMIN} [root-level in AWS, writes in the code]",
    ),
    "member-strength": (
        {"users": (*EQUAL.users, OTHER), "memberships": (*EQUAL.memberships, JOINED)},
        "not in the code: member Developers -> leo [writes]",
    ),
    "application": (
        {"applications": (Application(arn="a-1", name="Wiki", provider_arn=CUSTOM, assignments=()),)},
        "not in the code: application Wiki",
    ),
    "attribute": (
        {"attributes": (Attribute(key="Team", sources=("${path:a}", "${path:b}")),)},
        "in AWS and not in the code: attribute for access control Team: ${path:a}, ${path:b}",
    ),
    "Region": (
        {"regions": (*EQUAL.regions, Region(name="eu-west-1", status="REMOVING"))},
        "in AWS and not in the code: additional Region eu-west-1: REMOVING",
    ),
    "entitlement": (
        {"entitlements": (Entitlement(id="e-1", **ENTITLED, principal_id="g-1"),)},
        "role entitlement arn:aws:iam::444444444444:role/Auditor -> Developers [undecided: the role is not",
    ),
    "entitlement-gone": (
        {"entitlements": (Entitlement(id="e-1", **ENTITLED, principal_id="g-9"),)},
        "principal that is gone: role entitlement arn:aws:iam::444444444444:role/Auditor -> g-9",
    ),
    "terraform": (
        {"permission_sets": (SET, SET.model_copy(update={**OWN, "tags": {"ManagedBy": "terraform"}}))},
        "not in the code: permission set Own [writes]; its tags say that Terraform manages it",
    ),
    "control-tower-by-hand": (
        {
            "permission_sets": (SET, SET.model_copy(update={**OWN, "name": "AWSAdministratorAccess"})),
            "assignments": (HELD, HELD.model_copy(update={"permission_set_arn": "x"})),
        },
        "not in the code: account assignment AWSAdministratorAccess -> 444444444444 -> Developers",
    ),
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
    named = [line for line in output.splitlines()[1:] if not line.startswith("left to ")]
    assert (status, named) == (1, ["1 difference"]), output
    assert words in output


def test_unread_is_red_and_unasked_is_named(command: Command) -> None:
    """A hole that counts as equal hides what stands there."""
    refused = Unread(part=Part.TAGS.value, of="", operation="sso:ListTagsForResource", why="AccessDenied")
    assert _told(command, {**set_with(tags=None), "unread": (refused,)})[0] == 2
    status, _, errors = _told(command, {"unread": (not_asked(Part.APPLICATIONS),)})
    assert (status, "NOT COMPARED: applications" in errors) == (0, True)


@pytest.mark.parametrize(
    ("policy", "strength"), [("AdministratorAccess", "root-level"), ("ReadOnlyAccess", "writes")]
)
def test_a_role_that_the_stack_itself_makes_is_judged(command: Command, policy: str, strength: str) -> None:
    """An entitlement by hand to an administrator's role must not look like one to a reader's."""
    role = f"arn:aws:iam::{SHOP}:role/Auditor"
    attached = {"name": "Auditor", "managedPolicyArns": [f"arn:aws:iam::aws:policy/{policy}"]}
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    made = {**attached, "assumeRolePolicy": trust}
    state = Recorded(
        ["ReadOnlyAccess"], extra=[resource("aws:iam/role:Role", "auditor", made, outputs={"arn": role})]
    )
    entitled = EQUAL.model_copy(
        update={"entitlements": (Entitlement(id="e-1", **ENTITLED, principal_id="g-1"),)}
    )
    ended = command(
        *("drift", "--state", command.write("state.json", state.state())),
        *("--snapshot", command.write("held.json", write_existing(entitled))),
    )

    assert f"role entitlement {role} -> Developers [{strength} in the code]\n" in ended.output


def test_a_part_of_a_snapshot_is_compared_alone(command: Command) -> None:
    """`--only` was taken and had no effect: a narrow job was red for what it never asked."""
    existing = EXTRA.model_copy(update={**set_with(managed_policies=())})
    whole, users, sets = (
        state_beside(command, existing, *options).output.splitlines()[-1]
        for options in ((), ("--only", "users"), ("--only", "managed-policies", "permission-sets"))
    )

    assert (whole, users, sets) == ("3 differences", "1 difference", "1 difference")
    assert "NOT COMPARED: inline-policies: it was not asked for" in (
        state_beside(command, existing, "--only", "users").errors
    )


ALONE: Final = {
    "users": "user kim",
    "assignments": "account assignment Builders -> 444444444444 -> kim",
    "memberships": "member Developers -> kim",
    "tags": "tag Builders -> a",
    "applications": "application Wiki",
    "provisioning": "provisioned permission set Builders -> 555555555555",
}


@pytest.mark.parametrize("part", ALONE)
def test_a_part_is_read_with_what_names_it(command: Command, part: str) -> None:
    """`--only assignments` read no names, compared nothing, and ended green."""
    roles = (Provisioned(account_id=SHOP), Provisioned(account_id="555555555555"))
    existing = EXTRA.model_copy(
        update={
            **set_with(tags={"a": "b"}, provisioned=roles),
            "memberships": (*EQUAL.memberships, JOINED),
            "applications": (Application(arn="a-1", name="Wiki", provider_arn=CUSTOM, assignments=()),),
        }
    )
    ended = state_beside(command, existing, "--only", part)

    assert (ended.status, len(ended.output.splitlines())) == (1, 2), ended.output
    assert ALONE[part] in ended.output


def test_what_the_state_keeps_secret_is_not_told_as_extra(command: Command) -> None:
    """Without --show-secrets every person of the stack would be drift, and --remove would take them away."""
    recorded = Recorded(["ReadOnlyAccess"]).state()
    (user,) = [r for r in recorded["deployment"]["resources"] if r["type"].endswith(":User")]
    user["inputs"] = {"userName": {**SECRET_MARK, "ciphertext": "v1:x"}}
    ended = command(
        "drift",
        "--state",
        command.write("state.json", recorded),
        "--snapshot",
        command.write("held.json", write_existing(EQUAL)),
    )

    assert (ended.status, "user ada" in ended.output) == (2, False), ended.output
