"""The sandbox's root users: who may become root, what a task policy covers, what the answers look like."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from sandbox.aws import reset, seed
from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.root_user import set_root_user
from sandbox.aws.modelled import service_model
from sandbox.aws.shapes import violations

REGION = "us-east-1"
STAGING, MANAGEMENT = "666666666666", "123456789012"
CLOSED, REPAIRED = "333333333333", "444444444444"
TASKS = "arn:aws:iam::aws:policy/root-task/"
AUDIT, DELETE = f"{TASKS}IAMAuditRootUserCredentials", f"{TASKS}IAMDeleteRootUserCredentials"
UNLOCK = f"{TASKS}S3UnlockBucketPolicy"


@pytest.fixture(scope="module")
def aws(endpoint: str) -> Iterator[str]:
    """Give an AWS with trusted access for IAM and one of its two features; tests have their own accounts."""
    loopback_client("organizations", endpoint, REGION).enable_aws_service_access(
        ServicePrincipal="iam.amazonaws.com"
    )
    loopback_client("iam", endpoint, REGION).enable_organizations_root_credentials_management()
    yield endpoint
    reset(endpoint)
    seed(endpoint, REGION)


def root_of(endpoint: str, account: str, task: str, seconds: int = 900) -> Any:  # noqa: ANN401 - a boto3 client
    """Become root of an account and return its IAM."""
    keys = loopback_client("sts", endpoint, REGION).assume_root(
        TargetPrincipal=account, TaskPolicyArn={"arn": task}, DurationSeconds=seconds
    )["Credentials"]
    return boto3.client(
        "iam",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    """Return AWS's error code."""
    return error.value.response["Error"]["Code"]


@pytest.mark.parametrize(
    ("account", "task"),
    [(MANAGEMENT, AUDIT), ("999999999999", AUDIT), (STAGING, UNLOCK)],
    ids=["management account", "not in the organisation", "feature not enabled"],
)
def test_assume_root_refuses(aws: str, account: str, task: str) -> None:
    """A tool that works here must not find AWS's door closed."""
    with pytest.raises(ClientError) as refused:
        root_of(aws, account, task)

    assert code_of(refused) == "AccessDenied"


def test_only_task_policies_are_taken(aws: str) -> None:
    """Any other policy would be a root session without limits."""
    with pytest.raises(ClientError) as refused:
        root_of(aws, STAGING, "arn:aws:iam::aws:policy/AdministratorAccess")

    assert code_of(refused) == "ValidationError"


def test_a_suspended_account_has_no_root_to_become(aws: str) -> None:
    """Accounts are closed while an audit runs."""
    loopback_client("organizations", aws, REGION).close_account(AccountId=CLOSED)

    with pytest.raises(ClientError) as refused:
        root_of(aws, CLOSED, AUDIT)

    assert code_of(refused) == "AccessDenied"


@pytest.mark.parametrize("operation", ["list_users", "delete_login_profile", "generate_credential_report"])
def test_a_session_may_do_what_its_task_covers_and_nothing_else(aws: str, operation: str) -> None:
    """The audit's session cannot delete; that is what makes it safe to run every day."""
    root = root_of(aws, STAGING, AUDIT)
    assert root.list_access_keys()["AccessKeyMetadata"]

    with pytest.raises(ClientError) as refused:
        getattr(root, operation)()

    assert code_of(refused) == "AccessDenied"


def test_a_session_ends(aws: str) -> None:
    """A root session lives for 900 seconds at most."""
    with pytest.raises(ClientError) as refused:
        root_of(aws, STAGING, AUDIT, seconds=0).list_access_keys()

    assert code_of(refused) == "ExpiredToken"


def test_features_need_trusted_access(aws: str) -> None:
    """The first thing that a new organisation lacks."""
    organizations = loopback_client("organizations", aws, REGION)
    organizations.disable_aws_service_access(ServicePrincipal="iam.amazonaws.com")

    with pytest.raises(ClientError) as refused:
        loopback_client("iam", aws, REGION).enable_organizations_root_sessions()

    organizations.enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")

    assert code_of(refused) == "ServiceAccessNotEnabledException"


@pytest.mark.parametrize(
    "operation",
    ["GetAccountSummary", "ListAccessKeys", "ListSigningCertificates", "ListMFADevices", "GetLoginProfile",
     "GetUser"],
)  # fmt: skip
def test_answers_have_the_shape_of_the_model(aws: str, operation: str) -> None:
    """A client parses what AWS sends; a member that the model does not know would be lost in silence."""
    root = root_of(aws, STAGING, AUDIT)
    names = {api: python for python, api in root.meta.method_to_api_mapping.items()}

    answer = getattr(root, names[operation])()

    del answer["ResponseMetadata"]
    assert answer
    shape = service_model("iam").operation_model(operation).output_shape
    assert [each for each in violations(shape, on_the_wire(answer)) if not of_root_itself(each)] == []


KEY_OF_STAGING = {"AccessKeyId": "AKIAROOTOFSHOPSTAGIN"}


@pytest.mark.parametrize(
    ("service", "operation", "asked"),
    [
        ("iam", "ListOrganizationsFeatures", {}),
        ("iam", "EnableOrganizationsRootCredentialsManagement", {}),
        ("iam", "GenerateCredentialReport", {}),
        ("iam", "GetCredentialReport", {}),
        ("sts", "AssumeRoot", {"TargetPrincipal": STAGING, "TaskPolicyArn": {"arn": AUDIT}}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_answers_to_the_management_account_have_the_shape_of_the_model(
    aws: str, service: str, operation: str, asked: dict[str, Any]
) -> None:
    """These begin every audit: what is wrong in them is wrong in all of it."""
    client = loopback_client(service, aws, REGION)
    if operation == "GetCredentialReport":
        for _ in range(2):
            client.generate_credential_report()
    names = {api: python for python, api in client.meta.method_to_api_mapping.items()}

    answer = getattr(client, names[operation])(**asked)

    del answer["ResponseMetadata"]
    assert answer
    shape = service_model(service).operation_model(operation).output_shape
    assert violations(shape, on_the_wire(answer)) == []


def test_the_last_use_of_a_key_has_the_shape_of_the_model(aws: str) -> None:
    """It decides whether the key may go."""
    answer = root_of(aws, STAGING, AUDIT).get_access_key_last_used(**KEY_OF_STAGING)

    del answer["ResponseMetadata"]
    assert answer["AccessKeyLastUsed"]["LastUsedDate"]
    shape = service_model("iam").operation_model("GetAccessKeyLastUsed").output_shape
    # Of root's own key AWS names no user, where the model only knows users' keys.
    assert [each for each in violations(shape, on_the_wire(answer)) if "'userName'" not in each] == []


def on_the_wire(value: Any) -> Any:  # noqa: ANN401 - any part of an answer
    """Write times as the wire has them."""
    if isinstance(value, dict):
        return {key: on_the_wire(item) for key, item in value.items()}
    if isinstance(value, list):
        return [on_the_wire(item) for item in value]
    return value.timestamp() if isinstance(value, datetime) else value


def of_root_itself(violation: str) -> bool:
    """Say whether the model only knows users: root has no name and no path, and its id is the account's."""
    places = ("user.userId", "user.userName", "user.path", "loginProfile.userName")
    return any(f"'{place}'" in violation for place in places)


def test_what_is_deleted_is_gone_from_every_view(aws: str) -> None:
    """The second audit is only worth something if it sees what the first one did."""
    set_root_user(
        REPAIRED,
        {"password_made": "2024-01-01T00:00:00Z", "access_keys": [{"identifier": "AKIAROOTTOBEDELETED0"}],
         "certificates": ["CERTIFICATETOBEDELETED00"], "mfa_devices": ["arn:aws:iam::444444444444:mfa/root"]},
    )  # fmt: skip
    root = root_of(aws, REPAIRED, DELETE)
    root.delete_signing_certificate(CertificateId="CERTIFICATETOBEDELETED00")
    (key,) = root.list_access_keys()["AccessKeyMetadata"]
    root.delete_access_key(AccessKeyId=key["AccessKeyId"])
    root.delete_login_profile()

    summary = root_of(aws, REPAIRED, AUDIT).get_account_summary()["SummaryMap"]

    assert summary["AccountAccessKeysPresent"] == 0
    assert summary["AccountPasswordPresent"] == 0
    assert summary["AccountSigningCertificatesPresent"] == 0
    assert summary["AccountMFAEnabled"] == 1
