"""New names of a plan: which AWS has, which another resource has still, and who waits for whom."""

from collections.abc import Iterable
from typing import Any

import pytest

from identity_center.model.mistakes import key_path
from identity_center.model.plan.name_changes import NameChanges, in_turn, name_changes, taken
from identity_center.model.plan.planned import (
    APPLICATION,
    ATTRIBUTES,
    CONTROL_POLICY,
    GROUP,
    PERMISSION_SET,
    USER,
    Id,
    Plan,
    PlannedResource,
    Secret,
)
from identity_center.model.plan.settings import plan_root_guard
from identity_center.model.plan.unique_names import Holder, State, holder
from identity_center.model.plan.whole_model import ModelParts, plan_model

MODEL, GUARD = "identity-center:index:AccessModel", "identity-center:index:RootGuard"
INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"


def plan(**args: Any) -> Plan:  # noqa: ANN401  # as the component takes them
    """Plan a model."""
    whole = {"instance_arn": INSTANCE, "identity_store_id": "d-1", **args}
    return plan_model("identity-center", ModelParts(whole, ()))


def groups(**names: str) -> dict[str, Any]:
    """Return groups by key."""
    return {key: {"display_name": name} for key, name in names.items()}


def user(name: object, email: str = "") -> dict[str, Any]:
    """Return a user."""
    return {"user_name": name, "email": email or f"{name}@example.com"}


def made(type_: str, key: str, outermost: str = MODEL, **properties: Any) -> Holder:  # noqa: ANN401  # outputs
    """Return a resource of the state; ids are those of its key."""
    ids = {"userId": f"u-{key}", "groupId": f"g-{key}", "arn": f"arn-{key}"}
    return holder(type_, {**ids, **properties}, outermost, key)


def made_groups(**names: str) -> State:
    """Return a state of groups."""
    return State(tuple(made(GROUP, key, displayName=name) for key, name in names.items()))


def said(found: NameChanges) -> list[str]:
    """Return the mistakes as a reader sees them."""
    return [f"{key_path(each.path)}: {each}" for each in found.mistakes]


def unknown(found: NameChanges) -> set[tuple[str, str]]:
    """Return the names that AWS is to be asked for: key and path of the input."""
    return {(each.id.key, each.kind.input) for each in found.unknown}


def test_only_what_the_state_does_not_have_is_asked_for() -> None:
    """Every lookup is a call to AWS; a stack that changes nothing makes none."""
    planned = plan(users={"ada": user("ada")}, groups=groups(a="Alpha", b="Beta"))
    ada = made(USER, "ada", userName="ADA", emails={"primary": True, "value": "Ada@example.com"})
    state = State((ada, *made_groups(a="Alpha", b="Beta").holders))

    assert name_changes(planned, state).unknown == ()
    assert unknown(name_changes(planned, made_groups(a="Alpha"))) == {
        ("ada", "userName"),
        ("ada", "emails.value"),
        ("b", "displayName"),
    }


def test_a_former_key_is_the_same_resource() -> None:
    """A key is ours alone: a new one gives nothing a name."""
    planned = plan(
        groups=groups(new="Alpha"),
        former_group_keys={"new": "old"},
        permission_sets={"writing": {"name": "Writing", "formerly": "write"}},
    )
    state = State((made(GROUP, "old", displayName="Alpha"), made(PERMISSION_SET, "write", name="Writing")))

    found = name_changes(planned, state)

    assert (found.unknown, found.mistakes, found.renamed) == ((), (), ())


def test_the_guard_of_root_users_has_names_of_its_own() -> None:
    """Its resources may have the keys of the model's, and are others."""
    guard = plan_root_guard("root-guard", {"instance_arn": INSTANCE}, "aws", "r-1", features=True)
    planned = (*plan(permission_sets={"root-guard": {"name": "Guard"}}), *guard)
    state = State((made(PERMISSION_SET, "root-guard", name="Guard"),))

    found = name_changes(planned, state)

    assert {key_path(each.path) for each in found.unknown} == {
        "identity-center:rootGuard",
        "identity-center:rootGuard.permissionSet",
    }


def test_what_aws_has_is_refused_with_its_place_its_id_and_the_way_out() -> None:
    """The provider would try for an hour, in the middle of the run, and a second application be made."""
    planned = plan(
        users={"ada": user(Secret("Ada"), "ada@example.com")},
        groups=groups(developers="Developers"),
        permission_sets={"reading": {"name": "Reading"}, "writing": {"name": "Writing"}},
        applications={"wiki": {"name": "Wiki", "application_provider_arn": "p"}},
        access_control_attributes={"CostCenter": "${path:enterprise.costCenter}"},
    )
    changes = name_changes(planned, State())
    found = {
        USER: [holder(USER, {"userId": "u-9", "userName": "ADA", "emails": {"value": "x@example.com"}})],
        GROUP: [holder(GROUP, {"groupId": "g-9", "displayName": "developers"})],
        PERMISSION_SET: [holder(PERMISSION_SET, {"arn": "ps-9", "name": "Writing"})],
        APPLICATION: [holder(APPLICATION, {"arn": "apl-9", "name": "Wiki"})],
        ATTRIBUTES: [holder(ATTRIBUTES, {"instanceArn": INSTANCE})],
    }

    mistakes = {key_path(each.path): str(each) for each in taken(changes.unknown, found, State())}

    assert set(mistakes) == {
        "identity-center:users.ada.userName",
        "identity-center:groups.developers.displayName",
        "identity-center:permissionSets.writing.name",
        "identity-center:applications.wiki.name",
        "identity-center:accessControlAttributes",
    }
    assert mistakes["identity-center:groups.developers.displayName"] == (
        "AWS has a group with this display name already, g-9, and this stack's record does not have it; take "
        "it into the stack with `identity-center adopt` (`identity-center recover` where an update was "
        "interrupted), or give yours another"
    )
    assert (
        "AWS has an application with this name already, apl-9"
        in mistakes["identity-center:applications.wiki.name"]
    )
    attributes = mistakes["identity-center:accessControlAttributes"]
    assert attributes.startswith("AWS has a configuration of attributes for access control already, arn:")
    assert "give yours another" not in attributes
    assert "ada" not in mistakes["identity-center:users.ada.userName"].casefold(), (
        "a person's name is not said"
    )


def test_an_e_mail_address_that_somebody_has_is_refused_too() -> None:
    """The directory wants each once, as a user name."""
    changes = name_changes(plan(users={"ada": user("ada")}), State())
    somebody = {"userId": "u-9", "userName": "other", "emails": {"value": "ADA@example.com"}}

    (mistake,) = taken(changes.unknown, {USER: [holder(USER, somebody)]}, State())

    assert key_path(mistake.path) == "identity-center:users.ada.email"
    assert "u-9" in str(mistake)


def test_what_the_stack_has_under_another_name_was_renamed_by_hand() -> None:
    """To adopt what is one's own already would be the wrong advice."""
    state = made_groups(a="Alpha", b="Beta")
    changes = name_changes(plan(groups=groups(a="Gamma", b="Beta")), state)
    renamed = holder(GROUP, {"groupId": "g-b", "displayName": "Gamma"})

    (mistake,) = taken(changes.unknown, {GROUP: [renamed]}, state)

    assert "somebody renamed it; run `pulumi refresh`" in str(mistake)


def test_a_key_that_goes_with_its_name_is_most_likely_the_same_thing() -> None:
    """Without `formerly` the group is deleted with all memberships, and AWS refuses the new one first."""
    (line,) = said(name_changes(plan(groups=groups(new="Alpha")), made_groups(old="Alpha")))

    assert line == (
        "identity-center:groups.new.displayName: group `old` of this stack has this display name and goes in "
        "the same run, at whose end the name is free: AWS would refuse it; if it is the same group under a "
        "new key, write `formerly: old`; if not, take `old` out in a run before this one"
    )


def test_a_rename_to_the_name_of_what_goes_takes_two_runs() -> None:
    """Deletions come last."""
    (line,) = said(name_changes(plan(groups=groups(a="Beta")), made_groups(a="Alpha", b="Beta")))

    assert line.endswith("AWS would refuse it; take `b` out in a run before this one")


def names(planned: Plan) -> list[str]:
    """Return the keys of groups and users in the order in which they are registered."""
    return [each.key for each in planned if each.type in {GROUP, USER}]


def test_a_name_that_is_passed_on_is_taken_when_it_is_free() -> None:
    """AWS changes one group at a time, and Pulumi all at once unless it is told."""
    planned = plan(groups=groups(a="Beta", b="Gamma", c="Delta"))
    found = name_changes(planned, made_groups(a="Alpha", b="Beta", c="Gamma"))

    turned = in_turn(planned, found.waits)

    assert found.mistakes == ()
    assert unknown(found) == {("c", "displayName")}
    assert names(turned) == ["c", "b", "a"]
    assert {each.key: each.depends_on for each in turned if each.type == GROUP} == {
        "a": (Id(GROUP, "b"),),
        "b": (Id(GROUP, "c"),),
        "c": (),
    }


def test_nothing_is_in_another_order_where_no_name_is_passed_on() -> None:
    """What a run registers is what the last one did."""
    planned = plan(groups=groups(a="Alpha", b="Gamma"))

    assert in_turn(planned, name_changes(planned, made_groups(a="Alpha", b="Beta")).waits) is planned


def test_a_new_group_waits_for_the_one_that_leaves_it_its_name() -> None:
    """It is made first otherwise, and refused."""
    planned = plan(groups=groups(a="Beta", b="Gamma"))
    found = name_changes(planned, made_groups(b="Beta"))

    assert found.waits == {Id(GROUP, "a"): (Id(GROUP, "b"),)}


def test_users_pass_names_and_addresses_on() -> None:
    """A user of a new name is deleted before they are made anew; an address changes in place."""
    planned = plan(users={"a": user("b", "b@example.com"), "b": user("c")})
    state = State((made(USER, "b", userName="b", emails={"value": "b@example.com"}),))

    assert name_changes(planned, state).waits == {Id(USER, "a"): (Id(USER, "b"),)}


def test_names_and_addresses_go_round_together() -> None:
    """Each waits for the other, if for different things."""
    planned = plan(users={"a": user("b", "new@example.com"), "b": user("c", "a@example.com")})
    state = State(
        (
            made(USER, "a", userName="a", emails={"value": "a@example.com"}),
            made(USER, "b", userName="b", emails={"value": "b@example.com"}),
        )
    )

    found = name_changes(planned, state)

    assert ["in a circle" in line for line in said(found)] == [True] * 2, "one for a name, one for an address"


@pytest.mark.parametrize(
    ("after", "before"),
    [
        ({"a": "Beta", "b": "Alpha"}, {"a": "Alpha", "b": "Beta"}),
        ({"a": "B", "b": "C", "c": "A"}, {"a": "A", "b": "B", "c": "C"}),
    ],
    ids=["a swap", "a circle of three"],
)
def test_names_that_go_round_take_two_runs(after: dict[str, str], before: dict[str, str]) -> None:
    """No order helps: none is free before another."""
    found = name_changes(plan(groups=groups(**after)), made_groups(**before))

    assert len(said(found)) == len(after)
    assert "in one run, one that nobody has, and this in the next" in said(found)[0]


def test_a_permission_set_keeps_its_name_until_the_end_of_the_run() -> None:
    """A new name makes a new set, before the old one goes."""
    planned = plan(permission_sets={"a": {"name": "Beta"}, "b": {"name": "Gamma"}})
    state = State((made(PERMISSION_SET, "a", name="Alpha"), made(PERMISSION_SET, "b", name="Beta")))

    (line,) = said(name_changes(planned, state))

    assert line.startswith(
        "identity-center:permissionSets.a.name: permission set `b` has this name until the"
    )
    assert line.endswith("rename `b` in one run, and `a` in the next")


def test_applications_may_share_a_name_within_a_stack() -> None:
    """AWS does not ask for one each: only what is made beside somebody else's would be doubled."""
    app = {"application_provider_arn": "p"}
    planned = plan(applications={"new": {"name": "Wiki", **app}, "b": {"name": "Old", **app}})
    state = State((made(APPLICATION, "old", name="Wiki"), made(APPLICATION, "b", name="B")))

    found = name_changes(planned, state)

    assert (found.mistakes, found.unknown, found.waits) == ((), (), {})


def test_a_policy_of_the_organisation_is_found_by_its_name() -> None:
    """Somebody made the guard by hand, or another stack did."""
    guard = plan_root_guard("root-guard", {}, "aws", "r-1", features=False)
    changes = name_changes(guard, State())
    policy = holder(CONTROL_POLICY, {"arn": "p-9", "name": "root-guard-deny-root"})

    (mistake,) = taken(changes.unknown, {CONTROL_POLICY: [policy]}, State())

    assert key_path(mistake.path) == "identity-center:rootGuard"
    assert "AWS has a service control policy with this name already, p-9" in str(mistake)


def registered(planned: Iterable[PlannedResource]) -> bool:
    """Tell whether everything comes after what it needs."""
    seen: set[Id] = set()
    for each in planned:
        needed = [*each.depends_on, *([each.parent] if each.parent else [])]
        if any(need not in seen for need in needed):
            return False
        seen.add(each.id)
    return True


def test_what_is_put_in_turn_still_comes_after_all_that_it_needs() -> None:
    """The engine takes a parent, or a dependency, that it has seen."""
    planned = plan(
        users={"ada": user("ada")},
        groups={**groups(a="Beta"), "b": {"display_name": "Gamma", "members": ["ada"]}},
        permission_sets={"reading": {"name": "Reading", "managed_policy_arns": ["arn"]}},
    )
    turned = in_turn(planned, {Id(GROUP, "a"): (Id(GROUP, "b"),)})

    assert registered(planned)
    assert registered(turned)
    assert turned[0] == planned[0]
    assert {each.id for each in turned} == {each.id for each in planned}
