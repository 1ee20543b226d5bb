"""AWS-managed policies by name, path or ARN."""

import json
from pathlib import Path

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

import identity_center.model.language.permission_sets as module
from identity_center.model.language.policies import PolicyQuestion, resolve_managed_policy
from identity_center.model.mistakes import Mistake

PATH = ("permissionSets", "p", "managedPolicies", 0)
LIST = Path(module.__file__).with_name("aws_managed_policies.txt")


@pytest.mark.parametrize(
    ("written", "arn"),
    [
        ("PowerUserAccess", "arn:aws:iam::aws:policy/PowerUserAccess"),
        ("Billing", "arn:aws:iam::aws:policy/job-function/Billing"),
        ("job-function/Billing", "arn:aws:iam::aws:policy/job-function/Billing"),
        ("/job-function/Billing", "arn:aws:iam::aws:policy/job-function/Billing"),
        ("arn:aws:iam::aws:policy/job-function/Billing", "arn:aws:iam::aws:policy/job-function/Billing"),
        ("AWSLambdaBasicExecutionRole", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
    ],
)
def test_a_listed_policy_is_found_without_asking(written: str, arn: str) -> None:
    """A preview of a thousand permission sets makes no call for their policies."""
    assert resolve_managed_policy(written, "aws", PATH) == arn


@pytest.mark.parametrize(
    ("written", "partition", "arns"),
    [
        ("NewPolicy", "aws", ["NewPolicy", "job-function/NewPolicy", "service-role/NewPolicy"]),
        ("job-function/NewPolicy", "aws", ["job-function/NewPolicy"]),
        ("arn:aws:iam::aws:policy/NewPolicy", "aws", ["NewPolicy"]),
        ("job-function/PowerUserAccess", "aws", ["job-function/PowerUserAccess"]),
        ("Billing", "aws-us-gov", ["job-function/Billing"]),
        ("PowerUserAccess", "aws-cn", ["PowerUserAccess"]),
    ],
)
def test_any_other_is_a_question_to_aws(written: str, partition: str, arns: list[str]) -> None:
    """AWS adds policies every week, and other partitions have others: an old list must not refuse them."""
    found = resolve_managed_policy(written, partition, PATH)

    assert isinstance(found, PolicyQuestion)
    assert list(found.arns) == [f"arn:{partition}:iam::aws:policy/{name}" for name in arns]


NAME_REMEDY = "write a name such as ReadOnlyAccess, a path and a name, or an ARN"
ARN_REMEDY = "write arn:aws:iam::aws:policy/NAME; customer-managed policies do not go here"
ELSEWHERE_REMEDY = "write `arn:aws-us-gov:iam::aws:policy/Billing`, or its name alone"


@pytest.mark.parametrize(
    ("written", "problem", "remedy"),
    [
        ("arn:aws:iam::aws:policy/Billing", "is of another partition", ELSEWHERE_REMEDY),
        ("arn:aws:iam::111122223333:policy/Mine", "is not an AWS-managed policy", ARN_REMEDY),
        ("Read Only", "is not an AWS-managed policy", NAME_REMEDY),
        ("", "is not an AWS-managed policy", NAME_REMEDY),
    ],
)
def test_what_cannot_be_one_is_a_mistake_at_once(written: str, problem: str, remedy: str) -> None:
    """AWS need not be asked to know that."""
    found = resolve_managed_policy(written, "aws-us-gov", PATH)

    assert isinstance(found, Mistake)
    assert str(found) == f"`{written}` {problem}; {remedy}"
    assert found.path == PATH


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("PowerUsrAccess", "did you mean `PowerUserAccess`?"),
        ("poweruseraccess", "did you mean `PowerUserAccess`?"),
        ("job-function/Biling", "did you mean `job-function/Billing`?"),
        ("Zzzzzz", "`aws iam list-policies --scope AWS` lists those it has"),
    ],
)
def test_a_policy_that_aws_lacks_is_told_with_the_nearest_known_one(written: str, remedy: str) -> None:
    """A misspelt name is the commonest reason."""
    question = resolve_managed_policy(written, "aws", PATH)

    assert isinstance(question, PolicyQuestion)
    assert str(question.mistake()) == f"AWS has no managed policy `{written}`; {remedy}"


def listing() -> list[str]:
    """Return `path/name` of every AWS-managed policy that moto's snapshot has."""
    policies = json.loads(aws_managed_policies_data)
    return sorted(f"{policy['Path']}{name}".lstrip("/") for name, policy in policies.items())


def test_the_list_is_that_of_the_installed_snapshot() -> None:
    """It fails after an update of moto; run as a program, this file writes the list anew."""
    lines = LIST.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not line.startswith("#")] == listing()


def test_a_name_stands_for_one_policy() -> None:
    """A name without its path resolves only because no two paths share one."""
    names = [line.rsplit("/", 1)[-1] for line in listing()]

    assert len(names) == len(set(names)) > 1000


if __name__ == "__main__":
    head = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    LIST.write_text("\n".join([*head, *listing()]) + "\n", encoding="utf-8")
