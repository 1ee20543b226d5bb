"""Applications of Identity Center, and the account access manager."""

from typing import Any

import pytest

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import TRUST, Surroundings
from sandbox.aws.identity_center import account_access
from sandbox.clock import CLOCK

from .register import MANAGEMENT, NOBODY, refuses


def _application(around: Surroundings, provider: str = "custom") -> dict[str, str]:
    made = around.sso.create_application(
        InstanceArn=around.instance,
        ApplicationProviderArn=f"arn:aws:sso::aws:applicationProvider/{provider}",
        Name=around.word,
    )
    return {"ApplicationArn": made["ApplicationArn"]}


@refuses("application-not-found")
def _(around: Surroundings) -> object:
    where = _application(around)
    around.sso.delete_application(**where)
    return around.sso.describe_application(**where)


@refuses("application-provider-unsupported")
def _(around: Surroundings) -> object:
    return _application(around, "custom-saml")


@refuses("application-principal-not-found")
def _(around: Surroundings) -> object:
    nobody = {"PrincipalType": "GROUP", "PrincipalId": NOBODY}
    return around.sso.create_application_assignment(**_application(around), **nobody)


@refuses("application-assignment-not-found")
def _(around: Surroundings) -> object:
    nobody = {"PrincipalType": "GROUP", "PrincipalId": NOBODY}
    return around.sso.delete_application_assignment(**_application(around), **nobody)


def _access(around: Surroundings) -> Any:  # noqa: ANN401 - a boto3 client
    """Return its client, which sends what botocore would refuse itself."""
    client = loopback_client("account-access", around.sso.meta.endpoint_url, "us-east-1")
    client._serializer._param_validator = _Lenient()  # noqa: SLF001 - no public switch on a made client
    return client


class _Lenient:
    """Takes every request."""

    def validate(self, *_asked: object) -> Any:  # noqa: ANN401 - botocore's report
        return self

    def has_errors(self) -> bool:
        return False


def _only(client: Any, around: Surroundings) -> dict[str, str]:  # noqa: ANN401 - a boto3 client
    """Make the one application of the instance anew."""
    for left in client.list_applications()["applications"]:
        client.delete_application(applicationArn=left["applicationArn"])
    CLOCK.let_pass(60.0)
    source = {"identityCenter": {"instanceArn": around.instance}}
    made = client.create_application(identitySource=source)
    return {"applicationArn": str(made["applicationArn"])}


def _entitle(around: Surroundings, role: str = "", **principal: str) -> object:
    client = _access(around)
    if not role:
        role = around.iam.create_role(RoleName=around.word, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    wanted = {"roleArn": role, "principal": {"identityCenter": principal}}
    return client.create_entitlement(**_only(client, around), entitlement={"principalRole": wanted})


@refuses("identity-source-choice")
def _(around: Surroundings) -> object:
    return _access(around).create_application(identitySource={})


@refuses("account-access-instance")
def _(around: Surroundings) -> object:
    source = {"identityCenter": {"instanceArn": "arn:aws:sso:::instance/ssoins-0000000000000000"}}
    return _access(around).create_application(identitySource=source)


@refuses("account-access-exists")
def _(around: Surroundings) -> object:
    client = _access(around)
    _only(client, around)
    source = {"identityCenter": {"instanceArn": around.instance}}
    return client.create_application(identitySource=source, tags={"team": around.word})


@refuses("account-access-deleting")
def _(around: Surroundings) -> object:
    client = _access(around)
    client.delete_application(**_only(client, around))
    return client.create_application(identitySource={"identityCenter": {"instanceArn": around.instance}})


@refuses("account-access-not-found")
def _(around: Surroundings) -> object:
    arn = f"arn:aws:account-access:us-east-1:{MANAGEMENT}:application/aam-0000000000000000"
    return _access(around).get_application(applicationArn=arn)


@refuses("entitlement-choice")
def _(around: Surroundings) -> object:
    return _entitle(around, userId=around.user(), groupId=around.group())


@refuses("entitlement-principal-not-found")
def _(around: Surroundings) -> object:
    return _entitle(around, groupId=NOBODY)


@refuses("entitlement-role-not-found")
def _(around: Surroundings) -> object:
    return _entitle(around, f"arn:aws:iam::{MANAGEMENT}:role/no-such-role", userId=around.user())


@refuses("entitlement-groups-quota")
def _(around: Surroundings) -> object:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(account_access, "GROUPS_OF_A_ROLE", 0)
        return _entitle(around, groupId=around.group())


@refuses("entitlement-not-found")
def _(around: Surroundings) -> object:
    client = _access(around)
    return client.get_entitlement(**_only(client, around), entitlementId="ent-0000000000000000")
