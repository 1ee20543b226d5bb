"""The small organisation that the sandbox starts with."""

import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import reset, seed
from sandbox.aws.accounts.organisation import MEMBERS, UNITS, loopback_client
from sandbox.aws.accounts.organizations import account_number


def _accounts(organizations: Any) -> dict[str, str]:  # noqa: ANN401 - a boto3 client
    pages = organizations.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 3})
    return {row["Name"]: row["Id"] for page in pages for row in page["Accounts"]}


def _children(organizations: Any, parent: str, path: str = "") -> dict[str, str]:  # noqa: ANN401 - a boto3 client
    """Return every organisational unit below a parent, by path."""
    found = {}
    units = organizations.list_organizational_units_for_parent(ParentId=parent)["OrganizationalUnits"]
    for unit in units:
        here = f"{path}/{unit['Name']}".removeprefix("/")
        found[here] = unit["Id"]
        found |= _children(organizations, unit["Id"], here)
    return found


def test_accounts_have_the_numbers_of_the_table_on_every_page(organizations: Any) -> None:  # noqa: ANN401 - a boto3 client
    """The documentation names accounts by number, and moto's own paging repeats some and loses others."""
    expected = {member.name: member.number for member in MEMBERS}
    assert _accounts(organizations) == {"management": "123456789012", **expected}


def test_units_are_nested_and_hold_their_accounts(organizations: Any) -> None:  # noqa: ANN401 - a boto3 client
    """Accounts are chosen by organisational unit: a flat organisation would hide mistakes."""
    (root,) = organizations.list_roots()["Roots"]
    units = _children(organizations, root["Id"])
    assert set(units) == set(UNITS)
    for member in MEMBERS:
        (parent,) = organizations.list_parents(ChildId=member.number)["Parents"]
        assert parent["Id"] == units[member.unit]
        children = organizations.list_children(ParentId=units[member.unit], ChildType="ACCOUNT")["Children"]
        assert member.number in {child["Id"] for child in children}


def test_accounts_have_their_tags(organizations: Any) -> None:  # noqa: ANN401 - a boto3 client
    """Accounts are chosen by tag too."""
    for member in MEMBERS:
        tags = organizations.list_tags_for_resource(ResourceId=member.number)["Tags"]
        assert {tag["Key"]: tag["Value"] for tag in tags} == member.tags


def test_a_request_that_breaks_the_model_is_refused(organizations: Any) -> None:  # noqa: ANN401 - a boto3 client
    """The server below takes any id."""
    with pytest.raises(organizations.exceptions.InvalidInputException, match="regular expression"):
        organizations.list_parents(ChildId="not an id")


def test_a_new_account_keeps_its_number_over_resets() -> None:
    """A number that changes with each start cannot stand in an example."""
    assert account_number("new@example.com") == account_number("new@example.com")
    assert len(account_number("new@example.com")) == 12


def test_an_account_is_renamed_where_aws_lets_it_be(endpoint: str, organizations: Any) -> None:  # noqa: ANN401 - a boto3 client
    """Names of accounts change, and stacks that go by number must not feel it."""
    account = loopback_client("account", endpoint, "us-east-1")
    renamed = {"AccountId": "777777777777", "AccountName": "playground"}

    with pytest.raises(account.exceptions.AccessDeniedException):
        account.put_account_name(**renamed)
    organizations.enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    account.put_account_name(**renamed)
    seen = _accounts(organizations)
    with pytest.raises(account.exceptions.ValidationException):
        account.put_account_name(**{**renamed, "AccountName": "<>"})
    with pytest.raises(account.exceptions.AccessDeniedException, match="PutAccountName"):
        account.put_account_name(AccountId="123456789012", AccountName="by number")
    account.put_account_name(AccountName="head")

    assert seen["playground"] == "777777777777"
    assert "developer-sandbox" not in seen
    assert _accounts(organizations)["head"] == "123456789012"
    reset(endpoint)
    seed(endpoint, "us-east-1")


def test_an_organisation_has_one_instance(endpoint: str) -> None:
    """Enabling Identity Center a second time, in any region, is refused on AWS too."""
    address = f"{endpoint}/sandbox/identity-center?region=eu-west-1"
    request = urllib.request.Request(address, method="POST")  # noqa: S310 - loopback
    with pytest.raises(urllib.error.HTTPError, match="409"):
        urllib.request.urlopen(request, timeout=30)  # noqa: S310 - loopback


def test_a_reset_and_a_seed_give_the_start_state_again(endpoint: str, organizations: Any) -> None:  # noqa: ANN401 - a boto3 client
    """Tests of the engine start from the first day, each of them; another home region is as good."""
    before = _accounts(organizations)
    reset(endpoint)
    seed(endpoint, "eu-central-1")
    assert _accounts(organizations) == before
    assert loopback_client("sso-admin", endpoint, "us-east-1").list_instances()["Instances"] == []
    (instance,) = loopback_client("sso-admin", endpoint, "eu-central-1").list_instances()["Instances"]
    store = loopback_client("identitystore", endpoint, "eu-central-1")
    assert store.list_users(IdentityStoreId=instance["IdentityStoreId"])["Users"] == []
    reset(endpoint)
    seed(endpoint, "us-east-1")


def test_a_target_takes_ten_policies_of_a_type(organizations: Any, unique: str) -> None:  # noqa: ANN401 - a boto3 client
    """An eleventh SCP is refused by AWS in the middle of an update."""
    content = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}'
    target = "555555555555"
    attached = []

    def attach(number: int) -> None:
        made = organizations.create_policy(
            Content=content, Description="", Name=f"{unique}-{number}", Type="SERVICE_CONTROL_POLICY"
        )["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=made, TargetId=target)
        attached.append(made)

    for number in range(9):
        attach(number)
    with pytest.raises(ClientError, match="MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"):
        attach(9)
    for policy in attached:
        organizations.detach_policy(PolicyId=policy, TargetId=target)
