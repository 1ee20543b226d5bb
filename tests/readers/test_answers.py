"""What the AWS CLI prints is read for what it is, and what it does not show is told."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from identity_center_cli.readers.aws_answers import is_answer, read_answer
from identity_center_cli.readers.reading import NotThisFormError

from .conftest import rules_of

Json = dict[str, Any]
ROOT = "no-root-level-access"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
ACCOUNT = "444455556666"
ALL: Json = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
TRUST: Json = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
OPEN: Json = {**TRUST, "Statement": [{**TRUST["Statement"][0], "Principal": "*"}]}


def arn(kind: str, name: str) -> str:
    """Write an ARN of the account."""
    return f"arn:aws:iam::{ACCOUNT}:{kind}/{name}"


def role(name: str, **more: Any) -> Json:  # noqa: ANN401 - as the API answers
    """Write a role of the authorization details."""
    return {
        "RoleName": name,
        "Arn": arn("role", name),
        "AssumeRolePolicyDocument": TRUST,
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
        **more,
    }


def details(**lists: list[Json]) -> Json:
    """Write authorization details."""
    return {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": [], **lists}


OWN: Json = {
    "PolicyName": "own",
    "Arn": arn("policy", "own"),
    "PolicyVersionList": [
        {"VersionId": "v2", "IsDefaultVersion": True, "Document": ALL},
        {"VersionId": "v1", "IsDefaultVersion": False, "Document": TRUST},
    ],
}
CASES: dict[str, tuple[Json, list[tuple[str, str]]]] = {
    "get-policy-version": (
        {"PolicyVersion": {"Document": ALL, "VersionId": "v1", "IsDefaultVersion": True}},
        [(ROOT, "the policy's text")],
    ),
    "get-role-policy": (
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": ALL},
        [(ROOT, "role r")],
    ),
    "get-user-policy, percent-encoded": (
        {"UserName": "u", "PolicyName": "p", "PolicyDocument": quote(json.dumps(ALL))},
        [(ROOT, "user u")],
    ),
    "get-group-policy": ({"GroupName": "g", "PolicyName": "p", "PolicyDocument": ALL}, [(ROOT, "group g")]),
    "get-role": (
        {"Role": {"RoleName": "r", "Arn": arn("role", "r"), "AssumeRolePolicyDocument": OPEN}},
        [("no-public-trust", "role r")],
    ),
    "list-roles": (
        {"Roles": [{"RoleName": "r", "Arn": arn("role", "r"), "AssumeRolePolicyDocument": OPEN}]},
        [("no-public-trust", "role r")],
    ),
    "list-instance-profiles": (
        {"InstanceProfiles": [{"Roles": [{"RoleName": "r", "AssumeRolePolicyDocument": OPEN}]}]},
        [("no-public-trust", "role r")],
    ),
    "list-attached-role-policies": (
        {"AttachedPolicies": [{"PolicyName": "AdministratorAccess", "PolicyArn": ADMIN}]},
        [(ROOT, "the attached policies")],
    ),
    "list-managed-policies-in-permission-set": (
        {"AttachedManagedPolicies": [{"Name": "AdministratorAccess", "Arn": ADMIN}]},
        [(ROOT, "the attached policies")],
    ),
    "get-inline-policy-for-permission-set": (
        {"InlinePolicy": json.dumps(ALL)},
        [(ROOT, "the inline policy")],
    ),
    "authorization details: a role by a policy of the account": (
        details(
            RoleDetailList=[
                role("r", AttachedManagedPolicies=[{"PolicyName": "own", "PolicyArn": OWN["Arn"]}])
            ],
            Policies=[OWN],
        ),
        [(ROOT, "role r")],
    ),
    "authorization details: a user through its group": (
        details(
            UserDetailList=[{"UserName": "u", "Arn": arn("user", "u"), "GroupList": ["g"]}],
            GroupDetailList=[
                {
                    "GroupName": "g",
                    "Arn": arn("group", "g"),
                    "GroupPolicyList": [{"PolicyName": "p", "PolicyDocument": ALL}],
                }
            ],
        ),
        [(ROOT, "group g")],
    ),
    "authorization details: within a boundary": (
        details(
            RoleDetailList=[
                role(
                    "r",
                    AttachedManagedPolicies=[{"PolicyName": "AdministratorAccess", "PolicyArn": ADMIN}],
                    PermissionsBoundary={"PermissionsBoundaryArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
                )
            ]
        ),
        [],
    ),
    "authorization details: a policy whose text is not shown": (
        details(
            RoleDetailList=[
                role("r", AttachedManagedPolicies=[{"PolicyName": "x", "PolicyArn": arn("policy", "x")}])
            ]
        ),
        [("undecided", "role r")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_answer_is_judged_by_what_it_shows(name: str) -> None:
    """Who has nothing but the CLI can ask about what is in an account."""
    answer, expected = CASES[name]

    assert is_answer(answer)
    assert rules_of(read_answer(answer)) == expected


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"PolicyNames": ["a"]}, "get-role-policy"),
        ({"Policies": [{"PolicyName": "a", "Arn": arn("policy", "a")}]}, "without its text"),
        ({"Versions": [{"VersionId": "v1"}]}, "get-policy-version"),
        ({"Users": []}, "get-account-authorization-details"),
        ({"User": {"UserName": "u"}}, "without its policies"),
        ({"InlinePolicy": ""}, "no inline policy"),
        ({**details(), "IsTruncated": True, "Marker": "x"}, "cut off"),
        (CASES["get-role"][0], "does not show the policies"),
    ],
)
def test_what_an_answer_does_not_show_is_told(answer: Json, why: str) -> None:
    """An answer that names policies without their texts must not look checked."""
    found = read_answer(answer)

    assert any(why in each.why for each in found.unseen)


@pytest.mark.parametrize(
    "broken",
    [details(RoleDetailList=[{"RoleName": "r"}]), {"Role": {"RoleName": "r", "AssumeRolePolicyDocument": 1}}],
)
def test_an_answer_that_lacks_a_part_is_no_clean_one(broken: Json) -> None:
    """A role that cannot be read is not a role without policies."""
    try:
        found = rules_of(read_answer(broken))
    except NotThisFormError:
        return
    assert found


CUT_OUT: dict[str, tuple[Json, list[tuple[str, str]]]] = {
    "a version": (
        {"Document": ALL, "VersionId": "v1", "IsDefaultVersion": True},
        [(ROOT, "the policy's text")],
    ),
    "a role": ({"RoleName": "r", "AssumeRolePolicyDocument": OPEN}, [("no-public-trust", "role r")]),
    "a role of the details": (
        role("r", RolePolicyList=[{"PolicyName": "p", "PolicyDocument": ALL}]),
        [(ROOT, "role r")],
    ),
    "a user of the details": (
        {
            "UserName": "u",
            "Arn": arn("user", "u"),
            "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": ALL}],
        },
        [(ROOT, "user u")],
    ),
    "a group of the details": (
        {
            "GroupName": "g",
            "Arn": arn("group", "g"),
            "AttachedManagedPolicies": [{"PolicyName": "a", "PolicyArn": ADMIN}],
        },
        [(ROOT, "group g")],
    ),
    "what create-policy is given": (
        {"PolicyName": "p", "PolicyDocument": json.dumps(ALL)},
        [(ROOT, "p")],
    ),
    "a document alone": ({"PolicyDocument": ALL}, [(ROOT, "the policy's text")]),
    "what put-inline-policy-to-permission-set is given": (
        {"InstanceArn": "i", "PermissionSetArn": "p", "InlinePolicy": json.dumps(ALL)},
        [(ROOT, "the inline policy")],
    ),
    "get-template": (
        {
            "TemplateBody": {
                "Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [ADMIN]}}}
            },
            "StagesAvailable": ["Original"],
        },
        [(ROOT, "R")],
    ),
    "get-template, of YAML": (
        {
            "TemplateBody": "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n"
            "      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess']\n"
        },
        [(ROOT, "R")],
    ),
    "describe-stack-set": (
        {
            "StackSet": {
                "StackSetName": "s",
                "TemplateBody": "Resources: {R: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: "
                f"['{ADMIN}']}}}}}}",
            }
        },
        [(ROOT, "R")],
    ),
}


@pytest.mark.parametrize("case", CUT_OUT)
def test_what_a_query_cuts_out_is_read(case: str) -> None:
    """People ask with --query, or have what they gave AWS: the access in it is the same."""
    answer, expected = CUT_OUT[case]

    assert is_answer(answer)
    assert rules_of(read_answer(answer)) == expected


@pytest.mark.parametrize(
    "answer",
    [
        {"Policies": [{"Id": "p-FullAWSAccess", "Name": "FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY"}]},
        {"Users": [], "Group": {"GroupName": "g"}},
        {"Instances": [{"InstanceArn": "arn:aws:sso:::instance/ssoins-7x0000000example"}]},
        {"AccessKeyMetadata": []},
    ],
)
def test_answers_without_policies_are_known(answer: Json) -> None:
    """An answer that AWS gave is none of which nobody knows what it is."""
    assert read_answer(answer).unseen


def test_the_policy_of_a_bucket_is_no_policy_without_a_text() -> None:
    """`s3api get-bucket-policy` prints the text: to say that there is none would be wrong."""
    assert not is_answer({"Policy": json.dumps(ALL)})
