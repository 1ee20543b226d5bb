"""Names that AWS has, in bulk: the lists that are asked for, and what the credentials may not ask."""

from collections import Counter
from typing import Any

import boto3
import pytest

from identity_center.model.language.settings import AwsSettings
from identity_center.model.mistakes import UnansweredError
from identity_center.model.plan.planned import (
    ACCOUNT_ACCESS,
    APPLICATION,
    ATTRIBUTES,
    CONTROL_POLICY,
    PERMISSION_SET,
)
from identity_center_cli.aws.lookups.names_in_use import read_names_in_use
from sandbox.aws.identity_center.ssoadmin import SsoAdmin
from sandbox.aws.refusals.table import RefusedError

CUSTOM = "arn:aws:sso::aws:applicationProvider/custom"
ALL = frozenset({ACCOUNT_ACCESS, APPLICATION, ATTRIBUTES, CONTROL_POLICY, PERMISSION_SET})


@pytest.fixture
def instance_arn(session: boto3.Session) -> str:
    """Return the ARN of the instance, whose permission sets and application have names."""
    sso = session.client("sso-admin")
    (instance,) = sso.list_instances()["Instances"]
    for name in ("Reading", "Writing"):
        sso.create_permission_set(InstanceArn=instance["InstanceArn"], Name=name)
    sso.create_application(InstanceArn=instance["InstanceArn"], ApplicationProviderArn=CUSTOM, Name="Wiki")
    return instance["InstanceArn"]


def test_the_names_of_every_kind_are_read(session: boto3.Session, instance_arn: str) -> None:
    """Whatever is overlooked fails in the middle of somebody's first run."""
    session.client("sso-admin").create_instance_access_control_attribute_configuration(
        InstanceArn=instance_arn,
        InstanceAccessControlAttributeConfiguration={
            "AccessControlAttributes": [{"Key": "Team", "Value": {"Source": ["${path:userType}"]}}]
        },
    )

    seen = read_names_in_use(AwsSettings(), instance_arn, ALL)

    assert seen.unseen == {}
    found = {
        type_: sorted(each.names.get("name", "") for each in listed) for type_, listed in seen.found.items()
    }
    assert found == {
        PERMISSION_SET: ["Reading", "Writing"],
        APPLICATION: ["Wiki"],
        CONTROL_POLICY: ["FullAWSAccess"],
        ATTRIBUTES: [""],
        ACCOUNT_ACCESS: [],
    }
    assert all(each.id for listed in seen.found.values() for each in listed)


def test_only_what_is_asked_for_is_read(instance_arn: str, calls: Counter[str]) -> None:
    """Each name of a permission set takes a request of its own."""
    read_names_in_use(AwsSettings(), instance_arn, frozenset({PERMISSION_SET}))
    assert calls == {"ListPermissionSets": 1, "DescribePermissionSet": 2}
    calls.clear()

    read_names_in_use(AwsSettings(), instance_arn, frozenset({APPLICATION, ATTRIBUTES}))
    assert calls == {"ListApplications": 1, "DescribeInstanceAccessControlAttributeConfiguration": 1}


def refuse(monkeypatch: pytest.MonkeyPatch, operation: str, code: str) -> None:
    """Let AWS refuse an operation of Identity Center."""

    def refused(_backend: SsoAdmin, _asked: dict[str, Any]) -> None:
        raise RefusedError(code, "a refusal that a test ordered")

    monkeypatch.setattr(SsoAdmin, operation, refused)


@pytest.mark.parametrize(
    ("type_", "operation", "said"),
    [
        (PERMISSION_SET, "list_permission_sets", "sso:ListPermissionSets: AccessDeniedException"),
        (PERMISSION_SET, "describe_permission_set", "sso:DescribePermissionSet: AccessDeniedException"),
        (APPLICATION, "list_applications", "sso:ListApplications: AccessDeniedException"),
    ],
)
def test_what_may_not_be_asked_is_unseen_and_the_rest_is_read(
    instance_arn: str, monkeypatch: pytest.MonkeyPatch, type_: str, operation: str, said: str
) -> None:
    """Credentials of a preview may lack one action, which must hide nothing else."""
    refuse(monkeypatch, operation, "AccessDeniedException")

    seen = read_names_in_use(AwsSettings(), instance_arn, frozenset({type_, ATTRIBUTES}))

    assert seen.unseen == {type_: said}
    assert set(seen.found) == {ATTRIBUTES}


def test_any_other_refusal_ends_the_run(instance_arn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer is not the answer that no name is taken."""
    refuse(monkeypatch, "list_applications", "ValidationException")

    with pytest.raises(UnansweredError, match="sso:ListApplications: ValidationException"):
        read_names_in_use(AwsSettings(), instance_arn, frozenset({APPLICATION}))
