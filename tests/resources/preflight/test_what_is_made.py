"""Who comes from elsewhere, what has expired and what is protected, as the program makes it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.resources.preflight.organisation import (
    MEMBER,
    MODEL,
    warnings,
)
from tests.support.answers import Answers
from tests.support.refused import run_refused


def test_somebody_from_elsewhere_is_assigned_and_not_made(
    program: Callable[..., Any], answers: Answers
) -> None:
    """Another system owns them: the stack knows their id and nothing else."""
    answers.users = [{"userId": "u-1", "userName": "grace", "displayName": "G", "emails": []}]
    answers.groups = [{"groupId": "g-1", "displayName": "Platform"}]
    made = program(
        {
            "externalUsers": {"grace": {"userName": "grace"}},
            "externalGroups": {"platform": {"displayName": "Platform"}},
            "groups": {"developers": {"displayName": "Developers", "members": ["grace"]}},
            "permissionSets": {"reading": {"name": "Reading"}},
            "assignments": [
                {"user": "grace", "permissionSets": ["reading"], "accounts": [MEMBER]},
                {"group": "platform", "permissionSets": ["reading"], "accounts": [MEMBER]},
            ],
        }
    )
    kind = "AccountAssignment"

    assert made.inputs(kind, f"reading/user/grace/{MEMBER}")["principalId"] == "u-1"
    assert made.inputs(kind, f"reading/group/platform/{MEMBER}")["principalId"] == "g-1"
    assert made.inputs("GroupMembership", "developers/grace")["memberId"] == "u-1"
    assert not [urn for urn in made.requests if "identitystore/user:User" in urn]
    calls = [token.split(":")[-1] for token, _ in made.calls]
    assert (calls.count("getUsers"), calls.count("getGroups")) == (1, 1)


def test_nobody_is_asked_for_where_nothing_depends_on_it(
    program: Callable[..., Any], answers: Answers
) -> None:
    """Every lookup is a call to AWS in every preview."""
    urn = (
        "urn:pulumi:dev::identity-center::identity-center:index:AccessModel$identity-center:index:Directory"
        "$aws:identitystore/group:Group::developers"
    )
    answers.last_update = {urn: {"type": "x", "outputs": {"groupId": "g-1", "displayName": "Developers"}}}

    made = program({"groups": {"developers": {"displayName": "Developers"}}})

    assert [token for token, _ in made.calls if token.startswith("aws:")] == [
        "aws:ssoadmin/getInstances:getInstances"
    ]


def test_an_expired_grant_is_not_made_and_is_said(
    program: Callable[..., Any], messages: pytest.LogCaptureFixture
) -> None:
    """The next update removes it, and the preview says why."""
    assignment = {
        "group": "developers",
        "permissionSets": ["reading"],
        "accounts": [MEMBER],
        "expires": "2026-11-22",
    }
    made = program({**MODEL, "permissionSets": {"reading": {"name": "Reading"}}, "assignments": [assignment]})

    assert not [urn for urn in made.requests if "AccountAssignment" in urn]
    assert (
        "identity-center:assignments[0]: the access of group `developers` expired on 2026-11-22, so it is "
        "not made any more; remove the entry, or write a later `expires`"
    ) in warnings(messages)


def test_a_break_glass_grant_and_all_that_it_needs_are_protected(program: Callable[..., Any]) -> None:
    """The engine itself refuses to delete the grant, its permission set and its group."""
    assignment = {
        "group": "developers",
        "permissionSets": ["reading"],
        "accounts": [MEMBER],
        "breakGlass": True,
    }
    made = program({**MODEL, "permissionSets": {"reading": {"name": "Reading"}}, "assignments": [assignment]})
    protected = {
        urn.split("::")[-2].split("$")[-1] for urn, request in made.requests.items() if request.protect
    }

    assert protected == {
        "aws:identitystore/group:Group",
        "aws:ssoadmin/permissionSet:PermissionSet",
        "aws:ssoadmin/accountAssignment:AccountAssignment",
    }


def test_a_folder_that_is_not_there_is_a_mistake(program: Callable[..., Any]) -> None:
    """A misspelt folder would be an empty model."""
    with run_refused(match="there is no folder `acess` beside the project file; correct it"):
        program({"modelFolder": "acess"})
