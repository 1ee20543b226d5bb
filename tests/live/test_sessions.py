"""Sessions with the provider's ways to credentials: who it is that asks, and how."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError

from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws.sessions import session_with

SHOP, STAGING = "444444444444", "555555555555"
OF_SHOP = f"arn:aws:iam::{SHOP}:role/OrganizationAccountAccessRole"


def who(settings: AwsSettings) -> str:
    """Return the ARN of whoever asks."""
    arn: str = session_with(settings).client("sts").get_caller_identity()["Arn"]
    return arn


@pytest.fixture
def role_of_staging(session: boto3.Session) -> str:
    """Make a role in a member account that the role of another one may assume."""
    iam: Any = session.client("iam")
    allowed = {"Effect": "Allow", "Principal": {"AWS": SHOP}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    assumed = session.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{STAGING}:role/OrganizationAccountAccessRole", RoleSessionName="test"
    )["Credentials"]
    iam = boto3.client(
        "iam",
        aws_access_key_id=assumed["AccessKeyId"],
        aws_secret_access_key=assumed["SecretAccessKey"],
        aws_session_token=assumed["SessionToken"],
    )
    arn: str = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    return arn


@pytest.mark.usefixtures("session")
def test_roles_are_assumed_one_after_the_other(role_of_staging: str) -> None:
    """The last of them is who reads; with the first alone it is another account's tags that are read."""
    first = {"RoleArn": OF_SHOP, "RoleSessionName": "deploy"}
    assert who(AwsSettings(roles=(first,))) == (
        f"arn:aws:sts::{SHOP}:assumed-role/OrganizationAccountAccessRole/deploy"
    )
    second = {"RoleArn": role_of_staging, "RoleSessionName": "read", "DurationSeconds": 900}
    assert who(AwsSettings(roles=(first, second))) == f"arn:aws:sts::{STAGING}:assumed-role/reader/read"


@pytest.mark.usefixtures("session")
def test_a_web_identity_comes_before_the_roles(tmp_path: Path) -> None:
    """A pipeline of GitHub or GitLab has a token and no key."""
    token = tmp_path / "token"
    token.write_text("token", encoding="utf-8")
    role = {"RoleArn": OF_SHOP, "RoleSessionName": "from-a-pipeline"}
    assert who(AwsSettings(web_identity=role, web_identity_token_file=str(token))).endswith(
        "/from-a-pipeline"
    )
    assert who(AwsSettings(web_identity=role, web_identity_token="t" * 10)).endswith("/from-a-pipeline")


def test_files_and_ways_are_those_that_the_stack_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile of the same name in the user's own file may be somebody else."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text("[profile deploy]\nregion = eu-west-3\n", encoding="utf-8")
    credentials.write_text("[deploy]\naws_access_key_id = AKIDOFTHEFILE\naws_secret_access_key = x\n")
    session = session_with(
        AwsSettings(
            profile="deploy",
            config_file=str(config),
            credentials_file=str(credentials),
            ca_bundle=str(tmp_path / "ca.pem"),
            proxies={"https": "http://proxy:3128"},
            fips=True,
        )
    )
    found = session.get_credentials()
    assert found is not None
    assert (found.access_key, session.region_name) == ("AKIDOFTHEFILE", "eu-west-3")
    client: Any = session.client("sts")
    assert client.meta.config.proxies == {"https": "http://proxy:3128"}
    assert "sts-fips.eu-west-3" in client.meta.endpoint_url
    assert client._endpoint.http_session._verify == str(tmp_path / "ca.pem")  # noqa: SLF001  # told nowhere else


def test_without_credentials_no_role_is_assumed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What fails later, in the middle of reading, names no reason."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    nothing = tmp_path / "none"
    settings = AwsSettings(
        config_file=str(nothing), credentials_file=str(nothing), roles=({"RoleArn": OF_SHOP},)
    )
    with pytest.raises(NoCredentialsError):
        session_with(settings)
