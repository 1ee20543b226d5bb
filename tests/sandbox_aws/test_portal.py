"""Signing in and the access portal behave as AWS's: who sees what, for how long, and who they then are."""

import re
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import POWER, Surroundings, post
from sandbox.aws.modelled import now, service_model
from sandbox.aws.portal.access_portal import AccessPortal
from sandbox.aws.portal.sign_in import REFRESH_TOKEN
from sandbox.aws.portal.sign_ins import sign_ins
from tests.support.signed_in import sign_in

SHOP = "444444444444"


@pytest.fixture
def portal(endpoint: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
    """Give the access portal's API."""
    return loopback_client("sso", endpoint, "us-east-1")


def _offered(portal: Any, token: str) -> set[tuple[str, str]]:  # noqa: ANN401 - a boto3 client
    accounts = portal.list_accounts(accessToken=token)["accountList"]
    return {
        (account["accountId"], role["roleName"])
        for account in accounts
        for role in portal.list_account_roles(accessToken=token, accountId=account["accountId"])["roleList"]
    }


def _as(portal: Any, token: str, role: str, service: str = "sts") -> Any:  # noqa: ANN401 - boto3 clients
    given = portal.get_role_credentials(accessToken=token, accountId=SHOP, roleName=role)["roleCredentials"]
    return loopback_client(service, portal.meta.endpoint_url, "us-east-1", given["accessKeyId"])


def _code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_every_operation_of_the_portal_is_there() -> None:
    """The AWS CLI uses each of the four."""
    assert all(hasattr(AccessPortal, xform_name(each)) for each in service_model("sso").operation_names)


def test_the_portal_offers_what_is_assigned_and_provisioned(portal: Any, around: Surroundings) -> None:  # noqa: ANN401 - a boto3 client
    """Somebody else's account, or one that is assigned and not there, would be a lie in a verification."""
    ada, group, mine, others = around.user(), around.group(), around.permission_set(), around.word + "-b"
    around.store.create_group_membership(
        IdentityStoreId=around.store_id, GroupId=group, MemberId={"UserId": ada}
    )
    token = sign_in(around, around.word)["accessToken"]
    assert _offered(portal, token) == set()

    around.assign(mine, group, SHOP)
    around.assign(mine, ada, SHOP, "USER")
    around.assign(around.permission_set(others), around.user(others), SHOP, "USER")

    assert _offered(portal, token) == {(SHOP, around.word)}
    account = portal.list_accounts(accessToken=token)["accountList"][0]
    assert account["accountName"] == "shop-production"
    around.unassign(mine, group, SHOP)
    around.unassign(mine, ada, SHOP, "USER")
    assert _offered(portal, token) == set()


def test_lists_have_pages(portal: Any, around: Surroundings) -> None:  # noqa: ANN401 - a boto3 client
    """A client that reads the first page only must be found out here."""
    ada = around.user()
    for number in range(3):
        around.assign(around.permission_set(f"{around.word}{number}"), ada, SHOP, "USER")
    token = sign_in(around, around.word)["accessToken"]
    first = portal.list_account_roles(accessToken=token, accountId=SHOP, maxResults=2)
    rest = portal.list_account_roles(accessToken=token, accountId=SHOP, nextToken=first["nextToken"])
    assert (len(first["roleList"]), len(rest["roleList"]), rest.get("nextToken")) == (2, 1, None)


def test_the_session_is_called_after_role_and_person(portal: Any, around: Surroundings) -> None:  # noqa: ANN401 - a boto3 client
    """Policies, logs and people tell sessions apart by this ARN; the ending is new with each role."""
    held, ada = around.permission_set(), around.user()
    found = []
    for _ in "12":
        around.assign(held, ada, SHOP, "USER")
        token = sign_in(around, around.word)["accessToken"]
        told = _as(portal, token, around.word).get_caller_identity()
        name = rf"AWSReservedSSO_{around.word}_([0-9a-f]{{16}})/{around.word}"
        arn = re.fullmatch(rf"arn:aws:sts::{SHOP}:assumed-role/{name}", told["Arn"])
        assert arn is not None
        assert told["Account"] == SHOP
        found.append(arn[1])
        around.unassign(held, ada, SHOP, "USER")
    assert found[0] != found[1]


def test_a_session_may_do_what_its_permission_set_allows(portal: Any, around: Surroundings) -> None:  # noqa: ANN401 - a boto3 client
    """Credentials that may do everything would be kinder than AWS; and they end."""
    held, ada = around.permission_set(), around.user()
    around.sso.attach_managed_policy_to_permission_set(**around.of_set(held), ManagedPolicyArn=POWER)
    limit = {"ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    around.assign(held, ada, SHOP, "USER")
    token = sign_in(around, around.word)["accessToken"]
    organizations = _as(portal, token, around.word, "organizations")
    assert organizations.describe_organization()["Organization"]["Id"]
    with pytest.raises(ClientError) as forbidden:
        _as(portal, token, around.word, "iam").list_users()
    assert _code(forbidden) == "AccessDenied"

    around.sso.put_permissions_boundary_to_permission_set(**around.of_set(held), PermissionsBoundary=limit)
    with pytest.raises(ClientError) as limited:
        _as(portal, token, around.word, "identitystore").create_group(IdentityStoreId=around.store_id)
    assert _code(limited) == "AccessDeniedException"


def test_credentials_end(portal: Any, around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401 - a boto3 client
    """The session of a permission set of one hour is over after an hour, whoever asks who it is included."""
    around.assign(around.permission_set(), around.user(), SHOP, "USER")
    sts = _as(portal, sign_in(around, around.word)["accessToken"], around.word)
    assert sts.get_caller_identity()["Account"] == SHOP
    monkeypatch.setattr("sandbox.aws.callers.now", lambda: now() + 3601)
    with pytest.raises(ClientError) as ended:
        sts.get_caller_identity()
    assert _code(ended) == "ExpiredToken"


def test_a_token_ends_with_its_time_its_user_and_a_logout(portal: Any, around: Surroundings) -> None:  # noqa: ANN401 - a boto3 client
    """Somebody who has left must not come in by yesterday's token."""
    ada = around.user()
    tokens = [sign_in(around, around.word) for _ in "12"]
    portal.logout(accessToken=tokens[0]["accessToken"])
    again = sign_in(around, around.word)
    sign_ins().tokens[again["accessToken"]].ends = 0.0
    gone = sign_in(around, around.word)
    around.store.delete_user(IdentityStoreId=around.store_id, UserId=ada)
    for each in (*tokens, again, gone):
        with pytest.raises(ClientError) as refused:
            portal.list_accounts(accessToken=each["accessToken"])
        assert _code(refused) == "UnauthorizedException"


def test_a_token_of_a_client_with_scopes_is_renewed_once(portal: Any, around: Surroundings) -> None:  # noqa: ANN401 - a boto3 client
    """The AWS CLI renews it every hour without asking the person."""
    around.user()
    first = sign_in(around, around.word)
    oidc = loopback_client("sso-oidc", portal.meta.endpoint_url, "us-east-1")
    asked = {
        "clientId": first["clientId"],
        "clientSecret": first["clientSecret"],
        "grantType": REFRESH_TOKEN,
        "refreshToken": first["refreshToken"],
    }
    renewed = oidc.create_token(**asked)
    assert portal.list_accounts(accessToken=renewed["accessToken"])["accountList"] == []
    with pytest.raises(ClientError) as used:
        oidc.create_token(**asked)
    assert _code(used) == "InvalidGrantException"
    assert "refreshToken" not in sign_in(around, around.word, scopes=())


def test_a_bad_day_is_met_in_the_portal_too(portal: Any, around: Surroundings) -> None:  # noqa: ANN401 - a boto3 client
    """A portal that is never busy hides what a client does then."""
    around.user()
    token = sign_in(around, around.word)["accessToken"]
    busy = {"service": "sso", "code": "TooManyRequestsException", "status": 429, "times": 1}
    post(portal.meta.endpoint_url, "/sandbox/fault", {**busy, "operation": "ListAccounts"})
    with pytest.raises(ClientError) as refused:
        portal.list_accounts(accessToken=token)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert portal.list_accounts(accessToken=token)["accountList"] == []
