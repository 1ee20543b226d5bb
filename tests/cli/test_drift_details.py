"""`identity-center drift` of what users, groups and applications have besides their names."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import Address, Application, Email, Group, Phone, Region, User
from identity_center.model.existing.snapshot_file import for_review, write_existing
from identity_center.model.language.directory import UserEntry
from identity_center.model.language.keys.values import camel_case
from tests.support.command import SECRET_MARK, Command, Ended, Recorded, resource

PROVIDER: Final = "arn:aws:sso::aws:applicationProvider/custom"
URL: Final = "https://wiki.example.com"
OTHER: Final = "https://x.example"
NUMBER: Final = "+44 20 7946 0000"
#: Whoever reads a drift must not read these.
PRIVATE: Final = ("ada@example.com", "eve@example.com", NUMBER, "Analyst", "Director", "Lovelace", "Square")
WORDS: Final = {
    "middleName": "King",
    "formattedName": "Dr Ada King Lovelace",
    "honorificPrefix": "Dr",
    "honorificSuffix": "Jr",
    "nickname": "A.",
    "title": "Analyst",
    "userType": "employee",
    "preferredLanguage": "en-GB",
    "locale": "en_GB",
    "timezone": "Europe/London",
    "profileUrl": "https://example.com/ada",
}
MODEL: Final[dict[str, Any]] = {
    "users": {
        "ada": {
            "userName": "ada",
            "givenName": "Ada",
            "familyName": "Lovelace",
            "displayName": "Ada Lovelace",
            "email": "ada@example.com",
            "emailType": "work",
            "phoneNumber": {"value": NUMBER, "type": "work"},
            "address": {"streetAddress": "12 St James's Square", "primary": True},
            **WORDS,
        }
    },
    "groups": {"writers": {"displayName": "Writers", "description": "Who writes"}},
    "applications": {
        "wiki": {
            "name": "Wiki",
            "provider": PROVIDER,
            "description": "What we know",
            "portal": {"origin": "application", "applicationUrl": URL},
            "tags": {"team": "docs"},
        }
    },
}
ADA: Final = User(
    id="u-1",
    user_name="ada",
    display_name="Ada Lovelace",
    given_name="Ada",
    family_name="Lovelace",
    emails=(Email(value="ada@example.com", kind="work", primary=True),),
    attributes={{"nickname": "nickName"}.get(name, name): text for name, text in WORDS.items()},
    phones=(Phone(value=NUMBER, kind="work"),),
    addresses=(Address(street_address="12 St James's Square", primary=True),),
)
WRITERS: Final = Group(id="g-1", name="Writers", description="Who writes")
WIKI: Final = Application(
    arn="arn:wiki",
    name="Wiki",
    provider_arn=PROVIDER,
    description="What we know",
    status="ENABLED",
    visibility="ENABLED",
    sign_in_origin="APPLICATION",
    url=URL,
    assignments=(),
    tags={"team": "docs", "aws:cloudformation:stack-name": "x"},
)
EQUAL: Final = Existing(
    region="eu-central-1",
    instance_arn="arn:aws:sso:::instance/ssoins-1111111111111111",
    identity_store_id="d-1",
    read_from="2026-11-30T00:00:00Z",
    read_until="2026-11-30T00:01:00Z",
    users=(ADA,),
    groups=(WRITERS,),
    applications=(WIKI,),
    regions=(Region(name="eu-central-1", status="ACTIVE", is_primary=True),),
)


def _ada(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - members of User
    return {"users": (ADA.model_copy(update=changed),)}


def _wiki(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - members of Application
    return {"applications": (WIKI.model_copy(update=changed),)}


SETTING: Final = "application setting"
EVE: Final = Email(value="eve@example.com")
ROWS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "email": (_ada(emails=(Email(value="eve@example.com", kind="work", primary=True),)),
              "changed: user attribute ada -> email"),
    "second email": (_ada(emails=(*ADA.emails, EVE)), "changed: user attribute ada -> email"),
    "no longer primary": (_ada(emails=(Email(value="ada@example.com", kind="work"),)),
                          "changed: user attribute ada -> email"),
    "telephone": (_ada(phones=(Phone(value="+1", kind="work"),)),
                  "changed: user attribute ada -> phoneNumber"),
    "no telephone": (_ada(phones=()), "in the code and not in AWS: user attribute ada -> phoneNumber"),
    "second telephone": (_ada(phones=(*ADA.phones, Phone(value="+1"))),
                         "changed: user attribute ada -> phoneNumber"),
    "address": (_ada(addresses=(Address(street_address="12 St James's Square"),)),
                "changed: user attribute ada -> address"),
    "given name": (_ada(given_name="Eva"), "changed: user attribute ada -> givenName"),
    "display name": (_ada(display_name="Eve"), "changed: user attribute ada -> displayName"),
    "group": ({"groups": (WRITERS.model_copy(update={"description": "Everybody"}),)},
              "changed: group description Writers: Who writes in the code, Everybody in AWS"),
    "no group description": ({"groups": (WRITERS.model_copy(update={"description": ""}),)},
                             "in the code and not in AWS: group description Writers: Who writes"),
    "status": (_wiki(status="DISABLED"),
               "changed: application setting Wiki -> status: ENABLED in the code, DISABLED in AWS"),
    "description": (_wiki(description="X"),
                    "changed: application setting Wiki -> description: What we know in the code, X in AWS"),
    "url": (_wiki(url=OTHER),
            f"changed: application setting Wiki -> portal.applicationUrl: {URL} in the code, {OTHER} in AWS"),
    "hidden": (_wiki(visibility="DISABLED"),
               f"changed: {SETTING} Wiki -> portal.visibility: ENABLED in the code, DISABLED in AWS"),
    "tag": (_wiki(tags={"team": "x"}),
            "changed: application setting Wiki -> tags.team: docs in the code, x in AWS"),
    "new tag": (_wiki(tags={"team": "docs", "a": "b"}),
                "in AWS and not in the code: application setting Wiki -> tags.a: b"),
}  # fmt: skip
"""What is otherwise in AWS, and the line that names it."""


@pytest.fixture
def told(command: Command) -> Callable[..., Ended]:
    """Compare the model with a snapshot."""

    def run(existing: Existing, *options: str, **more: Any) -> Ended:  # noqa: ANN401 - of a model
        command.write("access/all.yaml", json.dumps({**MODEL, **more}))
        file = command.write("held.json", write_existing(existing))
        return command("drift", "--model", "access", "--snapshot", file, *options)

    return run


def test_equal_is_no_drift(told: Callable[..., Ended]) -> None:
    """A nightly job that is red for nothing is switched off."""
    ended = told(EQUAL)
    assert (ended.status, ended.output, ended.errors) == (0, "0 differences\n", "")


@pytest.mark.parametrize("row", ROWS)
def test_each_difference_is_named_alone_and_no_data_of_people(told: Callable[..., Ended], row: str) -> None:
    """An e-mail address by hand is a way to reset a password; what is not named stays."""
    changed, line = ROWS[row]
    for form in ("human", "json", "sarif", "markdown"):
        ended = told(EQUAL.model_copy(update=changed), "--format", form)
        assert ended.status == 1, ended.output
        assert not [text for text in PRIVATE if text in ended.output], form
    human = told(EQUAL.model_copy(update=changed)).output
    assert human == f"{line}\n1 difference\n"


@pytest.mark.parametrize("name", WORDS)
def test_every_attribute_that_a_model_can_set_is_compared_both_ways(
    told: Callable[..., Ended], name: str
) -> None:
    """One that is forgotten here can be anything in AWS."""
    of_aws = {"nickname": "nickName"}.get(name, name)
    without = {each: text for each, text in ADA.attributes.items() if each != of_aws}

    gone = told(EQUAL.model_copy(update=_ada(attributes=without)))
    other = told(EQUAL.model_copy(update=_ada(attributes={**ADA.attributes, of_aws: "Director"})))
    ada = {key: text for key, text in MODEL["users"]["ada"].items() if key != name}
    extra = told(EQUAL, users={"ada": ada})

    assert gone.output == f"in the code and not in AWS: user attribute ada -> {name}\n1 difference\n"
    assert other.output == f"changed: user attribute ada -> {name}\n1 difference\n"
    assert extra.output == f"in AWS and not in the code: user attribute ada -> {name}\n1 difference\n"


def test_the_model_of_these_tests_has_every_attribute_of_a_user() -> None:
    """A key that somebody adds to users is compared, or this fails."""
    names = {camel_case(name) for name in UserEntry.model_fields} - {"formerly"}
    assert MODEL["users"]["ada"].keys() == names


def test_what_the_model_leaves_to_aws_is_no_drift(told: Callable[..., Ended]) -> None:
    """AWS gives an application a portal whatever the model says."""
    wiki = {"name": "Wiki", "provider": PROVIDER, "description": "What we know", "tags": {"team": "docs"}}
    assert told(EQUAL, applications={"wiki": wiki}).output == "0 differences\n"


def test_of_somebody_who_comes_from_elsewhere_nothing_is_compared(told: Callable[..., Ended]) -> None:
    """SCIM sets what they have, and the model refers to them."""
    ended = told(EQUAL, users={}, externalUsers={"ada": {"userName": "ada"}})
    assert "user attribute" not in ended.output


def test_a_snapshot_for_review_hides_details_and_says_so(told: Callable[..., Ended]) -> None:
    """It has names only: neither is everything missing, nor is everything equal."""
    ended = told(for_review(EQUAL))

    assert (ended.status, ended.output) == (2, "0 differences\n")
    assert "NOT COMPARED: users: but for names it is left out of a snapshot for review\n" in ended.errors


def test_two_applications_of_one_name_are_told_apart_by_nobody(told: Callable[..., Ended]) -> None:
    """The settings of the one would be taken for those of the other."""
    second = WIKI.model_copy(update={"arn": "arn:wiki-2", "status": "DISABLED"})
    ended = told(EQUAL.model_copy(update={"applications": (WIKI, second)}))

    assert (ended.status, ended.output) == (2, "0 differences\n")
    assert "NOT COMPARED: applications of Wiki: several have this name, and nobody can tell" in ended.errors


def test_tags_that_were_not_read_are_not_missing(told: Callable[..., Ended]) -> None:
    """A refused request is no change by hand."""
    ended = told(EQUAL.model_copy(update=_wiki(tags=None)))
    assert ended.output == "0 differences\n"


def test_what_the_provider_adds_to_a_resource_is_nobodys_attribute(command: Command) -> None:
    """It writes the Region into every resource: each person of the stack would be drift, for ever."""
    inputs = {"userName": "eva", "displayName": "Eva", "region": "eu-central-1", "__defaults": []}
    eva = resource("aws:identitystore/user:User", "eva", inputs, outputs={"userId": "u-2"})
    existing = EQUAL.model_copy(update={"users": (User(id="u-2", user_name="eva", display_name="Eva"),)})
    ended = command(
        *("drift", "--only", "users", "--state"),
        command.write("state.json", Recorded(["ReadOnlyAccess"], extra=[eva]).state()),
        *("--snapshot", command.write("held.json", write_existing(existing))),
    )

    assert ended.output == "in the code and not in AWS: user ada\n1 difference\n"


def test_a_state_that_keeps_attributes_secret_is_told_and_nothing_of_it_is_extra(command: Command) -> None:
    """Else --remove and --adopt act on what the code has."""
    secret = {**SECRET_MARK, "ciphertext": "v1:x"}
    inputs = {
        "userName": "ada",
        "region": "eu-central-1",
        "displayName": "Ada Lovelace",
        "emails": secret,
        "title": "Analyst",
    }
    recorded = Recorded(
        ["ReadOnlyAccess"],
        extra=[
            resource(
                "aws:identitystore/user:User", "eva", {**inputs, "userName": "eva"}, outputs={"userId": "u-2"}
            )
        ],
    )
    eva = ADA.model_copy(update={"id": "u-2", "user_name": "eva"})
    ended = command(
        *("drift", "--only", "users", "--state", command.write("state.json", recorded.state())),
        *(
            "--snapshot",
            command.write("held.json", write_existing(EQUAL.model_copy(update={"users": (eva,)}))),
        ),
    )

    assert ended.status == 2
    assert "NOT COMPARED: the code: user attribute: the state keeps it secret" in ended.errors
    assert "user attribute" not in ended.output
