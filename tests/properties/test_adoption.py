"""The law of adoption: the model that is written, read and planned, comes to what exists."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any, Final

from hypothesis import given, settings

from identity_center.model.adoption.adopting import EVERYTHING
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import User
from identity_center.model.existing.things import Kind, Thing, things_of
from identity_center.model.language.clock import Clock
from identity_center.model.plan.planned import USER
from identity_center_cli.verbs.adopt.folder import Adopted, Asked, adopt_into
from identity_center_cli.verbs.adopt.where import Where
from tests.properties.existing_instances import instances

DAY: Final = date(2026, 11, 30)


def adopted(folder: str, existing: Existing) -> Adopted:
    """Adopt everything into a folder of its own."""
    return adopt_into(Where(Path(folder) / "access"), existing, Asked(EVERYTHING, Clock(DAY)))


@settings(max_examples=50)
@given(instances())
def test_the_model_says_all_that_exists_but_what_is_named_as_left_out(existing: Existing) -> None:
    """What is lost on the way is made anew or taken away by the first update."""
    with tempfile.TemporaryDirectory() as folder:
        made = adopted(folder, existing)

    left_out = {each.thing for each in made.proposal.left_out}
    applications = {each.what.removeprefix("application ") for each in made.proposal.left_out}
    assert not list(made.beside.differences())
    assert not list(made.beside.imports.absent)
    for row in made.beside.left():
        whole = row.thing.kind is Kind.APPLICATION_ASSIGNMENT and row.thing.names[0] in applications
        assert row.thing in left_out or whole, row


@settings(max_examples=25)
@given(instances())
def test_adopting_again_writes_nothing(existing: Existing) -> None:
    """A second run that adds once more what is there doubles every grant."""
    with tempfile.TemporaryDirectory() as folder:
        adopted(folder, existing)
        again = adopted(folder, existing)

    assert again.texts == {}


@settings(max_examples=25)
@given(instances())
def test_every_resource_is_imported_by_an_id_of_its_own(existing: Existing) -> None:
    """Two resources by one id, and the second is in AWS only as long as the first."""
    with tempfile.TemporaryDirectory() as folder:
        imports = adopted(folder, existing).beside.imports

    ids = [(which.type, identifier) for which, identifier in imports.ids.items()]
    assert len(set(ids)) == len(ids)
    assert {each.id for each in imports.plan if not each.is_component} == set(imports.ids)


@settings(max_examples=25)
@given(instances())
def test_people_keep_every_attribute(existing: Existing) -> None:
    """What the model does not say of somebody, the first update takes out of the directory."""
    with tempfile.TemporaryDirectory() as folder:
        imports = adopted(folder, existing).beside.imports

    for planned in imports.plan:
        if planned.type == USER:
            (user,) = (each for each in existing.users if imports.ids[planned.id].endswith(each.id))
            assert {name: value for name, value in planned.inputs.items() if value} == {
                name: value for name, value in _as_the_provider_has_it(user).items() if value
            }


def _as_the_provider_has_it(user: User) -> dict[str, Any]:
    """Say a user in the words of pulumi-aws, as its import reads it."""
    (email,) = user.emails
    attributes = dict(user.attributes)
    name = {"givenName": user.given_name, "familyName": user.family_name}
    if "middleName" in attributes:
        name["middleName"] = attributes.pop("middleName")
    said: dict[str, Any] = {
        "identityStoreId": "d-1234567890",
        "userName": user.user_name,
        "displayName": user.display_name,
        "name": name,
        "emails": {"primary": True, "value": email.value},
        **{{"nickName": "nickname"}.get(key, key): value for key, value in attributes.items()},
    }
    for phone in user.phones:
        said["phoneNumbers"] = {"value": phone.value, "primary": phone.primary}
    for address in user.addresses:
        said["addresses"] = {"postalCode": address.postal_code, "type": address.kind, "primary": False}
    return said


def test_the_instances_of_these_laws_hold_things() -> None:
    """A law about empty instances is always kept."""
    seen: set[str] = set()

    @settings(max_examples=40, database=None)
    @given(instances())
    def look(existing: Existing) -> None:
        things: dict[Thing, str] = things_of(existing)
        seen.update(thing.kind.name for thing in things)

    look()
    assert len(seen) >= 14
