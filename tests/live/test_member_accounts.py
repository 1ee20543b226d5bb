"""Policies and roles in the accounts that need them: each asked once, and no silence taken for yes."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from identity_center.model.access.other_accounts import AccountAnswer, AccountQuestions, Asked
from identity_center.model.language.policies import CustomerPolicy
from identity_center.model.language.settings import USUAL_ROLE, AwsSettings
from identity_center_cli.aws.lookups.member_accounts import read_member_accounts
from identity_center_cli.aws.token_bucket import TokenBucket

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

SHOP, DATA, STAGING = "444444444444", "555555555555", "666666666666"
DEPLOY, BOUNDARY = CustomerPolicy("/team/", "Deploy"), CustomerPolicy("/team/", "Boundary")
DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:List*","Resource":"*"}]}'
FAST = 100_000
Post = Callable[..., None]


def asked(*accounts: str, role: str = USUAL_ROLE) -> AccountQuestions:
    """Ask accounts for two policies."""
    return AccountQuestions("aws", role, dict.fromkeys(accounts, Asked(frozenset({DEPLOY, BOUNDARY}))))


def asked_for_roles(*arns: str) -> AccountQuestions:
    """Ask one account for roles."""
    return AccountQuestions("aws", USUAL_ROLE, {SHOP: Asked(roles=frozenset(arns))})


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
    monkeypatch.setattr(
        "identity_center_cli.aws.lookups.member_accounts.PATIENT", Config(retries={"max_attempts": 0})
    )
    return seen


def iam_of(session: boto3.Session, account_id: str) -> "IAMClient":
    """Return IAM of an account."""
    inside = session.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account_id}:role/{USUAL_ROLE}", RoleSessionName="tests"
    )["Credentials"]
    iam: IAMClient = boto3.client(
        "iam",
        aws_access_key_id=inside["AccessKeyId"],
        aws_secret_access_key=inside["SecretAccessKey"],
        aws_session_token=inside["SessionToken"],
    )
    return iam


def test_each_account_says_which_policies_it_has(session: boto3.Session) -> None:
    """IAM answers for one account only, so the same name elsewhere says nothing."""
    iam_of(session, SHOP).create_policy(PolicyName=DEPLOY.name, Path=DEPLOY.path, PolicyDocument=DOCUMENT)

    assert read_member_accounts(AwsSettings(), asked(SHOP, DATA), FAST) == {
        SHOP: AccountAnswer({DEPLOY: True, BOUNDARY: False}),
        DATA: AccountAnswer({DEPLOY: False, BOUNDARY: False}),
    }


def test_each_account_is_entered_once_and_for_nothing_else(
    requests: list[tuple[str, dict[str, str]]],
) -> None:
    """The usual role may do everything there; the session that a preview takes may not."""
    read_member_accounts(AwsSettings(), asked(SHOP, DATA, STAGING, role="team/Reader"), FAST)
    entered = [parameters for operation, parameters in requests if operation == "AssumeRole"]

    assert sorted(one["RoleArn"] for one in entered) == [
        f"arn:aws:iam::{account}:role/team/Reader" for account in (SHOP, DATA, STAGING)
    ]
    assert all(
        json.loads(one["Policy"])["Statement"]
        == [{"Effect": "Allow", "Action": ["iam:GetPolicy", "iam:GetRole"], "Resource": "*"}]
        for one in entered
    )
    assert all(one["DurationSeconds"] == 900 for one in entered)  # type: ignore[comparison-overlap]  # a number
    assert [operation for operation, _ in requests].count("GetPolicy") == 6


@pytest.mark.usefixtures("requests")
def test_an_account_that_refuses_says_why_and_the_others_answer(order_fault: Post) -> None:
    """The management account has no such role, and a member may have taken it away."""
    order_fault(service="sts", operation="AssumeRole", code="AccessDenied", account=DATA)

    told = read_member_accounts(AwsSettings(), asked(SHOP, DATA), FAST)

    assert told[DATA] == AccountAnswer.refused(f"sts:AssumeRole {USUAL_ROLE}: AccessDenied")
    assert told[SHOP] == AccountAnswer({DEPLOY: False, BOUNDARY: False})


@pytest.mark.usefixtures("requests")
def test_a_refusal_of_the_question_itself_is_no_answer(order_fault: Post) -> None:
    """A policy that nobody may look at is not one that is missing."""
    order_fault(service="iam", operation="GetPolicy", code="AccessDenied")

    (told,) = read_member_accounts(AwsSettings(), asked(SHOP), FAST).values()

    assert told == AccountAnswer({}, f"iam:GetPolicy through {USUAL_ROLE}: AccessDenied")


def test_credentials_that_may_not_enter_are_found_out_soon(
    requests: list[tuple[str, dict[str, str]]], order_fault: Post
) -> None:
    """A preview in a pull request would otherwise knock at 500 doors that stay shut."""
    accounts = [f"{number:012}" for number in range(1, 501)]
    order_fault(service="sts", operation="AssumeRole", code="AccessDenied")

    told = read_member_accounts(AwsSettings(), asked(*accounts), FAST)

    assert [operation for operation, _ in requests] == ["AssumeRole"] * 5
    assert told.keys() == set(accounts)
    assert told[accounts[-1]].unseen == (
        f"the first 5 accounts all refused sts:AssumeRole {USUAL_ROLE} (AccessDenied)"
    )


@pytest.mark.usefixtures("session")
def test_credentials_that_cannot_be_used_are_said() -> None:
    """A preview without credentials is no reason for a traceback."""
    told = read_member_accounts(AwsSettings(profile="nobody"), asked(SHOP), FAST)

    assert told == {SHOP: AccountAnswer.refused("the credentials cannot be used (ProfileNotFound)")}


@pytest.mark.usefixtures("session")
def test_every_request_to_every_account_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """500 accounts asked at once would take the rate of everybody who works with them."""
    taken: list[TokenBucket] = []

    def note(bucket: TokenBucket) -> None:
        taken.append(bucket)

    monkeypatch.setattr(TokenBucket, "take", note)

    read_member_accounts(AwsSettings(), asked(SHOP, DATA), FAST)

    assert len(taken) == 6, "two roles and four policies"
    assert len(set(taken)) == 1


def test_each_role_that_is_there_comes_with_its_trust(session: boto3.Session) -> None:
    """IAM looks a role up by name alone: one in another path is another role, with another ARN."""
    iam = iam_of(session, SHOP)
    trust = {"Version": "2012-10-17", "Statement": []}
    iam.create_role(Path="/team/", RoleName="Operator", AssumeRolePolicyDocument=json.dumps(trust))
    there, nowhere = (f"arn:aws:iam::{SHOP}:role/{name}" for name in ("Operator", "Auditor"))

    (told,) = read_member_accounts(AwsSettings(), asked_for_roles(there, nowhere), FAST).values()

    seen = told.roles[there]
    assert seen is not None
    assert seen.arn == f"arn:aws:iam::{SHOP}:role/team/Operator"
    assert json.loads(seen.trust) == trust
    assert told.roles[nowhere] is None
    assert told.unseen_roles == ""


@pytest.mark.usefixtures("requests")
def test_a_role_that_may_not_be_looked_at_is_not_one_that_is_missing(order_fault: Post) -> None:
    """An error would stop an organisation whose roles are all in order."""
    order_fault(service="iam", operation="GetRole", code="AccessDenied")

    (told,) = read_member_accounts(
        AwsSettings(), asked_for_roles(f"arn:aws:iam::{SHOP}:role/Auditor"), FAST
    ).values()

    assert told == AccountAnswer(unseen_roles=f"iam:GetRole through {USUAL_ROLE}: AccessDenied")
