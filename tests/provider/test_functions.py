"""The functions (invokes): what the real ones give, for what they are asked."""

import importlib.metadata
import json
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as proto

from sandbox.aws.accounts.organisation import MEMBERS, loopback_client
from sandbox.aws.accounts.surroundings import TRUST, Surroundings, post
from sandbox.provider.rows.attached import Attached, RejectedError
from sandbox.provider.table import INVOKES, RESOURCES

DENY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}'
ORGANISATION = "aws:organizations/getOrganization:getOrganization"
PERMISSION_SET = "aws:ssoadmin/getPermissionSet:getPermissionSet"
POLICY = "aws:iam/getPolicy:getPolicy"
USER = "aws:identitystore/getUser:getUser"
GROUP = "aws:identitystore/getGroup:getGroup"


@pytest.fixture
def around(endpoint: str, unique: str) -> Surroundings:
    """Give what a test makes beside the provider."""
    return Surroundings(endpoint, "us-east-1", unique)


def test_the_instance_is_found_in_its_region_only(attached: Attached, instance: dict[str, str]) -> None:
    """An empty list is the answer where Identity Center is not."""
    here = attached.invoke("aws:ssoadmin/getInstances:getInstances")
    assert (here["arns"], here["identityStoreIds"]) == ([instance["arn"]], [instance["store"]])
    away = attached.invoke("aws:ssoadmin/getInstances:getInstances", {"region": "eu-west-1"})
    assert (away["arns"], away["region"], away["id"]) == ([], "eu-west-1", "eu-west-1")


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("us-east-1", "aws", "amazonaws.com"), ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
     ("us-gov-west-1", "aws-us-gov", "amazonaws.com"), ("eusc-de-east-1", "aws-eusc", "amazonaws.eu")],
)  # fmt: skip
def test_region_and_partition_are_those_of_the_options(
    port: int, region: str, partition: str, suffix: str
) -> None:
    """ARNs and portal addresses are put together from these."""
    connection = Attached(port, region=region)
    found = connection.invoke("aws:index/getPartition:getPartition")
    assert (found["partition"], found["dnsSuffix"], found["id"]) == (partition, suffix, partition)
    here = connection.invoke("aws:index/getRegion:getRegion")
    assert (here["region"], here["name"], here["endpoint"]) == (region, region, f"ec2.{region}.{suffix}")
    connection.close()


def test_the_organisation_is_given_with_all_its_accounts(attached: Attached) -> None:
    """Accounts are chosen from this."""
    found = attached.invoke(ORGANISATION)
    assert found["masterAccountId"] == "123456789012"
    assert found["masterAccountName"] == "management"
    assert {row["id"] for row in found["accounts"]} == {"123456789012", *(one.number for one in MEMBERS)}
    assert {row["name"] for row in found["nonMasterAccounts"]} == {one.name for one in MEMBERS}
    assert all(row["status"] == row["state"] == "ACTIVE" for row in found["accounts"])
    assert found["roots"][0]["policyTypes"] == [{"type": "SERVICE_CONTROL_POLICY", "status": "ENABLED"}]
    assert "sso.amazonaws.com" in found["awsServiceAccessPrincipals"]


def test_the_organisation_alone_has_no_accounts(attached: Attached) -> None:
    """`returnOrganizationOnly` is for those who may not list."""
    found = attached.invoke(ORGANISATION, {"returnOrganizationOnly": True})
    assert (found["accounts"], found["roots"], found["featureSet"]) == ([], [], "ALL")


def test_a_permission_set_is_found_by_name_and_by_arn(attached: Attached, around: Surroundings) -> None:
    """Both ways give the same."""
    arn = around.permission_set(SessionDuration="PT2H", Tags=[{"Key": "a", "Value": "b"}])
    by_name = attached.invoke(PERMISSION_SET, {"instanceArn": around.instance, "name": around.word})
    by_arn = attached.invoke(PERMISSION_SET, {"instanceArn": around.instance, "arn": arn})
    assert by_name == by_arn
    assert (by_arn["id"], by_arn["sessionDuration"], by_arn["tags"]) == (arn, "PT2H", {"a": "b"})


def test_people_and_groups_are_found_by_id_and_by_name(attached: Attached, around: Surroundings) -> None:
    """Existing people and groups are looked up, not made."""
    user, group = around.user(Emails=[{"Value": f"{around.word}@example.com"}]), around.group()
    where = {"identityStoreId": around.store_id}
    for path, value in (("UserName", around.word), ("Emails.Value", f"{around.word}@example.com")):
        unique = {"uniqueAttribute": {"attributePath": path, "attributeValue": value}}
        assert attached.invoke(USER, {**where, "alternateIdentifier": unique})["userId"] == user
    found = attached.invoke(USER, {**where, "userId": user})
    assert found["names"] == [{"givenName": "Ada", "familyName": "Lovelace"}]
    assert found["emails"] == [{"value": f"{around.word}@example.com"}]
    unique = {"uniqueAttribute": {"attributePath": "DisplayName", "attributeValue": around.word}}
    assert attached.invoke(GROUP, {**where, "alternateIdentifier": unique})["groupId"] == group
    assert attached.invoke(GROUP, {**where, "groupId": group})["displayName"] == around.word


def test_a_role_is_found_by_name(attached: Attached, around: Surroundings) -> None:
    """A role that another program made is named by its ARN and its trust policy."""
    made = around.iam.create_role(RoleName=around.word, AssumeRolePolicyDocument=TRUST, Path="/a/")["Role"]
    found = attached.invoke("aws:iam/getRole:getRole", {"name": around.word})
    assert (found["arn"], found["path"], found["uniqueId"]) == (made["Arn"], "/a/", made["RoleId"])
    assert json.loads(found["assumeRolePolicy"]) == json.loads(TRUST)


def test_an_aws_managed_policy_is_found_by_arn_and_by_name(attached: Attached) -> None:
    """A program checks with this that a policy exists, before anything is made."""
    arn = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
    by_arn, by_name = (
        attached.invoke(POLICY, {"arn": arn}),
        attached.invoke(POLICY, {"name": "ViewOnlyAccess"}),
    )
    assert by_arn["name"] == "ViewOnlyAccess"
    assert by_name["arn"] == arn
    assert json.loads(by_arn["policy"])["Statement"]


@pytest.mark.parametrize(
    ("token", "arguments", "reason"),
    [
        (POLICY, {"arn": "arn:aws:iam::aws:policy/NoSuchPolicy"}, "NoSuchEntity"),
        (POLICY, {"name": "NoSuchPolicy"}, "no IAM policies are called 'NoSuchPolicy'"),
        (POLICY, {}, "one of arn and name must be given"),
        (USER, {"identityStoreId": "d-0000000000", "userId": "12345678-1234-1234-1234-123456789012"},
         "IDENTITY_STORE not found"),
        (USER, {"identityStoreId": "d-0000000000"}, "one of userId and alternateIdentifier"),
        ("aws:index/getRegion:getRegion", {"region": "mars-north-1"}, "no region 'mars-north-1'"),
        ("aws:ec2/getVpc:getVpc", {}, "no function aws:ec2/getVpc:getVpc"),
        ("aws:ssoadmin/getInstance:getInstance", {}, "did you mean aws:ssoadmin/getInstances"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_named(
    attached: Attached, token: str, arguments: dict[str, Any], reason: str
) -> None:
    """A lookup that gives nothing must say what was looked for."""
    with pytest.raises(grpc.RpcError) as failed:
        attached.invoke(token, arguments)
    assert reason in str(failed.value.details())


def test_a_permission_set_that_is_not_there_is_named(attached: Attached, around: Surroundings) -> None:
    """The name that was looked for, not only that something was not found."""
    with pytest.raises(grpc.RpcError, match="no permission set called 'zzz'"):
        attached.invoke(PERMISSION_SET, {"instanceArn": around.instance, "name": "zzz"})


@pytest.mark.parametrize(
    ("token", "arguments", "name"),
    [
        (PERMISSION_SET, {"name": "p"}, "instanceArn"),
        (PERMISSION_SET, {"instanceArn": "x", "name": "p"}, "instanceArn"),
        (POLICY, {"arn": "arn:aws:iam::aws:policy/A", "name": "A"}, "arn"),
        (ORGANISATION, {"returnOrganisationOnly": True}, "returnOrganisationOnly"),
    ],
)
def test_a_wrong_argument_is_named(
    attached: Attached, token: str, arguments: dict[str, Any], name: str
) -> None:
    """A misspelt argument must not be taken for one left out."""
    with pytest.raises(RejectedError) as rejected:
        attached.invoke(token, arguments)
    assert name in rejected.value.failures


def test_the_schema_is_that_of_the_table(attached: Attached) -> None:
    """`pulumi import` and YAML programs read it: it may promise what the table has, and nothing else."""
    schema = json.loads(attached.stub.GetSchema(proto.GetSchemaRequest()).schema)
    assert set(schema["resources"]) == set(RESOURCES)
    assert set(schema["functions"]) == set(INVOKES)
    user = schema["resources"]["aws:identitystore/user:User"]
    assert user["requiredInputs"] == ["displayName", "identityStoreId", "userName"]
    reference = user["inputProperties"]["name"]["$ref"].removeprefix("#/types/")
    assert schema["types"][reference]["required"] == ["familyName", "givenName"]
    assert schema["resources"]["aws:iam/accessKey:AccessKey"]["properties"]["secret"]["secret"] is True


def test_the_version_is_the_sdks(attached: Attached) -> None:
    """The engine warns of a plugin that is older than the program's SDK."""
    version = attached.stub.GetPluginInfo(empty_pb2.Empty()).version
    assert version == importlib.metadata.version("pulumi_aws")


def test_a_delegated_administrator_sees_the_accounts(port: int, endpoint: str) -> None:
    """AWS lists them to it too: what the program checks for the management account it can check there."""
    around = Surroundings(endpoint, "us-east-1", "delegated")
    member = around.credentials_of("222222222222")
    connection = Attached(port, region="us-east-1", accessKey=member["AccessKeyId"])
    assert connection.invoke(ORGANISATION)["accounts"] == [], "any other member may not list them"
    with around.delegated("222222222222"):
        assert len(connection.invoke(ORGANISATION)["accounts"]) > 5
    connection.close()


def test_an_organisation_whose_roots_may_not_be_listed_is_not_told_at_all(
    attached: Attached, endpoint: str
) -> None:
    """The real data source fails as a whole: a policy with ListAccounts alone is not enough."""
    fault = {
        "service": "organizations",
        "operation": "ListRoots",
        "code": "AccessDeniedException",
        "times": 1,
    }
    post(endpoint, "/sandbox/fault", fault)
    with pytest.raises(grpc.RpcError, match="organizations ListRoots: AccessDeniedException"):
        attached.invoke(ORGANISATION)


def test_the_policies_of_a_target_are_listed_and_each_is_described(
    attached: Attached, endpoint: str, unique: str
) -> None:
    """The guard of root users counts them before it attaches one more."""
    organizations = loopback_client("organizations", endpoint, "us-east-1")
    root = organizations.list_roots()["Roots"][0]["Id"]
    policy = organizations.create_policy(
        Name=unique, Description="", Type="SERVICE_CONTROL_POLICY", Content=DENY
    )["Policy"]["PolicySummary"]
    organizations.attach_policy(PolicyId=policy["Id"], TargetId=root)
    listed = attached.invoke(
        "aws:organizations/getPoliciesForTarget:getPoliciesForTarget",
        {"targetId": root, "filter": "SERVICE_CONTROL_POLICY"},
    )
    assert {"p-FullAWSAccess", policy["Id"]} <= set(listed["ids"])
    found = attached.invoke("aws:organizations/getPolicy:getPolicy", {"policyId": policy["Id"]})
    assert (found["name"], found["content"], found["awsManaged"]) == (unique, DENY, False)
    organizations.detach_policy(PolicyId=policy["Id"], TargetId=root)
    organizations.delete_policy(PolicyId=policy["Id"])
