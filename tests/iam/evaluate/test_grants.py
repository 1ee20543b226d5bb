"""What a set of rules allows, action by action, and how far it can reach at best."""

from typing import Any

import pytest

from identity_guard.iam import attach
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import Own
from identity_guard.iam.evaluate.context_state import Setting
from identity_guard.iam.evaluate.grants import Grants, global_actions
from identity_guard.iam.evaluate.statements import EVERY_RESOURCE, Group
from identity_guard.iam.evaluate.worlds import Assumptions
from identity_guard.iam.questions.root_level import coverage

Json = dict[str, Any]
ALWAYS: Json = {"StringLike": {"aws:userid": "*"}}
NEVER: Json = {"StringEquals": {"nosuch:Key": "x"}}
SOMETIMES: Json = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
GET, PUT, LIST = "s3:GetObject", "s3:PutObject", "s3:ListBucket"


def allow(*actions: str, **elements: Any) -> Json:  # noqa: ANN401 - elements of a statement
    """Return an Allow."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **elements}


def nowhere(*actions: str) -> Json:
    """Return an Allow on no resource."""
    return {"Effect": "Allow", "Action": list(actions), "NotResource": "*"}


def deny(*actions: str, **elements: Any) -> Json:  # noqa: ANN401 - elements of a statement
    """Return a Deny."""
    return {**allow(*actions, **elements), "Effect": "Deny"}


def grants(*layers: list[Json]) -> Grants:
    """Return layers of one document each, ready for questions."""
    documents = [[attach({"Version": "2012-10-17", "Statement": layer})] for layer in layers]
    return Grants(documents, Setting(Own(), 1_795_000_000.0))


def names(mask: int) -> set[str]:
    """Return the names of actions, and of those that no catalogue has, one for all."""
    found = set(catalogue().names(mask & ~catalogue().unknown))
    return found | {"unknown"} if mask & catalogue().unknown else found


BOUNDS: dict[str, tuple[list[list[Json]], set[str]]] = {
    "nothing": ([[deny(GET)]], set()),
    "what is named": ([[allow(GET), allow(PUT)]], {GET, PUT}),
    "under a condition that can hold": ([[allow(GET, Condition=SOMETIMES)]], {GET}),
    "under one that cannot": ([[allow(GET, Condition=NEVER), allow(PUT)]], {PUT}),
    "on no resource": ([[nowhere(GET), allow(PUT)]], {PUT}),
    "on one resource": ([[allow(GET, Resource="arn:aws:s3:::one")]], {GET}),
    "within a boundary": ([[allow(GET, PUT)], [allow(PUT, LIST)]], {PUT}),
    "within a boundary in two statements": ([[allow(GET, PUT)], [allow(PUT), allow(GET)]], {GET, PUT}),
    "within a boundary that never holds": ([[allow(GET)], [allow(GET, Condition=NEVER)]], set()),
    "within a boundary on no resource": ([[allow(GET)], [nowhere(GET)]], set()),
    "within a boundary and an SCP": ([[allow(GET, PUT)], [allow(GET, PUT)], [allow(GET, LIST)]], {GET}),
    "denied": ([[allow(GET, PUT), deny(GET)]], {PUT}),
    "denied by a boundary": ([[allow(GET, PUT)], [allow(GET, PUT), deny(GET)]], {PUT}),
    "denied always": ([[allow(GET, PUT), deny(GET, Condition=ALWAYS)]], {PUT}),
    "denied sometimes": ([[allow(GET, PUT), deny(GET, Condition=SOMETIMES)]], {GET, PUT}),
    "denied on one resource": ([[allow(GET), deny(GET, Resource="arn:aws:s3:::one")]], {GET}),
    "denied on every ARN": ([[allow(GET), deny(GET, Resource="arn:aws:*")]], {GET}),
    "denied with more": ([[allow(GET, PUT), deny(LIST), deny(LIST, PUT)]], {GET}),
    "what nobody knows": ([[allow("tomorrow:Do")]], {"unknown"}),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_at_best_all_is_allowed_that_is_not_denied_everywhere(name: str) -> None:
    """What is beyond this bound is not asked for again: an action too few, and a way to the top is missed."""
    layers, expected = BOUNDS[name]

    assert names(grants(*layers).upper_bound(Assumptions())) == expected


EVERYWHERE = Group(EVERY_RESOURCE, 0, 0, frozenset())
ALLOWED: dict[str, tuple[list[list[Json]], set[str], set[str]]] = {
    "nothing": ([[]], set(), set()),
    "what is named": ([[allow(GET), allow(PUT)]], {GET, PUT}, {GET, PUT}),
    "what nobody knows is possible": ([[allow("tomorrow:Do", GET)]], {GET}, {GET, "unknown"}),
    "not denied": ([[allow(GET, PUT), deny(GET)]], {PUT}, {PUT}),
    "within a limit": ([[allow(GET, PUT)], [allow(GET)]], {GET}, {GET}),
    "within no limit at all": ([[allow(GET, PUT)], [deny(LIST)]], set(), set()),
    "within the first limit and not the second": ([[allow(GET)], [allow(GET)], [allow(PUT)]], set(), set()),
    "not on a resource that is named": (
        [[allow(GET, Resource="arn:aws:s3:::one"), allow(PUT)]],
        {PUT},
        {PUT},
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_allowed_is_told_action_by_action(name: str) -> None:
    """Every answer is put together from these sets; one action too many is a call that nobody can make."""
    layers, certain, possible = ALLOWED[name]
    found = grants(*layers)
    told = found.allowed({}, EVERYWHERE, found.active(Assumptions()))

    assert (names(told.certain), names(told.possible)) == (certain, possible)


def test_the_rules_that_count_are_those_about_the_target_that_can_hold() -> None:
    """What counts without need is gone through in every state, and those are soon too many."""
    found = grants([allow(GET), allow(PUT), allow(GET, Condition=NEVER)], [allow(GET), allow(LIST)])
    target = catalogue().mask_of([GET])
    asked, all_of_them = found.active(Assumptions(), target), found.active(Assumptions())

    assert [rule.statement.index for rule in asked.allows] == [0]
    assert [[rule.statement.index for rule in layer] for layer in asked.limits] == [[0]]
    assert [rule.statement.index for rule in all_of_them.allows] == [0, 1]
    assert [[rule.statement.index for rule in layer] for layer in all_of_them.limits] == [[0, 1]]
    assert len(all_of_them.statements) == 4


def test_a_deny_that_the_holder_can_avoid_leaves_nothing_open() -> None:
    """Ten keys that the holder chooses are a thousand modes; one in which the Deny stays away is enough."""
    keys = ["userid", "username", "PrincipalArn", "PrincipalOrgID", "SourceIdentity", "FederatedProvider"]
    keys += ["UserAgent", "Referer", "ResourceOrgID", "ChatbotSourceArn"]
    chosen = {"StringEquals": {f"aws:{key}": ["x", "y"] for key in keys}}
    in_parts = [allow("iam:*"), {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]
    avoidable = grants([*in_parts, deny("iam:*", Condition=chosen)])
    never = grants([*in_parts, deny("iam:*", Condition={**chosen, "Bool": {"aws:SecureTransport": "false"}})])

    assert coverage(avoidable).root_level is True
    assert coverage(never).root_level is True


def test_a_deny_that_the_holder_can_avoid_by_one_choice_needs_no_other() -> None:
    """Of many modes one is enough: a caller of another name is never denied, whatever else they choose."""
    chosen = {"StringEquals": {f"aws:{key}": ["x", "y"] for key in ("userid", "username", "PrincipalArn")}}
    avoidable = deny("*", Condition=chosen)
    unavoidable = deny("*", Condition={"StringLike": {"aws:userid": "*"}})

    assert coverage(grants([allow("*"), avoidable])).root_level is True
    assert coverage(grants([allow("*"), avoidable, unavoidable])).root_level is False


def test_the_global_services_are_in_one_region_only_and_passing_a_role_is_not() -> None:
    """A role is passed with the call that uses it, wherever that is."""
    found = names(global_actions())

    assert "iam:PassRole" not in found
    assert {"iam:CreateUser", "account:CloseAccount", "organizations:LeaveOrganization"} <= found
    assert {name.partition(":")[0] for name in found} == {"iam", "account", "organizations"}
    assert len(found) == len(names(catalogue().service_masks["iam"])) - 1 + len(
        names(catalogue().service_masks["account"] | catalogue().service_masks["organizations"])
    )
    here = grants([allow("*", Condition=SOMETIMES)])
    (world,) = [
        each
        for each in here.space.worlds(here.statements, Assumptions()) or ()
        if here.space.context_states_of(each)[0].values == (("aws:requestedregion", ("eu-west-1",)),)
    ]

    assert here.valid(world) == catalogue().everything ^ global_actions()
