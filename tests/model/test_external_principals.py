"""People, groups and permission sets that others make are found as they are, or not at all."""

import pytest

from identity_center.model.access.external_principals import (
    KnownGroup,
    KnownSet,
    KnownUser,
    find_groups,
    find_sets,
    find_users,
)
from identity_center.model.language.directory import ExternalGroupEntry, ExternalUserEntry
from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.language.permission_sets import ExternalPermissionSetEntry
from identity_center.model.plan.people import Principal
from identity_center.model.plan.permission_sets import AssignedTo, plan_external_set, plan_permission_set
from identity_center.model.plan.planned import ASSIGNMENT
from identity_center.model.reading.load import load

GRACE = KnownUser(
    "u-1", "grace@corp.example.com", "Grace Example", ("g@corp.example.com",), (("https://idp", "00u1"),)
)
OTHER = KnownUser("u-2", "grace2", "Grace Example")


@pytest.mark.parametrize(
    "entry",
    [
        {"userName": "Grace@corp.example.com"},
        {"email": "G@CORP.example.com"},
        {"externalId": {"issuer": "https://idp", "id": "00u1"}},
    ],
)
def test_a_user_is_found_in_each_way(entry: dict[str, object]) -> None:
    """The directory compares names without their case, and so does the file."""
    found = find_users({"grace": ExternalUserEntry.model_validate(entry)}, [OTHER, GRACE])

    assert found.ids == {"grace": "u-1"}
    assert found.mistakes == []


def test_two_users_of_one_display_name_are_not_guessed_between() -> None:
    """The wrong one would get the access; the message names ids and no person."""
    wanted = {"grace": ExternalUserEntry.model_validate({"displayName": "grace example"})}
    found = find_users(wanted, [GRACE, OTHER])

    (mistake,) = found.mistakes
    assert found.ids == {}
    assert str(mistake) == (
        "the directory has 2 users with this display name: u-1, u-2; look the right one up in another way"
    )


def test_who_is_not_there_is_said_without_a_name() -> None:
    """The other system has not sent them yet, or somebody misspelt them."""
    found = find_users({"x": ExternalUserEntry.model_validate({"email": "x@corp.example.com"})}, [GRACE])

    (mistake,) = found.mistakes
    assert mistake.path == ("externalUsers", "x")
    assert "x@corp" not in str(mistake)


def test_a_group_is_found_by_its_display_name() -> None:
    """As users are; there is one of each name in a directory."""
    wanted = {key: ExternalGroupEntry.model_validate({"displayName": key}) for key in ("Platform", "Lost")}
    found = find_groups(wanted, [KnownGroup("g-1", "platform")])

    assert found.ids == {"Platform": "g-1"}
    assert [mistake.path for mistake in found.mistakes] == [("externalGroups", "Lost")]


def test_a_permission_set_of_others_is_found_by_its_exact_name() -> None:
    """AWS lets two sets differ in case only: the wrong one would be assigned."""
    wanted = {
        key: ExternalPermissionSetEntry.model_validate({"name": key})
        for key in ("AWSReadOnlyAccess", "awsreadonlyaccess", "Gone")
    }
    known = [KnownSet("arn:1", "AWSReadOnlyAccess"), KnownSet("arn:2", "awsreadonlyaccess")]
    found = find_sets(wanted, known)

    assert found.ids == {"AWSReadOnlyAccess": "arn:1", "awsreadonlyaccess": "arn:2"}
    (mistake,) = found.mistakes
    assert str(mistake).startswith("the instance has no permission set `Gone`; correct the name")


def test_no_set_of_the_model_extends_one_of_others() -> None:
    """What it has is not known here, so that the set would get less than somebody thinks."""
    loaded = load(
        {
            "externalPermissionSets": {"theirs": {"name": "AWSReadOnlyAccess"}},
            "permissionSets": {"ours": {"name": "Ours", "extends": "theirs"}},
        }
    )

    (mistake,) = loaded.mistakes
    assert mistake.path == ("permissionSets", "ours", "extends")
    assert "`theirs` is made elsewhere" in str(mistake)


def test_a_set_that_is_taken_over_keeps_its_assignments_where_they_are() -> None:
    """At another place the engine would make them anew, and then delete the old ones, which are the same."""
    to = AssignedTo(Principal(PrincipalType.GROUP, "developers", "g-1"), "444444444444")
    theirs = plan_external_set("audit", {"instance_arn": "i", "arn": "arn:1"}, [to])
    ours = plan_permission_set("audit", {"instance_arn": "i", "name": "AWSReadOnlyAccess"}, [to])

    places = [[(each.id, each.parent) for each in plan if each.type == ASSIGNMENT] for plan in (theirs, ours)]
    assert places[0] == places[1]
    assert len(places[0]) == 1
    assert [each.type for each in theirs if not each.is_component] == [ASSIGNMENT], "nothing else is made"
