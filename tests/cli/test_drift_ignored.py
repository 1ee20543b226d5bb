"""What `identity-center drift` tells and does not count: what others own, and what is meant to be there."""

from typing import Any, Final

import pytest
import yaml

from identity_center.model.existing.objects import (
    Application,
    ApplicationAssignment,
    Group,
)
from identity_center.model.existing.snapshot_file import write_existing
from tests.support.command import Command
from tests.support.recorded_instance import EQUAL, EXTRA, HELD, OTHER, OWN, SET, SHOP, state_beside


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


#: What no code of ours has, because somebody else makes it.
OTHERS: Final = EQUAL.model_copy(
    update={
        "users": (*EQUAL.users, OTHER),
        "groups": (*EQUAL.groups, Group(id="g-2", name="AWSControlTowerAdmins")),
        "permission_sets": (SET, SET.model_copy(update={**OWN, "name": "AWSAdministratorAccess"})),
        "assignments": (
            HELD,
            HELD.model_copy(update={"permission_set_arn": "x", "principal_id": "g-2"}),
        ),
        "applications": (
            Application(
                arn="a-1",
                name="QuickSight",
                provider_arn="arn:aws:sso::aws:applicationProvider/quicksight",
                assignments=(ApplicationAssignment(principal_type="GROUP", principal_id="g-1"),),
            ),
        ),
    }
)


def test_what_others_own_is_no_drift_and_is_named(command: Command) -> None:
    """A job that is red for what Control Tower makes is switched off; what is not named is hidden."""
    ended = state_beside(command, OTHERS)

    assert ended.status == 0, ended.output
    assert ended.output.splitlines() == [
        "0 differences",
        "left to Control Tower: 1 account assignment, 1 group, 1 permission set",
        "left to an AWS service or the catalogue: 1 application, 1 application assignment",
        "left to another directory (SCIM or Active Directory): 1 user",
    ]
    listed = state_beside(command, OTHERS, "--format", "json").json()["leftToOwners"]
    assert {"owner": "Control Tower", "kind": "group", "names": ["AWSControlTowerAdmins"]} in listed
    assert len(listed) == 6


def _ignoring(command: Command, *entries: dict[str, Any]) -> str:
    said = {"owner": "identity team", "reason": "the vendor looks for a fault"}
    listed = [{**said, "lastDay": "2027-02-01", **each} for each in entries]
    command.write("access/ignored.yaml", {"ignoredDrift": listed})
    return "access"


USER_KIM: Final = {"kind": "user", "names": ["kim"]}
GRANT_OF_KIM: Final = {"kind": "account assignment", "names": ["Builders", SHOP, "USER", "kim"]}


def test_what_is_meant_to_be_there_is_ignored_and_told(command: Command) -> None:
    """Else the job is red for weeks, and the next change by hand drowns in it."""
    model = _ignoring(command, USER_KIM, GRANT_OF_KIM)
    ended = state_beside(command, EXTRA, "--ignored-in", model)

    assert (ended.status, ended.errors) == (0, ""), ended.output
    assert ended.output.splitlines() == [
        "0 differences",
        *(
            f"ignored: in AWS and not in the code: {what} [writes] "
            "(until 2027-02-01, identity team: the vendor looks for a fault)"
            for what in ("account assignment Builders -> 444444444444 -> kim", "user kim")
        ),
    ]
    log = state_beside(command, EXTRA, "--ignored-in", model, "--format", "sarif").json()
    results = log["runs"][0]["results"]
    assert [each["suppressions"][0]["status"] for each in results] == ["accepted", "accepted"]


def test_an_entry_ignores_one_difference_of_one_thing(command: Command) -> None:
    """An entry that grows by itself hides what nobody agreed to."""
    other = {**GRANT_OF_KIM, "names": ["Builders", "555555555555", "USER", "kim"]}
    missing = {**USER_KIM, "difference": "missing"}
    ended = state_beside(command, EXTRA, "--ignored-in", _ignoring(command, other, missing))

    assert (ended.status, "2 differences" in ended.output) == (1, True)
    assert ended.errors.count("IGNORES NOTHING: ") == 2


def test_an_entry_whose_day_is_over_is_told_and_ignores_nothing(command: Command) -> None:
    """What was agreed for a time is not agreed for ever."""
    command.monkeypatch.setenv("IDENTITY_CENTER_TODAY", "2027-01-15")
    model = _ignoring(command, USER_KIM, {**GRANT_OF_KIM, "lastDay": "2027-01-14"})
    ended = state_beside(command, EXTRA, "--ignored-in", model)

    assert (ended.status, "1 difference\n" in ended.output) == (1, True)
    assert ended.errors == (
        "IGNORED NO MORE since 2027-01-14: in AWS and not in the code: account assignment "
        "Builders -> 444444444444 -> kim (identity team)\n"
    )
    last = _ignoring(command, USER_KIM, {**GRANT_OF_KIM, "lastDay": "2027-01-15"})
    ended = state_beside(command, EXTRA, "--ignored-in", last)
    assert (ended.status, ended.errors) == (0, "")


def test_an_entry_is_not_called_unused_where_nobody_looked(command: Command) -> None:
    """Somebody would take it out of the model, and the next night is red."""
    model = _ignoring(command, USER_KIM, GRANT_OF_KIM)
    ended = state_beside(command, EXTRA, "--ignored-in", model, "--only", "users")

    assert "IGNORES NOTHING" not in ended.errors


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            {"kind": "user", "names": ["kim", "leo"]},
            "`names` has 2, and a difference of",
        ),
        ({"kind": "people", "names": ["kim"]}, "kind"),
        ({"kind": "user", "names": ["k*"]}, "has a wildcard"),
        ({"kind": "user", "names": ["kim"], "lastDay": "soon"}, "lastDay"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(command: Command, entry: dict[str, Any], words: str) -> None:
    """An entry that nobody can read ignores nothing, or everything."""
    ended = command("drift", "--model", _ignoring(command, entry), "--snapshot", "held.json")

    assert ended.status == 2
    assert "access/ignored.yaml:" in ended.errors or "held.json" in ended.errors
    command.write("held.json", write_existing(EQUAL))
    ended = command("drift", "--model", "access", "--snapshot", "held.json")
    assert (ended.status, words in ended.errors, "access/ignored.yaml:1:" in ended.errors) == (2, True, True)
