"""Where the program takes the organisation from: a snapshot, the provider, or a reader; and never a guess."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi.runtime.config import set_all_config

from identity_center.model.language.settings import AwsSettings
from identity_center.model.language.targets import Reading, readings_needed
from identity_center.model.mistakes import UnansweredError
from identity_center.model.organisation.organisation import (
    AccountState,
    MemberAccount,
    Organisation,
    Unit,
    UnreadOrganisationError,
)
from identity_center.model.reading.load import load
from identity_center.program.lookups.aws_settings import NOT_FOLLOWED
from identity_center.program.lookups.organisation import Reader, find_organisation
from identity_center.resources.arguments.refusal import RefusedLookupError

Run = Callable[..., Any]
MANAGEMENT = "111122223333"
TREE = Organisation.of(
    MANAGEMENT,
    [MemberAccount(MANAGEMENT, "boss", AccountState.ACTIVE, "r-root", {})],
    [Unit("r-root", "Root", None)],
)


class Asked:
    """A reader that notes what it is asked for."""

    def __init__(self, answer: Organisation | UnreadOrganisationError = TREE) -> None:
        """Take what it answers."""
        self.answer = answer
        self.asked: list[tuple[AwsSettings, frozenset[Reading]]] = []

    def __call__(self, settings: AwsSettings, needed: frozenset[Reading]) -> Organisation:
        """Answer."""
        self.asked.append((settings, needed))
        if isinstance(self.answer, UnreadOrganisationError):
            raise self.answer
        return self.answer


@pytest.fixture
def find(run: Run) -> Iterator[Callable[..., Organisation]]:
    """Return a function that looks for the organisation that some targets need."""

    def look(*accounts: object, reader: Reader | None = None, **aws: str) -> Organisation:
        set_all_config({f"aws:{key}": value for key, value in aws.items()}, [])
        model = {"assignments": [{"group": "g", "permissionSets": ["p"], "accounts": list(accounts)}]}
        (entry,) = load(model).declaration.assignments
        needed = readings_needed(entry.accounts)
        found: Organisation = run(lambda: [find_organisation(needed, reader)]).result[0]
        return found

    yield look
    set_all_config({}, [])


def test_accounts_come_from_the_provider_without_a_reader(find: Callable[..., Any]) -> None:
    """The simple case needs no second client, and no credentials but the provider's."""
    reader = Asked()

    organisation = find("all", "Production", reader=reader)

    assert organisation.by_name["Production"] == ("444455556666",)
    assert reader.asked == []


@pytest.mark.parametrize(
    ("target", "needed"),
    [
        ({"unit": "a"}, {Reading.ACCOUNTS, Reading.UNITS}),
        ({"tagged": {"tag": "a"}}, {Reading.ACCOUNTS, Reading.TAGS}),
    ],
)
def test_units_and_tags_come_from_the_reader_with_the_settings_of_the_provider(
    find: Callable[..., Any], target: object, needed: set[Reading]
) -> None:
    """Another profile would read another organisation."""
    reader = Asked()
    endpoints = json.dumps([{"sts": "http://a"}, {"organizations": "http://b"}])

    organisation = find(target, reader=reader, profile="p", region="eu-west-1", endpoints=endpoints)

    assert organisation == TREE
    assert reader.asked == [
        (
            AwsSettings(
                profile="p", region="eu-west-1", endpoints={"sts": "http://a", "organizations": "http://b"}
            ),
            frozenset(needed),
        )
    ]


@pytest.mark.parametrize("key", NOT_FOLLOWED)
def test_a_setting_that_is_not_followed_is_refused(find: Callable[..., Any], key: str) -> None:
    """To ignore who is meant would ask as somebody else."""
    with pytest.raises(RefusedLookupError, match=f"aws:{key}") as caught:
        find({"unit": "a"}, reader=Asked(), **{key: '[{"roleArn":"r"}]'})

    assert "snapshot" in caught.value.remedy


def test_whoever_the_provider_becomes_asks(find: Callable[..., Organisation]) -> None:
    """A stack that assumes a role was refused here: most organisations' pipelines do."""
    reader = Asked()
    role = {
        "roleArn": "arn:aws:iam::444444444444:role/a",
        "sessionName": "deploy",
        "externalId": "x",
        "duration": "1h30m",
        "tags": {"team": "platform"},
        "transitiveTagKeys": ["team"],
        "policyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    }
    find(
        {"unit": "a"},
        reader=reader,
        assumeRoles=json.dumps([role, {"roleArn": "arn:aws:iam::555555555555:role/b", "policy": ""}]),
        assumeRoleWithWebIdentity=json.dumps({"roleArn": "w", "webIdentityTokenFile": "/t", "policy": "{}"}),
        sharedConfigFiles='["~/other"]',
        sharedCredentialsFiles='["/credentials"]',
        customCaBundle="/ca.pem",
        httpProxy="http://proxy",
        useFipsEndpoint="true",
        useDualstackEndpoint="false",
    )

    ((settings, _),) = reader.asked
    assert settings == AwsSettings(
        config_file="~/other",
        credentials_file="/credentials",
        ca_bundle="/ca.pem",
        proxies={"http": "http://proxy", "https": "http://proxy"},
        fips=True,
        web_identity={"RoleArn": "w", "Policy": "{}"},
        web_identity_token_file="/t",
        roles=(
            {
                "RoleArn": "arn:aws:iam::444444444444:role/a",
                "RoleSessionName": "deploy",
                "ExternalId": "x",
                "DurationSeconds": 5400,
                "Tags": [{"Key": "team", "Value": "platform"}],
                "TransitiveTagKeys": ["team"],
                "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
            },
            {"RoleArn": "arn:aws:iam::555555555555:role/b"},
        ),
    )


@pytest.mark.parametrize(
    ("aws", "said"),
    [
        ({"assumeRoles": "{}x"}, "aws:assumeRoles is no list"),
        ({"assumeRoles": '[{"roleARN": "r"}]'}, "aws:assumeRoles: it names no roleArn"),
        ({"assumeRoles": '[{"roleArn": "r", "session": "s"}]'}, "aws:assumeRoles: session is not known here"),
        ({"assumeRoles": '[{"roleArn": "r", "duration": "soon"}]'}, "'soon' is no duration"),
        ({"assumeRoleWithWebIdentity": '{"roleArn": "r"}'}, "it needs one of webIdentityToken and"),
        ({"sharedConfigFiles": '["a", "b"]'}, "aws:sharedConfigFiles names 2 files"),
    ],
)
def test_a_way_to_credentials_that_is_not_understood_is_refused(
    find: Callable[..., Any], aws: dict[str, str], said: str
) -> None:
    """To leave a part of it out would ask as somebody else."""
    with pytest.raises(RefusedLookupError, match=re.escape(said)):
        find({"unit": "a"}, reader=Asked(), **aws)


def test_endpoints_of_another_form_are_refused(find: Callable[..., Any]) -> None:
    """An address that is overlooked sends the question to AWS itself."""
    with pytest.raises(RefusedLookupError, match="aws:endpoints is not a list"):
        find({"unit": "a"}, reader=Asked(), endpoints="{}")


def test_what_the_reader_cannot_read_ends_in_its_own_words(find: Callable[..., Any]) -> None:
    """An empty organisation would take everybody's access away."""
    with pytest.raises(UnansweredError, match="denied; ask"):
        find({"unit": "a"}, reader=Asked(UnreadOrganisationError("denied", "ask")))


def test_a_program_without_a_reader_says_what_to_do(find: Callable[..., Any]) -> None:
    """The components may be used without the rest of this project."""
    with pytest.raises(RefusedLookupError, match="organisationSnapshot"):
        find({"unit": "a"})
