"""A caller under a policy: what the policy does not allow is refused, in AWS's words, and all is recorded."""

import json
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import Surroundings, post

ARN = "arn:aws:sts::123456789012:assumed-role/pipeline/run"
REGION = "us-east-1"


class Pipeline:
    """One access key under a policy."""

    def __init__(self, endpoint: str, key: str, statements: Sequence[Mapping[str, object]]) -> None:
        document = {"Version": "2012-10-17", "Statement": [dict(one) for one in statements]}
        body = {"access_key": key, "arn": ARN, "policies": {"pipeline": json.dumps(document)}}
        post(endpoint, "/sandbox/caller", body)
        self._endpoint, self._key = endpoint, key

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
        """Return a client with the key."""
        return loopback_client(service, self._endpoint, REGION, self._key)

    def asked(self) -> dict[str, int]:
        """Return what the key asked."""
        with urllib.request.urlopen(f"{self._endpoint}/sandbox/calls?{self._key}") as answer:  # noqa: S310 - loopback
            return dict(json.load(answer))


def _allow(*actions: str, resource: object = "*", effect: str = "Allow") -> dict[str, object]:
    return {"Effect": effect, "Action": list(actions), "Resource": resource}


def test_what_no_policy_allows_is_refused_in_awss_words(endpoint: str, around: Surroundings) -> None:
    """The message names the action, which is how people find what to add."""
    pipeline = Pipeline(endpoint, around.word, [_allow("sso:ListInstances", "sso:Describe*")])
    sso = pipeline.client("sso-admin")
    assert sso.list_instances()["Instances"]
    with pytest.raises(ClientError) as refused:
        sso.list_permission_sets(InstanceArn=around.instance)
    assert refused.value.response["Error"] == {
        "Code": "AccessDeniedException",
        "Message": f"User: {ARN} is not authorized to perform: sso:ListPermissionSets on resource: "
        f"{around.instance} because no identity-based policy allows the sso:ListPermissionSets action",
    }
    assert pipeline.asked() == {"sso:ListInstances": 1, "sso:ListPermissionSets": 1}


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("iam", "list_users", "AccessDenied"),
        ("organizations", "list_accounts", "AccessDeniedException"),
        ("account-access", "list_applications", "AccessDeniedException"),
        ("sts", "get_session_token", "AccessDenied"),
    ],
)
def test_each_service_refuses_in_its_own_protocol(
    endpoint: str, around: Surroundings, service: str, operation: str, code: str
) -> None:
    """An error that botocore cannot read would look like a broken API."""
    pipeline = Pipeline(endpoint, around.word, [_allow("s3:GetObject")])
    with pytest.raises(ClientError) as refused:
        getattr(pipeline.client(service), operation)()
    assert refused.value.response["Error"]["Code"] == code
    assert "is not authorized to perform: " in refused.value.response["Error"]["Message"]


def test_nobody_needs_leave_to_ask_who_it_is(endpoint: str, around: Surroundings) -> None:
    """AWS answers GetCallerIdentity even where a policy denies it."""
    denied = [_allow("sts:*", effect="Deny")]
    assert Pipeline(endpoint, around.word, denied).client("sts").get_caller_identity()["Account"]


def test_an_explicit_deny_and_a_resource_are_heeded(endpoint: str, around: Surroundings) -> None:
    """A policy for one account must not let anybody into another."""
    held, group = around.permission_set(), around.group()
    shop = [around.instance, held, "arn:aws:sso:::account/444444444444"]
    pipeline = Pipeline(
        endpoint,
        around.word,
        [
            _allow("sso:CreateAccountAssignment", resource=shop),
            _allow("identitystore:*"),
            _allow("identitystore:DeleteGroup", effect="Deny"),
        ],
    )
    asked = {"TargetType": "AWS_ACCOUNT", "PrincipalType": "GROUP", "PrincipalId": group}
    sso = pipeline.client("sso-admin")
    sso.create_account_assignment(**around.of_set(held), **asked, TargetId="444444444444")
    with pytest.raises(ClientError, match=r"on resource: arn:aws:sso:::account/222222222222 because no"):
        sso.create_account_assignment(**around.of_set(held), **asked, TargetId="222222222222")
    with pytest.raises(ClientError, match="with an explicit deny in an identity-based policy"):
        pipeline.client("identitystore").delete_group(IdentityStoreId=around.store_id, GroupId=group)


def test_a_key_that_nobody_named_may_do_everything(around: Surroundings) -> None:
    """The sandbox stays as it is for whoever does not ask for more."""
    assert around.iam.list_users()["Users"] is not None
