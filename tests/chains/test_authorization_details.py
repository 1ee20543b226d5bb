"""An account as `aws iam get-account-authorization-details` prints it."""

import json
from typing import Any, Final
from urllib.parse import quote

import pytest

from identity_guard.chains import Chains, Graph, Kind
from identity_guard.chains.authorization_details import NoAuthorizationDetailsError, organisation_of
from tests.chains.labs import ACCOUNT, NOW, arn, document

ADMINISTRATOR: Final = {
    "PolicyName": "AdministratorAccess",
    "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
}


def details(**lists: list[dict[str, Any]]) -> dict[str, Any]:
    """Write an answer."""
    return {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": [], **lists}


def user(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as IAM answers
    """Write a user."""
    return {"UserName": name, "Arn": arn(f"user/{name}"), "GroupList": [], "Tags": [], **more}


def policy(name: str, text: object, *, older: object = None) -> dict[str, Any]:
    """Write a customer-managed policy with an older version."""
    versions = [
        {"Document": older or document([["*", "*"]]), "VersionId": "v1", "IsDefaultVersion": False},
        {"Document": text, "VersionId": "v2", "IsDefaultVersion": True},
    ]
    return {"PolicyName": name, "Arn": arn(f"policy/{name}"), "PolicyVersionList": versions}


def becoming(given: dict[str, Any]) -> dict[str, list[str]]:
    """Return who becomes an administrator."""
    chains = Chains(Graph(organisation_of([given]), NOW))
    found = {node.name: chains.of(node) for node in chains.sources()}
    return {name: [step.told for step in chain.steps] for name, chain in found.items() if chain}


def test_documents_groups_versions_and_trusts_are_read() -> None:
    """Each list of the answer leads somewhere: one that is passed over would hide a step."""
    given = details(
        UserDetailList=[
            user("boss", AttachedManagedPolicies=[ADMINISTRATOR]),
            user("ann", GroupList=["ops"]),
            user("ben", AttachedManagedPolicies=[{"PolicyName": "own", "PolicyArn": arn("policy/own")}]),
        ],
        GroupDetailList=[
            {
                "GroupName": "ops",
                "Arn": arn("group/ops"),
                "GroupPolicyList": [
                    {"PolicyName": "p", "PolicyDocument": document([["iam:CreateAccessKey", "user/boss"]])}
                ],
            }
        ],
        RoleDetailList=[
            {
                "RoleName": "keeper",
                "Arn": arn("role/keeper"),
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"AWS": arn("user/cat")},
                        "Action": "sts:AssumeRole",
                    },
                },
                "AttachedManagedPolicies": [ADMINISTRATOR],
            }
        ],
        Policies=[policy("own", document([["iam:CreatePolicyVersion", "policy/own"]]))],
    )
    given["UserDetailList"].append(user("cat"))
    assert becoming(given) == {
        "ops": ["iam:CreateAccessKey on user/boss"],
        "ann": ["iam:CreateAccessKey on user/boss"],
        "ben": ["iam:CreatePolicyVersion on policy/own"],
        "cat": ["sts:AssumeRole on role/keeper"],
    }


def test_a_percent_encoded_document_is_read_as_the_api_sends_it() -> None:
    """The AWS CLI decodes documents, other tools leave them as they come."""
    text = quote(json.dumps(document([["iam:PutUserPolicy", "user/ann"]])))
    inline = {"UserPolicyList": [{"PolicyName": "p", "PolicyDocument": text}]}

    assert becoming(details(UserDetailList=[user("ann", **inline)])) == {
        "ann": ["iam:PutUserPolicy on user/ann"]
    }


def test_a_boundary_limits() -> None:
    """An answer names it by its ARN; its text is among the policies."""
    inline = {"UserPolicyList": [{"PolicyName": "p", "PolicyDocument": document([["iam:*", "*"]])}]}
    boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": arn("policy/limit")}}
    limited = user("ann", **inline, **boundary)
    narrow = policy("limit", document([["s3:*", "*"]]))

    assert becoming(details(UserDetailList=[limited], Policies=[narrow])) == {}
    assert becoming(details(UserDetailList=[user("ann", **inline)])).keys() == {"ann"}


def test_a_boundary_whose_text_is_not_there_decides_nothing() -> None:
    """It may withhold everything, and may withhold nothing."""
    inline = {"UserPolicyList": [{"PolicyName": "p", "PolicyDocument": document([["iam:*", "*"]])}]}
    boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": arn("policy/limit")}}
    organisation = organisation_of([details(UserDetailList=[user("ann", **inline, **boundary)])])
    chains = Chains(Graph(organisation, NOW))

    assert list(chains.sources()) == []
    assert {node.name for node in chains.undecided()} == {"ann"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "no list `UserDetailList`"),
        ({**details(), "Policies": {}}, "no list `Policies`"),
        ({**details(), "IsTruncated": True}, "a part only"),
    ],
)
def test_what_is_no_whole_answer_is_refused(given: dict[str, Any], says: str) -> None:
    """Half an account has half its chains, and would be taken for clean."""
    with pytest.raises(NoAuthorizationDetailsError, match=says):
        organisation_of([given])


def test_accounts_are_joined() -> None:
    """A role of one account that trusts the other is a step between the two files."""
    other = "444455556666"
    keeper = {
        "RoleName": "keeper",
        "Arn": f"arn:aws:iam::{other}:role/keeper",
        "AssumeRolePolicyDocument": {
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": ACCOUNT},
                "Action": "sts:AssumeRole",
            }
        },
        "AttachedManagedPolicies": [ADMINISTRATOR],
    }
    may = document([["sts:AssumeRole", f"arn:aws:iam::{other}:role/keeper"]])
    ann = user("ann", UserPolicyList=[{"PolicyName": "p", "PolicyDocument": may}])
    organisation = organisation_of([details(UserDetailList=[ann]), details(RoleDetailList=[keeper])])
    chains = Chains(Graph(organisation, NOW))

    assert [node.kind for node in chains.sources()] == [Kind.USER]


@pytest.mark.parametrize(
    ("older", "answer"),
    [
        (document([["*", "*"]]), "certain"),
        ({"Statement": {"Effect": "Allow", "NotAction": "iam:GetUser", "Resource": "*"}}, "certain"),
        (document([["iam:CreateAccessKey", "user/boss"]]), "undecided"),
        (document([["iam:PassRole", "role/boss"]]), "undecided"),
        (document([["lambda:UpdateFunctionCode", "*"]]), "undecided"),
        (document([["s3:*", "*"]]), "no"),
    ],
    ids=[
        "everything",
        "everything but a call",
        "a call on a user",
        "half a way",
        "a way through a service",
        "nothing",
    ],
)
def test_an_older_version_counts_by_what_it_says(older: object, answer: str) -> None:
    """The call prints every version: what is brought back is known, and no reason to leave it open."""
    text = document([["iam:SetDefaultPolicyVersion", "policy/own"]])
    holder = user("ann", AttachedManagedPolicies=[{"PolicyName": "own", "PolicyArn": arn("policy/own")}])
    given = details(UserDetailList=[holder], Policies=[policy("own", text, older=older)])
    chains = Chains(Graph(organisation_of([given]), NOW))

    assert [node.name for node in chains.sources()] == (["ann"] if answer == "certain" else [])
    assert [node.name for node in chains.undecided()] == (["ann"] if answer == "undecided" else [])
