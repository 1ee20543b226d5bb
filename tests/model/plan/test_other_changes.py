"""What changes for people besides grants and permissions: it keeps `nobody gains or loses anything` true."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from identity_center.model.plan.other_changes import State, first_timers, new_people, other_sentences
from identity_center.model.plan.people import user
from identity_center.model.plan.planned import ATTRIBUTES, USER, Id, Plan, PlannedResource, Secret
from identity_center.model.plan.settings import plan_instance_settings, plan_root_guard

ADA: Final = {"user_name": "ada", "given_name": "Ada", "email": "ada@example.com", "title": "Engineer"}
#: As the provider gives it back: with what AWS adds.
MADE: Final = {
    "userName": "ada",
    "identityStoreId": "d-1",
    "name": {"givenName": "Ada", "formatted": ""},
    "emails": {"value": "ada@example.com", "primary": True, "type": ""},
    "title": "Engineer",
    "userId": "u-1",
}


def people(**more: object) -> Plan:
    """Return a plan of one user."""
    return (user("ada", "d-1", {**ADA, **more}),)


def attributes(**sources: str) -> Plan:
    """Return a plan of attributes for access control."""
    args = {"instance_arn": "arn:i", "access_control_attributes": sources}
    return plan_instance_settings("identity-center", args)


def guard(*targets: str) -> Plan:
    """Return a plan of the guard of root users, as before AWS was asked for the organisation's root."""
    return plan_root_guard("root-guard", {"target_ids": list(targets)}, "aws", "", features=False)


def state(*plans: Plan, **people_of_aws: Mapping[str, Any]) -> State:
    """Return the state after plans, and users as AWS has them."""
    made: dict[Id, Mapping[str, Any]] = {each.id: each.inputs for plan in plans for each in plan}
    return made | {Id(USER, key): properties for key, properties in people_of_aws.items()}


WITH_TITLE: Final = attributes(job="${path:title}")


@pytest.mark.parametrize(
    ("plan", "before", "says"),
    [
        (people(), state(ada=MADE), ""),
        (people(user_name="ada"), state(), ""),
        (
            people(user_name="ada.l"),
            state(ada=MADE),
            (
                "1 person gets another user name, which makes a new person for AWS: password and MFA device "
                "are gone, and `first_sign_in` says how this one begins: ada"
            ),
        ),
        (people(user_name="Ada"), state(ada=MADE), "1 person gets another user name"),
        (people(title="Auditor"), state(ada=MADE), ""),
        (
            (*people(title="Auditor"), *WITH_TITLE),
            state(WITH_TITLE, ada=MADE),
            (
                "1 person gets other attributes, and attributes for access control read them; what "
                "conditions on aws:PrincipalTag give with them is not compared: ada"
            ),
        ),
        ((*people(), *WITH_TITLE), state(WITH_TITLE, ada=MADE), ""),
        (
            attributes(job="${path:title}", team="${path:userType}"),
            state(WITH_TITLE),
            "attributes for access control change (team): what conditions on aws:PrincipalTag give",
        ),
        ((), state(WITH_TITLE), "attributes for access control change (job)"),
        (guard(), state(), "the guard of root users comes: root users of its targets lose all"),
        ((), state(guard("ou-a")), "the guard of root users goes: root users of its targets regain all"),
        (guard("ou-a", "ou-b"), state(guard("ou-a")), "the guard of root users gets other targets"),
        (guard("ou-a"), state(guard("ou-a")), ""),
        (
            guard(),
            state(plan_root_guard("root-guard", {}, "aws", "r-1", features=False)),
            "",
        ),
    ],
)
def test_each_is_said_where_it_changes_and_only_there(plan: Plan, before: State, says: str) -> None:
    """Somebody whose password is gone on Monday morning is not `nobody`."""
    found = list(other_sentences(plan, before))

    assert len(found) == bool(says)
    assert "".join(found).startswith(says)
    assert "example.com" not in "".join(found)


def test_an_encrypted_user_name_is_compared_and_not_said() -> None:
    """A stack may keep its users secret: the name is opened for the comparison alone."""
    plan = (user("ada", "d-1", {**ADA, "user_name": Secret("ada")}),)

    assert new_people(plan, state(ada=MADE)) == []
    assert new_people(plan, state(ada={**MADE, "userName": "lovelace"})) == ["ada"]


def test_a_new_key_makes_nobody_new() -> None:
    """With `formerly` the engine keeps the user under another key."""
    renamed = PlannedResource(USER, "ada-l", people()[0].inputs, former_names=("ada",))

    assert new_people((renamed,), state(ada=MADE)) == []
    assert first_timers((renamed,), state(ada=MADE)) == []
    assert first_timers(people(), state()) == ["ada"]


def test_attributes_are_read_from_the_provider_alike() -> None:
    """A difference in reading is a sentence in every preview."""
    given = {"attributes": [{"key": "job", "values": [{"sources": ["${path:title}"]}]}], "status": "ENABLED"}

    assert list(other_sentences(WITH_TITLE, {Id(ATTRIBUTES, "identity-center"): given})) == []
