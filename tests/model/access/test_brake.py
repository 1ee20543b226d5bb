"""The brake: what it refuses, what it lets pass, and what the stack can say to it."""

import json
from collections.abc import Set as AbstractSet
from dataclasses import replace

import pytest

from identity_center.model.access.brake import brake
from identity_center.model.access.changes import access_changes
from identity_center.model.access.grant import Grant
from identity_center.model.access.record import RecordedModel, read_record, write_record
from identity_center.model.language.settings import AllowRemovalsEntry
from identity_center.model.organisation.places import Places

ACCOUNTS = [str(100000000000 + number) for number in range(40)]
PLACES = Places(names={"100000000028": "shop-production", "100000000029": "shop-staging"})


def model(
    count: int,
    members: frozenset[str] | None = frozenset({"ada"}),
    name: str = "Developer",
    *,
    break_glass: bool = False,
) -> RecordedModel:
    """Return a model of one group that has one permission set in so many accounts."""
    grants = frozenset(Grant("dev", "crew", "GROUP", account) for account in ACCOUNTS[:count])
    glass = grants if break_glass else frozenset[Grant]()
    return RecordedModel({"dev": name}, {"crew": members}, grants, glass, frozenset(), frozenset())


def said(before: RecordedModel, after: RecordedModel, allowed: AllowRemovalsEntry | None = None) -> list[str]:
    """Return what the brake says."""
    changes = access_changes(before, after)
    return [str(mistake) for mistake in brake(changes, before, after, allowed, PLACES)]


@pytest.mark.parametrize(("removed", "refused"), [(0, False), (10, False), (11, True), (40, True)])
def test_ten_assignments_may_go_and_eleven_may_not(removed: int, *, refused: bool) -> None:
    """A line too many in a unit's exceptions takes hundreds away."""
    assert bool(said(model(40), model(40 - removed))) is refused


def test_the_refusal_says_how_many_and_what_to_write() -> None:
    """Somebody who means it should not have to look for the way."""
    assert said(model(40), model(28)) == [
        (
            "12 of 40 assignments would go, such as permission set `dev` (Developer) of group `crew` in "
            "12 accounts (shop-production 100000000028, shop-staging 100000000029, 100000000030, "
            "100000000031 and 8 more); 10 may; if that is meant, write `assignments: 12` under "
            "`allowRemovals`, for this run"
        )
    ]
    assert said(model(40), model(28), AllowRemovalsEntry(assignments=12)) == []
    assert said(model(40), model(27), AllowRemovalsEntry(assignments=12)) != []


def test_a_permission_set_that_is_assigned_is_not_replaced_by_chance() -> None:
    """A new name looks like a label, and takes everybody's session and every role's ARN."""
    allowed = AllowRemovalsEntry(replaced_permission_sets=("dev",))

    (text,) = said(model(2), model(2, name="Builder"))

    assert "`Builder` instead of `Developer` replaces the permission set, which has 2 assignments" in text
    assert said(model(2), model(2, name="Builder"), allowed) == []
    assert said(model(0), model(0, name="Builder")) == []


@pytest.mark.parametrize(
    ("after", "refused"),
    [
        (model(1, frozenset()), True),
        (model(0), True),
        (model(1, frozenset({"bob"})), False),
        (model(1), False),
        (model(1, None), False),
    ],
    ids=["no member left", "no grant left", "another member", "no longer break-glass", "members elsewhere"],
)
def test_the_last_person_of_a_break_glass_grant_stays(after: RecordedModel, *, refused: bool) -> None:
    """Emergencies are no time to find out that nobody can get in."""
    before = model(1, break_glass=True)
    what_to_write = "lastPersonOf: [dev]" if after.grants else "breakGlass: false"

    assert [what_to_write in text for text in said(before, after)] == [True] * refused
    assert said(before, after, AllowRemovalsEntry(last_person_of=("dev",))) == []


def test_a_way_in_for_emergencies_that_leads_to_many_accounts_is_told_once() -> None:
    """Fifteen equal lines for one emptied group hide that there is one thing to do."""
    (mistake,) = brake(
        access_changes(model(30, break_glass=True), model(30, frozenset())),
        model(30, break_glass=True),
        model(30, frozenset()),
        None,
        PLACES,
    )

    assert str(mistake).startswith(
        "nobody would be left with the break-glass permission set `dev` (Developer) in 30 accounts "
    )
    assert str(mistake).endswith(
        "keep somebody, or write `lastPersonOf: [dev]` under `allowRemovals`, for this run"
    )
    assert mistake.path == ("groups", "crew", "members"), "the place is where the people are missing"


def test_what_may_go_is_counted_of_what_the_sentences_count() -> None:
    """`of 68 before` and `15 of 72` in one message leave the reader with two stacks."""
    wiki = frozenset({(WIKI, "GROUP", "crew")})
    before, after = replace(model(40), applications=wiki), replace(model(28), applications=wiki)

    (text,) = said(before, after)
    assert text.startswith("12 of 40 assignments would go")
    (text,) = said(before, model(28))
    assert text.startswith("13 of 41 assignments, those of applications and roles among them, would go")


def emergency(members: AbstractSet[str], released: AbstractSet[str] = frozenset()) -> RecordedModel:
    """Return a model whose one break-glass grant is of a group with some members."""
    made = model(1, frozenset(members), break_glass=True)
    return made.protecting(released)


def test_who_is_kept_by_the_engine_leaves_in_two_updates() -> None:
    """The engine would refuse in its own words, which send people to `pulumi state unprotect`."""
    three, two = {"ada", "grace", "linus"}, {"ada", "grace"}

    (text,) = said(emergency(three), emergency(two))

    assert "`linus` would leave a group that a break-glass grant lives by" in text
    assert "write `breakGlassPeople: [linus]` under `allowRemovals`" in text
    assert said(emergency(three), emergency(three, {"linus"})) == [], "first the protection goes"
    assert said(emergency(three, {"linus"}), emergency(two, {"linus"})) == [], "then the person"


def test_the_record_of_an_older_version_protected_nobody() -> None:
    """Its engine deletes memberships still, so that a refusal would hold people up for nothing."""
    older = json.loads(write_record(emergency({"ada", "grace"})))
    del older["protectedMembers"], older["protectedUsers"]

    before = read_record(json.dumps(older))

    assert said(before, emergency({"ada"})) == []


def test_a_break_glass_grant_that_never_let_anybody_in_may_go() -> None:
    """There is no last person to take away."""
    assert said(model(1, frozenset(), break_glass=True), model(0)) == []


WIKI, ROLE = "wiki", "arn:aws:iam::444444444444:role/Auditor"


def beside(applications: int, roles: int, *, break_glass: bool = False) -> RecordedModel:
    """Return a model in which groups of one person have an application, and a user has roles."""
    groups = [f"crew-{number}" for number in range(applications)]
    wiki = frozenset((WIKI, "GROUP", group) for group in groups)
    held = frozenset((f"{ROLE}{number or ''}", "USER", "ada") for number in range(roles))
    glass = (wiki, held) if break_glass else (frozenset[tuple[str, str, str]](),) * 2
    members = {f"crew-{number}": frozenset({"ada"}) for number in range(20)}
    return RecordedModel({}, members, frozenset(), frozenset(), wiki, held, *glass)


def test_assignments_of_applications_and_roles_count_as_well() -> None:
    """A way in that is no permission set is access all the same."""
    (text,) = said(beside(8, 8), beside(2, 2))

    assert "12 of 16 assignments, those of applications and roles among them, would go" in text
    assert f"`{ROLE}2` of user `ada`" in text
    assert said(beside(8, 8), beside(2, 2), AllowRemovalsEntry(assignments=12)) == []
    assert said(beside(8, 8), beside(3, 3)) == []


@pytest.mark.parametrize("key", [WIKI, ROLE])
def test_the_last_person_of_a_break_glass_application_or_role_stays(key: str) -> None:
    """An emergency may need the incident tool, or a role, and no permission set."""
    before = beside(1, 1, break_glass=True)
    after = beside(0, 1) if key == WIKI else beside(1, 0)

    (text,) = said(before, after)

    assert "nobody would be left with the break-glass " in text
    assert "write `breakGlass: false` and update" in text
    assert said(before, after, AllowRemovalsEntry(last_person_of=(key,))) == []
    assert said(before, beside(1, 1)) == []
