"""The policies that are given to people to use, judged by the evaluator of the policy pack."""

import json
from typing import Any

import pytest

from identity_center.model.aws.iam_mfa_policy import WITHOUT_MFA, deny_without_mfa
from identity_center.model.aws.root_guard import Ground, RootTask, deny_root, root_tasks
from identity_guard.iam import Answer, Attachment, Request, attach, judge, may

EVERYTHING: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}
PRESENT = "aws:MultiFactorAuthPresent"
USER = "arn:aws:iam::111122223333:user/ada"


@pytest.fixture
def user() -> list[Attachment]:
    """Return what an IAM user holds who may do everything, and the policy."""
    return [attach(EVERYTHING, "everything"), attach(json.dumps(deny_without_mfa()), "RequireMfa")]


@pytest.mark.parametrize("context", [{PRESENT: "false"}, {}], ids=["without MFA", "long-term key"])
@pytest.mark.parametrize(
    "action", ["s3:GetObject", "iam:ChangePassword", "iam:DeactivateMFADevice", "ec2:RunInstances"]
)
def test_without_mfa_everything_else_is_denied(
    user: list[Attachment], action: str, context: dict[str, str]
) -> None:
    """A policy that denies only where the key says false lets every access key through."""
    assert may(user, Request(action, "*", context)).answer is Answer.EXPLICITLY_DENIED


@pytest.mark.parametrize("action", WITHOUT_MFA)
def test_without_mfa_a_device_can_be_set_up(user: list[Attachment], action: str) -> None:
    """Who cannot register a device is locked out for good."""
    assert may(user, Request(action, USER, {PRESENT: "false"})).answer is Answer.ALLOWED


def test_with_mfa_nothing_is_taken_away(user: list[Attachment]) -> None:
    """The policy asks for MFA and does nothing else."""
    assert may(user, Request("s3:GetObject", "*", {PRESENT: "true"})).answer is Answer.ALLOWED


def test_the_pack_takes_the_policy_for_one_that_requires_mfa(user: list[Attachment]) -> None:
    """The component and the rule must mean the same, for every action that there is."""
    assert judge(user).mfa_enforced is True
    assert judge(user[:1]).mfa_enforced is False


ROOT_OF = "arn:{partition}:iam::111122223333:root"


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-eusc"])
def test_root_is_denied_in_every_partition(partition: str) -> None:
    """A fixed `arn:aws:` would guard nobody in China."""
    everything = attach(EVERYTHING, "root may do everything")
    scp = attach(json.dumps(deny_root()), "deny-root")
    context = {"aws:PrincipalArn": ROOT_OF.format(partition=partition)}

    assert may([everything, scp], Request("s3:GetObject", "*", context)).answer is Answer.EXPLICITLY_DENIED


@pytest.mark.parametrize(
    "context",
    [
        {"aws:PrincipalArn": ROOT_OF.format(partition="aws"), "aws:AssumedRoot": "true"},
        {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/root"},
        {"aws:PrincipalArn": "arn:aws:iam::111122223333:user/root"},
    ],
    ids=["root session", "role called root", "user called root"],
)
def test_nobody_else_is_denied(context: dict[str, str]) -> None:
    """Root sessions made centrally are how root's work is done, and people are not root."""
    attachments = [attach(EVERYTHING, "everything"), attach(json.dumps(deny_root()), "deny-root")]

    assert may(attachments, Request("s3:GetObject", "*", context)).answer is Answer.ALLOWED


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_the_permission_set_assumes_root_for_its_tasks_only(partition: str) -> None:
    """AssumeRoot with any task policy is root-level access to every account."""
    held = [attach(json.dumps(root_tasks([RootTask.AUDIT], partition)), "root tasks")]
    target = ROOT_OF.format(partition=partition)

    def answer(task: str | None, action: str = "sts:AssumeRoot") -> Answer:
        arn = f"arn:{partition}:iam::aws:policy/root-task/{task}"
        return may(held, Request(action, target, {"sts:TaskPolicyArn": arn} if task else {})).answer

    assert answer("IAMAuditRootUserCredentials") is Answer.ALLOWED
    assert answer("IAMDeleteRootUserCredentials") is Answer.NOT_ALLOWED
    assert answer(None) is Answer.NOT_ALLOWED
    assert answer(None, "sts:AssumeRole") is Answer.NOT_ALLOWED


def ground(**changes: Any) -> Ground:  # noqa: ANN401 - any field
    """Return an organisation that has everything, but for the changes."""
    has: dict[str, Any] = {
        "partition": "aws",
        "caller_account_id": "123456789012",
        "management_account_id": "123456789012",
        "feature_set": "ALL",
        "trusted_services": ["iam.amazonaws.com"],
        "policy_types": ["SERVICE_CONTROL_POLICY"],
    }
    return Ground(**{**has, **changes})


def test_everything_that_is_missing_is_named_at_once() -> None:
    """One error a run would take three runs."""
    missing = ground(trusted_services=[], policy_types=[], feature_set="CONSOLIDATED_BILLING").problems()

    assert [problem for problem, _ in missing] == [
        "the organisation has consolidated billing only",
        "the organisation does not trust IAM",
        "service control policies are not enabled",
    ]
    assert all("aws organizations enable-" in remedy for _, remedy in missing)
    assert ground().problems() == ()


def test_other_credentials_than_the_management_accounts_are_named() -> None:
    """Many organisations run Identity Center from a delegated administrator."""
    ((problem, remedy),) = ground(caller_account_id="444444444444").problems()

    assert "123456789012" in problem
    assert "444444444444" in problem
    assert "provider of its own" in remedy


def test_a_partition_without_the_feature_is_said_and_skipped() -> None:
    """An update that fails half-way through would be the other way to find out."""
    elsewhere = ground(partition="aws-us-gov", trusted_services=[])

    assert elsewhere.problems() == ()
    assert "aws-us-gov" in elsewhere.note
    assert ground().note == ""
