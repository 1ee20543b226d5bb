"""Policies in the accounts that need them: each account asked once, and no silence taken for yes."""

from collections.abc import Callable

import boto3
import pytest
from botocore.config import Config

from identity_center.model.aws_settings import AwsSettings
from identity_center.model.customer_policies import CustomerPolicy
from identity_center.model.policy_lookups import USUAL_ROLE
from identity_center.model.where_policies_are import AccountAnswer, PolicyQuestions
from live.member_policies import read_policies
from live.token_bucket import TokenBucket

SHOP, DATA, STAGING = "444444444444", "555555555555", "666666666666"
DEPLOY, BOUNDARY = CustomerPolicy("/team/", "Deploy"), CustomerPolicy("/team/", "Boundary")
DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:List*","Resource":"*"}]}'
FAST = 100_000
Post = Callable[..., None]


def asked(*accounts: str, role: str = USUAL_ROLE) -> PolicyQuestions:
    """Ask accounts for two policies."""
    return PolicyQuestions("aws", role, dict.fromkeys(accounts, frozenset({DEPLOY, BOUNDARY})))


@pytest.fixture
def requests(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """Note every request: its operation and parameters."""
    seen: list[tuple[str, dict[str, str]]] = []
    assert session.region_name
    real = boto3.Session.client

    def noting(self: boto3.Session, name: str, **more: object) -> object:
        client = real(self, name, **more)  # type: ignore[call-overload]  # the name of any service

        def note(params: dict[str, str], model: object, **_more: object) -> None:
            seen.append((str(getattr(model, "name", "")), dict(params)))

        client.meta.events.register("provide-client-params.*.*", note)
        return client

    monkeypatch.setattr(boto3.Session, "client", noting)
    # Nobody waits for the better days of a service that is told to refuse.
    monkeypatch.setattr("live.member_policies._PATIENT", Config(retries={"max_attempts": 0}))
    return seen


def make_policy(session: boto3.Session, account_id: str) -> None:
    """Make the first of the two policies in an account."""
    inside = session.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account_id}:role/{USUAL_ROLE}", RoleSessionName="tests"
    )["Credentials"]
    iam = boto3.client(
        "iam",
        aws_access_key_id=inside["AccessKeyId"],
        aws_secret_access_key=inside["SecretAccessKey"],
        aws_session_token=inside["SessionToken"],
    )
    iam.create_policy(PolicyName=DEPLOY.name, Path=DEPLOY.path, PolicyDocument=DOCUMENT)


def test_each_account_says_which_policies_it_has(session: boto3.Session) -> None:
    """IAM answers for one account only, so the same name elsewhere says nothing."""
    make_policy(session, SHOP)

    assert read_policies(AwsSettings(), asked(SHOP, DATA), FAST) == {
        SHOP: AccountAnswer({DEPLOY: True, BOUNDARY: False}),
        DATA: AccountAnswer({DEPLOY: False, BOUNDARY: False}),
    }


def test_each_account_is_entered_once_and_for_nothing_else(
    requests: list[tuple[str, dict[str, str]]],
) -> None:
    """The usual role may do everything there; the session that a preview takes may not."""
    read_policies(AwsSettings(), asked(SHOP, DATA, STAGING, role="team/Reader"), FAST)
    entered = [parameters for operation, parameters in requests if operation == "AssumeRole"]

    assert sorted(one["RoleArn"] for one in entered) == [
        f"arn:aws:iam::{account}:role/team/Reader" for account in (SHOP, DATA, STAGING)
    ]
    assert all('"Action": "iam:GetPolicy"' in one["Policy"] for one in entered)
    assert all(one["DurationSeconds"] == 900 for one in entered)  # type: ignore[comparison-overlap]  # a number
    assert [operation for operation, _ in requests].count("GetPolicy") == 6


@pytest.mark.usefixtures("requests")
def test_an_account_that_refuses_says_why_and_the_others_answer(order_fault: Post) -> None:
    """The management account has no such role, and a member may have taken it away."""
    order_fault(service="sts", operation="AssumeRole", code="AccessDenied", account=DATA)

    told = read_policies(AwsSettings(), asked(SHOP, DATA), FAST)

    assert told[DATA] == AccountAnswer({}, f"sts:AssumeRole {USUAL_ROLE}: AccessDenied")
    assert told[SHOP] == AccountAnswer({DEPLOY: False, BOUNDARY: False})


@pytest.mark.usefixtures("requests")
def test_a_refusal_of_the_question_itself_is_no_answer(order_fault: Post) -> None:
    """A policy that nobody may look at is not one that is missing."""
    order_fault(service="iam", operation="GetPolicy", code="AccessDenied")

    (told,) = read_policies(AwsSettings(), asked(SHOP), FAST).values()

    assert told == AccountAnswer({}, f"iam:GetPolicy through {USUAL_ROLE}: AccessDenied")


def test_credentials_that_may_not_enter_are_found_out_soon(
    requests: list[tuple[str, dict[str, str]]], order_fault: Post
) -> None:
    """A preview in a pull request would otherwise knock at 500 doors that stay shut."""
    accounts = [f"{number:012}" for number in range(1, 501)]
    order_fault(service="sts", operation="AssumeRole", code="AccessDenied")

    told = read_policies(AwsSettings(), asked(*accounts), FAST)

    assert [operation for operation, _ in requests] == ["AssumeRole"] * 5
    assert told.keys() == set(accounts)
    assert told[accounts[-1]].unseen == (
        f"the first 5 accounts all refused sts:AssumeRole {USUAL_ROLE} (AccessDenied)"
    )


@pytest.mark.usefixtures("session")
def test_credentials_that_cannot_be_used_are_said() -> None:
    """A preview without credentials is no reason for a traceback."""
    told = read_policies(AwsSettings(profile="nobody"), asked(SHOP), FAST)

    assert told == {SHOP: AccountAnswer({}, "the credentials cannot be used (ProfileNotFound)")}


@pytest.mark.usefixtures("session")
def test_every_request_to_every_account_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """500 accounts asked at once would take the rate of everybody who works with them."""
    taken: list[TokenBucket] = []

    def note(bucket: TokenBucket) -> None:
        taken.append(bucket)

    monkeypatch.setattr(TokenBucket, "take", note)

    read_policies(AwsSettings(), asked(SHOP, DATA), FAST)

    assert len(taken) == 6, "two roles and four policies"
    assert len(set(taken)) == 1
