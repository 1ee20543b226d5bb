"""Adoption, in small: keys, owners, what is said once, texts that read back as they are meant."""

from dataclasses import replace
from typing import Any

import pytest
import yaml

from identity_center.model.adoption.keys import Keys, key_of_words, keys_of_person
from identity_center.model.adoption.open_file import UnchangeableFileError
from identity_center.model.adoption.proposal import Proposal, customer_policy, problem_of
from identity_center.model.adoption.selections import offers
from identity_center.model.adoption.shared_parts import shorten
from identity_center.model.adoption.written_files import written_files
from identity_center.model.existing.owners import is_own_application, owner_by_tags
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation, Unit

DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("PowerUserWithIAM", "power-user-with-iam"),
        ("Platform Engineers", "platform-engineers"),
        ("S3ReadOnly", "s3-read-only"),
        ("AWSControlTowerAdmins", "aws-control-tower-admins"),
        ("already-a-key", "already-a-key"),
        ("Größe & Maß", "groe-ma"),
        ("--x--", "x"),
        ("Только", ""),
    ],
)
def test_a_name_becomes_a_key_that_people_read(name: str, key: str) -> None:
    """The key names the resource for ever; one that nobody reads is looked up for ever."""
    assert key_of_words(name) == key


def test_a_person_has_the_key_that_colleagues_would_write() -> None:
    """An address in every membership and assignment is noise."""
    assert list(keys_of_person("Ada@Example.com")) == ["ada", "ada@example.com"]
    assert list(keys_of_person("ada")) == ["ada"]


def test_two_of_one_name_get_two_keys_whatever_their_case() -> None:
    """A key that is used twice is one user with the access of two."""
    keys = Keys(["ADA"])

    assert keys.take(["ada", "ada@example.com"], "user", "9267-1") == "ada@example.com"
    assert keys.take(["ada", "ada@example.com"], "user", "9267-bbf8-00000002") == "ada-00000002"
    assert keys.take([""], "group", "9267-bbf8-00000003") == "group-00000003"


@pytest.mark.parametrize(
    ("tags", "owner"),
    [
        ({"ManagedBy": "Terraform"}, "Terraform"),
        ({"managed-by": "opentofu"}, "OpenTofu"),
        ({"terraform": "true"}, "Terraform"),
        ({"terraform": "false"}, None),
        ({"aws:cloudformation:stack-name": "access"}, "CloudFormation"),
        ({"created_by": "aws-control-tower"}, "Control Tower"),
        ({"team": "terraform"}, None),
        ({}, None),
    ],
)
def test_tags_tell_who_else_manages_a_permission_set(tags: dict[str, str], owner: str | None) -> None:
    """What two tools manage is changed back every night."""
    assert owner_by_tags(tags) == owner


def test_only_applications_that_somebody_made_are_the_models() -> None:
    """An application of an AWS service that is imported is deleted with the stack."""
    assert is_own_application("arn:aws:sso::aws:applicationProvider/custom")
    assert not is_own_application("arn:aws:sso::aws:applicationProvider/sso")
    assert not is_own_application("arn:aws:sso::aws:applicationProvider/catalog/Slack")


def test_what_most_sets_have_is_said_once() -> None:
    """Two hundred sets with the same four tags are eight hundred lines that say nothing."""
    sets: dict[str, dict[str, Any]] = {
        key: {"name": key, "sessionDuration": "PT8H", "tags": {"team": "a", "of": key}}
        for key in ("a", "b", "c", "d")
    }
    sets["e"] = {"name": "e", "tags": {"team": "b", "of": "e"}}

    short = shorten(sets)

    assert short.defaults == {"sessionDuration": "PT8H", "tags": {"team": "a"}}
    assert short.sets["a"] == {"name": "a", "tags": {"of": "a"}}
    assert short.sets["e"] == {"name": "e", "sessionDuration": "PT1H", "tags": {"team": "b", "of": "e"}}


def test_a_set_extends_another_where_that_saves_lines() -> None:
    """An inline policy that stands twice is changed once."""
    sets: dict[str, dict[str, Any]] = {
        "reading": {"name": "Reading", "inlinePolicy": DOCUMENT, "managedPolicies": ["ReadOnlyAccess"]},
        "writing": {
            "name": "Writing",
            "inlinePolicy": DOCUMENT,
            "managedPolicies": ["PowerUserAccess", "ReadOnlyAccess"],
        },
        "less": {"name": "Less", "inlinePolicy": DOCUMENT},
    }

    short = shorten(sets)

    assert short.sets["writing"] == {
        "name": "Writing",
        "extends": "less",
        "managedPolicies": ["PowerUserAccess", "ReadOnlyAccess"],
    }
    assert short.sets["less"] == {"name": "Less", "inlinePolicy": DOCUMENT}
    assert {each.get("extends") for each in short.sets.values()} == {None, "less"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"permissionsBoundary": {"managedPolicy": "ReadOnlyAccess"}}, {"tags": {"a": "b"}}),
        ({"managedPolicies": ["ReadOnlyAccess"]}, {"managedPolicies": ["Billing"]}),
        ({"customerManagedPolicies": ["Deploy"]}, {"description": "Without"}),
        ({"relayState": "https://console.aws.amazon.com/"}, {"managedPolicies": ["Billing"]}),
    ],
)
def test_no_set_extends_one_that_has_more(one: dict[str, Any], other: dict[str, Any]) -> None:
    """What is taken from another set cannot be taken away: it would be access that nobody had."""
    sets: dict[str, dict[str, Any]] = {
        "one": {"name": "One", "inlinePolicy": DOCUMENT, **one},
        "other": {"name": "Other", "inlinePolicy": DOCUMENT, **other},
    }

    assert not any("extends" in each for each in shorten(sets).sets.values())


def _with_user(name: str) -> Proposal:
    proposal = Proposal()
    proposal.add("users", "ada", {"userName": name})
    return proposal


@pytest.mark.parametrize(
    "text", ["yes", "012", "1_000", "12:30:45", "2026-11-30", "null", "1e3", "~", "a: b", "#x"]
)
def test_a_text_that_yaml_takes_for_something_else_is_read_back(text: str) -> None:
    """A user who is called `yes` would be called `true`."""
    (written,) = written_files(_with_user(text), {}, {}).values()

    assert yaml.safe_load(written) == {"users": {"ada": {"userName": text}}}


def test_additions_keep_comments_quotes_and_order() -> None:
    """A review of an adoption shows what was added, and nothing else."""
    old = "# ours\nusers:   # people\n  grace: {userName: 'grace'}   # since 1959\n\nmfaRequirement: {}\n"

    written = written_files(_with_user("ada"), {"all.yaml": old}, {})

    lines = iter(written["all.yaml"].splitlines())
    assert all(any(line == each for each in lines) for line in old.splitlines() if line)


def test_a_target_in_a_list_on_one_line_keeps_its_braces() -> None:
    """`[{unit: a}]` is how a unit is written; as `[unit: a]` the file would be closed to additions."""
    old = "assignments:\n  - group: g\n    accounts: [{unit: a}]\n"
    proposal = Proposal()
    proposal.append(("assignments",), {"group": "h"})
    assert written_files(proposal, {"all.yaml": old}, {}) == {"all.yaml": f"{old}  - group: h\n"}


def test_a_member_is_not_added_to_a_file_that_would_come_back_in_another_spelling() -> None:
    """There is no other place for a member of a group; the message says which line is in the way."""
    proposal = Proposal()
    proposal.append(("groups", "a", "members"), "ada")

    with pytest.raises(UnchangeableFileError, match=r"people\.yaml cannot be added to"):
        written_files(proposal, {"people.yaml": "groups:\n      a:    {displayName:   A}\n"}, {})


def test_a_long_document_gets_a_file_that_is_not_there_yet() -> None:
    """Two sets of one name after the other, and the second has the first one's policy."""
    proposal = Proposal()
    long = {**DOCUMENT, "Statement": [DOCUMENT["Statement"][0]] * 9}
    proposal.add("permissionSets", "a", {"name": "A", "inlinePolicy": long})

    written = written_files(proposal, {"policies/A.json": "{}\n"}, {})

    assert yaml.safe_load(written["permission-sets.yaml"])["permissionSets"]["a"]["inlinePolicy"] == {
        "file": "policies/A-2.json"
    }
    assert yaml.safe_load(written["policies/A-2.json"]) == long


def test_customer_managed_policies_are_written_as_the_model_has_them() -> None:
    """A path that is lost is another policy."""
    assert customer_policy("/", "Deploy") == "Deploy"
    assert customer_policy("/team/", "Deploy") == "/team/Deploy"


def test_the_reason_says_what_the_model_does_not_take_and_no_name() -> None:
    """A reason that quotes a person's attributes is in the log of the pipeline."""
    entry = {
        "userName": "a b",
        "givenName": "A",
        "familyName": "B",
        "displayName": "A",
        "email": "a@example.com",
    }

    assert problem_of("users", entry) == (
        "the model does not take it: userName has characters that AWS refuses"
    )
    assert problem_of("groups", {"displayName": "Auditors"}) is None


def test_selections_are_units_tags_and_all_that_reach_the_same_today() -> None:
    """What reaches one account more is no other way to say it."""
    tagged = {"team": "shop"}
    accounts = [
        MemberAccount("100000000000", "management", AccountState.ACTIVE, "r-root", {}),
        MemberAccount("100000000001", "one", AccountState.ACTIVE, "ou-root-aaaaaaaa", tagged),
        MemberAccount("100000000002", "two", AccountState.ACTIVE, "ou-root-bbbbbbbb", tagged),
        MemberAccount("100000000003", "three", AccountState.ACTIVE, "ou-root-bbbbbbbb", {}),
        MemberAccount("100000000004", "closed", AccountState.OTHER, "ou-root-bbbbbbbb", tagged),
    ]
    units = [
        Unit("r-root", "Root", None),
        Unit("ou-root-aaaaaaaa", "Shop", "r-root"),
        Unit("ou-root-bbbbbbbb", "Below", "ou-root-aaaaaaaa"),
    ]
    where = Organisation.of("100000000000", accounts, units)

    def offered(*ids: int, organisation: Organisation = where) -> list[object]:
        entry = {
            "group": "a",
            "permissionSets": ["b"],
            "accounts": [f"10000000000{number}" for number in ids],
        }
        return [each.target for each in offers(Proposal(lists={("assignments",): [entry]}), organisation)]

    assert offered(1, 2) == [{"tagged": {"tag": "team", "is": "shop"}}]
    assert offered(2, 3) == [{"unit": "Shop/Below"}]
    assert offered(0, 1, 2, 3) == [{"unit": "Shop"}, "all"], "the management account stays listed beside it"
    assert offered(1, 3) == offered(1) == offered(0) == []
    unread = [replace(each, tags=None) if each.name == "three" else each for each in accounts]
    by_part = offered(1, 2, organisation=Organisation.of("100000000000", unread, units))
    assert by_part == [], "it may have the tag as well"
