"""What somebody else changed shows, and is undone where AWS can undo it."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.provider.rows.attached import Attached, Made
from sandbox.provider.rows.values import plain

from .inputs import (
    ASSIGNMENT,
    EXCLUSIVE,
    GET,
    GROUP,
    INLINE,
    MANAGEMENT,
    PERMISSION_SET,
    POWER,
    READ,
    ROLE,
    TRUST,
    USER,
    assignment,
    failure,
    of_set,
    person,
)

Drift = tuple[str, Callable[[Surroundings], dict[str, Any]], Callable[[Surroundings, Made], object], str]
DRIFT: dict[str, Drift] = {
    "a person's title": (
        USER, person,
        lambda around, made: around.store.update_user(
            IdentityStoreId=around.store_id, UserId=plain(made.state)["userId"],
            Operations=[{"AttributePath": "title", "AttributeValue": "Boss"}]),
        "title",
    ),
    "a group's name": (
        GROUP, lambda around: {"identityStoreId": around.store_id, "displayName": around.word},
        lambda around, made: around.store.update_group(
            IdentityStoreId=around.store_id, GroupId=plain(made.state)["groupId"],
            Operations=[{"AttributePath": "displayName", "AttributeValue": f"{around.word}-x"}]),
        "displayName",
    ),
    "a session's length": (
        PERMISSION_SET, lambda around: {"instanceArn": around.instance, "name": around.word},
        lambda around, made: around.sso.update_permission_set(
            **around.of_set(plain(made.state)["arn"]), SessionDuration="PT12H"),
        "sessionDuration",
    ),
    "a policy attached by hand": (
        EXCLUSIVE, lambda around: of_set(around, around.permission_set(), managedPolicyArns=[READ]),
        lambda around, made: around.sso.attach_managed_policy_to_permission_set(
            **around.of_set(plain(made.state)["permissionSetArn"]), ManagedPolicyArn=POWER),
        "managedPolicyArns",
    ),
    "an inline policy": (
        INLINE, lambda around: of_set(around, around.permission_set(), inlinePolicy=GET),
        lambda around, made: around.sso.put_inline_policy_to_permission_set(
            **around.of_set(plain(made.state)["permissionSetArn"]), InlinePolicy=GET.replace("Get", "Put")),
        "inlinePolicy",
    ),
    "a tag": (
        ROLE, lambda around: {"name": around.word, "assumeRolePolicy": TRUST},
        lambda around, made: around.iam.tag_role(RoleName=made.id, Tags=[{"Key": "k", "Value": "v"}]),
        "tags",
    ),
    "a permissions boundary": (
        ROLE, lambda around: {"name": around.word, "assumeRolePolicy": TRUST, "permissionsBoundary": POWER},
        lambda around, made: around.iam.delete_role_permissions_boundary(RoleName=made.id),
        "permissionsBoundary",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DRIFT)
def test_a_change_by_somebody_else_shows_and_is_undone(
    attached: Attached, around: Surroundings, what: str
) -> None:
    """Access that was changed by hand and looks unchanged is what this project exists against."""
    token, inputs_of, change, name = DRIFT[what]
    inputs = inputs_of(around)
    made = attached.create(token, around.word, inputs)
    change(around, made)
    seen = attached.refresh(made)
    assert seen is not None
    assert {path.split(".")[0].split("[")[0] for path in attached.diff(seen, inputs).kinds} == {name}
    restored = attached.refresh(attached.update(seen, inputs))
    assert restored is not None
    assert attached.diff(restored, inputs).kinds == {}


def test_what_the_program_does_not_give_is_compared_too(attached: Attached, around: Surroundings) -> None:
    """A description written by hand shows, though the program says nothing of descriptions."""
    inputs = {"instanceArn": around.instance, "name": around.word}
    made = attached.create(PERMISSION_SET, "p", inputs)
    around.sso.update_permission_set(**around.of_set(plain(made.state)["arn"]), Description="by hand")
    seen = attached.refresh(made)
    assert seen is not None
    assert attached.diff(seen, inputs).kinds == {"description": "DELETE"}


def test_a_description_of_a_set_cannot_be_taken_away(attached: Attached, around: Surroundings) -> None:
    """AWS keeps it, so that every run shows the difference again and provisions every account for it."""
    inputs = {"instanceArn": around.instance, "name": around.word}
    made = attached.create(PERMISSION_SET, "p", {**inputs, "description": "old"})
    updated = attached.update(made, inputs)
    assert updated.state["description"] == "old"
    assert attached.diff(updated, inputs).kinds == {"description": "DELETE"}


def test_a_description_of_a_group_cannot_be_taken_away(attached: Attached, around: Surroundings) -> None:
    """The real provider sends an empty text, which AWS refuses at every run."""
    inputs = {"identityStoreId": around.store_id, "displayName": around.word}
    made = attached.create(GROUP, "g", {**inputs, "description": "old"})
    error = failure(lambda: attached.update(made, inputs))
    assert "UpdateGroup: ValidationException" in str(error.details())


def test_a_group_in_which_nothing_differs_is_updated_all_the_same(
    attached: Attached, around: Surroundings
) -> None:
    """The real provider sends no operations then, and AWS refuses that: pulumi-aws, issue 5689.

    The engine asks for such an update of what a failed creation left in the state.
    """
    inputs = {"identityStoreId": around.store_id, "displayName": around.word}
    made = attached.create(GROUP, "g", inputs)
    error = failure(lambda: attached.update(made, inputs))
    assert "UpdateGroup: ValidationE" in str(error.details())


def test_an_assignment_that_somebody_deleted_is_gone(attached: Attached, around: Surroundings) -> None:
    """A state that still has it would hide that people lost their access."""
    held, group = around.permission_set(), around.group()
    made = attached.create(ASSIGNMENT, "a", assignment(around, held, group))
    around.unassign(held, group, MANAGEMENT)
    assert attached.refresh(made) is None
    attached.delete(made)


def test_a_person_that_was_renamed_in_iam_is_still_the_same(attached: Attached, around: Surroundings) -> None:
    """IAM users and groups are renamed in place, though their name is their id."""
    made = attached.create("aws:iam/user:User", "u", {"name": around.word})
    renamed = attached.update(made, {"name": f"{around.word}-2"})
    seen = attached.refresh(renamed)
    assert seen is not None
    assert seen.id == f"{around.word}-2"
    attached.delete(renamed)
    assert attached.refresh(renamed) is None
