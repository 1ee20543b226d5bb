"""Which keys a call comes with and without: a condition that asks for what is always so restricts nothing."""

import pytest

from identity_guard.iam import attach, judge
from identity_guard.iam.catalogue.context_keys import KEY_ROWS

#: Every call has them: to ask for them takes nothing away, to ask for their absence takes all.
ALWAYS = [
    "aws:PrincipalArn",
    "aws:UserId",
    "aws:PrincipalType",
    "aws:PrincipalAccount",
    "aws:UserAgent",
    "aws:ResourceAccount",
    "aws:SecureTransport",
    "aws:PrincipalIsAWSService",
]
#: The holder of a policy has calls with them, and calls without.
AT_CHOICE = [
    "aws:Username",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalOrgMasterAccountId",
    "aws:SourceIdentity",
    "aws:SignInSessionArn",
    "aws:TokenIssueTime",
    "aws:FederatedProvider",
    "aws:ChatbotSourceArn",
    "aws:Referer",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
]
#: An ordinary call lacks them, or nearly every call: of a service, of tags, of a route that few take.
SELDOM = [
    "ec2:InstanceProfile",
    "ec2:NewInstanceProfile",
    "cloudformation:RoleArn",
    "codebuild:ServiceRole",
    "identitystore:UserId",
    "identitystore:IdentityStoreArn",
    "identitycenter:ApplicationArn",
    "identitycenter:CredentialId",
    "identitycenter:InstanceArn",
    "credentials-iot:ThingName",
    "credentials-iot:ThingTypeName",
    "credentials-iot:AwsCertificateId",
    "sts:ExternalId",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
    "sts:TaskPolicyArn",
    "iam:PermissionsBoundary",
    "iam:PassedToService",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:SourceVpcArn",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:Ec2InstanceSourceVpc",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "ec2:SourceInstanceArn",
    "ec2:RoleDelivery",
    "lambda:SourceFunctionArn",
    "ssm:SourceInstanceArn",
    "glue:RoleAssumedBy",
    "glue:CredentialIssuingService",
    "codebuild:BuildArn",
    "codebuild:ProjectArn",
    "aws:IsMcpServiceAction",
    "aws:RequestTag/team",
    "aws:AssumedRoot",
    "aws:CalledViaAWSMCP",
    "aws:ViaAWSMCPService",
    "aws:VpceOrgPaths",
    "aws:TagKeys",
    "aws:PrincipalServiceName",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:PrincipalServiceNamesList",
    "aws:SourceOrgPaths",
]
#: Some calls have them and others do not, whatever the caller wants: neither way leaves everything.
NOT_AT_WILL = ["iam:PolicyARN", "aws:ResourceTag/team", "aws:PrincipalTag/team"]


def is_root_level(key: str, absent: str) -> bool | None:
    """Judge leave for everything where a key is absent, or where it is there."""
    condition = {"Null": {key: absent}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    return judge([attach({"Version": "2012-10-17", "Statement": [statement]})]).root_level


@pytest.mark.parametrize(
    ("keys", "there_and_absent"),
    [
        (ALWAYS, (True, False)),
        (AT_CHOICE, (True, True)),
        (SELDOM, (False, True)),
        (NOT_AT_WILL, (False, False)),
    ],
    ids=["always", "at choice", "seldom", "not at will"],
)
def test_a_condition_on_the_presence_of_a_key_restricts_as_much_as_the_key_is_rare(
    keys: list[str], there_and_absent: tuple[bool, bool]
) -> None:
    """Who takes `Null` on a key that is always there for a limit lets everything through."""
    found = {key: (is_root_level(key, "false"), is_root_level(key, "true")) for key in keys}

    assert found == dict.fromkeys(keys, there_and_absent)


def test_every_key_of_the_table_is_among_them() -> None:
    """A new row says when a call has its key, and so belongs into one of the lists."""
    listed = {key.lower().removesuffix("team") for key in (*ALWAYS, *AT_CHOICE, *SELDOM, *NOT_AT_WILL)}

    assert listed == {row.key for row in KEY_ROWS}
